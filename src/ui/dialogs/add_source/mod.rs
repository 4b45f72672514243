//! The dialog that adds a source: a Jellyfin, a Plex or a folder.

mod folder;
mod form;
mod jellyfin;
mod plex;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::{Component, ComponentParts, ComponentSender};
use secrecy::SecretString;

use crate::models::{SourceId, SourceKind};
use crate::services::core::auth::PlexAccount;
use crate::services::core::{AuthService, SourceService};
use crate::services::{AppContext, ServiceError};
use crate::ui::error_text;
use folder::FolderPage;
use jellyfin::JellyfinPage;
use plex::{PlexPage, PlexStep};

/// What is known of a source that wants a new sign-in.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Known {
    /// Where its server is.
    pub(in crate::ui) address: String,
    /// Who signs in.
    pub(in crate::ui) user: String,
}

/// Messages to the dialog.
#[derive(Debug)]
pub(in crate::ui) enum AddSourceInput {
    /// Show the page of a kind.
    Choose(SourceKind),
    /// Add a Jellyfin with what was typed.
    AddJellyfin,
    /// Begin to sign in with Plex.
    SignInPlex,
    /// Stop waiting for Plex.
    CancelPlex,
    /// Add a Plex by address and token.
    AddPlexByToken,
    /// Add the chosen servers of the account.
    AddPlexServers,
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
    /// A code of Plex is there: the code and the page to confirm it on.
    PlexCode(Result<(String, String), ServiceError>),
    /// The account was read.
    PlexAccount(Result<PlexAccount, ServiceError>),
}

/// The dialog.
#[derive(Debug)]
pub(in crate::ui) struct AddSourceDialog {
    ctx: AppContext,
    pages: adw::NavigationView,
    jellyfin: JellyfinPage,
    plex: PlexPage,
    folder: FolderPage,
    /// Ends the waiting for Plex when dropped.
    waiting: Option<relm4::JoinHandle<()>>,
}

impl Component for AddSourceDialog {
    type Init = (AppContext, Option<SourceKind>, Option<Known>);
    type Input = AddSourceInput;
    type Output = AddSourceOutput;
    type CommandOutput = AddSourceCommand;
    type Root = adw::Dialog;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::Dialog::builder().title(gettext("Add a Source")).content_width(460).build()
    }

    fn init(
        (ctx, kind, known): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let pages = adw::NavigationView::builder().vhomogeneous(false).build();
        pages.add(&choice_page(&sender));
        root.set_child(Some(&pages));
        let model = Self {
            ctx,
            jellyfin: JellyfinPage::build(&sender),
            plex: PlexPage::build(&sender),
            folder: FolderPage::build(&sender),
            pages,
            waiting: None,
        };
        if let Some(known) = known {
            model.jellyfin.fill(&known);
            model.plex.fill(&known);
        }
        if let Some(kind) = kind {
            // Straight to the form: there is nothing behind it to go back to.
            model.pages.replace(&[model.page_of(kind)]);
        }
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: AddSourceInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            AddSourceInput::Choose(kind) => self.pages.push(&self.page_of(kind)),
            AddSourceInput::AddJellyfin => self.add_jellyfin(&sender),
            AddSourceInput::SignInPlex => self.sign_in_plex(&sender),
            AddSourceInput::CancelPlex => self.cancel_plex(),
            AddSourceInput::AddPlexByToken => self.add_plex_by_token(&sender),
            AddSourceInput::AddPlexServers => self.add_plex_servers(&sender),
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
            AddSourceCommand::PlexCode(Ok((code, page))) => self.plex.show_code(&code, &page, root),
            AddSourceCommand::PlexAccount(Ok(account)) => self.plex.show_servers(account, &sender),
            AddSourceCommand::PlexCode(Err(error)) | AddSourceCommand::PlexAccount(Err(error)) => {
                self.plex.show_step(PlexStep::Start);
                self.failed(&error);
            }
        }
    }

    fn shutdown(&mut self, _widgets: &mut Self::Widgets, _output: relm4::Sender<Self::Output>) {
        self.cancel_plex();
    }
}

impl AddSourceDialog {
    fn page_of(&self, kind: SourceKind) -> adw::NavigationPage {
        match kind {
            SourceKind::Jellyfin => self.jellyfin.page().clone(),
            SourceKind::Plex => self.plex.page().clone(),
            SourceKind::Local => self.folder.page().clone(),
        }
    }

    /// Shows the sentence on the page in front, where it can be corrected.
    fn failed(&self, error: &ServiceError) {
        let sentence = error_text::sentence(error);
        self.jellyfin.form().fail(&sentence);
        self.plex.form().fail(&sentence);
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

    fn add_plex_by_token(&mut self, sender: &ComponentSender<Self>) {
        let Some((address, token)) = self.plex.typed() else { return };
        self.plex.form().wait();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let added = AuthService::add_plex_by_token(&ctx, &address, &token).await;
            AddSourceCommand::Added(added.map(|id| vec![id]))
        });
    }

    fn sign_in_plex(&mut self, sender: &ComponentSender<Self>) {
        self.plex.show_step(PlexStep::Waiting);
        let (ctx, out) = (self.ctx.clone(), sender.command_sender().clone());
        self.waiting = Some(relm4::spawn(async move {
            let tv = AuthService::plex_tv(&ctx);
            let pin = match tv.create_pin().await {
                Ok(pin) => pin,
                Err(error) => return out.emit(AddSourceCommand::PlexCode(Err(error.into()))),
            };
            let page = tv.auth_page(&pin).to_string();
            out.emit(AddSourceCommand::PlexCode(Ok((pin.code.clone(), page))));
            let account = async {
                let token: SecretString = AuthService::wait_for_pin(&tv, &pin).await?;
                AuthService::plex_account(&ctx, &token).await
            };
            out.emit(AddSourceCommand::PlexAccount(account.await));
        }));
    }

    fn cancel_plex(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.abort();
        }
        self.plex.show_step(PlexStep::Start);
    }

    fn add_plex_servers(&mut self, sender: &ComponentSender<Self>) {
        let Some((account, servers)) = self.plex.chosen() else { return };
        self.plex.form().wait();
        let ctx = self.ctx.clone();
        sender.oneshot_command(async move {
            let mut ids = Vec::new();
            for server in &servers {
                match AuthService::add_plex_server(&ctx, &account, server).await {
                    Ok(id) => ids.push(id),
                    // One that is there already does not stop the others.
                    Err(ServiceError::Duplicate(_)) if servers.len() > 1 => {}
                    Err(error) => return AddSourceCommand::Added(Err(error)),
                }
            }
            AddSourceCommand::Added(Ok(ids))
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
