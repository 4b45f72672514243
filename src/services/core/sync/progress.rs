//! How fast a sync goes, and how long it still takes. Pure: it is told the time.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// The rate is that of the last so many seconds: servers are slower the further a list goes.
const WINDOW: Duration = Duration::from_secs(10);
/// No rate is told before it has been measured for this long: the first pages say little.
const SHORTEST: Duration = Duration::from_secs(2);
/// A time left beyond this is a guess that helps nobody.
const LONGEST_LEFT: Duration = Duration::from_hours(24);

/// Follows how many items were done when.
#[derive(Debug, Default)]
pub(super) struct Pace {
    samples: VecDeque<(Instant, u64)>,
}

impl Pace {
    /// So many items are done by now, in this run.
    pub(super) fn note(&mut self, now: Instant, done: u64) {
        self.samples.push_back((now, done));
        // The oldest one that is kept is from before the window, so that there is always a stretch to measure.
        while self.samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Items a second.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate of items is small and positive"
    )]
    pub(super) fn rate(&self) -> Option<u32> {
        let ((begin, before), (end, after)) = (*self.samples.front()?, *self.samples.back()?);
        let time = end.duration_since(begin);
        if time < SHORTEST || after <= before {
            return None;
        }
        Some((((after - before) as f64) / time.as_secs_f64()).round().max(1.0) as u32)
    }

    /// How long `left` more items take, in whole seconds.
    pub(super) fn left(&self, left: u64) -> Option<Duration> {
        let seconds = left.div_ceil(u64::from(self.rate()?));
        Some(Duration::from_secs(seconds)).filter(|left| *left <= LONGEST_LEFT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut pace = Pace::default();
        assert_eq!(pace.rate(), None);
        pace.note(at(0), 0);
        pace.note(at(1), 500);
        assert_eq!(pace.rate(), None, "too early to tell");
        pace.note(at(2), 1000);
        assert_eq!((pace.rate(), pace.left(2000)), (Some(500), Some(Duration::from_secs(4))));
        // It becomes slower: what was long ago does not count.
        for second in 3..=40 {
            pace.note(at(second), 1000 + (second - 2) * 10);
        }
        assert_eq!(pace.rate(), Some(10));
        assert_eq!(pace.left(10_000_000), None);
    }

    #[test]
    fn nothing_done_has_no_rate() {
        let begin = Instant::now();
        let mut pace = Pace::default();
        pace.note(begin, 7);
        pace.note(begin + Duration::from_secs(5), 7);
        assert_eq!((pace.rate(), pace.left(1)), (None, None));
    }
}
