//! The page for name and password.

use adw::prelude::*;
use gettextrs::gettext;
use relm4::ComponentSender;
use secrecy::SecretString;

use super::super::form::{Form, column, fill_page, when_shown_with};
use super::{JellyfinInput, JellyfinWay};

/// The page.
#[derive(Debug)]
pub(super) struct PasswordPage {
    page: adw::NavigationPage,
    known: adw::ActionRow,
    name: adw::EntryRow,
    password: adw::PasswordEntryRow,
    form: Form,
}

impl PasswordPage {
    pub(super) fn build(sender: &ComponentSender<JellyfinWay>) -> Self {
        let known = adw::ActionRow::builder()
            .title(gettext("User name"))
            .use_markup(false)
            .css_classes(["property"])
            .build();
        let name = adw::EntryRow::builder().title(gettext("User name")).build();
        let password = adw::PasswordEntryRow::builder().title(gettext("Password")).build();
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.append(&known);
        list.append(&name);
        list.append(&password);
        let input = sender.input_sender().clone();
        let form = Form::new(&gettext("Sign In"), move || input.emit(JellyfinInput::SignIn));
        let next = password.clone();
        name.connect_entry_activated(move |_| {
            next.grab_focus();
        });
        let input = sender.input_sender().clone();
        password.connect_entry_activated(move |_| input.emit(JellyfinInput::SignIn));
        let content = column();
        content.append(&list);
        content.append(form.widget());
        let page = adw::NavigationPage::builder().build();
        fill_page(&page, &gettext("Sign In"), &content);
        let (first, second) = (name.clone(), password.clone());
        when_shown_with(&page, form.button(), move || {
            let is_typed = first.is_visible() && first.text().is_empty();
            if is_typed { first.clone().upcast() } else { second.clone().upcast() }
        });
        Self { page, known, name, password, form }
    }

    pub(super) fn page(&self) -> &adw::NavigationPage {
        &self.page
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Asks for the password of a user, or for a name too. What was typed for somebody else goes.
    pub(super) fn ask(&self, user: Option<&str>) {
        let is_other = self.known.subtitle().as_deref() != user;
        self.known.set_subtitle(user.unwrap_or_default());
        self.known.set_visible(user.is_some());
        self.name.set_visible(user.is_none());
        if is_other {
            self.password.set_text("");
        }
        self.form.reset();
    }

    /// Puts the focus where the password can be put right.
    pub(super) fn correct(&self) {
        self.password.grab_focus();
        self.password.select_region(0, -1);
    }

    /// What was typed; says what is missing.
    pub(super) fn typed(&self) -> Option<(String, SecretString)> {
        let name = if self.known.is_visible() {
            self.known.subtitle().unwrap_or_default().to_string()
        } else {
            self.name.text().to_string()
        };
        if name.trim().is_empty() {
            self.form.fail(&gettext("Enter a user name."));
            self.name.grab_focus();
            return None;
        }
        Some((name, SecretString::from(self.password.text().to_string())))
    }
}
