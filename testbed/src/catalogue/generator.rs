//! Catalogues of any size from a seed: the same seed and size give the same catalogue.
//!
//! Two servers with catalogues of one seed hold copies of the same titles. Unless it is asked to be plain, a
//! catalogue has the rows that break clients: missing fields, other scripts and directions, titles of 300
//! characters, the same title twice, nothing to show as a picture, specials, files with several episodes, the
//! year 0001, a type that nobody knows, and numbers missing where they belong.

use super::demo::sort_title;
use super::{Catalogue, Credit, Item, ItemKind, ItemNumber, LibraryKind, WatchState};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::time::Duration;

/// Every so many films one is unpleasant.
const UNPLEASANT_EVERY: usize = 25;
/// Seconds of five years: items were added over this time.
const YEARS_OF_ADDING: i64 = 5 * 365 * 86_400;
/// 2020-01-01: the first item was added then.
const FIRST_ADDED: i64 = 1_577_836_800;

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Where chance begins.
    pub seed: u64,
    /// Films.
    pub films: usize,
    /// Series.
    pub series: usize,
    /// Regular seasons of each series.
    pub seasons: u32,
    /// Episodes of each season.
    pub episodes: u32,
    /// Without the rows that break clients.
    pub plain: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { seed: 1, films: 100, series: 10, seasons: 2, episodes: 8, plain: false }
    }
}

/// A catalogue of this many films and series, with the unpleasant rows.
pub fn generate(seed: u64, films: usize, series: usize) -> Catalogue {
    Recipe { seed, films, series, ..Recipe::default() }.generate()
}

impl Recipe {
    /// Makes the catalogue.
    pub fn generate(&self) -> Catalogue {
        self.add_to(Catalogue::default(), "Films")
    }

    /// Adds libraries to a catalogue; the films are in one of this name.
    pub fn add_to(&self, catalogue: Catalogue, films: &str) -> Catalogue {
        let random = fastrand::Rng::with_seed(self.seed);
        let mut maker = Maker { recipe: self, random, catalogue };
        maker.catalogue.items.reserve(self.films);
        let library = maker.catalogue.add_library(LibraryKind::Films, films);
        for place in 0..self.films {
            maker.film(library, place);
        }
        if self.series > 0 {
            let library = maker.catalogue.add_library(LibraryKind::Series, "Series");
            for place in 0..self.series {
                maker.series(library, place);
            }
        }
        maker.catalogue
    }
}

struct Maker<'a> {
    recipe: &'a Recipe,
    random: fastrand::Rng,
    catalogue: Catalogue,
}

