//! How often, how long and with what pauses a request is tried. Pure.

use std::time::Duration;

/// What is random about a delay, so that many clients do not come back in step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Jitter {
    /// Nothing.
    None,
    /// Up to this much more.
    Add(Duration),
    /// Up to this fraction more or less: 0.05 is ±5 %.
    Fraction(f64),
    /// Anything between nothing and the whole delay.
    Full,
}

/// What [`RetryPolicy::total`] limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// All attempts and the pauses between them.
    Whole,
    /// Each attempt by itself.
    PerAttempt,
}

/// How patient the user wants the app to be: a factor for all time limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlowConnection {
    /// The limits as they are.
    #[default]
    No,
    /// Twice the limits.
    Slow,
    /// Four times the limits.
    VerySlow,
}

impl SlowConnection {
    /// The factor: 1, 2 or 4.
    pub fn factor(self) -> u32 {
        match self {
            Self::No => 1,
            Self::Slow => 2,
            Self::VerySlow => 4,
        }
    }

    /// The setting for a stored factor; what lies between is rounded down, what lies beyond counts as the
    /// nearest.
    pub fn from_factor(factor: u32) -> Self {
        match factor {
            0 | 1 => Self::No,
            2 | 3 => Self::Slow,
            _ => Self::VerySlow,
        }
    }
}

/// How a request is repeated. The profiles are the constants of this type, in `profiles.rs`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Calls in all, the first one included; 0 means for ever.
    pub max_attempts: u32,
    /// The pause before the second attempt.
    pub initial_delay: Duration,
    /// No pause is longer.
    pub max_delay: Duration,
    /// Each pause is this many times as long as the one before.
    pub multiplier: f64,
    /// What is random about a pause.
    pub jitter: Jitter,
    /// Longest time until the connection stands.
    pub connect: Duration,
    /// Longest silence after that.
    pub read: Duration,
    /// Longest time for what `total_is` says.
    pub total: Duration,
    /// What `total` limits.
    pub total_is: Deadline,
    /// Whether a success starts the count of attempts, and with it the pauses, anew.
    pub reset_on_success: bool,
}

impl RetryPolicy {
    /// The pause before attempt `attempt`, counted from 1: nothing before the first, `initial_delay` with its
    /// jitter before the second. `random` is in `0.0..1.0`.
    ///
    /// Limited before the jitter, so that pauses at the limit are spread as well, and once more after it, so
    /// that none is longer than `max_delay`.
    pub fn delay_before(&self, attempt: u32, random: f64) -> Duration {
        if attempt <= 1 || self.initial_delay.is_zero() {
            return Duration::ZERO;
        }
        let exponent = i32::try_from(attempt - 2).unwrap_or(i32::MAX);
        let most = self.max_delay.as_secs_f64();
        // `min` drops a NaN; an infinite product becomes the limit.
        let plain = (self.initial_delay.as_secs_f64() * self.multiplier.powi(exponent)).min(most);
        let delay = match self.jitter {
            Jitter::None => plain,
            Jitter::Add(more) => plain + more.as_secs_f64() * random,
            Jitter::Fraction(fraction) => plain * (1.0 + fraction * (2.0 * random - 1.0)),
            Jitter::Full => plain * random,
        };
        Duration::try_from_secs_f64(delay.max(0.0)).map_or(self.max_delay, |delay| delay.min(self.max_delay))
    }

    /// Whether this many attempts are all there are.
    pub fn is_used_up(&self, attempts: u32) -> bool {
        self.max_attempts != 0 && attempts >= self.max_attempts
    }

    /// The number of attempts to show; `None` when there is no end.
    pub fn shown_attempts(&self) -> Option<u32> {
        (self.max_attempts != 0).then_some(self.max_attempts)
    }

    /// The same with longer time limits. Pauses stay: they protect the server.
    #[must_use]
    pub fn scaled(self, slow: SlowConnection) -> Self {
        let factor = slow.factor();
        Self {
            connect: self.connect.saturating_mul(factor),
            read: self.read.saturating_mul(factor),
            total: self.total.saturating_mul(factor),
            ..self
        }
    }

    /// The same with a first pause `factor` times as long; the limit of a pause stays.
    #[must_use]
    pub fn slowed(self, factor: u32) -> Self {
        Self { initial_delay: self.initial_delay.saturating_mul(factor), ..self }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain() -> RetryPolicy {
        RetryPolicy {
            max_attempts: 5,
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            multiplier: 2.0,
            jitter: Jitter::None,
            connect: Duration::from_secs(5),
            read: Duration::from_secs(10),
            total: Duration::from_secs(20),
            total_is: Deadline::Whole,
            reset_on_success: true,
        }
    }

    #[test]
    fn pauses_double_up_to_the_limit() {
        let delays: Vec<u64> = (1..=9)
            .map(|attempt| u64::try_from(plain().delay_before(attempt, 0.5).as_millis()).unwrap())
            .collect();
        assert_eq!(delays, [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        assert_eq!(plain().delay_before(u32::MAX, 0.5), Duration::from_secs(30));
    }

    #[test]
    fn each_jitter_has_its_range() {
        let secs = |jitter, random| RetryPolicy { jitter, ..plain() }.delay_before(3, random).as_secs_f64();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
        near(secs(Jitter::Add(Duration::from_millis(250)), 0.0), 1.0);
        near(secs(Jitter::Add(Duration::from_millis(250)), 0.5), 1.125);
        near(secs(Jitter::Fraction(0.05), 0.0), 0.95);
        near(secs(Jitter::Fraction(0.05), 1.0), 1.05);
        near(secs(Jitter::Full, 0.0), 0.0);
        near(secs(Jitter::Full, 0.25), 0.25);
    }

    #[test]
    fn pauses_at_the_limit_are_spread_and_not_longer() {
        let policy = RetryPolicy { jitter: Jitter::Fraction(0.1), ..plain() };
        assert_eq!(policy.delay_before(40, 1.0), Duration::from_secs(30));
        assert_eq!(policy.delay_before(40, 0.0), Duration::from_secs(27));
    }

    #[test]
    fn a_slow_connection_gets_time_but_no_longer_pauses() {
        let slow = plain().scaled(SlowConnection::from_factor(4));
        assert_eq!(
            (slow.connect, slow.read, slow.total),
            (Duration::from_secs(20), Duration::from_secs(40), Duration::from_secs(80))
        );
        assert_eq!(slow.initial_delay, plain().initial_delay);
        assert_eq!(plain().scaled(SlowConnection::No), plain());
        assert_eq!([0, 1, 2, 3, 4, 9].map(|f| SlowConnection::from_factor(f).factor()), [1, 1, 2, 2, 4, 4]);
    }

    fn any_jitter() -> impl Strategy<Value = Jitter> {
        prop_oneof![
            Just(Jitter::None),
            Just(Jitter::Full),
            (0u64..10_000).prop_map(|ms| Jitter::Add(Duration::from_millis(ms))),
            (-1.0f64..4.0).prop_map(Jitter::Fraction),
        ]
    }

    proptest! {
        #[test]
        fn no_pause_is_longer_than_the_limit(
            initial in 0u64..=u64::MAX,
            most in 0u64..=10_000_000_000,
            multiplier in any::<f64>(),
            jitter in any_jitter(),
            attempt in any::<u32>(),
            random in 0.0f64..1.0,
        ) {
            let policy = RetryPolicy {
                initial_delay: Duration::from_millis(initial),
                max_delay: Duration::from_millis(most),
                multiplier,
                jitter,
                ..plain()
            };
            prop_assert!(policy.delay_before(attempt, random) <= policy.max_delay);
        }
    }
}
