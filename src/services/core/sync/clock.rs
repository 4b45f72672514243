//! The clock of a server against the one here. Pure.

use chrono::{DateTime, TimeDelta, Utc};

/// Clocks that differ by less are the same: an answer takes some seconds, and is stamped in whole ones.
const SMALLEST_OFFSET: TimeDelta = TimeDelta::minutes(1);

/// By how much the clock here is ahead of a server's. An answer is on its way for a while, and servers tell whole
/// seconds: less than that is no difference.
pub(super) fn clock_offset(at: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    let offset = TimeDelta::seconds((now - at).num_seconds());
    if offset.abs() < SMALLEST_OFFSET { TimeDelta::zero() } else { offset }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_a_clock_that_is_wrong_counts() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05.600Z".parse().unwrap();
        for (ahead, counts) in [(0, 0), (59, 0), (-59, 0), (60, 60), (-259_200, -259_200), (259_200, 259_200)]
        {
            let offset = clock_offset(now - TimeDelta::seconds(ahead), now);
            assert_eq!(offset, TimeDelta::seconds(counts), "{ahead}");
        }
    }
}
