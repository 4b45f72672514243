//! Colours of a picture.

/// Sky above and below, three layers from far to near, and light.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub(super) sky_top: &'static str,
    pub(super) sky_low: &'static str,
    pub(super) far: &'static str,
    pub(super) middle: &'static str,
    pub(super) near: &'static str,
    pub(super) light: &'static str,
}

impl Palette {
    /// The middle layer, roughly what the eye sees from afar.
    pub(super) fn average(self) -> [u8; 3] {
        let part =
            |place: usize| self.middle.get(place..place + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        [part(1), part(3), part(5)].map(Option::unwrap_or_default)
    }
}

/// The colours of a picture with this seed.
pub(super) fn of(seed: u64) -> Palette {
    let count = PALETTES.len() as u64;
    let place = usize::try_from((seed.wrapping_mul(7) + seed / 11) % count).unwrap_or_default();
    PALETTES[place]
}

const fn palette(colours: [&'static str; 6]) -> Palette {
    let [sky_top, sky_low, far, middle, near, light] = colours;
    Palette { sky_top, sky_low, far, middle, near, light }
}

const PALETTES: [Palette; 12] = [
    palette(["#0b1437", "#3c4f8f", "#2b3a75", "#1a2554", "#0a1030", "#f6e7b4"]),
    palette(["#40163e", "#f0795b", "#a83e5a", "#6b2450", "#2c0f2e", "#ffe0a3"]),
    palette(["#0d3b3e", "#86c7a5", "#4d9284", "#256064", "#0a2a30", "#fdf3c8"]),
    palette(["#f3b562", "#f9e3b4", "#d98a4e", "#a2543f", "#53263a", "#fffaf0"]),
    palette(["#16213e", "#e94560", "#8b2f5f", "#4b2354", "#120f2a", "#ffd6c0"]),
    palette(["#5a86ad", "#f4e4d4", "#8fa9bd", "#55748f", "#25394d", "#fffdf5"]),
    palette(["#111d13", "#709775", "#415d43", "#28412c", "#0c160e", "#e9f5c9"]),
    palette(["#2d1e5f", "#b78bd8", "#7957a8", "#49327d", "#1d1240", "#fdeaff"]),
    palette(["#7a1f1f", "#f2a541", "#c1502e", "#8a2f25", "#35100f", "#fff1c1"]),
    palette(["#041c32", "#04b4c4", "#0a7f9a", "#06506d", "#021526", "#e3fbff"]),
    palette(["#3b3355", "#f2c6b4", "#9b7a8f", "#5d5075", "#241f38", "#fff4ec"]),
    palette(["#1c1c22", "#8d8d94", "#55555e", "#34343c", "#111115", "#f4d35e"]),
];
