//! What plays one after the other: an album, a series, a playlist, what was selected. Pure.

use std::collections::HashSet;

use crate::models::MediaId;
use crate::ui::pages::player::Around;

/// Why one thing follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Somebody asked for all of it.
    Asked,
    /// One episode was asked for, and the others are there.
    Series,
}

/// A list, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Queue {
    items: Vec<MediaId>,
    place: usize,
    reason: Reason,
}

impl Queue {
    /// A list from one of its items on; `None` when it has no such place.
    pub(super) fn new(items: Vec<MediaId>, place: usize) -> Option<Self> {
        (place < items.len()).then_some(Self { items, place, reason: Reason::Asked })
    }

    /// A list in which each title is once, from this one on, else from the first.
    pub(super) fn of_titles(items: Vec<MediaId>, first: Option<MediaId>) -> Option<Self> {
        let mut known = HashSet::new();
        let items: Vec<MediaId> = items.into_iter().filter(|item| known.insert(*item)).collect();
        let place = items.iter().position(|item| Some(*item) == first).unwrap_or_default();
        Self::new(items, place)
    }

    /// The episodes of a series, from one on.
    pub(super) fn of_series(items: Vec<MediaId>, episode: MediaId) -> Option<Self> {
        let place = items.iter().position(|item| *item == episode)?;
        Some(Self { items, place, reason: Reason::Series })
    }

    /// Why one thing follows another.
    pub(super) fn reason(&self) -> Reason {
        self.reason
    }

    /// What plays.
    pub(super) fn current(&self) -> Option<MediaId> {
        self.items.get(self.place).copied()
    }

    /// The list one further.
    pub(super) fn next(&self) -> Option<Self> {
        self.at(self.place + 1)
    }

    /// The list one back.
    pub(super) fn previous(&self) -> Option<Self> {
        self.at(self.place.checked_sub(1)?)
    }

    /// The list at another place of it.
    pub(super) fn at(&self, place: usize) -> Option<Self> {
        (place < self.items.len()).then(|| Self { place, ..self.clone() })
    }

    /// The list without what stands at a place behind what plays.
    pub(super) fn without(&self, place: usize) -> Self {
        let mut rest = self.clone();
        if place > self.place && place < rest.items.len() {
            rest.items.remove(place);
        }
        rest
    }

    /// What is to come, with its places.
    pub(super) fn upcoming(&self) -> impl Iterator<Item = (usize, MediaId)> {
        self.items.iter().copied().enumerate().skip(self.place + 1)
    }

    /// What lies around its place.
    pub(super) fn around(&self) -> Around {
        Around { previous: self.place > 0, next: self.place + 1 < self.items.len() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_two_ends() {
        let queue = Queue::new(vec![MediaId(7), MediaId(8)], 0).unwrap();
        assert_eq!(queue.around(), Around { previous: false, next: true });
        assert_eq!(queue.previous(), None);
        let last = queue.next().unwrap();
        assert_eq!(last.current(), Some(MediaId(8)));
        assert_eq!(last.next(), None);
        assert_eq!(last.previous(), Some(queue));
        assert_eq!(Queue::new(Vec::new(), 0), None);
    }

    #[test]
    fn each_title_is_there_once() {
        let ids = |queue: &Queue| queue.items.iter().map(|id| id.0).collect::<Vec<_>>();
        let asked = [3, 1, 3, 2, 1].map(MediaId).to_vec();
        let queue = Queue::of_titles(asked.clone(), Some(MediaId(2))).unwrap();
        assert_eq!((ids(&queue), queue.current()), (vec![3, 1, 2], Some(MediaId(2))));
        let queue = Queue::of_titles(asked, Some(MediaId(9))).unwrap();
        assert_eq!(queue.current(), Some(MediaId(3)), "from the first where that is not there");
        assert_eq!(Queue::of_titles(Vec::new(), None), None);
    }

    #[test]
    fn what_is_to_come_can_be_left_out_and_jumped_to() {
        let queue = Queue::new([1, 2, 3, 4].map(MediaId).to_vec(), 1).unwrap();
        let upcoming = |queue: &Queue| queue.upcoming().map(|(place, id)| (place, id.0)).collect::<Vec<_>>();
        assert_eq!(upcoming(&queue), [(2, 3), (3, 4)]);
        assert_eq!(upcoming(&queue.without(2)), [(2, 4)]);
        assert_eq!(queue.without(1), queue, "not what plays");
        assert_eq!(queue.without(0), queue, "nor what was");
        assert_eq!(queue.at(3).unwrap().current(), Some(MediaId(4)));
        assert_eq!(queue.at(4), None);
        assert!(!queue.without(3).without(2).around().next);
    }

    #[test]
    fn an_episode_is_followed_by_its_series() {
        let queue = Queue::of_series([1, 2].map(MediaId).to_vec(), MediaId(2)).unwrap();
        assert_eq!((queue.reason(), queue.around().previous), (Reason::Series, true));
        assert_eq!(queue.previous().unwrap().reason(), Reason::Series);
        assert_eq!(Queue::of_series(vec![MediaId(1)], MediaId(2)), None);
    }
}
