//! Bringing the local copy of a source up to date.
//!
//! Every library is listed in pages; each page is one transaction. Only when a listing completed, nothing in
//! it was left out, and its length agrees with what the server says, are items that it did not hold removed.
//! When that would be more than half of a library of some size, the listing is made a second time first. A
//! failure leaves everything as it was.

use std::future::Future;
use std::sync::Arc;

use futures::stream::{self, StreamExt as _};
use tracing::{debug, info, warn};

use super::backend::{self, BackendHandle, Purpose};
use crate::backends::{BackendError, ItemPage, LibraryRecord, PageRequest};
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
        let asker = Asker { ctx, source_id: source.id, origin };
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

        let mut run = Run { ctx, source, asker, summary: SyncSummary::default(), done: 0, total: Some(0) };
        run.count(&wanted).await?;
        if options.full {
            for (_, stored) in &wanted {
                ctx.db.items().distrust(stored.id).await?;
            }
        }
        for (record, stored) in &wanted {
            match run.library(record, stored).await {
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
        ctx.events.publish(Event::ItemsChanged { source_id: source.id, ids: Arc::from([].as_slice()) });
        Ok(run.summary)
    }
}

/// Whom to ask.
#[derive(Clone)]
enum Origin {
    /// A server, over whatever connection it has at each request: a change of connection costs one page.
    Server,
    /// A folder, which is read once for the whole sync.
    Folder(BackendHandle),
}

/// Asks the origin of a sync.
#[derive(Clone)]
struct Asker<'a> {
    ctx: &'a AppContext,
    source_id: SourceId,
    origin: Origin,
}

impl Asker<'_> {
    async fn ask<T, F, Fut>(&self, operation: F) -> Result<T>
    where
        F: Fn(BackendHandle) -> Fut,
        Fut: Future<Output = Result<T, BackendError>>,
    {
        match &self.origin {
            Origin::Server => backend::run(self.ctx, self.source_id, Purpose::Background, operation).await,
            Origin::Folder(backend) => Ok(operation(Arc::clone(backend)).await?),
        }
    }

    async fn page(&self, record: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        self.ask(|backend| {
            let record = record.clone();
            async move { backend.items(&record, kind, page).await }
        })
        .await
    }

    async fn lets_us_in(&self) -> bool {
        self.ask(|backend| async move { backend.test_connection().await }).await.is_ok()
    }
}

/// One sync in work.
struct Run<'a> {
    ctx: &'a AppContext,
    source: &'a Source,
    asker: Asker<'a>,
    summary: SyncSummary,
    done: u64,
    total: Option<u64>,
}

/// How a listing went.
#[derive(Debug, Default)]
struct Listing {
    /// Every item of every kind came, readable, and the numbers agree.
    complete: bool,
}

impl Run<'_> {
    /// Asks for the lengths of all listings, so that progress has an honest total from the start.
    async fn count(&mut self, libraries: &[(LibraryRecord, Library)]) -> Result<()> {
        for (record, _) in libraries {
            for kind in record.kind.listed_kinds() {
                let page = self.asker.page(record, *kind, PageRequest { start: 0, limit: 0 }).await;
                let total = match page {
                    Ok(page) => page.total,
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

    async fn library(&mut self, record: &LibraryRecord, stored: &Library) -> Result<()> {
        let generation = self.ctx.db.items().next_generation(stored.id).await?;
        let listing = self.list(record, stored, generation).await?;
        if !listing.complete {
            debug!(library = %stored.id, "listing is not complete: nothing is removed");
            return Ok(());
        }
        let items = self.ctx.db.items();
        let (unseen, all) = (items.count_unseen(stored.id, generation).await?, items.count(stored.id).await?);
        if unseen * 2 > all && all >= SECOND_LOOK_FROM {
            warn!(library = %stored.id, unseen, all, "most of a library is gone: listing it again");
            if !self.list(record, stored, generation).await?.complete {
                return Ok(());
            }
        }
        self.summary.removed += items.remove_unseen(stored.id, generation).await?;
        self.ctx.db.libraries().set_complete(stored.id).await?;
        Ok(())
    }

    /// Lists all kinds of a library and stores what comes.
    async fn list(&mut self, record: &LibraryRecord, stored: &Library, generation: i64) -> Result<Listing> {
        let mut complete = true;
        for kind in record.kind.listed_kinds() {
            complete &= self.list_kind(record, stored, *kind, generation).await?;
        }
        self.ctx.db.items().fix_parents(stored.id).await?;
        Ok(Listing { complete })
    }

    async fn list_kind(
        &mut self,
        record: &LibraryRecord,
        stored: &Library,
        kind: ItemKind,
        generation: i64,
    ) -> Result<bool> {
        let first = self.asker.page(record, kind, PageRequest { start: 0, limit: PAGE }).await?;
        let mut received = u64::from(first.received());
        let mut skipped = u64::from(first.skipped);
        let total = first.total;
        let mut last_received = first.received();
        self.store(stored, first, generation).await?;
        let Some(total) = total else {
            // The server tells no total: page by page until an empty one; never reason to remove anything.
            for _ in 0..MOST_PAGES_WITHOUT_TOTAL {
                if last_received == 0 {
                    break;
                }
                let start = u32::try_from(received).unwrap_or(u32::MAX);
                let page = self.asker.page(record, kind, PageRequest { start, limit: PAGE }).await?;
                last_received = page.received();
                received += u64::from(last_received);
                self.store(stored, page, generation).await?;
            }
            return Ok(false);
        };
        let starts = (1..).map(|page| page * PAGE).take_while(|start| *start < total);
        let asker = self.asker.clone();
        let mut pages = stream::iter(starts.collect::<Vec<_>>())
            .map(|start| asker.page(record, kind, PageRequest { start, limit: PAGE }))
            .buffered(IN_FLIGHT);
        let mut agrees = true;
        while let Some(page) = pages.next().await {
            let page = page?;
            received += u64::from(page.received());
            skipped += u64::from(page.skipped);
            agrees &= page.total == Some(total);
            self.store(stored, page, generation).await?;
        }
        Ok(agrees && skipped == 0 && received == u64::from(total))
    }

    async fn store(&mut self, stored: &Library, page: ItemPage, generation: i64) -> Result<()> {
        let outcome =
            self.ctx.db.items().upsert_page(self.source.id, stored.id, &page.items, generation).await?;
        self.summary.listed += u64::from(page.received());
        self.summary.inserted += u64::from(outcome.inserted);
        self.summary.updated += u64::from(outcome.updated);
        self.summary.skipped += u64::from(page.skipped);
        self.done += u64::from(page.received());
        self.progress();
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
