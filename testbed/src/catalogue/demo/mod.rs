//! The small good-looking library of the demo, all invented.
//!
//! Jellyfin and Plex share four films (same ids at the film databases). Running times look real, with one
//! exception: what is in progress, the short films, the two miniature series and the home videos have the
//! length of the file that is really served ([`Container::length`]), so that a player can resume them and
//! come to their end.

mod films;
mod music;
mod series;
mod shelves;
mod songs;

use super::{Catalogue, Credit, ExtraKind, Item, ItemKind, ItemNumber, LibraryKind, WatchState};
use crate::media::Container;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use films::{AFTER_SHARED, FILMS, FIRST_SHARED, Film};
use series::{FIRST_OF_PLEX, SERIES, Series};
use std::time::Duration;

/// Short films of both servers, as long as their file: title, year and summary.
const SHORTS: [(&str, u32, &str); 2] = [
    ("Ferry, Departing", 2022, "A ferry leaves. A minute later the harbour is a different place."),
    ("Half a Minute of Dusk", 2020, "The light goes, and with it everything that was said."),
];

/// Home videos: titles.
const VIDEOS: [&str; 3] = ["Beach, first day", "Birthday at the lake", "The dog meets snow"];

/// What the demo's Jellyfin holds: 16 films, 3 series, 3 home videos with photos, music and photos.
pub fn jellyfin_demo() -> Catalogue {
    let mut builder = build(&FILMS[..AFTER_SHARED], 0, &SERIES[..FIRST_OF_PLEX]);
    let videos = u32::try_from(builder.catalogue.libraries.len()).unwrap_or_default();
    builder.photo_folder(videos, None, &music::BESIDE_VIDEOS);
    builder.music(&music::OF_JELLYFIN);
    builder.photos(&music::PHOTOS_OF_JELLYFIN);
    builder.catalogue
}

/// What the demo's Plex holds: 16 films, 3 series, 3 home videos, music and photos.
pub fn plex_demo() -> Catalogue {
    let mut builder = build(&FILMS[FIRST_SHARED..], FIRST_SHARED, &SERIES[FIRST_OF_PLEX..]);
    builder.music(&music::OF_PLEX);
    builder.photos(&music::PHOTOS_OF_PLEX);
    builder.catalogue
}

fn build(films: &[Film], first: usize, series: &[Series]) -> Builder {
    let mut builder = Builder { catalogue: Catalogue::default(), now: Utc::now() };
    let library = builder.catalogue.add_library(LibraryKind::Films, "Films");
    for (place, film) in (first..).zip(films) {
        builder.film(library, place, film);
    }
    for (title, year, summary) in SHORTS {
        builder.short(library, title, year, summary);
    }
    let library = builder.catalogue.add_library(LibraryKind::Series, "Series");
    for series in series {
        builder.series(library, series);
    }
    let library = builder.catalogue.add_library(LibraryKind::HomeVideos, "Home videos");
    for title in VIDEOS {
        builder.video(library, title);
    }
    builder.states();
    builder.extras();
    shelves::add(&mut builder.catalogue, builder.now);
    builder
}

struct Builder {
    catalogue: Catalogue,
    now: DateTime<Utc>,
}

impl Builder {
    fn days_ago(&self, days: usize) -> DateTime<Utc> {
        self.now - TimeDelta::days(i64::try_from(days).unwrap_or_default()) - TimeDelta::minutes(17)
    }

    /// An item with nothing but a title.
    fn blank(&self, number: ItemNumber, library: u32, kind: ItemKind, title: &str, days: usize) -> Item {
        let added = self.days_ago(days);
        Item {
            number,
            library,
            kind,
            parent: None,
            season: None,
            episode: None,
            episode_end: None,
            title: title.to_owned(),
            sort_title: sort_title(title),
            original_title: None,
            year: None,
            released: None,
            added,
            updated: added,
            duration: None,
            summary: None,
            tagline: None,
            genres: Vec::new(),
            people: Vec::new(),
            age_rating: None,
            community_rating: None,
            critic_rating: None,
            imdb: None,
            tmdb: None,
            has_poster: true,
            has_backdrop: true,
        }
    }

