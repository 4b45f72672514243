//! Shelves that are looked at: what stands on them now.

use super::backend::{Purpose, run};
use crate::models::{ShelfId, ShelfKind, SourceKind};
use crate::services::events::Event;
use crate::services::{AppContext, Result};

/// Brings single shelves up to date; all of a source are [`super::SyncService`]'s.
pub struct ShelfService;

impl ShelfService {
    /// Asks the server for what stands on a collection or playlist now, and stores it.
    pub async fn refresh(ctx: &AppContext, id: ShelfId) -> Result<()> {
        let shelf = ctx.db.shelves().get(id).await?;
        let source = ctx.db.sources().get(shelf.source_id).await?;
        if source.kind == SourceKind::Local || shelf.kind == ShelfKind::Hub {
            return Ok(());
        }
        let (kind, remote) = (shelf.kind, shelf.record.remote_id);
        let items = run(ctx, shelf.source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.shelf_items(kind, &remote).await }
        })
        .await?;
        let mark = shelf.record.change_mark.as_deref();
        let is_changed = ctx.db.shelves().put_items(id, &items, mark, ctx.clock.now()).await?;
        if is_changed || !shelf.is_read {
            ctx.events.publish(Event::ShelvesChanged(shelf.source_id));
        }
        Ok(())
    }
}
