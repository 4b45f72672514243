//! Which connection to try first, and which to use. Pure: no I/O, no clock.

use std::cmp::Ordering;
use std::time::Duration;

use crate::models::{ServerConnection, ServerUrl, Tier};

/// Bonus of an available connection in the server's own network.
pub const LOCAL_BONUS: i32 = -1000;
/// Malus of a relay: its bandwidth is limited by the vendor.
pub const RELAY_MALUS: i32 = 500;
/// Malus of a connection that did not answer; also the least score of one.
pub const UNAVAILABLE_MALUS: i32 = 10_000;
/// Milliseconds of round-trip time that weigh one point.
const MS_PER_POINT: u128 = 100;

/// Most attempts in flight in one race.
pub const MOST_PARALLEL: usize = 8;
/// The next attempt starts after this without history of the one before.
pub const STAGGER: Duration = Duration::from_millis(250);
/// Least wait before the next attempt.
pub const SHORTEST_STAGGER: Duration = Duration::from_millis(100);
/// How long a better tier may still arrive after the first success.
pub const BETTER_TIER_GRACE: Duration = Duration::from_millis(100);
/// A relay may win only after this, unless every direct candidate has failed.
pub const RELAY_HANDICAP: Duration = Duration::from_millis(1500);
/// How long a verdict is valid.
pub const VERDICT_VALIDITY: Duration = Duration::from_secs(30);
/// Successes renew a verdict at most this often: each renewal is a write.
pub const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);
/// How long an expired verdict may still be used at once.
pub const VERDICT_GRACE: Duration = Duration::from_mins(5);

/// One address with what is known of it on this network.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Base address.
    pub uri: ServerUrl,
    /// How near it is.
    pub tier: Tier,
    /// Smoothed round-trip time of earlier days on this network.
    pub usual: Option<Duration>,
    /// Whether it answered at the last check.
    pub was_available: bool,
}

impl Candidate {
    /// A candidate from the stored list.
    pub fn new(connection: &ServerConnection, usual: Option<Duration>) -> Self {
        Self {
            uri: connection.uri.clone(),
            tier: connection.tier(),
            usual,
            was_available: connection.is_available,
        }
    }
}

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

/// Orders candidates for a race: nearer tiers first, then what answered last time, then the usually faster,
/// then `https`, then by name so that the order is total.
pub fn race_order(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        a.tier
            .cmp(&b.tier)
            .then_with(|| b.was_available.cmp(&a.was_available))
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
/// which is the runner's business. Relays wait for [`RELAY_HANDICAP`].
pub fn start_offsets(ordered: &[Candidate]) -> Vec<Duration> {
    let mut next = Duration::ZERO;
    ordered
        .iter()
        .map(|candidate| {
            let offset = if candidate.tier == Tier::Relay { next.max(RELAY_HANDICAP) } else { next };
            let wait = candidate.usual.map_or(STAGGER, |usual| (usual * 2).clamp(SHORTEST_STAGGER, STAGGER));
            next = offset + wait;
            offset
        })
        .collect()
}

/// Which rule decided a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It was the only one that answered.
    OnlyAnswer,
    /// It is nearer than the others that answered.
    NearerTier,
    /// It was the fastest of its tier.
    Fastest,
    /// Nothing direct answered, only the relay.
    RelayLastResort,
    /// A stored verdict was still good.
    Verdict,
}

impl Rule {
    /// The rule in a sentence for reports; not translated.
    pub fn describe(self) -> &'static str {
        match self {
            Self::OnlyAnswer => "the only one that answered",
            Self::NearerTier => "nearer than the others that answered",
            Self::Fastest => "the fastest of the nearest",
            Self::RelayLastResort => "no direct connection answered, only the relay",
            Self::Verdict => "an earlier decision is still valid",
        }
    }
}

/// The one of those that answered to use: lowest score, then lower latency, then `https`, then name.
///
/// Returns its position and the rule; `None` when the list is empty.
pub fn choose(answers: &[(Candidate, Duration)]) -> Option<(usize, Rule)> {
    let key = |(candidate, rtt): &(Candidate, Duration)| {
        (score(candidate.tier, Some(*rtt)), *rtt, !candidate.uri.is_tls(), candidate.uri.clone())
    };
    let (winner, (candidate, _)) = answers.iter().enumerate().min_by_key(|(_, answer)| key(answer))?;
    let rule = if candidate.tier == Tier::Relay {
        Rule::RelayLastResort
    } else if answers.len() == 1 {
        Rule::OnlyAnswer
    } else if answers.iter().filter(|(other, _)| other.tier == candidate.tier).count() > 1 {
        Rule::Fastest
    } else {
        Rule::NearerTier
    };
    Some((winner, rule))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(uri: &str, tier: Tier, usual_ms: Option<u64>) -> Candidate {
        Candidate {
            uri: uri.parse().unwrap(),
            tier,
            usual: usual_ms.map(Duration::from_millis),
            was_available: false,
        }
    }

    #[test]
    fn the_score_table_holds() {
        let ms = Duration::from_millis;
        assert_eq!(score(Tier::Local, Some(ms(50))), -1000);
        assert_eq!(score(Tier::Remote, Some(ms(100))), 1);
        assert_eq!(score(Tier::Relay, Some(ms(200))), 502);
        assert_eq!(score(Tier::Local, None), 10_000);
        assert_eq!(score(Tier::Relay, None), 10_500);
    }

    #[test]
    fn nearer_wins_over_faster() {
        let answers = vec![
            (candidate("https://remote", Tier::Remote, None), Duration::from_millis(2)),
            (candidate("https://local", Tier::Local, None), Duration::from_millis(40)),
        ];
        assert_eq!(choose(&answers), Some((1, Rule::NearerTier)));
    }

    #[test]
    fn relay_wins_only_alone() {
        let relay = (candidate("https://relay", Tier::Relay, None), Duration::from_millis(1));
        let remote = (candidate("https://remote", Tier::Remote, None), Duration::from_millis(900));
        assert_eq!(choose(std::slice::from_ref(&relay)), Some((0, Rule::RelayLastResort)));
        assert_eq!(choose(&[relay, remote]), Some((1, Rule::NearerTier)));
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
        let order: Vec<_> = list.iter().map(|candidate| candidate.uri.as_str().to_owned()).collect();
        assert_eq!(order, ["http://z", "https://a", "http://b", "https://c"]);
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
        fn unavailable_always_loses(rtt in 0_u64..10_000_000, tier in 0_usize..3, other in 0_usize..3) {
            let tiers = [Tier::Local, Tier::Remote, Tier::Relay];
            let answered = score(tiers[tier], Some(Duration::from_millis(rtt)));
            prop_assert!(answered < UNAVAILABLE_MALUS);
            prop_assert!(score(tiers[other], None) >= UNAVAILABLE_MALUS);
        }

        #[test]
        fn the_order_does_not_depend_on_the_input(seed in proptest::collection::vec((0_usize..3, 0_u64..500), 1..8)) {
            let tiers = [Tier::Local, Tier::Remote, Tier::Relay];
            let mut list: Vec<_> = seed
                .iter()
                .enumerate()
                .map(|(i, (tier, usual))| candidate(&format!("http://h{i}"), tiers[*tier], Some(*usual)))
                .collect();
            let mut reversed: Vec<_> = list.iter().rev().cloned().collect();
            race_order(&mut list);
            race_order(&mut reversed);
            prop_assert_eq!(list, reversed);
        }
    }
}
