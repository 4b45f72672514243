//! How much room pictures may take, how much they take, and a way to be rid of them.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::glib;
use relm4::Sender;

use super::PreferencesInput;
use crate::ui::settings::{IMAGE_CACHE, Settings};

/// Least megabytes, as the schema has them.
const LEAST: f64 = 50.0;
/// Most megabytes, as the schema has them.
const MOST: f64 = 20_000.0;
/// What a press of a button adds, in megabytes.
const STEP: f64 = 50.0;

/// The group.
#[derive(Debug)]
pub(super) struct PicturesGroup {
    root: adw::PreferencesGroup,
    present: adw::ActionRow,
    clear: gtk::Button,
}

impl PicturesGroup {
    /// The group with its controls bound to the settings.
    pub(super) fn build(settings: &Settings, input: &Sender<PreferencesInput>) -> Self {
        let root = adw::PreferencesGroup::builder()
            .title(gettext("Pictures"))
            .description(gettext(
                "Posters and other pictures of servers are kept, so that they are there at once.",
            ))
            .build();
        let adjustment = gtk::Adjustment::new(LEAST, LEAST, MOST, STEP, STEP * 10.0, 0.0);
        let most = adw::SpinRow::builder()
            .title(gettext("Most Space"))
            .subtitle(gettext("In megabytes. Pictures not shown for the longest time go first."))
            .adjustment(&adjustment)
            .build();
        let present = adw::ActionRow::builder().title(gettext("Space Taken")).build();
        let clear = gtk::Button::builder()
            .label(gettext("Clear"))
            .valign(gtk::Align::Center)
            .css_classes(["destructive-action"])
            .sensitive(false)
            .build();
        let pressed = input.clone();
        clear.connect_clicked(move |_| pressed.emit(PreferencesInput::ClearPictures));
        present.add_suffix(&clear);
        root.add(&most);
        root.add(&present);
        match settings.bindable() {
            Some(settings) => settings.bind(IMAGE_CACHE, &most, "value").build(),
            None => most.set_sensitive(false),
        }
        Self { root, present, clear }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &adw::PreferencesGroup {
        &self.root
    }

    /// Shows how many bytes pictures take now.
    pub(super) fn show_size(&self, bytes: u64) {
        self.present.set_subtitle(&glib::format_size(bytes));
        self.clear.set_sensitive(bytes > 0);
    }

    /// Shows that they are being removed.
    pub(super) fn show_clearing(&self) {
        self.clear.set_sensitive(false);
    }
}
