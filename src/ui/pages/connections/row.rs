//! One connection in the list.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;
use relm4::Sender;

use super::ConnectionsInput;
use crate::models::{Learnt, ServerConnection, ServerUrl, Tier};
use crate::services::core::connection::ConnectionReport;
use crate::ui::widgets::more_actions;
use crate::ui::{error_text, standing};

/// The row of a connection.
#[derive(Debug)]
pub(super) struct ConnectionRow {
    uri: ServerUrl,
    row: adw::ActionRow,
    icon: gtk::Image,
    pin: gtk::Image,
    in_use: gtk::Label,
    actions: Actions,
}

/// What can be done with it.
#[derive(Debug)]
struct Actions {
    choose: gio::SimpleAction,
    automatic: gio::SimpleAction,
    accept: gio::SimpleAction,
    accept_unproven: gio::SimpleAction,
    remove: gio::SimpleAction,
}

impl ConnectionRow {
    pub(super) fn build(uri: &ServerUrl, input: &Sender<ConnectionsInput>) -> Self {
        let row = adw::ActionRow::builder()
            .title(uri.as_str())
            .use_markup(false)
            .title_lines(2)
            .subtitle_lines(4)
            .build();
        let icon = gtk::Image::new();
        row.add_prefix(&icon);
        let pin = gtk::Image::builder()
            .icon_name("view-pin-symbolic")
            .tooltip_text(gettext("Chosen by You"))
            .visible(false)
            .build();
        pin.update_property(&[gtk::accessible::Property::Label(&gettext("Chosen by You"))]);
        row.add_suffix(&pin);
        let in_use = gtk::Label::builder()
            .label(gettext("In Use"))
            .valign(gtk::Align::Center)
            .visible(false)
            .css_classes(["chip", "caption"])
            .build();
        row.add_suffix(&in_use);
        let (group, actions) = actions(uri, input);
        row.insert_action_group("connection", Some(&group));
        row.add_suffix(&menu_button());
        Self { uri: uri.clone(), row, icon, pin, in_use, actions }
    }

    pub(super) fn uri(&self) -> &ServerUrl {
        &self.uri
    }

    pub(super) fn widget(&self) -> &adw::ActionRow {
        &self.row
    }

    pub(super) fn show(&self, report: &ConnectionReport) {
        let connection = &report.connection;
        let tier = connection.tier();
        self.icon.set_icon_name(Some(icon(tier)));
        self.icon.set_tooltip_text(Some(&standing::tier(tier)));
        self.row.set_subtitle(&describe(report));
        self.pin.set_visible(connection.pinned);
        self.in_use.set_visible(report.current);
        self.actions.choose.set_enabled(!connection.pinned);
        self.actions.automatic.set_enabled(connection.pinned);
        let is_unused = !connection.may_carry_credentials();
        self.actions.accept.set_enabled(is_unused && is_plain(connection));
        self.actions.accept_unproven.set_enabled(is_unused && !is_plain(connection));
        self.actions.remove.set_enabled(connection.typed);
    }
}

fn icon(tier: Tier) -> &'static str {
    match tier {
        Tier::Local => "network-workgroup-symbolic",
        Tier::Remote => "network-transmit-receive-symbolic",
        Tier::Relay => "reel-relay-symbolic",
    }
}

fn actions(uri: &ServerUrl, input: &Sender<ConnectionsInput>) -> (gio::SimpleActionGroup, Actions) {
    let group = gio::SimpleActionGroup::new();
    let add = |name: &str, message: fn(ServerUrl) -> ConnectionsInput| {
        let action = gio::SimpleAction::new(name, None);
        let (uri, input) = (uri.clone(), input.clone());
        action.connect_activate(move |_, _| input.emit(message(uri.clone())));
        group.add_action(&action);
        action
    };
    let actions = Actions {
        choose: add("choose", |uri| ConnectionsInput::Pin(Some(uri))),
        automatic: add("automatic", |_| ConnectionsInput::Pin(None)),
        accept: add("accept", ConnectionsInput::AskAccept),
        accept_unproven: add("accept-unproven", ConnectionsInput::AskAccept),
        remove: add("remove", ConnectionsInput::Remove),
    };
    (group, actions)
}

fn menu_button() -> gtk::MenuButton {
    let menu = gio::Menu::new();
    // What is not possible is not shown.
    let add = |label: &str, action: &str| {
        let item = gio::MenuItem::new(Some(label), Some(action));
        item.set_attribute_value("hidden-when", Some(&"action-disabled".to_variant()));
        menu.append_item(&item);
    };
    add(&gettext("_Use This"), "connection.choose");
    add(&gettext("_Choose Automatically"), "connection.automatic");
    // The one of these that is for the address is the one that is shown.
    add(&gettext("_Accept Unencrypted…"), "connection.accept");
    add(&gettext("_Accept Address…"), "connection.accept-unproven");
    add(&gettext("_Remove Address"), "connection.remove");
    more_actions(&menu)
}

