//! The bar below the picture: position, buttons, menus.

use std::time::Duration;

use gettextrs::gettext;
use gtk::glib;
use gtk::prelude::*;
use relm4::Sender;

use super::messages::{Around, PlayerInput};
use super::state::PlayerState;
use super::tracks_menu::TracksMenu;
use super::volume::VolumeButton;
use crate::player::Tracks;
use crate::ui::clock::clock;

/// Seconds that **Back 10 Seconds** goes.
const STEP_BACK: i64 = -10;
/// Seconds that **Forward 30 Seconds** goes.
const STEP_FORWARD: i64 = 30;

/// The bar and its parts.
#[derive(Debug)]
pub struct ControlBar {
    root: gtk::Box,
    play: gtk::Button,
    back: gtk::Button,
    forward: gtk::Button,
    previous: gtk::Button,
    next: gtk::Button,
    position: gtk::Scale,
    position_changed: glib::SignalHandlerId,
    elapsed: gtk::Label,
    remaining: gtk::Label,
    volume: VolumeButton,
    room: gtk::Box,
    subtitles: TracksMenu,
    audio: TracksMenu,
    fullscreen: gtk::Button,
    pointer: gtk::EventControllerMotion,
}

impl ControlBar {
    /// Builds the bar; what a person does with it goes to `sender`.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let (position, position_changed) = position_scale(sender);
        let step = |icon: &str, label: String, seconds| {
            let sender = sender.clone();
            let button = icon_button(icon, &label);
            button.connect_clicked(move |_| sender.emit(PlayerInput::SeekStepped(seconds)));
            button
        };
        let toggle = |message: fn() -> PlayerInput| {
            let sender = sender.clone();
            let button = icon_button("", "");
            button.connect_clicked(move |_| sender.emit(message()));
            button
        };
        let named = |icon: &str, label: String, message: fn() -> PlayerInput| {
            let sender = sender.clone();
            let button = icon_button(icon, &label);
            button.set_visible(false);
            button.connect_clicked(move |_| sender.emit(message()));
            button
        };
        let bar = Self {
            root: gtk::Box::new(gtk::Orientation::Vertical, 4),
            play: toggle(|| PlayerInput::PlayToggled),
            back: step("media-seek-backward-symbolic", gettext("Back 10 Seconds"), STEP_BACK),
            forward: step("media-seek-forward-symbolic", gettext("Forward 30 Seconds"), STEP_FORWARD),
            previous: named("media-skip-backward-symbolic", gettext("Previous"), || {
                PlayerInput::PreviousChosen
            }),
            next: named("media-skip-forward-symbolic", gettext("Next"), || PlayerInput::NextChosen),
            position,
            position_changed,
            elapsed: time_label(),
            remaining: time_label(),
            volume: VolumeButton::new(sender),
            room: gtk::Box::new(gtk::Orientation::Horizontal, 0),
            subtitles: TracksMenu::subtitles(sender),
            audio: TracksMenu::audio(sender),
            fullscreen: toggle(|| PlayerInput::FullscreenToggled),
            pointer: gtk::EventControllerMotion::new(),
        };
        bar.lay_out();
        bar
    }

    fn lay_out(&self) {
        let time = gtk::Box::new(gtk::Orientation::Horizontal, 6);
        time.set_hexpand(true);
        time.append(&self.elapsed);
        time.append(&self.position);
        time.append(&self.remaining);
        let buttons = gtk::Box::new(gtk::Orientation::Horizontal, 2);
        let left: [&gtk::Widget; 6] = [
            self.previous.upcast_ref(),
            self.back.upcast_ref(),
            self.play.upcast_ref(),
            self.forward.upcast_ref(),
            self.next.upcast_ref(),
            self.volume.widget().upcast_ref(),
        ];
        for widget in left {
            buttons.append(widget);
        }
        self.room.set_hexpand(true);
        buttons.append(&self.room);
        buttons.append(self.subtitles.widget());
        buttons.append(self.audio.widget());
        buttons.append(&self.fullscreen);
        self.root.append(&time);
        self.root.append(&buttons);
        self.root.add_css_class("player-bottom");
        self.root.set_valign(gtk::Align::End);
        self.root.add_controller(self.pointer.clone());
    }

    /// The bar itself.
    pub fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// What changes between few controls in one row, for a low window, and the usual ones in two rows.
    pub fn compactor(&self) -> impl Fn(bool) + 'static {
        let root = self.root.clone();
        let extra: [gtk::Widget; 6] = [
            self.room.clone().upcast(),
            self.back.clone().upcast(),
            self.forward.clone().upcast(),
            self.remaining.clone().upcast(),
            self.volume.widget().clone().upcast(),
            self.audio.widget().clone().upcast(),
        ];
        move |compact| {
            let orientation = if compact { gtk::Orientation::Horizontal } else { gtk::Orientation::Vertical };
            root.set_orientation(orientation);
            if compact {
                root.add_css_class("compact");
            } else {
                root.remove_css_class("compact");
            }
            for widget in &extra {
                widget.set_visible(!compact);
            }
        }
    }

    /// Calls `closed` when a menu of the bar has closed.
    pub fn connect_menu_closed(&self, closed: impl Fn() + Clone + 'static) {
        for button in self.menus() {
            let closed = closed.clone();
            button.connect_active_notify(move |button| {
                if !button.is_active() {
                    closed();
                }
            });
        }
    }

    fn menus(&self) -> [&gtk::MenuButton; 3] {
        [self.volume.widget(), self.subtitles.widget(), self.audio.widget()]
    }

    /// Whether a menu of the bar is open.
    pub fn menu_open(&self) -> bool {
        self.menus().iter().any(|button| button.is_active())
    }

    /// Whether the pointer is over the bar.
    pub fn has_pointer(&self) -> bool {
        self.pointer.contains_pointer()
    }

    /// Shows a state.
    pub fn show(&self, state: &PlayerState) {
        self.show_position(state);
        if state.phase.is_playing() {
            set_icon(&self.play, "media-playback-pause-symbolic", &gettext("Pause"));
        } else {
            set_icon(&self.play, "media-playback-start-symbolic", &gettext("Play"));
        }
        if state.fullscreen {
            set_icon(&self.fullscreen, "view-restore-symbolic", &gettext("Leave Full Screen"));
        } else {
            set_icon(&self.fullscreen, "view-fullscreen-symbolic", &gettext("Full Screen"));
        }
        self.volume.show(state);
    }

    /// Shows the way through a list, where there is one.
    pub fn show_list(&self, around: Around) {
        let is_list = around.previous || around.next;
        self.previous.set_visible(is_list);
        self.next.set_visible(is_list);
        self.next.set_sensitive(around.next);
    }

    fn show_position(&self, state: &PlayerState) {
        let length = state.duration.unwrap_or_default();
        let adjustment = self.position.adjustment();
        adjustment.block_signal(&self.position_changed);
        adjustment.set_upper(length.as_secs_f64().max(1.0));
        adjustment.set_value(state.position.as_secs_f64());
        adjustment.unblock_signal(&self.position_changed);
        self.position.set_sensitive(state.duration.is_some());
        let elapsed = clock(state.position);
        if self.elapsed.text() == elapsed {
            return;
        }
        self.remaining
            .set_label(&state.remaining().map(|time| format!("−{}", clock(time))).unwrap_or_default());
        let spoken = gettext("{position} of {length}")
            .replace("{position}", &elapsed)
            .replace("{length}", &clock(length));
        self.position.update_property(&[gtk::accessible::Property::ValueText(&spoken)]);
        self.elapsed.set_label(&elapsed);
    }

    /// Shows the tracks there are.
    pub fn show_tracks(&self, tracks: &Tracks) {
        self.audio.show(&tracks.audio, tracks.current_audio.as_ref());
        self.subtitles.show(&tracks.subtitles, tracks.current_subtitle.as_ref());
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

fn icon_button(icon: &str, label: &str) -> gtk::Button {
    let button = gtk::Button::builder().css_classes(["flat", "circular"]).focus_on_click(false).build();
    set_icon(&button, icon, label);
    button
}

/// Sets icon, tooltip and accessible label, when they change.
pub(super) fn set_icon(button: &gtk::Button, icon: &str, label: &str) {
    if button.icon_name().as_deref() == Some(icon) {
        return;
    }
    button.set_icon_name(icon);
    button.set_tooltip_text(Some(label));
    button.update_property(&[gtk::accessible::Property::Label(label)]);
}
