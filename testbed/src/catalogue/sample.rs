//! A small catalogue for the tests of the servers.

use super::{Catalogue, Credit, Item, ItemKind, ItemNumber, LibraryKind};
use chrono::{DateTime, NaiveDate};
use std::time::Duration;

/// A film in the middle of the catalogue.
pub(crate) const FILM: ItemNumber = ItemNumber(2);
/// The series.
pub(crate) const SERIES: ItemNumber = ItemNumber(6);
/// Its first season.
pub(crate) const SEASON: ItemNumber = ItemNumber(7);
/// Its first episode.
pub(crate) const EPISODE: ItemNumber = ItemNumber(8);

fn item(number: ItemNumber, library: u32, kind: ItemKind, title: &str) -> Item {
    let order = number.0;
    let moment =
        |step: u32| DateTime::from_timestamp(1_700_000_000 + i64::from(order * step), 0).unwrap_or_default();
    Item {
        number,
        library,
        kind,
        parent: None,
        season: None,
        episode: None,
        episode_end: None,
        title: title.to_owned(),
        sort_title: title.to_lowercase(),
        original_title: None,
        year: Some(2000 + order),
        released: NaiveDate::from_ymd_opt(2001, 2, 3),
        added: moment(100),
        updated: moment(200),
        duration: Some(Duration::from_mins(100)),
        summary: Some("A summary.".to_owned()),
        tagline: None,
        genres: vec!["Drama".to_owned()],
        people: vec![Credit { name: "Ada Mir".to_owned(), job: "Actor", role: Some("Keeper".to_owned()) }],
        age_rating: Some("PG-13".to_owned()),
        community_rating: Some(7.4),
        critic_rating: Some(88),
        imdb: Some(format!("tt{order:07}")),
        tmdb: Some(order),
        has_poster: true,
        has_backdrop: order.is_multiple_of(2),
    }
}

/// Five films, and one series with two seasons of two episodes.
pub(crate) fn sample() -> Catalogue {
    let mut catalogue = Catalogue::default();
    let films = catalogue.add_library(LibraryKind::Films, "Films");
    let series = catalogue.add_library(LibraryKind::Series, "Series");
    for title in ["Lantern", "Harbour", "Salt & <Smoke>", "Orbit", "Echo"] {
        catalogue.add(|number| item(number, films, ItemKind::Film, title));
    }
    let show = catalogue.add(|number| item(number, series, ItemKind::Series, "Tideline"));
    for season in 1..=2 {
        let parent = catalogue.add(|number| Item {
            parent: Some(show),
            season: Some(season),
            ..item(number, series, ItemKind::Season, &format!("Season {season}"))
        });
        for episode in 1..=2 {
            catalogue.add(|number| Item {
                parent: Some(parent),
                season: Some(season),
                episode: Some(episode),
                ..item(number, series, ItemKind::Episode, &format!("Part {season}.{episode}"))
            });
        }
    }
    catalogue
}
