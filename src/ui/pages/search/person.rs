//! A person among the results: portrait, name, and in how many titles they have a part.

use adw::prelude::*;
use gettextrs::{gettext, ngettext};
use gtk::pango;

use crate::models::{ImageKey, ImageSize};
use crate::services::AppContext;
use crate::services::core::search::{FoundPerson, MOST_COUNTED};
use crate::ui::widgets::{Artwork, Sight, in_card_button};

/// Side of the portrait, in pixels.
const SIDE: i32 = 96;
/// Width of the name, in pixels: three beside each other on a phone.
const WIDTH: i32 = 104;

/// A tile. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(super) struct Person {
    root: gtk::Box,
    portrait: Artwork,
    name: gtk::Label,
    titles: gtk::Label,
}

impl Person {
    /// An empty tile.
    pub(super) fn new(sight: &Sight) -> Self {
        let portrait = Artwork::sized("avatar-default-symbolic", SIDE, SIDE).within(sight);
        portrait.widget().set_halign(gtk::Align::Center);
        portrait.widget().add_css_class("portrait");
        let line = |classes: [&str; 1], lines: i32| {
            let label = gtk::Label::builder()
                .ellipsize(pango::EllipsizeMode::End)
                .justify(gtk::Justification::Center)
                .wrap(lines > 1)
                .lines(lines)
                .max_width_chars(1)
                .css_classes(classes)
                .build();
            label.set_width_request(WIDTH);
            label
        };
        let (name, titles) = (line(["heading"], 2), line(["caption"], 1));
        titles.add_css_class("dim-label");
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(4)
            .valign(gtk::Align::Start)
            .build();
        for child in [portrait.widget().upcast_ref::<gtk::Widget>(), name.upcast_ref(), titles.upcast_ref()] {
            root.append(child);
        }
        name.set_margin_top(4);
        Self { root, portrait, name, titles }
    }

    /// Shows a person; gives what a screen reader says.
    pub(super) fn show(&self, ctx: &AppContext, person: &FoundPerson) -> String {
        let titles = if person.titles >= MOST_COUNTED {
            // Translators: the number of titles that an actor has a part in; {n} is 99.
            gettext("Over {n} titles").replace("{n}", &(MOST_COUNTED - 1).to_string())
        } else {
            ngettext("{n} title", "{n} titles", person.titles).replace("{n}", &person.titles.to_string())
        };
        self.name.set_label(&person.name);
        self.root.set_tooltip_text(Some(&person.name));
        self.titles.set_label(&titles);
        match &person.portrait {
            Some((source, key)) => self.show_portrait(ctx, *source, key),
            None => self.portrait.clear(),
        }
        format!("{}, {titles}", person.name)
    }

    fn show_portrait(&self, ctx: &AppContext, source: crate::models::SourceId, key: &ImageKey) {
        self.portrait.show(ctx, source, Some(key), ImageSize::Medium);
    }

    /// Shows nobody.
    pub(super) fn clear(&self) {
        self.name.set_label("");
        self.titles.set_label("");
        self.portrait.clear();
    }

    /// Puts the tile in a button.
    pub(super) fn into_button(self, clicked: impl Fn() + 'static) -> gtk::Button {
        let button = in_card_button(&self.root, clicked);
        button.set_valign(gtk::Align::Start);
        button
    }
}
