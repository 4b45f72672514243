//! From the bytes of a file to what the toolkit draws, no larger than it is shown.

use std::path::Path;

use gtk::gdk_pixbuf::{Pixbuf, PixbufLoader};
use gtk::prelude::*;
use gtk::{gdk, glib};

/// Width and height in pixels.
pub(super) type Size = (i32, i32);

/// How large a picture is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Fit {
    /// So wide, as high as it is.
    Width(i32),
    /// As large as it takes to cover an area.
    Cover(i32, i32),
    /// As large as fits into a square with this side.
    Within(i32),
}

impl Fit {
    /// The size for a picture of this size; never larger than it is. `None` for what has no area.
    fn of(self, (width, height): Size) -> Option<Size> {
        if width <= 0 || height <= 0 {
            return None;
        }
        let part = |wanted: i32, length: i32| f64::from(wanted) / f64::from(length);
        let factor = match self {
            Self::Width(wanted) => part(wanted, width),
            Self::Cover(wide, high) => part(wide, width).max(part(high, height)),
            Self::Within(side) => part(side, width.max(height)),
        };
        let scaled = |length: i32| {
            #[expect(clippy::cast_possible_truncation, reason = "no larger than the length itself")]
            let scaled = (f64::from(length) * factor.min(1.0)).ceil() as i32;
            scaled.max(1)
        };
        Some((scaled(width), scaled(height)))
    }
}

/// Decodes a picture. Takes its time: not for the main thread. `None` for what cannot be decoded.
pub(super) fn bytes(bytes: &[u8], fit: Fit) -> Option<gdk::Texture> {
    let loader = PixbufLoader::new();
    // Said before decoding begins, so that a JPEG is decoded at a fraction of its size.
    loader.connect_size_prepared(move |loader, width, height| {
        if let Some((width, height)) = fit.of((width, height)) {
            loader.set_size(width, height);
        }
    });
    let written = loader.write(bytes);
    let closed = loader.close();
    if let Err(error) = written.and(closed) {
        tracing::debug!(%error, "a picture could not be decoded");
        return None;
    }
    let pixbuf = loader.pixbuf()?;
    texture(&pixbuf.apply_embedded_orientation().unwrap_or(pixbuf))
}

/// The same for a file.
pub(in crate::ui) fn file(path: &Path, fit: Fit) -> Option<gdk::Texture> {
    match std::fs::read(path) {
        Ok(content) => bytes(&content, fit),
        Err(error) => {
            tracing::debug!(kind = %error.kind(), "a picture could not be read");
            None
        }
    }
}

/// What the toolkit draws of a decoded picture.
pub(in crate::ui) fn texture(pixbuf: &Pixbuf) -> Option<gdk::Texture> {
    let format = if pixbuf.has_alpha() { gdk::MemoryFormat::R8g8b8a8 } else { gdk::MemoryFormat::R8g8b8 };
    let stride = usize::try_from(pixbuf.rowstride()).ok()?;
    let bytes = pixbuf.read_pixel_bytes();
    Some(gdk::MemoryTexture::new(pixbuf.width(), pixbuf.height(), format, &bytes, stride).upcast())
}

/// A texture of pixels without transparency, row by row.
pub(super) fn of_pixels(pixels: Vec<[u8; 3]>, width: usize) -> Option<gdk::Texture> {
    let height = pixels.len().checked_div(width)?;
    let bytes = glib::Bytes::from_owned(pixels.into_flattened());
    let (wide, high) = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
    Some(gdk::MemoryTexture::new(wide, high, gdk::MemoryFormat::R8g8b8, &bytes, width * 3).upcast())
}

/// Bytes that a texture takes.
pub(super) fn weight(texture: &gdk::Texture) -> usize {
    let pixels = i64::from(texture.width()) * i64::from(texture.height());
    let each = if texture.format() == gdk::MemoryFormat::R8g8b8 { 3 } else { 4 };
    usize::try_from(pixels * each).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_kept_as_large_as_it_is_shown() {
        let cover = Fit::Cover(150, 225);
        for (picture, fit, expected) in [
            ((480, 720), cover, Some((150, 225))),
            // The other way round it is cut at its sides.
            ((480, 270), cover, Some((400, 225))),
            ((480, 960), cover, Some((150, 300))),
            // Never made larger.
            ((100, 150), cover, Some((100, 150))),
            ((0, 150), cover, None),
            ((2000, 3000), Fit::Width(240), Some((240, 360))),
            ((200, 3000), Fit::Width(240), Some((200, 3000))),
            ((200, 3000), Fit::Within(300), Some((20, 300))),
            ((200, 100), Fit::Within(300), Some((200, 100))),
        ] {
            assert_eq!(fit.of(picture), expected, "{picture:?}");
        }
    }

    #[test]
    fn a_picture_is_decoded_at_its_size_and_a_broken_one_is_none() {
        let picture = Pixbuf::new(gtk::gdk_pixbuf::Colorspace::Rgb, false, 8, 300, 450).unwrap();
        picture.fill(0x3366_99ff);
        let jpeg = picture.save_to_bufferv("jpeg", &[]).unwrap();
        let decoded = bytes(&jpeg, Fit::Cover(100, 150)).unwrap();
        assert_eq!((decoded.width(), decoded.height(), weight(&decoded)), (100, 150, 45_000));
        assert!(bytes(&jpeg[..20], Fit::Width(100)).is_none());
        assert!(bytes(b"<!DOCTYPE html>", Fit::Width(100)).is_none());
        assert!(bytes(b"", Fit::Width(100)).is_none());
    }
}
