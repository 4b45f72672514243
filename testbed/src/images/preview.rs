//! Small pictures of a film, one every few seconds, each another scene.

use super::{Shape, motif, palette, pixels};
use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};
use std::ops::Range;
use std::time::Duration;

/// Width and height in pixels.
pub const PREVIEW_SIZE: (u32, u32) = (320, 180);
/// Time from one to the next.
pub const PREVIEW_INTERVAL: Duration = Duration::from_secs(2);

/// How many there are of a film of this length.
pub fn previews_in(length: Duration) -> u32 {
    u32::try_from(length.as_millis().div_ceil(PREVIEW_INTERVAL.as_millis())).unwrap_or(u32::MAX)
}

/// One of them, as PNG.
pub fn preview(item: u32, number: u32) -> Vec<u8> {
    drawn(item, number).and_then(|picture| picture.encode_png().ok()).unwrap_or_default()
}

/// A sheet with some of them, row by row, as PNG; empty when it cannot be drawn.
pub fn preview_sheet(item: u32, numbers: Range<u32>, (columns, rows): (u32, u32)) -> Vec<u8> {
    let (width, height) = PREVIEW_SIZE;
    let Some(mut sheet) = Pixmap::new(width * columns, height * rows) else { return Vec::new() };
    for (place, number) in numbers.enumerate() {
        let (Ok(place), Some(picture)) = (u32::try_from(place), drawn(item, number)) else { continue };
        let (x, y) = (place % columns * width, place / columns * height);
        let (Ok(x), Ok(y)) = (i32::try_from(x), i32::try_from(y)) else { continue };
        sheet.draw_pixmap(x, y, picture.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
    }
    sheet.encode_png().unwrap_or_default()
}

fn drawn(item: u32, number: u32) -> Option<Pixmap> {
    let seed = u64::from(item) * 1000 + u64::from(number);
    let (wide, high) = Shape::Still.design();
    let scene = motif::scene(seed, palette::of(seed), wide, high);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {wide} {high}' width='{wide}' height='{high}'>{scene}</svg>"
    );
    pixels(&svg, Shape::Still.design(), PREVIEW_SIZE.0, PREVIEW_SIZE.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_has_another_picture() {
        assert_eq!(previews_in(Duration::from_secs(30)), 15);
        assert_eq!(previews_in(Duration::from_secs(31)), 16);
        assert_ne!(preview(7, 0), preview(7, 1));
        assert!(preview_sheet(7, 0..3, (2, 2)).starts_with(b"\x89PNG"));
    }
}
