//! The form for a Jellyfin.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;
use secrecy::SecretString;

use super::form::{Form, column, page, rows};
use super::{AddSourceDialog, AddSourceInput, Known};

/// The page.
#[derive(Debug)]
pub(super) struct JellyfinPage {
    page: adw::NavigationPage,
    address: adw::EntryRow,
    name: adw::EntryRow,
    password: adw::PasswordEntryRow,
    form: Form,
}

impl JellyfinPage {
    pub(super) fn build(sender: &ComponentSender<AddSourceDialog>) -> Self {
        let address = adw::EntryRow::builder()
            .title(gettext("Server address"))
            .input_purpose(gtk::InputPurpose::Url)
            .build();
        let name = adw::EntryRow::builder().title(gettext("User name")).build();
        let password = adw::PasswordEntryRow::builder().title(gettext("Password")).build();
        let hint = gtk::Label::builder()
            .label(gettext("For example media.lan, 10.0.0.2:8096 or https://example.org/jellyfin"))
            .wrap(true)
            .xalign(0.0)
            .css_classes(["dim-label", "caption"])
            .build();
        let input = sender.input_sender().clone();
        let form = Form::new(&gettext("Add"), move || input.emit(AddSourceInput::AddJellyfin));
        for row in [&address, &name, password.upcast_ref::<adw::EntryRow>()] {
            let input = sender.input_sender().clone();
            row.connect_entry_activated(move |_| input.emit(AddSourceInput::AddJellyfin));
        }
        let content = column();
        content.append(&rows(&[&address, &name, password.upcast_ref()]));
        content.append(&hint);
        content.append(form.widget());
        let page = page(&gettext("Add Jellyfin"), &content);
        Self { page, address, name, password, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Fills in what is known.
    pub(super) fn fill(&self, known: &Known) {
        self.address.set_text(&known.address);
        self.name.set_text(&known.user);
        self.page.set_title(&gettext("Sign In"));
        self.form.set_label(&gettext("Sign In"));
    }

    /// What was typed; says what is missing.
    pub(super) fn typed(&self) -> Option<(String, String, SecretString)> {
        let (address, name) = (self.address.text().to_string(), self.name.text().to_string());
        if address.trim().is_empty() {
            self.form.fail(&gettext("Enter the address of the server."));
            return None;
        }
        if name.trim().is_empty() {
            self.form.fail(&gettext("Enter a user name."));
            return None;
        }
        Some((address, name, SecretString::from(self.password.text().to_string())))
    }
}
