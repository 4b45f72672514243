//! The volume: a button that opens a slider and a mute switch.

use gettextrs::gettext;
use gtk::glib;
use gtk::prelude::*;
use relm4::Sender;

use super::messages::PlayerInput;
use super::state::{PlayerState, VOLUME_STEP};

/// The button and what it opens.
#[derive(Debug)]
pub struct VolumeButton {
    button: gtk::MenuButton,
    level: gtk::Adjustment,
    level_changed: glib::SignalHandlerId,
    mute: gtk::ToggleButton,
    mute_toggled: glib::SignalHandlerId,
}

impl VolumeButton {
    /// Builds the button; changes by a person go to `sender`.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let level = gtk::Adjustment::new(1.0, 0.0, 1.0, VOLUME_STEP, 4.0 * VOLUME_STEP, 0.0);
        let to_level = sender.clone();
        let level_changed =
            level.connect_value_changed(move |level| to_level.emit(PlayerInput::VolumeChosen(level.value())));
        let mute = gtk::ToggleButton::builder()
            .icon_name("audio-volume-muted-symbolic")
            .tooltip_text(gettext("Mute"))
            .css_classes(["flat", "circular"])
            .build();
        mute.update_property(&[gtk::accessible::Property::Label(&gettext("Mute"))]);
        let to_mute = sender.clone();
        let mute_toggled = mute.connect_toggled(move |_| to_mute.emit(PlayerInput::MuteToggled));
        let scale = gtk::Scale::builder()
            .adjustment(&level)
            .draw_value(false)
            .hexpand(true)
            .width_request(140)
            .build();
        let name = gettext("Volume");
        scale.update_property(&[gtk::accessible::Property::Label(&name)]);
        let content = gtk::Box::new(gtk::Orientation::Horizontal, 4);
        content.append(&mute);
        content.append(&scale);
        let button = gtk::MenuButton::builder()
            .icon_name("audio-volume-high-symbolic")
            .popover(&gtk::Popover::builder().child(&content).build())
            .direction(gtk::ArrowType::Up)
            .tooltip_text(&name)
            .css_classes(["flat", "circular"])
            .build();
        button.update_property(&[gtk::accessible::Property::Label(&name)]);
        let wheel = gtk::EventControllerScroll::new(
            gtk::EventControllerScrollFlags::VERTICAL | gtk::EventControllerScrollFlags::DISCRETE,
        );
        let to_page = sender.clone();
        wheel.connect_scroll(move |_, _, down| {
            to_page.emit(PlayerInput::VolumeStepped(if down > 0.0 { -1 } else { 1 }));
            glib::Propagation::Stop
        });
        button.add_controller(wheel);
        Self { button, level, level_changed, mute, mute_toggled }
    }

    /// The button itself.
    pub fn widget(&self) -> &gtk::MenuButton {
        &self.button
    }

    /// Shows the volume of a state.
    pub fn show(&self, state: &PlayerState) {
        self.level.block_signal(&self.level_changed);
        self.level.set_value(state.volume);
        self.level.unblock_signal(&self.level_changed);
        self.mute.block_signal(&self.mute_toggled);
        self.mute.set_active(state.muted);
        self.mute.unblock_signal(&self.mute_toggled);
        if self.button.icon_name().as_deref() != Some(state.volume_icon()) {
            self.button.set_icon_name(state.volume_icon());
        }
    }
}
