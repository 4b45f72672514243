//! The score of a connection: lower is better.

use std::time::Duration;

use crate::models::Tier;

/// Bonus of an available connection in the server's own network.
pub const LOCAL_BONUS: i32 = -1000;
/// Malus of a relay: its bandwidth is limited by the vendor.
pub const RELAY_MALUS: i32 = 500;
/// Malus of a connection that did not answer; also the least score of one.
pub const UNAVAILABLE_MALUS: i32 = 10_000;
/// Milliseconds of round-trip time that weigh one point.
const MS_PER_POINT: u128 = 100;

/// The score of a connection: lower is better. Whatever is unavailable scores at least
/// [`UNAVAILABLE_MALUS`].
///
/// `rtt` is `None` when the connection did not answer.
pub fn score(tier: Tier, rtt: Option<Duration>) -> i32 {
    let relay = if tier == Tier::Relay { RELAY_MALUS } else { 0 };
    let Some(rtt) = rtt else { return UNAVAILABLE_MALUS + relay };
    let local = if tier == Tier::Local { LOCAL_BONUS } else { 0 };
    let latency = i32::try_from(rtt.as_millis() / MS_PER_POINT).unwrap_or(i32::MAX);
    // An answer that took very long still is one: it stays below the unavailable ones.
    latency.saturating_add(local + relay).min(UNAVAILABLE_MALUS - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_four_examples_hold() {
        let ms = Duration::from_millis;
        assert_eq!(score(Tier::Local, Some(ms(50))), -1000);
        assert_eq!(score(Tier::Remote, Some(ms(100))), 1);
        assert_eq!(score(Tier::Relay, Some(ms(200))), 502);
        assert_eq!(score(Tier::Local, None), 10_000);
        assert_eq!(score(Tier::Relay, None), 10_500);
    }

    proptest! {
        #[test]
        fn unavailable_always_loses(rtt in 0_u64..10_000_000, tier in 0_usize..3, other in 0_usize..3) {
            let tiers = [Tier::Local, Tier::Remote, Tier::Relay];
            let answered = score(tiers[tier], Some(Duration::from_millis(rtt)));
            prop_assert!(answered < UNAVAILABLE_MALUS);
            prop_assert!(score(tiers[other], None) >= UNAVAILABLE_MALUS);
        }
    }
}
