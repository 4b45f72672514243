//! What is done next: what is seen before what is near, and of these what was asked for last, so that a fast scroll
//! shows where it has come to and not what it has passed. What was asked for together stays in its order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Without a pause of this length, requests belong together: a page looks for what it shows every 40 ms at most.
const TOGETHER: Duration = Duration::from_millis(25);

/// How urgent something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::ui) enum Rank {
    /// It is seen.
    Visible,
    /// It is seen after a little scroll.
    Near,
    /// It was near a moment ago.
    Far,
}

type Place = (Rank, Reverse<u64>, u64);

/// A queue by urgency.
#[derive(Debug)]
pub(super) struct Queue<K> {
    places: HashMap<K, Place>,
    order: BTreeMap<Place, K>,
    group: u64,
    number: u64,
    last: Option<Instant>,
}

impl<K> Default for Queue<K> {
    fn default() -> Self {
        Self { places: HashMap::new(), order: BTreeMap::new(), group: 0, number: 0, last: None }
    }
}

impl<K: Hash + Eq + Clone> Queue<K> {
    /// Puts something in, or where its new rank wants it.
    pub(super) fn push(&mut self, key: K, rank: Rank, now: Instant) {
        let known = self.places.get(&key);
        if known.is_some_and(|(known, ..)| *known == rank) {
            return;
        }
        if self.last.is_none_or(|last| now.saturating_duration_since(last) > TOGETHER) {
            self.group += 1;
        }
        self.last = Some(now);
        self.number += 1;
        self.remove(&key);
        let place = (rank, Reverse(self.group), self.number);
        self.places.insert(key.clone(), place);
        self.order.insert(place, key);
    }

    /// Takes out what is next.
    pub(super) fn pop(&mut self) -> Option<K> {
        let (_, key) = self.order.pop_first()?;
        self.places.remove(&key);
        Some(key)
    }

    /// Takes something out; tells whether it was in.
    pub(super) fn remove(&mut self, key: &K) -> bool {
        self.places.remove(key).is_some_and(|place| self.order.remove(&place).is_some())
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(queue: &mut Queue<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn what_is_seen_comes_first_and_of_these_what_was_asked_for_last() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        let later = start + Duration::from_secs(1);
        for (key, rank, at) in [
            ("far", Rank::Far, start),
            ("passed 1", Rank::Visible, start),
            ("passed 2", Rank::Visible, start),
            ("near", Rank::Near, later),
            ("here 1", Rank::Visible, later),
            ("here 2", Rank::Visible, later + TOGETHER),
        ] {
            queue.push(key, rank, at);
        }
        assert_eq!(all(&mut queue), ["here 1", "here 2", "passed 1", "passed 2", "near", "far"]);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_new_rank_moves_and_the_same_one_does_not() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        for key in ["a", "b", "c"] {
            queue.push(key, Rank::Near, now);
        }
        queue.push("c", Rank::Visible, now);
        queue.push("a", Rank::Far, now);
        queue.push("b", Rank::Near, now + Duration::from_secs(9));
        assert_eq!(all(&mut queue), ["c", "b", "a"]);
    }

    #[test]
    fn what_nobody_wants_any_more_is_taken_out() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.push("a", Rank::Visible, now);
        queue.push("b", Rank::Visible, now);
        assert!(queue.remove(&"a"));
        assert!(!queue.remove(&"a"));
        assert_eq!(all(&mut queue), ["b"]);
    }
}
