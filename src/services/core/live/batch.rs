//! Changes that come in bursts, collected until it is quiet. Pure: it is told the time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::backends::LiveChange;
use crate::models::{RemoteId, WatchState};

/// A burst is over when nothing has come for this long.
const QUIET: Duration = Duration::from_millis(400);
/// A burst that goes on is taken in parts: somebody looks at the screen meanwhile.
const LONGEST: Duration = Duration::from_secs(5);

/// What has come and is not stored yet. Of an item only the last news count.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Batch {
    /// What the user did, as the server has it.
    pub(super) states: BTreeMap<RemoteId, WatchState>,
    /// Items to be asked for.
    pub(super) changed: BTreeSet<RemoteId>,
    /// Libraries that items which nobody knows yet may be in.
    pub(super) hints: BTreeSet<RemoteId>,
    /// Items that are said to be gone.
    pub(super) removed: BTreeSet<RemoteId>,
    /// Libraries that were read anew.
    pub(super) libraries: BTreeSet<RemoteId>,
    /// Nobody says what.
    pub(super) anything: bool,
    begun: Option<Instant>,
    last: Option<Instant>,
}

impl Batch {
    /// Something came.
    pub(super) fn add(&mut self, change: LiveChange, now: Instant) {
        self.begun.get_or_insert(now);
        self.last = Some(now);
        match change {
            LiveChange::UserData(states) => self.states.extend(states),
            LiveChange::Changed { items, libraries } => {
                for item in &items {
                    self.removed.remove(item);
                }
                self.changed.extend(items);
                self.hints.extend(libraries);
            }
            LiveChange::Removed(items) => {
                for item in &items {
                    self.changed.remove(item);
                }
                self.removed.extend(items);
            }
            LiveChange::Anything => self.anything = true,
            LiveChange::LibraryRefreshed(library) => {
                self.libraries.insert(library);
            }
        }
    }

    /// When it is to be stored; `None` while there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        Some((self.last? + QUIET).min(self.begun? + LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u32]) -> Vec<RemoteId> {
        numbers.iter().map(|number| RemoteId::new(number.to_string())).collect()
    }

    fn changed(numbers: &[u32]) -> LiveChange {
        LiveChange::Changed { items: ids(numbers), libraries: ids(&[7]) }
    }

    #[test]
    fn a_burst_is_stored_when_it_is_over_or_has_lasted_long() {
        let begin = Instant::now();
        let at = |ms| begin + Duration::from_millis(ms);
        let mut batch = Batch::default();
        assert_eq!(batch.due(), None);
        batch.add(changed(&[1]), at(0));
        assert_eq!(batch.due(), Some(at(400)));
        for ms in (100..=4900).step_by(300) {
            batch.add(changed(&[1, 2]), at(ms));
        }
        assert_eq!(batch.due(), Some(at(5000)));
        assert_eq!(batch.changed, ids(&[1, 2]).into_iter().collect());
    }

    #[test]
    fn the_last_news_of_an_item_count() {
        let now = Instant::now();
        let mut batch = Batch::default();
        batch.add(changed(&[1, 2]), now);
        batch.add(LiveChange::Removed(ids(&[2, 3])), now);
        batch.add(changed(&[3]), now);
        assert_eq!(batch.changed, ids(&[1, 3]).into_iter().collect());
        assert_eq!(batch.removed, ids(&[2]).into_iter().collect());
        let state = |played| WatchState { watched: played, ..WatchState::default() };
        batch.add(LiveChange::UserData(vec![(RemoteId::new("1"), state(true))]), now);
        batch.add(LiveChange::UserData(vec![(RemoteId::new("1"), state(false))]), now);
        assert_eq!(batch.states.into_values().collect::<Vec<_>>(), [state(false)]);
    }
}
