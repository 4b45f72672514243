//! Which items are the same ones under other names.
//!
//! What an item of a folder is called says where its file lies. When a file is found at a new place and an item at
//! an old place has lost its file, and both are the same file, the item has moved: it keeps its place, its marks and
//! its id. So it is, too, when a film becomes a video or an episode because the user has said what a folder holds.
//!
//! Two files are the same when number, size and time of change agree; where that finds nothing, size and time are
//! enough, because a copy to another disk keeps them. A match that is not the only one is none, and empty files are
//! all alike.
//!
//! Pure: what was known and what was found in, new names out.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::backends::local::FoundItem;
use crate::db::KnownItem;
use crate::models::{FileMark, FolderNumber, MediaId, RemoteId};

/// New names for items that are known, and found under these. Only of folders that were `seen` completely is
/// something gone.
pub(super) fn renames(
    known: &[KnownItem],
    found: &[FoundItem],
    seen: &[FolderNumber],
) -> Vec<(MediaId, RemoteId)> {
    let names: HashSet<&RemoteId> = found.iter().map(|item| &item.remote_id).collect();
    let known_names: HashSet<&RemoteId> = known.iter().map(|item| &item.remote_id).collect();
    let is_gone = |item: &KnownItem| {
        let folder = FolderNumber::split(item.remote_id.as_str()).0;
        !names.contains(&item.remote_id) && seen.contains(&folder)
    };
    let has_content = |file: Option<FileMark>| file.is_some_and(|file| file.size > 0);
    let mut gone: Vec<&KnownItem> =
        known.iter().filter(|item| has_content(item.file) && is_gone(item)).collect();
    let mut fresh: Vec<&FoundItem> = found
        .iter()
        .filter(|item| has_content(item.file) && !known_names.contains(&item.remote_id))
        .collect();
    let mut pairs = take_pairs(&mut gone, &mut fresh, Some);
    pairs.extend(take_pairs(&mut gone, &mut fresh, |file| Some((file.size, file.modified))));

    let mut renames: Vec<(MediaId, RemoteId)> =
        pairs.iter().map(|(old, new)| (old.id, new.remote_id.clone())).collect();
    // Series and seasons have no file: they go where their episodes go.
    let by_name: HashMap<&RemoteId, &KnownItem> = known.iter().map(|item| (&item.remote_id, item)).collect();
    let groups = [
        pairs
            .iter()
            .filter_map(|(old, new)| old.series.as_ref().zip(new.series.as_ref()))
            .collect::<Vec<_>>(),
        pairs.iter().filter_map(|(old, new)| old.parent.as_ref().zip(new.parent.as_ref())).collect(),
    ];
    for moves in groups {
        let moves = moves.into_iter().filter(|(old, new)| {
            by_name.get(old).is_some_and(|item| is_gone(item)) && !known_names.contains(new)
        });
        for (old, new) in most_frequent(moves) {
            if let Some(item) = by_name.get(old) {
                renames.push((item.id, new.clone()));
            }
        }
    }
    renames
}

type Pair<'a> = (&'a KnownItem, &'a FoundItem);

/// Takes out those that are the only ones of both lists with the same key.
fn take_pairs<'a, K: Eq + Hash>(
    gone: &mut Vec<&'a KnownItem>,
    fresh: &mut Vec<&'a FoundItem>,
    key: impl Fn(FileMark) -> Option<K>,
) -> Vec<Pair<'a>> {
    let mut keyed: HashMap<K, (Vec<&'a KnownItem>, Vec<&'a FoundItem>)> = HashMap::new();
    for item in gone.iter() {
        if let Some(key) = item.file.and_then(&key) {
            keyed.entry(key).or_default().0.push(item);
        }
    }
    for item in fresh.iter() {
        if let Some(key) = item.file.and_then(&key) {
            keyed.entry(key).or_default().1.push(item);
        }
    }
    let pairs: Vec<Pair<'a>> = keyed
        .into_values()
        .filter_map(|(old, new)| match (old.as_slice(), new.as_slice()) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        })
        .collect();
    let taken: HashSet<MediaId> = pairs.iter().map(|(old, _)| old.id).collect();
    let names: HashSet<&RemoteId> = pairs.iter().map(|(_, new)| &new.remote_id).collect();
    gone.retain(|item| !taken.contains(&item.id));
    fresh.retain(|item| !names.contains(&item.remote_id));
    pairs
}

