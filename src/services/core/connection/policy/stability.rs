//! When to leave a connection that works for a better one.
//!
//! A failure moves at once and is not decided here. A voluntary change needs several good checks in a row, and
//! there is at most one in a minute, however a network flaps.

use std::collections::HashMap;
use std::time::Duration;

use crate::models::{ServerUrl, Tier};

/// Good checks in a row before a nearer connection is used.
pub const NEARER_CHECKS: u32 = 2;
/// Better checks in a row before a faster connection of the same tier is used; the user may set another
/// number.
pub const FASTER_CHECKS: u32 = 3;
/// A connection this fast is never left for a faster one.
pub const FAST_ENOUGH: Duration = Duration::from_millis(5);
/// Least gain of a change within a tier.
pub const LEAST_GAIN: Duration = Duration::from_millis(10);
/// Least time between a change and the next voluntary one.
pub const DWELL: Duration = Duration::from_mins(1);
/// Most that the dwell grows to when returning did not last.
pub const LONGEST_DWELL: Duration = Duration::from_mins(5);
/// A return to a nearer tier that had to be repeated within this did not last.
pub const RELAPSE: Duration = Duration::from_mins(5);

/// What a check of one connection has shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Which connection.
    pub uri: ServerUrl,
    /// How near it is.
    pub tier: Tier,
    /// Whether the user wants it.
    pub pinned: bool,
    /// Its round-trip time; `None` when it failed.
    pub rtt: Option<Duration>,
}

/// The connection in use.
#[derive(Debug, Clone, PartialEq)]
pub struct InUse {
    /// Which one.
    pub uri: ServerUrl,
    /// How near it is.
    pub tier: Tier,
    /// Whether the user wants it.
    pub pinned: bool,
    /// Its smoothed round-trip time.
    pub usual: Duration,
}

/// A voluntary change of connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Where to.
    pub to: ServerUrl,
    /// Why.
    pub gain: Gain,
}

/// What a voluntary change is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gain {
    /// The user wants that one.
    Pinned,
    /// It is nearer.
    Nearer,
    /// It is faster.
    Faster,
}

/// The memory of one source.
#[derive(Debug, Clone)]
pub struct Stability {
    /// Good checks in a row, by connection.
    good: HashMap<ServerUrl, u32>,
    /// Checks in a row that were clearly faster than the connection in use.
    faster: HashMap<ServerUrl, u32>,
    last_change: Option<Duration>,
    last_return: Option<Duration>,
    dwell: Duration,
}

impl Default for Stability {
    fn default() -> Self {
        Self {
            good: HashMap::new(),
            faster: HashMap::new(),
            last_change: None,
            last_return: None,
            dwell: DWELL,
        }
    }
}

impl Stability {
    /// Notes a change for whatever reason. Times are counted from any fixed moment.
    pub fn changed(&mut self, now: Duration) {
        self.last_change = Some(now);
        self.faster.clear();
    }

    /// Takes in checks, and says whether to change. The caller changes at once and does not call
    /// [`Self::changed`] for it.
    pub fn observe(
        &mut self,
        now: Duration,
        in_use: &InUse,
        sightings: &[Sighting],
        faster_checks: u32,
    ) -> Option<Switch> {
        for sighting in sightings {
            self.count(in_use, sighting);
        }
        if self.last_change.is_some_and(|at| now < at + self.dwell) {
            return None;
        }
        let pinned = || sightings.iter().find(|seen| seen.pinned && !in_use.pinned && seen.rtt.is_some());
        let nearer = || {
            let mut nearer: Vec<_> = sightings
                .iter()
                .filter(|seen| {
                    seen.tier < in_use.tier && !in_use.pinned && self.good_checks(&seen.uri) >= NEARER_CHECKS
                })
                .collect();
            nearer.sort_by_key(|seen| (seen.tier, seen.rtt));
            nearer.first().copied()
        };
        let faster = || {
            sightings
                .iter()
                .filter(|seen| !in_use.pinned && seen.tier == in_use.tier)
                .filter(|seen| self.faster.get(&seen.uri).is_some_and(|times| *times >= faster_checks))
                .min_by_key(|seen| seen.rtt)
        };
        let (to, gain) = pinned()
            .map(|seen| (seen, Gain::Pinned))
            .or_else(|| nearer().map(|seen| (seen, Gain::Nearer)))
            .or_else(|| faster().map(|seen| (seen, Gain::Faster)))?;
        let switch = Switch { to: to.uri.clone(), gain };
        if gain == Gain::Nearer {
            let relapsed = self.last_return.is_some_and(|at| now < at + RELAPSE);
            self.dwell = if relapsed { (self.dwell * 2).min(LONGEST_DWELL) } else { DWELL };
            self.last_return = Some(now);
        }
        self.changed(now);
        Some(switch)
    }

    fn good_checks(&self, uri: &ServerUrl) -> u32 {
        self.good.get(uri).copied().unwrap_or_default()
    }

