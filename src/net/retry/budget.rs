//! A limit for the repetitions of one source as a whole: when most requests fail, repeating each of them only
//! makes it worse.

use std::sync::atomic::{AtomicU32, Ordering};

/// Everything is counted in tenths of a token, so that nothing is rounded.
const TENTHS: u32 = 10;
/// What a source starts with, and can have at most.
const MOST: u32 = 10 * TENTHS;
/// What a failure costs: one token.
const FAILURE: u32 = TENTHS;
/// What a success gives back: ten successes pay for one failure.
const SUCCESS: u32 = 1;
/// Automatic retries happen above five tokens only.
const RESERVE: u32 = 5 * TENTHS;

/// Tokens that failures use up and successes give back.
#[derive(Debug)]
pub struct RetryBudget {
    tenths: AtomicU32,
}

impl RetryBudget {
    /// A full budget.
    pub fn new() -> Self {
        Self { tenths: AtomicU32::new(MOST) }
    }

    /// Takes a token for a failure.
    pub fn note_failure(&self) {
        self.change(|tenths| tenths.saturating_sub(FAILURE));
    }

    /// Gives a tenth of a token back for a success.
    pub fn note_success(&self) {
        self.change(|tenths| (tenths + SUCCESS).min(MOST));
    }

    /// Whether a request may be repeated without being asked for.
    pub fn allows_retry(&self) -> bool {
        self.tenths.load(Ordering::Relaxed) > RESERVE
    }

    /// Fills it up: after a reconnection or a change of network the past says nothing.
    pub fn refill(&self) {
        self.tenths.store(MOST, Ordering::Relaxed);
    }

    /// The tokens that are left.
    pub fn tokens(&self) -> f64 {
        f64::from(self.tenths.load(Ordering::Relaxed)) / f64::from(TENTHS)
    }

    fn change(&self, change: impl Fn(u32) -> u32) {
        // The closure always gives a value, so the update cannot fail.
        let _ = self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| Some(change(tenths)));
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn retries_end_at_half_and_come_back_with_successes() {
        let budget = RetryBudget::new();
        for _ in 0..4 {
            budget.note_failure();
            assert!(budget.allows_retry());
        }
        budget.note_failure();
        assert!(!budget.allows_retry(), "five tokens are not above five");
        budget.note_success();
        assert!(budget.allows_retry());
        budget.note_failure();
        budget.refill();
        assert!((budget.tokens() - 10.0).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn it_is_never_negative_and_never_above_ten(outcomes in prop::collection::vec(any::<bool>(), 0..400)) {
            let budget = RetryBudget::new();
            for success in outcomes {
                if success { budget.note_success() } else { budget.note_failure() }
                prop_assert!((0.0..=10.0).contains(&budget.tokens()));
            }
        }
    }
}
