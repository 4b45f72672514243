//! Decides when sources are synced: at start when they are stale, when added, when they are back, on demand and by the
//! timer. One sync of a source at a time.

use std::collections::HashSet;
use std::future::pending;
use std::time::Duration;

use chrono::TimeDelta;
use relm4::{ComponentSender, Sender, Worker};
use tokio::sync::watch;

use crate::models::{AuthStatus, LibraryId, Source, SourceId};
use crate::services::AppContext;
use crate::services::core::sync::{SyncOptions, SyncService};
use crate::services::core::{BackendService, SourceService};

/// Sources synced more recently are left alone at start, and when they are back.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Messages of the worker.
#[derive(Debug)]
pub enum SyncInput {
    /// Sync what is stale.
    Start,
    /// Sync one source now.
    Sync(SourceId),
    /// Write everything of one source anew, now.
    Rescan(SourceId),
    /// Sync everything now.
    SyncAll,
    /// Sync a source that can be reached again, if it is stale.
    Back(SourceId),
    /// Somebody looks at a library: its first sync comes before all others of its source.
    Library(LibraryId),
    /// End what is done with a source.
    Cancel(SourceId),
    /// Everything is looked through this often; never for zero.
    Interval(Duration),
    /// That time is over.
    Due,
    /// The list of sources was read.
    Loaded {
        /// The sources.
        sources: Vec<Source>,
        /// Whether to sync those that are fresh, too.
        all: bool,
        /// Only this one.
        only: Option<SourceId>,
    },
    /// A sync ended.
    Ended(SourceId),
}

/// The worker.
pub struct SyncWorker {
    ctx: AppContext,
    running: HashSet<SourceId>,
    /// Asked for while running: once more afterwards.
    again: HashSet<SourceId>,
    /// Of these everything is written anew the next time.
    full: HashSet<SourceId>,
    interval: watch::Sender<Duration>,
}

impl std::fmt::Debug for SyncWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncWorker").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Worker for SyncWorker {
    /// With how often everything is looked through.
    type Init = (AppContext, Duration);
    type Input = SyncInput;
    type Output = ();

    fn init((ctx, interval): Self::Init, sender: ComponentSender<Self>) -> Self {
        let (interval, told) = watch::channel(interval);
        relm4::spawn(keep_time(sender.input_sender().clone(), told));
        Self { ctx, running: HashSet::new(), again: HashSet::new(), full: HashSet::new(), interval }
    }

    fn update(&mut self, message: SyncInput, sender: ComponentSender<Self>) {
        match message {
            SyncInput::Start => self.load(false, None, &sender),
            SyncInput::SyncAll => self.load(true, None, &sender),
            SyncInput::Sync(id) => self.begin(id, &sender),
            SyncInput::Rescan(id) => {
                self.full.insert(id);
                self.begin(id, &sender);
            }
            SyncInput::Back(id) => self.load(false, Some(id), &sender),
            SyncInput::Library(id) => self.library(id),
            SyncInput::Cancel(id) => self.cancel(id),
            SyncInput::Interval(interval) => {
                self.interval.send_if_modified(|known| std::mem::replace(known, interval) != interval);
            }
            SyncInput::Due => self.due(&sender),
            SyncInput::Loaded { sources, all, only } => self.loaded(&sources, all, only, &sender),
            SyncInput::Ended(id) => self.ended(id, &sender),
        }
    }
}

impl SyncWorker {
    fn load(&self, all: bool, only: Option<SourceId>, sender: &ComponentSender<Self>) {
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            match SourceService::list(&ctx).await {
                Ok(sources) => input.emit(SyncInput::Loaded { sources, all, only }),
                Err(error) => tracing::warn!(%error, "the list of sources could not be read"),
            }
        });
    }

    fn loaded(
        &mut self,
        sources: &[Source],
        all: bool,
        only: Option<SourceId>,
        sender: &ComponentSender<Self>,
    ) {
        let now = self.ctx.clock.now();
        let wanted = |source: &&Source| source.enabled && only.is_none_or(|only| only == source.id);
        for source in sources.iter().filter(wanted) {
            // A clock that was put back makes a sync of the future.
            let stale = source.last_sync.is_none_or(|at| at > now || now - at > STALE_AFTER);
            if (all || stale) && source.auth_status == AuthStatus::SignedIn {
                self.begin(source.id, sender);
            }
        }
    }

    fn begin(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if !self.running.insert(id) {
            self.again.insert(id);
            return;
        }
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        let options = SyncOptions { full: self.full.remove(&id), ..SyncOptions::default() };
        relm4::spawn(async move {
            // Success and failure are published by the service.
            let _published = BackendService::sync_source(&ctx, id, options).await;
            input.emit(SyncInput::Ended(id));
        });
    }

    fn ended(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        self.running.remove(&id);
        if self.again.remove(&id) {
            self.begin(id, sender);
        }
    }

    fn library(&self, id: LibraryId) {
        let ctx = self.ctx.clone();
        relm4::spawn(async move {
            if let Err(error) = SyncService::library(&ctx, id).await {
                tracing::debug!(kind = ?error.kind(), "the library could not be read first");
            }
        });
    }

    /// Ends what runs, and forgets what was to follow.
    fn cancel(&mut self, id: SourceId) {
        self.again.remove(&id);
        SyncService::cancel(&self.ctx, id);
    }

    /// Nobody has asked: where it costs money, it waits.
    fn due(&self, sender: &ComponentSender<Self>) {
        if !self.ctx.network.state().metered {
            self.load(true, None, sender);
        }
    }
}

/// Tells when the time is over, until nobody wants to know. Another interval begins anew.
async fn keep_time(timer: Sender<SyncInput>, mut interval: watch::Receiver<Duration>) {
    loop {
        let every = *interval.borrow_and_update();
        let over = async {
            if every.is_zero() {
                pending::<()>().await;
            }
            tokio::time::sleep(every).await;
        };
        tokio::select! {
            () = over => if timer.send(SyncInput::Due).is_err() {
                return;
            },
            changed = interval.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_interval_is_the_one_that_is_set_and_zero_is_never() {
        let (timer, due) = relm4::channel();
        let (interval, told) = watch::channel(Duration::from_hours(1));
        let keeping = tokio::spawn(keep_time(timer, told));
        let begin = Instant::now();
        assert!(matches!(due.recv().await, Some(SyncInput::Due)));
        assert_eq!(begin.elapsed(), Duration::from_hours(1));
        interval.send_replace(Duration::from_mins(5));
        tokio::task::yield_now().await;
        due.recv().await.unwrap();
        assert_eq!(begin.elapsed(), Duration::from_mins(65));
        interval.send_replace(Duration::ZERO);
        assert!(tokio::time::timeout(Duration::from_hours(1000), due.recv()).await.is_err());
        drop(interval);
        keeping.await.unwrap();
    }
}
