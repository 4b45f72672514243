//! Bringing the local copy of a source up to date.
//!
//! - [`plan`]: how much of a library of a server has to be asked for. Pure.
//! - [`whole`]: a listing of all of it. Each page is one transaction, and what is unchanged is not written. Only when a
//!   listing completed, nothing in it was left out, and its length agrees with what the server says, are items that it
//!   did not hold removed. When that would be more than half of a library of some size, the listing is made a second
//!   time first.
//! - [`changes`]: what changed since the last time, for the price of a few requests.
//! - [`folders`]: how folders are read; [`renames`]: which files are the same under other names.
//! - [`shelves`]: collections, playlists and hubs, after everything else.
//! - [`asker`]: whom to ask; [`registry`]: which syncs run, and how one is ended; [`progress`]: how fast they go;
//!   [`told`]: what is told of them; [`clock`]: the clock of the server.
//!
//! A failure leaves everything as it was.

mod asker;
mod changes;
mod clock;
mod folders;
mod plan;
mod progress;
mod registry;
mod renames;
mod shelves;
mod told;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use tracing::{debug, warn};

use self::asker::{Asker, Origin};
use self::changes::Caught;
use self::clock::clock_offset;
use self::plan::{Cursor, Plan};
use self::progress::Pace;
pub use self::registry::Syncs;
use self::registry::Ticket;
use self::told::Told;
use self::whole::Removal;
use crate::backends::LibraryRecord;
use crate::db::LibraryListing;
use crate::models::{ItemKind, Library, LibraryId, Source, SourceId, SourceKind};
use crate::net::ErrorKind;
use crate::services::events::{Event, SyncSummary};
use crate::services::{AppContext, Result, ServiceError};

/// Items in a page: large enough to be quick, small enough to be shown soon and held in memory.
const PAGE: u32 = 500;
/// Pages asked for at the same time.
const IN_FLIGHT: usize = 3;
/// Libraries smaller than this are emptied without a second look.
const SECOND_LOOK_FROM: u64 = 20;
/// Between two notices that a library grows.
const GROWTH_STEP: Duration = Duration::from_secs(1);
/// Pages without a total before a listing counts as endless.
const MOST_PAGES_WITHOUT_TOTAL: u32 = 2000;

/// What to sync.
#[derive(Debug, Clone, Copy, Default)]
pub struct SyncOptions {
    /// Only this library.
    pub library: Option<LibraryId>,
    /// Write every item anew, changed or not: for a library that looks wrong.
    pub full: bool,
    /// Say nothing of it: nobody has asked, and it is short.
    pub quiet: bool,
    /// Before everything else of the source: somebody looks at the library.
    pub urgent: bool,
}

