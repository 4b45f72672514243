//! A title as a row: a small poster, the title, and its facts beside each other.

use adw::prelude::*;
use gtk::{glib, pango};

use crate::models::{ImageKind, ImageSize, Item};
use crate::services::AppContext;
use crate::ui::text;
use crate::ui::widgets::{Artwork, Sight};

/// Size of the poster, in pixels.
const POSTER: (i32, i32) = (48, 72);
/// Widths of the columns behind the title, in characters: year, length, rating, added.
const COLUMNS: [i32; 4] = [5, 10, 6, 11];

/// A row. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(super) struct Row {
    root: gtk::Box,
    artwork: Artwork,
    title: gtk::Label,
    subtitle: gtk::Label,
    columns: [gtk::Label; 4],
    watched: gtk::Image,
}

impl Row {
    /// An empty row. Its columns are there as long as `wide` is visible; else the line below the title says the same.
    pub(super) fn new(sight: &Sight, wide: &gtk::Box) -> Self {
        let artwork = Artwork::sized("reel-films-symbolic", POSTER.0, POSTER.1).within(sight);
        artwork.widget().set_valign(gtk::Align::Center);
        let label = |class: &str| {
            let label = gtk::Label::builder().ellipsize(pango::EllipsizeMode::End).xalign(0.0).build();
            label.add_css_class(class);
            label
        };
        let (title, subtitle) = (label("heading"), label("dim-label"));
        subtitle.add_css_class("caption");
        let words = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(2)
            .hexpand(true)
            .valign(gtk::Align::Center)
            .build();
        words.append(&title);
        words.append(&subtitle);
        let columns = COLUMNS.map(|width| {
            let column = gtk::Label::builder().xalign(1.0).width_chars(width).build();
            column.set_css_classes(&["dim-label", "numeric"]);
            column
        });
        let facts = gtk::Box::builder().spacing(18).valign(gtk::Align::Center).build();
        for column in &columns {
            facts.append(column);
        }
        wide.bind_property("visible", &facts, "visible").flags(glib::BindingFlags::SYNC_CREATE).build();
        wide.bind_property("visible", &subtitle, "visible")
            .flags(glib::BindingFlags::SYNC_CREATE | glib::BindingFlags::INVERT_BOOLEAN)
            .build();
        let watched = gtk::Image::builder()
            .icon_name("object-select-symbolic")
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let root = gtk::Box::builder().spacing(12).margin_start(6).margin_end(12).build();
        root.append(artwork.widget());
        root.append(&words);
        root.append(&watched);
        root.append(&facts);
        Self { root, artwork, title, subtitle, columns, watched }
    }

    /// The widget.
    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows an item.
    pub(super) fn show(&self, ctx: &AppContext, item: &Item) {
        let record = &item.record;
        self.title.set_label(text::card_title(item));
        let facts = [
            record.year.map(|year| year.to_string()),
            record.duration.map(text::length),
            record.rating.map(|rating| format!("★ {rating:.1}")),
            record.added_at.map(text::day),
        ];
        let line: Vec<&str> = facts.iter().flatten().map(String::as_str).collect();
        self.subtitle.set_label(&line.join(" · "));
        for (column, fact) in self.columns.iter().zip(&facts) {
            column.set_label(fact.as_deref().unwrap_or_default());
        }
        // Takes its room also where it does not show, so that the columns stay below each other.
        self.watched.set_opacity(if record.watch.watched { 1.0 } else { 0.0 });
        let key = record.images.key(ImageKind::Primary);
        self.artwork.show(ctx, item.source_id, key, ImageSize::Small);
    }

    /// Shows that the item is not read yet.
    pub(super) fn clear(&self) {
        for label in [&self.title, &self.subtitle].into_iter().chain(&self.columns) {
            label.set_label("");
        }
        self.watched.set_opacity(0.0);
        self.artwork.clear();
    }
}
