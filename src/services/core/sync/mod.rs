//! Bringing the local copy of a source up to date.
//!
//! - [`plan`]: how much of a library has to be asked for. Pure.
//! - [`whole`]: a listing of all of it. Each page is one transaction, and what is unchanged is not written. Only when a
//!   listing completed, nothing in it was left out, and its length agrees with what the server says, are items that it
//!   did not hold removed. When that would be more than half of a library of some size, the listing is made a second
//!   time first.
//! - [`changes`]: what changed since the last time, for the price of a few requests.
//! - [`asker`]: whom to ask.
//!
//! A failure leaves everything as it was.

mod asker;
mod changes;
mod plan;
mod whole;

use std::sync::Arc;

use tracing::{debug, info, warn};

use self::asker::{Asker, Origin};
use self::changes::Caught;
use self::plan::{Cursor, Plan};
use super::backend::{self, Purpose};
use crate::backends::LibraryRecord;
use crate::models::{Library, LibraryId, Source, SourceId, SourceKind};
use crate::net::ErrorKind;
use crate::services::events::{Event, SyncSummary};
use crate::services::{AppContext, Result, ServiceError};

/// Items in a page: large enough to be quick, small enough to be shown soon and held in memory.
const PAGE: u32 = 500;
/// Pages asked for at the same time.
const IN_FLIGHT: usize = 3;
/// Libraries smaller than this are emptied without a second look.
const SECOND_LOOK_FROM: u64 = 20;
/// Pages without a total before a listing counts as endless.
const MOST_PAGES_WITHOUT_TOTAL: u32 = 2000;

/// What to sync.
#[derive(Debug, Clone, Copy, Default)]
pub struct SyncOptions {
    /// Only this library.
    pub library: Option<LibraryId>,
    /// Write every item anew, changed or not: for a library that looks wrong.
    pub full: bool,
}

/// Syncs sources.
pub struct SyncService;

impl SyncService {
    /// Lists a source and stores what it holds. Publishes start, progress and end.
    pub async fn sync_source(
        ctx: &AppContext,
        source_id: SourceId,
        options: SyncOptions,
    ) -> Result<SyncSummary> {
        if !ctx.db.sources().get(source_id).await?.enabled {
            return Err(ServiceError::Disabled(source_id));
        }
        ctx.events.publish(Event::SyncStarted(source_id));
        let result = Box::pin(Self::run(ctx, source_id, options)).await;
        match &result {
            Ok(summary) => {
                info!(%source_id, ?summary, "sync completed");
                ctx.events.publish(Event::SyncCompleted { source_id, result: *summary });
            }
            Err(error) => {
                warn!(%source_id, kind = ?error.kind(), "sync failed");
                ctx.events.publish(Event::SyncFailed { source_id, error: error.kind() });
            }
        }
        result
    }

    async fn run(ctx: &AppContext, source_id: SourceId, options: SyncOptions) -> Result<SyncSummary> {
        let source = ctx.db.sources().get(source_id).await?;
        if source.kind != SourceKind::Local {
            return Self::list_all(ctx, &source, Origin::Server, options).await;
        }
        backend::run(ctx, source_id, Purpose::Background, |backend| {
            let (ctx, source) = (ctx.clone(), source.clone());
            async move { Self::list_all(&ctx, &source, Origin::Folder(backend), options).await }
        })
        .await
    }

