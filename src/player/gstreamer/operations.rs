//! One operation at a time.
//!
//! A seek takes a moment, and a person dragging a slider asks for fifty: while one is under way only the
//! latest wish is kept. A change of streams takes a moment too, and a pipeline that is asked to seek
//! meanwhile can stand still for ever: the two follow each other.

use std::time::Duration;

use super::commands::Precision;

/// Something a running pipeline is asked to do and that it takes time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// Go to a position.
    Seek(Duration, Precision),
    /// Change to the wished streams.
    Select,
}

/// The operation under way and those to follow.
#[derive(Debug, Default)]
pub(super) struct Operations {
    under_way: Option<Operation>,
    /// Whether what the pipeline tells now comes from after the seek under way.
    begun: bool,
    seek: Option<(Duration, Precision)>,
    select: bool,
    started: u64,
}

impl Operations {
    /// Wishes to go to `position`; forgets an earlier wish that has not been started.
    pub(super) fn wish_seek(&mut self, position: Duration, precision: Precision) {
        self.seek = Some((position, precision));
    }

    /// Wishes other streams.
    pub(super) fn wish_selection(&mut self) {
        self.select = true;
    }

    /// The operation to start now, if any. It is then under way.
    pub(super) fn start(&mut self) -> Option<Operation> {
        if self.under_way.is_some() {
            return None;
        }
        let next = if std::mem::take(&mut self.select) {
            Some(Operation::Select)
        } else {
            self.seek.take().map(|(position, precision)| Operation::Seek(position, precision))
        };
        self.under_way = next;
        self.begun = false;
        self.started += u64::from(next.is_some());
        next
    }

    /// A seek has arrived or was refused. Where it has arrived, if one was under way.
    pub(super) fn seek_ended(&mut self) -> Option<Duration> {
        match self.under_way {
            Some(Operation::Seek(position, _)) => {
                self.under_way = None;
                Some(position)
            }
            _ => None,
        }
    }

    /// The pipeline is about to make the seek under way.
    pub(super) fn seek_begins(&mut self) {
        self.begun = true;
    }

    /// Whether what is told of the place where it plays is about a place that it leaves or has left.
    pub(super) fn leaves(&self) -> bool {
        self.seek.is_some() || (matches!(self.under_way, Some(Operation::Seek(..))) && !self.begun)
    }

    /// A change of streams is made, or nobody waits for it any longer.
    pub(super) fn selection_ended(&mut self) {
        if self.under_way == Some(Operation::Select) {
            self.under_way = None;
        }
    }

    /// Nothing more is wished of this place.
    pub(super) fn forget(&mut self) {
        *self = Self { started: self.started, ..Self::default() };
    }

    /// Counts the operations, to tell one from the next.
    pub(super) fn number(&self) -> u64 {
        self.started
    }

    /// Where it is going to.
    pub(super) fn target(&self) -> Option<Duration> {
        self.seek.map(|(position, _)| position).or(match self.under_way {
            Some(Operation::Seek(position, _)) => Some(position),
            _ => None,
        })
    }

    /// Whether an operation is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.under_way.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: Precision = Precision::Exact;

    #[test]
    fn only_the_last_wish_counts() {
        let second = Duration::from_secs;
        let mut operations = Operations::default();
        operations.wish_seek(second(1), EXACT);
        assert_eq!(operations.start(), Some(Operation::Seek(second(1), EXACT)));
        operations.wish_seek(second(2), Precision::Near);
        assert_eq!(operations.start(), None);
        operations.wish_seek(second(3), EXACT);
        assert_eq!(operations.target(), Some(second(3)));
        assert_eq!(operations.seek_ended(), Some(second(1)));
        assert_eq!(operations.start(), Some(Operation::Seek(second(3), EXACT)));
        assert_eq!(operations.seek_ended(), Some(second(3)));
        assert_eq!(operations.start(), None);
        assert!(!operations.is_busy());
    }

    #[test]
    fn seeks_and_selections_follow_each_other() {
        let mut operations = Operations::default();
        operations.wish_selection();
        operations.wish_seek(Duration::from_secs(4), EXACT);
        assert_eq!(operations.start(), Some(Operation::Select));
        assert_eq!(operations.seek_ended(), None, "a seek that is not under way cannot end");
        assert_eq!(operations.start(), None);
        operations.selection_ended();
        assert_eq!(operations.start(), Some(Operation::Seek(Duration::from_secs(4), EXACT)));
    }

    #[test]
    fn the_place_before_a_seek_is_left_until_the_seek_begins() {
        let mut operations = Operations::default();
        assert!(!operations.leaves());
        operations.wish_seek(Duration::from_secs(4), EXACT);
        assert!(operations.leaves());
        operations.start();
        assert!(operations.leaves());
        operations.seek_begins();
        assert!(!operations.leaves());
        operations.wish_seek(Duration::from_secs(5), EXACT);
        assert!(operations.leaves());
        operations.seek_ended();
        operations.start();
        assert!(operations.leaves(), "the next one has not begun");
    }
}