    /// `place` is the one among all films: both servers derive the same outside ids from it.
    fn film(&mut self, library: u32, place: usize, film: &Film) {
        let number = next(&self.catalogue);
        let outside = u32::try_from(place).unwrap_or_default();
        let mut people = cast(&film.cast);
        people.push(Credit { name: film.director.to_owned(), job: "Director", role: None });
        people.push(Credit { name: film.director.to_owned(), job: "Writer", role: None });
        let item = Item {
            year: Some(film.year),
            released: NaiveDate::from_ymd_opt(i32::try_from(film.year).unwrap_or(2000), outside % 12 + 1, 12),
            duration: Some(Duration::from_mins(film.minutes)),
            summary: Some(film.summary.to_owned()),
            tagline: Some(film.tagline.to_owned()),
            genres: owned(film.genres),
            people,
            age_rating: Some(film.age.to_owned()),
            community_rating: Some(film.rating),
            critic_rating: Some(60 + outside * 7 % 38),
            imdb: Some(format!("tt90{:05}", outside * 137 + 11)),
            tmdb: Some(900_000 + outside * 31),
            ..self.blank(number, library, ItemKind::Film, film.title, 3 + place * 11 % 97)
        };
        self.catalogue.add(|_| item);
    }

    fn short(&mut self, library: u32, title: &str, year: u32, summary: &str) {
        let number = next(&self.catalogue);
        let item = Item {
            year: Some(year),
            duration: Some(Container::of(number).length()),
            summary: Some(summary.to_owned()),
            genres: owned(&["Short", "Drama"]),
            community_rating: Some(7.0),
            ..self.blank(number, library, ItemKind::Film, title, 2)
        };
        self.catalogue.add(|_| item);
    }

    fn video(&mut self, library: u32, title: &str) {
        let number = next(&self.catalogue);
        let item = Item {
            duration: Some(Container::of(number).length()),
            has_backdrop: false,
            ..self.blank(number, library, ItemKind::Video, title, 40)
        };
        self.catalogue.add(|_| item);
    }

    fn series(&mut self, library: u32, series: &Series) {
        let number = next(&self.catalogue);
        let first_aired = i32::try_from(series.year).unwrap_or(2000);
        let aired = NaiveDate::from_ymd_opt(first_aired, 3, 4);
        let item = Item {
            year: Some(series.year),
            released: aired,
            duration: Some(Duration::from_mins(series.minutes)),
            summary: Some(series.summary.to_owned()),
            genres: owned(series.genres),
            people: cast(&series.cast),
            age_rating: Some("TV-14".to_owned()),
            community_rating: Some(series.rating),
            imdb: Some(format!("tt91{:05}", number.0 * 211)),
            tmdb: Some(910_000 + number.0),
            ..self.blank(number, library, ItemKind::Series, series.title, 20)
        };
        self.catalogue.add(|_| item);
        for (season, titles) in series.seasons {
            let aired =
                NaiveDate::from_ymd_opt(first_aired + i32::try_from(*season).unwrap_or_default(), 3, 4);
            self.season(library, number, series, *season, titles, aired);
        }
    }

    fn season(
        &mut self,
        library: u32,
        parent: ItemNumber,
        series: &Series,
        season: u32,
        titles: &[&str],
        aired: Option<NaiveDate>,
    ) {
        let number = next(&self.catalogue);
        let name = if season == 0 { "Specials".to_owned() } else { format!("Season {season}") };
        let item = Item {
            parent: Some(parent),
            season: Some(season),
            year: Some(series.year + season.saturating_sub(1)),
            has_backdrop: false,
            ..self.blank(number, library, ItemKind::Season, &name, 20)
        };
        self.catalogue.add(|_| item);
        for (episode, title) in (1_u32..).zip(titles) {
            let leaf = next(&self.catalogue);
            let length = if series.miniature {
                Container::of(leaf).length()
            } else {
                Duration::from_mins(series.minutes)
            };
            let item = Item {
                parent: Some(number),
                season: Some(season),
                episode: Some(episode),
                year: Some(series.year + season.saturating_sub(1)),
                released: aired.map(|day| day + TimeDelta::weeks(i64::from(episode))),
                duration: Some(length),
                summary: Some(format!("{}: {}", series.title, series.summary)),
                community_rating: Some(series.rating),
                has_backdrop: false,
                ..self.blank(leaf, library, ItemKind::Episode, title, 30 - episode as usize)
            };
            self.catalogue.add(|_| item);
        }
    }

