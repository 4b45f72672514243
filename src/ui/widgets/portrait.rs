//! Pictures of people, small and not kept.

use gtk::gdk_pixbuf::Pixbuf;
use gtk::{gdk, gio, glib};

use crate::ui::pictures::texture;

/// Decodes a portrait to at most this many pixels a side. Takes its time: not for the main thread.
pub(in crate::ui) fn portrait(bytes: Vec<u8>, side: i32) -> Option<gdk::Texture> {
    let stream = gio::MemoryInputStream::from_bytes(&glib::Bytes::from_owned(bytes));
    let pixbuf = Pixbuf::from_stream_at_scale(&stream, side, side, true, gio::Cancellable::NONE)
        .inspect_err(|error| tracing::debug!(%error, "a portrait could not be decoded"))
        .ok()?;
    texture(&pixbuf)
}
