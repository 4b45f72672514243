//! Drawn pictures: posters, backdrops and stills, the same for the same title and seed.
//!
//! A picture is SVG ([`motif`], [`palette`]) rendered with the fonts of the system. What was drawn is kept,
//! within bounds: grids ask for the same posters again and again.

mod lettering;
mod motif;
mod palette;
mod portrait;
mod preview;

pub use preview::{PREVIEW_INTERVAL, PREVIEW_SIZE, preview, preview_sheet, previews_in};

use resvg::{tiny_skia, usvg};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Pictures that are kept.
const KEPT: usize = 600;

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    Poster,
    Backdrop,
    Still,
    Cover,
    Photo,
    Portrait,
}

impl Shape {
    /// The size it is designed in.
    fn design(self) -> (f32, f32) {
        match self {
            Self::Poster => (600.0, 900.0),
            Self::Backdrop => (1280.0, 720.0),
            Self::Still => (640.0, 360.0),
            Self::Cover => (600.0, 600.0),
            Self::Photo => (1200.0, 800.0),
            Self::Portrait => (400.0, 600.0),
        }
    }
}

type Key = (Shape, String, u64, u32, u32);

static DRAWN: LazyLock<Mutex<HashMap<Key, Arc<[u8]>>>> = LazyLock::new(Mutex::default);
static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_system_fonts();
    Arc::new(fonts)
});

/// A poster with its title, as PNG.
pub fn poster(title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Poster, title, seed, width, height)
}

/// A wide picture without words, as PNG.
pub fn backdrop(title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Backdrop, title, seed, width, height)
}

/// A picture of an episode, without words, as PNG.
pub fn still(title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Still, title, seed, width, height)
}

/// Width and height of a whole photo in pixels.
pub const PHOTO_SIZE: (u32, u32) = (2400, 1600);

/// The cover of an album with its title, as PNG.
pub fn cover(title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Cover, title, seed, width, height)
}

/// A photo, without words, as PNG.
pub fn photo(title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Photo, title, seed, width, height)
}

/// The portrait of a person, as PNG.
pub fn portrait(name: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    picture(Shape::Portrait, name, seed, width, height)
}

/// The average colour of a picture with this seed, as red, green and blue: for placeholders.
pub fn colour(seed: u64) -> [u8; 3] {
    palette::of(seed).average()
}

fn picture(shape: Shape, title: &str, seed: u64, width: u32, height: u32) -> Vec<u8> {
    let title = if matches!(shape, Shape::Poster | Shape::Cover) { title } else { "" };
    let key = (shape, title.to_owned(), seed, width, height);
    if let Some(bytes) = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return bytes.to_vec();
    }
    let bytes = render(&svg(shape, title, seed), shape.design(), width, height).unwrap_or_default();
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if drawn.len() >= KEPT {
        drawn.clear();
    }
    drawn.insert(key, bytes.as_slice().into());
    bytes
}

fn svg(shape: Shape, title: &str, seed: u64) -> String {
    let (width, height) = shape.design();
    let palette = palette::of(seed);
    let scene = match shape {
        Shape::Portrait => portrait::person(seed, palette, width, height),
        _ => motif::scene(seed, palette, width, height),
    };
    let letters = lettering::title(title, palette, width, height);
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}'>\
         {scene}{letters}</svg>"
    )
}

/// Renders SVG of a designed size into a picture of another, filling it. `None` when the size is impossible.
fn render(svg: &str, design: (f32, f32), width: u32, height: u32) -> Option<Vec<u8>> {
    pixels(svg, design, width, height)?.encode_png().ok()
}

/// The same as pixels.
fn pixels(svg: &str, design: (f32, f32), width: u32, height: u32) -> Option<tiny_skia::Pixmap> {
    let options =
        usvg::Options { fontdb: Arc::clone(&FONTS), font_family: "Inter".to_owned(), ..Default::default() };
    let tree = usvg::Tree::from_str(svg, &options).ok()?;
    let mut pixels = tiny_skia::Pixmap::new(width, height)?;
    let (wide, high) = (f32::from(u16::try_from(width).ok()?), f32::from(u16::try_from(height).ok()?));
    let scale = (wide / design.0).max(high / design.1);
    let (left, top) = ((wide - design.0 * scale) / 2.0, (high - design.1 * scale) / 2.0);
    let transform = tiny_skia::Transform::from_scale(scale, scale).post_translate(left, top);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    Some(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    #[test]
    fn pictures_are_png_and_repeat() {
        let first = poster("The <Lantern> & \"Moon\"", 7, 120, 180);
        assert!(first.starts_with(PNG));
        assert_eq!(first, poster("The <Lantern> & \"Moon\"", 7, 120, 180));
        assert_ne!(first, poster("The <Lantern> & \"Moon\"", 8, 120, 180));
    }

    #[test]
    fn every_scene_can_be_drawn() {
        for seed in 0..24 {
            assert!(still("", seed, 64, 36).starts_with(PNG), "{seed}");
            assert!(poster("a\u{1}b \u{5d0}\u{5d1} 星の灯 &", seed, 20, 30).starts_with(PNG), "{seed}");
        }
    }

    #[test]
    fn an_impossible_size_is_empty() {
        assert!(backdrop("", 1, 0, 10).is_empty());
    }
}
