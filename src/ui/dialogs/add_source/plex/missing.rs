//! The page for an account that does not have what is wanted, with what helps.

use adw::prelude::*;
use gettextrs::gettext;

use super::messages::PlexInput;
use crate::ui::dialogs::add_source::form::{column, page, problem};

/// The tag of the page.
pub(super) const TAG: &str = "plex-missing";

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The account has no server at all.
    Servers,
    /// It does not have the server in question.
    Server,
    /// It was somebody else who signed in.
    Person,
}

/// The page.
#[derive(Debug)]
pub(super) struct MissingPage {
    page: adw::NavigationPage,
    status: adw::StatusPage,
    refresh: gtk::Button,
    problem: gtk::Label,
}

impl MissingPage {
    pub(super) fn build(input: &relm4::Sender<PlexInput>) -> Self {
        let status = adw::StatusPage::builder().icon_name("network-server-symbolic").build();
        status.add_css_class("compact");
        let button = |words: String, message: fn() -> PlexInput| {
            let input = input.clone();
            let label = gtk::Label::builder().label(&words).wrap(true).justify(gtk::Justification::Center);
            let button = gtk::Button::builder()
                .child(&label.build())
                .halign(gtk::Align::Center)
                .css_classes(["pill"])
                .build();
            button.update_property(&[gtk::accessible::Property::Label(&words)]);
            button.connect_clicked(move |_| input.emit(message()));
            button
        };
        let refresh = button(gettext("Refresh"), || PlexInput::Refresh);
        refresh.add_css_class("suggested-action");
        let other = button(gettext("Sign In With Another Account"), || PlexInput::SignIn);
        let problem = problem();
        let content = column();
        content.append(&status);
        content.append(&problem);
        let buttons = gtk::Box::builder().orientation(gtk::Orientation::Vertical).spacing(12).build();
        buttons.append(&refresh);
        buttons.append(&other);
        content.append(&buttons);
        let page = page(&gettext("Sign In to Plex"), &content);
        page.set_tag(Some(TAG));
        Self { page, status, refresh, problem }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    /// Says what the account does not have.
    pub(super) fn show(&self, missing: Missing, account: &str) {
        let (title, words) = match missing {
            Missing::Servers => (
                gettext("No Servers"),
                gettext("{name} has no Plex server, and nobody shares one with this account."),
            ),
            Missing::Server => (
                gettext("No matching Plex server found"),
                gettext("{name} may not use the server of this source, or plex.tv does not list it now."),
            ),
            Missing::Person => (
                gettext("Somebody Else Signed In"),
                gettext("{name} is not the user to whom this source belongs."),
            ),
        };
        self.status.set_title(&title);
        let words = words.replace("{name}", account);
        self.status.set_description(Some(&gtk::glib::markup_escape_text(&words)));
        self.refresh.set_visible(missing != Missing::Person);
        self.ready();
    }

    /// Shows that it asks again.
    pub(super) fn wait(&self) {
        self.problem.set_visible(false);
        self.refresh.set_sensitive(false);
    }

    /// Shows why it could not ask.
    pub(super) fn fail(&self, sentence: &str) {
        self.ready();
        self.problem.set_label(sentence);
        self.problem.set_visible(true);
    }

    fn ready(&self) {
        self.problem.set_visible(false);
        self.refresh.set_sensitive(true);
    }
}
