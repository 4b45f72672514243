//! Typing on Home begins a search.

use adw::prelude::*;
use gtk::{gdk, glib};
use relm4::{ComponentController as _, ComponentSender};

use super::{Destination, Page, Shell, ShellInput};
use crate::ui::pages::search::SearchInput;

impl Shell {
    /// Takes up letters that nothing on a page wants.
    pub(super) fn bind_typing(&self, sender: &ComponentSender<Self>) {
        let keys = gtk::EventControllerKey::new();
        let input = sender.input_sender().clone();
        keys.connect_key_pressed(move |_, key, _, modifiers| {
            if let Some(letter) = letter(key, modifiers) {
                input.emit(ShellInput::SearchFor(letter.to_string()));
            }
            glib::Propagation::Proceed
        });
        // Of the window: at first nothing in it has the focus.
        self.init.window.add_controller(keys);
    }

    /// Goes to the search with a text, from Home only: other pages have a use of their own for letters. What is typed
    /// while the page comes is added.
    pub(super) fn search_for(&mut self, text: String, sender: &ComponentSender<Self>) {
        let is_in_front = self.details.is_empty()
            && self.above.is_empty()
            && self.connections.is_none()
            && self.playing.is_none()
            && self.init.window.visible_dialog().is_none();
        if !is_in_front {
            return;
        }
        if self.destination == Destination::Home {
            self.go_with(Destination::Search, text, sender);
        } else if let Some(Page::Search(page)) = &self.page {
            page.emit(SearchInput::Begin(text));
        }
    }
}

/// The letter or digit of a key that is pressed without one that gives it another meaning.
fn letter(key: gdk::Key, modifiers: gdk::ModifierType) -> Option<char> {
    let others =
        gdk::ModifierType::CONTROL_MASK | gdk::ModifierType::ALT_MASK | gdk::ModifierType::SUPER_MASK;
    key.to_unicode().filter(|letter| letter.is_alphanumeric() && !modifiers.intersects(others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_begin_a_search_and_shortcuts_do_not() {
        let none = gdk::ModifierType::empty();
        assert_eq!(letter(gdk::Key::a, none), Some('a'));
        assert_eq!(letter(gdk::Key::A, gdk::ModifierType::SHIFT_MASK), Some('A'));
        assert_eq!(letter(gdk::Key::_7, none), Some('7'));
        assert_eq!(letter(gdk::Key::a, gdk::ModifierType::CONTROL_MASK), None);
        for key in [gdk::Key::space, gdk::Key::Return, gdk::Key::Escape, gdk::Key::F5, gdk::Key::Left] {
            assert_eq!(letter(key, none), None, "{key:?}");
        }
    }
}
