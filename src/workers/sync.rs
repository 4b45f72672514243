//! Decides when sources are synced: at start when they are stale, when added, on demand and by the timer. One sync of a source at a time.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use relm4::{ComponentSender, Worker};

use crate::models::{AuthStatus, Source, SourceId};
use crate::services::AppContext;
use crate::services::core::sync::SyncOptions;
use crate::services::core::{BackendService, SourceService};

/// Sources synced more recently are left alone at start.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(15);
/// How often everything is looked through.
const INTERVAL: Duration = Duration::from_hours(1);

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
    /// The list of sources was read.
    Loaded {
        /// The sources.
        sources: Vec<Source>,
        /// Whether to sync those that are fresh, too.
        all: bool,
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
}

impl std::fmt::Debug for SyncWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncWorker").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Worker for SyncWorker {
    type Init = AppContext;
    type Input = SyncInput;
    type Output = ();

    fn init(ctx: AppContext, sender: ComponentSender<Self>) -> Self {
        let timer = sender.input_sender().clone();
        relm4::spawn(async move {
            loop {
                tokio::time::sleep(INTERVAL).await;
                if timer.send(SyncInput::SyncAll).is_err() {
                    return;
                }
            }
        });
        Self { ctx, running: HashSet::new(), again: HashSet::new(), full: HashSet::new() }
    }

    fn update(&mut self, message: SyncInput, sender: ComponentSender<Self>) {
        match message {
            SyncInput::Start => self.load(false, &sender),
            SyncInput::SyncAll => self.load(true, &sender),
            SyncInput::Sync(id) => self.begin(id, &sender),
            SyncInput::Rescan(id) => {
                self.full.insert(id);
                self.begin(id, &sender);
            }
            SyncInput::Loaded { sources, all } => self.loaded(&sources, all, &sender),
            SyncInput::Ended(id) => self.ended(id, &sender),
        }
    }
}

impl SyncWorker {
    fn load(&self, all: bool, sender: &ComponentSender<Self>) {
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            match SourceService::list(&ctx).await {
                Ok(sources) => input.emit(SyncInput::Loaded { sources, all }),
                Err(error) => tracing::warn!(%error, "the list of sources could not be read"),
            }
        });
    }

    fn loaded(&mut self, sources: &[Source], all: bool, sender: &ComponentSender<Self>) {
        let now = self.ctx.clock.now();
        for source in sources.iter().filter(|source| source.enabled) {
            let stale = source.last_sync.is_none_or(|at| now - at > STALE_AFTER);
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
}
