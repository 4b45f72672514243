//! The bar below the picture: position, buttons, menus.

use gettextrs::gettext;
use gtk::prelude::*;
use relm4::Sender;

use super::buttons::{icon_button, set_icon};
use super::messages::{Around, PlayerInput};
use super::position::SeekBar;
use super::quality_menu::QualityMenu;
use super::state::PlayerState;
use super::tracks_menu::TracksMenu;
use super::volume::VolumeButton;
use crate::backends::StreamSource;
use crate::player::Tracks;

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
    position: SeekBar,
    volume: VolumeButton,
    room: gtk::Box,
    subtitles: TracksMenu,
    audio: TracksMenu,
    quality: QualityMenu,
    fullscreen: gtk::Button,
    pointer: gtk::EventControllerMotion,
}

impl ControlBar {
    /// Builds the bar; what a person does with it goes to `sender`.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
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
            position: SeekBar::new(sender),
            volume: VolumeButton::new(sender),
            room: gtk::Box::new(gtk::Orientation::Horizontal, 0),
            subtitles: TracksMenu::subtitles(sender),
            audio: TracksMenu::audio(sender),
            quality: QualityMenu::new(sender),
            fullscreen: toggle(|| PlayerInput::FullscreenToggled),
            pointer: gtk::EventControllerMotion::new(),
        };
        bar.lay_out();
        bar
    }

    fn lay_out(&self) {
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
        buttons.append(self.quality.widget());
        buttons.append(&self.fullscreen);
        self.root.append(self.position.widget());
        self.root.append(&buttons);
        self.root.add_css_class("player-bottom");
        self.root.set_valign(gtk::Align::End);
        self.root.add_controller(self.pointer.clone());
    }

    /// The seek bar.
    pub fn scale(&self) -> &gtk::Scale {
        self.position.scale()
    }

    /// The bar itself.
    pub fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// What changes between few controls in one row, for a low window, and the usual ones in two rows.
    pub fn compactor(&self) -> impl Fn(bool) + 'static {
        let root = self.root.clone();
        let extra: [gtk::Widget; 7] = [
            self.room.clone().upcast(),
            self.back.clone().upcast(),
            self.forward.clone().upcast(),
            self.position.remaining().clone().upcast(),
            self.volume.widget().clone().upcast(),
            self.audio.widget().clone().upcast(),
            self.quality.widget().clone().upcast(),
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

    fn menus(&self) -> [&gtk::MenuButton; 4] {
        [self.volume.widget(), self.subtitles.widget(), self.audio.widget(), self.quality.button()]
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
        self.position.show(state);
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

    /// Shows in which quality something is delivered, and which others there are.
    pub fn show_quality(&self, source: Option<&StreamSource>) {
        self.quality.show(source);
    }

    /// Shows the tracks there are.
    pub fn show_tracks(&self, tracks: &Tracks) {
        self.audio.show(&tracks.audio, tracks.current_audio.as_ref());
        self.subtitles.show(&tracks.subtitles, tracks.current_subtitle.as_ref());
    }
}
