//! The menu **Speed**.

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gio, glib};
use relm4::Sender;

use super::messages::PlayerInput;
use super::state::RATES;

/// Name of the menu's actions.
const GROUP: &str = "speed";
/// Name of its one action.
const CHOOSE: &str = "choose";

/// The button and what it opens.
#[derive(Debug)]
pub(super) struct SpeedMenu {
    button: gtk::MenuButton,
    label: gtk::Label,
    action: gio::SimpleAction,
}

impl SpeedMenu {
    /// Builds the menu; what is chosen is told to `sender`.
    pub(super) fn new(sender: &Sender<PlayerInput>) -> Self {
        let action =
            gio::SimpleAction::new_stateful(CHOOSE, Some(glib::VariantTy::DOUBLE), &1.0.to_variant());
        let sender = sender.clone();
        action.connect_activate(move |_, parameter| {
            if let Some(rate) = parameter.and_then(glib::Variant::get::<f64>) {
                sender.emit(PlayerInput::RateChosen(rate));
            }
        });
        let actions = gio::SimpleActionGroup::new();
        actions.add_action(&action);
        let menu = gio::Menu::new();
        for rate in RATES {
            let item = gio::MenuItem::new(Some(&in_words(rate)), None);
            item.set_action_and_target_value(Some(&format!("{GROUP}.{CHOOSE}")), Some(&rate.to_variant()));
            menu.append_item(&item);
        }
        let label = gtk::Label::builder().css_classes(["numeric", "player-speed"]).build();
        let button = gtk::MenuButton::builder()
            .child(&label)
            .menu_model(&menu)
            .direction(gtk::ArrowType::Up)
            .tooltip_text(gettext("Speed"))
            .css_classes(["flat", "circular"])
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&gettext("Speed"))]);
        button.insert_action_group(GROUP, Some(&actions));
        let menu = Self { button, label, action };
        menu.show(1.0);
        menu
    }

    /// The button itself.
    pub(super) fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows the speed in use.
    pub(super) fn show(&self, rate: f64) {
        let words = in_words(rate);
        if self.label.text() != words {
            self.label.set_label(&words);
            self.action.set_state(&rate.to_variant());
            self.button.update_property(&[gtk::accessible::Property::Description(&words)]);
        }
    }
}

/// A speed as people read it: `1.25×`.
pub(super) fn in_words(rate: f64) -> String {
    // Translators: a speed, as in "1.5×".
    gettext("{rate}×").replace("{rate}", &rate.to_string())
}
