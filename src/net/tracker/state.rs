//! The state of one connection, as its attempts show it.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::time::Instant;

use crate::models::{ServerUrl, SourceId};
use crate::net::error::ErrorKind;
use crate::net::retry::{ConnectionNews, RetryPolicy};

/// One connection: an address of a source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ConnectionId {
    /// The source.
    pub source: SourceId,
    /// Its address.
    pub url: ServerUrl,
}

impl ConnectionId {
    /// The connection of `source` at `url`.
    pub fn new(source: SourceId, url: ServerUrl) -> Self {
        Self { source, url }
    }

    /// Whose connection it is.
    pub fn source(&self) -> SourceId {
        self.source
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source, self.url)
    }
}

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionState {
    /// Not tried yet.
    Idle,
    /// An attempt is under way, and the one before did not succeed.
    Connecting,
    /// The last attempt succeeded.
    Connected,
    /// The last attempt failed; another one follows.
    Retrying,
    /// The last attempt failed; none follows by itself.
    Failed,
    /// All attempts were used up. Left on a change of network, a resume, a user's retry or a success.
    Exhausted,
}

impl ConnectionState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Idle, Self::Connecting, Self::Connected, Self::Retrying, Self::Failed, Self::Exhausted];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
            Self::Exhausted => "exhausted",
        }
    }
}

/// State, counts and times of one connection.
#[derive(Debug, Clone)]
pub struct ConnectionTracker {
    id: ConnectionId,
    policy: RetryPolicy,
    state: ConnectionState,
    attempt_count: u32,
    consecutive_failures: u32,
    total_attempts: u64,
    total_failures: u64,
    last_attempt: Option<Instant>,
    last_success: Option<Instant>,
    last_error: Option<(ErrorKind, Instant)>,
}

impl ConnectionTracker {
    /// A connection that was not tried yet.
    pub fn new(id: ConnectionId, policy: RetryPolicy) -> Self {
        Self {
            id,
            policy,
            state: ConnectionState::Idle,
            attempt_count: 0,
            consecutive_failures: 0,
            total_attempts: 0,
            total_failures: 0,
            last_attempt: None,
            last_success: None,
            last_error: None,
        }
    }

    /// Which connection it is.
    pub fn id(&self) -> &ConnectionId {
        &self.id
    }

    /// Where it stands.
    pub fn state(&self) -> ConnectionState {
        self.state
    }

    /// Failed attempts of the present run.
    pub fn attempt_count(&self) -> u32 {
        self.attempt_count
    }

    /// Failures since the last success.
    pub fn consecutive_failures(&self) -> u32 {
        self.consecutive_failures
    }

    /// Attempts that ended, and how many of them failed, since it is known.
    pub fn totals(&self) -> (u64, u64) {
        (self.total_attempts, self.total_failures)
    }

    /// When an attempt began last.
    pub fn last_attempt(&self) -> Option<Instant> {
        self.last_attempt
    }

    /// When an attempt succeeded last.
    pub fn last_success(&self) -> Option<Instant> {
        self.last_success
    }

    /// How, and when, an attempt failed last.
    pub fn last_error(&self) -> Option<(ErrorKind, Instant)> {
        self.last_error
    }

    /// An attempt begins. Requests over a connection that works do not change its state.
    pub fn record_attempt(&mut self) {
        self.last_attempt = Some(Instant::now());
        if matches!(self.state, ConnectionState::Idle | ConnectionState::Failed) {
            self.state = ConnectionState::Connecting;
        }
    }

    /// An attempt succeeded.
    pub fn record_success(&mut self) {
        let now = Instant::now();
        self.total_attempts = self.total_attempts.saturating_add(1);
        self.last_attempt = self.last_attempt.or(Some(now));
        self.last_success = Some(now);
        self.consecutive_failures = 0;
        self.state = ConnectionState::Connected;
        if self.policy.reset_on_success {
            self.attempt_count = 0;
        }
    }

    /// The next attempt failed.
    pub fn record_failure(&mut self, kind: ErrorKind) {
        self.fail(self.attempt_count.saturating_add(1), kind);
    }

    /// Whether another attempt makes sense and is left.
    pub fn should_retry(&self) -> bool {
        !matches!(self.state, ConnectionState::Failed | ConnectionState::Exhausted)
            && !self.policy.is_used_up(self.attempt_count)
    }

