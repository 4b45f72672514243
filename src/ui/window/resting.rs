//! What the window has done when nobody waits: looking after sources begins, and memory is given back.

use std::time::Duration;

use relm4::ComponentSender;

use super::{Shell, ShellCommand};
use crate::services::core::LibraryService;
use crate::services::core::live::LiveInput;
use crate::services::core::monitor::MonitorInput;
use crate::ui::memory;
use crate::workers::{OutboxInput, SyncInput};

/// When the database is looked through, if that is due: when nobody waits for the first pages any more.
const LOOK_THROUGH_AFTER: Duration = Duration::from_mins(2);
/// After a start or a sync, until the pages that follow from it have been read and shown.
const REST_AFTER: Duration = Duration::from_secs(4);

/// Whether memory is to be given back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing was done since.
    #[default]
    Had,
    /// In a moment.
    Due,
}

impl Shell {
    /// Begins to look after sources and changes: once the first page is there.
    pub(super) fn begin(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        self.monitor.emit(MonitorInput::Start);
        self.sync.emit(SyncInput::Start);
        self.live.emit(LiveInput::Start);
        self.outbox.emit(OutboxInput::DrainAll);
        self.rest_soon(sender);
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            tokio::time::sleep(LOOK_THROUGH_AFTER).await;
            ShellCommand::LookedThrough(LibraryService::look_through(&ctx).await)
        });
    }

    /// Gives back, a little later, what a start or a sync has needed in between.
    pub(super) fn rest_soon(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.rest, Rest::Due) == Rest::Due {
            return;
        }
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            tokio::time::sleep(REST_AFTER).await;
            if let Err(error) = LibraryService::rest(&ctx).await {
                tracing::debug!(kind = ?error.kind(), "the database keeps its memory");
            }
            memory::give_back().await;
            ShellCommand::Rested
        });
    }
}
