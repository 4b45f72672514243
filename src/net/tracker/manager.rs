//! The registry of trackers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::health::{self, HealthReport};
use super::state::{ConnectionId, ConnectionState, ConnectionTracker, TrackerSnapshot};
use super::stats::ConnectionStats;
use crate::models::SourceId;
use crate::net::retry::RetryPolicy;

/// The trackers of all connections. Cheap to clone; all clones share them.
///
/// A change happens inside [`ConnectionManager::with_tracker`], under one lock: handing out a copy and putting
/// it back would lose what others changed meanwhile. The functions that are passed in must not call the
/// manager again.
#[derive(Debug, Clone)]
pub struct ConnectionManager {
    trackers: Arc<Mutex<HashMap<ConnectionId, ConnectionTracker>>>,
    policy: RetryPolicy,
}

impl ConnectionManager {
    /// An empty registry; a tracker follows [`RetryPolicy::RECONNECT`] until a run brings its own policy.
    pub fn new() -> Self {
        Self::with_policy(RetryPolicy::RECONNECT)
    }

    /// An empty registry with another first policy.
    pub fn with_policy(policy: RetryPolicy) -> Self {
        Self { trackers: Arc::default(), policy }
    }

    /// Reads or changes the tracker of a connection, which is made if there is none.
    pub fn with_tracker<R>(&self, id: &ConnectionId, change: impl FnOnce(&mut ConnectionTracker) -> R) -> R {
        let mut trackers = self.lock();
        if let Some(tracker) = trackers.get_mut(id) {
            return change(tracker);
        }
        let fresh = ConnectionTracker::new(id.clone(), self.policy);
        change(trackers.entry(id.clone()).or_insert(fresh))
    }

    /// Reads or changes the tracker of a connection if there is one.
    pub fn with_existing<R>(
        &self,
        id: &ConnectionId,
        change: impl FnOnce(&mut ConnectionTracker) -> R,
    ) -> Option<R> {
        self.lock().get_mut(id).map(change)
    }

    /// Forgets a connection.
    pub fn remove(&self, id: &ConnectionId) {
        self.lock().remove(id);
    }

    /// Forgets the connections that are not to be kept: addresses a server no longer has, sources that were
    /// removed.
    pub fn retain(&self, mut keep: impl FnMut(&ConnectionId) -> bool) {
        self.lock().retain(|id, _| keep(id));
    }

    /// Starts all connections of a source anew: a user's retry.
    pub fn reset_source(&self, source: SourceId) {
        let mut trackers = self.lock();
        trackers
            .values_mut()
            .filter(|tracker| tracker.id().source == source)
            .for_each(ConnectionTracker::reset);
    }

    /// Starts all connections anew: the network changed, or the machine woke up.
    pub fn reset_all(&self) {
        self.lock().values_mut().for_each(ConnectionTracker::reset);
    }

    /// The connections that are in a state, as they are now, by id.
    pub fn get_by_state(&self, state: ConnectionState) -> Vec<ConnectionTracker> {
        let mut found: Vec<_> =
            self.lock().values().filter(|tracker| tracker.state() == state).cloned().collect();
        found.sort_by(|one, other| one.id().cmp(other.id()));
        found
    }

    /// The present picture of all connections, by id. `now` is the wall clock.
    pub fn snapshots(&self, now: DateTime<Utc>) -> Vec<TrackerSnapshot> {
        let mut found: Vec<_> = self.lock().values().map(|tracker| tracker.snapshot(now)).collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }

    /// Totals over all connections.
    pub fn stats(&self) -> ConnectionStats {
        ConnectionStats::of(self.lock().values())
    }

    /// Totals for each source that has a connection here.
    pub fn stats_by_source(&self) -> BTreeMap<SourceId, ConnectionStats> {
        let mut by_source: BTreeMap<SourceId, ConnectionStats> = BTreeMap::new();
        for tracker in self.lock().values() {
            by_source.entry(tracker.id().source).or_default().add(tracker);
        }
        by_source
    }

    /// The health of the app: of the enabled remote sources `enabled`, at least `threshold` must be connected,
    /// or all of them if there are fewer. `now` is the wall clock.
    pub fn health(&self, enabled: &[SourceId], threshold: usize, now: DateTime<Utc>) -> HealthReport {
        health::report(self.lock().values(), enabled, threshold, now)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, ConnectionTracker>> {
        // A panic inside a change leaves a tracker that is still a tracker.
        self.trackers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ConnectionManager {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
