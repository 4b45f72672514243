//! The dialog that adds a source: a Jellyfin, a Plex or a folder.

mod choice;
mod folder;
mod form;
mod jellyfin;
mod plex;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller};

use crate::models::{MachineId, NewFolder, Source, SourceId, SourceKind};
use crate::services::core::SourceService;
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use crate::ui::widgets::{Nearby, NetworkServers};
use folder::FolderPage;
use jellyfin::{JellyfinStart, JellyfinWay};
use plex::{PlexInput, PlexOutput, PlexStart, PlexWay};

/// Height of the dialog, in pixels: its pages fill as servers answer, and it does not jump with them.
const HEIGHT: i32 = 580;

/// What is known of a source that wants a new sign-in, or of whose server another user is to be added.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Known {
    /// Which.
    pub(in crate::ui) source: SourceId,
    /// Where its server is.
    pub(in crate::ui) address: String,
    /// Who signs in.
    pub(in crate::ui) user: String,
    /// The server's, or plex.tv's, id of that user; none where a token is all there is.
    pub(in crate::ui) user_id: Option<String>,
    /// Its server.
    pub(in crate::ui) machine_id: Option<MachineId>,
}

impl Known {
    /// What a source tells of itself.
    pub(in crate::ui) fn of(source: &Source) -> Self {
        Self {
            source: source.id,
            address: source.connection_url.as_ref().map(ToString::to_string).unwrap_or_default(),
            user: source.user.as_ref().map(|user| user.name.clone()).unwrap_or_default(),
            user_id: source.user.as_ref().map(|user| user.id.clone()),
            machine_id: source.machine_id.clone(),
        }
    }
}

/// Where the dialog begins.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceInit {
    /// At the choice of a kind.
    Choice,
    /// At the form of a kind.
    Kind(SourceKind),
    /// At a server of this network.
    Nearby(Box<Nearby>),
    /// At the new sign-in of a source.
    Again(SourceKind, Known),
    /// At another user of the server of a source.
    AnotherUser(SourceKind, Known),
}

/// Messages to the dialog.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceInput {
    /// Show the page of a kind.
    Choose(SourceKind),
    /// Go on with a server of this network.
    ChooseNearby(Box<Nearby>),
    /// A Jellyfin was added, or signed in to again.
    JellyfinDone(SourceId),
    /// The dialog was closed.
    Closed,
    /// The Plex way said something.
    Plex(PlexOutput),
    /// Choose a folder.
    ChooseFolder,
    /// Folders were chosen.
    FoldersChosen(Vec<NewFolder>),
    /// Add the chosen folders.
    AddFolder,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceOutput {
    /// Sources were added.
    Added(Vec<SourceId>),
    /// Sources were signed in to again.
    SignedIn(Vec<SourceId>),
}

/// Results of what the dialog had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceCommand {
    /// Sources were added, or not.
    Added(Result<Vec<SourceId>, ServiceError>),
}

/// The dialog.
#[derive(Debug)]
pub(in crate::ui) struct AddSourceDialog {
    ctx: AppContext,
    pages: adw::NavigationView,
    /// A source that is there signs in again.
    again: bool,
    /// Lists what answers in this network, beside the kinds.
    network: Option<Controller<NetworkServers>>,
    jellyfin: Option<Controller<JellyfinWay>>,
    plex: Option<Controller<PlexWay>>,
    folder: FolderPage,
}

impl Component for AddSourceDialog {
    type Init = (AppContext, AddSourceInit);
    type Input = AddSourceInput;
    type Output = AddSourceOutput;
    type CommandOutput = AddSourceCommand;
    type Root = adw::Dialog;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::Dialog::builder()
            .title(gettext("Add a Source"))
            .content_width(460)
            .content_height(HEIGHT)
            .build()
    }

    fn init(
        (ctx, start): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let pages = adw::NavigationView::builder().vhomogeneous(false).build();
        root.set_child(Some(&pages));
        let input = sender.input_sender().clone();
        root.connect_closed(move |_| {
            let _gone = input.send(AddSourceInput::Closed);
        });
        let mut model = Self {
            ctx,
            again: matches!(start, AddSourceInit::Again(..)),
            network: None,
            jellyfin: None,
            plex: None,
            folder: FolderPage::build(&sender),
            pages,
        };
        // Straight to the form where one is wanted: there is nothing behind it to go back to.
        let first = match start {
            AddSourceInit::Choice => model.choice_page(&sender),
            AddSourceInit::Kind(kind) => model.page_of(kind, &sender),
            AddSourceInit::Nearby(nearby) => model.page_of_nearby(*nearby, &sender),
            AddSourceInit::Again(SourceKind::Plex, known) => {
                model.plex_page(PlexStart::Again(known), &sender)
            }
            AddSourceInit::AnotherUser(SourceKind::Plex, known) => {
                model.plex_page(PlexStart::AnotherUser(known), &sender)
            }
            AddSourceInit::Again(SourceKind::Jellyfin, known) => {
                model.jellyfin_page(JellyfinStart::Again(known), &sender)
            }
            AddSourceInit::AnotherUser(SourceKind::Jellyfin, known) => {
                model.jellyfin_page(JellyfinStart::AnotherUser(known.source), &sender)
            }
            AddSourceInit::Again(kind, _) | AddSourceInit::AnotherUser(kind, _) => {
                model.page_of(kind, &sender)
            }
        };
        model.pages.replace(&[first]);
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: AddSourceInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            AddSourceInput::Choose(kind) => {
                let page = self.page_of(kind, &sender);
                self.pages.push(&page);
            }
            AddSourceInput::ChooseNearby(nearby) => {
                let page = self.page_of_nearby(*nearby, &sender);
                self.pages.push(&page);
            }
            AddSourceInput::JellyfinDone(id) => self.done(vec![id], &sender, root),
            AddSourceInput::Closed => self.close(),
            AddSourceInput::Plex(said) => plex_said(said, &sender, root),
            AddSourceInput::ChooseFolder => folder::choose(root, &sender),
            AddSourceInput::FoldersChosen(folders) => self.folder.add_folders(&self.ctx, folders),
            AddSourceInput::AddFolder => self.add_folder(&sender),
        }
    }

    fn update_cmd(&mut self, command: AddSourceCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            AddSourceCommand::Added(Ok(ids)) => self.done(ids, &sender, root),
            AddSourceCommand::Added(Err(error)) => self.failed(&error),
        }
    }
}

