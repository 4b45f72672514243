//! Changes on their way to servers.
//!
//! A change is stored together with the local change it stands for, in one transaction, and leaves the outbox
//! only when a server has it, when the server has something newer, when its item is verifiably gone, or when
//! the user discards it. Delivery is at least once; every change is absolute, so twice does no harm. A row in
//! work is leased: a process that dies gives it back by the lease's end.

use std::time::Duration;

use chrono::TimeDelta;
use tracing::{debug, info, warn};
use uuid::Uuid;

use super::backend::{self, BackendHandle, Purpose};
use crate::backends::BackendError;
use crate::db::OutboxRow;
use crate::models::{
    OperationId, OutboxChange, PlayMethod, PlaybackEvent, PlaybackReport, SourceId, WatchState,
};
use crate::net::retry::Jitter;
use crate::net::{ErrorKind, RetryPolicy};
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError};

/// A row in work belongs to its process for this long.
const LEASE: Duration = Duration::from_mins(1);
/// Rows taken at a time.
const BATCH: u32 = 20;
/// When a failed delivery is tried again. Nothing else of this app repeats at the same moment: no jitter.
const REPEATED: RetryPolicy = RetryPolicy { jitter: Jitter::None, ..RetryPolicy::FOREVER };

/// What a drain did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DrainSummary {
    /// The server has them.
    pub delivered: u32,
    /// The server had something newer, or the item is gone.
    pub dropped: u32,
    /// Will be tried again.
    pub postponed: u32,
    /// Need a person.
    pub stuck: u32,
}

/// What becomes of a row after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Delivered,
    Superseded,
    Gone,
    Postponed(ErrorKind),
    Stuck(ErrorKind),
}

/// Delivers changes.
pub struct OutboxService;

impl OutboxService {
    /// What waits, oldest first.
    pub async fn list(ctx: &AppContext, source: Option<SourceId>) -> Result<Vec<OutboxRow>> {
        Ok(ctx.db.outbox().list(source).await?)
    }

    /// Makes everything that waits due now, what was stuck as well.
    pub async fn retry_all(ctx: &AppContext) -> Result<()> {
        Ok(ctx.db.outbox().retry(None).await?)
    }

    /// Gives up one change. What is stored here stays.
    ///
    /// # Errors
    /// `Unknown` when there is no such change.
    pub async fn discard(ctx: &AppContext, operation: OperationId) -> Result<()> {
        Ok(ctx.db.outbox().drop_row(operation).await?)
    }

    /// Delivers what waits for a source, in order, until nothing is due. A server that cannot be reached
    /// postpones everything and is no error.
    pub async fn drain(ctx: &AppContext, source: SourceId) -> Result<DrainSummary> {
        let owner = Uuid::new_v4().to_string();
        let mut summary = DrainSummary::default();
        loop {
            let rows = ctx.db.outbox().lease(source, &owner, ctx.clock.now(), LEASE, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let outcome = Self::deliver(ctx, source, &row).await;
                debug!(op_id = %row.op_id, ?outcome, "outbox");
                Self::settle(ctx, &row, outcome, &mut summary).await?;
            }
        }
        if summary != DrainSummary::default() {
            info!(source_id = %source, ?summary, "outbox drained");
            ctx.events.publish(Event::OutboxChanged(source));
        }
        Ok(summary)
    }

    async fn settle(
        ctx: &AppContext,
        row: &OutboxRow,
        outcome: Outcome,
        summary: &mut DrainSummary,
    ) -> Result<()> {
        let outbox = ctx.db.outbox();
        match outcome {
            Outcome::Delivered => {
                summary.delivered += 1;
                outbox.complete(row.op_id).await?;
            }
            Outcome::Superseded | Outcome::Gone => {
                summary.dropped += 1;
                outbox.complete(row.op_id).await?;
            }
            Outcome::Postponed(kind) => {
                summary.postponed += 1;
                let wait = TimeDelta::from_std(delay(row.attempts)).unwrap_or(TimeDelta::MAX);
                outbox.fail(row.op_id, ctx.clock.now() + wait, &format!("{kind:?}")).await?;
            }
            Outcome::Stuck(kind) => {
                summary.stuck += 1;
                warn!(op_id = %row.op_id, ?kind, "a change cannot be delivered");
                outbox.stuck(row.op_id, &format!("{kind:?}")).await?;
            }
        }
        Ok(())
    }

