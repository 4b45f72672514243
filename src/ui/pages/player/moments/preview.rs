//! The small picture above a place of the seek bar, with the time and the chapter there.

use std::cell::Cell;
use std::time::Duration;

use gettextrs::gettext;
use gtk::prelude::*;
use gtk::{gdk, graphene};

use crate::models::PreviewArea;
use crate::ui::clock::clock;

/// Width at which it is shown, in pixels.
const WIDTH: i32 = 160;
/// Height for pictures of the usual shape.
const HEIGHT: i32 = 90;
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

impl PreviewPicture {
    fn paintable(&self) -> Option<gdk::Paintable> {
        let Some(area) = self.area else { return Some(self.texture.clone().upcast()) };
        let number = |pixels: u32| u16::try_from(pixels).map(f32::from).ok();
        let (x, y) = (number(area.x)?, number(area.y)?);
        let (width, height) = (number(area.width)?, number(area.height)?);
        let all = (self.texture.width().try_into().ok()?, self.texture.height().try_into().ok()?);
        let snapshot = gtk::Snapshot::new();
        snapshot.push_clip(&graphene::Rect::new(0.0, 0.0, width, height));
        snapshot.append_texture(&self.texture, &graphene::Rect::new(-x, -y, number(all.0)?, number(all.1)?));
        snapshot.pop();
        snapshot.to_paintable(Some(&graphene::Size::new(width, height)))
    }
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
            .content_fit(gtk::ContentFit::Cover)
            .can_shrink(true)
            .width_request(WIDTH)
            .height_request(HEIGHT)
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
        let paintable = picture.and_then(PreviewPicture::paintable);
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
