//! The lower right corner of the picture: what can be skipped, and what comes next.

use std::cell::Cell;
use std::time::Duration;

use gettextrs::gettext;
use gtk::gdk;
use gtk::prelude::*;
use relm4::Sender;

use super::super::messages::PlayerInput;
use super::next::{Announced, COUNTDOWN};
use super::preview::sized;
use super::{MomentInput, NextTitle};
use crate::models::MarkerKind;

/// Width of the picture of what comes next, in pixels.
const PICTURE: u8 = 128;

/// The button and the card.
#[derive(Debug)]
pub struct Corner {
    root: gtk::Box,
    skip: gtk::Button,
    card: gtk::Box,
    heading: gtk::Label,
    picture: gtk::Picture,
    title: gtk::Label,
    subtitle: gtk::Label,
    left: gtk::ProgressBar,
    play: gtk::Button,
    compact: Cell<bool>,
    took_focus: Cell<bool>,
}

impl Corner {
    /// Builds it; what a person does with it goes to `sender`.
    pub fn new(sender: &Sender<PlayerInput>) -> Self {
        let button = |label: &str, message: fn() -> MomentInput| {
            let sender = sender.clone();
            let button = gtk::Button::builder().label(label).build();
            button.connect_clicked(move |_| sender.emit(PlayerInput::Moment(message())));
            button
        };
        let skip = button("", || MomentInput::SkipChosen);
        skip.set_halign(gtk::Align::End);
        skip.add_css_class("pill");
        skip.add_css_class("osd");
        skip.add_css_class("player-skip");
        skip.set_visible(false);
        let play = button(&gettext("Play now"), || MomentInput::PlayNowChosen);
        play.add_css_class("suggested-action");
        let cancel = button(&gettext("Cancel"), || MomentInput::CancelChosen);
        let line = |classes: &[&str]| {
            gtk::Label::builder()
                .xalign(0.0)
                .ellipsize(gtk::pango::EllipsizeMode::End)
                .max_width_chars(24)
                .css_classes(classes.iter().copied().map(str::to_owned).collect::<Vec<_>>())
                .build()
        };
        let corner = Self {
            root: gtk::Box::new(gtk::Orientation::Vertical, 12),
            skip,
            card: gtk::Box::new(gtk::Orientation::Vertical, 8),
            heading: line(&["caption-heading"]),
            picture: gtk::Picture::builder()
                .content_fit(gtk::ContentFit::Contain)
                .can_shrink(false)
                .css_classes(["player-next-picture"])
                .build(),
            title: line(&["heading"]),
            subtitle: line(&["caption"]),
            left: gtk::ProgressBar::new(),
            play,
            compact: Cell::default(),
            took_focus: Cell::default(),
        };
        corner.lay_out(&cancel);
        corner
    }

    fn lay_out(&self, cancel: &gtk::Button) {
        let words = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(3)
            .valign(gtk::Align::Center)
            .hexpand(true)
            .build();
        words.append(&self.title);
        words.append(&self.subtitle);
        let top = gtk::Box::new(gtk::Orientation::Horizontal, 12);
        self.picture.set_overflow(gtk::Overflow::Hidden);
        // For the eye only: the title beside it says what it is.
        self.picture.set_accessible_role(gtk::AccessibleRole::Presentation);
        top.append(&self.picture);
        top.append(&words);
        self.left.update_property(&[gtk::accessible::Property::Label(&gettext("Time until it begins"))]);
        let buttons = gtk::Box::builder().spacing(6).homogeneous(true).build();
        buttons.append(cancel);
        buttons.append(&self.play);
        let parts: [&gtk::Widget; 4] =
            [self.heading.upcast_ref(), top.upcast_ref(), self.left.upcast_ref(), buttons.upcast_ref()];
        for part in parts {
            self.card.append(part);
        }
        self.card.set_accessible_role(gtk::AccessibleRole::Group);
        self.card.add_css_class("player-next");
        self.card.set_visible(false);
        self.root.append(&self.skip);
        self.root.append(&self.card);
        self.root.set_halign(gtk::Align::End);
        self.root.set_valign(gtk::Align::End);
        self.root.set_margin_end(16);
        self.root.set_margin_start(16);
    }