impl Maker<'_> {
    fn pick<'b>(&mut self, words: &[&'b str]) -> &'b str {
        words.get(self.random.usize(..words.len())).copied().unwrap_or_default()
    }

    fn title(&mut self) -> String {
        let (adjective, noun, other) = (self.pick(ADJECTIVES), self.pick(NOUNS), self.pick(NOUNS));
        match self.random.u8(..4) {
            0 => format!("The {adjective} {noun}"),
            1 => format!("{adjective} {noun}"),
            2 => format!("{noun} of the {other}"),
            _ => format!("The {noun} and the {other}"),
        }
    }

    fn base(&mut self, library: u32, kind: ItemKind, title: String) -> Item {
        let number = ItemNumber(u32::try_from(self.catalogue.items.len() + 1).unwrap_or(u32::MAX));
        let added = FIRST_ADDED + self.random.i64(0..YEARS_OF_ADDING);
        let added = DateTime::<Utc>::from_timestamp(added, 0).unwrap_or_default();
        let released = NaiveDate::from_yo_opt(self.random.i32(1950..2025), self.random.u32(1..=365));
        let year = released.map(|day| chrono::Datelike::year(&day)).and_then(|year| u32::try_from(year).ok());
        let genres = (0..self.random.usize(1..4)).map(|_| self.pick(GENRES).to_owned()).collect();
        let people = (0..self.random.usize(2..6)).map(|place| self.credit(place)).collect();
        let words =
            (0..self.random.usize(12..40)).map(|_| self.pick(NOUNS).to_lowercase()).collect::<Vec<_>>();
        Item {
            number,
            library,
            kind,
            parent: None,
            season: None,
            episode: None,
            episode_end: None,
            sort_title: sort_title(&title),
            original_title: None,
            year,
            released,
            added,
            updated: added + TimeDelta::hours(self.random.i64(0..2000)),
            duration: Some(Duration::from_secs(self.random.u64(80 * 60..150 * 60))),
            summary: Some(format!("About {title}: {}.", words.join(" "))),
            tagline: None,
            genres,
            people,
            age_rating: Some(self.pick(&["G", "PG", "PG-13", "R", "gb/12A"]).to_owned()),
            community_rating: Some(f32::from(self.random.u8(30..95)) / 10.0),
            critic_rating: Some(self.random.u32(20..100)),
            imdb: Some(format!("tt{:07}", 1_000_000 + number.0)),
            tmdb: Some(number.0 + 500_000),
            has_poster: true,
            has_backdrop: true,
            title,
        }
    }

    fn credit(&mut self, place: usize) -> Credit {
        let name = format!("{} {}", self.pick(FIRST_NAMES), self.pick(NOUNS));
        match place {
            0 => Credit { name, job: "Director", role: None },
            _ => Credit { name, job: "Actor", role: Some(self.pick(NOUNS).to_owned()) },
        }
    }

    fn film(&mut self, library: u32, place: usize) {
        let title = self.title();
        let mut item = self.base(library, ItemKind::Film, title);
        if !self.recipe.plain && place % UNPLEASANT_EVERY == UNPLEASANT_EVERY - 1 {
            spoil(&mut item, place / UNPLEASANT_EVERY);
        }
        let watched = self.random.u8(..100);
        let state = WatchState {
            played: watched < 20,
            play_count: u32::from(watched < 20),
            position: if (20..24).contains(&watched) { Duration::from_mins(35) } else { Duration::ZERO },
            favourite: watched.is_multiple_of(17),
            last_played: (watched < 24).then(|| item.added + TimeDelta::days(3)),
        };
        let number = self.catalogue.add(|_| item);
        if state != WatchState::default() {
            self.catalogue.initial_states.insert(number, state);
        }
    }

    fn series(&mut self, library: u32, place: usize) {
        let title = self.title();
        let item = self.base(library, ItemKind::Series, title);
        let series = self.catalogue.add(|_| item);
        let first = u32::from(self.recipe.plain || !place.is_multiple_of(3));
        for season in first..=self.recipe.seasons {
            let name = if season == 0 { "Specials".to_owned() } else { format!("Season {season}") };
            let mut item = self.base(library, ItemKind::Season, name);
            strip(&mut item);
            item.parent = Some(series);
            item.season = Some(season);
            item.has_poster = true;
            let parent = self.catalogue.add(|_| item);
            self.episodes(library, parent, season, place);
        }
    }

    fn episodes(&mut self, library: u32, season: ItemNumber, number: u32, series: usize) {
        let mut episode = 1;
        while episode <= self.recipe.episodes {
            let title = self.title();
            let mut item = self.base(library, ItemKind::Episode, title);
            item.parent = Some(season);
            item.season = Some(number);
            item.episode = Some(episode);
            item.duration = Some(Duration::from_mins(self.random.u64(22..58)));
            item.has_backdrop = false;
            item.released =
                item.released.and_then(|day| day.checked_add_days(Days::new(u64::from(episode) * 7)));
            if !self.recipe.plain {
                match (series + episode as usize) % 11 {
                    3 if episode < self.recipe.episodes => item.episode_end = Some(episode + 1),
                    5 => item.episode = None,
                    7 => item.released = None,
                    9 => item.has_poster = false,
                    _ => {}
                }
            }
            episode = item.episode_end.unwrap_or(episode) + 1;
            self.catalogue.add(|_| item);
        }
    }
}

