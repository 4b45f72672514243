//! Collections, playlists and hubs of a source.
//!
//! Each kind is listed whole: a request or two, whatever their number. What stands on a shelf is asked for where its
//! change mark is another than at the last time, some shelves in each sync; the others follow, or are asked for when
//! somebody opens them. A shelf goes when a complete listing does not hold it. Nothing of this is worth a failed sync.

use tracing::debug;

use super::Run;
use crate::backends::LibraryRecord;
use crate::models::{RemoteId, ShelfKind, SourceKind};
use crate::services::events::Event;
use crate::services::{Result, ServiceError};

/// Shelves whose items are asked for in one sync: each costs a request.
const MOST_READ: u32 = 50;

impl Run<'_> {
    /// Brings the shelves of the source up to date; `may_go` says of which a complete listing may tell that they are
    /// gone.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn shelve(
        &mut self,
        libraries: &[LibraryRecord],
        may_go: impl Fn(&RemoteId) -> bool,
    ) -> Result<()> {
        let mut is_changed = false;
        for kind in [ShelfKind::Collection, ShelfKind::Playlist, ShelfKind::Hub] {
            if self.source.kind == SourceKind::Local && kind != ShelfKind::Collection {
                continue;
            }
            match self.shelve_kind(kind, libraries, &may_go).await {
                Ok(changed) => is_changed |= changed,
                Err(ServiceError::Storage(error)) => return Err(error.into()),
                Err(error) => debug!(source_id = %self.source.id, ?kind, %error, "shelves stay as they are"),
            }
        }
        if is_changed {
            self.ctx.events.publish(Event::ShelvesChanged(self.source.id));
        }
        Ok(())
    }

    async fn shelve_kind(
        &self,
        kind: ShelfKind,
        libraries: &[LibraryRecord],
        may_go: impl Fn(&RemoteId) -> bool,
    ) -> Result<bool> {
        let listing = self
            .asker
            .ask(|backend| {
                let libraries = libraries.to_vec();
                async move { backend.shelves(kind, &libraries).await }
            })
            .await?;
        let (shelves, source) = (self.ctx.db.shelves(), self.source.id);
        // Of several folders each speaks for itself, whether or not all of them could be read.
        let speaks = listing.is_complete || self.source.kind == SourceKind::Local;
        let goes = |id: &RemoteId| speaks && may_go(id);
        let now = self.ctx.clock.now();
        let mut is_changed = shelves.reconcile(source, kind, &listing.shelves, goes, now).await?;
        if self.source.kind == SourceKind::Local || kind == ShelfKind::Hub {
            return Ok(is_changed);
        }
        for due in shelves.due(source, kind, MOST_READ).await? {
            let items = self
                .asker
                .ask(|backend| {
                    let remote = due.remote_id.clone();
                    async move { backend.shelf_items(kind, &remote).await }
                })
                .await;
            match items {
                Ok(items) => {
                    let mark = due.change_mark.as_deref();
                    is_changed |= shelves.put_items(due.id, &items, mark, self.ctx.clock.now()).await?;
                }
                Err(error) if error.kind().may_fail_over() => return Err(error),
                // This one is away or hidden: the others are not.
                Err(error) => debug!(shelf = %due.id, %error, "a shelf could not be read"),
            }
        }
        Ok(is_changed)
    }
}
