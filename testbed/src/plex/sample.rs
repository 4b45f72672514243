//! A small catalogue for the tests of the Plex servers.

use crate::catalogue::{Catalogue, Credit, Item, ItemKind, ItemNumber, LibraryKind};
use chrono::{DateTime, NaiveDate};
use std::time::Duration;

/// An item with everything a list shows; the tests change what they need.
fn item(number: ItemNumber, library: u32, kind: ItemKind, title: String) -> Item {
    let moment = |seconds: u32| DateTime::from_timestamp(1_700_000_000 + i64::from(seconds), 0).unwrap();
    let order = number.0;
    Item {
        number,
        library,
        kind,
        parent: None,
        season: None,
        episode: None,
        episode_end: None,
        sort_title: title.clone(),
        title,
        original_title: None,
        year: Some(2000 + order),
        released: NaiveDate::from_ymd_opt(2001, 2, 3),
        added: moment(order * 100),
        updated: moment(order * 200),
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
    for name in ["Lantern", "Harbour", "Salt & <Smoke>", "Orbit", "Echo"] {
        catalogue.add(|number| item(number, films, ItemKind::Film, name.to_owned()));
    }
    let show = catalogue.add(|number| item(number, series, ItemKind::Series, "Tideline".to_owned()));
    for season in 1..=2 {
        let parent = catalogue.add(|number| Item {
            parent: Some(show),
            season: Some(season),
            ..item(number, series, ItemKind::Season, format!("Season {season}"))
        });
        for episode in 1..=2 {
            catalogue.add(|number| Item {
                parent: Some(parent),
                season: Some(season),
                episode: Some(episode),
                ..item(number, series, ItemKind::Episode, format!("Part {season}.{episode}"))
            });
        }
    }
    catalogue
}
