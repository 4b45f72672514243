//! The connections of one source: how it stands, which connection is used and why, what waits for it.

mod changes;
mod content;
mod report;
mod row;
mod view;

use std::time::Duration;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};

use crate::models::{OperationId, ServerUrl, SourceId};
use crate::services::core::connection::ConnectionService;
use crate::services::core::{OutboxService, SourceService};
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::widgets::Beacon;
use content::Content;
use view::ConnectionsView;

/// Between two readings of what checks have measured: these change without an event.
const STEP: Duration = Duration::from_secs(5);

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum ConnectionsInput {
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// An event came.
    Happened(Event),
    /// Read everything anew.
    Reload,
    /// Test every connection now.
    Test,
    /// Use this connection whenever it answers, or the best one.
    Pin(Option<ServerUrl>),
    /// Look for the server at a further address.
    Add(String),
    /// Take an address back.
    Remove(ServerUrl),
    /// Ask whether credentials may go to an address without encryption.
    AskAccept(ServerUrl),
    /// They may.
    Accept(ServerUrl),
    /// Try to deliver a change now.
    RetryChange(OperationId),
    /// Ask whether to give a change up.
    AskDiscard(OperationId),
    /// Give a change up.
    Discard(OperationId),
    /// Copy a report without names and secrets.
    CopyReport,
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum ConnectionsOutput {
    /// A sentence in a toast.
    Say(String),
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum ConnectionsCommand {
    /// The database was read.
    Read(Box<Result<Content, ServiceError>>),
    /// Every connection was tested.
    Tested(Result<(), ServiceError>),
    /// An address was added.
    Added(Result<(), ServiceError>),
    /// Something else was done.
    Done(Result<(), ServiceError>),
    /// It is time to read again.
    Due,
}

/// The page.
#[derive(Debug)]
pub(in crate::ui) struct ConnectionsPage {
    ctx: AppContext,
    id: SourceId,
    content: Option<Content>,
    reading: bool,
    again: bool,
    testing: bool,
    view: ConnectionsView,
}

impl Component for ConnectionsPage {
    type Init = (AppContext, Beacon, SourceId);
    type Input = ConnectionsInput;
    type Output = ConnectionsOutput;
    type CommandOutput = ConnectionsCommand;
    type Root = adw::NavigationPage;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::NavigationPage::builder().title(gettext("Connections")).build()
    }

    fn init(
        (ctx, beacon, id): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let view = ConnectionsView::build(&root, &beacon, sender.input_sender());
        let model = Self { ctx, id, content: None, reading: false, again: false, testing: false, view };
        sender.input(ConnectionsInput::Reload);
        sender.command(|out, shutdown| {
            shutdown
                .register(async move {
                    while out.send(ConnectionsCommand::Due).is_ok() {
                        tokio::time::sleep(STEP).await;
                    }
                })
                .drop_on_shutdown()
        });
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: ConnectionsInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            ConnectionsInput::StatusChanged(id) => self.status_changed(id, &sender),
            ConnectionsInput::Happened(event) => self.happened(&event, &sender),
            ConnectionsInput::Reload => self.read(&sender),
            ConnectionsInput::Test => self.test(&sender),
            ConnectionsInput::Pin(uri) => self.pin(uri, &sender),
            ConnectionsInput::Add(address) => self.add(address, &sender),
            ConnectionsInput::Remove(uri) => self.remove(uri, &sender),
            ConnectionsInput::AskAccept(uri) => view::ask_accept(root, &uri, sender.input_sender()),
            ConnectionsInput::Accept(uri) => self.accept(uri, &sender),
            ConnectionsInput::RetryChange(operation) => self.retry_change(operation, &sender),
            ConnectionsInput::AskDiscard(operation) => {
                changes::ask_discard(root, operation, sender.input_sender());
            }
            ConnectionsInput::Discard(operation) => self.discard(operation, &sender),
            ConnectionsInput::CopyReport => self.copy_report(root, &sender),
        }
    }

    fn update_cmd(&mut self, command: ConnectionsCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            ConnectionsCommand::Read(read) => self.took_in(*read, root, &sender),
            ConnectionsCommand::Tested(result) => self.tested(result, &sender),
            ConnectionsCommand::Added(result) => self.added(&result, &sender),
            ConnectionsCommand::Done(result) => self.done(result, &sender),
            ConnectionsCommand::Due => self.read(&sender),
        }
    }
}

