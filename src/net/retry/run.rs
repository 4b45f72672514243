//! The only loops that repeat a request.

use std::time::Duration;

use tokio::time::Instant;
use tracing::debug;

use super::context::{Repeat, RetryContext, RetryStep};
use super::decide::{Stop, next_delay};
use super::policy::{Deadline, RetryPolicy};
use super::rule::Failure;
use crate::net::tracker::{ConnectionId, ConnectionManager, ConnectionTracker};

/// Runs an operation, and repeats it as its policy, its errors and the context permit.
///
/// Within the policy's `total`, on Tokio's clock; how long connecting and reading may take is the operation's
/// own business. Cancelled by dropping it: nothing goes on behind it.
///
/// # Errors
/// The error of the last attempt, or [`Failure::timed_out`] when time was over during one. An error that asks
/// for a longer pause than there is time for is given back at once and still says when to try again.
pub async fn with_retry<T, E, F, Fut>(
    policy: &RetryPolicy,
    repeat: Repeat,
    context: &RetryContext<'_>,
    operation: F,
) -> Result<T, E>
where
    E: Failure,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    run(policy, repeat, context, &mut Untracked, operation).await
}

/// As [`with_retry`], and keeps the tracker of a connection up to date.
///
/// A connection whose attempts are used up gets one attempt and no repetition, until its tracker is reset or
/// an attempt succeeds.
///
/// # Errors
/// As [`with_retry`].
pub async fn with_retry_tracked<T, E, F, Fut>(
    policy: &RetryPolicy,
    repeat: Repeat,
    context: &RetryContext<'_>,
    manager: &ConnectionManager,
    id: &ConnectionId,
    operation: F,
) -> Result<T, E>
where
    E: Failure,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let base = manager.with_tracker(id, |tracker| tracker.begin_run(*policy));
    let mut tracking = TrackedRun { manager, id, base };
    run(policy, repeat, context, &mut tracking, operation).await
}

/// Follows a run. Dropped with it, however it ends.
trait Follow {
    /// An attempt begins.
    fn attempt(&mut self) {}

    /// Attempt `attempt` of this run ended. Gives the number of attempts that count, or `None` when the
    /// connection is given up.
    fn outcome<E: Failure>(&mut self, attempt: u32, outcome: Result<(), &E>) -> Option<u32>;
}

struct Untracked;

impl Follow for Untracked {
    fn outcome<E: Failure>(&mut self, attempt: u32, _: Result<(), &E>) -> Option<u32> {
        Some(attempt)
    }
}

struct TrackedRun<'a> {
    manager: &'a ConnectionManager,
    id: &'a ConnectionId,
    base: u32,
}

impl Follow for TrackedRun<'_> {
    fn attempt(&mut self) {
        self.manager.with_existing(self.id, ConnectionTracker::record_attempt);
    }

    fn outcome<E: Failure>(&mut self, attempt: u32, outcome: Result<(), &E>) -> Option<u32> {
        let attempts = self.base.saturating_add(attempt);
        let kind = outcome.map_err(Failure::kind);
        // A connection that was removed meanwhile is not tried again.
        let goes_on =
            self.manager.with_existing(self.id, |tracker| tracker.record_outcome(attempts, kind))?;
        goes_on.then_some(attempts)
    }
}

impl Drop for TrackedRun<'_> {
    fn drop(&mut self) {
        self.manager.with_existing(self.id, ConnectionTracker::end_run);
    }
}

async fn run<T, E, F, Fut, O>(
    policy: &RetryPolicy,
    repeat: Repeat,
    context: &RetryContext<'_>,
    follow: &mut O,
    mut operation: F,
) -> Result<T, E>
where
    E: Failure,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    O: Follow,
{
    let deadline = match policy.total_is {
        Deadline::Whole => Instant::now().checked_add(policy.total),
        Deadline::PerAttempt => None,
    };
    let mut attempt: u32 = 1;
    loop {
        follow.attempt();
        let within = deadline.map_or(policy.total, |end| end.duration_since(Instant::now()));
        let result = tokio::time::timeout(within, operation()).await.unwrap_or_else(|_| Err(E::timed_out()));
        if let Some(source) = context.source {
            source.note(result.as_ref().map(|_| ()).map_err(Failure::kind));
        }
        let attempts = follow.outcome(attempt, result.as_ref().map(|_| ()));
        let failure = match result {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        let left = deadline.map(|end| end.duration_since(Instant::now()));
        let next = attempts
            .ok_or(Stop::UsedUp)
            .and_then(|attempts| next_delay(policy, repeat, context, &failure, attempts, left));
        match next {
            Ok(delay) => pause(policy, context, &failure, attempt, delay).await,
            Err(stop) => {
                debug!(kind = ?failure.kind(), attempt, ?stop, "not tried again");
                return Err(failure);
            }
        }
        attempt = attempt.saturating_add(1);
    }
}

async fn pause<E: Failure>(
    policy: &RetryPolicy,
    context: &RetryContext<'_>,
    failure: &E,
    attempt: u32,
    delay: Duration,
) {
    let kind = failure.kind();
    let step = RetryStep { attempt: attempt.saturating_add(1), of: policy.shown_attempts(), delay, kind };
    debug!(?kind, attempt = step.attempt, of = step.of, delay_ms = delay.as_millis(), "trying again");
    if let Some(observer) = context.observer {
        observer.on_retry(step);
    }
    tokio::time::sleep(delay).await;
}

#[cfg(test)]
mod tests;
