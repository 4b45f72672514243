//! The card of an item: picture, title, a second line, progress and marks.

use std::cell::Cell;
use std::rc::Rc;

use adw::prelude::*;
use gtk::pango;

use super::{Artwork, Sight, in_card_button};
use crate::models::{ImageKind, ImageSize, Item, ItemKind};
use crate::services::AppContext;
use crate::services::core::library::ShelfCard;
use crate::ui::{shelf_text, text};

/// Space beside the content of a page with cards, in pixels.
pub(in crate::ui) const SIDE: i32 = 18;
/// Padding of a card's button, in pixels (`.card-button`): pictures line up with headings.
pub(in crate::ui) const CARD_PADDING: i32 = 8;

/// Form of a card's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum CardShape {
    /// 2:3.
    Poster,
    /// 16:9, for episodes.
    Still,
    /// 1:1, for music.
    Cover,
    /// 4:3, for photos.
    Photo,
    /// 16:9 of the width of a poster, for videos in a grid.
    Video,
}

impl CardShape {
    /// Width and height of the picture in pixels.
    pub(in crate::ui) fn size(self) -> (i32, i32) {
        match self {
            Self::Poster => (150, 225),
            Self::Still => (256, 144),
            Self::Cover => (150, 150),
            Self::Photo => (160, 120),
            Self::Video => (160, 90),
        }
    }

    /// The form that suits a kind of item in a grid.
    pub(in crate::ui) fn of(kind: ItemKind) -> Self {
        match kind {
            ItemKind::Artist | ItemKind::Album | ItemKind::Track => Self::Cover,
            ItemKind::PhotoAlbum | ItemKind::Photo => Self::Photo,
            ItemKind::Video | ItemKind::Extra => Self::Video,
            ItemKind::Episode => Self::Still,
            ItemKind::Movie | ItemKind::Series | ItemKind::Season | ItemKind::Other => Self::Poster,
        }
    }

    /// The form among cards of all kinds, in a row or grid of posters: only music keeps its own.
    pub(in crate::ui) fn among_posters(kind: ItemKind) -> Self {
        match Self::of(kind) {
            Self::Cover => Self::Cover,
            Self::Poster | Self::Still | Self::Photo | Self::Video => Self::Poster,
        }
    }

    /// The icon that stands for a missing picture.
    fn icon(self) -> &'static str {
        match self {
            Self::Poster => "reel-films-symbolic",
            Self::Still => "reel-series-symbolic",
            Self::Cover => "folder-music-symbolic",
            Self::Photo => "image-x-generic-symbolic",
            Self::Video => "folder-videos-symbolic",
        }
    }
}

/// A card. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Card {
    root: gtk::Box,
    shape: Rc<Cell<CardShape>>,
    /// Its size in percent of what is usual.
    percent: i32,
    artwork: Artwork,
    progress: gtk::ProgressBar,
    badge: gtk::Label,
    watched: gtk::Image,
    title: gtk::Label,
    subtitle: gtk::Label,
}

impl Card {
    /// An empty card of a page that scrolls.
    pub(in crate::ui) fn new(shape: CardShape, sight: &Sight) -> Self {
        Self::of_width(shape, shape.size().0, sight)
    }

