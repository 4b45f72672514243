//! What is one card, and what is not.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

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

fn cards(items: Vec<Item>) -> Vec<Card> {
    merge(items, &Nearness::default(), Stands::Nearest)
}

#[test]
fn the_same_title_is_one_card_and_the_nearest_copy_stands_for_it() {
    let (far, near) = (SourceId::random(), SourceId::random());
    let nearness = Nearness { sources: HashMap::from([(far, 2), (near, 0)]), ..Nearness::default() };
    let items = vec![
        film(1, far, "The Lantern", Some(2019), Some("tt1")),
        film(2, far, "Other", Some(2000), None),
        film(3, near, "Lantern, The", Some(2019), Some("tt1")),
        film(4, near, "other", Some(2000), None),
    ];
    let cards = merge(items, &nearness, Stands::Nearest);
    let shape: Vec<_> = cards.iter().map(|card| (card.item.id.0, card.copies.len())).collect();
    assert_eq!(shape, [(3, 1), (4, 1)]);
}

#[test]
fn what_is_gone_on_with_is_the_copy_played_last() {
    let (far, near) = (SourceId::random(), SourceId::random());
    let nearness = Nearness { sources: HashMap::from([(far, 2), (near, 0)]), ..Nearness::default() };
    let played = |id, source, hours| {
        let mut item = film(id, source, "Lantern", Some(2019), None);
        item.record.watch.last_played_at = Some(DateTime::UNIX_EPOCH + TimeDelta::hours(hours));
        item
    };
    let items = |far_at, near_at| vec![played(1, far, far_at), played(2, near, near_at)];
    let first = |items| merge(items, &nearness, Stands::PlayedLast)[0].item.id.0;
    assert_eq!(first(items(5, 3)), 1);
    assert_eq!(first(items(3, 5)), 2);
    assert_eq!(first(items(4, 4)), 2, "the nearest when nothing says more");
}

#[test]
fn sameness_carries_over() {
    let [a, b, c] = [1, 2, 3].map(|id| {
        let mut item = film(id, SourceId::random(), &format!("Title {id}"), Some(2019), None);
        item.record.external_ids.imdb = (id != 3).then(|| "tt1".to_owned());
        item.record.external_ids.tmdb = (id != 1).then(|| "77".to_owned());
        item
    });
    assert_eq!(cards(vec![a.clone(), c.clone(), b.clone()]).len(), 1);
    assert_eq!(cards(vec![a, c]).len(), 2, "only the one between them knows");
}

#[test]
fn two_items_of_one_source_stay_apart() {
    let source = SourceId::random();
    let twins = vec![film(1, source, "Twin", Some(1999), None), film(2, source, "Twin", Some(1999), None)];
    assert_eq!(cards(twins).len(), 2);
}

#[test]
fn the_surer_reason_wins_where_a_source_has_two() {
    let (one, two) = (SourceId::random(), SourceId::random());
    let items = vec![
        film(1, one, "Twin", Some(1999), None),
        film(2, one, "The Twin", Some(1999), Some("tt1")),
        film(3, two, "Twin", Some(1999), Some("tt1")),
    ];
    let cards = cards(items);
    let shape: Vec<_> = cards.iter().map(|card| (card.item.id.0, card.copies.clone())).collect();
    assert_eq!(shape, [(1, vec![]), (2, vec![MediaId(3)])]);
}

#[test]
fn ids_that_differ_tell_titles_apart() {
    let remake = vec![
        film(1, SourceId::random(), "Twin", Some(1999), Some("tt1")),
        film(2, SourceId::random(), "Twin", Some(1999), Some("tt2")),
    ];
    assert_eq!(cards(remake).len(), 2);
}

#[test]
fn without_year_or_id_nothing_is_merged() {
    let holidays = [1, 2].map(|id| film(id, SourceId::random(), "Holiday", None, None));
    assert_eq!(cards(holidays.to_vec()).len(), 2);
}

