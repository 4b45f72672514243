//! A whole listing of a library, page by page.

use futures::stream::{self, StreamExt as _};
use tracing::{debug, warn};

use super::plan::Cursor;
use super::{IN_FLIGHT, MOST_PAGES_WITHOUT_TOTAL, PAGE, Run, SECOND_LOOK_FROM};
use crate::backends::{ItemPage, LibraryRecord, PageRequest};
use crate::db::Listing;
use crate::models::{ItemKind, Library};
use crate::net::ErrorKind;
use crate::services::events::SyncSummary;
use crate::services::{Result, ServiceError};

/// How a listing went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Course {
    /// Its end was reached.
    ended: bool,
    /// Every item of every kind came, readable, and the numbers agree.
    complete: bool,
}

/// What a complete listing may remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Removal {
    /// Whatever it did not hold.
    Everything,
    /// Nothing, where it did not hold most: it may be the listing of something else.
    Few,
}

/// What a whole listing has led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Where changes are to be asked for from; `None` when the listing did not come to its end.
    pub(super) cursor: Option<Cursor>,
    /// Whether everything that it did not hold is removed.
    pub(super) is_settled: bool,
}

impl Run<'_> {
    /// Lists a library whole and stores what comes; what a complete listing did not hold is removed. The first listing
    /// goes on where an earlier run was interrupted.
    pub(super) async fn list_whole(
        &mut self,
        record: &LibraryRecord,
        stored: &Library,
        is_first: bool,
        removal: Removal,
    ) -> Result<Listed> {
        let before = self.summary;
        let items = self.ctx.db.items();
        let mut listing = if is_first {
            items.resume_listing(stored.id).await?
        } else {
            items.begin_listing(stored.id).await?
        };
        let mut cursor = Cursor { revision: record.revision.clone(), ..Cursor::default() };
        let course = self.list(record, &mut listing, is_first, &mut cursor).await?;
        if !course.ended {
            debug!(library = %stored.id, "the listing did not come to its end");
            // Where it was interrupted no longer means anything: the server's list has changed.
            items.begin_listing(stored.id).await?;
            self.tell_if_changed(&before);
            return Ok(Listed { cursor: None, is_settled: false });
        }
        let is_settled = if course.complete && !listing.is_resumed() {
            self.remove_gone(record, &mut listing, removal).await?
        } else {
            debug!(library = %stored.id, "listing is not complete: nothing is removed");
            false
        };
        self.ctx.db.libraries().set_complete(stored.id, self.ctx.clock.now()).await?;
        self.tell_if_changed(&before);
        Ok(Listed { cursor: Some(cursor), is_settled })
    }

    fn tell_if_changed(&self, before: &SyncSummary) {
        if self.summary.has_changed_since(before) {
            self.tell_of_many();
        }
    }

    /// Removes what a complete listing did not hold. Tells whether all of that is removed.
    async fn remove_gone(
        &mut self,
        record: &LibraryRecord,
        listing: &mut Listing,
        removal: Removal,
    ) -> Result<bool> {
        let (items, library) = (self.ctx.db.items(), listing.library());
        let (unseen, all) = (items.count_unseen(listing).await?, items.count(library).await?);
        if unseen * 2 > all && removal == Removal::Few {
            warn!(%library, unseen, all, "another disk may be at this place: nothing is removed");
            return Ok(false);
        }
        if unseen * 2 > all && all >= SECOND_LOOK_FROM {
            warn!(%library, unseen, all, "most of a library is gone: listing it again");
            if !self.list(record, listing, false, &mut Cursor::default()).await?.complete {
                return Ok(false);
            }
        }
        self.summary.removed += items.remove_unseen(listing).await?;
        Ok(true)
    }

    /// Lists all kinds of a library and stores what comes.
    async fn list(
        &mut self,
        record: &LibraryRecord,
        listing: &mut Listing,
        is_first: bool,
        cursor: &mut Cursor,
    ) -> Result<Course> {
        let mut whole = Course { ended: true, complete: true };
        for kind in record.kind.listed_kinds() {
            let course = self.list_kind(record, listing, *kind, is_first, cursor).await?;
            whole.ended &= course.ended;
            whole.complete &= course.complete;
        }
        self.ctx.db.items().fix_parents(listing.library()).await?;
        Ok(whole)
    }

    async fn list_kind(
        &mut self,
        record: &LibraryRecord,
        listing: &mut Listing,
        kind: ItemKind,
        is_first: bool,
        cursor: &mut Cursor,
    ) -> Result<Course> {
        // Pages of an earlier run are not asked for again, but for the last: something may have moved up meanwhile.
        let before = if is_first { listing.reached(kind).saturating_sub(PAGE) } else { 0 };
        let mut received = before;
        let mut skipped = 0;
        let reached = |received: u32| is_first.then_some((kind, received));
        let first = self.asker.page(record, kind, PageRequest { start: before, limit: PAGE }).await?;
        cursor.since = match (cursor.since, first.at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        received += first.received();
        skipped += first.skipped;
        let mut last_received = first.received();
        let total = first.total;
        self.done += u64::from(before);
        self.done_before += u64::from(before);
        self.note_clock(first.at).await?;
        self.store(listing, first, reached(received)).await?;
        let Some(total) = total else {
            // The server tells no total: page by page until an empty one; never reason to remove anything.
            for _ in 0..MOST_PAGES_WITHOUT_TOTAL {
                if last_received == 0 {
                    return Ok(Course { ended: true, complete: false });
                }
                let page =
                    self.asker.page(record, kind, PageRequest { start: received, limit: PAGE }).await?;
                last_received = page.received();
                received = received.saturating_add(last_received);
                self.store(listing, page, reached(received)).await?;
            }
            return Ok(Course { ended: false, complete: false });
        };
        cursor.set_total(kind, total);
        let starts: Vec<u32> = (before..total).step_by(PAGE as usize).skip(1).collect();
        let asker = self.asker.clone();
        let mut pages = stream::iter(starts)
            .map(|start| asker.page_beside(record, kind, PageRequest { start, limit: PAGE }))
            .buffered(IN_FLIGHT);
        let mut agrees = true;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|_| ServiceError::Offline(ErrorKind::Offline))??;
            received = received.saturating_add(page.received());
            skipped += page.skipped;
            agrees &= page.total == Some(total);
            self.store(listing, page, reached(received)).await?;
        }
        let ended = agrees && received == total;
        Ok(Course { ended, complete: ended && skipped == 0 })
    }

    async fn store(
        &mut self,
        listing: &mut Listing,
        page: ItemPage,
        reached: Option<(ItemKind, u32)>,
    ) -> Result<()> {
        let outcome = self.ctx.db.items().upsert_page(self.source.id, listing, &page.items, reached).await?;
        self.summary.listed += u64::from(page.received());
        self.summary.inserted += u64::from(outcome.inserted);
        self.summary.updated += u64::from(outcome.updated);
        self.summary.skipped += u64::from(page.skipped);
        self.done += u64::from(page.received());
        self.progress();
        if outcome.inserted > 0 {
            self.tell_of_growth();
        }
        Ok(())
    }
}
