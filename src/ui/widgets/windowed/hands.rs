//! What pointer, fingers and keys do in a list.

use adw::prelude::*;
use gtk::{gdk, glib};

use super::cell::ItemCell;
use super::view::{ItemView, ViewEvent};

impl ItemView {
    fn cell_at(&self, x: f64, y: f64) -> Option<ItemCell> {
        let picked = self.scroller.pick(x, y, gtk::PickFlags::DEFAULT)?;
        picked.is_ancestor(&self.scroller).then(|| ItemCell::at(&picked)).flatten()
    }

    /// Listens to pointer, fingers and keys.
    pub(super) fn listen(&self) {
        self.listen_to_clicks();
        let press = gtk::GestureLongPress::builder().touch_only(true).build();
        let this = self.clone();
        press.connect_pressed(move |gesture, x, y| {
            if this.ask_menu_at(x, y) {
                gesture.set_state(gtk::EventSequenceState::Claimed);
            }
        });
        self.scroller.add_controller(press);
        let keys =
            gtk::EventControllerKey::builder().propagation_phase(gtk::PropagationPhase::Capture).build();
        let this = self.clone();
        keys.connect_key_pressed(move |_, key, _, state| {
            let menu = key == gdk::Key::Menu
                || key == gdk::Key::F10 && state.contains(gdk::ModifierType::SHIFT_MASK);
            if menu && this.ask_menu_of_focused() {
                glib::Propagation::Stop
            } else {
                glib::Propagation::Proceed
            }
        });
        self.scroller.add_controller(keys);
    }

    /// The first button selects where titles are being selected, and begins that with Ctrl or Shift; the second one
    /// asks for the menu.
    fn listen_to_clicks(&self) {
        let click =
            gtk::GestureClick::builder().button(0).propagation_phase(gtk::PropagationPhase::Capture).build();
        let this = self.clone();
        click.connect_pressed(move |gesture, _, x, y| {
            let state = gesture.current_event_state();
            let with_key = state.intersects(gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::SHIFT_MASK);
            let handled = match gesture.current_button() {
                gdk::BUTTON_PRIMARY => this.selects_at(x, y, with_key),
                gdk::BUTTON_SECONDARY => this.ask_menu_at(x, y),
                _ => false,
            };
            let state =
                if handled { gtk::EventSequenceState::Claimed } else { gtk::EventSequenceState::Denied };
            gesture.set_state(state);
        });
        self.scroller.add_controller(click);
    }

    fn selects_at(&self, x: f64, y: f64, with_key: bool) -> bool {
        let Some(place) = self.cell_at(x, y).and_then(|cell| cell.place()) else { return false };
        match (self.list.is_selecting(), with_key) {
            (true, false) => {
                self.list.toggle(place);
                // From here a click with Shift goes on.
                self.scroll_to(place, gtk::ListScrollFlags::FOCUS);
            }
            (false, true) => (self.emit)(ViewEvent::SelectFrom(place)),
            // With a key the list widget knows what to do; a simple click opens.
            _ => return false,
        }
        true
    }

    fn ask_menu_at(&self, x: f64, y: f64) -> bool {
        let Some(place) = self.cell_at(x, y).and_then(|cell| cell.place()) else { return false };
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let at = gdk::Rectangle::new(x as i32, y as i32, 1, 1);
        (self.emit)(ViewEvent::Menu { place, at });
        true
    }

    fn ask_menu_of_focused(&self) -> bool {
        let Some(focus) = self.scroller.root().and_then(|root| root.focus()) else { return false };
        let Some((cell, place)) = ItemCell::at(&focus).and_then(|cell| Some((cell.clone(), cell.place()?)))
        else {
            return false;
        };
        let Some(bounds) = cell.compute_bounds(&self.scroller) else { return false };
        let centre = bounds.center();
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let at = gdk::Rectangle::new(centre.x() as i32, centre.y() as i32, 1, 1);
        (self.emit)(ViewEvent::Menu { place, at });
        true
    }
}
