//! What the system says about the network: when to look again, never whether a server can be reached.
//!
//! "Available" means a way to the internet. Servers at home answer without one, so that nothing here ever declares a
//! source offline; it only starts tests, ends generations of clients, and lets background work wait.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

/// A change of network comes as several signals; it is over when none has come for this long.
const DEBOUNCE: Duration = Duration::from_millis(500);
/// A network that changes all the time is looked at nevertheless.
const LONGEST_DEBOUNCE: Duration = Duration::from_secs(2);
/// A clock on the wall that is ahead of the steady one by this much more than before was not watched: the machine slept,
/// for the steady one stands still meanwhile. Corrections of the time are smaller.
const SHORTEST_SLEEP: Duration = Duration::from_secs(10);

/// How far the network reaches, by the system's own test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NetworkConnectivity {
    /// To the internet, or nobody has tested it.
    #[default]
    Full,
    /// Not all the way to the internet.
    Limited,
    /// A login page of the network is in the way.
    Portal,
    /// Only this network.
    Local,
}

/// What the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkState {
    /// There is a way to somewhere.
    pub available: bool,
    /// How far it goes.
    pub connectivity: NetworkConnectivity,
    /// Traffic may cost money.
    pub metered: bool,
}

impl Default for NetworkState {
    /// What holds while nobody says otherwise.
    fn default() -> Self {
        Self { available: true, connectivity: NetworkConnectivity::Full, metered: false }
    }
}

/// The network has changed, or the machine has woken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkChange {
    /// How it is now.
    pub state: NetworkState,
    /// The machine was asleep.
    pub resumed: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    state: NetworkState,
    changes: u64,
    resumes: u64,
}

/// The state of the network, as it was told last. Cheap to clone; all clones share it. Without anybody who tells,
/// the network is there, whole and free of charge.
#[derive(Debug, Clone)]
pub struct NetworkWatch {
    sender: Arc<watch::Sender<Seen>>,
}

impl Default for NetworkWatch {
    fn default() -> Self {
        Self { sender: Arc::new(watch::Sender::new(Seen::default())) }
    }
}

impl NetworkWatch {
    /// How the network is.
    pub fn state(&self) -> NetworkState {
        self.sender.borrow().state
    }

    /// How many changes and resumptions were told.
    pub fn changes(&self) -> u64 {
        let seen = self.sender.borrow();
        seen.changes + seen.resumes
    }

    /// The system says how the network is. Nothing happens when that is no news.
    pub fn set(&self, state: NetworkState) {
        self.sender.send_if_modified(|seen| {
            let is_news = seen.state != state;
            seen.state = state;
            seen.changes += u64::from(is_news);
            is_news
        });
    }

    /// The network is another one, although it looks the same: an address or a route has changed.
    pub fn note_change(&self) {
        self.sender.send_modify(|seen| seen.changes += 1);
    }

    /// The machine has woken up.
    pub fn note_resume(&self) {
        self.sender.send_modify(|seen| seen.resumes += 1);
    }

    /// Changes from now on.
    pub fn subscribe(&self) -> NetworkChanges {
        let receiver = self.sender.subscribe();
        let told = *receiver.borrow();
        NetworkChanges { receiver, told }
    }
}

/// The changes of the network, one after the other.
#[derive(Debug)]
pub struct NetworkChanges {
    receiver: watch::Receiver<Seen>,
    told: Seen,
}

impl NetworkChanges {
    /// The next change, when it has come to rest. `None` when nobody tells any more. Can be dropped at any time
    /// without losing a change.
    pub async fn next(&mut self) -> Option<NetworkChange> {
        while *self.receiver.borrow_and_update() == self.told {
            self.receiver.changed().await.ok()?;
        }
        let longest = tokio::time::sleep(LONGEST_DEBOUNCE);
        tokio::pin!(longest);
        loop {
            tokio::select! {
                () = &mut longest => break,
                () = tokio::time::sleep(DEBOUNCE) => break,
                changed = self.receiver.changed() => if changed.is_err() { break },
            }
        }
        let now = *self.receiver.borrow_and_update();
        let resumed = now.resumes != self.told.resumes;
        self.told = now;
        Some(NetworkChange { state: now.state, resumed })
    }
}

