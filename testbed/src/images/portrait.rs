//! Portraits: a head and shoulders before a plain wall.

use super::palette::Palette;

/// Draws the person of a seed in a frame, as SVG.
pub(super) fn person(seed: u64, palette: Palette, width: f32, height: f32) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let skin = ["#f2d0b1", "#d9a37a", "#b97c54", "#8a5a3c", "#5f3d2a"][random.usize(..5)];
    let hair = ["#2b1d16", "#5a3a22", "#a9793f", "#1c1c22", "#8d8d94"][random.usize(..5)];
    let (x, y, head) = (width / 2.0, height * 0.40, width * 0.21);
    let long = random.bool();
    let behind = if long { head * 1.9 } else { head * 0.9 };
    format!(
        "<rect width='{width}' height='{height}' fill='{wall}'/>\
         <rect x='{left}' y='{top}' width='{wide}' height='{behind}' rx='{head}' fill='{hair}'/>\
         <rect x='{neck}' y='{y}' width='{half}' height='{long_neck}' fill='{skin}'/>\
         <ellipse cx='{x}' cy='{shoulders}' rx='{broad}' ry='{deep}' fill='{cloth}'/>\
         <ellipse cx='{x}' cy='{y}' rx='{head}' ry='{face}' fill='{skin}'/>\
         <path d='M {hl} {y} A {head} {face} 0 0 1 {hr} {y} Q {x} {fringe} {hl} {y} Z' fill='{hair}'/>",
        wall = palette.sky_low,
        cloth = palette.middle,
        left = x - head * 1.15,
        top = y - head * 0.9,
        wide = head * 2.3,
        neck = x - head * 0.4,
        half = head * 0.8,
        long_neck = head * 2.0,
        shoulders = height * 0.86,
        broad = width * 0.42,
        deep = height * 0.24,
        face = head * 1.25,
        hl = x - head,
        hr = x + head,
        fringe = y - head * 0.75,
    )
}
