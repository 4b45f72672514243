//! What one user did: positions, plays and ratings, by the rules of the Media Server.
//!
//! Pure: no HTTP, no clock. The routes that call it are in `playback`.

use crate::catalogue::{Catalogue, ItemNumber, WatchState};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::time::Duration;

/// A stop at or beyond this share of the length counts as watched (the owner's setting; 90 by default).
pub const WATCHED_PERCENT: u32 = 90;

/// A position before this is not kept, in items long enough to have a beginning.
pub const SMALLEST_POSITION: Duration = Duration::from_mins(1);

/// From this length on [`SMALLEST_POSITION`] applies; shorter items keep any position.
pub const LONG_ITEM: Duration = Duration::from_mins(10);

/// State of a playback as a client reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaybackState {
    /// Playing, or waiting for data.
    Running,
    /// Paused.
    Paused,
    /// Over.
    Stopped,
}

impl PlaybackState {
    /// Reads the `state` parameter; `None` for a word the server does not know.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "playing" | "buffering" => Some(Self::Running),
            "paused" => Some(Self::Paused),
            "stopped" => Some(Self::Stopped),
            _ => None,
        }
    }
}

/// Positions, plays and ratings of one user.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    states: HashMap<ItemNumber, WatchState>,
    ratings: HashMap<ItemNumber, f64>,
}

impl Marks {
    /// Marks of a user who starts with these states.
    pub fn starting_with(states: HashMap<ItemNumber, WatchState>) -> Self {
        Self { states, ratings: HashMap::new() }
    }

    /// What the user did with an item; the default when nothing.
    pub fn state(&self, item: ItemNumber) -> WatchState {
        self.states.get(&item).cloned().unwrap_or_default()
    }

    /// The state of an item, if the user did anything with it.
    pub fn known(&self, item: ItemNumber) -> Option<&WatchState> {
        self.states.get(&item)
    }

    /// Puts a state in place.
    pub fn set_state(&mut self, item: ItemNumber, state: WatchState) {
        self.states.insert(item, state);
    }

    /// The user's rating, 0 to 10.
    pub fn rating(&self, item: ItemNumber) -> Option<f64> {
        self.ratings.get(&item).copied()
    }

    /// Rates an item; a negative rating clears it.
    pub fn rate(&mut self, item: ItemNumber, rating: f64) {
        if rating < 0.0 {
            self.ratings.remove(&item);
        } else {
            self.ratings.insert(item, rating.min(10.0));
        }
    }

    /// Whether an item that can be played was watched to the end.
    pub fn watched(&self, item: ItemNumber) -> bool {
        self.states.get(&item).is_some_and(|state| state.played || state.play_count > 0)
    }

    /// Where an item was left, when it was left in the middle.
    pub fn position(&self, item: ItemNumber) -> Option<Duration> {
        self.states.get(&item).map(|state| state.position).filter(|position| !position.is_zero())
    }

    /// Marks an item, or everything below it, as watched.
    pub fn scrobble(&mut self, catalogue: &Catalogue, item: ItemNumber, now: DateTime<Utc>) {
        for leaf in catalogue.leaves(item) {
            let state = self.states.entry(leaf).or_default();
            state.played = true;
            state.play_count += 1;
            state.position = Duration::ZERO;
            state.last_played = Some(now);
        }
    }

    /// Marks an item, or everything below it, as never watched.
    pub fn unscrobble(&mut self, catalogue: &Catalogue, item: ItemNumber) {
        for leaf in catalogue.leaves(item) {
            self.states.remove(&leaf);
        }
    }

    /// Takes a report of a playback at `position` of an item that is `duration` long.
    pub fn report(
        &mut self,
        item: ItemNumber,
        state: PlaybackState,
        position: Duration,
        duration: Option<Duration>,
        now: DateTime<Utc>,
    ) {
        let marks = self.states.entry(item).or_default();
        let length = duration.unwrap_or_default();
        let beyond_end = !length.is_zero() && position >= length * WATCHED_PERCENT / 100;
        if state == PlaybackState::Stopped && beyond_end {
            marks.played = true;
            marks.play_count += 1;
            marks.position = Duration::ZERO;
        } else if length < LONG_ITEM || position >= SMALLEST_POSITION {
            marks.position = position;
        } else {
            return;
        }
        marks.last_played = Some(now);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const FILM: ItemNumber = ItemNumber(1);
    const LENGTH: Option<Duration> = Some(Duration::from_mins(100));

    fn after(state: PlaybackState, seconds: u64) -> WatchState {
        let mut marks = Marks::default();
        marks.report(FILM, state, Duration::from_secs(seconds), LENGTH, Utc::now());
        marks.state(FILM)
    }

    #[test]
    fn a_stop_near_the_end_is_a_play_and_leaves_no_position() {
        let state = after(PlaybackState::Stopped, 5400);
        assert!(state.played && state.play_count == 1 && state.position.is_zero());
    }

    #[test]
    fn playing_near_the_end_is_not_yet_a_play() {
        let state = after(PlaybackState::Running, 5990);
        assert!(!state.played && state.position == Duration::from_secs(5990));
    }

    #[test]
    fn the_first_minute_is_not_kept() {
        assert_eq!(after(PlaybackState::Stopped, 59).position, Duration::ZERO);
        assert_eq!(after(PlaybackState::Stopped, 60).position, Duration::from_mins(1));
    }

    #[test]
    fn a_negative_rating_clears() {
        let mut marks = Marks::default();
        marks.rate(FILM, 8.0);
        assert_eq!(marks.rating(FILM), Some(8.0));
        marks.rate(FILM, -1.0);
        assert_eq!(marks.rating(FILM), None);
    }
}
