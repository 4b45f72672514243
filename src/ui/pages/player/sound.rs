//! What stands in the place of a picture while sound plays: the cover, the title, who plays it.

use adw::prelude::*;
use gettextrs::gettext;
use gtk::gdk;

use super::messages::PlayRequest;

/// Largest side of the cover, in pixels.
const COVER: i32 = 320;

/// Sound without a picture.
#[derive(Debug, Clone, Default)]
pub struct Sound {
    /// The cover.
    pub cover: Option<gdk::Texture>,
    /// Who plays it.
    pub performer: Option<String>,
    /// The album.
    pub album: Option<String>,
}

/// The widgets.
#[derive(Debug, Clone)]
pub(super) struct SoundView {
    root: gtk::Box,
    cover: gtk::Picture,
    missing: gtk::Image,
    title: gtk::Label,
    performer: gtk::Label,
    album: gtk::Label,
}

impl SoundView {
    pub(super) fn new() -> Self {
        let cover = gtk::Picture::builder()
            .content_fit(gtk::ContentFit::Contain)
            .can_shrink(true)
            .alternative_text(gettext("Cover"))
            .css_classes(["card"])
            .overflow(gtk::Overflow::Hidden)
            .build();
        let missing = gtk::Image::builder().icon_name("folder-music-symbolic").pixel_size(96).build();
        missing.add_css_class("dim-label");
        let pictures = gtk::Stack::new();
        pictures.add_child(&missing);
        pictures.add_child(&cover);
        let frame =
            adw::Clamp::builder().maximum_size(COVER).tightening_threshold(COVER).child(&pictures).build();
        let line = |classes: &[&str]| {
            gtk::Label::builder()
                .ellipsize(gtk::pango::EllipsizeMode::End)
                .justify(gtk::Justification::Center)
                .css_classes(classes.to_vec())
                .build()
        };
        let (title, performer, album) = (line(&["title-2"]), line(&["heading"]), line(&["dim-label"]));
        let root = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(6)
            .valign(gtk::Align::Center)
            .margin_start(24)
            .margin_end(24)
            // Room for the title bar and the controls, which lie over it.
            .margin_top(60)
            .margin_bottom(130)
            .focusable(true)
            .build();
        frame.set_margin_bottom(12);
        let children: [&gtk::Widget; 4] =
            [frame.upcast_ref(), title.upcast_ref(), performer.upcast_ref(), album.upcast_ref()];
        for child in children {
            root.append(child);
        }
        // Keys belong to the page as soon as it is there.
        root.connect_map(|root| {
            root.grab_focus();
        });
        Self { root, cover, missing, title, performer, album }
    }

    pub(super) fn widget(&self) -> &gtk::Box {
        &self.root
    }

    /// Shows what plays; nothing changes for anything with a picture.
    pub(super) fn show(&self, request: Option<&PlayRequest>) {
        let Some((request, sound)) = request.and_then(|request| Some((request, request.sound.as_ref()?)))
        else {
            return;
        };
        let texture = sound.cover.as_ref();
        self.cover.set_paintable(texture);
        self.cover.set_size_request(-1, if texture.is_some() { COVER / 2 } else { -1 });
        if let Some(stack) = self.cover.parent().and_downcast::<gtk::Stack>() {
            let shown: &gtk::Widget =
                if texture.is_some() { self.cover.upcast_ref() } else { self.missing.upcast_ref() };
            stack.set_visible_child(shown);
        }
        self.title.set_label(&request.title);
        for (label, text) in [(&self.performer, &sound.performer), (&self.album, &sound.album)] {
            label.set_label(text.as_deref().unwrap_or_default());
            label.set_visible(text.is_some());
        }
    }
}
