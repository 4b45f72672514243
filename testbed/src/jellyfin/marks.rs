//! What one user did with the items, and the rules by which a playback changes it.

use crate::catalogue::{Catalogue, Item, ItemNumber, WatchState};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::time::Duration;

/// Percent of the length below which no position is kept.
const FIRST_PERCENT: u32 = 5;
/// Percent of the length above which an item counts as played.
const LAST_PERCENT: u32 = 90;
/// This close to the end counts as the end.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// Items shorter than this keep no position unless the server is set up otherwise.
pub(crate) const SHORTEST_RESUMABLE: Duration = Duration::from_mins(5);

/// Positions, plays and favourites of one user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    states: HashMap<ItemNumber, WatchState>,
}

impl Marks {
    pub(crate) fn starting_with(states: HashMap<ItemNumber, WatchState>) -> Self {
        Self { states }
    }

    /// What the user did with an item; the default when nothing.
    pub(crate) fn state(&self, item: ItemNumber) -> WatchState {
        self.states.get(&item).cloned().unwrap_or_default()
    }

    pub(crate) fn known(&self, item: ItemNumber) -> Option<&WatchState> {
        self.states.get(&item)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (ItemNumber, &WatchState)> {
        self.states.iter().map(|(item, state)| (*item, state))
    }

    pub(crate) fn change(&mut self, item: ItemNumber) -> &mut WatchState {
        self.states.entry(item).or_default()
    }

    pub(crate) fn set_state(&mut self, item: ItemNumber, state: WatchState) {
        self.states.insert(item, state);
    }

    /// Whether an item, or everything below it, was played. An empty folder was not.
    pub(crate) fn played(&self, catalogue: &Catalogue, item: &Item) -> bool {
        if item.kind.is_leaf() {
            return self.known(item.number).is_some_and(|state| state.played);
        }
        let below = catalogue.leaves(item.number);
        !below.is_empty() && below.iter().all(|leaf| self.known(*leaf).is_some_and(|state| state.played))
    }

    /// Marks an item, or everything below it, as played.
    pub(crate) fn mark_played(&mut self, catalogue: &Catalogue, item: ItemNumber, at: DateTime<Utc>) {
        for leaf in catalogue.leaves(item) {
            let state = self.change(leaf);
            state.played = true;
            state.play_count = state.play_count.max(1);
            state.position = Duration::ZERO;
            state.last_played = Some(at);
        }
    }

    /// Marks an item, or everything below it, as never played.
    pub(crate) fn mark_unplayed(&mut self, catalogue: &Catalogue, item: ItemNumber) {
        for leaf in catalogue.leaves(item) {
            let state = self.change(leaf);
            *state = WatchState { favourite: state.favourite, ..WatchState::default() };
        }
    }

    /// A playback begins: a play more, and no longer played to the end.
    pub(crate) fn started(&mut self, item: ItemNumber, now: DateTime<Utc>) {
        let state = self.change(item);
        state.play_count += 1;
        state.last_played = Some(now);
        state.played = false;
    }

    /// A playback is at a position of an item that is `length` long.
    pub(crate) fn reached(
        &mut self,
        item: ItemNumber,
        position: Duration,
        length: Option<Duration>,
        shortest_resumable: Duration,
    ) {
        let state = self.change(item);
        state.position = match outcome(position, length, shortest_resumable) {
            Outcome::Beginning => Duration::ZERO,
            Outcome::Middle => position,
            Outcome::End => {
                state.played = true;
                Duration::ZERO
            }
        };
    }

    /// A playback ended and did not say where: as good as played to the end.
    pub(crate) fn ended(&mut self, item: ItemNumber, now: DateTime<Utc>) {
        let state = self.change(item);
        state.play_count += 1;
        state.last_played = Some(now);
        state.played = true;
        state.position = Duration::ZERO;
    }
}

/// What a position means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Beginning,
    Middle,
    End,
}

fn outcome(position: Duration, length: Option<Duration>, shortest_resumable: Duration) -> Outcome {
    let length = length.filter(|length| !length.is_zero());
    match length {
        None => Outcome::End,
        Some(_) if position.is_zero() => Outcome::Beginning,
        Some(length) if position < length * FIRST_PERCENT / 100 => Outcome::Beginning,
        Some(length) if position > length * LAST_PERCENT / 100 || position + LAST_MOMENT >= length => {
            Outcome::End
        }
        Some(length) if length < shortest_resumable => Outcome::End,
        Some(_) => Outcome::Middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUNDRED_MINUTES: Option<Duration> = Some(Duration::from_mins(100));

    #[test]
    fn positions_follow_the_rules_of_the_server() {
        let table = [
            (0, HUNDRED_MINUTES, Outcome::Beginning),
            (299, HUNDRED_MINUTES, Outcome::Beginning),
            (300, HUNDRED_MINUTES, Outcome::Middle),
            (5400, HUNDRED_MINUTES, Outcome::Middle),
            (5401, HUNDRED_MINUTES, Outcome::End),
            (14, Some(Duration::from_secs(299)), Outcome::Beginning),
            (15, Some(Duration::from_secs(299)), Outcome::End),
            (15, Some(Duration::from_mins(5)), Outcome::Middle),
            (60, None, Outcome::End),
        ];
        for (seconds, length, expected) in table {
            let found = outcome(Duration::from_secs(seconds), length, SHORTEST_RESUMABLE);
            assert_eq!(found, expected, "{seconds} s of {length:?}");
        }
    }

    #[test]
    fn a_start_takes_back_that_it_was_played() {
        let mut marks = Marks::default();
        let item = ItemNumber(1);
        marks.ended(item, Utc::now());
        marks.started(item, Utc::now());
        assert!(!marks.state(item).played && marks.state(item).play_count == 2);
        marks.reached(item, Duration::from_mins(95), HUNDRED_MINUTES, SHORTEST_RESUMABLE);
        assert!(marks.state(item).played && marks.state(item).position.is_zero());
    }
}