impl SyncOptions {
    /// The libraries to sync, each as it is listed and as it is stored.
    fn wanted(self, listed: Vec<LibraryRecord>, stored: &[Library]) -> Vec<(LibraryRecord, Library)> {
        listed
            .into_iter()
            .filter_map(|record| {
                let stored = stored.iter().find(|stored| stored.remote_id == record.remote_id)?;
                Some((record, stored.clone()))
            })
            .filter(|(_, stored)| self.library.is_none_or(|only| only == stored.id))
            .collect()
    }
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
        let ticket = ctx.syncs.begin(source_id);
        tokio::select! {
            biased;
            () = ticket.cancelled() => Err(ServiceError::Cancelled),
            result = Box::pin(Self::run(ctx, source_id, options, &ticket)) => result,
        }
    }

    /// Ends every sync of a source. What was brought stays, and the next sync goes on from there. Tells whether there
    /// was one.
    pub fn cancel(ctx: &AppContext, source_id: SourceId) -> bool {
        ctx.syncs.cancel(source_id)
    }

    /// Somebody looks at a library: one that never was complete is listed before everything else of its source.
    ///
    /// # Errors
    /// As [`SyncService::sync_source`].
    pub async fn library(ctx: &AppContext, id: LibraryId) -> Result<()> {
        let library = ctx.db.libraries().get(id).await?;
        if library.complete {
            return Ok(());
        }
        let options = SyncOptions { library: Some(id), urgent: true, ..SyncOptions::default() };
        Self::sync_source(ctx, library.source_id, options).await.map(drop)
    }

    async fn run(
        ctx: &AppContext,
        source_id: SourceId,
        options: SyncOptions,
        ticket: &Ticket,
    ) -> Result<SyncSummary> {
        let source = ctx.db.sources().get(source_id).await?;
        // Folders are read as a whole, whatever is asked for.
        let is_whole = options.library.is_none() || source.kind == SourceKind::Local;
        let _turn = if is_whole { Some(ctx.syncs.turn(source_id).await) } else { None };
        let mut told = Told::begin(ctx, source_id, !options.quiet && ticket.show());
        let result = match source.kind {
            SourceKind::Local => folders::sync(ctx, &source, options, told.is_shown).await,
            SourceKind::Plex | SourceKind::Jellyfin => {
                Self::ask_server(ctx, &source, options, told.is_shown).await
            }
        };
        told.end(&result);
        result
    }

    async fn ask_server(
        ctx: &AppContext,
        source: &Source,
        options: SyncOptions,
        is_shown: bool,
    ) -> Result<SyncSummary> {
        let mut run = Run::new(ctx, source, Origin::Server, is_shown);
        run.asker.urgent = options.urgent;
        // Who is urgent never waits for another sync, so that none of them waits for ever.
        let _urgent = options.urgent.then(|| ctx.syncs.urge(source.id));
        let listed = run.asker.ask(|backend| async move { backend.libraries().await }).await?;
        let before = ctx.db.libraries().list(Some(source.id)).await?;
        let libraries = ctx.db.libraries().reconcile(source.id, &rows(&listed)).await?;
        if before != libraries {
            // Somebody may want to look into a new one right now.
            run.tell_of_many();
        }
        let planned = run.plan(options.wanted(listed.clone(), &libraries), options).await?;
        let whole = planned.iter().filter(|planned| !matches!(planned.plan, Plan::Changes { .. }));
        run.count(whole.map(|planned| &planned.record)).await?;
        for planned in &planned {
            match run.library(planned, options).await {
                // A library that this user may not see any more is not the end of the others.
                Err(ServiceError::Backend(error))
                    if matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::NotFound)
                        && run.asker.lets_us_in().await =>
                {
                    warn!(source_id = %source.id, library = %planned.stored.id, "library is not visible");
                }
                other => other?,
            }
        }
        if options.library.is_none() {
            run.shelve(&listed, |_| true).await?;
        }
        run.end(options).await
    }
}

/// Libraries as the database takes them.
fn rows(listed: &[LibraryRecord]) -> Vec<LibraryListing> {
    let row = |library: &LibraryRecord| (library.remote_id.clone(), library.kind, library.title.clone());
    listed.iter().map(row).collect()
}

/// A library of a server, and what is done about it.
struct Planned {
    record: LibraryRecord,
    stored: Library,
    plan: Plan,
}

/// One sync in work.
struct Run<'a> {
    ctx: &'a AppContext,
    source: &'a Source,
    asker: Asker,
    summary: SyncSummary,
    done: u64,
    /// Of these what an earlier run has brought.
    done_before: u64,
    total: Option<u64>,
    pace: Pace,
    is_shown: bool,
    /// When it was told last that libraries grow.
    told: Instant,
    /// The clock of the server was compared with the one here.
    clock_is_known: bool,
}

impl<'a> Run<'a> {
    fn new(ctx: &'a AppContext, source: &'a Source, origin: Origin, is_shown: bool) -> Self {
        let asker = Asker { ctx: ctx.clone(), source_id: source.id, origin, urgent: false };
        Self {
            ctx,
            source,
            asker,
            summary: SyncSummary::default(),
            done: 0,
            done_before: 0,
            total: Some(0),
            pace: Pace::default(),
            is_shown,
            told: Instant::now(),
            clock_is_known: false,
        }
    }

    /// Compares the clocks, once in a sync: what is stored with times of both is compared by the difference.
    async fn note_clock(&mut self, at: Option<DateTime<Utc>>) -> Result<()> {
        if let (Some(at), false) = (at, self.clock_is_known) {
            self.clock_is_known = true;
            let offset = clock_offset(at, self.ctx.clock.now());
            self.ctx.db.sources().set_clock_offset(self.source.id, offset).await?;
        }
        Ok(())
    }

