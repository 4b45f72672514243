//! Typing goes to the first title that begins so.

use std::time::Duration;

use adw::prelude::*;
use relm4::ComponentSender;

use super::reading::query;
use super::{LibraryCommand, LibraryInput, LibraryPage};
use crate::models::ItemSort;
use crate::services::ServiceError;
use crate::services::core::BrowseService;

/// After this time without a letter the next one begins anew.
const PAUSE: Duration = Duration::from_millis(1200);

/// What has been typed.
#[derive(Debug, Default)]
pub(super) struct Typing {
    text: String,
    /// Counts the letters: only the last one's pause ends the typing.
    letters: u32,
}

impl Typing {
    /// Takes a letter in. A space does not begin anything.
    fn push(&mut self, letter: char) -> Option<(&str, u32)> {
        if self.text.is_empty() && letter.is_whitespace() {
            return None;
        }
        self.text.push(letter);
        self.letters = self.letters.wrapping_add(1);
        Some((&self.text, self.letters))
    }

    /// The pause after a letter is over; whether it was the last one.
    fn end(&mut self, letter: u32) -> bool {
        let is_last = self.letters == letter;
        if is_last {
            self.text.clear();
        }
        is_last
    }
}

impl LibraryPage {
    /// Only a list in the order of titles can be gone through so.
    pub(super) fn typed(&mut self, letter: char, sender: &ComponentSender<Self>) {
        let Some(view) = self.choices.as_ref().filter(|view| view.sort == ItemSort::Title) else { return };
        let Some((text, number)) = self.typing.push(letter) else { return };
        self.view.typed.set_label(text);
        self.view.typed.set_visible(true);
        let (ctx, query, text) = (self.ctx.clone(), query(self.id, view), text.to_owned());
        let question = self.question;
        sender.oneshot_command(async move {
            LibraryCommand::Found(question, BrowseService::place_of(&ctx, &query, &text).await)
        });
        let input = sender.input_sender().clone();
        gtk::glib::timeout_add_local_once(PAUSE, move || {
            let _gone = input.send(LibraryInput::TypingEnded(number));
        });
    }

    pub(super) fn typing_ended(&mut self, letter: u32) {
        if self.typing.end(letter) {
            self.view.typed.set_visible(false);
        }
    }

    pub(super) fn found(&self, question: u32, place: Result<u32, ServiceError>) {
        match place {
            Ok(place) if question == self.question => self.jump_to(place),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a title could not be looked for"),
        }
    }

    /// Goes to a place, or to the last title where there is none.
    pub(super) fn jump_to(&self, place: u32) {
        let last = self.list.n_items().saturating_sub(1);
        self.view.titles.jump_to(place.min(last), gtk::ListScrollFlags::FOCUS);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn letters_add_up_until_a_pause() {
        let mut typing = Typing::default();
        assert!(typing.push(' ').is_none());
        assert_eq!(typing.push('t').unwrap().0, "t");
        let (text, second) = typing.push('h').map(|(text, number)| (text.to_owned(), number)).unwrap();
        assert_eq!(text, "th");
        // The first letter's pause ends while the second one is fresh.
        assert!(!typing.end(second - 1));
        assert_eq!(typing.push(' ').unwrap().0, "th ");
        assert!(typing.end(second + 1));
        assert_eq!(typing.push('a').unwrap().0, "a");
    }
}
