//! The same title of several sources as one card.

use std::collections::HashMap;

use super::nearness::Nearness;
use crate::models::{Item, ItemKind, MediaId};

/// One card: a title, with the copies of it that other sources have.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The copy to play: the one that is nearest.
    pub item: Item,
    /// The other copies.
    pub copies: Vec<MediaId>,
}
/// What two copies of a title have in common: an id in a public database, or else title and year.
fn title_keys(item: &Item) -> Vec<String> {
    let record = &item.record;
    let kind = record.kind.as_str();
    let ids = &record.external_ids;
    let numbers = (record.season, record.episode);
    let mut keys: Vec<String> = [("imdb", &ids.imdb), ("tmdb", &ids.tmdb), ("tvdb", &ids.tvdb)]
        .into_iter()
        .filter_map(|(name, id)| id.as_ref().map(|id| format!("{kind}:{name}:{id}")))
        .collect();
    match (&record.series_title, record.kind) {
        (Some(series), ItemKind::Episode | ItemKind::Season) => {
            keys.push(format!("{kind}:{}:{numbers:?}", series.to_lowercase()));
        }
        _ if record.year.is_some() => {
            keys.push(format!("{kind}:{}:{:?}", record.title.to_lowercase(), record.year));
        }
        _ => {}
    }
    keys
}

/// Puts the same title of several sources on one card, in the order of its first appearance. Two items of one
/// source are never merged: they are different there.
pub(super) fn merge(items: Vec<Item>, nearness: &Nearness) -> Vec<Card> {
    let mut cards: Vec<Vec<Item>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items {
        let keys = title_keys(&item);
        let known = keys.iter().find_map(|key| places.get(key).copied());
        let place = match known {
            Some(place) if cards[place].iter().all(|copy| copy.source_id != item.source_id) => place,
            _ => {
                cards.push(Vec::new());
                cards.len() - 1
            }
        };
        for key in keys {
            places.entry(key).or_insert(place);
        }
        cards[place].push(item);
    }
    cards
        .into_iter()
        .filter_map(|mut copies| {
            copies.sort_by_key(|copy| nearness.copy(copy));
            let mut copies = copies.into_iter();
            let item = copies.next()?;
            Some(Card { item, copies: copies.map(|copy| copy.id).collect() })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{FolderNumber, ItemRecord, LibraryId, RemoteId, SourceId};

    fn film(id: i64, source: SourceId, title: &str, year: Option<i32>, imdb: Option<&str>) -> Item {
        let mut record = ItemRecord::new(RemoteId::new(id.to_string()), ItemKind::Movie, title);
        record.year = year;
        record.external_ids.imdb = imdb.map(str::to_owned);
        Item {
            id: MediaId(id),
            source_id: source,
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    #[test]
    fn the_same_title_is_one_card_and_the_nearest_copy_plays() {
        let (far, near) = (SourceId::random(), SourceId::random());
        let nearness = Nearness { sources: HashMap::from([(far, 2), (near, 0)]), ..Nearness::default() };
        let cards = merge(
            vec![
                film(1, far, "The Lantern", Some(2019), Some("tt1")),
                film(2, far, "Other", Some(2000), None),
                film(3, near, "Lantern, The", Some(2019), Some("tt1")),
                film(4, near, "other", Some(2000), None),
            ],
            &nearness,
        );
        let shape: Vec<_> = cards.iter().map(|card| (card.item.id.0, card.copies.len())).collect();
        assert_eq!(shape, [(3, 1), (4, 1)]);
    }

    #[test]
    fn two_items_of_one_source_stay_apart() {
        let source = SourceId::random();
        let cards = merge(
            vec![film(1, source, "Twin", Some(1999), None), film(2, source, "Twin", Some(1999), None)],
            &Nearness::default(),
        );
        assert_eq!(cards.len(), 2);
    }

    #[test]
    fn a_copy_in_a_folder_that_is_away_is_not_played_first() {
        let (folders, server) = (SourceId::random(), SourceId::random());
        let mut nearness =
            Nearness { sources: HashMap::from([(folders, 0), (server, 2)]), ..Nearness::default() };
        let mut copy = film(1, folders, "Alien", Some(1979), None);
        copy.record.remote_id = RemoteId::new("7@movie:alien");
        let copies = || vec![copy.clone(), film(2, server, "Alien", Some(1979), None)];
        assert_eq!(merge(copies(), &nearness)[0].item.id, MediaId(1));
        nearness.away.insert((folders, FolderNumber(7)));
        assert_eq!(merge(copies(), &nearness)[0].item.id, MediaId(2));
    }

    #[test]
    fn without_year_or_id_nothing_is_merged() {
        let (a, b) = (SourceId::random(), SourceId::random());
        let cards = merge(
            vec![film(1, a, "Holiday", None, None), film(2, b, "Holiday", None, None)],
            &Nearness::default(),
        );
        assert_eq!(cards.len(), 2);
    }
}