impl ConnectionsPage {
    fn read(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.reading, true) {
            self.again = true;
            return;
        }
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(
            async move { ConnectionsCommand::Read(Box::new(Content::read(&ctx, id).await)) },
        );
    }

    fn took_in(
        &mut self,
        read: Result<Content, ServiceError>,
        root: &adw::NavigationPage,
        sender: &ComponentSender<Self>,
    ) {
        self.reading = false;
        match read {
            Ok(content) => {
                self.view.show(&content, self.testing, root, sender.input_sender());
                self.content = Some(content);
            }
            Err(error) => tracing::debug!(%error, "the connections could not be read"),
        }
        if std::mem::take(&mut self.again) {
            self.read(sender);
        }
    }

    fn status_changed(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if id != self.id {
            return;
        }
        if let Some(content) = &mut self.content {
            content.status = self.ctx.connectivity.status(id);
            self.view.show_state(content);
        }
        self.read(sender);
    }

    fn happened(&mut self, event: &Event, sender: &ComponentSender<Self>) {
        let id = match event {
            Event::SourceChanged(id) | Event::OutboxChanged(id) => *id,
            Event::ConnectionChanged { source_id, .. } => *source_id,
            _ => return,
        };
        if id == self.id {
            self.read(sender);
        }
    }

    fn test(&mut self, sender: &ComponentSender<Self>) {
        if std::mem::replace(&mut self.testing, true) {
            return;
        }
        self.view.show_testing(true);
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ConnectionsCommand::Tested(ConnectionService::test_connections(&ctx, id).await.map(drop))
        });
    }

    fn tested(&mut self, result: Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        self.testing = false;
        self.view.show_testing(false);
        self.done(result, sender);
    }

    fn pin(&self, uri: Option<ServerUrl>, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ConnectionsCommand::Done(ConnectionService::pin(&ctx, id, uri.as_ref()).await)
        });
    }

    fn add(&self, address: String, sender: &ComponentSender<Self>) {
        self.view.show_adding();
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ConnectionsCommand::Added(SourceService::add_address(&ctx, id, &address).await)
        });
    }

    fn added(&mut self, result: &Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        self.view.show_added(result.as_ref().err().map(error_text::sentence).as_deref());
        if result.is_ok() {
            self.read(sender);
        }
    }

    fn remove(&self, uri: ServerUrl, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ConnectionsCommand::Done(SourceService::remove_address(&ctx, id, &uri).await)
        });
    }

    fn accept(&self, uri: ServerUrl, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            ConnectionsCommand::Done(SourceService::accept_unencrypted(&ctx, id, &uri).await)
        });
    }

    fn retry_change(&self, operation: OperationId, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            let made_due = OutboxService::retry(&ctx, operation).await;
            // Who hears of it delivers what is due.
            ctx.events.publish(Event::OutboxChanged(id));
            ConnectionsCommand::Done(made_due)
        });
    }

    fn discard(&self, operation: OperationId, sender: &ComponentSender<Self>) {
        let (ctx, id) = (self.ctx.clone(), self.id);
        sender.oneshot_command(async move {
            let discarded = OutboxService::discard(&ctx, operation).await;
            ctx.events.publish(Event::OutboxChanged(id));
            ConnectionsCommand::Done(discarded)
        });
    }

    fn done(&mut self, result: Result<(), ServiceError>, sender: &ComponentSender<Self>) {
        if let Err(error) = result {
            let _closed = sender.output(ConnectionsOutput::Say(error_text::sentence(&error)));
        }
        self.read(sender);
    }

    fn copy_report(&self, root: &adw::NavigationPage, sender: &ComponentSender<Self>) {
        let Some(content) = &self.content else { return };
        root.clipboard().set_text(&report::text(content));
        let _closed = sender.output(ConnectionsOutput::Say(gettext("The report was copied")));
    }
}
