//! Totals over connections.

use serde::Serialize;

use super::state::{ConnectionState, ConnectionTracker};

/// How many connections are in which state, and how their attempts went.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ConnectionStats {
    /// All connections.
    pub total_connections: usize,
    /// Not tried yet.
    pub idle: usize,
    /// Being tried.
    pub connecting: usize,
    /// Working.
    pub connected: usize,
    /// Being tried again.
    pub retrying: usize,
    /// Failed.
    pub failed: usize,
    /// Given up.
    pub exhausted: usize,
    /// Attempts that ended.
    pub total_attempts: u64,
    /// Attempts that failed.
    pub total_failures: u64,
    /// The part of the attempts that succeeded, 0 to 1; `None` before the first.
    pub success_rate: Option<f64>,
}

impl ConnectionStats {
    /// The totals over `trackers`.
    pub fn of<'a>(trackers: impl IntoIterator<Item = &'a ConnectionTracker>) -> Self {
        let mut stats = Self::default();
        for tracker in trackers {
            stats.add(tracker);
        }
        stats
    }

    /// How many connections are in a state.
    pub fn count(&self, state: ConnectionState) -> usize {
        match state {
            ConnectionState::Idle => self.idle,
            ConnectionState::Connecting => self.connecting,
            ConnectionState::Connected => self.connected,
            ConnectionState::Retrying => self.retrying,
            ConnectionState::Failed => self.failed,
            ConnectionState::Exhausted => self.exhausted,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate to show; 2^52 attempts will not happen")]
    pub(super) fn add(&mut self, tracker: &ConnectionTracker) {
        self.total_connections += 1;
        match tracker.state() {
            ConnectionState::Idle => self.idle += 1,
            ConnectionState::Connecting => self.connecting += 1,
            ConnectionState::Connected => self.connected += 1,
            ConnectionState::Retrying => self.retrying += 1,
            ConnectionState::Failed => self.failed += 1,
            ConnectionState::Exhausted => self.exhausted += 1,
        }
        let (attempts, failures) = tracker.totals();
        self.total_attempts = self.total_attempts.saturating_add(attempts);
        self.total_failures = self.total_failures.saturating_add(failures);
        self.success_rate =
            (self.total_attempts > 0).then(|| 1.0 - self.total_failures as f64 / self.total_attempts as f64);
    }
}
