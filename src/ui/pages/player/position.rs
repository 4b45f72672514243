//! The seek bar, with the time passed before and the time left behind it.

use std::time::Duration;

use gettextrs::gettext;
use gtk::glib;
use gtk::prelude::*;
use relm4::Sender;

use super::messages::PlayerInput;
use super::state::PlayerState;
use crate::ui::clock::clock;

/// The seek bar and its times.
#[derive(Debug)]
pub(super) struct SeekBar {
    root: gtk::Box,
    scale: gtk::Scale,
    changed: glib::SignalHandlerId,
    elapsed: gtk::Label,
    remaining: gtk::Label,
}

impl SeekBar {
    /// Builds it; where a person wants to go is told to `sender`.
    pub(super) fn new(sender: &Sender<PlayerInput>) -> Self {
        let (scale, changed) = position_scale(sender);
        let (elapsed, remaining) = (time_label(), time_label());
        let root = gtk::Box::new(gtk::Orientation::Horizontal, 6);
        root.set_hexpand(true);
        root.append(&elapsed);
        root.append(&scale);
        root.append(&remaining);
        Self { root, scale, changed, elapsed, remaining }
    }

    /// The seek bar without its times.
    pub(super) fn scale(&self) -> &gtk::Scale {
        &self.scale
    }

    /// The row itself.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// The time left, which a low window has no room for.
    pub(super) fn remaining(&self) -> &gtk::Label {
        &self.remaining
    }

    /// Shows where a state is.
    pub(super) fn show(&self, state: &PlayerState) {
        let length = state.duration.unwrap_or_default();
        let adjustment = self.scale.adjustment();
        adjustment.block_signal(&self.changed);
        adjustment.set_upper(length.as_secs_f64().max(1.0));
        adjustment.set_value(state.position.as_secs_f64());
        adjustment.unblock_signal(&self.changed);
        self.scale.set_sensitive(state.duration.is_some());
        let elapsed = clock(state.position);
        if self.elapsed.text() == elapsed {
            return;
        }
        self.remaining
            .set_label(&state.remaining().map(|time| format!("−{}", clock(time))).unwrap_or_default());
        let spoken = gettext("{position} of {length}")
            .replace("{position}", &elapsed)
            .replace("{length}", &clock(length));
        self.scale.update_property(&[gtk::accessible::Property::ValueText(&spoken)]);
        self.elapsed.set_label(&elapsed);
    }
}

fn position_scale(sender: &Sender<PlayerInput>) -> (gtk::Scale, glib::SignalHandlerId) {
    let adjustment = gtk::Adjustment::new(0.0, 0.0, 1.0, 10.0, 60.0, 0.0);
    let sender = sender.clone();
    // Of the adjustment, not the scale: a screen reader changes the value without moving the slider.
    let changed = adjustment.connect_value_changed(move |adjustment| {
        let seconds = adjustment.value();
        if let Ok(position) = Duration::try_from_secs_f64(seconds) {
            sender.emit(PlayerInput::SeekChosen(position));
        }
    });
    let scale = gtk::Scale::builder()
        .adjustment(&adjustment)
        .draw_value(false)
        .hexpand(true)
        .focus_on_click(false)
        .width_request(60)
        .css_classes(["player-position"])
        .build();
    scale.update_property(&[gtk::accessible::Property::Label(&gettext("Position"))]);
    (scale, changed)
}

fn time_label() -> gtk::Label {
    gtk::Label::builder().css_classes(["numeric", "player-time"]).build()
}