/// For each old name the new one that most have gone to; no two to the same.
fn most_frequent<'a>(
    moves: impl Iterator<Item = (&'a RemoteId, &'a RemoteId)>,
) -> Vec<(&'a RemoteId, &'a RemoteId)> {
    let mut counts: HashMap<(&RemoteId, &RemoteId), usize> = HashMap::new();
    for step in moves {
        *counts.entry(step).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(one, one_count), (other, other_count)| other_count.cmp(one_count).then(one.cmp(other)));
    let (mut olds, mut news) = (HashSet::new(), HashSet::new());
    counts
        .into_iter()
        .map(|(step, _)| step)
        .filter(|(old, new)| {
            !olds.contains(old) && !news.contains(new) && olds.insert(*old) && news.insert(*new)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(inode: u64, size: u64) -> FileMark {
        FileMark { inode, size, modified: 5 }
    }

    fn known(id: i64, name: &str, file: impl Into<Option<FileMark>>) -> KnownItem {
        let (id, remote_id, file) = (MediaId(id), RemoteId::new(name), file.into());
        KnownItem { id, remote_id, parent: None, series: None, file }
    }

    fn found(name: &str, file: impl Into<Option<FileMark>>) -> FoundItem {
        let (remote_id, library) = (RemoteId::new(name), RemoteId::new("movies"));
        FoundItem { remote_id, library, parent: None, series: None, file: file.into() }
    }

    fn names(known: &[KnownItem], found: &[FoundItem], seen: &[FolderNumber]) -> Vec<(i64, String)> {
        let mut names: Vec<_> =
            renames(known, found, seen).into_iter().map(|(id, name)| (id.0, name.to_string())).collect();
        names.sort();
        names
    }

    const ALL: &[FolderNumber] = &[FolderNumber::FIRST, FolderNumber(7)];

    #[test]
    fn the_same_file_at_another_place_is_the_same_item() {
        let known = [known(1, "movie:a/", file(10, 3)), known(2, "movie:b/", file(11, 3))];
        let there = [found("movie:c/", file(10, 3)), found("movie:b/", file(11, 3))];
        assert_eq!(names(&known, &there, ALL), [(1, "movie:c/".to_owned())]);
        // A copy on another disk has another number.
        let there = [found("7@movie:c/", file(99, 3)), found("movie:b/", file(11, 3))];
        assert_eq!(names(&known, &there, ALL), [(1, "7@movie:c/".to_owned())]);
    }

    #[test]
    fn what_is_not_certain_is_left_alone() {
        let old = [known(1, "movie:a/", file(10, 3)), known(2, "movie:b/", file(11, 3))];
        // The same size and time, twice.
        let there = [found("movie:c/", file(98, 3)), found("movie:d/", file(99, 3))];
        assert_eq!(names(&old, &there, ALL), []);
        // What is still there has not moved, and what a folder holds that was not seen is not gone.
        let there = [found("movie:a/", file(10, 3)), found("movie:c/", file(10, 3))];
        assert_eq!(names(&old[..1], &there, ALL), []);
        assert_eq!(names(&old[..1], &there[1..], &[FolderNumber(7)]), []);
        // Empty files are all alike.
        let (old, there) = ([known(1, "movie:a/", file(10, 0))], [found("movie:c/", file(10, 0))]);
        assert_eq!(names(&old, &there, ALL), []);
    }

    #[test]
    fn series_and_seasons_go_with_their_episodes() {
        let id = |name: &str| Some(RemoteId::new(name));
        let episode = |number: i64| KnownItem {
            parent: id("season:1:Dark/"),
            series: id("series:Dark/"),
            ..known(number, &format!("episode:Dark/{number}"), file(number.unsigned_abs(), 3))
        };
        let known =
            [episode(1), episode(2), known(3, "series:Dark/", None), known(4, "season:1:Dark/", None)];
        let moved = |number: u64| FoundItem {
            parent: id("season:1:Dunkel/"),
            series: id("series:Dunkel/"),
            ..found(&format!("episode:Dunkel/{number}"), file(number, 3))
        };
        let there = [moved(1), moved(2), found("series:Dunkel/", None), found("season:1:Dunkel/", None)];
        let wanted = ["episode:Dunkel/1", "episode:Dunkel/2", "series:Dunkel/", "season:1:Dunkel/"];
        let wanted: Vec<_> = (1..).zip(wanted.map(str::to_owned)).collect();
        assert_eq!(names(&known, &there, ALL), wanted);
    }
}
