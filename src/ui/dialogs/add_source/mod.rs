//! The dialog that adds a source: a Jellyfin, a Plex or a folder.

mod folder;
mod form;
mod jellyfin;
mod plex;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentController as _, ComponentParts, ComponentSender, Controller};

use crate::models::{MachineId, Source, SourceId, SourceKind};
use crate::services::core::{AuthService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use folder::FolderPage;
use jellyfin::JellyfinPage;
use plex::{PlexInput, PlexOutput, PlexStart, PlexWay};

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
    /// Add a Jellyfin with what was typed.
    AddJellyfin,
    /// The dialog was closed.
    Closed,
    /// The Plex way said something.
    Plex(PlexOutput),
    /// Choose a folder.
    ChooseFolder,
    /// A folder was chosen.
    FolderChosen(std::path::PathBuf),
    /// Add the chosen folder.
    AddFolder,
}

/// What came of it.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceOutput {
    /// Sources were added.
    Added(Vec<SourceId>),
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
    jellyfin: JellyfinPage,
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
        adw::Dialog::builder().title(gettext("Add a Source")).content_width(460).content_height(560).build()
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
            jellyfin: JellyfinPage::build(&sender),
            plex: None,
            folder: FolderPage::build(&sender),
            pages,
        };
        // Straight to the form where one is wanted: there is nothing behind it to go back to.
        let first = match start {
            AddSourceInit::Choice => choice_page(&sender),
            AddSourceInit::Kind(kind) => model.page_of(kind, &sender),
            AddSourceInit::Again(SourceKind::Plex, known) => {
                model.plex_page(PlexStart::Again(known), &sender)
            }
            AddSourceInit::AnotherUser(SourceKind::Plex, known) => {
                model.plex_page(PlexStart::AnotherUser(known), &sender)
            }
            AddSourceInit::Again(kind, known) | AddSourceInit::AnotherUser(kind, known) => {
                model.jellyfin.fill(&known);
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
            AddSourceInput::AddJellyfin => self.add_jellyfin(&sender),
            AddSourceInput::Closed => self.close(),
            AddSourceInput::Plex(said) => plex_said(said, &sender, root),
            AddSourceInput::ChooseFolder => folder::choose(root, &sender),
            AddSourceInput::FolderChosen(folder) => self.folder.set_folder(folder),
            AddSourceInput::AddFolder => self.add_folder(&sender),
        }
    }

    fn update_cmd(&mut self, command: AddSourceCommand, sender: ComponentSender<Self>, root: &Self::Root) {
        match command {
            AddSourceCommand::Added(Ok(ids)) => {
                let _closed = sender.output(AddSourceOutput::Added(ids));
                root.force_close();
            }
            AddSourceCommand::Added(Err(error)) => self.failed(&error),
        }
    }
}

impl AddSourceDialog {
    fn page_of(&mut self, kind: SourceKind, sender: &ComponentSender<Self>) -> adw::NavigationPage {
        match kind {
            SourceKind::Jellyfin => self.jellyfin.page().clone(),
            SourceKind::Plex => self.plex_page(PlexStart::New { address: None }, sender),
            SourceKind::Local => self.folder.page().clone(),
        }
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

    /// Nobody waits for anything any more.
    fn close(&self) {
        if let Some(plex) = &self.plex {
            plex.emit(PlexInput::Closed);
        }
    }

    /// Shows the sentence on the page in front, where it can be corrected.
    fn failed(&self, error: &ServiceError) {
        let sentence = error_text::sentence(error);
        self.jellyfin.form().fail(&sentence);
        self.folder.form().fail(&sentence);
    }

    fn add_jellyfin(&mut self, sender: &ComponentSender<Self>) {
        let Some((address, name, password)) = self.jellyfin.typed() else { return };
        self.jellyfin.form().wait();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let added = AuthService::add_jellyfin(&ctx, &address, &name, &password).await;
            AddSourceCommand::Added(added.map(|id| vec![id]))
        });
    }

    fn add_folder(&mut self, sender: &ComponentSender<Self>) {
        let Some((folder, name, kind)) = self.folder.typed() else { return };
        self.folder.form().wait();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let added = SourceService::add_folder(&ctx, &folder, name.as_deref(), kind).await;
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

/// The three kinds.
fn choice_page(sender: &ComponentSender<AddSourceDialog>) -> adw::NavigationPage {
    let list = gtk::ListBox::builder()
        .selection_mode(gtk::SelectionMode::None)
        .css_classes(["boxed-list"])
        .valign(gtk::Align::Start)
        .build();
    for (kind, icon, title, subtitle) in [
        (SourceKind::Plex, "reel-server-play-symbolic", "Plex", gettext("Sign in, or by address and token")),
        (
            SourceKind::Jellyfin,
            "reel-server-stack-symbolic",
            "Jellyfin",
            gettext("By address, name and password"),
        ),
        (SourceKind::Local, "folder-videos-symbolic", &gettext("Folder"), gettext("Videos on this computer")),
    ] {
        let row = adw::ActionRow::builder().title(title).subtitle(subtitle).activatable(true).build();
        row.add_prefix(&gtk::Image::from_icon_name(icon));
        row.add_suffix(&gtk::Image::from_icon_name("go-next-symbolic"));
        let input = sender.input_sender().clone();
        row.connect_activated(move |_| input.emit(AddSourceInput::Choose(kind)));
        list.append(&row);
    }
    form::page(&gettext("Add a Source"), &list)
}