/// Makes a film unpleasant; the ways take turns.
fn spoil(item: &mut Item, turn: usize) {
    let rename = |item: &mut Item, title: &str| {
        title.clone_into(&mut item.title);
        item.sort_title = sort_title(title);
    };
    match turn % 12 {
        0 => rename(item, "千と灯の海"),
        1 => rename(item, "מגדלור בלילה"),
        2 => rename(item, "منارة \u{202b}(١٩٩٩)\u{202c} Harbour"),
        3 => rename(item, &"A very long title that does not end ".repeat(9)[..300]),
        4 => rename(item, "The Same Title"),
        5 => (item.has_poster, item.has_backdrop) = (false, false),
        6 => item.year = Some(1),
        7 => item.kind = ItemKind::Unknown,
        8 => rename(item, ""),
        9 => rename(item, "<b>Salt & \"Pepper\"</b> 👩‍👩‍👧 e\u{301}\u{0}\u{7}"),
        10 => item.original_title = Some("Ο Φάρος της Νύχτας".to_owned()),
        _ => strip(item),
    }
}

/// Leaves nothing but the title.
fn strip(item: &mut Item) {
    (item.year, item.released, item.duration) = (None, None, None);
    (item.summary, item.tagline, item.age_rating) = (None, None, None);
    (item.community_rating, item.critic_rating, item.imdb, item.tmdb) = (None, None, None, None);
    (item.has_poster, item.has_backdrop) = (false, false);
    item.genres.clear();
    item.people.clear();
}

const ADJECTIVES: &[&str] = &[
    "Quiet",
    "Silver",
    "Hidden",
    "Burning",
    "Distant",
    "Crooked",
    "Golden",
    "Frozen",
    "Restless",
    "Hollow",
    "Scarlet",
    "Patient",
    "Broken",
    "Endless",
    "Gentle",
    "Salted",
    "Northern",
    "Velvet",
    "Wandering",
    "Seventh",
];
const NOUNS: &[&str] = &[
    "Harbour", "Lantern", "Orchard", "Mirror", "River", "Clock", "Garden", "Signal", "Bridge", "Winter",
    "Compass", "Letter", "Station", "Tide", "Meadow", "Anchor", "Shadow", "Summit", "Sparrow", "Canyon",
    "Ember", "Island", "Violin", "Glacier", "Market", "Tower", "Archive", "Comet", "Ferry", "Witness",
];
const GENRES: &[&str] = &[
    "Drama",
    "Comedy",
    "Thriller",
    "Romance",
    "Adventure",
    "Science Fiction",
    "Mystery",
    "Documentary",
    "Family",
];
const FIRST_NAMES: &[&str] = &[
    "Ada", "Bruno", "Clara", "Dana", "Edmund", "Gus", "Ines", "Jo", "Linh", "Mei", "Nadia", "Piet", "Samir",
    "Vera",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_catalogue() {
        let titles = |seed| generate(seed, 50, 2).all().map(|item| item.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(3), titles(3));
        assert_ne!(titles(3), titles(4));
    }

    #[test]
    fn the_unpleasant_is_there_unless_plain() {
        let recipe = Recipe { films: 400, series: 6, ..Recipe::default() };
        let odd = |catalogue: &Catalogue| {
            let all: Vec<_> = catalogue.all().cloned().collect();
            [
                all.iter().any(|item| item.kind == ItemKind::Unknown),
                all.iter().any(|item| item.title.chars().count() == 300),
                all.iter().any(|item| item.title.is_empty()),
                all.iter().any(|item| item.year == Some(1)),
                all.iter().any(|item| item.episode_end.is_some()),
                all.iter().any(|item| item.season == Some(0)),
            ]
        };
        assert_eq!(odd(&recipe.generate()), [true; 6]);
        assert_eq!(odd(&Recipe { plain: true, ..recipe }.generate()), [false; 6]);
    }

    #[test]
    fn numbers_are_places() {
        let catalogue = generate(9, 100, 3);
        assert!((0_u32..).zip(catalogue.all()).all(|(place, item)| item.number.0 == place + 1));
    }
}
