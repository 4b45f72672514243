//! A picture of an item.
//!
//! Shows a quiet placeholder until the picture is there, what stands for it when that is known, and goes on showing it
//! when there is none. A new request lets the one before go, so that a recycled cell never shows the picture of another
//! item. Within a [`Sight`] a picture is there only while it is near to what is looked at. Where pictures come from is
//! the business of [`crate::ui::pictures`].

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use futures::StreamExt as _;
use gtk::{gdk, glib};

use super::Sight;
use crate::models::{Blur, ImageKey, ImageKind, ImageRequest, ImageSize, Item, SourceId};
use crate::services::AppContext;
use crate::ui::pictures::{Answer, Fit, Pictures, Rank, Shown as Told, Ticket, Wanted};

/// Time in which a picture comes, in milliseconds.
const FADE: u32 = 150;

/// A picture with a placeholder. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Artwork {
    root: gtk::Overlay,
    fade: gtk::Revealer,
    picture: gtk::Picture,
    placeholder: gtk::Image,
    blur: gtk::Picture,
    shown: Rc<RefCell<Shown>>,
    area: Rc<Cell<Option<(i32, i32)>>>,
    sight: Option<Sight>,
}

#[derive(Default)]
struct Shown {
    request: Option<Request>,
    /// On its way.
    coming: Option<(Ticket, glib::JoinHandle<()>)>,
    /// There, or known not to be: not asked for again for every movement.
    is_settled: bool,
    watched: bool,
}

#[derive(Clone)]
struct Request {
    ctx: AppContext,
    source: SourceId,
    image: ImageRequest,
    blur: Option<Blur>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("request", &self.request.is_some()).finish_non_exhaustive()
    }
}

impl Artwork {
    /// An empty picture with the icon that stands for a missing one. It is as large as it is asked to be:
    /// the picture lies over the placeholder and has no say.
    pub(in crate::ui) fn new(icon: &str) -> Self {
        let layer = || gtk::Picture::builder().content_fit(gtk::ContentFit::Cover).can_shrink(true).build();
        let (picture, blur) = (layer(), layer());
        let fade = gtk::Revealer::builder()
            .child(&picture)
            .transition_type(gtk::RevealerTransitionType::Crossfade)
            .transition_duration(FADE)
            .build();
        // Nothing shines through a picture that has come.
        let under = blur.clone();
        fade.connect_child_revealed_notify(move |fade| {
            if fade.is_child_revealed() {
                under.set_paintable(gdk::Paintable::NONE);
            }
        });
        let placeholder = gtk::Image::builder().icon_name(icon).pixel_size(48).build();
        placeholder.add_css_class("dim-label");
        let root = gtk::Overlay::builder()
            .child(&placeholder)
            .overflow(gtk::Overflow::Hidden)
            // Said by the card or page around it.
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        root.add_css_class("artwork");
        root.add_overlay(&blur);
        root.add_overlay(&fade);
        Self {
            root,
            fade,
            picture,
            placeholder,
            blur,
            shown: Rc::default(),
            area: Rc::default(),
            sight: None,
        }
    }

    /// [`Artwork::new`], of a size that stays: its pictures are kept no larger in memory than they are shown.
    pub(in crate::ui) fn sized(icon: &str, width: i32, height: i32) -> Self {
        let artwork = Self::new(icon);
        artwork.area.set(Some((width, height)));
        artwork.root.set_size_request(width, height);
        artwork
    }

    /// Gives it another size, and another icon to stand for a missing picture. What it shows is fetched anew.
    pub(in crate::ui) fn resize(&self, icon: &str, width: i32, height: i32) {
        self.clear();
        self.placeholder.set_icon_name(Some(icon));
        self.area.set(Some((width, height)));
        self.root.set_size_request(width, height);
    }

    /// Has a picture only while it is near to what is looked at.
    pub(in crate::ui) fn within(self, sight: &Sight) -> Self {
        Self { sight: Some(sight.clone()), ..self }
    }

    /// The widget.
    pub(in crate::ui) fn widget(&self) -> &gtk::Overlay {
        &self.root
    }

    /// Shows a picture of an item, and until it is there what the item says of it.
    pub(in crate::ui) fn show_item(&self, ctx: &AppContext, item: &Item, kind: ImageKind, size: ImageSize) {
        let images = &item.record.images;
        self.ask(ctx, item.source_id, images.key(kind), size, images.blurs.of(kind));
    }

    /// Shows a picture of a source, or the placeholder.
    pub(in crate::ui) fn show(
        &self,
        ctx: &AppContext,
        source: SourceId,
        key: Option<&ImageKey>,
        size: ImageSize,
    ) {
        self.ask(ctx, source, key, size, None);
    }

