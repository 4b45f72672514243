//! The same title of several sources as one card.
//!
//! Two items are the same title when they share an id in a public database, or else when title and year agree and no
//! id says otherwise; of episodes series, season and number stand for the title. It carries over: what is the same as
//! one copy is the same as the others. Two items of one source are never the same: they are different there, and
//! where copies of others would put them on one card, the surer reason wins. The order of the items does not matter
//! for what is merged, only for where a card stands.

use std::collections::{BTreeMap, HashMap};

use super::nearness::Nearness;
use crate::models::{Item, ItemKind, MediaId};

/// One card: a title, with the copies of it that other sources have.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The copy that stands for the title.
    pub item: Item,
    /// The other copies, nearest first.
    pub copies: Vec<MediaId>,
}

/// Which copy stands for a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// The nearest.
    Nearest,
    /// The one that was played last: its place is where to go on.
    PlayedLast,
}

/// Puts the same title of several sources on one card, in the order of its first appearance.
pub(super) fn merge(items: Vec<Item>, nearness: &Nearness, stands: Stands) -> Vec<Card> {
    let groups = groups(&items);
    let mut cards: Vec<Vec<Item>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (item, group) in items.into_iter().zip(groups) {
        let place = *places.entry(group).or_insert_with(|| {
            cards.push(Vec::new());
            cards.len() - 1
        });
        cards[place].push(item);
    }
    cards
        .into_iter()
        .filter_map(|mut copies| {
            copies.sort_by_key(|copy| (nearness.copy(copy), copy.id));
            if stands == Stands::PlayedLast {
                // Stable: where nothing was played the nearest stays first.
                copies.sort_by_key(|copy| std::cmp::Reverse(copy.record.watch.last_played_at));
            }
            let mut copies = copies.into_iter();
            let item = copies.next()?;
            Some(Card { item, copies: copies.map(|copy| copy.id).collect() })
        })
        .collect()
}

/// The items among `items` that are the same title as the one with this id, itself among them.
pub(super) fn same(items: Vec<Item>, id: MediaId) -> Vec<Item> {
    let groups = groups(&items);
    let Some(place) = items.iter().position(|item| item.id == id) else { return Vec::new() };
    let wanted = groups[place];
    items.into_iter().zip(&groups).filter(|(_, group)| **group == wanted).map(|(item, _)| item).collect()
}

/// Why two items may be the same title; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Imdb,
    Tmdb,
    Tvdb,
    Title,
}

/// What a copy of a title has in common with the others.
fn keys(item: &Item) -> Vec<(Reason, String)> {
    let record = &item.record;
    let kind = record.kind.as_str();
    let ids = &record.external_ids;
    let numbers = (record.season, record.episode);
    let ids = [(Reason::Imdb, &ids.imdb), (Reason::Tmdb, &ids.tmdb), (Reason::Tvdb, &ids.tvdb)];
    let mut keys: Vec<(Reason, String)> = ids
        .into_iter()
        .filter_map(|(reason, id)| id.as_ref().map(|id| (reason, format!("{kind}:{id}"))))
        .collect();
    match (&record.series_title, record.kind) {
        (Some(series), ItemKind::Episode | ItemKind::Season) if numbers.0.is_some() => {
            keys.push((Reason::Title, format!("{kind}:{}:{numbers:?}", series.to_lowercase())));
        }
        (Some(artist), ItemKind::Album) => {
            let title = record.title.to_lowercase();
            keys.push((Reason::Title, format!("{kind}:{}:{title}", artist.to_lowercase())));
        }
        (_, ItemKind::Artist) => {
            keys.push((Reason::Title, format!("{kind}:{}", record.title.to_lowercase())));
        }
        // Tracks of other recordings and photos have the same titles.
        (
            _,
            ItemKind::Episode | ItemKind::Season | ItemKind::Track | ItemKind::PhotoAlbum | ItemKind::Photo,
        ) => {}
        _ if record.year.is_some() => {
            keys.push((Reason::Title, format!("{kind}:{}:{:?}", record.title.to_lowercase(), record.year)));
        }
        _ => {}
    }
    keys
}

/// Whether a public database knows the two as different titles.
fn are_told_apart(one: &Item, other: &Item) -> bool {
    let (one, other) = (&one.record.external_ids, &other.record.external_ids);
    let pairs = [(&one.imdb, &other.imdb), (&one.tmdb, &other.tmdb), (&one.tvdb, &other.tvdb)];
    pairs.into_iter().any(|(one, other)| one.is_some() && other.is_some() && one != other)
}

/// The number of the title of each item.
fn groups(items: &[Item]) -> Vec<usize> {
    let mut shared: BTreeMap<(Reason, String), Vec<usize>> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        for key in keys(item) {
            shared.entry(key).or_default().push(place);
        }
    }
    let mut groups: Vec<usize> = (0..items.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..items.len()).map(|place| vec![place]).collect();
    for ((reason, _), mut places) in shared {
        places.sort_by_key(|place| items[*place].id);
        for (number, one) in places.iter().enumerate() {
            for other in &places[..number] {
                let (into, from) = (groups[*other], groups[*one]);
                if into == from || !may_join(items, &members[into], &members[from], reason) {
                    continue;
                }
                let moved = std::mem::take(&mut members[from]);
                for place in &moved {
                    groups[*place] = into;
                }
                members[into].extend(moved);
            }
        }
    }
    groups
}

fn may_join(items: &[Item], one: &[usize], other: &[usize], reason: Reason) -> bool {
    one.iter().all(|one| {
        other.iter().all(|other| {
            let (one, other) = (&items[*one], &items[*other]);
            one.source_id != other.source_id && (reason != Reason::Title || !are_told_apart(one, other))
        })
    })
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
