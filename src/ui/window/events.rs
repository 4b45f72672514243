//! The one bridge from events to the window.

use gettextrs::gettext;
use relm4::{ComponentController as _, ComponentSender};
use tokio::sync::broadcast::error::RecvError;

use super::sidebar::SidebarInput;
use super::{Page, Shell, ShellCommand};
use crate::services::AppContext;
use crate::services::events::Event;
use crate::ui::error_text;
use crate::ui::pages::connections::ConnectionsInput;
use crate::ui::pages::sources::SourcesInput;
use crate::ui::pictures::Pictures;
use crate::workers::{OutboxInput, SyncInput};

/// Listens until the window is gone.
pub(super) fn listen(ctx: &AppContext, sender: &ComponentSender<Shell>) {
    let mut events = ctx.events.subscribe();
    sender.command(move |out, shutdown| {
        shutdown
            .register(async move {
                loop {
                    let command = match events.recv().await {
                        Ok(event) => ShellCommand::Happened(event),
                        Err(RecvError::Lagged(_)) => ShellCommand::Missed,
                        Err(RecvError::Closed) => return,
                    };
                    if out.send(command).is_err() {
                        return;
                    }
                }
            })
            .drop_on_shutdown()
    });
}

impl Shell {
    pub(super) fn happened(&mut self, event: &Event, sender: &ComponentSender<Self>) {
        self.sidebar.emit(SidebarInput::Happened(event.clone()));
        if let Some(Page::Sources(page)) = &self.page {
            page.emit(SourcesInput::Happened(event.clone()));
        }
        if let Some(page) = &self.connections {
            page.emit(ConnectionsInput::Happened(event.clone()));
        }
        self.tell_pictures(event);
        if let Event::SyncCompleted { .. } = event {
            self.rest_soon(sender);
        }
        match event {
            Event::NetworkChanged => self.network_changed(),
            Event::StatusChanged(id) => self.status_changed(*id, sender),
            Event::ItemsChanged { .. }
            | Event::SourceAdded(_)
            | Event::ShelvesChanged(_)
            | Event::SourceChanged(_)
            | Event::SyncCompleted { .. }
            | Event::SyncCancelled(_)
            | Event::ConnectionChanged { .. }
            | Event::ConnectivityChanged { .. }
            | Event::AuthRequired(_) => self.refresh_soon(sender),
            Event::SourceRemoved(id) => {
                self.incidents.forget(*id);
                self.go(self.destination, sender);
                self.refresh_soon(sender);
            }
            Event::FolderBack(id) => self.sync.emit(SyncInput::Sync(*id)),
            Event::Reconnected(id) => {
                self.outbox.emit(OutboxInput::Reached(*id));
                self.sync.emit(SyncInput::Back(*id));
            }
            Event::OutboxChanged(id) => self.outbox.emit(OutboxInput::Drain(*id)),
            Event::CredentialsInFile => self.say(&error_text::credentials_in_file()),
            Event::SyncFailed { error, .. } if error.class() == crate::net::ErrorClass::Client => {
                self.say(&gettext("A source could not be read. See Sources for the reason."));
            }
            _ => {}
        }
    }

    /// Pictures that failed are asked for when there is hope; those of a source go with it.
    fn tell_pictures(&self, event: &Event) {
        let Some(pictures) = Pictures::of(&self.ctx) else { return };
        match event {
            Event::Reconnected(id) => pictures.reconnected(&self.ctx, Some(*id)),
            Event::NetworkChanged => pictures.reconnected(&self.ctx, None),
            Event::SourceRemoved(id) => pictures.removed(*id),
            _ => {}
        }
    }
}
