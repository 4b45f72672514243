//! What can be done with a source: the actions of its row, the menu that leads to them, and their keys.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gio;
use relm4::Sender;

use super::SourcesInput;
use crate::models::{Source, SourceId, SourceKind};
use crate::ui::standing::Mark;
use crate::ui::widgets::more_actions;

/// Actions of the window that are reached from a row, each with the source's id.
const OF_WINDOW: [&str; 4] = ["sign-in", "add-user", "connections", "folders"];
const UP: &str = "<Alt>Up";
const DOWN: &str = "<Alt>Down";

/// What an action tells the page.
type Message = fn(SourceId) -> SourcesInput;

/// Where a source stands in the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

/// The actions of one source.
#[derive(Debug)]
pub(super) struct Actions {
    row: adw::ActionRow,
    group: gio::SimpleActionGroup,
}

impl Actions {
    /// Gives a row its actions.
    pub(super) fn build(id: SourceId, row: &adw::ActionRow, input: &Sender<SourcesInput>) -> Self {
        let this = Self { row: row.clone(), group: gio::SimpleActionGroup::new() };
        for name in OF_WINDOW {
            let (row, target) = (row.downgrade(), id.to_string().to_variant());
            this.add(name, move || {
                let row = row.upgrade();
                if row.is_none_or(|row| row.activate_action(&format!("win.{name}"), Some(&target)).is_err()) {
                    tracing::warn!(name, "the window has no such action");
                }
            });
        }
        let messages: [(&str, Message); 8] = [
            ("stop-sync", SourcesInput::StopSync),
            ("rename", SourcesInput::AskName),
            ("remove", SourcesInput::AskRemove),
            ("refresh-addresses", SourcesInput::RefreshAddresses),
            ("turn-on", |id| SourcesInput::Switch(id, true)),
            ("turn-off", |id| SourcesInput::Switch(id, false)),
            ("move-up", |id| SourcesInput::Move(id, -1)),
            ("move-down", |id| SourcesInput::Move(id, 1)),
        ];
        for (name, message) in messages {
            let input = input.clone();
            this.add(name, move || input.emit(message(id)));
        }
        row.insert_action_group("source", Some(&this.group));
        row.add_controller(keys());
        this
    }

    fn add(&self, name: &str, act: impl Fn() + 'static) {
        let action = gio::SimpleAction::new(name, None);
        action.connect_activate(move |_, _| act());
        self.group.add_action(&action);
    }

    /// Permits what makes sense for a source now. What does not is not in the menu.
    pub(super) fn show(&self, source: &Source, mark: Mark, place: Place, is_syncing: bool) {
        let is_on = mark != Mark::Off;
        let is_server = source.kind != SourceKind::Local;
        let of_account = source.kind == SourceKind::Plex && source.user.is_some();
        for (name, enabled) in [
            ("sign-in", is_on && is_server && self.window_has("sign-in")),
            ("add-user", is_server && self.window_has("add-user")),
            ("connections", is_server && self.window_has("connections")),
            ("folders", !is_server && self.window_has("folders")),
            ("refresh-addresses", is_on && of_account),
            ("stop-sync", is_syncing),
            ("turn-on", !is_on),
            ("turn-off", is_on),
            ("move-up", !place.is_first),
            ("move-down", !place.is_last),
        ] {
            if let Some(action) = self.group.lookup_action(name).and_downcast::<gio::SimpleAction>() {
                action.set_enabled(enabled);
            }
        }
    }

    fn window_has(&self, action: &str) -> bool {
        let window = self.row.root().and_downcast::<adw::ApplicationWindow>();
        window.is_some_and(|window| window.has_action(action))
    }
}

/// The keys that move a row while the focus is in it.
fn keys() -> gtk::ShortcutController {
    let keys = gtk::ShortcutController::new();
    for (key, action) in [(UP, "source.move-up"), (DOWN, "source.move-down")] {
        let trigger = gtk::ShortcutTrigger::parse_string(key);
        keys.add_shortcut(gtk::Shortcut::new(trigger, Some(gtk::NamedAction::new(action))));
    }
    keys
}

/// The button with the menu.
pub(super) fn button() -> gtk::MenuButton {
    let menu = gio::Menu::new();
    let sections: [&[(String, &str, Option<&str>)]; 5] = [
        &[(gettext("_Stop Sync"), "stop-sync", None)],
        &[(gettext("_Sign In Again"), "sign-in", None), (gettext("_Add Another User…"), "add-user", None)],
        &[
            (gettext("_Connections"), "connections", None),
            (gettext("Re_fresh Addresses"), "refresh-addresses", None),
            (gettext("_Folders…"), "folders", None),
        ],
        &[(gettext("Move _Up"), "move-up", Some(UP)), (gettext("Move Dow_n"), "move-down", Some(DOWN))],
        &[
            (gettext("_Rename"), "rename", None),
            (gettext("_Turn Off"), "turn-off", None),
            (gettext("_Turn On"), "turn-on", None),
            (gettext("R_emove"), "remove", None),
        ],
    ];
    for section in sections {
        let part = gio::Menu::new();
        for (label, action, key) in section {
            part.append_item(&item(label, action, *key));
        }
        menu.append_section(None, &part);
    }
    more_actions(&menu)
}

fn item(label: &str, action: &str, key: Option<&str>) -> gio::MenuItem {
    let item = gio::MenuItem::new(Some(label), Some(&format!("source.{action}")));
    item.set_attribute_value("hidden-when", Some(&"action-disabled".to_variant()));
    item.set_attribute_value("accel", key.map(ToVariant::to_variant).as_ref());
    item
}
