//! Following one server: opening its socket, and opening it again; storing what is told; catching up after a gap.

use std::collections::{HashMap, HashSet};
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::{debug, info, warn};

use super::apply::{Left, apply};
use super::batch::Batch;
use crate::backends::LiveStream;
use crate::models::{LibraryId, RemoteId, ServerUrl, SourceId};
use crate::net::{ErrorKind, RetryPolicy};
use crate::services::core::backend::{self, Purpose};
use crate::services::core::connection::LiveState;
use crate::services::core::sync::{SyncOptions, SyncService};
use crate::services::{AppContext, Result, ServiceError};

/// After the attempts of the policy have failed, the next ones follow after this, give or take a tenth.
const AGAIN: Duration = Duration::from_mins(1);
/// A server, or something in front of it, that does not do this is asked this seldom.
const REFUSED_AGAIN: Duration = Duration::from_mins(10);
/// A socket that was closed sooner is opened again more and more slowly.
const SHORT_LIFE: Duration = Duration::from_secs(10);
/// A library that changes all the time is brought up to date this often.
const LIBRARY_PAUSE: Duration = Duration::from_secs(30);

/// How far following has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    /// The socket is being opened.
    Opening,
    /// It is open, at this address.
    Open(ServerUrl),
    /// It could not be opened; the next attempt is later.
    Waiting,
}

/// Follows a server until it is dropped, or its source cannot be asked any more. After a `gap` everything that may have
/// been missed is asked for.
pub(super) async fn follow(ctx: AppContext, source: SourceId, mut gap: bool, phase: watch::Sender<Phase>) {
    let mut short_lives = 0;
    loop {
        phase.send_replace(Phase::Opening);
        show(&ctx, source, LiveState::Connecting);
        let opened = backend::run(&ctx, source, Purpose::Live, |backend| async move { backend.live().await });
        let pause = match opened.await {
            Ok(stream) => {
                let since = Instant::now();
                info!(source_id = %source, "live updates are connected");
                phase.send_replace(Phase::Open(stream.address().clone()));
                show(&ctx, source, LiveState::Connected);
                let end = Follower::new(&ctx, source, gap).listen(stream).await;
                info!(source_id = %source, kind = ?end, "live updates are interrupted");
                gap = true;
                short_lives = if since.elapsed() < SHORT_LIFE { short_lives + 1 } else { 0 };
                again(short_lives)
            }
            Err(error) => {
                debug!(source_id = %source, kind = ?error.kind(), "no live updates");
                match after_failure(&ctx, source, &error).await {
                    Some(pause) => pause,
                    None => break,
                }
            }
        };
        if !pause.is_zero() {
            phase.send_replace(Phase::Waiting);
            show(&ctx, source, LiveState::Waiting);
            tokio::time::sleep(pause).await;
        }
    }
    show(&ctx, source, LiveState::Off);
}

fn show(ctx: &AppContext, source: SourceId, live: LiveState) {
    ctx.connectivity.update(source, |status| status.live = live);
}

/// Before a socket is opened again whose predecessors were closed soon after they were opened.
fn again(short_lives: u32) -> Duration {
    let policy = RetryPolicy { max_delay: AGAIN, ..RetryPolicy::LIVE };
    policy.delay_before(short_lives.saturating_add(1), fastrand::f64())
}

/// How long to wait after the socket could not be opened; `None` when somebody has to do something first.
async fn after_failure(ctx: &AppContext, source: SourceId, error: &ServiceError) -> Option<Duration> {
    if matches!(error, ServiceError::Disabled(_) | ServiceError::SignedOut(_)) {
        return None;
    }
    let spread = |pause: Duration| pause.mul_f64(0.9 + 0.2 * fastrand::f64());
    match error.kind() {
        // A 401 was confirmed and acted upon already. A Jellyfin says 403 to a dead token here.
        ErrorKind::Forbidden => {
            let check = |backend: backend::BackendHandle| async move { backend.test_connection().await };
            match backend::run(ctx, source, Purpose::Background, check).await {
                Err(error) if error.kind() == ErrorKind::Unauthorized => Some(spread(AGAIN)),
                _ => Some(spread(REFUSED_AGAIN)),
            }
        }
        ErrorKind::Unsupported | ErrorKind::NotFound | ErrorKind::NotHttp | ErrorKind::Client => {
            Some(spread(REFUSED_AGAIN))
        }
        _ => Some(spread(AGAIN)),
    }
}

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// One open socket, and what is done about what comes from it.
struct Follower<'a> {
    ctx: &'a AppContext,
    source: SourceId,
    batch: Batch,
    /// A batch that is being stored.
    storing: Option<Work<Result<Left>>>,
    /// A sync under way, and of what: everything, or a library.
    syncing: Option<Work<(Option<LibraryId>, Result<()>)>>,
    /// Something was missed.
    gap: bool,
    /// Libraries to bring up to date.
    wanted: HashSet<LibraryId>,
    /// When each was brought up to date last.
    synced: HashMap<LibraryId, Instant>,
    /// Libraries that the server has and Reel does not show.
    not_shown: HashSet<RemoteId>,
}

