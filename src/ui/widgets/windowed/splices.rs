//! How one list becomes another: the fewest stretches that are taken out and put in. Pure.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// More stretches than this, near to what is looked at, are done as one: each costs the list widget some work.
const MOST: usize = 48;

/// A stretch: so many are taken out at a place, and so many put in there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Splice {
    /// The place in the new list; before it nothing changes any more.
    pub(in crate::ui) place: u32,
    /// The place in the old list.
    pub(in crate::ui) old_place: u32,
    /// How many are taken out.
    pub(in crate::ui) removed: u32,
    /// How many are put in.
    pub(in crate::ui) added: u32,
}

impl Splice {
    fn end(&self) -> u32 {
        self.place + self.added
    }

    fn old_end(&self) -> u32 {
        self.old_place + self.removed
    }

    /// This one, everything between, and a later one as a single stretch.
    fn up_to(self, last: Self) -> Self {
        Self { removed: last.old_end() - self.old_place, added: last.end() - self.place, ..self }
    }
}

/// The stretches between two lists, in order. What stays keeps its order; what has moved is taken out and put in.
pub(in crate::ui) fn splices<T: Copy + Eq + Hash>(old: &[T], new: &[T]) -> Vec<Splice> {
    let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[begin..], &new[begin..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let places: HashMap<T, usize> = new.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let common: Vec<(usize, usize)> =
        old.iter().enumerate().filter_map(|(old_place, id)| Some((old_place, *places.get(id)?))).collect();
    let mut splices = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let kept = rising(&common).into_iter().chain([(old.len(), new.len())]);
    for (old_place, place) in kept {
        if old_place > old_at || place > new_at {
            splices.push(Splice {
                place: number(begin + new_at),
                old_place: number(begin + old_at),
                removed: number(old_place - old_at),
                added: number(place - new_at),
            });
        }
        (old_at, new_at) = (old_place + 1, place + 1);
    }
    splices
}

/// The longest part of pairs in which the second members rise, too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair that ends the best part of each length so far, and the pair before each pair.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, value)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut part = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(here) = at {
        part.push(pairs[here]);
        at = before[here];
    }
    part.reverse();
    part
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Fewer stretches: what lies before and behind the places that are looked at (in the old list) becomes one each.
/// There nobody sees which widget shows what; in sight everything stays where it is.
pub(in crate::ui) fn condensed(splices: &[Splice], sight: &Range<u32>) -> Vec<Splice> {
    let before = splices.partition_point(|splice| splice.old_end() < sight.start);
    let behind = splices.partition_point(|splice| splice.old_place < sight.end).max(before);
    let whole = |part: &[Splice]| Some(part.first()?.up_to(*part.last()?));
    let mut fewer: Vec<Splice> = whole(&splices[..before]).into_iter().collect();
    let near = &splices[before..behind];
    if near.len() > MOST {
        fewer.extend(whole(near));
    } else {
        fewer.extend(near);
    }
    fewer.extend(whole(&splices[behind..]));
    fewer
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(old: &[u16], new: &[u16], splices: &[Splice]) -> Vec<u16> {
        let mut list = old.to_vec();
        for splice in splices {
            let (place, removed) = (splice.place as usize, splice.removed as usize);
            let added = new[place..place + splice.added as usize].iter().copied();
            list.splice(place..place + removed, added);
        }
        list
    }

    fn sizes(old: &[u16], new: &[u16]) -> Vec<(u32, u32, u32)> {
        splices(old, new).iter().map(|splice| (splice.place, splice.removed, splice.added)).collect()
    }

    #[test]
    fn only_what_differs_is_touched() {
        assert_eq!(sizes(&[1, 2, 3], &[1, 2, 3]), []);
        assert_eq!(sizes(&[1, 2, 3], &[1, 9, 2, 3]), [(1, 0, 1)]);
        assert_eq!(sizes(&[1, 2, 3, 4], &[2, 4, 5]), [(0, 1, 0), (1, 1, 0), (2, 0, 1)]);
        // One has moved to the front: only that one.
        assert_eq!(sizes(&[1, 2, 3, 4], &[4, 1, 2, 3]), [(0, 0, 1), (4, 1, 0)]);
        assert_eq!(sizes(&[], &[1, 2]), [(0, 0, 2)]);
        assert_eq!(sizes(&[1, 2], &[]), [(0, 2, 0)]);
    }

    #[test]
    fn far_from_sight_many_become_one() {
        let old: Vec<u16> = (0..1000).collect();
        let new: Vec<u16> = old.iter().copied().filter(|n| n % 10 != 5).collect();
        let all = splices(&old, &new);
        assert_eq!(all.len(), 100);
        let fewer = condensed(&all, &(500..540));
        assert_eq!(fewer.len(), 2 + 4);
        assert_eq!(applied(&old, &new, &fewer), new);
        // Too many in sight: one for all of them.
        assert_eq!(condensed(&all, &(0..1000)).len(), 1);
    }

    fn lists() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
        let some = || Just((0..60).collect::<Vec<u16>>()).prop_shuffle();
        let part = |list: Vec<u16>| {
            (Just(list), 0_usize..60, prop::collection::vec((0_usize..60, 60_u16..90), 0..9))
        };
        (some().prop_flat_map(part), any::<bool>()).prop_map(|((mut old, length, changes), sorted)| {
            old.truncate(length);
            if sorted {
                old.sort_unstable();
            }
            let mut new = old.clone();
            for (place, id) in changes {
                if id % 3 == 0 && place < new.len() {
                    let moved = new.remove(place);
                    new.insert(place / 2, moved);
                } else if id % 3 == 1 && place < new.len() {
                    new.remove(place);
                } else if !new.contains(&id) {
                    new.insert(place.min(new.len()), id);
                }
            }
            (old, new)
        })
    }

    proptest! {
        #[test]
        fn stretches_lead_from_one_list_to_the_other((old, new) in lists(), start in 0_u32..70, length in 0_u32..40) {
            let all = splices(&old, &new);
            prop_assert_eq!(applied(&old, &new, &all), new.clone());
            let fewer = condensed(&all, &(start..start + length));
            prop_assert_eq!(applied(&old, &new, &fewer), new.clone());
            prop_assert!(fewer.len() <= all.len());
        }
    }
}