impl AddSourceDialog {
    fn page_of(&mut self, kind: SourceKind, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        match kind {
            SourceKind::Jellyfin => self.jellyfin_page(JellyfinStart::Address, sender),
            SourceKind::Plex => self.plex_page(PlexStart::New { address: None }, sender),
            SourceKind::Local => self.folder.page().clone(),
        }
    }

    /// The page on which a server of this network is gone on with.
    fn page_of_nearby(&mut self, nearby: Nearby, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        let Nearby { server, known } = nearby;
        match (server.kind, known) {
            (SourceKind::Jellyfin, Some(id)) => self.jellyfin_page(JellyfinStart::AnotherUser(id), sender),
            (SourceKind::Jellyfin, None) => {
                self.jellyfin_page(JellyfinStart::Discovered(Box::new(server)), sender)
            }
            _ => {
                let address = server.addresses.first().map(ToString::to_string);
                self.plex_page(PlexStart::New { address }, sender)
            }
        }
    }

    /// The first page of a new way to a Jellyfin.
    fn jellyfin_page(&mut self, start: JellyfinStart, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        let way = JellyfinWay::builder()
            .launch((self.ctx.clone(), start, self.pages.clone()))
            .forward(sender.input_sender(), AddSourceInput::JellyfinDone);
        let page = way.widget().clone();
        self.jellyfin = Some(way);
        page
    }

    /// The first page of a new way to Plex servers.
    fn plex_page(&mut self, start: PlexStart, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        let way = PlexWay::builder()
            .launch((self.ctx.clone(), start, self.pages.clone()))
            .forward(sender.input_sender(), AddSourceInput::Plex);
        let page = way.widget().clone();
        self.plex = Some(way);
        page
    }

    fn choice_page(&mut self, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        let network = NetworkServers::builder()
            .launch((self.ctx.clone(), None))
            .forward(sender.input_sender(), AddSourceInput::ChooseNearby);
        let page = choice::page(network.widget(), sender);
        self.network = Some(network);
        page
    }

    fn done(&self, ids: Vec<SourceId>, sender: &ComponentSender<Self>, root: &adw::Dialog) {
        let done = if self.again { AddSourceOutput::SignedIn(ids) } else { AddSourceOutput::Added(ids) };
        let _closed = sender.output(done);
        root.force_close();
    }

    /// Nobody waits for anything any more.
    fn close(&mut self) {
        if let Some(plex) = &self.plex {
            plex.emit(PlexInput::Closed);
        }
        self.jellyfin = None;
        self.network = None;
    }

    /// Shows the sentence on the page in front, where it can be corrected.
    fn failed(&self, error: &ServiceError) {
        self.folder.form().fail(&error_text::sentence(error));
    }

    fn add_folder(&mut self, sender: &ComponentSender<Self>) {
        let Some((folders, name)) = self.folder.typed() else { return };
        self.folder.form().wait();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let added = SourceService::add_folders(&ctx, &folders, name.as_deref()).await;
            AddSourceCommand::Added(added.map(|id| vec![id]))
        });
    }
}

/// Hands on what the Plex way has brought; it says by itself what did not work.
fn plex_said(said: PlexOutput, sender: &ComponentSender<AddSourceDialog>, root: &adw::Dialog) {
    match said {
        PlexOutput::Added(ids) => {
            let _closed = sender.output(AddSourceOutput::Added(ids));
        }
        PlexOutput::Done => root.force_close(),
    }
}