impl<'a> Follower<'a> {
    fn new(ctx: &'a AppContext, source: SourceId, gap: bool) -> Self {
        Self {
            ctx,
            source,
            batch: Batch::default(),
            storing: None,
            syncing: None,
            gap,
            wanted: HashSet::new(),
            synced: HashMap::new(),
            not_shown: HashSet::new(),
        }
    }

    /// Listens until the socket is at its end, and gives why.
    async fn listen(mut self, mut stream: LiveStream) -> ErrorKind {
        loop {
            self.begin_work();
            let due = self.batch.due().filter(|_| self.storing.is_none());
            let next_sync = self.next_sync();
            tokio::select! {
                changes = stream.next() => match changes {
                    Ok(changes) => {
                        let now = Instant::now();
                        for change in changes {
                            self.batch.add(change, now);
                        }
                    }
                    Err(error) => return error.kind(),
                },
                stored = ready(&mut self.storing) => self.stored(stored),
                (library, result) = ready(&mut self.syncing) => self.synced(library, result),
                () = until(due) => self.store(),
                // Looks again what may begin.
                () = until(next_sync) => {}
            }
        }
    }

    /// Begins to store what has come.
    fn store(&mut self) {
        let (ctx, source, batch) = (self.ctx.clone(), self.source, std::mem::take(&mut self.batch));
        self.storing = Some(Box::pin(async move { apply(&ctx, source, batch).await }));
    }

    fn stored(&mut self, stored: Result<Left>) {
        self.storing = None;
        match stored {
            Ok(left) => {
                self.gap |= left.anything;
                self.wanted.extend(left.libraries);
                for unknown in left.unknown {
                    // Perhaps it is new. One that is not there after a sync is not for Reel.
                    self.gap |= self.not_shown.insert(unknown);
                }
            }
            Err(error) => {
                warn!(source_id = %self.source, kind = ?error.kind(), "changes could not be stored");
                self.gap = true;
            }
        }
    }

    fn synced(&mut self, library: Option<LibraryId>, result: Result<()>) {
        self.syncing = None;
        if let Err(error) = result {
            debug!(source_id = %self.source, kind = ?error.kind(), "could not catch up");
        }
        match library {
            Some(library) => {
                self.synced.insert(library, Instant::now());
            }
            None => self.wanted.clear(),
        }
    }

    /// When the next library may be brought up to date; `None` when there is none, or one is.
    fn next_sync(&self) -> Option<Instant> {
        if self.syncing.is_some() {
            return None;
        }
        self.wanted.iter().filter_map(|library| self.rests_until(*library)).min()
    }

    /// Until when a library is left alone; `None` when it was never brought up to date here.
    fn rests_until(&self, library: LibraryId) -> Option<Instant> {
        self.synced.get(&library).map(|at| *at + LIBRARY_PAUSE)
    }

    /// Begins the sync that is due: of everything after a gap, else of a library.
    fn begin_work(&mut self) {
        if self.syncing.is_some() {
            return;
        }
        let (ctx, source) = (self.ctx.clone(), self.source);
        if std::mem::take(&mut self.gap) {
            self.syncing = Some(Box::pin(async move { (None, catch_up(&ctx, source).await) }));
            return;
        }
        let now = Instant::now();
        let is_due = |library: &LibraryId| self.rests_until(*library).is_none_or(|until| until <= now);
        let due = self.wanted.iter().copied().find(is_due);
        if let Some(library) = due {
            self.wanted.remove(&library);
            self.syncing = Some(Box::pin(async move {
                let options = SyncOptions { library: Some(library), quiet: true, ..SyncOptions::default() };
                (Some(library), SyncService::sync_source(&ctx, source, options).await.map(drop))
            }));
        }
    }
}

/// Asks for everything that may have been missed.
async fn catch_up(ctx: &AppContext, source: SourceId) -> Result<()> {
    let options = SyncOptions { quiet: true, ..SyncOptions::default() };
    SyncService::sync_source(ctx, source, options).await.map(drop)
}

/// Waits for some work; for ever when there is none.
async fn ready<T>(work: &mut Option<Work<T>>) -> T {
    match work {
        Some(work) => work.await,
        None => pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_never_lasts_is_opened_ever_more_slowly() {
        assert_eq!(again(0), Duration::ZERO);
        let pauses: Vec<Duration> = (1..=8).map(again).collect();
        assert!(pauses[0] >= Duration::from_millis(900) && pauses[0] <= Duration::from_millis(1100));
        assert!(pauses.windows(2).all(|pair| pair[1] >= pair[0].mul_f64(0.9)), "{pauses:?}");
        assert!(pauses[7] <= AGAIN && pauses[7] > Duration::from_secs(50));
    }
}
