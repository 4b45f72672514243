//! What is written over the picture for a moment, or while it lasts: waiting, what was chosen, technical facts.

use adw::prelude::*;

use super::PlayerPage;

/// Room above them, in pixels: the title bar lies there.
const BELOW_TITLE: i32 = 56;
/// Room beside them, in pixels.
const BESIDE: i32 = 12;

/// The widgets. None of them takes the pointer.
#[derive(Debug)]
pub(super) struct Notes {
    wait: gtk::Box,
    wait_words: gtk::Label,
    hint: gtk::Label,
    information: gtk::Label,
}

impl Notes {
    pub(super) fn new() -> Self {
        let wait_words = gtk::Label::builder().css_classes(["numeric"]).build();
        let wait = gtk::Box::builder()
            .halign(gtk::Align::Center)
            .valign(gtk::Align::Center)
            .can_target(false)
            .spacing(9)
            .css_classes(["player-wait"])
            .build();
        wait.append(&adw::Spinner::builder().width_request(32).height_request(32).build());
        wait.append(&wait_words);
        let label = |class: &str| {
            gtk::Label::builder()
                .valign(gtk::Align::Start)
                .can_target(false)
                .margin_top(BELOW_TITLE)
                .margin_start(BESIDE)
                .margin_end(BESIDE)
                .css_classes([class])
        };
        let hint =
            label("player-hint").halign(gtk::Align::Center).ellipsize(gtk::pango::EllipsizeMode::End).build();
        let information =
            label("player-information").halign(gtk::Align::Start).wrap(true).xalign(0.0).build();
        Self { wait, wait_words, hint, information }
    }

    /// Lays them over the picture.
    pub(super) fn lie_over(&self, overlay: &gtk::Overlay) {
        let notes: [&gtk::Widget; 3] =
            [self.wait.upcast_ref(), self.information.upcast_ref(), self.hint.upcast_ref()];
        for note in notes {
            note.set_visible(false);
            overlay.add_overlay(note);
        }
    }
}

impl PlayerPage {
    /// Brings them up to date.
    pub(super) fn show_notes(&self) {
        let notes = &self.notes;
        notes.wait.set_visible(self.wait.is_some());
        let facts = self.information.as_deref().unwrap_or_default();
        let words = self.wait_words();
        for (label, text) in [
            (&notes.wait_words, words.as_str()),
            (&notes.hint, self.hint_text()),
            (&notes.information, facts),
        ] {
            label.set_visible(!text.is_empty());
            if label.text() != text {
                label.set_label(text);
            }
        }
    }
}
