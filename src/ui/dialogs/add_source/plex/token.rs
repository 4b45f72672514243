//! The page without plex.tv: address and token of a server; of a source that is there the token only.

use adw::prelude::*;
use gettextrs::gettext;
use secrecy::SecretString;

use super::messages::{PlexInput, PlexStart};
use crate::ui::dialogs::add_source::form::{Form, column, rows};

/// The content of the page.
#[derive(Debug)]
pub(super) struct TokenPage {
    root: gtk::Box,
    address: Option<adw::EntryRow>,
    token: adw::PasswordEntryRow,
    form: Form,
}

impl TokenPage {
    pub(super) fn build(wanted: &PlexStart, input: &relm4::Sender<PlexInput>) -> Self {
        let address = adw::EntryRow::builder()
            .title(gettext("Server address"))
            .input_purpose(gtk::InputPurpose::Url)
            .build();
        if let PlexStart::New { address: Some(found) } = wanted {
            address.set_text(found);
        }
        let token = adw::PasswordEntryRow::builder().title(gettext("Token")).build();
        let (label, words, address) = match wanted {
            PlexStart::Again(known) => {
                let words = gettext("The server at {address} wants another token.");
                (gettext("Sign In"), words.replace("{address}", &known.address), None)
            }
            _ => (gettext("Add"), gettext("plex.tv does not hear of this server."), Some(address)),
        };
        let text = gtk::Label::builder()
            .label(words)
            .wrap(true)
            .wrap_mode(gtk::pango::WrapMode::WordChar)
            .xalign(0.0)
            .css_classes(["dim-label"])
            .build();
        let act = input.clone();
        let form = Form::new(&label, move || act.emit(PlexInput::UseToken));
        let entries: Vec<&adw::EntryRow> = address.iter().chain([token.upcast_ref()]).collect();
        for row in &entries {
            let act = input.clone();
            row.connect_entry_activated(move |_| act.emit(PlexInput::UseToken));
        }
        let root = column();
        root.append(&text);
        root.append(&rows(&entries));
        root.append(form.widget());
        Self { root, address, token, form }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// What is typed first.
    pub(super) fn first(&self) -> &adw::EntryRow {
        self.address.as_ref().unwrap_or_else(|| self.token.upcast_ref())
    }

    /// Puts the cursor where something is missing.
    fn focus(&self) {
        match &self.address {
            Some(address) if address.text().trim().is_empty() => address.grab_focus(),
            _ => self.token.grab_focus(),
        };
    }

    /// Address and token; says what is missing. The address is empty where it is known.
    pub(super) fn typed(&self) -> Option<(String, SecretString)> {
        let address = self.address.as_ref().map(|row| row.text().trim().to_owned());
        let token = self.token.text().trim().to_owned();
        if address.as_ref().is_some_and(String::is_empty) || token.is_empty() {
            let sentence = if address.is_some() {
                gettext("Enter the address of the server and a token.")
            } else {
                gettext("Enter a token.")
            };
            self.form.fail(&sentence);
            self.focus();
            return None;
        }
        Some((address.unwrap_or_default(), SecretString::from(token)))
    }
}
