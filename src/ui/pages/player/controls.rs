//! The bar below the picture: position, buttons, menus.

use std::rc::Rc;

use gettextrs::gettext;
use gtk::prelude::*;
use relm4::Sender;

use super::arrangement::{Arrangement, Room};
use super::buttons::{icon_button, set_icon};
use super::messages::{Around, PlayerInput};
use super::position::SeekBar;
use super::quality_menu::QualityMenu;
use super::speed_menu::SpeedMenu;
use super::state::PlayerState;
use super::track_choice::KnownTrack;
use super::tracks_menu::TracksMenu;
use super::volume::VolumeButton;
use crate::backends::StreamSource;
use crate::player::TrackId;

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
    subtitles: TracksMenu,
    audio: TracksMenu,
    speed: SpeedMenu,
    quality: QualityMenu,
    information: gtk::Button,
    fullscreen: gtk::Button,
    arrangement: Rc<Arrangement>,
    pointer: gtk::EventControllerMotion,
}

impl ControlBar {
    /// Builds the bar; what a person does with it goes to `sender`.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let button = |icon: &str, label: String, message: fn() -> PlayerInput| {
            let sender = sender.clone();
            let button = icon_button(icon, &label);
            button.connect_clicked(move |_| sender.emit(message()));
            button
        };
        let position = SeekBar::new(sender);
        let bar = Self {
            root: gtk::Box::new(gtk::Orientation::Vertical, 4),
            play: button("", String::new(), || PlayerInput::PlayToggled),
            back: button("media-seek-backward-symbolic", gettext("Back 10 Seconds"), || {
                PlayerInput::SeekStepped(STEP_BACK)
            }),
            forward: button("media-seek-forward-symbolic", gettext("Forward 30 Seconds"), || {
                PlayerInput::SeekStepped(STEP_FORWARD)
            }),
            previous: button("media-skip-backward-symbolic", gettext("Previous"), || {
                PlayerInput::PreviousChosen
            }),
            next: button("media-skip-forward-symbolic", gettext("Next"), || PlayerInput::NextChosen),
            arrangement: Rc::new(Arrangement::new(position.end())),
            position,
            volume: VolumeButton::new(sender),
            subtitles: TracksMenu::subtitles(sender),
            audio: TracksMenu::audio(sender),
            speed: SpeedMenu::new(sender),
            quality: QualityMenu::new(sender),
            information: button("dialog-information-symbolic", gettext("Information"), || {
                PlayerInput::InformationToggled
            }),
            fullscreen: button("", String::new(), || PlayerInput::FullscreenToggled),
            pointer: gtk::EventControllerMotion::new(),
        };
        bar.lay_out();
        bar
    }

    fn lay_out(&self) {
        // As everywhere in players, time goes to the right, whichever way people write.
        let transport: [(&gtk::Button, Room); 5] = [
            (&self.previous, Room::NotLow),
            (&self.back, Room::NotLow),
            (&self.play, Room::Always),
            (&self.forward, Room::NotLow),
            (&self.next, Room::NotLow),
        ];
        for (button, room) in transport {
            self.arrangement.add_transport(button, room);
        }
        for button in [&self.previous, &self.next] {
            button.set_visible(false);
        }
        // In the order in which they stand; each menu is named in `menus` as well.
        self.arrangement.add_end(self.volume.widget(), Room::Wide);
        self.arrangement.add_end(self.subtitles.widget(), Room::NotLow);
        self.arrangement.add_end(self.audio.widget(), Room::Wide);
        self.arrangement.add_end(self.speed.widget(), Room::Wide);
        self.arrangement.add_end(self.quality.widget(), Room::Wide);
        self.arrangement.add_end(&self.information, Room::Wide);
        self.arrangement.add_end(&self.fullscreen, Room::Always);
        self.root.append(self.position.widget());
        self.root.append(self.arrangement.widget());
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

    /// What arranges the bar for the room there is: two rows, or one for a low window.
    pub fn arranger(&self) -> impl Fn(Room) + Clone + 'static {
        let (root, arrangement) = (self.root.clone(), Rc::clone(&self.arrangement));
        let position = self.position.clone();
        move |smallest| {
            let is_low = smallest == Room::Always;
            let orientation = if is_low { gtk::Orientation::Horizontal } else { gtk::Orientation::Vertical };
            root.set_orientation(orientation);
            if is_low {
                root.add_css_class("compact");
            } else {
                root.remove_css_class("compact");
            }
            position.show_end(!is_low);
            arrangement.arrange(smallest);
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

    fn menus(&self) -> [&gtk::MenuButton; 6] {
        [
            self.volume.widget(),
            self.subtitles.widget(),
            self.audio.widget(),
            self.speed.widget(),
            self.quality.button(),
            self.arrangement.more(),
        ]
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
        self.speed.show(state.rate);
    }

    /// Shows the way through a list, where there is one.
    pub fn show_list(&self, around: Around) {
        let is_list = around.previous || around.next;
        self.previous.set_visible(is_list);
        self.next.set_visible(is_list);
        self.next.set_sensitive(around.next);
    }

    /// Shows by how many milliseconds audio and subtitles are late, and how large subtitles are, in per cent.
    pub(super) fn show_timing(&self, (audio, subtitle): (i64, i64), percent: u32) {
        self.audio.show_rows(audio, percent);
        self.subtitles.show_rows(subtitle, percent);
    }

    /// Shows in which quality something is delivered, and which others there are.
    pub fn show_quality(&self, source: Option<&StreamSource>) {
        self.quality.show(source);
    }

    /// Shows the tracks there are and those in use.
    pub(super) fn show_tracks(
        &self,
        audio: (&[KnownTrack], Option<&TrackId>),
        subtitles: (&[KnownTrack], Option<&TrackId>),
    ) {
        self.audio.show(audio.0, audio.1);
        self.subtitles.show(subtitles.0, subtitles.1);
    }
}
