//! One operation on a source, from the choice of the connection to the words for its failure.
//!
//! Three circles, from the inside: an operation over one connection, which is doubted when it falls silent
//! ([`watch`](super::watch)); a change of connection when the one in use is not reached; a repetition after a
//! pause, as the policy of the purpose has it. Nobody else repeats anything.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use tracing::{debug, warn};

use super::super::auth::{AuthService, Renewal};
use super::super::connection::{self, Chosen, ConnectionService, Reach, Retrying, set_online};
use super::super::folders::FolderService;
use super::BackendHandle;
use super::make::{Made, make};
use super::watch::{Watched, Wires, watched};
use crate::models::{AuthStatus, Source, SourceId, SourceKind};
use crate::net::{Activity, ErrorKind, Repeat, RetryContext, RetryPolicy, RetryStep, with_retry};
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError};

/// Changes of connection in one attempt: more than this is a network that falls apart.
const MOST_MOVES: u32 = 3;

/// What an operation is for: decides time limits, repetitions and whose budget they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody waits for it.
    Interactive,
    /// Somebody waits for a search, which takes servers longer.
    Search,
    /// Nobody waits at this moment.
    Background,
    /// A picture: who shows it asks again later.
    Picture,
    /// A change on its way to the server: the outbox itself repeats it.
    Delivery,
    /// What plays: its bytes, or where they were left.
    Media,
    /// Where something plays: the next report is better than the same one again.
    Report,
    /// The handshake of a socket on which the server tells what happens.
    Live,
}

impl Purpose {
    fn policy(self) -> RetryPolicy {
        match self {
            Self::Interactive => RetryPolicy::INTERACTIVE,
            Self::Search => RetryPolicy::SEARCH,
            Self::Background => RetryPolicy::BACKGROUND,
            Self::Picture => RetryPolicy { max_attempts: 1, ..RetryPolicy::BACKGROUND },
            Self::Media => RetryPolicy::MEDIA,
            Self::Report => RetryPolicy { max_attempts: 1, ..RetryPolicy::INTERACTIVE },
            Self::Live => RetryPolicy::LIVE,
            Self::Delivery => RetryPolicy { max_attempts: 1, ..RetryPolicy::DEFAULT },
        }
    }
}

/// Runs one operation on fresh backends of a source. The operation must be safe to do twice.
///
/// # Errors
/// The operation's, after everything that could help was tried; `Offline` when no connection works.
pub(in super::super) async fn run<T, E, F, Fut>(
    ctx: &AppContext,
    source_id: SourceId,
    purpose: Purpose,
    operation: F,
) -> Result<T>
where
    E: Into<ServiceError>,
    F: Fn(BackendHandle) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let (source, ready) = ConnectionService::with_source(ctx, source_id).await?;
    if !source.enabled {
        return Err(ServiceError::Disabled(source_id));
    }
    let _waiting =
        matches!(purpose, Purpose::Interactive | Purpose::Search).then(|| ctx.courtesy.waiting(source_id));
    let retries = ctx.retries.source(source_id);
    let observer = |step: RetryStep| show_retry(ctx, source_id, step);
    let mut context = RetryContext::new().source(&retries).observer(&observer);
    if matches!(purpose, Purpose::Delivery | Purpose::Media) {
        context = context.unlimited();
    }
    if source.kind == SourceKind::Local {
        return attempt(ctx, &source, None, &operation, &AtomicU32::new(0)).await;
    }
    let policy = purpose.policy().scaled(ctx.connections.tuning().slow);
    let troubles = AtomicU32::new(0);
    // The first attempt uses what was just read; later ones look at the verdict of their own time.
    let ready = Mutex::new(ready);
    let once = || {
        let ready = ready.lock().unwrap_or_else(PoisonError::into_inner).take();
        attempt(ctx, &source, ready, &operation, &troubles)
    };
    // A keyring that does not answer is waited for once.
    let used = ctx.secrets.get(source_id).await?;
    let mut result = with_retry(&policy, Repeat::Idempotent, &context, once).await;
    if was_refused(&result) && is_worth_repeating(ctx, &source, used.as_ref()).await {
        result = with_retry(&policy, Repeat::Idempotent, &context, once).await;
        if was_refused(&result) && is_dead(ctx, &source).await {
            mark_signed_out(ctx, &source).await;
        }
    }
    ctx.connectivity.update(source_id, |status| status.retry = None);
    result
}