    /// The pause before the next attempt; `random` is in `0.0..1.0`.
    pub fn retry_delay(&self, random: f64) -> Duration {
        self.policy.delay_before(self.attempt_count.saturating_add(1), random)
    }

    /// Starts anew: the network changed, the machine woke up or the user wants it. Totals and times stay.
    pub fn reset(&mut self) {
        self.attempt_count = 0;
        self.consecutive_failures = 0;
        if self.state != ConnectionState::Connected {
            self.state = ConnectionState::Idle;
        }
    }

    /// A run of attempts begins, under its own policy. Gives how many attempts count as made already: the runs
    /// of parallel requests count by themselves, but a connection that is exhausted has none to repeat.
    pub(in crate::net) fn begin_run(&mut self, policy: RetryPolicy) -> u32 {
        self.policy = policy;
        if self.state == ConnectionState::Exhausted {
            self.attempt_count.max(policy.max_attempts)
        } else if policy.reset_on_success {
            0
        } else {
            self.attempt_count
        }
    }

    /// Attempt `attempts` of a run ended. Gives whether the connection may be tried again in this run.
    pub(in crate::net) fn record_outcome(&mut self, attempts: u32, outcome: Result<(), ErrorKind>) -> bool {
        match outcome.map_err(|kind| (kind, kind.tells_of_connection())) {
            Ok(()) | Err((_, ConnectionNews::Good)) => self.record_success(),
            Err((kind, ConnectionNews::Bad)) => self.fail(attempts, kind),
            Err((_, ConnectionNews::None)) => self.settle(),
        }
        self.state != ConnectionState::Exhausted
    }

    /// A run is over, or was cancelled: nothing is under way any more.
    pub(in crate::net) fn end_run(&mut self) {
        self.settle();
    }

    fn fail(&mut self, attempts: u32, kind: ErrorKind) {
        let now = Instant::now();
        self.total_attempts = self.total_attempts.saturating_add(1);
        self.total_failures = self.total_failures.saturating_add(1);
        self.attempt_count = attempts;
        self.consecutive_failures = self.consecutive_failures.saturating_add(1);
        self.last_attempt = self.last_attempt.or(Some(now));
        self.last_error = Some((kind, now));
        let endless = self.policy.max_attempts == 0;
        self.state = if !kind.retry().is_timed() {
            ConnectionState::Failed
        } else if self.policy.is_used_up(attempts) || (self.state == ConnectionState::Exhausted && !endless) {
            ConnectionState::Exhausted
        } else {
            ConnectionState::Retrying
        };
    }

    fn settle(&mut self) {
        self.state = match self.state {
            ConnectionState::Retrying => ConnectionState::Failed,
            ConnectionState::Connecting if self.consecutive_failures > 0 => ConnectionState::Failed,
            ConnectionState::Connecting => ConnectionState::Idle,
            settled => settled,
        };
    }

    /// The present picture, to show or to store. `now` is the wall clock that belongs to this moment.
    pub fn snapshot(&self, now: DateTime<Utc>) -> TrackerSnapshot {
        let wall = |then: Instant| {
            TimeDelta::from_std(then.elapsed()).ok().and_then(|ago| now.checked_sub_signed(ago))
        };
        TrackerSnapshot {
            id: self.id.clone(),
            state: self.state,
            attempt_count: self.attempt_count,
            consecutive_failures: self.consecutive_failures,
            total_attempts: self.total_attempts,
            total_failures: self.total_failures,
            last_attempt: self.last_attempt.and_then(wall),
            last_success: self.last_success.and_then(wall),
            last_error: self.last_error.map(|(kind, _)| kind),
            last_error_at: self.last_error.and_then(|(_, at)| wall(at)),
        }
    }
}

/// A [`ConnectionTracker`] at one moment, with times of the wall clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrackerSnapshot {
    /// Which connection it is.
    #[serde(flatten)]
    pub id: ConnectionId,
    /// Where it stands.
    pub state: ConnectionState,
    /// Failed attempts of the present run.
    pub attempt_count: u32,
    /// Failures since the last success.
    pub consecutive_failures: u32,
    /// Attempts that ended.
    pub total_attempts: u64,
    /// Attempts that failed.
    pub total_failures: u64,
    /// When an attempt began last.
    pub last_attempt: Option<DateTime<Utc>>,
    /// When an attempt succeeded last.
    pub last_success: Option<DateTime<Utc>>,
    /// How an attempt failed last.
    pub last_error: Option<ErrorKind>,
    /// When that was.
    pub last_error_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests;
