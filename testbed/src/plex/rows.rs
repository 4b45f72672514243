//! What the home rows hold. Pure: works on the catalogue and one user's marks.

use super::marks::Marks;
use crate::catalogue::{Catalogue, Item, ItemKind, ItemNumber, LibraryKind};
use std::collections::HashSet;

/// Continue Watching: what was left in the middle, and the next episode of series that were begun; the
/// latest played first.
pub(crate) fn continue_watching(catalogue: &Catalogue, marks: &Marks) -> Vec<ItemNumber> {
    let mut rows = Vec::new();
    for item in catalogue.all() {
        match item.kind {
            ItemKind::Film | ItemKind::Video if marks.position(item.number).is_some() => {
                rows.push((last_played(marks, item.number), item.number));
            }
            ItemKind::Series => {
                let begun = catalogue.leaves(item.number);
                let latest = begun.iter().map(|leaf| last_played(marks, *leaf)).max().flatten();
                let next = next_to_watch(catalogue, marks, item.number);
                if let (Some(latest), Some(next)) = (latest, next) {
                    rows.push((Some(latest), next));
                }
            }
            _ => {}
        }
    }
    rows.sort_by(|left, right| right.cmp(left));
    rows.into_iter().map(|(_, number)| number).collect()
}

fn last_played(marks: &Marks, item: ItemNumber) -> Option<i64> {
    Some(marks.known(item)?.last_played?.timestamp())
}

/// The episode of a series to go on with: the one in progress, or the first that was not watched after the
/// last that was. Specials come only when nothing else is there.
pub(crate) fn next_to_watch(catalogue: &Catalogue, marks: &Marks, series: ItemNumber) -> Option<ItemNumber> {
    let mut episodes = catalogue.leaves(series);
    episodes.sort_by_key(|number| {
        let item = catalogue.item(*number);
        let season = item.and_then(|item| item.season).unwrap_or(u32::MAX);
        (if season == 0 { u32::MAX } else { season }, item.and_then(|item| item.episode))
    });
    if let Some(begun) = episodes.iter().find(|episode| marks.position(**episode).is_some()) {
        return Some(*begun);
    }
    let after_last =
        episodes.iter().rposition(|episode| marks.watched(*episode)).map_or(0, |place| place + 1);
    episodes[after_last..].iter().find(|episode| !marks.watched(**episode)).copied()
}

/// The films of a library, or of all of them, that were added last.
pub(crate) fn recent_films(catalogue: &Catalogue, library: Option<u32>, count: usize) -> Vec<ItemNumber> {
    newest(catalogue, library, count, |item| matches!(item.kind, ItemKind::Film | ItemKind::Video))
}

/// The seasons whose episodes were added last.
pub(crate) fn recent_seasons(catalogue: &Catalogue, library: Option<u32>, count: usize) -> Vec<ItemNumber> {
    let mut seen = HashSet::new();
    let episodes = newest(catalogue, library, usize::MAX, |item| item.kind == ItemKind::Episode);
    let seasons = episodes.into_iter().filter_map(|episode| catalogue.item(episode)?.parent);
    seasons.filter(|season| seen.insert(*season)).take(count).collect()
}

fn newest(
    catalogue: &Catalogue,
    library: Option<u32>,
    count: usize,
    keep: impl Fn(&Item) -> bool,
) -> Vec<ItemNumber> {
    let wanted =
        catalogue.all().filter(|item| library.is_none_or(|library| item.library == library) && keep(item));
    let mut rows: Vec<_> = wanted.map(|item| (item.added, item.number)).collect();
    rows.sort_by(|left, right| right.cmp(left));
    rows.into_iter().take(count).map(|(_, number)| number).collect()
}

/// Whether there are libraries of films, of series.
pub(crate) fn kinds(catalogue: &Catalogue) -> (bool, bool) {
    let has = |series: bool| {
        catalogue.libraries.iter().any(|library| (library.kind == LibraryKind::Series) == series)
    };
    (has(false), has(true))
}

/// Items of one kind whose title holds the words; those that begin with them come first.
pub(crate) fn found(
    catalogue: &Catalogue,
    words: &str,
    library: Option<u32>,
    kinds: &[ItemKind],
    count: usize,
) -> Vec<ItemNumber> {
    let words = words.to_lowercase();
    let mut rows: Vec<_> = catalogue
        .all()
        .filter(|item| kinds.contains(&item.kind) && library.is_none_or(|library| item.library == library))
        .filter_map(|item| {
            let place = item.title.to_lowercase().find(&words)?;
            Some((place > 0, item.number))
        })
        .collect();
    rows.sort();
    rows.into_iter().take(count).map(|(_, number)| number).collect()
}