    fn ask(
        &self,
        ctx: &AppContext,
        source: SourceId,
        key: Option<&ImageKey>,
        size: ImageSize,
        blur: Option<&Blur>,
    ) {
        let image = key.map(|key| ImageRequest { key: key.clone(), size: self.enough(size) });
        if self.shows(image.as_ref().map(|image| (source, image))) {
            return;
        }
        self.go();
        let mut shown = self.shown.borrow_mut();
        shown.request = image.map(|image| Request { ctx: ctx.clone(), source, image, blur: blur.cloned() });
        let Some(sight) = &self.sight else {
            drop(shown);
            return self.come(Rank::Visible);
        };
        if !std::mem::replace(&mut shown.watched, true) {
            sight.watch(self);
        }
        sight.look_soon();
    }

    /// Shows the placeholder.
    pub(in crate::ui) fn clear(&self) {
        self.go();
        self.shown.borrow_mut().request = None;
    }

    /// The smallest size that is enough for the area, whichever way round the picture is; never above `size`.
    fn enough(&self, size: ImageSize) -> ImageSize {
        let Some((width, height)) = self.area.get() else { return size };
        // What is wider than the area is cut at its sides, and needs its height.
        let widest = if height > width { width.max(height * 2 / 3) } else { width };
        let pixels = widest.max(1).unsigned_abs() * self.root.scale_factor().max(1).unsigned_abs();
        ImageSize::at_least(pixels).min(size)
    }

    /// Whether this is what is shown, or will be.
    fn shows(&self, image: Option<(SourceId, &ImageRequest)>) -> bool {
        let shown = self.shown.borrow();
        shown.request.as_ref().map(|request| (request.source, &request.image)) == image
    }

    /// Has the picture come, unless it is there or on its way; then it may become more urgent or less.
    pub(super) fn come(&self, rank: Rank) {
        let mut shown = self.shown.borrow_mut();
        if let Some((ticket, _)) = &shown.coming {
            return ticket.rank(rank);
        }
        if shown.is_settled {
            return;
        }
        let Some(Request { ctx, source, image, blur }) = shown.request.clone() else { return };
        let Some(pictures) = Pictures::of(&ctx) else { return };
        let scale = self.root.scale_factor();
        let fit = match self.area.get() {
            Some((width, height)) => Fit::Cover(width * scale, height * scale),
            None => Fit::Width(i32::try_from(image.size.width()).unwrap_or(i32::MAX)),
        };
        shown.is_settled = true;
        match pictures.want(&ctx, Wanted { source, request: image, fit }, rank, blur.as_ref()) {
            Answer::Here(texture) => reveal(&self.fade, &self.picture, &texture, false),
            Answer::Coming(ticket, mut told) => {
                // Who waits does not keep alive what it waits for: with the widget goes the ticket.
                let weak = (self.fade.downgrade(), self.picture.downgrade(), self.blur.downgrade());
                let listening = glib::spawn_future_local(async move {
                    while let Some(told) = told.next().await {
                        let (Some(fade), Some(picture), Some(blur)) =
                            (weak.0.upgrade(), weak.1.upgrade(), weak.2.upgrade())
                        else {
                            return;
                        };
                        match told {
                            Told::Blur(texture) => blur.set_paintable(Some(&texture)),
                            Told::Picture(texture) => reveal(&fade, &picture, &texture, true),
                            Told::None => blur.set_paintable(gdk::Paintable::NONE),
                        }
                    }
                });
                shown.coming = Some((ticket, listening));
            }
        }
    }

    /// It is less urgent than it was, if it is still on its way.
    pub(super) fn may_wait(&self) {
        if let Some((ticket, _)) = &self.shown.borrow().coming {
            ticket.rank(Rank::Far);
        }
    }

    /// Lets the picture go; it can come again.
    pub(super) fn go(&self) {
        let mut shown = self.shown.borrow_mut();
        shown.is_settled = false;
        if let Some((_ticket, listening)) = shown.coming.take() {
            listening.abort();
        }
        self.picture.set_paintable(gdk::Paintable::NONE);
        self.blur.set_paintable(gdk::Paintable::NONE);
        self.fade.set_transition_duration(0);
        self.fade.set_reveal_child(false);
    }

    /// Nobody tells it any more whether it is near.
    pub(super) fn unwatched(&self) {
        self.go();
        self.shown.borrow_mut().watched = false;
    }
}

/// What is there at once does not fade in: on the way back through a list nothing flickers.
fn reveal(fade: &gtk::Revealer, picture: &gtk::Picture, texture: &gdk::Texture, fades: bool) {
    picture.set_paintable(Some(texture));
    tracing::trace!(target: "gnome_reel::sight", "picture shown");
    fade.set_transition_duration(if fades { FADE } else { 0 });
    fade.set_reveal_child(true);
}
