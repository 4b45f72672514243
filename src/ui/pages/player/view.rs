//! Adaptation to the window's size, and where pointer and keys come in.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use adw::prelude::*;
use gtk::{gdk, glib};
use relm4::Sender;

use super::arrangement::Room;
use super::controls::ControlBar;
use super::keys;
use super::messages::PlayerInput;
use super::moments::Desk;

/// Below this height, in scaled pixels, there is room for one row of controls only.
const LOW: f64 = 300.0;
/// Below this width, in scaled pixels, not all buttons stand in a row.
const NARROW: f64 = 620.0;
/// The share of the picture's width, at each side, in which a double tap goes back or forward.
const SIDE: f64 = 0.3;
/// Seconds that a double tap goes.
const TAP_SEEK: i64 = 10;
/// How often a moving pointer is told.
const STIR_STEP: Duration = Duration::from_millis(200);

/// Fewer controls in a small window.
pub(super) fn adapt(page: &adw::BreakpointBin, bar: &ControlBar, caption: &gtk::Label) {
    let condition = |kind, limit| adw::BreakpointCondition::new_length(kind, limit, adw::LengthUnit::Sp);
    let narrow = condition(adw::BreakpointConditionLengthType::MaxWidth, NARROW);
    let low = condition(adw::BreakpointConditionLengthType::MaxHeight, LOW);
    // The last one that holds counts: a window that is low and narrow is low.
    for (condition, room) in [(narrow, Room::NotLow), (low, Room::Always)] {
        let breakpoint = adw::Breakpoint::new(condition);
        let arrange = bar.arranger();
        let (smaller, larger) = (arrange.clone(), arrange);
        breakpoint.connect_apply(move |_| smaller(room));
        breakpoint.connect_unapply(move |_| larger(Room::Wide));
        if room == Room::Always {
            let attributes = gtk::pango::AttrList::new();
            attributes.insert(gtk::pango::AttrFloat::new_scale(0.8));
            breakpoint.add_setter(caption, "attributes", Some(&attributes.to_value()));
        }
        page.add_breakpoint(breakpoint);
    }
}

/// Connects pointer and keys.
pub(super) fn connect(
    page: &adw::BreakpointBin,
    surfaces: [&gtk::Widget; 2],
    bar: &ControlBar,
    moments: &Desk,
    input: &Sender<PlayerInput>,
) {
    page.add_controller(key_controller(input));
    page.add_controller(stir_controller(input));
    page.add_controller(motion_controller(input));
    for surface in surfaces {
        surface.add_controller(click_controller(input));
    }
    // Keys belong to the picture again: a space pauses and does not open the menu once more.
    let surfaces = surfaces.map(gtk::Widget::downgrade);
    let focus = move || {
        for surface in surfaces.iter().filter_map(glib::WeakRef::upgrade) {
            if surface.is_mapped() {
                surface.grab_focus();
            }
        }
    };
    let after_menu = focus.clone();
    // A menu gives the focus back to its button when it has closed: that comes first.
    bar.connect_menu_closed(move || {
        glib::idle_add_local_once(after_menu.clone());
    });
    for menu in moments.menus() {
        let after_menu = focus.clone();
        menu.connect_active_notify(move |menu| {
            if !menu.is_active() {
                glib::idle_add_local_once(after_menu.clone());
            }
        });
    }
    let to_page = input.clone();
    page.connect_map(move |_| {
        to_page.emit(PlayerInput::Mapped);
        focus();
    });
}

/// Keys that no focused control wanted.
fn key_controller(input: &Sender<PlayerInput>) -> gtk::EventControllerKey {
    let keys = gtk::EventControllerKey::new();
    let input = input.clone();
    keys.connect_key_pressed(move |_, key, _, modifiers| match keys::meaning(key, modifiers) {
        Some(message) => {
            input.emit(message);
            glib::Propagation::Stop
        }
        None => glib::Propagation::Proceed,
    });
    keys
}

/// Any key shows the controls: the one that moves the focus among them too.
fn stir_controller(input: &Sender<PlayerInput>) -> gtk::EventControllerKey {
    let keys = gtk::EventControllerKey::new();
    keys.set_propagation_phase(gtk::PropagationPhase::Capture);
    let input = input.clone();
    keys.connect_key_pressed(move |_, _, _, _| {
        input.emit(PlayerInput::Stirred);
        glib::Propagation::Proceed
    });
    keys
}

fn motion_controller(input: &Sender<PlayerInput>) -> gtk::EventControllerMotion {
    let motion = gtk::EventControllerMotion::new();
    let input = input.clone();
    let last: Rc<Cell<Option<(f64, f64, Instant)>>> = Rc::default();
    motion.connect_motion(move |_, x, y| {
        let before = last.get();
        // A new layout under a resting pointer is told as a motion to where it is.
        let moved = before.is_none_or(|(was_x, was_y, _)| (was_x - x).abs() + (was_y - y).abs() > 0.5);
        let soon = before.is_some_and(|(_, _, told)| told.elapsed() < STIR_STEP);
        if moved && !soon {
            last.set(Some((x, y, Instant::now())));
            input.emit(PlayerInput::Stirred);
        }
    });
    motion
}

/// A click plays or pauses, a second one undoes that and fills the screen. A touch shows or hides the controls; a second
/// one goes back at the left, forward at the right, and fills the screen in the middle.
fn click_controller(input: &Sender<PlayerInput>) -> gtk::GestureClick {
    let click = gtk::GestureClick::new();
    click.set_button(gdk::BUTTON_PRIMARY);
    let input = input.clone();
    click.connect_released(move |click, presses, x, _| {
        let source = click.current_event_device().map(|device| device.source());
        let is_touch = source == Some(gdk::InputSource::Touchscreen);
        let width = click.widget().map_or(0, |widget| widget.width());
        for message in clicked(is_touch, presses, x / f64::from(width.max(1))) {
            input.emit(message);
        }
    });
    click
}

/// What the so-manieth click or touch means, at this share of the width.
fn clicked(is_touch: bool, presses: i32, share: f64) -> Vec<PlayerInput> {
    match (is_touch, presses) {
        (true, 1) => vec![PlayerInput::Tapped],
        (true, _) if share < SIDE => vec![PlayerInput::SeekStepped(-TAP_SEEK)],
        (true, _) if share > 1.0 - SIDE => vec![PlayerInput::SeekStepped(TAP_SEEK)],
        (true, 2) => vec![PlayerInput::FullscreenToggled],
        (false, 1) => vec![PlayerInput::PlayToggled],
        (false, 2) => vec![PlayerInput::PlayToggled, PlayerInput::FullscreenToggled],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_touch_seeks_at_the_sides_and_fills_the_screen_in_the_middle() {
        assert!(matches!(clicked(true, 1, 0.1)[..], [PlayerInput::Tapped]));
        assert!(matches!(clicked(true, 2, 0.1)[..], [PlayerInput::SeekStepped(-10)]));
        assert!(matches!(clicked(true, 3, 0.1)[..], [PlayerInput::SeekStepped(-10)]), "and each further one");
        assert!(matches!(clicked(true, 2, 0.9)[..], [PlayerInput::SeekStepped(10)]));
        assert!(matches!(clicked(true, 2, 0.5)[..], [PlayerInput::FullscreenToggled]));
        assert!(matches!(clicked(false, 1, 0.1)[..], [PlayerInput::PlayToggled]));
        let double = clicked(false, 2, 0.1);
        assert!(matches!(double[..], [PlayerInput::PlayToggled, PlayerInput::FullscreenToggled]));
    }
}