    /// [`Card::new`], with a picture of this width in pixels.
    pub(in crate::ui) fn of_width(shape: CardShape, width: i32, sight: &Sight) -> Self {
        let (usual_width, usual_height) = shape.size();
        let height = width * usual_height / usual_width;
        let artwork = Artwork::sized(shape.icon(), width, height).within(sight);
        artwork.widget().add_css_class("card");

        let progress = gtk::ProgressBar::builder()
            .valign(gtk::Align::End)
            .margin_start(8)
            .margin_end(8)
            .margin_bottom(8)
            .visible(false)
            .css_classes(["osd", "card-progress"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let badge = corner_label();
        let watched = gtk::Image::builder()
            .icon_name("object-select-symbolic")
            .halign(gtk::Align::End)
            .valign(gtk::Align::Start)
            .margin_top(8)
            .margin_end(8)
            .visible(false)
            .css_classes(["card-mark"])
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let overlay = gtk::Overlay::builder().child(artwork.widget()).halign(gtk::Align::Center).build();
        overlay.add_overlay(&progress);
        overlay.add_overlay(&badge);
        overlay.add_overlay(&watched);

        let title = line(["heading"], width);
        let subtitle = line(["dim-label", "caption"], width);
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(4)
            .halign(gtk::Align::Center)
            .valign(gtk::Align::Start)
            .build();
        root.append(&overlay);
        root.append(&title);
        root.append(&subtitle);
        title.set_margin_top(4);
        let shape = Rc::new(Cell::new(shape));
        let percent = width * 100 / usual_width;
        Self { root, shape, percent, artwork, progress, badge, watched, title, subtitle }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Takes on another form: cells of a grid are used again for other kinds of items.
    pub(in crate::ui) fn reshape(&self, shape: CardShape) {
        if self.shape.replace(shape) == shape {
            return;
        }
        let (usual_width, usual_height) = shape.size();
        let (width, height) = (usual_width * self.percent / 100, usual_height * self.percent / 100);
        self.artwork.resize(shape.icon(), width, height);
        self.title.set_width_request(width);
        self.subtitle.set_width_request(width);
    }

    /// Shows an item.
    pub(in crate::ui) fn show(&self, ctx: &AppContext, item: &Item) {
        let record = &item.record;
        self.title.set_label(text::card_title(item));
        self.title.set_tooltip_text(Some(text::card_title(item)));
        self.subtitle.set_label(&text::card_subtitle(item));
        self.progress.set_visible(item.progress().is_some());
        self.progress.set_fraction(item.progress().unwrap_or_default());
        let unwatched = record.unwatched_children.filter(|count| *count > 0);
        self.badge.set_visible(unwatched.is_some());
        self.badge.set_label(&unwatched.map(|count| count.to_string()).unwrap_or_default());
        self.watched.set_visible(record.watch.watched && unwatched.is_none() && !text::is_unmarked(item));
        self.root.update_property(&[gtk::accessible::Property::Label(&text::card_label(item))]);

        let images = &record.images;
        let poster_of_series = self.shape.get() == CardShape::Poster && record.kind == ItemKind::Episode;
        let kind = if poster_of_series { ImageKind::SeriesPoster } else { ImageKind::Primary };
        let known = [kind, ImageKind::Primary, ImageKind::SeriesPoster];
        let kind = known.into_iter().find(|kind| images.key(*kind).is_some()).unwrap_or(kind);
        self.artwork.show_item(ctx, item, kind, ImageSize::Medium);
    }

    /// Says something else in the second line: where what it usually says is known from around it.
    pub(in crate::ui) fn set_subtitle(&self, text: &str) {
        self.subtitle.set_label(text);
    }

    /// Shows a collection or playlist.
    pub(in crate::ui) fn show_shelf(&self, ctx: &AppContext, card: &ShelfCard) {
        let title = &card.shelf.record.title;
        self.title.set_label(title);
        self.title.set_tooltip_text(Some(title));
        self.subtitle.set_label(&shelf_text::subtitle(card));
        self.progress.set_visible(false);
        self.badge.set_visible(false);
        self.watched.set_visible(false);
        self.root.update_property(&[gtk::accessible::Property::Label(&shelf_text::label(card))]);
        match card.picture() {
            Some((source, key)) => self.artwork.show(ctx, source, Some(key), ImageSize::Medium),
            None => self.artwork.clear(),
        }
    }

    /// Shows that the item is not read yet.
    pub(in crate::ui) fn clear(&self) {
        self.title.set_label("");
        self.subtitle.set_label("");
        self.progress.set_visible(false);
        self.badge.set_visible(false);
        self.watched.set_visible(false);
        self.artwork.clear();
    }

    /// Puts the card in a button, for pages that are no lists.
    pub(in crate::ui) fn into_button(self, clicked: impl Fn() + 'static) -> gtk::Button {
        in_card_button(&self.root, clicked)
    }
}

fn line<const N: usize>(classes: [&str; N], width: i32) -> gtk::Label {
    let label = gtk::Label::builder()
        .ellipsize(pango::EllipsizeMode::End)
        .xalign(0.0)
        .css_classes(classes)
        .max_width_chars(1)
        .build();
    label.set_width_request(width);
    label
}

fn corner_label() -> gtk::Label {
    gtk::Label::builder()
        .halign(gtk::Align::End)
        .valign(gtk::Align::Start)
        .margin_top(8)
        .margin_end(8)
        .visible(false)
        .css_classes(["card-badge", "caption-heading", "numeric"])
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build()
}
