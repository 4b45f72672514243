//! The form for a Plex: sign in and choose servers, or address and token.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;
use secrecy::SecretString;

use super::form::{Form, column, page, rows};
use super::{AddSourceDialog, AddSourceInput, Known};
use crate::backends::plex::tv::PlexServer;
use crate::services::core::auth::PlexAccount;

/// How far the sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlexStep {
    /// Nothing was begun.
    Start,
    /// The code is shown and waits to be confirmed.
    Waiting,
    /// The servers of the account are shown.
    Servers,
}

/// The page.
#[derive(Debug)]
pub(super) struct PlexPage {
    page: adw::NavigationPage,
    steps: gtk::Stack,
    code: gtk::Label,
    servers: gtk::ListBox,
    account: RefCell<Option<PlexAccount>>,
    checks: RefCell<Vec<gtk::CheckButton>>,
    address: adw::EntryRow,
    token: adw::PasswordEntryRow,
    start: Form,
    choice: Form,
}

impl PlexPage {
    pub(super) fn build(sender: &ComponentSender<AddSourceDialog>) -> Self {
        let code =
            gtk::Label::builder().selectable(true).css_classes(["title-1", "numeric"]).wrap(true).build();
        code.set_wrap_mode(gtk::pango::WrapMode::Char);
        let servers = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        servers.update_property(&[gtk::accessible::Property::Label(&gettext("Servers"))]);
        let address = adw::EntryRow::builder()
            .title(gettext("Server address"))
            .input_purpose(gtk::InputPurpose::Url)
            .build();
        let token = adw::PasswordEntryRow::builder().title(gettext("Token")).build();
        let input = sender.input_sender().clone();
        let start = Form::new(&gettext("Add"), move || input.emit(AddSourceInput::AddPlexByToken));
        start.button().remove_css_class("suggested-action");
        let input = sender.input_sender().clone();
        let choice = Form::new(&gettext("Add Servers"), move || input.emit(AddSourceInput::AddPlexServers));

        let steps = gtk::Stack::builder().vhomogeneous(false).build();
        steps.add_named(&start_step(&address, &token, &start, sender), Some("start"));
        steps.add_named(&waiting_step(&code, sender), Some("waiting"));
        let chosen = column();
        chosen.append(&servers);
        chosen.append(choice.widget());
        steps.add_named(&chosen, Some("servers"));
        let page = page(&gettext("Add Plex"), &steps);
        let (account, checks) = (RefCell::default(), RefCell::default());
        Self { page, steps, code, servers, account, checks, address, token, start, choice }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// The foot of the step in front.
    pub(super) fn form(&self) -> &Form {
        if self.steps.visible_child_name().as_deref() == Some("servers") { &self.choice } else { &self.start }
    }

    pub(super) fn show_step(&self, step: PlexStep) {
        let name = match step {
            PlexStep::Start => "start",
            PlexStep::Waiting => "waiting",
            PlexStep::Servers => "servers",
        };
        self.code.set_label("");
        self.steps.set_visible_child_name(name);
    }

    /// Shows the code and opens the page to confirm it on.
    pub(super) fn show_code(&self, code: &str, page: &str, root: &adw::Dialog) {
        self.code.set_label(code);
        let window = root.root().and_downcast::<gtk::Window>();
        let launcher = gtk::UriLauncher::new(page);
        gtk::glib::spawn_future_local(async move {
            if let Err(error) = launcher.launch_future(window.as_ref()).await {
                tracing::info!(%error, "no browser could be opened");
            }
        });
    }

    pub(super) fn show_servers(&self, account: PlexAccount, sender: &ComponentSender<AddSourceDialog>) {
        tracing::debug!(servers = account.servers.len(), input = ?sender.input_sender(), "servers of the account");
        self.servers.remove_all();
        let mut checks = Vec::new();
        for server in &account.servers {
            let check = gtk::CheckButton::builder().active(server.owned).valign(gtk::Align::Center).build();
            let row = adw::ActionRow::builder()
                .title(&server.name)
                .subtitle(describe(server))
                .use_markup(false)
                .activatable_widget(&check)
                .build();
            row.add_prefix(&check);
            self.servers.append(&row);
            checks.push(check);
        }
        if account.servers.is_empty() {
            self.choice.fail(&gettext("This account has no server."));
            self.choice.button().set_sensitive(false);
        }
        self.checks.replace(checks);
        self.account.replace(Some(account));
        self.show_step(PlexStep::Servers);
    }

    /// The account and the servers that are checked.
    pub(super) fn chosen(&self) -> Option<(PlexAccount, Vec<PlexServer>)> {
        let account = self.account.borrow().clone()?;
        let servers: Vec<PlexServer> = account
            .servers
            .iter()
            .zip(self.checks.borrow().iter())
            .filter(|(_, check)| check.is_active())
            .map(|(server, _)| server.clone())
            .collect();
        if servers.is_empty() {
            self.choice.fail(&gettext("Choose at least one server."));
            return None;
        }
        Some((account, servers))
    }

    /// Fills in what is known.
    pub(super) fn fill(&self, known: &Known) {
        self.address.set_text(&known.address);
        self.page.set_title(&gettext("Sign In"));
        self.start.set_label(&gettext("Sign In"));
    }

    /// Address and token; says what is missing.
    pub(super) fn typed(&self) -> Option<(String, SecretString)> {
        let (address, token) = (self.address.text().to_string(), self.token.text().to_string());
        if address.trim().is_empty() || token.trim().is_empty() {
            self.start.fail(&gettext("Enter the address of the server and a token."));
            return None;
        }
        Some((address, SecretString::from(token.trim().to_owned())))
    }
}

fn start_step(
    address: &adw::EntryRow,
    token: &adw::PasswordEntryRow,
    form: &Form,
    sender: &ComponentSender<AddSourceDialog>,
) -> gtk::Box {
    let sign_in = gtk::Button::builder()
        .label(gettext("Sign in with Plex"))
        .halign(gtk::Align::Center)
        .css_classes(["pill", "suggested-action"])
        .build();
    let input = sender.input_sender().clone();
    sign_in.connect_clicked(move |_| input.emit(AddSourceInput::SignInPlex));
    let or = gtk::Label::builder()
        .label(gettext("Or by address and token, without plex.tv:"))
        .xalign(0.0)
        .wrap(true)
        .css_classes(["dim-label"])
        .build();
    let content = column();
    content.append(&sign_in);
    content.append(&or);
    content.append(&rows(&[address, token.upcast_ref()]));
    content.append(form.widget());
    content
}

fn waiting_step(code: &gtk::Label, sender: &ComponentSender<AddSourceDialog>) -> gtk::Box {
    let text = gtk::Label::builder()
        .label(gettext("Confirm this code in the browser:"))
        .wrap(true)
        .justify(gtk::Justification::Center)
        .build();
    let copy = gtk::Button::builder()
        .label(gettext("Copy Code"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let shown = code.clone();
    copy.connect_clicked(move |button| button.clipboard().set_text(&shown.label()));
    let cancel = gtk::Button::builder()
        .label(gettext("Cancel"))
        .halign(gtk::Align::Center)
        .css_classes(["pill"])
        .build();
    let input = sender.input_sender().clone();
    cancel.connect_clicked(move |_| input.emit(AddSourceInput::CancelPlex));
    let spinner = adw::Spinner::builder().width_request(32).height_request(32).build();
    let content = column();
    content.append(&text);
    content.append(code);
    content.append(&spinner);
    content.append(&copy);
    content.append(&cancel);
    content
}

fn describe(server: &PlexServer) -> String {
    let owner = match (&server.source_title, server.owned, server.home) {
        (_, true, _) => gettext("Your server"),
        (_, _, true) => gettext("In your home"),
        (Some(name), ..) => gettext("Shared by {name}").replace("{name}", name),
        _ => gettext("Shared"),
    };
    if server.presence { owner } else { format!("{owner} · {}", gettext("offline at the moment")) }
}