    /// Films have a trailer, every third one more to see; the first of all also comes in a second version. They
    /// come last: so the other items keep the numbers that they have without them.
    fn extras(&mut self) {
        let films = self.of(ItemKind::Film);
        self.catalogue.second_versions.extend(films.first().copied());
        for (place, film) in films.into_iter().enumerate() {
            self.extra(film, ExtraKind::Trailer, "Trailer");
            if place % 3 == 0 {
                self.extra(film, ExtraKind::BehindTheScenes, "The making of it");
            }
        }
    }

    fn extra(&mut self, film: ItemNumber, kind: ExtraKind, title: &str) {
        let library = self.catalogue.item(film).map_or(1, |film| film.library);
        let number = next(&self.catalogue);
        let item = Item {
            duration: Some(Container::of(number).length()),
            has_backdrop: false,
            ..self.blank(number, library, ItemKind::Extra, title, 10)
        };
        self.catalogue.add_extra(film, kind, |_| item);
    }

    /// How the library looks to somebody who has used it for a while.
    fn states(&mut self) {
        let films: Vec<_> = self.of(ItemKind::Film);
        let played = |days: usize, now: DateTime<Utc>| WatchState {
            played: true,
            play_count: 1,
            last_played: Some(now - TimeDelta::days(i64::try_from(days).unwrap_or_default())),
            ..WatchState::default()
        };
        for (place, number) in films.iter().enumerate() {
            let state = WatchState { favourite: place % 5 == 1, ..played(place + 4, self.now) };
            if place % 4 == 1 {
                self.catalogue.initial_states.insert(*number, state);
            }
        }
        // The last film is a short one: half of it was seen.
        if let Some(short) = films.last() {
            self.in_progress(*short, 5);
        }
        let miniature =
            |item: &Item| item.duration.is_some_and(|length| length <= Container::Matroska.length());
        let episodes: Vec<_> = self.catalogue.all().filter(|item| item.kind == ItemKind::Episode).collect();
        let (short, long): (Vec<_>, Vec<_>) = episodes.into_iter().partition(|item| miniature(item));
        let regular = |item: &&&Item| item.season == Some(1);
        let seen: Vec<_> =
            long.iter().filter(regular).take(2).chain(short.iter().take(1)).map(|item| item.number).collect();
        let begun = short.get(1).map(|item| item.number);
        for (place, number) in seen.into_iter().enumerate() {
            self.catalogue.initial_states.insert(number, played(9 - place, self.now));
        }
        if let Some(begun) = begun {
            self.in_progress(begun, 26);
        }
    }

    fn of(&self, kind: ItemKind) -> Vec<ItemNumber> {
        self.catalogue.all().filter(|item| item.kind == kind).map(|item| item.number).collect()
    }

    fn in_progress(&mut self, number: ItemNumber, hours: i64) {
        let state = WatchState {
            position: Container::of(number).length() * 2 / 5,
            play_count: 1,
            last_played: Some(self.now - TimeDelta::hours(hours)),
            ..WatchState::default()
        };
        self.catalogue.initial_states.insert(number, state);
    }
}

fn next(catalogue: &Catalogue) -> ItemNumber {
    ItemNumber(u32::try_from(catalogue.items.len() + 1).unwrap_or(u32::MAX))
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn cast(cast: &[(&str, &str)]) -> Vec<Credit> {
    cast.iter()
        .map(|(name, role)| Credit { name: (*name).to_owned(), job: "Actor", role: Some((*role).to_owned()) })
        .collect()
}

/// The title in small letters without an English article.
pub(super) fn sort_title(title: &str) -> String {
    let small = title.to_lowercase();
    let without = ["the ", "a ", "an "].iter().find_map(|article| small.strip_prefix(article));
    without.map_or(small.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn four_films_are_on_both_servers() {
        let ids = |catalogue: Catalogue| {
            catalogue
                .all()
                .filter_map(|item| item.imdb.clone())
                .filter(|id| id.starts_with("tt90"))
                .collect::<HashSet<_>>()
        };
        assert_eq!(ids(jellyfin_demo()).intersection(&ids(plex_demo())).count(), 4);
    }

    #[test]
    fn what_is_in_progress_lies_inside_the_file() {
        for catalogue in [jellyfin_demo(), plex_demo()] {
            let begun: Vec<_> =
                catalogue.initial_states.iter().filter(|(_, state)| !state.position.is_zero()).collect();
            assert_eq!(begun.len(), 2);
            for (number, state) in begun {
                assert!(state.position < Container::of(*number).length());
            }
        }
    }
}
