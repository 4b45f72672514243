//! What stands for a picture until it is there: a few blurred pixels, which the toolkit draws as large as needed.

use gtk::gdk;

use super::decode::{Fit, of_pixels};
use crate::models::{Blur, Colour};

/// The longer side, in pixels: a blur holds no more than nine waves.
const SIDE: u32 = 24;
/// A side is never shorter.
const SHORTEST: u32 = 6;

/// The pixels of a blur, for a picture of this form. `None` for a text that is none.
pub(super) fn texture(blur: &Blur, fit: Fit) -> Option<gdk::Texture> {
    let (width, height) = form(fit);
    let pixels = match blur.hash() {
        Some(hash) => {
            let rgba = blurhash::decode(hash, width, height, 1.0).ok()?;
            rgba.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
        }
        None => gradient(blur.corners()?, width, height),
    };
    of_pixels(pixels, usize::try_from(width).ok()?)
}

/// A small size of the same form; that of a poster where the form is not known.
fn form(fit: Fit) -> (u32, u32) {
    let (wide, high) = match fit {
        Fit::Cover(wide, high) => (wide.max(1).unsigned_abs(), high.max(1).unsigned_abs()),
        Fit::Width(_) | Fit::Within(_) => (2, 3),
    };
    let longer = wide.max(high);
    let scaled = |side: u32| (side.saturating_mul(SIDE) / longer).max(SHORTEST);
    (scaled(wide), scaled(high))
}

/// The colours between four corners: top left, top right, bottom right, bottom left.
fn gradient(corners: [Colour; 4], width: u32, height: u32) -> Vec<Colour> {
    let [top_left, top_right, bottom_right, bottom_left] = corners;
    let mixed = |from: u8, to: u8, place: u32, length: u32| {
        let last = (length - 1).max(1);
        let sum = u32::from(from) * (last - place) + u32::from(to) * place;
        u8::try_from(sum / last).unwrap_or(u8::MAX)
    };
    let colour = |row: u32, column: u32| {
        [0, 1, 2].map(|channel: usize| {
            let top = mixed(top_left[channel], top_right[channel], column, width);
            let bottom = mixed(bottom_left[channel], bottom_right[channel], column, width);
            mixed(top, bottom, row, height)
        })
    };
    (0..height).flat_map(|row| (0..width).map(move |column| colour(row, column))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use gtk::prelude::*;

    #[test]
    fn a_gradient_has_its_colours_in_the_corners() {
        let corners = [[0, 0, 0], [255, 0, 0], [255, 255, 0], [0, 255, 255]];
        let pixels = gradient(corners, 3, 2);
        assert_eq!([pixels[0], pixels[2], pixels[5], pixels[3]], corners);
        assert_eq!(pixels[1], [127, 0, 0]);
    }

    #[test]
    fn a_blur_has_the_form_of_its_picture_and_nonsense_none() {
        assert_eq!(form(Fit::Cover(150, 225)), (16, 24));
        assert_eq!(form(Fit::Cover(1280, 10)), (24, SHORTEST));
        let hash = Blur::of_hash("LEHV6nWB2yk8pyo0adR*.7kCMdnj").unwrap();
        let texture = texture(&hash, Fit::Cover(256, 144)).unwrap();
        assert_eq!((texture.width(), texture.height()), (24, 13));
        assert!(super::texture(&Blur::of_hash("LEHV6nWB").unwrap(), Fit::Width(1)).is_none());
    }
}