    /// Decides for every library of a server.
    async fn plan(
        &self,
        libraries: Vec<(LibraryRecord, Library)>,
        options: SyncOptions,
    ) -> Result<Vec<Planned>> {
        let mut planned = Vec::new();
        for (record, stored) in libraries {
            if options.full {
                self.ctx.db.items().distrust(stored.id).await?;
            }
            let (plan, _) = self.plan_one(&record, &stored, options).await?;
            debug!(library = %stored.id, ?plan, "planned");
            planned.push(Planned { record, stored, plan });
        }
        Ok(planned)
    }

    /// Decides for one library, from what is remembered of the last time.
    async fn plan_one(
        &self,
        record: &LibraryRecord,
        stored: &Library,
        options: SyncOptions,
    ) -> Result<(Plan, Cursor)> {
        let state = self.ctx.db.sync_state().get(stored.id).await?;
        let cursor = Cursor::of(&state);
        let plan = match plan::plan(&state, &cursor, record, self.ctx.clock.now()) {
            Plan::Changes { .. } if options.full => Plan::Whole,
            plan => plan,
        };
        Ok((plan, cursor))
    }

    /// Asks for the lengths of the listings to come, so that progress has an honest total from the start.
    async fn count(&mut self, libraries: impl Iterator<Item = &LibraryRecord>) -> Result<()> {
        for record in libraries {
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

    /// Does about a library of a server what was planned.
    async fn library(&mut self, planned: &Planned, options: SyncOptions) -> Result<()> {
        let Planned { record, stored, .. } = planned;
        let lock = self.ctx.syncs.library(stored.id);
        let _lock = if options.urgent {
            // What is being listed already needs nobody to ask for it.
            let Ok(lock) = lock.try_lock_owned() else { return Ok(()) };
            lock
        } else {
            lock.lock_owned().await
        };
        // Another sync may have been here meanwhile.
        let (plan, cursor) = self.plan_one(record, stored, options).await?;
        let state = self.ctx.db.sync_state();
        if let Plan::Changes { since, described } = plan
            && let Caught::Up(next) = self.catch_up(record, stored, (&cursor, since, described)).await?
        {
            return Ok(state.set_cursor(stored.id, &next.to_json()).await?);
        }
        let listed = self.list_whole(record, stored, plan == Plan::First, Removal::Everything).await?;
        if let Some(next) = listed.cursor {
            state.set_cursor(stored.id, &next.to_json()).await?;
        }
        Ok(())
    }

    async fn end(self, options: SyncOptions) -> Result<SyncSummary> {
        if options.library.is_none() {
            self.ctx.db.sources().set_last_sync(self.source.id, self.ctx.clock.now()).await?;
        }
        Ok(self.summary)
    }

    /// Tells from time to time that more has changed than can be named: libraries are seen to grow.
    fn tell_of_growth(&mut self) {
        if self.told.elapsed() >= GROWTH_STEP {
            self.told = Instant::now();
            self.tell_of_many();
        }
    }

    /// Tells that more has changed than can be named.
    fn tell_of_many(&self) {
        let ids = Arc::from([].as_slice());
        self.ctx.events.publish(Event::ItemsChanged { source_id: self.source.id, ids });
    }

    fn progress(&mut self) {
        self.pace.note(Instant::now(), self.done - self.done_before);
        if !self.is_shown {
            return;
        }
        let total_items = self.total.map(|total| total.max(self.done));
        self.ctx.events.publish(Event::SyncProgress {
            source_id: self.source.id,
            items_synced: self.done,
            total_items,
            rate: self.pace.rate(),
            left: total_items.and_then(|total| self.pace.left(total - self.done)),
        });
    }
}

/// Items were removed outside of a listing: the next sync must not miss them.
pub(in crate::services::core) async fn note_removed(
    ctx: &AppContext,
    library: LibraryId,
    kind: &'static str,
    count: u32,
) -> Result<()> {
    let state = ctx.db.sync_state();
    let mut cursor = Cursor::of(&state.get(library).await?);
    let kind = ItemKind::from_word(kind);
    if let Some(total) = cursor.total(kind) {
        cursor.set_total(kind, total.saturating_sub(count));
        state.set_cursor(library, &cursor.to_json()).await?;
    }
    Ok(())
}
