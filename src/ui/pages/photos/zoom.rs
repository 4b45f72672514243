//! How large a photo is shown: pure.

/// As large as fits.
pub(super) const FIT: f64 = 1.0;
/// Larger than that nothing is to be seen but pixels.
const MOST: f64 = 8.0;
/// One step of wheel, key or button.
pub(super) const STEP: f64 = 1.25;
/// What a double click zooms to.
const CLOSE: f64 = 2.5;
/// Nearer to fitting than this is as good as fitting.
const NEARLY: f64 = 1.02;

/// So many times what fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zoom(f64);

impl Default for Zoom {
    fn default() -> Self {
        Self(FIT)
    }
}

impl Zoom {
    /// So many times larger or smaller, within bounds.
    pub(super) fn by(self, factor: f64) -> Self {
        let zoom = (self.0 * factor).clamp(FIT, MOST);
        Self(if zoom < NEARLY { FIT } else { zoom })
    }

    /// Near when it fits, and fitting when it is near.
    pub(super) fn toggled(self) -> Self {
        Self(if self.fits() { CLOSE } else { FIT })
    }

    /// Whether all of it is to be seen.
    pub(super) fn fits(self) -> bool {
        self.0 < NEARLY
    }

    /// A length of what fits, at this zoom.
    pub(super) fn of(self, length: i32) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "eight times a screen is a small number")]
        let scaled = (f64::from(length) * self.0).round() as i32;
        scaled
    }

    /// Where a part of a picture has to be scrolled to so that what was under a point stays there: `value` is what is
    /// scrolled out before, `point` the place in what is to be seen.
    pub(super) fn keep(before: Self, after: Self, value: f64, point: f64) -> f64 {
        (value + point) * (after.0 / before.0) - point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_has_bounds_and_comes_back() {
        let mut zoom = Zoom::default();
        assert!(zoom.fits());
        assert!(zoom.by(0.5).fits(), "never smaller than what fits");
        for _ in 0..40 {
            zoom = zoom.by(STEP);
        }
        assert_eq!(zoom.of(100), 800);
        for _ in 0..40 {
            zoom = zoom.by(1.0 / STEP);
        }
        assert_eq!(zoom, Zoom::default());
        assert!(!Zoom::default().toggled().fits());
        assert!(Zoom::default().toggled().toggled().fits());
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let (before, after) = (Zoom(1.0), Zoom(2.0));
        // 30 of what is seen is 30 of the picture, and 60 of it when it is twice as large.
        assert!((Zoom::keep(before, after, 0.0, 30.0) - 30.0).abs() < 1e-9);
        assert!((Zoom::keep(after, before, 30.0, 30.0)).abs() < 1e-9);
    }
}
