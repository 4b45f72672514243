//! Who waits for a request, and who is next.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Notify;

/// Who waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A person. Always before the background.
    Interactive,
    /// Nobody at this moment.
    Background,
}

/// What is asked for; each has its own cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// Everything but pictures.
    Api,
    /// Pictures.
    Image,
}

/// Marks one waiter; later ones are larger.
pub(super) type Ticket = u64;

#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) ticket: Ticket,
    pub(super) wake: Arc<Notify>,
}

/// Waiters in the order they came, by lane and traffic, so that a full cap of one does not hold up the other.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    queues: [[VecDeque<Waiter>; 2]; 2],
}

impl Lanes {
    pub(super) fn push(&mut self, lane: Lane, traffic: Traffic, waiter: Waiter) {
        self.queue(lane, traffic).push_back(waiter);
    }

    /// Takes out a waiter that gave up; `false` when it is not here any more.
    pub(super) fn remove(&mut self, lane: Lane, traffic: Traffic, ticket: Ticket) -> bool {
        let queue = self.queue(lane, traffic);
        let Ok(index) = queue.binary_search_by_key(&ticket, |waiter| waiter.ticket) else { return false };
        queue.remove(index).is_some()
    }

    /// The next one whose traffic `has_room`: interactive first, then by arrival.
    pub(super) fn next(&self, has_room: impl Fn(Traffic) -> bool) -> Option<(Lane, Traffic, &Waiter)> {
        [Lane::Interactive, Lane::Background].into_iter().find_map(|lane| {
            [Traffic::Api, Traffic::Image]
                .into_iter()
                .filter(|traffic| has_room(*traffic))
                .filter_map(|traffic| {
                    let queue = &self.queues[lane as usize][traffic as usize];
                    queue.front().map(|waiter| (lane, traffic, waiter))
                })
                .min_by_key(|(_, _, waiter)| waiter.ticket)
        })
    }

    pub(super) fn pop(&mut self, lane: Lane, traffic: Traffic) -> Option<Waiter> {
        self.queue(lane, traffic).pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queues.iter().flatten().all(VecDeque::is_empty)
    }

    fn queue(&mut self, lane: Lane, traffic: Traffic) -> &mut VecDeque<Waiter> {
        &mut self.queues[lane as usize][traffic as usize]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn interactive_first_then_by_arrival_and_a_full_cap_holds_up_only_its_own() {
        let mut lanes = Lanes::default();
        for (ticket, lane, traffic) in [
            (1, Lane::Background, Traffic::Api),
            (2, Lane::Interactive, Traffic::Image),
            (3, Lane::Interactive, Traffic::Api),
            (4, Lane::Interactive, Traffic::Image),
        ] {
            lanes.push(lane, traffic, Waiter { ticket, wake: Arc::default() });
        }
        let next = |lanes: &Lanes, room: fn(Traffic) -> bool| lanes.next(room).map(|(_, _, w)| w.ticket);
        assert_eq!(next(&lanes, |_| true), Some(2));
        assert_eq!(next(&lanes, |traffic| traffic == Traffic::Api), Some(3));
        assert_eq!(next(&lanes, |_| false), None);
        assert!(lanes.remove(Lane::Interactive, Traffic::Image, 2));
        assert!(!lanes.remove(Lane::Interactive, Traffic::Image, 2));
        assert_eq!(next(&lanes, |_| true), Some(3));
        lanes.pop(Lane::Interactive, Traffic::Api).unwrap();
        lanes.pop(Lane::Interactive, Traffic::Image).unwrap();
        assert_eq!(next(&lanes, |_| true), Some(1));
    }
}
