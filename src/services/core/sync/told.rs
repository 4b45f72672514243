//! What is told of a sync: that it begins, and how it ends.

use tracing::{info, warn};

use crate::models::SourceId;
use crate::services::events::{Event, SyncSummary};
use crate::services::{AppContext, Result};

/// Tells of a sync, how it ends too: one that is dropped was ended.
pub(super) struct Told<'a> {
    ctx: &'a AppContext,
    source_id: SourceId,
    pub(super) is_shown: bool,
    is_over: bool,
}

impl<'a> Told<'a> {
    pub(super) fn begin(ctx: &'a AppContext, source_id: SourceId, is_shown: bool) -> Self {
        if is_shown {
            ctx.events.publish(Event::SyncStarted(source_id));
        }
        Self { ctx, source_id, is_shown, is_over: false }
    }

    pub(super) fn end(&mut self, result: &Result<SyncSummary>) {
        self.is_over = true;
        let source_id = self.source_id;
        let event = match result {
            Ok(summary) => {
                info!(%source_id, ?summary, "sync completed");
                Event::SyncCompleted { source_id, result: *summary }
            }
            Err(error) => {
                warn!(%source_id, kind = ?error.kind(), "sync failed");
                Event::SyncFailed { source_id, error: error.kind() }
            }
        };
        if self.is_shown {
            self.ctx.events.publish(event);
        }
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            info!(source_id = %self.source_id, "sync ended early");
            if self.is_shown {
                self.ctx.events.publish(Event::SyncCancelled(self.source_id));
            }
        }
    }
}
