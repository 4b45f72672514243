//! The seek bar, with the time passed before it and the time left behind it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gettextrs::gettext;
use gtk::glib;
use gtk::prelude::*;
use relm4::Sender;

use super::messages::PlayerInput;
use super::state::PlayerState;
use crate::ui::clock::clock;
use crate::ui::spoken;

/// Seconds of the place and of the length, when that is known, and the minute of the end.
type Shown = (u64, Option<u64>, u64);

/// The seek bar and its times. Clones are the same widgets.
#[derive(Debug, Clone)]
pub(super) struct SeekBar {
    root: gtk::Box,
    scale: gtk::Scale,
    changed: Rc<glib::SignalHandlerId>,
    elapsed: gtk::Label,
    /// What is left, or the whole length: a click changes between them.
    rest: gtk::Button,
    shows_length: Rc<Cell<bool>>,
    /// When it ends, by the clock on the wall.
    end: gtk::Label,
    /// What the labels show now, so that they are written only when they change.
    shown: Rc<Cell<Option<Shown>>>,
}

impl SeekBar {
    /// Builds it; where a person wants to go is told to `sender`.
    pub(super) fn new(sender: &Sender<PlayerInput>) -> Self {
        let (scale, changed) = position_scale(sender);
        let elapsed = gtk::Label::builder().css_classes(["numeric", "player-time"]).build();
        let rest = gtk::Button::builder()
            .css_classes(["flat", "numeric", "player-time", "player-rest"])
            .focus_on_click(false)
            .valign(gtk::Align::Center)
            .build();
        let end = gtk::Label::builder()
            .css_classes(["player-time", "player-end"])
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .xalign(0.5)
            .hexpand(true)
            .build();
        let root = gtk::Box::new(gtk::Orientation::Horizontal, 6);
        root.set_direction(gtk::TextDirection::Ltr);
        root.set_hexpand(true);
        root.append(&elapsed);
        root.append(&scale);
        root.append(&rest);
        let bar = Self {
            root,
            scale,
            changed: Rc::new(changed),
            elapsed,
            rest,
            shows_length: Rc::default(),
            end,
            shown: Rc::default(),
        };
        let (shows_length, shown, input) = (bar.shows_length.clone(), bar.shown.clone(), sender.clone());
        bar.rest.connect_clicked(move |_| {
            shows_length.set(!shows_length.get());
            shown.set(None);
            input.emit(PlayerInput::Stirred);
        });
        bar
    }

    /// The seek bar without its times.
    pub(super) fn scale(&self) -> &gtk::Scale {
        &self.scale
    }

    /// The row itself.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// When it ends, for the middle of the row below.
    pub(super) fn end(&self) -> &gtk::Label {
        &self.end
    }

    /// Shows what stands behind the bar, or not: a low window has no room for it.
    pub(super) fn show_end(&self, shown: bool) {
        self.rest.set_visible(shown);
    }

    /// Shows where a state is.
    pub(super) fn show(&self, state: &PlayerState) {
        let length = state.duration.unwrap_or_default();
        let adjustment = self.scale.adjustment();
        adjustment.block_signal(&self.changed);
        adjustment.set_upper(length.as_secs_f64().max(1.0));
        adjustment.set_value(state.position.as_secs_f64());
        adjustment.unblock_signal(&self.changed);
        self.scale.set_fill_level(state.buffered.unwrap_or_default().as_secs_f64());
        self.scale.set_sensitive(state.duration.is_some());
        let now =
            (state.position.as_secs(), state.duration.map(|length| length.as_secs()), end_minute(state));
        if self.shown.replace(Some(now)) != Some(now) {
            self.show_times(state);
        }
    }

