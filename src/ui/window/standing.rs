//! How the sources stand, brought to everything that shows it: icons, banners, toasts, and what their buttons do.

use std::time::Instant;

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use relm4::{ComponentController as _, ComponentSender};

use super::incidents::{BLIP, Incident};
use super::sidebar::SidebarInput;
use super::{Page, Shell, ShellInput};
use crate::models::{AuthStatus, Source, SourceId, SourceKind};
use crate::services::core::connection::Reach;
use crate::services::core::monitor::MonitorInput;
use crate::ui::dialogs::{AddSourceInit, Known};
use crate::ui::pages::connections::ConnectionsInput;
use crate::ui::pages::details::DetailsInput;
use crate::ui::pages::favourites::FavouritesInput;
use crate::ui::pages::home::HomeInput;
use crate::ui::pages::library::LibraryInput;
use crate::ui::pages::sources::SourcesInput;
use crate::ui::standing::{Action, Overall, paired};
use crate::ui::widgets::toast;

/// Where networks that want a sign-in show theirs: a page that GNOME keeps for this, without TLS on purpose.
const NETWORK_LOGIN: &str = "http://nmcheck.gnome.org/";
/// How long a toast with a button stays, in seconds.
const WITH_BUTTON: u32 = 8;

impl Shell {
    /// Actions that buttons of banners and toasts lead to.
    pub(super) fn bind_standing_actions(&self, sender: &ComponentSender<Self>) {
        let window = &self.init.window;
        let add = |name: &str, message: fn(SourceId) -> ShellInput| {
            let action = gtk::gio::SimpleAction::new(name, Some(String::static_variant_type().as_ref()));
            let input = sender.input_sender().clone();
            action.connect_activate(move |_, target| {
                let id = target.and_then(gtk::glib::Variant::get::<String>).and_then(|id| id.parse().ok());
                if let Some(id) = id {
                    input.emit(message(id));
                }
            });
            window.add_action(&action);
        };
        add("check", |id| ShellInput::Check(Some(id)));
        add("sign-in", ShellInput::SignIn);
        add("add-user", ShellInput::AddUser);
        add("connections", ShellInput::OpenConnections);
        add("review-certificate", ShellInput::Review);
        add("folders", ShellInput::OpenFolders);
        let simple = |name: &str, act: Box<dyn Fn()>| {
            let action = gtk::gio::SimpleAction::new(name, None);
            action.connect_activate(move |_, _| act());
            window.add_action(&action);
        };
        let input = sender.input_sender().clone();
        simple("check-all", Box::new(move || input.emit(ShellInput::Check(None))));
        let parent = window.clone();
        simple("network-login", Box::new(move || open_network_login(&parent)));
        let input = sender.input_sender().clone();
        window.connect_is_active_notify(move |window| {
            // The window is active once more while it is being taken down.
            let _gone = input.send(ShellInput::Focused(window.is_active()));
        });
        let beacon = self.beacon.clone();
        beacon.set_folded(self.view.split.is_collapsed());
        self.view.split.connect_collapsed_notify(move |split| beacon.set_folded(split.is_collapsed()));
    }

    /// The list of sources is another.
    pub(super) fn sources_changed(&mut self, sources: Vec<Source>, sender: &ComponentSender<Self>) {
        self.sources = sources;
        self.follow_folders();
        self.show_worst();
        for id in self.sources.iter().map(|source| source.id).collect::<Vec<_>>() {
            self.note_incident(id, sender);
        }
    }

    /// How a source stands changed: everything that shows it follows at once, what is said waits a moment.
    pub(super) fn status_changed(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        self.sidebar.emit(SidebarInput::StatusChanged(id));
        match &self.page {
            Some(Page::Home(page)) => page.emit(HomeInput::StatusChanged),
            Some(Page::Favourites(page)) => page.emit(FavouritesInput::StatusChanged),
            Some(Page::Library(page)) => page.emit(LibraryInput::StatusChanged(id)),
            Some(Page::Sources(page)) => page.emit(SourcesInput::StatusChanged(id)),
            Some(Page::Search(_) | Page::Cards(_)) | None => {}
        }
        self.above_status_changed(id);
        for details in &self.details {
            details.emit(DetailsInput::StatusChanged(id));
        }
        if let Some(connections) = &self.connections {
            connections.emit(ConnectionsInput::StatusChanged(id));
        }
        self.show_worst();
        self.note_incident(id, sender);
    }

    fn note_incident(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        let signed_out = |source: &Source| source.id == id && source.auth_status == AuthStatus::SignInNeeded;
        // A server whose sign-in is dead answers when it is asked who it is: that is no return.
        let reach = match self.ctx.connectivity.status(id).reach {
            Reach::Online if self.sources.iter().any(signed_out) => Reach::SignInNeeded,
            reach => reach,
        };
        if self.incidents.observe(id, reach, Instant::now()) {
            let input = sender.input_sender().clone();
            gtk::glib::timeout_add_local_once(BLIP, move || {
                let _gone = input.send(ShellInput::TellIncidents);
            });
        }
    }