    async fn deliver(ctx: &AppContext, source: SourceId, row: &OutboxRow) -> Outcome {
        let ahead = match ctx.db.sources().clock_offset(source).await {
            Ok(ahead) => ahead,
            Err(error) => return Outcome::Postponed(ServiceError::from(error).kind()),
        };
        let row = &by_clock_of_server(row, ahead);
        let result = backend::run(ctx, source, Purpose::Delivery, |backend| {
            let row = row.clone();
            async move { send(&backend, &row).await }
        })
        .await;
        let kind = match result {
            Ok(outcome) => return outcome,
            Err(error) => error.kind(),
        };
        match kind {
            ErrorKind::NotFound if Self::is_gone(ctx, source, row).await => Outcome::Gone,
            ErrorKind::NotFound | ErrorKind::Unauthorized | ErrorKind::Credentials | ErrorKind::Offline => {
                Outcome::Postponed(kind)
            }
            kind if kind.may_pass() => Outcome::Postponed(kind),
            // The favourite stays here when the server has no such mark.
            ErrorKind::Unsupported => Outcome::Delivered,
            ErrorKind::Storage => Outcome::Postponed(kind),
            kind => Outcome::Stuck(kind),
        }
    }

    /// A second look before a change is thrown away: the server lets us in and still does not know the item.
    async fn is_gone(ctx: &AppContext, source: SourceId, row: &OutboxRow) -> bool {
        let looked = backend::run(ctx, source, Purpose::Delivery, |backend| {
            let remote = row.remote_id.clone();
            async move {
                backend.test_connection().await?;
                match backend.details(&remote).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
                    Ok(_) => Ok(false),
                    Err(error) => Err(error),
                }
            }
        })
        .await;
        looked.unwrap_or(false)
    }
}

/// The change with the times that its server's clock would have told: what the server knows is compared with them, and
/// what it keeps of them is compared with its own.
fn by_clock_of_server(row: &OutboxRow, ahead: TimeDelta) -> OutboxRow {
    let mut row = row.clone();
    match &mut row.change {
        OutboxChange::Watched { at, .. } | OutboxChange::Position { at, .. } => *at -= ahead,
        OutboxChange::Favourite { .. } => {}
    }
    row
}

/// Sends one change, unless the server knows of something newer.
async fn send(backend: &BackendHandle, row: &OutboxRow) -> Result<Outcome, BackendError> {
    let remote = &row.remote_id;
    match &row.change {
        OutboxChange::Favourite { favourite } => backend.set_favourite(remote, *favourite).await?,
        OutboxChange::Watched { watched, at } => {
            if newer_at_server(backend, row, *at).await? {
                return Ok(Outcome::Superseded);
            }
            backend.set_watched(remote, *watched, *at).await?;
        }
        OutboxChange::Position { position, duration, at } => {
            if newer_at_server(backend, row, *at).await? {
                return Ok(Outcome::Superseded);
            }
            let report = PlaybackReport {
                event: PlaybackEvent::Stopped,
                position: *position,
                duration: *duration,
                at: *at,
                version_id: None,
                play_session_id: None,
                method: PlayMethod::Direct,
            };
            backend.set_position(remote, &report).await?;
        }
    }
    Ok(Outcome::Delivered)
}

async fn newer_at_server(
    backend: &BackendHandle,
    row: &OutboxRow,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<bool, BackendError> {
    match backend.watch_state(&row.remote_id).await {
        Ok(state) => Ok(is_newer(&state, at)),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the server's state was made after `at`. Servers keep whole seconds, so a difference below one
/// second is our own change.
fn is_newer(state: &WatchState, at: chrono::DateTime<chrono::Utc>) -> bool {
    state.last_played_at.is_some_and(|played| played > at + TimeDelta::seconds(1))
}

/// Wait after the given number of attempts: 1, 2, 4 … 60 s.
fn delay(attempts: u32) -> Duration {
    // Counted from 0 here, and of the attempt that comes next there.
    REPEATED.delay_before(attempts.saturating_add(2), 0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn waits_grow_to_a_minute() {
        let waits: Vec<u64> = (0..9).map(|attempts| delay(attempts).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(delay(u32::MAX), Duration::from_mins(1));
    }

    #[test]
    fn newer_means_more_than_a_second() {
        let at: DateTime<Utc> = "2026-01-02T03:04:05.600Z".parse().unwrap();
        let state = |text: &str| WatchState { last_played_at: text.parse().ok(), ..WatchState::default() };
        assert!(!is_newer(&state("2026-01-02T03:04:05Z"), at));
        assert!(!is_newer(&state("2026-01-02T03:04:06Z"), at));
        assert!(is_newer(&state("2026-01-02T03:04:08Z"), at));
        assert!(!is_newer(&WatchState::default(), at));
    }
}