    fn count(&mut self, in_use: &InUse, sighting: &Sighting) {
        let Some(rtt) = sighting.rtt else {
            self.good.remove(&sighting.uri);
            self.faster.remove(&sighting.uri);
            return;
        };
        *self.good.entry(sighting.uri.clone()).or_default() += 1;
        let clearly = in_use.usual > FAST_ENOUGH
            && rtt * 3 <= in_use.usual * 2
            && in_use.usual.saturating_sub(rtt) >= LEAST_GAIN;
        if clearly && sighting.uri != in_use.uri {
            *self.faster.entry(sighting.uri.clone()).or_default() += 1;
        } else {
            self.faster.remove(&sighting.uri);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_use(tier: Tier, ms: u64) -> InUse {
        InUse { uri: "https://now".parse().unwrap(), tier, pinned: false, usual: Duration::from_millis(ms) }
    }

    fn seen(uri: &str, tier: Tier, ms: Option<u64>) -> Sighting {
        Sighting { uri: uri.parse().unwrap(), tier, pinned: false, rtt: ms.map(Duration::from_millis) }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_nearer_one_needs_two_good_checks_in_a_row() {
        let mut stability = Stability::default();
        let now = in_use(Tier::Relay, 30);
        let good = [seen("https://lan", Tier::Local, Some(2))];
        let bad = [seen("https://lan", Tier::Local, None)];
        assert_eq!(stability.observe(at(0), &now, &good, 3), None);
        assert_eq!(stability.observe(at(30), &now, &bad, 3), None);
        assert_eq!(stability.observe(at(60), &now, &good, 3), None);
        let switch = stability.observe(at(90), &now, &good, 3).unwrap();
        assert_eq!((switch.to.as_str(), switch.gain), ("https://lan", Gain::Nearer));
    }

    #[test]
    fn a_faster_one_needs_three_checks_and_a_clear_gain() {
        let mut stability = Stability::default();
        let now = in_use(Tier::Remote, 60);
        for (second, ms, changes) in
            [(0, 40, false), (30, 41, false), (60, 40, false), (90, 40, false), (120, 40, true)]
        {
            let switch = stability.observe(at(second), &now, &[seen("https://b", Tier::Remote, Some(ms))], 3);
            assert_eq!(switch.is_some(), changes, "after {second} s");
        }
    }

    #[test]
    fn a_connection_that_is_fast_enough_is_kept() {
        let mut stability = Stability::default();
        for second in 0..100 {
            let sighting = [seen("https://b", Tier::Local, Some(0))];
            assert_eq!(stability.observe(at(second * 30), &in_use(Tier::Local, 5), &sighting, 3), None);
        }
    }

    #[test]
    fn a_worse_tier_is_never_chosen_freely() {
        let mut stability = Stability::default();
        for second in 0..100 {
            let sighting =
                [seen("https://wan", Tier::Remote, Some(1)), seen("https://r", Tier::Relay, Some(1))];
            assert_eq!(stability.observe(at(second * 30), &in_use(Tier::Local, 90), &sighting, 3), None);
        }
    }

    #[test]
    fn returning_that_does_not_last_is_held_longer_each_time() {
        let mut stability = Stability::default();
        let near = [seen("https://lan", Tier::Local, Some(2))];
        let mut returns = Vec::new();
        for second in (0..1800).step_by(5) {
            // The nearer one breaks at once after each return, and answers every check.
            if stability.observe(at(second), &in_use(Tier::Remote, 30), &near, 3).is_some() {
                returns.push(second);
                stability.changed(at(second + 1));
            }
        }
        let gaps: Vec<u64> = returns.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.starts_with(&[65, 125, 245]), "{gaps:?}");
        assert!(gaps.iter().all(|gap| *gap <= 305), "{gaps:?}");
    }

    #[test]
    fn the_pinned_one_is_returned_to() {
        let mut stability = Stability::default();
        let mut pinned = seen("https://relay", Tier::Relay, Some(80));
        pinned.pinned = true;
        let switch = stability.observe(at(0), &in_use(Tier::Local, 3), &[pinned], 3).unwrap();
        assert_eq!(switch.gain, Gain::Pinned);
    }

    proptest! {
        #[test]
        fn never_more_than_one_voluntary_change_a_minute(
            checks in proptest::collection::vec((0_u64..40, 0_usize..3, 0_usize..4, proptest::option::of(0_u64..300), any::<bool>()), 1..300)
        ) {
            let tiers = [Tier::Local, Tier::Remote, Tier::Relay];
            let mut stability = Stability::default();
            let mut current = in_use(Tier::Relay, 100);
            let (mut now, mut last) = (Duration::ZERO, None::<Duration>);
            for (wait, tier, which, ms, breaks) in checks {
                now += at(wait);
                let sighting = seen(&format!("https://h{which}"), tiers[tier], ms);
                if let Some(switch) = stability.observe(now, &current, std::slice::from_ref(&sighting), 3) {
                    if let Some(last) = last {
                        prop_assert!(now >= last + DWELL, "{:?} after {:?}", now, last);
                    }
                    last = Some(now);
                    current = InUse { uri: switch.to, tier: tiers[tier], pinned: false, usual: Duration::from_millis(ms.unwrap_or(50)) };
                } else if breaks {
                    stability.changed(now);
                    current = in_use(Tier::Relay, 100);
                }
            }
        }
    }
}
