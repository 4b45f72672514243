//! A picture of an item, fetched and decoded off the main thread.
//!
//! Shows a quiet placeholder until the picture is there, and goes on showing it when there is none. A new
//! request cancels the one before, so that a recycled cell never shows the picture of another item. Within a
//! [`Sight`] a picture is there only while it is near to what is looked at.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use adw::prelude::*;
use gtk::{gdk, glib};

use super::Sight;
use crate::models::{ImageKey, ImageRequest, ImageSize, SourceId};
use crate::services::AppContext;
use crate::services::images::ImageService;

/// A picture with a placeholder. Cheap to clone; clones are the same widget.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Artwork {
    root: gtk::Overlay,
    fade: gtk::Revealer,
    picture: gtk::Picture,
    placeholder: gtk::Image,
    shown: Rc<RefCell<Shown>>,
    area: Rc<Cell<Option<(i32, i32)>>>,
    sight: Option<Sight>,
}

#[derive(Default)]
struct Shown {
    request: Option<(AppContext, SourceId, ImageRequest)>,
    loading: Option<glib::JoinHandle<()>>,
    /// There is none, or it could not be fetched: not tried again for every movement.
    failed: bool,
    watched: bool,
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
        let picture = gtk::Picture::builder().content_fit(gtk::ContentFit::Cover).can_shrink(true).build();
        let fade = gtk::Revealer::builder()
            .child(&picture)
            .transition_type(gtk::RevealerTransitionType::Crossfade)
            .transition_duration(150)
            .build();
        let placeholder = gtk::Image::builder().icon_name(icon).pixel_size(48).build();
        placeholder.add_css_class("dim-label");
        let root = gtk::Overlay::builder()
            .child(&placeholder)
            .overflow(gtk::Overflow::Hidden)
            // Said by the card or page around it.
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        root.add_css_class("artwork");
        root.add_overlay(&fade);
        Self { root, fade, picture, placeholder, shown: Rc::default(), area: Rc::default(), sight: None }
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

