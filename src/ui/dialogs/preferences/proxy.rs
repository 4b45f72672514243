//! The proxy: the system's, one set by hand, or none.

use std::cell::RefCell;

use adw::prelude::*;
use gettextrs::gettext;
use gtk::{gio, glib};
use relm4::Sender;
use secrecy::SecretString;

use super::PreferencesInput;
use crate::net::ProxyAddress;
use crate::ui::error_text;
use crate::ui::settings::Settings;

/// Values of the setting, in the order of the choices.
const MODES: [&str; 3] = ["system", "manual", "none"];
/// Settings of the proxy.
const KEYS: [&str; 3] = ["proxy-mode", "proxy-address", "proxy-user"];

/// The group.
#[derive(Debug)]
pub(super) struct ProxyGroup {
    group: adw::PreferencesGroup,
    address: adw::EntryRow,
    user: adw::EntryRow,
    password: adw::PasswordEntryRow,
    forget: gtk::Button,
    problem: gtk::Label,
    settings: Option<gio::Settings>,
    watched: RefCell<Option<glib::SignalHandlerId>>,
}

impl ProxyGroup {
    pub(super) fn build(settings: &Settings, input: &Sender<PreferencesInput>) -> Self {
        let mode = mode_row();
        let address = adw::EntryRow::builder()
            .title(gettext("Address of the Proxy"))
            .input_purpose(gtk::InputPurpose::Url)
            .show_apply_button(true)
            .build();
        let user = adw::EntryRow::builder().title(gettext("User Name")).show_apply_button(true).build();
        let password =
            adw::PasswordEntryRow::builder().title(gettext("Password")).show_apply_button(true).build();
        let forget = forget_button();
        password.add_suffix(&forget);
        let problem = gtk::Label::builder()
            .wrap(true)
            .xalign(0.0)
            .margin_top(6)
            .visible(false)
            .css_classes(["error"])
            .accessible_role(gtk::AccessibleRole::Alert)
            .build();
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Proxy"))
            .description(gettext("Addresses of this computer are always reached directly."))
            .build();
        let rows: [&gtk::Widget; 5] = [
            mode.upcast_ref(),
            address.upcast_ref(),
            user.upcast_ref(),
            password.upcast_ref(),
            problem.upcast_ref(),
        ];
        for row in rows {
            group.add(row);
        }
        let this = Self {
            group,
            address,
            user,
            password,
            forget,
            problem,
            settings: settings.bindable().cloned(),
            watched: RefCell::default(),
        };
        this.connect(&mode, input);
        this
    }

    fn connect(&self, mode: &adw::ComboRow, input: &Sender<PreferencesInput>) {
        let Some(settings) = &self.settings else { return self.group.set_sensitive(false) };
        settings
            .bind("proxy-mode", mode, "selected")
            .mapping(|stored, _| Some(place(stored.str()?).to_value()))
            .set_mapping(|selected, _| Some(MODES.get(selected.get::<u32>().ok()? as usize)?.to_variant()))
            .build();
        let to_dialog = input.clone();
        self.address.connect_apply(move |entry| {
            to_dialog.emit(PreferencesInput::AddressEntered(entry.text().trim().to_owned()));
        });
        let stored = settings.clone();
        self.user.connect_apply(move |entry| {
            if let Err(error) = stored.set_string("proxy-user", entry.text().trim()) {
                tracing::warn!(%error, "a setting was not stored");
            }
        });
        let to_dialog = input.clone();
        self.password.connect_apply(move |entry| {
            let password = SecretString::from(entry.text().to_string());
            show_text(entry.upcast_ref(), "");
            to_dialog.emit(PreferencesInput::PasswordEntered(password));
        });
        let to_dialog = input.clone();
        self.forget.connect_clicked(move |_| {
            to_dialog.emit(PreferencesInput::PasswordEntered(SecretString::default()));
        });
        let to_dialog = input.clone();
        *self.watched.borrow_mut() = Some(settings.connect_changed(None, move |_, key| {
            if KEYS.contains(&key) {
                // The dialog may be on its way out.
                let _gone = to_dialog.send(PreferencesInput::ProxyChanged);
            }
        }));
    }

    pub(super) fn widget(&self) -> &adw::PreferencesGroup {
        &self.group
    }

    /// The user's name as it is entered.
    pub(super) fn user(&self) -> String {
        self.user.text().trim().to_owned()
    }

    /// Shows what is stored.
    pub(super) fn show_settings(&self) {
        let Some(settings) = &self.settings else { return };
        let is_manual = settings.string("proxy-mode") == "manual";
        for row in
            [self.address.upcast_ref::<gtk::Widget>(), self.user.upcast_ref(), self.password.upcast_ref()]
        {
            row.set_visible(is_manual);
        }
        let stored = settings.string("proxy-address");
        // What an address was written with moves out of it in a moment, and is not shown meanwhile.
        let address = stored.parse::<ProxyAddress>();
        let shown = address.as_ref().map_or(stored.as_str(), ProxyAddress::as_str);
        show_text(&self.address, shown);
        show_text(&self.user, &settings.string("proxy-user"));
        let problem = match &address {
            Ok(_) => None,
            Err(_) if stored.is_empty() => {
                Some(gettext("Until there is an address, the system’s proxy is used."))
            }
            Err(problem) => Some(error_text::proxy_sentence(*problem)),
        };
        self.show_problem(problem.as_deref().filter(|_| is_manual));
        self.password.set_sensitive(is_manual && address.is_ok() && !self.user().is_empty());
    }

    /// Shows what is wrong with the address, or that nothing is.
    pub(super) fn show_problem(&self, problem: Option<&str>) {
        self.problem.set_visible(problem.is_some());
        self.problem.set_label(problem.unwrap_or_default());
        if problem.is_some() {
            self.address.add_css_class("error");
        } else {
            self.address.remove_css_class("error");
        }
    }

    /// Shows whether a password is kept; never which.
    pub(super) fn show_kept(&self, kept: bool) {
        self.forget.set_visible(kept);
        let title = if kept { gettext("Password (stored)") } else { gettext("Password") };
        self.password.set_title(&title);
    }
}

impl Drop for ProxyGroup {
    fn drop(&mut self) {
        if let (Some(settings), Some(watched)) = (&self.settings, self.watched.take()) {
            settings.disconnect(watched);
        }
    }
}

fn mode_row() -> adw::ComboRow {
    let choices = [gettext("System"), gettext("Manual"), gettext("None")];
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    adw::ComboRow::builder()
        .title(gettext("Proxy"))
        .subtitle(gettext("Through which servers are reached"))
        .model(&gtk::StringList::new(&choices))
        .build()
}

fn place(mode: &str) -> u32 {
    let place = MODES.iter().position(|known| *known == mode).unwrap_or_default();
    u32::try_from(place).unwrap_or_default()
}

fn forget_button() -> gtk::Button {
    let label = gettext("Forget Password");
    let button = gtk::Button::builder()
        .icon_name("user-trash-symbolic")
        .tooltip_text(&label)
        .valign(gtk::Align::Center)
        .visible(false)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    button
}

/// Shows what is stored. What is being typed stays while it is the same.
fn show_text(row: &adw::EntryRow, text: &str) {
    if row.text() != text {
        // There is nothing to apply then, which the row takes from its own text otherwise.
        row.set_show_apply_button(false);
        row.set_text(text);
        row.set_show_apply_button(true);
    }
}