/// Where it leads, how it is protected, how fast it is, and how it went last.
fn describe(report: &ConnectionReport) -> String {
    let connection = &report.connection;
    let mut lines = vec![format!("{} · {}", standing::tier(connection.tier()), protection(connection))];
    lines.extend(speed(report));
    lines.push(result(report));
    lines.join("\n")
}

fn protection(connection: &ServerConnection) -> String {
    let is_used = connection.may_carry_credentials();
    if !is_used && connection.learnt == Some(Learnt::Unproven) && !is_plain(connection) {
        // Translators: an address that somebody in the local network has told of, and nobody else.
        gettext("not proven, not used")
    } else if connection.uri.is_tls() {
        gettext("encrypted")
    } else if connection.uri.is_loopback() {
        gettext("on this computer")
    } else if connection.is_chosen() {
        gettext("not encrypted, allowed by you")
    } else if is_used {
        gettext("not encrypted, as an address that you allowed")
    } else if connection.learnt == Some(Learnt::Unproven) {
        gettext("not encrypted and not proven, not used")
    } else {
        gettext("not encrypted, not used")
    }
}

/// Whether somebody on the way could read along.
fn is_plain(connection: &ServerConnection) -> bool {
    !connection.uri.is_tls() && !connection.uri.is_loopback()
}

fn speed(report: &ConnectionReport) -> Option<String> {
    let now = report.connection.response_time_ms.filter(|_| report.connection.is_available);
    let now = now.map(|ms| std::time::Duration::from_millis(ms.into()));
    match (now, report.usual) {
        (Some(now), Some(usual)) => Some(
            gettext("{now}, usually {usual}")
                .replace("{now}", &standing::duration_ms(now))
                .replace("{usual}", &standing::duration_ms(usual)),
        ),
        (Some(time), None) => Some(standing::duration_ms(time)),
        (None, Some(usual)) => {
            Some(gettext("usually {usual}").replace("{usual}", &standing::duration_ms(usual)))
        }
        (None, None) => None,
    }
}

fn result(report: &ConnectionReport) -> String {
    let attempts = report.successes + report.failures;
    if attempts == 0 {
        return gettext("Not tested on this network yet");
    }
    let counted = gettext("{n} of {all} attempts answered")
        .replace("{n}", &report.successes.to_string())
        .replace("{all}", &attempts.to_string());
    match report.last_error.as_deref().and_then(error_text::stored_kind) {
        Some(kind) => format!("{} {counted}", error_text::kind_sentence(kind)),
        None => counted,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;

    fn report(uri: &str) -> ConnectionReport {
        ConnectionReport {
            connection: ServerConnection::new(uri.parse().unwrap(), Tier::Local),
            usual: None,
            successes: 0,
            failures: 0,
            last_error: None,
            current: false,
        }
    }

    #[test]
    fn a_connection_is_described_by_what_is_known() {
        let mut connection = report("https://192.0.2.7:8920");
        assert_eq!(describe(&connection), "Local network · encrypted\nNot tested on this network yet");
        connection.connection.response_time_ms = Some(3);
        connection.connection.is_available = true;
        connection.usual = Some(Duration::from_millis(4));
        (connection.successes, connection.failures) = (3, 1);
        connection.last_error = Some("ConnectTimeout".to_owned());
        assert_eq!(
            describe(&connection),
            "Local network · encrypted\n3 ms, usually 4 ms\n\
             The server did not answer in time. 3 of 4 attempts answered"
        );
    }

    #[test]
    fn what_is_not_encrypted_says_so() {
        assert_eq!(protection(&report("http://192.0.2.7:8096").connection), "not encrypted, not used");
        let mut typed = report("http://192.0.2.7:8096").connection;
        typed.typed = true;
        assert_eq!(protection(&typed), "not encrypted, allowed by you");
    }

    #[test]
    fn what_somebody_in_the_network_has_told_says_how_far_it_is_trusted() {
        let learnt = |uri: &str, learnt| {
            let mut connection = report(uri).connection;
            connection.learnt = Some(learnt);
            connection
        };
        for (uri, how, words) in [
            ("https://192.0.2.7:8920", Learnt::Unproven, "not proven, not used"),
            ("http://127.0.0.1:8096", Learnt::Unproven, "not proven, not used"),
            ("http://192.0.2.7:8096", Learnt::Unproven, "not encrypted and not proven, not used"),
            ("http://192.0.2.7:8096", Learnt::Covered, "not encrypted, as an address that you allowed"),
            ("https://192.0.2.7:8920", Learnt::Covered, "encrypted"),
        ] {
            assert_eq!(protection(&learnt(uri, how)), words, "{uri}");
        }
        let mut accepted = learnt("https://192.0.2.7:8920", Learnt::Unproven);
        accepted.accepted = true;
        assert_eq!(protection(&accepted), "encrypted");
    }
}