/// One attempt: over the connection in use, and when that is not reached, over others.
///
/// `troubles` counts answers like 502 in a row: one may be a hiccup of the server, after more the way there is
/// in doubt, too.
async fn attempt<T, E, F, Fut>(
    ctx: &AppContext,
    source: &Source,
    mut ready: Option<Chosen>,
    operation: &F,
    troubles: &AtomicU32,
) -> Result<T>
where
    E: Into<ServiceError>,
    F: Fn(BackendHandle) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut moves = 0;
    let pool = connection::pool(ctx, source).await?;
    loop {
        let activity = Activity::default();
        let Made { backend, connection: used } =
            make(ctx, source, ready.take(), &pool.watched(&activity)).await?;
        let Some(chosen) = used else {
            let result = operation(backend).await.map_err(Into::into);
            note_folder(ctx, source, result.as_ref().err().map(ServiceError::kind)).await;
            return result;
        };
        let outcome =
            watched(ctx, source, &chosen, &Wires { activity: &activity, pool: &pool }, operation, backend)
                .await;
        let failure = match outcome {
            Watched::Ended(Ok(value)) => {
                // What was answered from memory says nothing of the connection.
                if activity.was_answered() {
                    note(ConnectionService::record_outcome(ctx, source, &chosen, Ok(())).await);
                }
                return Ok(value);
            }
            Watched::Ended(Err(error)) => {
                let kind = error.kind();
                let met = if kind == ErrorKind::Server { troubles.load(Ordering::Relaxed) + 1 } else { 0 };
                troubles.store(met, Ordering::Relaxed);
                let lost = kind.fail_over_after().is_some_and(|times| times <= met.max(1));
                note(ConnectionService::record_outcome(ctx, source, &chosen, Err((kind, lost))).await);
                error
            }
            Watched::Moved if moves < MOST_MOVES => {
                moves += 1;
                continue;
            }
            Watched::Moved => return Err(ServiceError::Offline(ErrorKind::ReadTimeout)),
        };
        if !failure.kind().may_fail_over() || moves == MOST_MOVES {
            return Err(failure);
        }
        moves += 1;
        debug!(source_id = %source.id, kind = ?failure.kind(), "choosing the connection anew");
    }
}

fn show_retry(ctx: &AppContext, source_id: SourceId, step: RetryStep) {
    let RetryStep { attempt, of, delay, kind } = step;
    let until = TimeDelta::from_std(delay).ok().and_then(|delay| ctx.clock.now().checked_add_signed(delay));
    ctx.connectivity.update(source_id, |status| {
        status.retry = Some(Retrying { attempt, of, delay, kind });
        if kind == ErrorKind::RateLimited {
            status.limited_until = until;
        }
    });
}

/// Folders have no connection to learn of, only whether they are there.
async fn note_folder(ctx: &AppContext, source: &Source, failure: Option<ErrorKind>) {
    match failure {
        None => note(set_online(ctx, source.id, true).await),
        Some(ErrorKind::Offline) => note(FolderService::look(ctx, source).await.map(drop)),
        Some(_) => {}
    }
}

/// What could not be learnt must not hide the result.
fn note(learnt: Result<()>) {
    if let Err(error) = learnt {
        warn!(%error, "the outcome of a request could not be stored");
    }
}

fn was_refused<T>(result: &Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == ErrorKind::Unauthorized)
}

/// What to do about a 401: whether there is another token than the one that was `used`. Without one the source
/// is marked as signed out, when the server confirms it on the call that checks the token, and only then.
async fn is_worth_repeating(ctx: &AppContext, source: &Source, used: Option<&SecretString>) -> bool {
    let is_other = async || {
        let now = ctx.secrets.get(source.id).await.ok().flatten();
        now.as_ref().map(ExposeSecret::expose_secret) != used.map(ExposeSecret::expose_secret)
    };
    if is_other().await {
        return true;
    }
    if !is_dead(ctx, source).await {
        // Another operation may have found a new token meanwhile.
        return is_other().await;
    }
    match AuthService::renew_token(ctx, source, used).await {
        Renewal::Renewed => true,
        // A server that cannot ask plex.tv refuses what is good.
        Renewal::Unknown => false,
        Renewal::Refused => {
            mark_signed_out(ctx, source).await;
            false
        }
    }
}

/// Whether the server says of the token itself that it is not good.
async fn is_dead(ctx: &AppContext, source: &Source) -> bool {
    let Ok(pool) = connection::pool(ctx, source).await else { return false };
    let Ok(Made { backend, .. }) = make(ctx, source, None, &pool).await else { return false };
    matches!(backend.test_connection().await, Err(check) if check.kind() == ErrorKind::Unauthorized)
}

async fn mark_signed_out(ctx: &AppContext, source: &Source) {
    match ctx.db.sources().set_auth_status(source.id, AuthStatus::SignInNeeded).await {
        Ok(true) => {
            ctx.connectivity.update(source.id, |status| status.reach = Reach::SignInNeeded);
            ctx.events.publish(Event::AuthRequired(source.id));
        }
        Ok(false) => {}
        Err(error) => warn!(%error, "the sign-in state could not be stored"),
    }
}
