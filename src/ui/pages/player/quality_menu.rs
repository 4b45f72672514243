//! The menu **Quality**: the original, and the steps below it.

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gio, glib};
use relm4::Sender;

use super::messages::PlayerInput;
use crate::backends::{Location, StreamSource};
use crate::models::Quality;
use crate::ui::quality_text::quality_name;

/// Name of the menu's actions.
const GROUP: &str = "quality";
/// Name of the one action, whose state is the quality in kilobits per second.
const CHOOSE: &str = "choose";

/// A button with a menu of qualities, one of which is chosen. Only what a server delivers has several.
#[derive(Debug)]
pub struct QualityMenu {
    root: gtk::Box,
    button: gtk::MenuButton,
    action: gio::SimpleAction,
    menu: gio::Menu,
}

impl QualityMenu {
    /// A menu without a choice yet.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let number = glib::VariantTy::UINT32;
        let action = gio::SimpleAction::new_stateful(CHOOSE, Some(number), &0_u32.to_variant());
        let sender = sender.clone();
        action.connect_activate(move |_, parameter| {
            if let Some(kilobits) = parameter.and_then(glib::Variant::get::<u32>) {
                sender.emit(PlayerInput::QualityChosen(Quality::from_kilobits(kilobits)));
            }
        });
        let actions = gio::SimpleActionGroup::new();
        actions.add_action(&action);
        let menu = gio::Menu::new();
        let name = gettext("Quality");
        let button = gtk::MenuButton::builder()
            .icon_name("reel-quality-symbolic")
            .menu_model(&menu)
            .direction(gtk::ArrowType::Up)
            .tooltip_text(&name)
            .css_classes(["flat", "circular"])
            .visible(false)
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&name)]);
        button.insert_action_group(GROUP, Some(&actions));
        // A box around it: a low window hides the box, a file of this machine the button.
        let root = gtk::Box::new(gtk::Orientation::Horizontal, 0);
        root.append(&button);
        Self { root, button, action, menu }
    }

    /// The widget.
    pub fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// The button itself.
    pub fn button(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows what can be chosen for what plays, and what is delivered now.
    pub fn show(&self, source: Option<&StreamSource>) {
        self.menu.remove_all();
        let served = source.filter(|source| matches!(source.location, Location::Remote(_)));
        self.button.set_visible(served.is_some());
        let Some(source) = served else { return };
        let now = source.delivery.quality;
        for quality in offered(source) {
            let item = gio::MenuItem::new(Some(&quality_name(quality)), None);
            let action = format!("{GROUP}.{CHOOSE}");
            item.set_action_and_target_value(Some(&action), Some(&quality.kilobits().to_variant()));
            self.menu.append_item(&item);
        }
        self.action.set_state(&now.kilobits().to_variant());
        let value = [gtk::accessible::Property::Description(&quality_name(now))];
        self.button.update_property(&value);
    }
}

/// What can be chosen: what makes sense for the file, and what it comes in now.
fn offered(source: &StreamSource) -> Vec<Quality> {
    let mut choices = Quality::choices(source.delivery.file_bits);
    let now = source.delivery.quality;
    if !choices.contains(&now) {
        choices.push(now);
        choices.sort_by_key(|quality| std::cmp::Reverse(quality.bits().unwrap_or(u32::MAX)));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::Delivery;

    fn source(file_bits: u64, quality: Quality) -> StreamSource {
        StreamSource {
            location: Location::File("/film.mkv".into()),
            version_id: String::new(),
            container: None,
            duration: None,
            subtitles: Vec::new(),
            play_session_id: None,
            delivery: Delivery::direct(Some(file_bits), quality),
        }
    }

    #[test]
    fn what_is_delivered_now_can_be_seen_in_the_menu() {
        let kilobits = |bits, now| -> Vec<u32> {
            offered(&source(bits, Quality::from_kilobits(now))).into_iter().map(Quality::kilobits).collect()
        };
        assert_eq!(kilobits(1_500_000, 0), [0, 1000, 500]);
        assert_eq!(kilobits(1_500_000, 4000), [0, 4000, 1000, 500]);
    }
}