    /// Shows a picture of a source, or the placeholder.
    pub(in crate::ui) fn show(
        &self,
        ctx: &AppContext,
        source: SourceId,
        key: Option<&ImageKey>,
        size: ImageSize,
    ) {
        let request = key.map(|key| (source, ImageRequest { key: key.clone(), size }));
        if self.shows(request.as_ref()) {
            return;
        }
        self.go();
        let mut shown = self.shown.borrow_mut();
        shown.failed = false;
        shown.request = request.map(|(source, request)| (ctx.clone(), source, request));
        let Some(sight) = &self.sight else {
            drop(shown);
            return self.come();
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

    /// Whether this is what is shown, or will be.
    fn shows(&self, request: Option<&(SourceId, ImageRequest)>) -> bool {
        let shown = self.shown.borrow();
        let same = match (&shown.request, request) {
            (Some((_, source, image)), Some((other_source, other_image))) => {
                source == other_source && image == other_image
            }
            (None, None) => true,
            _ => false,
        };
        same && !shown.failed
    }

    /// Fetches the picture, unless it is there or on its way.
    pub(super) fn come(&self) {
        let mut shown = self.shown.borrow_mut();
        if shown.loading.is_some() {
            return;
        }
        let Some((ctx, source, request)) = shown.request.clone() else { return };
        let this = self.clone();
        let scale = self.root.scale_factor();
        let area = self.area.get().map(|(width, height)| (width * scale, height * scale));
        shown.loading = Some(glib::spawn_future_local(async move {
            let load = relm4::spawn(async move { load(&ctx, source, &request, area).await });
            let load = AbortOnDrop(load);
            match load.wait().await {
                Some(texture) => {
                    this.picture.set_paintable(Some(&texture));
                    this.fade.set_reveal_child(true);
                }
                None => this.shown.borrow_mut().failed = true,
            }
        }));
    }

    /// Lets the picture go; it can come again.
    pub(super) fn go(&self) {
        if let Some(loading) = self.shown.borrow_mut().loading.take() {
            loading.abort();
        }
        self.picture.set_paintable(gdk::Paintable::NONE);
        self.fade.set_reveal_child(false);
    }

    /// Nobody tells it any more whether it is near.
    pub(super) fn unwatched(&self) {
        self.go();
        self.shown.borrow_mut().watched = false;
    }
}

/// Ends a task whose picture nobody wants any more.
struct AbortOnDrop(relm4::JoinHandle<Option<gdk::Texture>>);

impl AbortOnDrop {
    async fn wait(mut self) -> Option<gdk::Texture> {
        (&mut self.0).await.ok().flatten()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn load(
    ctx: &AppContext,
    source: SourceId,
    request: &ImageRequest,
    area: Option<(i32, i32)>,
) -> Option<gdk::Texture> {
    let file = match ImageService::file(ctx, source, request).await {
        Ok(file) => file,
        Err(error) => {
            tracing::debug!(kind = ?error.kind(), "no picture");
            return None;
        }
    };
    let width = i32::try_from(request.size.width()).unwrap_or(i32::MAX);
    relm4::spawn_blocking(move || decode(&file, width, area)).await.ok().flatten()
}

/// Decodes a picture no larger than it will be shown.
fn decode(file: &std::path::Path, width: i32, area: Option<(i32, i32)>) -> Option<gdk::Texture> {
    let size = area.and_then(|area| {
        let (_, width, height) = gtk::gdk_pixbuf::Pixbuf::file_info(file)?;
        covering((width, height), area)
    });
    let (width, height) = size.unwrap_or((width, -1));
    let pixbuf = gtk::gdk_pixbuf::Pixbuf::from_file_at_scale(file, width, height, true)
        .inspect_err(|error| tracing::debug!(%error, "a picture could not be decoded"))
        .ok()?;
    texture(&pixbuf.apply_embedded_orientation().unwrap_or(pixbuf))
}

/// What the toolkit draws of a decoded picture.
pub(super) fn texture(pixbuf: &gtk::gdk_pixbuf::Pixbuf) -> Option<gdk::Texture> {
    let format = if pixbuf.has_alpha() { gdk::MemoryFormat::R8g8b8a8 } else { gdk::MemoryFormat::R8g8b8 };
    let stride = usize::try_from(pixbuf.rowstride()).ok()?;
    let bytes = pixbuf.read_pixel_bytes();
    Some(gdk::MemoryTexture::new(pixbuf.width(), pixbuf.height(), format, &bytes, stride).upcast())
}

/// The least size of a picture that covers an area, or its own size when it does not.
fn covering((width, height): (i32, i32), area: (i32, i32)) -> Option<(i32, i32)> {
    if width <= 0 || height <= 0 {
        return None;
    }
    let factor = (f64::from(area.0) / f64::from(width)).max(f64::from(area.1) / f64::from(height)).min(1.0);
    let scaled = |length: i32| {
        #[expect(clippy::cast_possible_truncation, reason = "no larger than the length itself")]
        let scaled = (f64::from(length) * factor).ceil() as i32;
        scaled
    };
    Some((scaled(width), scaled(height)))
}

#[cfg(test)]
mod tests {
    use super::covering;

    #[test]
    fn a_picture_is_kept_as_large_as_it_is_shown() {
        let table = [
            ((480, 720), (150, 225), Some((150, 225))),
            // The other way round it is cut at its sides.
            ((480, 270), (150, 225), Some((400, 225))),
            ((480, 960), (150, 225), Some((150, 300))),
            // Never made larger.
            ((100, 150), (150, 225), Some((100, 150))),
            ((0, 150), (150, 225), None),
        ];
        for (picture, area, expected) in table {
            assert_eq!(covering(picture, area), expected, "{picture:?}");
        }
    }
}