    fn show_worst(&self) {
        let pairs = paired(&self.ctx.connectivity, &self.sources);
        self.beacon.show(Overall::of(&pairs, self.ctx.network.state(), chrono::Utc::now()).worst);
    }

    /// Says what is due.
    pub(super) fn tell_incidents(&mut self) {
        for (incident, ids) in self.incidents.due(Instant::now()) {
            let names: Vec<String> = self
                .sources
                .iter()
                .filter(|source| ids.contains(&source.id) && source.enabled)
                .map(|source| source.name.clone())
                .collect();
            if names.is_empty() {
                continue;
            }
            // What was said of these before is over.
            self.told.retain(|(told, toast)| {
                let over = told.iter().any(|id| ids.contains(id));
                if over {
                    toast.dismiss();
                }
                !over
            });
            let (text, action) = words(incident, &names, &ids);
            let toast = toast(&text, action);
            if action.is_some() {
                toast.set_timeout(WITH_BUTTON);
            }
            self.view.toasts.add_toast(toast.clone());
            self.told.push((ids, toast));
        }
    }

    /// Looks at one source, or at all, now.
    pub(super) fn check(&self, id: Option<SourceId>) {
        self.monitor.emit(MonitorInput::CheckNow(id));
    }

    /// The network of this machine is another.
    pub(super) fn network_changed(&self) {
        self.sidebar.emit(SidebarInput::NetworkChanged(self.ctx.network.state()));
    }

    /// Whether somebody looks at the window decides how often the sources are looked at.
    pub(super) fn focused(&self, focused: bool) {
        self.monitor.emit(MonitorInput::Focus(focused));
        // Somebody who comes back wants to see what is, not what was.
        if focused && !self.sources.is_empty() {
            let down = |source: &&Source| self.ctx.connectivity.status(source.id).reach.is_down();
            for source in self.sources.iter().filter(down) {
                self.check(Some(source.id));
            }
        }
    }

    /// Leads to the dialog in which a source is added: the same server and user are used again there.
    pub(super) fn sign_in(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if let Some(source) = self.server_source(id) {
            let wanted = AddSourceInit::Again(source.kind, Known::of(source));
            self.open_add_source(wanted, sender);
        }
    }

    /// Shows the dialog that adds another user of a source's server.
    pub(super) fn add_user(&mut self, id: SourceId, sender: &ComponentSender<Self>) {
        if let Some(source) = self.server_source(id) {
            let wanted = AddSourceInit::AnotherUser(source.kind, Known::of(source));
            self.open_add_source(wanted, sender);
        }
    }

    /// A source that somebody can sign in to.
    fn server_source(&self, id: SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id && source.kind != SourceKind::Local)
    }
}

/// The sentence of an incident, and what can be done.
fn words(incident: Incident, names: &[String], ids: &[SourceId]) -> (String, Option<Action>) {
    let only = if let ([name], [id]) = (names, ids) { Some((name.as_str(), *id)) } else { None };
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let first = names.first().map(String::as_str).unwrap_or_default();
    let one_or_many = |one: String, many: String| match only {
        Some((name, _)) => one.replace("{name}", name),
        None => many.replace("{n}", &count.to_string()),
    };
    match incident {
        Incident::Lost => (
            one_or_many(
                gettext("The connection to {name} is lost"),
                ngettext("{n} source is lost", "The connections to {n} sources are lost", count),
            ),
            Some(only.map_or(Action::CheckAll, |(_, id)| Action::Check(id))),
        ),
        Incident::Back => (
            one_or_many(
                gettext("{name} is connected again"),
                ngettext("{n} source is connected again", "{n} sources are connected again", count),
            ),
            None,
        ),
        Incident::SignIn => (
            gettext("{name} asks to sign in again").replace("{name}", first),
            ids.first().map(|id| Action::SignIn(*id)),
        ),
        Incident::Certificate => (
            gettext("The certificate of {name} is not trusted").replace("{name}", first),
            ids.first().map(|id| Action::Review(*id)),
        ),
        Incident::Portal => (gettext("This network wants you to sign in"), Some(Action::NetworkLogin)),
    }
}

fn open_network_login(window: &adw::ApplicationWindow) {
    let launcher = gtk::UriLauncher::new(NETWORK_LOGIN);
    let window = window.clone();
    gtk::glib::spawn_future_local(async move {
        if let Err(error) = launcher.launch_future(Some(&window)).await {
            tracing::info!(%error, "no browser could be opened");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toasts_name_the_source() {
        let (id, names) = (SourceId::random(), ["Attic".to_owned()]);
        let (text, action) = words(Incident::Lost, &names, &[id]);
        assert_eq!((text.as_str(), action), ("The connection to Attic is lost", Some(Action::Check(id))));
        let both = ["Attic".to_owned(), "Cellar".to_owned()];
        let (text, action) = words(Incident::Lost, &both, &[id, SourceId::random()]);
        assert_eq!(
            (text.as_str(), action),
            ("The connections to 2 sources are lost", Some(Action::CheckAll))
        );
        let (text, _) = words(Incident::Back, &names, &[id]);
        assert_eq!(text, "Attic is connected again");
    }
}
