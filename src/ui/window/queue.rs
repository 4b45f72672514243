//! What plays one after the other: the tracks of an album or an artist. Pure.

use crate::models::MediaId;
use crate::ui::pages::player::Around;

/// A list, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Queue {
    items: Vec<MediaId>,
    place: usize,
}

impl Queue {
    /// A list from one of its items on; `None` when it has no such place.
    pub(super) fn new(items: Vec<MediaId>, place: usize) -> Option<Self> {
        (place < items.len()).then_some(Self { items, place })
    }

    /// What plays.
    pub(super) fn current(&self) -> Option<MediaId> {
        self.items.get(self.place).copied()
    }

    /// The list one further.
    pub(super) fn next(&self) -> Option<Self> {
        Self::new(self.items.clone(), self.place + 1)
    }

    /// The list one back.
    pub(super) fn previous(&self) -> Option<Self> {
        Self::new(self.items.clone(), self.place.checked_sub(1)?)
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
}
