//! The scenes: layers of simple shapes with the light behind them.

use super::palette::Palette;
use std::fmt::Write as _;

/// Draws the scene of a seed in a frame, as SVG.
pub(super) fn scene(seed: u64, palette: Palette, width: f32, height: f32) -> String {
    let mut canvas =
        Canvas { svg: String::new(), random: fastrand::Rng::with_seed(seed), palette, width, height };
    canvas.sky();
    match seed % 8 {
        0 => canvas.moon_over_hills(),
        1 => canvas.sun_over_sea(),
        2 => canvas.lanterns(),
        3 => canvas.city(),
        4 => canvas.forest(),
        5 => canvas.mountains(),
        6 => canvas.planets(),
        _ => canvas.lighthouse(),
    }
    canvas.svg
}

struct Canvas {
    svg: String,
    random: fastrand::Rng,
    palette: Palette,
    width: f32,
    height: f32,
}

impl Canvas {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + self.random.f32() * (high - low)
    }

    fn sky(&mut self) {
        let _ = write!(
            self.svg,
            "<defs><linearGradient id='sky' x1='0' y1='0' x2='0' y2='1'><stop offset='0' stop-color='{}'/>\
             <stop offset='0.85' stop-color='{}'/></linearGradient><radialGradient id='glow'>\
             <stop offset='0' stop-color='{light}' stop-opacity='0.75'/><stop offset='1' stop-color='{light}' \
             stop-opacity='0'/></radialGradient></defs><rect width='{}' height='{}' fill='url(#sky)'/>",
            self.palette.sky_top,
            self.palette.sky_low,
            self.width,
            self.height,
            light = self.palette.light,
        );
    }

    fn circle(&mut self, x: f32, y: f32, radius: f32, fill: &str, opacity: f32) {
        let _ =
            write!(self.svg, "<circle cx='{x}' cy='{y}' r='{radius}' fill='{fill}' opacity='{opacity}'/>");
    }

    fn rectangle(&mut self, x: f32, y: f32, wide: f32, high: f32, fill: &str, opacity: f32) {
        let _ = write!(
            self.svg,
            "<rect x='{x}' y='{y}' width='{wide}' height='{high}' fill='{fill}' opacity='{opacity}'/>"
        );
    }

    fn path(&mut self, path: &str, fill: &str) {
        let _ = write!(self.svg, "<path d='{path}' fill='{fill}'/>");
    }

    fn light(&mut self, x: f32, y: f32, radius: f32) {
        self.circle(x, y, radius * 2.6, "url(#glow)", 0.8);
        self.circle(x, y, radius, self.palette.light, 1.0);
    }

    fn stars(&mut self, count: u32) {
        for _ in 0..count {
            let (x, y) = (self.between(0.0, self.width), self.between(0.0, self.height * 0.55));
            let (radius, opacity) = (self.between(0.8, 2.4), self.between(0.3, 0.9));
            self.circle(x, y, radius, self.palette.light, opacity);
        }
    }

    /// A rolling line at `base` (part of the height) filled to the bottom.
    fn hill(&mut self, base: f32, swing: f32, fill: &str) {
        let (width, height) = (self.width, self.height);
        let start = height * (base + self.between(-swing, swing));
        let mut path = format!("M0 {height}L0 {start}");
        for step in 0..3_u8 {
            let from = f32::from(step) / 3.0;
            let (high, low) = (
                height * (base - self.between(0.0, swing) * 1.6),
                height * (base + self.between(-swing, swing)),
            );
            let _ = write!(
                path,
                "C{} {high} {} {high} {} {low}",
                width * (from + 0.11),
                width * (from + 0.22),
                width * (from + 0.3334)
            );
        }
        let _ = write!(path, "L{width} {height}Z");
        self.path(&path, fill);
    }

    fn hills(&mut self) {
        let Palette { far, middle, near, .. } = self.palette;
        self.hill(0.62, 0.06, far);
        self.hill(0.74, 0.05, middle);
        self.hill(0.87, 0.04, near);
    }

    fn moon_over_hills(&mut self) {
        self.stars(50);
        let (x, y) = (self.between(0.25, 0.75) * self.width, self.between(0.22, 0.36) * self.height);
        let radius = self.width.min(self.height) * self.between(0.12, 0.19);
        self.light(x, y, radius);
        self.circle(x + radius * 0.3, y - radius * 0.2, radius * 0.18, self.palette.sky_low, 0.25);
        self.circle(x - radius * 0.35, y + radius * 0.25, radius * 0.26, self.palette.sky_low, 0.18);
        self.hills();
    }

    fn sun_over_sea(&mut self) {
        let (width, height) = (self.width, self.height);
        let horizon = height * self.between(0.55, 0.64);
        let x = self.between(0.35, 0.65) * width;
        let radius = width.min(height) * 0.22;
        self.light(x, horizon - radius * 0.35, radius);
        self.rectangle(0.0, horizon, width, height - horizon, self.palette.middle, 1.0);
        for line in 0..9_u8 {
            let depth = f32::from(line) / 9.0;
            let wide = radius * (2.1 - depth * 1.2) * self.between(0.6, 1.0);
            let y = horizon + (height - horizon) * (depth * 0.8 + 0.05);
            self.rectangle(x - wide / 2.0, y, wide, 5.0, self.palette.light, 0.55 - depth * 0.4);
        }
        let boat = (self.between(0.15, 0.8) * width, horizon + height * 0.07, width * 0.07);
        let (left, top, size) = boat;
        let hull = format!("M{left} {top}l{size} 0l{} {}l{} 0Z", -size * 0.2, size * 0.25, -size * 0.6);
        let sail =
            format!("M{} {}l0 {}l{} {}Z", left + size * 0.45, top - 3.0, -size * 1.1, size * 0.5, size * 1.1);
        self.path(&hull, self.palette.near);
        self.path(&sail, self.palette.light);
        self.hill(0.94, 0.03, self.palette.near);
    }

    fn lanterns(&mut self) {
        self.stars(24);
        self.hill(0.8, 0.04, self.palette.middle);
        self.hill(0.9, 0.03, self.palette.near);
        for _ in 0..9 {
            let (x, y) = (self.between(0.06, 0.94) * self.width, self.between(0.08, 0.7) * self.height);
            let size = self.width.min(self.height) * self.between(0.03, 0.08);
            self.circle(x, y, size * 2.4, "url(#glow)", 0.9);
            let body = format!(
                "M{} {}h{size}l{} {}h{}Z",
                x - size / 2.0,
                y - size * 0.7,
                size * 0.18,
                size * 1.4,
                -size * 1.36
            );
            self.path(&body, self.palette.light);
            self.rectangle(x - size * 0.55, y - size * 0.85, size * 1.1, size * 0.16, self.palette.near, 0.8);
        }
    }

    fn city(&mut self) {
        let Palette { far, middle, near, .. } = self.palette;
        let (x, y) = (self.between(0.2, 0.8) * self.width, self.between(0.2, 0.4) * self.height);
        self.light(x, y, self.width.min(self.height) * 0.13);
        for (fill, high, lit) in [(far, 0.5, 0.12), (middle, 0.4, 0.25), (near, 0.28, 0.4)] {
            let mut left = -self.width * 0.05;
            while left < self.width {
                let wide = self.width * self.between(0.07, 0.14);
                let tall = self.height * high * self.between(0.6, 1.1);
                let top = self.height - tall;
                self.rectangle(left, top, wide + 1.0, tall, fill, 1.0);
                self.windows(left, top, wide, tall, lit);
                left += wide;
            }
        }
    }

    fn windows(&mut self, left: f32, top: f32, wide: f32, tall: f32, lit: f32) {
        let pane = self.width * 0.013;
        let mut y = top + pane * 1.5;
        while y < top + tall - pane {
            let mut x = left + pane;
            while x < left + wide - pane * 1.5 {
                if self.random.f32() < lit * 0.6 {
                    self.rectangle(x, y, pane, pane * 1.3, self.palette.light, 0.8);
                }
                x += pane * 2.2;
            }
            y += pane * 3.0;
        }
    }

    fn forest(&mut self) {
        let Palette { far, middle, near, .. } = self.palette;
        let (x, y) = (self.between(0.3, 0.7) * self.width, self.between(0.25, 0.4) * self.height);
        self.light(x, y, self.width.min(self.height) * 0.15);
        for (base, size, fill) in [(0.68, 0.16, far), (0.8, 0.2, middle), (0.95, 0.26, near)] {
            self.hill(base + 0.02, 0.02, fill);
            for tree in 0..12_u8 {
                let x = (f32::from(tree) + self.between(-0.3, 0.3)) / 11.0 * self.width;
                let tall = self.height * size * self.between(0.7, 1.15);
                let foot = self.height * (base + self.between(0.0, 0.04));
                for tier in 0..3_u8 {
                    let up = tall * (0.25 * f32::from(tier));
                    let half = tall * (0.26 - 0.05 * f32::from(tier));
                    let path = format!(
                        "M{} {}L{x} {}L{} {}Z",
                        x - half,
                        foot - up,
                        foot - up - tall * 0.5,
                        x + half,
                        foot - up
                    );
                    self.path(&path, fill);
                }
            }
        }
    }

    fn mountains(&mut self) {
        let Palette { far, middle, near, light, .. } = self.palette;
        self.stars(18);
        let (x, y) = (self.between(0.2, 0.8) * self.width, self.between(0.14, 0.3) * self.height);
        self.light(x, y, self.width.min(self.height) * 0.09);
        for (base, tall, fill) in [(0.7, 0.34, far), (0.8, 0.3, middle)] {
            for peak in 0..3_u8 {
                let x = self.width * (f32::from(peak) / 2.0 + self.between(-0.14, 0.14));
                let top = self.height * (base - tall * self.between(0.7, 1.1));
                let half = self.width * self.between(0.34, 0.46);
                let foot = self.height;
                self.path(&format!("M{} {foot}L{x} {top}L{} {foot}Z", x - half, x + half), fill);
                let snow = (foot - top) * 0.14;
                let side = half * 0.14;
                let cap = format!(
                    "M{x} {top}l{side} {snow}l{} {}l{} {}l{} {}Z",
                    -side * 0.7,
                    -snow * 0.25,
                    -side * 0.5,
                    snow * 0.3,
                    -side * 0.4,
                    -snow * 0.3
                );
                self.path(&cap, light);
            }
        }
        self.hill(0.9, 0.03, near);
    }

    fn planets(&mut self) {
        let Palette { far, middle, light, near, .. } = self.palette;
        self.stars(110);
        let short = self.width.min(self.height);
        let (x, y, radius) =
            (self.width * self.between(0.3, 0.7), self.height * 0.36, short * self.between(0.22, 0.3));
        self.circle(x, y, radius * 1.7, "url(#glow)", 0.45);
        self.circle(x, y, radius, far, 1.0);
        self.circle(x - radius * 0.12, y - radius * 0.12, radius * 0.84, middle, 0.55);
        let tilt = self.between(-30.0, 30.0);
        let _ = write!(
            self.svg,
            "<ellipse cx='{x}' cy='{y}' rx='{}' ry='{}' fill='none' stroke='{light}' stroke-width='7' opacity='0.75' \
             transform='rotate({tilt} {x} {y})'/>",
            radius * 1.6,
            radius * 0.34
        );
        let (moon_x, moon_y) = (self.width * self.between(0.1, 0.9), self.height * self.between(0.08, 0.2));
        self.circle(moon_x, moon_y, short * 0.05, light, 0.95);
        self.hill(0.9, 0.05, near);
    }

    fn lighthouse(&mut self) {
        let Palette { far, middle, near, light, .. } = self.palette;
        self.stars(26);
        let (x, size) = (self.between(0.3, 0.7) * self.width, self.height * 0.36);
        let lamp = self.height * 0.74 - size;
        for (reach, drop) in [(-1.4, -0.16), (1.4, -0.3)] {
            let (tip_x, tip_y) = (x + reach * self.width, lamp + drop * self.height);
            let beam = format!("M{x} {lamp}L{tip_x} {tip_y}L{tip_x} {}Z", tip_y + self.height * 0.3);
            let _ = write!(self.svg, "<path d='{beam}' fill='{light}' opacity='0.22'/>");
        }
        self.hill(0.7, 0.02, far);
        let half = size * 0.11;
        let tower = format!(
            "M{} {}L{} {lamp}h{}L{} {}Z",
            x - half,
            lamp + size,
            x - half * 0.6,
            half * 1.2,
            x + half,
            lamp + size
        );
        self.path(&tower, light);
        self.rectangle(x - half * 0.8, lamp + size * 0.3, half * 1.6, size * 0.14, middle, 0.9);
        self.rectangle(x - half * 0.9, lamp + size * 0.62, half * 1.8, size * 0.14, middle, 0.9);
        self.light(x, lamp - half * 0.5, half * 0.6);
        self.path(
            &format!("M{} {}h{}l{} {}Z", x - half * 0.8, lamp - half * 1.1, half * 1.6, -half * 0.8, -half),
            near,
        );
        self.hill(0.82, 0.03, middle);
        self.hill(0.92, 0.02, near);
    }
}