    fn show_times(&self, state: &PlayerState) {
        let length = state.duration.unwrap_or_default();
        self.elapsed.set_label(&clock(state.position));
        let left = state.remaining().map(|time| format!("−{}", clock(time))).unwrap_or_default();
        let (text, name) = if self.shows_length.get() {
            (state.duration.map(clock).unwrap_or_default(), gettext("Length"))
        } else {
            (left, gettext("Time Left"))
        };
        self.rest.set_label(&text);
        self.rest.set_sensitive(state.duration.is_some());
        self.rest.set_tooltip_text(Some(&name));
        self.rest.update_property(&[
            gtk::accessible::Property::Label(&name),
            gtk::accessible::Property::Description(&text),
        ]);
        self.end.set_label(&ends_at(state).unwrap_or_default());
        let position = spoken::duration(state.position);
        let spoken = if state.duration.is_some() {
            // Translators: a place in a film, as in "12 minutes 3 seconds of 1 hour 40 minutes".
            gettext("{position} of {length}")
                .replace("{position}", &position)
                .replace("{length}", &spoken::duration(length))
        } else {
            position
        };
        self.scale.update_property(&[gtk::accessible::Property::ValueText(&spoken)]);
    }
}

/// The minute of its end, counted from 1970, to notice when it is another.
fn end_minute(state: &PlayerState) -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    state.lasts().map_or(0, |lasts| (now + lasts).as_secs() / 60)
}

/// When it ends, in words.
fn ends_at(state: &PlayerState) -> Option<String> {
    let end = glib::DateTime::now_local().ok()?.add_seconds(state.lasts()?.as_secs_f64()).ok()?;
    let time = end.format("%H:%M").ok()?;
    Some(gettext("Ends at {time}").replace("{time}", &time))
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
        .show_fill_level(true)
        .restrict_to_fill_level(false)
        .width_request(60)
        .css_classes(["player-position"])
        .build();
    // Time goes to the right, whichever way people write.
    scale.set_direction(gtk::TextDirection::Ltr);
    scale.update_property(&[gtk::accessible::Property::Label(&gettext("Position"))]);
    (scale, changed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::player::EngineState;
    use crate::ui::pages::player::state::Phase;

    #[gtk::test]
    fn time_goes_to_the_right_whichever_way_people_write() {
        gtk::Widget::set_default_direction(gtk::TextDirection::Rtl);
        let (sender, _receiver) = relm4::channel();
        let bar = SeekBar::new(&sender);
        let other = gtk::Label::new(None);
        let directions = [other.direction(), bar.scale.direction(), bar.root.direction()];
        gtk::Widget::set_default_direction(gtk::TextDirection::Ltr);
        assert_eq!(directions, [gtk::TextDirection::Rtl, gtk::TextDirection::Ltr, gtk::TextDirection::Ltr]);
        assert_eq!(bar.root.first_child().as_ref(), Some(bar.elapsed.upcast_ref()));
    }

    #[gtk::test]
    fn the_time_behind_the_bar_is_what_is_left_or_the_length() {
        let (sender, receiver) = relm4::channel();
        let bar = SeekBar::new(&sender);
        let state = PlayerState {
            phase: Phase::Active(EngineState::Paused),
            position: Duration::from_secs(63),
            duration: Some(Duration::from_secs(3_700)),
            buffered: Some(Duration::from_secs(100)),
            ..PlayerState::default()
        };
        bar.show(&state);
        assert_eq!(bar.elapsed.text(), "1:03");
        assert_eq!(bar.rest.label().unwrap(), "−1:00:37");
        assert!((bar.scale.fill_level() - 100.0).abs() < 1e-9);
        assert!(bar.end.text().starts_with("Ends at "));
        bar.rest.emit_clicked();
        bar.show(&state);
        assert_eq!(bar.rest.label().unwrap(), "1:01:40");
        bar.show(&PlayerState::default());
        assert_eq!(bar.rest.label().unwrap(), "", "of an unknown length nothing is said");
        drop(sender);
        drop(bar);
        let told: Vec<_> = std::iter::from_fn(|| receiver.recv_sync()).collect();
        assert!(!told.iter().any(|input| matches!(input, PlayerInput::SeekChosen(_))), "{told:?}");
    }
}