/// Notices from two clocks that the machine slept, where nobody tells.
#[derive(Debug, Clone, Copy)]
pub struct ClockGap {
    wall: SystemTime,
    steady: Instant,
}

impl ClockGap {
    /// Begins to watch.
    pub fn new(wall: SystemTime, steady: Instant) -> Self {
        Self { wall, steady }
    }

    /// Whether the machine slept since the last look. A clock that was put back says nothing.
    pub fn look(&mut self, wall: SystemTime, steady: Instant) -> bool {
        let by_wall = wall.duration_since(self.wall).unwrap_or_default();
        let watched = steady.saturating_duration_since(self.steady);
        *self = Self { wall, steady };
        by_wall.saturating_sub(watched) >= SHORTEST_SLEEP
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tokio::time;

    use super::*;

    const PORTAL: NetworkState =
        NetworkState { available: true, connectivity: NetworkConnectivity::Portal, metered: true };

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_signals_is_one_change_half_a_second_after_the_last() {
        let watch = NetworkWatch::default();
        let mut changes = watch.subscribe();
        let begin = time::Instant::now();
        let signals = async {
            watch.set(NetworkState { available: false, ..NetworkState::default() });
            time::sleep(Duration::from_millis(400)).await;
            watch.note_change();
            time::sleep(Duration::from_millis(400)).await;
            watch.set(PORTAL);
        };
        let (change, ()) = tokio::join!(changes.next(), signals);
        assert_eq!(change, Some(NetworkChange { state: PORTAL, resumed: false }));
        assert_eq!(begin.elapsed(), Duration::from_millis(1300));
        let more = time::timeout(Duration::from_mins(1), changes.next()).await;
        assert!(more.is_err(), "one change only");
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_that_never_rests_is_looked_at_all_the_same() {
        let watch = NetworkWatch::default();
        let mut changes = watch.subscribe();
        let begin = time::Instant::now();
        let flapping = async {
            for _ in 0..100 {
                watch.note_change();
                time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::select! {
            change = changes.next() => assert!(change.is_some()),
            () = flapping => {}
        }
        assert_eq!(begin.elapsed(), LONGEST_DEBOUNCE);
    }

    #[tokio::test(start_paused = true)]
    async fn no_news_is_no_change_and_a_resumption_is_one() {
        let watch = NetworkWatch::default();
        let mut changes = watch.subscribe();
        watch.set(NetworkState::default());
        assert!(time::timeout(Duration::from_mins(1), changes.next()).await.is_err());
        watch.note_resume();
        assert!(changes.next().await.unwrap().resumed);
        watch.note_change();
        assert!(!changes.next().await.unwrap().resumed, "told once");
        assert_eq!(watch.changes(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_gives_up_and_comes_back_has_lost_nothing() {
        let watch = NetworkWatch::default();
        let mut changes = watch.subscribe();
        watch.note_resume();
        assert!(time::timeout(Duration::from_millis(100), changes.next()).await.is_err());
        let change = time::timeout(Duration::from_mins(1), changes.next()).await.unwrap();
        assert!(change.unwrap().resumed);
        drop(watch);
        assert_eq!(changes.next().await, None);
    }

    #[test]
    fn a_sleep_is_seen_in_the_clocks() {
        let (wall, steady) = (SystemTime::now(), Instant::now());
        let second = Duration::from_secs(1);
        let mut gap = ClockGap::new(wall, steady);
        assert!(!gap.look(wall + 30 * second, steady + 30 * second), "time passed for both");
        assert!(gap.look(wall + 3630 * second, steady + 60 * second), "an hour asleep");
        assert!(!gap.look(wall, steady + 90 * second), "put back");
        assert!(!gap.look(wall + 35 * second, steady + 120 * second), "corrected a little");
    }
}
