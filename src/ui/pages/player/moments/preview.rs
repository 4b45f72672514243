//! The small picture above a place of the seek bar, with the time and the chapter there.

use std::cell::Cell;
use std::time::Duration;

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gdk, graphene};

use crate::models::PreviewArea;
use crate::ui::clock::clock;

/// Width at which it is shown, in pixels: in a narrow window there is room around it.
const WIDTH: u8 = 200;
/// Pixels between it and what is around it.
const GAP: i32 = 6;

/// A small picture: the whole, or a part of another. Its `Debug` names nothing.
#[derive(Clone)]
pub struct PreviewPicture {
    /// What it is on.
    pub texture: gdk::Texture,
    /// Which part of that.
    pub area: Option<PreviewArea>,
}

impl std::fmt::Debug for PreviewPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreviewPicture").field("area", &self.area).finish_non_exhaustive()
    }
}

/// A picture, or a part of one, of this width in pixels: widgets take the size that a picture has.
pub(super) fn sized(texture: &gdk::Texture, area: Option<PreviewArea>, width: u8) -> Option<gdk::Paintable> {
    let number = |pixels: u32| u16::try_from(pixels).map(f32::from).ok();
    let all = (u32::try_from(texture.width()).ok()?, u32::try_from(texture.height()).ok()?);
    let area = area.unwrap_or(PreviewArea { x: 0, y: 0, width: all.0, height: all.1 });
    let (x, y) = (number(area.x)?, number(area.y)?);
    let (wide, high) = (number(area.width)?, number(area.height)?);
    let scale = f32::from(width) / wide.max(1.0);
    let snapshot = gtk::Snapshot::new();
    snapshot.scale(scale, scale);
    snapshot.push_clip(&graphene::Rect::new(0.0, 0.0, wide, high));
    snapshot.append_texture(texture, &graphene::Rect::new(-x, -y, number(all.0)?, number(all.1)?));
    snapshot.pop();
    snapshot.to_paintable(Some(&graphene::Size::new(wide * scale, high * scale)))
}

/// The popup. It takes no clicks.
#[derive(Debug)]
pub struct PreviewPopup {
    root: gtk::Box,
    picture: gtk::Picture,
    chapter: gtk::Label,
    time: gtk::Label,
    /// Middle of its place, and the width of the page.
    place: Cell<(f64, i32)>,
}

impl PreviewPopup {
    /// Builds it, hidden.
    pub fn new() -> Self {
        let picture = gtk::Picture::builder()
            .content_fit(gtk::ContentFit::Contain)
            .can_shrink(false)
            .visible(false)
            .build();
        let chapter = gtk::Label::builder()
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .max_width_chars(20)
            .css_classes(["caption"])
            .build();
        let time = gtk::Label::builder().css_classes(["numeric", "caption-heading"]).build();
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(3)
            .halign(gtk::Align::Start)
            .valign(gtk::Align::End)
            .can_target(false)
            .overflow(gtk::Overflow::Hidden)
            .visible(false)
            .css_classes(["player-preview"])
            .build();
        root.append(&picture);
        root.append(&chapter);
        root.append(&time);
        Self { root, picture, chapter, time, place: Cell::default() }
    }

    /// The widget.
    pub fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows time and chapter of a moment at a place: pixels from the left of what is `room` wide, and above what is so
    /// high.
    pub fn show(&self, at: Duration, chapter: Option<&str>, middle: f64, room: i32, above: i32) {
        self.time.set_label(&clock(at));
        self.chapter.set_label(chapter.unwrap_or_default());
        self.chapter.set_visible(chapter.is_some());
        self.root.set_margin_bottom(above + GAP);
        self.root.set_visible(true);
        self.place.set((middle, room));
        self.put();
    }

    /// Puts it over its place, and inside of the page: it is wider with a picture.
    fn put(&self) {
        let (middle, room) = self.place.get();
        let (_, width, ..) = self.root.measure(gtk::Orientation::Horizontal, -1);
        // Its margin is part of what it measures.
        let width = width - self.root.margin_start();
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let left = middle as i32 - width / 2;
        self.root.set_margin_start(left.min(room - width - GAP).max(GAP));
    }

    /// Shows a picture for a moment, or none.
    pub fn show_picture(&self, at: Duration, picture: Option<&PreviewPicture>) {
        let paintable = picture.and_then(|picture| sized(&picture.texture, picture.area, WIDTH));
        self.picture.set_visible(paintable.is_some());
        self.picture.set_paintable(paintable.as_ref());
        let said = gettext("Preview at {time}").replace("{time}", &clock(at));
        self.picture.set_alternative_text(Some(&said));
        self.put();
    }

    /// Hides it.
    pub fn hide(&self) {
        self.root.set_visible(false);
    }
}
