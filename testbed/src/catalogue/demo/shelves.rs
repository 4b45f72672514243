//! Collections and playlists of the demo. One collection is on both servers, and named in the folder, too.

use super::super::{Catalogue, ItemKind, ItemNumber, ShelfKind};
use chrono::{DateTime, TimeDelta, Utc};

/// Kind, title, summary and what stands on it, in order; what a server does not have is left out.
const SHELVES: [(ShelfKind, &str, &str, &[&str]); 6] = [
    (
        ShelfKind::Collection,
        "By the Sea",
        "Lighthouses, wrecks and the people who wait for ferries.",
        &["The Lantern Keeper", "Salt and Copper", "Harbour Lights", "Winter Orchard", "Deep Water Choir"],
    ),
    (
        ShelfKind::Collection,
        "Clocks and Weather",
        "What passes, and how people try to measure it.",
        &[
            "The Clockmaker's Apprentice",
            "A Field Guide to Rain",
            "Night Train to Orsova",
            "Signal from Vega",
        ],
    ),
    (
        ShelfKind::Collection,
        "Small Crimes",
        "Nobody gets hurt. Everybody gets caught.",
        &["Three Keys for Lisbon", "Switchback", "The Last Projectionist"],
    ),
    (ShelfKind::Collection, "Smallest Series", "", &["Postcards"]),
    (
        ShelfKind::Playlist,
        "Rainy Sunday",
        "Begin after lunch.",
        &[
            "A Field Guide to Rain",
            "Ferry, Departing",
            "A Pier in Ostend",
            "The Roofs of Sighișoara",
            "Paper Mountains",
        ],
    ),
    (ShelfKind::Playlist, "One Evening", "", &["Half a Minute of Dusk", "The Moss Garden", "Switchback"]),
];

/// Puts on the shelves what the catalogue has; a shelf that would be empty is left out.
pub(super) fn add(catalogue: &mut Catalogue, now: DateTime<Utc>) {
    for (kind, title, summary, titles) in SHELVES {
        let found: Vec<ItemNumber> = titles.iter().filter_map(|title| find(catalogue, title)).collect();
        if found.is_empty() || kind == ShelfKind::Playlist && found.len() < titles.len() {
            continue;
        }
        let number = catalogue.add_shelf(kind, title, &found);
        if let Some(shelf) = catalogue.shelves.get_mut(number as usize - 1).and_then(Option::as_mut) {
            summary.clone_into(&mut shelf.summary);
            shelf.updated = now - TimeDelta::days(30 + i64::from(number));
        }
    }
}

fn find(catalogue: &Catalogue, title: &str) -> Option<ItemNumber> {
    let named = |kind: ItemKind| kind != ItemKind::Season;
    catalogue.all().find(|item| item.title == title && named(item.kind)).map(|item| item.number)
}
