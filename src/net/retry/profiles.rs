//! The table of retry policies: one row for each use of the network.

use std::time::Duration;

use super::policy::{Deadline, Jitter, RetryPolicy};

/// One row: everything is in seconds; the multiplier is 2 and a success resets, everywhere.
const fn row(
    max_attempts: u32,
    (initial, most): (f64, f64),
    jitter: Jitter,
    (connect, read, total): (u64, u64, u64),
    total_is: Deadline,
) -> RetryPolicy {
    RetryPolicy {
        max_attempts,
        initial_delay: millis(initial),
        max_delay: millis(most),
        multiplier: 2.0,
        jitter,
        connect: Duration::from_secs(connect),
        read: Duration::from_secs(read),
        total: Duration::from_secs(total),
        total_is,
        reset_on_success: true,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small positive constants of the table below; `Duration::from_secs_f64` is not const"
)]
const fn millis(seconds: f64) -> Duration {
    Duration::from_millis((seconds * 1000.0) as u64)
}

/// Up to a quarter of a second more: enough to spread a screen full of requests.
const ADD: Jitter = Jitter::Add(Duration::from_millis(250));

impl RetryPolicy {
    /// An identity check in a race: the race itself is the repetition.
    pub const PROBE: Self = row(1, (0.0, 0.0), Jitter::None, (3, 3, 3), Deadline::Whole);
    /// Somebody waits for it.
    pub const INTERACTIVE: Self = row(4, (0.5, 10.0), ADD, (5, 10, 20), Deadline::Whole);
    /// Everything that is nothing else.
    pub const DEFAULT: Self = row(4, (0.5, 10.0), ADD, (5, 30, 60), Deadline::Whole);
    /// A server searches its whole library, often on a slow disk.
    pub const SEARCH: Self = row(4, (0.5, 10.0), ADD, (5, 45, 90), Deadline::Whole);
    /// Nobody waits at this moment: pauses of 1, 2 and 4 s.
    pub const BACKGROUND: Self = row(4, (1.0, 4.0), Jitter::Fraction(0.1), (5, 30, 60), Deadline::Whole);
    /// A long transfer, taken up again where it broke.
    pub const DOWNLOAD: Self =
        row(5, (0.5, 30.0), Jitter::Fraction(0.05), (5, 60, 300), Deadline::PerAttempt);
    /// A film that plays: short pauses while the player's buffer lasts, and an end before somebody gives up. A disk
    /// that sleeps needs ten seconds to wake.
    pub const MEDIA: Self = row(20, (0.25, 5.0), Jitter::Fraction(0.1), (5, 20, 60), Deadline::Whole);
    /// A connection that was lost.
    pub const RECONNECT: Self = row(5, (0.5, 30.0), Jitter::Fraction(0.05), (5, 10, 20), Deadline::Whole);
    /// The handshake of a WebSocket.
    pub const LIVE: Self = row(3, (1.0, 15.0), Jitter::Fraction(0.1), (5, 10, 20), Deadline::PerAttempt);
    /// Looking for the servers of an account.
    pub const DISCOVERY: Self =
        row(5, (2.0, 60.0), Jitter::Fraction(0.075), (5, 10, 20), Deadline::PerAttempt);
    /// One address of a server.
    pub const ENDPOINT: Self = row(3, (1.0, 30.0), Jitter::Fraction(0.05), (5, 10, 20), Deadline::Whole);
    /// What must arrive in the end.
    pub const FOREVER: Self = row(0, (1.0, 60.0), Jitter::Full, (5, 30, 60), Deadline::PerAttempt);

    /// All profiles with their names.
    pub const PROFILES: [(&'static str, Self); 12] = [
        ("probe", Self::PROBE),
        ("interactive", Self::INTERACTIVE),
        ("default", Self::DEFAULT),
        ("search", Self::SEARCH),
        ("background", Self::BACKGROUND),
        ("download", Self::DOWNLOAD),
        ("media", Self::MEDIA),
        ("reconnect", Self::RECONNECT),
        ("live", Self::LIVE),
        ("discovery", Self::DISCOVERY),
        ("endpoint", Self::ENDPOINT),
        ("forever", Self::FOREVER),
    ];
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(policy: &RetryPolicy, attempts: u32) -> Vec<(u128, u128)> {
        let ms = |attempt, random| policy.delay_before(attempt, random).as_millis();
        (2..=attempts).map(|attempt| (ms(attempt, 0.0), ms(attempt, 1.0))).collect()
    }

    #[test]
    fn the_pauses_are_those_of_the_table() {
        assert_eq!(ranges(&RetryPolicy::INTERACTIVE, 4), [(500, 750), (1000, 1250), (2000, 2250)]);
        assert_eq!(ranges(&RetryPolicy::BACKGROUND, 4), [(900, 1100), (1800, 2200), (3600, 4000)]);
        assert_eq!(
            ranges(&RetryPolicy::RECONNECT, 6),
            [(475, 525), (950, 1050), (1900, 2100), (3800, 4200), (7600, 8400)]
        );
        assert_eq!(ranges(&RetryPolicy::DISCOVERY, 3), [(1850, 2150), (3700, 4300)]);
        assert_eq!(ranges(&RetryPolicy::FOREVER, 3), [(0, 1000), (0, 2000)]);
    }

    #[test]
    fn deadlines_and_limits_make_sense_in_every_profile() {
        for (name, policy) in RetryPolicy::PROFILES {
            assert!(policy.connect <= policy.read && policy.read <= policy.total, "{name}");
            assert!(policy.initial_delay <= policy.max_delay, "{name}");
            assert!(policy.reset_on_success, "{name}");
            let per_attempt = ["download", "forever", "discovery", "live"].contains(&name);
            assert_eq!(policy.total_is == Deadline::PerAttempt, per_attempt, "{name}");
            assert_eq!(policy.max_attempts == 0, name == "forever", "{name}");
        }
    }
}