#[test]
fn episodes_are_the_same_by_their_place_in_the_series() {
    let episode = |id, series: &str, season, number| {
        let mut item = film(id, SourceId::random(), "Pilot", Some(2021), None);
        item.record.kind = ItemKind::Episode;
        item.record.series_title = Some(series.to_owned());
        (item.record.season, item.record.episode) = (season, number);
        item
    };
    let items = vec![
        episode(1, "Tidewater", Some(1), Some(1)),
        episode(2, "tidewater", Some(1), Some(1)),
        episode(3, "Tidewater", Some(1), Some(2)),
        episode(4, "Other", Some(1), Some(1)),
        // Of what has no place nothing is known.
        episode(5, "Tidewater", None, None),
        episode(6, "Tidewater", None, None),
    ];
    let shape: Vec<_> = cards(items).iter().map(|card| (card.item.id.0, card.copies.len())).collect();
    assert_eq!(shape, [(1, 1), (3, 0), (4, 0), (5, 0), (6, 0)]);
}

#[test]
fn a_copy_in_a_folder_that_is_away_is_not_played_first() {
    let (folders, server) = (SourceId::random(), SourceId::random());
    let mut nearness =
        Nearness { sources: HashMap::from([(folders, 0), (server, 2)]), ..Nearness::default() };
    let mut copy = film(1, folders, "Alien", Some(1979), None);
    copy.record.remote_id = RemoteId::new("7@movie:alien");
    let copies = || vec![copy.clone(), film(2, server, "Alien", Some(1979), None)];
    assert_eq!(merge(copies(), &nearness, Stands::Nearest)[0].item.id, MediaId(1));
    nearness.away.insert((folders, FolderNumber(7)));
    assert_eq!(merge(copies(), &nearness, Stands::Nearest)[0].item.id, MediaId(2));
}

#[test]
fn the_copies_of_an_item_are_those_on_its_card() {
    let items: Vec<_> = [(1, "tt1"), (2, "tt2"), (3, "tt1")]
        .map(|(id, imdb)| film(id, SourceId::random(), "Twin", Some(1999), Some(imdb)))
        .to_vec();
    let ids = |id| same(items.clone(), MediaId(id)).iter().map(|item| item.id.0).collect::<Vec<_>>();
    assert_eq!((ids(1), ids(2), ids(9)), (vec![1, 3], vec![2], vec![]));
}

/// What each card holds, whatever stands first.
fn partition(items: Vec<Item>) -> BTreeSet<BTreeSet<MediaId>> {
    let on_card = |card: Card| card.copies.into_iter().chain([card.item.id]).collect();
    cards(items).into_iter().map(on_card).collect()
}

/// Items of few sources with few titles and ids, so that many of them meet.
fn crowd() -> impl Strategy<Value = Vec<(usize, u8, Option<u8>, Option<u8>)>> {
    let id = || prop::option::of(0u8..4);
    prop::collection::vec((0usize..4, 0u8..3, id(), id()), 1..24)
}

proptest! {
    #[test]
    fn order_decides_nothing_and_no_source_is_twice_on_a_card(crowd in crowd(), seed in any::<u64>()) {
        let sources = [(); 4].map(|()| SourceId::random());
        let items: Vec<Item> = (1..).zip(&crowd).map(|(id, (source, title, imdb, tmdb))| {
            let imdb = imdb.map(|number| format!("tt{number}"));
            let mut item = film(id, sources[*source], &format!("T{title}"), Some(2000), imdb.as_deref());
            item.record.external_ids.tmdb = tmdb.map(|number| number.to_string());
            item
        }).collect();
        let mut other = items.clone();
        // Any other order will do.
        other.sort_by_key(|item| (item.id.0.cast_unsigned().wrapping_mul(seed | 1)).rotate_left(17));
        prop_assert_eq!(partition(items.clone()), partition(other));
        let all = cards(items.clone());
        prop_assert_eq!(all.iter().map(|card| 1 + card.copies.len()).sum::<usize>(), items.len());
        for card in all {
            let of = |id: MediaId| items.iter().find(|item| item.id == id).unwrap().source_id;
            let sources: HashSet<_> = card.copies.iter().map(|id| of(*id)).chain([card.item.source_id]).collect();
            prop_assert_eq!(sources.len(), card.copies.len() + 1);
        }
    }
}
