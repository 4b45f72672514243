//! Who starts when in a race.

use std::cmp::Ordering;
use std::time::Duration;

use super::{RELAY_HANDICAP, SHORTEST_STAGGER, SLOWEST_LOCAL, STAGGER};
use crate::models::{ServerUrl, Tier};

/// One address with what is known of it on this network.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Base address.
    pub uri: ServerUrl,
    /// How near it is.
    pub tier: Tier,
    /// Smoothed round-trip time of earlier days on this network.
    pub usual: Option<Duration>,
    /// Whether its last check on this network failed.
    pub failed_last: bool,
    /// The user wants this one whenever it answers.
    pub pinned: bool,
    /// It is known to lie behind a gateway.
    pub outside: bool,
}

impl Candidate {
    /// An address of which nothing else is known.
    pub fn new(uri: ServerUrl, tier: Tier) -> Self {
        Self { uri, tier, usual: None, failed_last: false, pinned: false, outside: false }
    }

    /// Takes in how fast it answers: what lies behind a gateway and is this slow is not in the own network, whatever
    /// the server says of itself.
    pub fn seen_at(&mut self, rtt: Duration) {
        if self.tier == Tier::Local && self.outside && rtt > SLOWEST_LOCAL {
            self.tier = Tier::Remote;
        }
    }
}

/// Orders candidates for a race: the pinned one; direct ones before relays; what answered last time on this
/// network; nearer tiers; the usually faster; `https`; by name, so that the order is total.
pub fn race_order(candidates: &mut [Candidate]) {
    let relay = |candidate: &Candidate| candidate.tier == Tier::Relay;
    candidates.sort_by(|a, b| {
        b.pinned
            .cmp(&a.pinned)
            .then_with(|| relay(a).cmp(&relay(b)))
            .then_with(|| a.failed_last.cmp(&b.failed_last))
            .then_with(|| a.tier.cmp(&b.tier))
            .then_with(|| compare_usual(a.usual, b.usual))
            .then_with(|| b.uri.is_tls().cmp(&a.uri.is_tls()))
            .then_with(|| a.uri.cmp(&b.uri))
    });
}

fn compare_usual(a: Option<Duration>, b: Option<Duration>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// When each candidate of an ordered list starts, counted from the start of the race.
///
/// The one after `k` waits twice the usual time of `k`, within bounds; a failure starts the next at once,
/// which is the runner's business. Relays wait for [`RELAY_HANDICAP`], unless the user wants one.
pub fn start_offsets(ordered: &[Candidate]) -> Vec<Duration> {
    let mut next = Duration::ZERO;
    ordered
        .iter()
        .map(|candidate| {
            let held_back = candidate.tier == Tier::Relay && !candidate.pinned;
            let offset = if held_back { next.max(RELAY_HANDICAP) } else { next };
            let wait = candidate.usual.map_or(STAGGER, |usual| (usual * 2).clamp(SHORTEST_STAGGER, STAGGER));
            next = offset + wait;
            offset
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(uri: &str, tier: Tier, usual_ms: Option<u64>) -> Candidate {
        let usual = usual_ms.map(Duration::from_millis);
        Candidate { usual, ..Candidate::new(uri.parse().unwrap(), tier) }
    }

    fn names(list: &[Candidate]) -> Vec<&str> {
        list.iter().map(|candidate| candidate.uri.as_str()).collect()
    }

    #[test]
    fn order_prefers_tier_then_history_then_tls() {
        let mut list = vec![
            candidate("http://b", Tier::Local, None),
            candidate("https://c", Tier::Remote, Some(5)),
            candidate("https://a", Tier::Local, None),
            candidate("http://z", Tier::Local, Some(9)),
        ];
        race_order(&mut list);
        assert_eq!(names(&list), ["http://z", "https://a", "http://b", "https://c"]);
    }

    #[test]
    fn a_slow_answer_from_behind_a_gateway_is_not_local() {
        let seen = |tier, outside, ms| {
            let mut candidate = Candidate { outside, ..candidate("https://a", tier, None) };
            candidate.seen_at(Duration::from_millis(ms));
            candidate.tier
        };
        assert_eq!(seen(Tier::Local, true, 51), Tier::Remote);
        // A second network at home, a slow server beside this machine, and a relay.
        assert_eq!(seen(Tier::Local, true, 50), Tier::Local);
        assert_eq!(seen(Tier::Local, false, 900), Tier::Local);
        assert_eq!(seen(Tier::Relay, true, 900), Tier::Relay);
    }

    #[test]
    fn what_failed_here_last_time_comes_late_but_before_relays() {
        let mut dead = candidate("https://dead", Tier::Local, None);
        dead.failed_last = true;
        let relay = candidate("https://relay", Tier::Relay, Some(1));
        let remote = candidate("https://remote", Tier::Remote, Some(80));
        let mut list = vec![relay, dead, remote];
        race_order(&mut list);
        assert_eq!(names(&list), ["https://remote", "https://dead", "https://relay"]);
    }

    #[test]
    fn the_pinned_one_is_first_whatever_it_is() {
        let mut pinned = candidate("https://relay", Tier::Relay, None);
        pinned.pinned = true;
        let mut list = vec![candidate("https://local", Tier::Local, Some(1)), pinned];
        race_order(&mut list);
        assert_eq!(names(&list), ["https://relay", "https://local"]);
        assert_eq!(start_offsets(&list)[0], Duration::ZERO);
    }

    #[test]
    fn offsets_follow_history_and_hold_relays_back() {
        let list = vec![
            candidate("http://a", Tier::Local, Some(10)),
            candidate("http://b", Tier::Local, None),
            candidate("http://r", Tier::Relay, None),
        ];
        let offsets = start_offsets(&list);
        assert_eq!(offsets[0], Duration::ZERO);
        assert_eq!(offsets[1], SHORTEST_STAGGER);
        assert_eq!(offsets[2], RELAY_HANDICAP);
    }

    proptest! {
        #[test]
        fn the_order_does_not_depend_on_the_input(seed in proptest::collection::vec((0_usize..3, 0_u64..500, any::<bool>()), 1..8)) {
            let tiers = [Tier::Local, Tier::Remote, Tier::Relay];
            let mut list: Vec<_> = seed
                .iter()
                .enumerate()
                .map(|(i, (tier, usual, failed))| Candidate {
                    failed_last: *failed,
                    ..candidate(&format!("http://h{i}"), tiers[*tier], Some(*usual))
                })
                .collect();
            let mut reversed: Vec<_> = list.iter().rev().cloned().collect();
            race_order(&mut list);
            race_order(&mut reversed);
            prop_assert_eq!(list, reversed);
        }
    }
}
