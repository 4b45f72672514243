//! Longer first pauses for a source that mostly fails.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many requests are remembered.
const WINDOW: u32 = 20;
/// One bit for each remembered request.
const WINDOW_MASK: u32 = (1 << WINDOW) - 1;
/// The most that the first pause grows.
const MOST_FACTOR: u32 = 8;

/// The outcomes of the last requests of a source, and the factor that follows from them.
///
/// Depends on the success rate alone: a source that recovers is at once treated as one that has.
#[derive(Debug)]
pub struct AdaptiveBackoff {
    /// A bit is 1 for a success; the last outcome is the lowest.
    outcomes: AtomicU32,
}

impl AdaptiveBackoff {
    /// A source of which nothing bad is known.
    pub fn new() -> Self {
        Self { outcomes: AtomicU32::new(WINDOW_MASK) }
    }

    /// Remembers an outcome.
    pub fn note(&self, success: bool) {
        let bit = u32::from(success);
        // The closure always gives a value, so the update cannot fail.
        let _ = self.outcomes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |outcomes| {
            Some(((outcomes << 1) | bit) & WINDOW_MASK)
        });
    }

    /// Forgets everything.
    pub fn reset(&self) {
        self.outcomes.store(WINDOW_MASK, Ordering::Relaxed);
    }

    /// The factor for the first pause: 1 while at least one half of the last 20 requests succeeded, then twice
    /// as much for each further halving of that rate, up to 8.
    pub fn factor(&self) -> u32 {
        let successes = self.outcomes.load(Ordering::Relaxed).count_ones();
        let mut factor = 1;
        while factor < MOST_FACTOR && successes * 2 * factor < WINDOW {
            factor *= 2;
        }
        factor
    }
}

impl Default for AdaptiveBackoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_follows_the_success_rate_both_ways() {
        let adaptive = AdaptiveBackoff::new();
        let mut down = Vec::new();
        for _ in 0..20 {
            adaptive.note(false);
            down.push(adaptive.factor());
        }
        assert_eq!(down[9], 1, "one half is not under one half");
        assert_eq!((down[10], down[14], down[15], down[17], down[19]), (2, 2, 4, 8, 8));
        for _ in 0..9 {
            adaptive.note(true);
        }
        assert_eq!(adaptive.factor(), 2);
        adaptive.note(true);
        assert_eq!(adaptive.factor(), 1);
    }

    #[test]
    fn a_reset_forgets() {
        let adaptive = AdaptiveBackoff::new();
        (0..30).for_each(|_| adaptive.note(false));
        adaptive.reset();
        assert_eq!(adaptive.factor(), 1);
    }
}
