//! What the page shows of what plays: titles, errors, which child of the stack.

use gettextrs::gettext;
use gtk::glib;

use super::PlayerPage;
use super::messages::{Around, PlayRequest};
use super::state::{Phase, Wait};
use crate::player::EngineError;
use crate::ui::error_text::playback as error_text;

impl PlayerPage {
    pub(super) fn title(&self) -> &str {
        self.shown().map_or("", |request| &request.title)
    }

    /// What plays, or has just ended.
    pub(super) fn shown(&self) -> Option<&PlayRequest> {
        self.request.as_ref().or(self.before.as_ref())
    }

    pub(super) fn is_sound(&self) -> bool {
        self.shown().is_some_and(|request| request.sound.is_some())
    }

    /// What lies around it in its list; nothing where it is played by itself.
    pub(super) fn around(&self) -> Around {
        self.shown().map(|request| request.around).unwrap_or_default()
    }

    /// The child of the stack that is to be seen.
    pub(super) fn shown_child(&self) -> &'static str {
        if self.has_failed() {
            "error"
        } else if self.is_sound() {
            "sound"
        } else {
            "video"
        }
    }

    pub(super) fn subtitle(&self) -> &str {
        self.shown().and_then(|request| request.subtitle.as_deref()).unwrap_or_default()
    }

    pub(super) fn error_title(&self) -> String {
        self.error().map(error_text::title).unwrap_or_default()
    }

    /// As markup, which a status page takes.
    pub(super) fn error_sentence(&self) -> Option<String> {
        self.error().map(|error| glib::markup_escape_text(&error_text::sentence(error)).to_string())
    }

    /// Whether it cannot be played.
    pub(super) fn has_failed(&self) -> bool {
        self.error().is_some()
    }

    /// Whether it has another version to be tried.
    pub(super) fn has_other_version(&self) -> bool {
        self.shown().is_some_and(|request| request.memory.versions.len() > 1)
    }

    /// What is said of a wait.
    pub(super) fn wait_words(&self) -> String {
        let (words, percent) = match self.wait {
            Some(Wait::Loading(percent)) => (gettext("{percent} %"), percent),
            Some(Wait::Long(0)) => return gettext("Waiting for the source…"),
            Some(Wait::Long(percent)) => (gettext("Waiting for the source… {percent} %"), percent),
            None => return String::new(),
        };
        // What begins has nothing yet.
        if percent == 0 { String::new() } else { words.replace("{percent}", &percent.to_string()) }
    }

    fn error(&self) -> Option<&EngineError> {
        match &self.state.phase {
            Phase::Failed(error) => Some(error),
            _ => None,
        }
    }
}