    /// The widget.
    pub fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Keeps it above what is so high, in pixels.
    pub fn keep_above(&self, height: i32) {
        if self.root.margin_bottom() != height {
            self.root.set_margin_bottom(height);
        }
    }

    /// Offers to skip this, or nothing.
    pub fn offer(&self, kind: Option<MarkerKind>) {
        if let Some(kind) = kind {
            let label = skip_label(kind);
            if self.skip.label().as_deref() != Some(label.as_str()) {
                self.skip.set_label(&label);
            }
        }
        if kind.is_some() && !self.skip.is_visible() {
            say(&self.skip, self.skip.label().as_deref().unwrap_or_default());
        }
        self.skip.set_visible(kind.is_some());
    }

    /// Shows what is announced. At the end keys belong to it; before, a space still pauses.
    pub fn announce(&self, announced: Announced, next: Option<&NextTitle>, at_end: bool) {
        let (heading, left) = match announced {
            Announced::Nothing => {
                self.took_focus.set(false);
                return self.card.set_visible(false);
            }
            Announced::Counting(left) => (next_in(left), Some(left)),
            // Translators: over the title of what comes next.
            Announced::Waiting => (gettext("Up next"), None),
            Announced::StillWatching => (gettext("Still watching?"), None),
        };
        if self.heading.label() != heading {
            self.heading.set_label(&heading);
            self.card.update_property(&[gtk::accessible::Property::Label(&heading)]);
        }
        self.left.set_visible(left.is_some());
        if let Some(left) = left {
            self.left.set_fraction(1.0 - left.as_secs_f64() / COUNTDOWN.as_secs_f64());
        }
        if let Some(next) = next {
            self.title.set_label(&next.title);
            self.subtitle.set_label(next.subtitle.as_deref().unwrap_or_default());
            self.subtitle.set_visible(next.subtitle.is_some());
            self.show_picture(next.picture.as_ref());
        }
        if !self.card.is_visible() {
            self.card.set_visible(true);
            let title = next.map(|next| next.title.as_str()).unwrap_or_default();
            say(&self.card, &format!("{heading}: {title}"));
        }
        if at_end && !self.took_focus.replace(true) {
            self.play.grab_focus();
        }
    }

    /// Leaves out what is only nice, for a low window.
    pub fn set_compact(&self, compact: bool) {
        if self.compact.replace(compact) != compact {
            self.picture.set_visible(!compact && self.picture.paintable().is_some());
        }
    }

    fn show_picture(&self, picture: Option<&gdk::Texture>) {
        let picture = picture.and_then(|picture| sized(picture, None, PICTURE));
        self.picture.set_paintable(picture.as_ref());
        self.picture.set_visible(picture.is_some() && !self.compact.get());
    }
}

/// Has a screen reader say what came onto the screen without anybody having asked for it.
fn say(widget: &impl IsA<gtk::Accessible>, text: &str) {
    widget.announce(text, gtk::AccessibleAnnouncementPriority::Medium);
}

/// What the button says.
fn skip_label(kind: MarkerKind) -> String {
    match kind {
        MarkerKind::Intro => gettext("Skip Intro"),
        MarkerKind::Credits => gettext("Skip Credits"),
        // Translators: the recap of what happened in earlier episodes.
        MarkerKind::Recap => gettext("Skip Recap"),
        MarkerKind::Commercial => gettext("Skip Commercial"),
        // Translators: a preview of the next episode at the end of this one.
        MarkerKind::Preview => gettext("Skip Preview"),
    }
}

/// What is said when something was skipped by itself.
pub(super) fn skipped(kind: MarkerKind) -> String {
    match kind {
        MarkerKind::Intro => gettext("Intro skipped"),
        MarkerKind::Credits => gettext("Credits skipped"),
        MarkerKind::Recap => gettext("Recap skipped"),
        MarkerKind::Commercial => gettext("Commercial skipped"),
        MarkerKind::Preview => gettext("Preview skipped"),
    }
}

fn next_in(left: Duration) -> String {
    // Whole seconds that are still to pass, so that it never says 0.
    let seconds = left.as_millis().div_ceil(1000);
    // Translators: over the title of what comes next; {n} is a number of seconds.
    gettext("Up next in {n} s").replace("{n}", &seconds.to_string())
}
