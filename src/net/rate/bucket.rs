//! A token bucket whose rate follows what the server bears. On Tokio's clock.

use std::time::Duration;

use tokio::time::Instant;

/// Requests a second while the server does not complain.
const FULL_RATE: f64 = 10.0;
/// Requests at once after a pause.
const BURST: f64 = 10.0;
/// A rate never falls below one request in two seconds: less is indistinguishable from standing still.
const LEAST_RATE: f64 = 0.5;
/// The rate grows by this many requests a second ...
const GROWTH: f64 = 1.0;
/// ... each time this long has passed without a refusal.
const GROWTH_INTERVAL: Duration = Duration::from_secs(10);
/// Refusals this close together answer requests of the same burst and count as one.
const SAME_BURST: Duration = Duration::from_secs(1);
/// Rounding of times must not make a token that is due look missing.
const NEARLY: f64 = 1e-6;

/// Gives one token for each request.
#[derive(Debug)]
pub(super) struct Bucket {
    rate: f64,
    tokens: f64,
    filled_at: Instant,
    grows_at: Instant,
    halved_at: Option<Instant>,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            rate: FULL_RATE,
            tokens: BURST,
            filled_at: now,
            grows_at: now + GROWTH_INTERVAL,
            halved_at: None,
        }
    }

    /// When there will be a token; `None` when there is one.
    pub(super) fn due(&mut self, now: Instant) -> Option<Instant> {
        self.fill(now);
        if self.tokens + NEARLY >= 1.0 {
            return None;
        }
        // The least rate bounds this to two seconds; a nanosecond more, so that rounding makes it not too early.
        let missing = Duration::from_secs_f64((1.0 - self.tokens) / self.rate);
        Some(self.filled_at + missing + Duration::from_nanos(1))
    }

    /// Takes a token that is there.
    pub(super) fn take(&mut self) {
        self.tokens = (self.tokens - 1.0).max(0.0);
    }

    /// Gives a token back that was not used.
    pub(super) fn put_back(&mut self) {
        self.tokens = (self.tokens + 1.0).min(BURST);
    }

    /// The server refused: half the rate, and no burst.
    pub(super) fn refused(&mut self, now: Instant) {
        self.fill(now);
        self.tokens = 0.0;
        self.grows_at = now + GROWTH_INTERVAL;
        if self.halved_at.is_none_or(|then| now.duration_since(then) >= SAME_BURST) {
            self.rate = (self.rate / 2.0).max(LEAST_RATE);
            self.halved_at = Some(now);
        }
    }

    /// Requests a second.
    pub(super) fn rate(&mut self, now: Instant) -> f64 {
        self.fill(now);
        self.rate
    }

    /// Fills in what is due since the last time, growing the rate on the way.
    fn fill(&mut self, now: Instant) {
        while self.rate < FULL_RATE && self.grows_at <= now {
            self.fill_until(self.grows_at);
            self.rate = (self.rate + GROWTH).min(FULL_RATE);
            self.grows_at += GROWTH_INTERVAL;
        }
        self.fill_until(now);
    }

    fn fill_until(&mut self, end: Instant) {
        let passed = end.duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(BURST);
        self.filled_at = self.filled_at.max(end);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    fn try_take(bucket: &mut Bucket, now: Instant) -> bool {
        let there = bucket.due(now).is_none();
        if there {
            bucket.take();
        }
        there
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn a_burst_of_ten_then_ten_a_second() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        assert_eq!((0..20).filter(|_| try_take(&mut bucket, start)).count(), 10);
        let next = bucket.due(start).unwrap();
        assert!(next > after(start, 99) && next < after(start, 101));
        assert!(try_take(&mut bucket, next));
        assert_eq!((0..200).filter(|_| try_take(&mut bucket, after(start, 60_000))).count(), 10);
    }

    #[test]
    fn a_refusal_halves_the_rate_and_ten_seconds_give_one_back() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        bucket.refused(start);
        near(bucket.rate(start), 5.0);
        bucket.refused(after(start, 500));
        near(bucket.rate(after(start, 500)), 5.0);
        bucket.refused(after(start, 1000));
        near(bucket.rate(after(start, 1000)), 2.5);
        near(bucket.rate(after(start, 10_999)), 2.5);
        near(bucket.rate(after(start, 11_000)), 3.5);
        near(bucket.rate(after(start, 31_000)), 5.5);
        near(bucket.rate(after(start, 600_000)), 10.0);
    }

    #[test]
    fn a_server_that_always_refuses_is_asked_slowly_but_is_asked() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        (0..20).for_each(|second| bucket.refused(after(start, second * 1000)));
        let now = after(start, 19_000);
        near(bucket.rate(now), 0.5);
        assert!(bucket.due(now).unwrap() <= after(start, 21_001));
    }

    #[test]
    fn after_a_refusal_there_is_no_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        bucket.refused(start);
        let next = bucket.due(start).unwrap();
        assert!(next >= after(start, 200) && next < after(start, 201));
    }
}
