//! What changed in a library since the last sync: a few requests instead of a whole listing.
//!
//! Descriptions come by the server's clock, and so does what the user did elsewhere. What is gone shows in no list: when
//! the server's number of items is not the one that follows from the last one and what came new, the library is listed
//! whole.

use chrono::{DateTime, Utc};
use tracing::debug;

use super::Run;
use super::asker::Coming;
use super::plan::Cursor;
use crate::backends::{Delta, LibraryRecord, OVERLAP, PageRequest};
use crate::models::{ItemKind, Library, MediaId};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::{Result, ServiceError};

/// Items in the first page of a list of changes. Where servers know only an order it comes whole, for nothing.
const FIRST_PAGE: u32 = 100;
/// Items in the pages after it: there is a lot to tell.
const PAGE: u32 = 500;
/// Pages of one list of changes: one that is longer is no shorter way than a whole listing.
const MOST_PAGES: u32 = 21;

/// How asking for changes ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caught {
    /// Everything is stored; where to go on the next time.
    Up(Cursor),
    /// The library has to be listed whole.
    NotUp,
}

impl Run<'_> {
    /// Brings a library up to date with what changed since.
    pub(super) async fn catch_up(
        &mut self,
        record: &LibraryRecord,
        stored: &Library,
        (before, since, described): (&Cursor, DateTime<Utc>, bool),
    ) -> Result<Caught> {
        let mut cursor = Cursor { revision: record.revision.clone(), ..Cursor::default() };
        let mut touched = Vec::new();
        for kind in record.kind.listed_kinds() {
            let mut deltas = Vec::new();
            if described {
                deltas.push(Delta::Described(since));
            }
            if kind.is_playable() {
                deltas.extend([Delta::Played(since), Delta::Begun]);
            }
            if *kind != ItemKind::Season {
                deltas.push(Delta::Favourites);
            }
            // The first pages are asked for at once: mostly there is nothing to tell, and the way takes the time.
            let first = PageRequest { start: 0, limit: FIRST_PAGE };
            let ask = |delta| (delta, self.asker.changes_beside(record, *kind, delta, first));
            let asked: Vec<_> = deltas.into_iter().map(ask).collect();
            let mut inserted = 0;
            for (delta, first) in asked {
                let list = (*kind, delta);
                let Some(found) = self.take_changes(record, stored, list, first, &mut touched).await? else {
                    return Ok(Caught::NotUp);
                };
                inserted += found.inserted;
                if let Some(at) = found.at {
                    // A server whose clock was put back tells nothing by its times.
                    if at < since - OVERLAP {
                        return Ok(Caught::NotUp);
                    }
                    cursor.since = Some(cursor.since.map_or(at, |first| first.min(at)));
                }
            }
            let total = self.asker.total(record, *kind).await?;
            let expected = before.total(*kind).map(|total| total.saturating_add(inserted));
            if total.is_none() || total != expected {
                debug!(library = %stored.id, ?kind, ?total, ?expected, "the numbers do not agree");
                return Ok(Caught::NotUp);
            }
            cursor.set_total(*kind, total.unwrap_or_default());
        }
        self.finish_changes(stored, &touched).await?;
        // Without a server's clock the same stretch is asked for once more.
        cursor.since = cursor.since.or(Some(since));
        Ok(Caught::Up(cursor))
    }

    /// Stores one list of changes, whose first page is on its way. `None` when it cannot be had, or is too long.
    async fn take_changes(
        &mut self,
        record: &LibraryRecord,
        stored: &Library,
        (kind, delta): (ItemKind, Delta),
        first: Coming,
        touched: &mut Vec<MediaId>,
    ) -> Result<Option<Taken>> {
        let mut taken = Taken::default();
        let mut coming = first;
        let mut start = 0;
        for _ in 0..MOST_PAGES {
            let found = match coming.await.map_err(|_| ServiceError::Offline(ErrorKind::Offline))? {
                Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(None),
                found => found?,
            };
            let page = &found.page;
            start = page.received().saturating_add(start);
            // The server works at the next page while this one is stored.
            let asked = PageRequest { start, limit: PAGE };
            let next = (!found.is_last).then(|| self.asker.changes_beside(record, kind, delta, asked));
            self.note_clock(page.at).await?;
            let (outcome, ids) =
                self.ctx.db.items().upsert_some(self.source.id, stored.id, &page.items).await?;
            self.summary.listed += u64::from(page.received());
            self.summary.inserted += u64::from(outcome.inserted);
            self.summary.updated += u64::from(outcome.updated);
            self.summary.skipped += u64::from(page.skipped);
            touched.extend(ids);
            taken.inserted += outcome.inserted;
            taken.at = taken.at.or(page.at);
            match next {
                Some(next) => coming = next,
                None => return Ok(Some(taken)),
            }
        }
        debug!(library = %stored.id, ?kind, ?delta, "too many changes");
        Ok(None)
    }

    /// Gives new items their parents, and tells of what changed.
    async fn finish_changes(&self, stored: &Library, touched: &[MediaId]) -> Result<()> {
        if touched.is_empty() {
            return Ok(());
        }
        self.ctx.db.items().fix_parents(stored.id).await?;
        self.ctx.db.items().recount(touched).await?;
        self.ctx.events.publish(Event::ItemsChanged { source_id: self.source.id, ids: touched.into() });
        Ok(())
    }
}

/// What a list of changes has brought.
#[derive(Debug, Default)]
struct Taken {
    inserted: u32,
    at: Option<DateTime<Utc>>,
}