    async fn list_all(
        ctx: &AppContext,
        source: &Source,
        origin: Origin,
        options: SyncOptions,
    ) -> Result<SyncSummary> {
        let asker = Asker { ctx: ctx.clone(), source_id: source.id, origin };
        let listed = match asker.ask(|backend| async move { backend.libraries().await }).await {
            // A folder that is away is like a server that does not answer.
            Err(error) if source.kind == SourceKind::Local && error.kind() == ErrorKind::NotFound => {
                return Err(ServiceError::Offline(ErrorKind::NotFound));
            }
            other => other?,
        };
        let rows: Vec<_> = listed
            .iter()
            .map(|library| (library.remote_id.clone(), library.kind, library.title.clone()))
            .collect();
        let libraries = ctx.db.libraries().reconcile(source.id, &rows).await?;
        let wanted: Vec<(LibraryRecord, Library)> = listed
            .into_iter()
            .filter_map(|record| {
                let stored = libraries.iter().find(|stored| stored.remote_id == record.remote_id)?;
                Some((record, stored.clone()))
            })
            .filter(|(_, stored)| options.library.is_none_or(|only| only == stored.id))
            .collect();

        if options.full {
            for (_, stored) in &wanted {
                ctx.db.items().distrust(stored.id).await?;
            }
        }
        let mut run = Run { ctx, source, asker, summary: SyncSummary::default(), done: 0, total: Some(0) };
        let planned = run.plan(wanted, options).await?;
        run.count(&planned).await?;
        for (record, stored, plan) in &planned {
            match run.library(record, stored, plan).await {
                // A library that this user may not see any more is not the end of the others.
                Err(ServiceError::Backend(error))
                    if matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::NotFound)
                        && run.asker.lets_us_in().await =>
                {
                    warn!(source_id = %source.id, library = %stored.id, "library is not visible");
                }
                other => other?,
            }
        }
        if options.library.is_none() {
            ctx.db.sources().set_last_sync(source.id, ctx.clock.now()).await?;
        }
        Ok(run.summary)
    }
}

/// One sync in work.
struct Run<'a> {
    ctx: &'a AppContext,
    source: &'a Source,
    asker: Asker,
    summary: SyncSummary,
    done: u64,
    total: Option<u64>,
}

/// A library, and what is done about it.
type Planned = (LibraryRecord, Library, (Plan, Cursor));

impl Run<'_> {
    /// Decides for every library. A folder is read whole anyway.
    async fn plan(
        &self,
        libraries: Vec<(LibraryRecord, Library)>,
        options: SyncOptions,
    ) -> Result<Vec<Planned>> {
        let mut planned = Vec::new();
        for (record, stored) in libraries {
            let state = self.ctx.db.sync_state().get(stored.id).await?;
            let cursor = Cursor::of(&state);
            let plan = match plan::plan(&state, &cursor, &record, self.ctx.clock.now()) {
                Plan::Changes { .. } if options.full || self.source.kind == SourceKind::Local => Plan::Whole,
                plan => plan,
            };
            debug!(library = %stored.id, ?plan, "planned");
            planned.push((record, stored, (plan, cursor)));
        }
        Ok(planned)
    }

    /// Asks for the lengths of the listings to come, so that progress has an honest total from the start.
    async fn count(&mut self, planned: &[Planned]) -> Result<()> {
        for (record, _, (plan, _)) in planned {
            if matches!(plan, Plan::Changes { .. }) {
                continue;
            }
            for kind in record.kind.listed_kinds() {
                let total = match self.asker.total(record, *kind).await {
                    Ok(total) => total,
                    Err(error) if error.kind().may_fail_over() => return Err(error),
                    // What is wrong with this one library shows when it is listed.
                    Err(_) => None,
                };
                self.total = self.total.zip(total).map(|(sum, part)| sum + u64::from(part));
            }
        }
        self.progress();
        Ok(())
    }

    async fn library(
        &mut self,
        record: &LibraryRecord,
        stored: &Library,
        (plan, cursor): &(Plan, Cursor),
    ) -> Result<()> {
        let state = self.ctx.db.sync_state();
        if let Plan::Changes { since, described } = *plan
            && let Caught::Up(next) = self.catch_up(record, stored, (cursor, since, described)).await?
        {
            return Ok(state.set_cursor(stored.id, &next.to_json()).await?);
        }
        let before = self.summary;
        let next = self.list_whole(record, stored, *plan == Plan::First).await?;
        if let Some(next) = next {
            self.ctx.db.libraries().set_complete(stored.id, self.ctx.clock.now()).await?;
            state.set_cursor(stored.id, &next.to_json()).await?;
        }
        if self.summary.has_changed_since(&before) {
            let ids = Arc::from([].as_slice());
            self.ctx.events.publish(Event::ItemsChanged { source_id: self.source.id, ids });
        }
        Ok(())
    }

    fn progress(&self) {
        self.ctx.events.publish(Event::SyncProgress {
            source_id: self.source.id,
            items_synced: self.done,
            total_items: self.total.map(|total| total.max(self.done)),
        });
    }
}
