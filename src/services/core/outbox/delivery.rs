//! Bringing one change to its server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::backend::{self, BackendHandle, Purpose};
use super::fate::{Fate, fate, has_arrived, is_newer};
use crate::backends::BackendError;
use crate::db::OutboxRow;
use crate::models::{OutboxChange, PlayMethod, PlaybackEvent, PlaybackReport, SourceId, WatchState};
use crate::net::{ErrorKind, Failure as _};
use crate::services::{AppContext, ServiceError};

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// The server has it.
    Delivered,
    /// The server has something newer.
    Superseded(WatchState),
    /// The item is gone.
    Gone,
    /// To be tried again, not before the server's pause is over.
    Postponed(ErrorKind, Option<Duration>),
    /// A person has to decide.
    Stuck(ErrorKind),
}

/// Brings a change to its server, or finds out why that cannot be.
pub(super) async fn deliver(ctx: &AppContext, source: SourceId, row: &OutboxRow) -> Outcome {
    let ahead = match ctx.db.sources().clock_offset(source).await {
        Ok(ahead) => ahead,
        Err(error) => return Outcome::Postponed(ServiceError::from(error).kind(), None),
    };
    let row = &by_clock_of_server(row, ahead);
    // What was tried before may have arrived, here or over another connection a moment ago.
    let tried = Arc::new(AtomicBool::new(row.attempts > 0));
    let result = backend::run(ctx, source, Purpose::Delivery, |backend| {
        let (row, tried) = (row.clone(), Arc::clone(&tried));
        async move { send(&backend, &row, &tried).await }
    })
    .await;
    let error = match result {
        Ok(outcome) => return outcome,
        Err(error) => error,
    };
    let kind = error.kind();
    match fate(kind) {
        Fate::Wait => Outcome::Postponed(kind, error.retry_after()),
        Fate::LookAgain if is_gone(ctx, source, row).await => Outcome::Gone,
        Fate::LookAgain => Outcome::Postponed(kind, None),
        Fate::KeepHere => Outcome::Delivered,
        Fate::Stuck => Outcome::Stuck(kind),
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

/// The change with the times that its server's clock would have told: what the server knows is compared with them, and
/// what it keeps of them is compared with its own.
fn by_clock_of_server(row: &OutboxRow, ahead: TimeDelta) -> OutboxRow {
    let mut row = row.clone();
    match &mut row.change {
        OutboxChange::Watched { at, .. } | OutboxChange::Position { at, .. } => *at -= ahead,
        OutboxChange::Favourite { .. } | OutboxChange::Rating { .. } => {}
    }
    row
}

/// Sends one change, unless the server knows of something newer.
async fn send(backend: &BackendHandle, row: &OutboxRow, tried: &AtomicBool) -> Result<Outcome, BackendError> {
    let remote = &row.remote_id;
    match &row.change {
        OutboxChange::Favourite { favourite } => backend.set_favourite(remote, *favourite).await?,
        OutboxChange::Rating { rating } => backend.set_rating(remote, *rating).await?,
        OutboxChange::Watched { watched, at } => {
            let server = at_server(backend, row).await?;
            if let Some(newer) = newer(server.as_ref(), row, *at) {
                return Ok(Outcome::Superseded(newer));
            }
            let again = tried.swap(true, Ordering::Relaxed);
            if again && server.is_some_and(|server| has_arrived(&server, *watched, *at)) {
                return Ok(Outcome::Delivered);
            }
            backend.set_watched(remote, *watched, *at).await?;
        }
        OutboxChange::Position { position, duration, at } => {
            if let Some(newer) = newer(at_server(backend, row).await?.as_ref(), row, *at) {
                return Ok(Outcome::Superseded(newer));
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

/// What the server knows of the item; nothing where it cannot be asked.
async fn at_server(backend: &BackendHandle, row: &OutboxRow) -> Result<Option<WatchState>, BackendError> {
    match backend.watch_state(&row.remote_id).await {
        Ok(state) => Ok(Some(state)),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(error),
    }
}

fn newer(server: Option<&WatchState>, row: &OutboxRow, at: DateTime<Utc>) -> Option<WatchState> {
    server.filter(|server| is_newer(server, row.base, at)).cloned()
}
