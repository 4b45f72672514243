//! How good a picture may be, and where which quality is usual. Pure.

use serde::{Deserialize, Serialize};

use super::Tier;

/// What a stream may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Quality {
    /// The file as it is.
    #[default]
    Original,
    /// No more than this.
    Limit {
        /// Bits per second of picture and sound together.
        bits_per_second: u32,
        /// Height of the picture in pixels.
        height: u32,
    },
}

/// A million bits per second, in bits per second.
const MBIT: u32 = 1_000_000;

/// What a Plex relay carries at most, in bits per second (`docs/protocols.md#plex-transcoding`).
pub const RELAY_BITS: u32 = 2 * MBIT;

const fn step(bits_per_second: u32, height: u32) -> Quality {
    Quality::Limit { bits_per_second, height }
}

impl Quality {
    /// The steps that are offered, the best first.
    pub const STEPS: [Self; 9] = [
        step(40 * MBIT, 2160),
        step(20 * MBIT, 1080),
        step(12 * MBIT, 1080),
        step(8 * MBIT, 1080),
        step(4 * MBIT, 720),
        step(3 * MBIT, 720),
        step(2 * MBIT, 480),
        step(MBIT, 360),
        step(MBIT / 2, 240),
    ];

    /// Bits per second at most; `None` without a limit.
    pub fn bits(self) -> Option<u32> {
        match self {
            Self::Original => None,
            Self::Limit { bits_per_second, .. } => Some(bits_per_second),
        }
    }

    /// Height in pixels at most; `None` without a limit.
    pub fn height(self) -> Option<u32> {
        match self {
            Self::Original => None,
            Self::Limit { height, .. } => Some(height),
        }
    }

    /// The quality of a setting in kilobits per second: 0 for the original, else the best step that is not above.
    pub fn from_kilobits(kilobits: u32) -> Self {
        if kilobits == 0 {
            return Self::Original;
        }
        let bits = kilobits.saturating_mul(1000);
        let fits = |step: &&Self| step.bits().is_some_and(|limit| limit <= bits);
        Self::STEPS.iter().find(fits).or(Self::STEPS.last()).copied().unwrap_or_default()
    }

    /// The setting for it, in kilobits per second.
    pub fn kilobits(self) -> u32 {
        self.bits().map_or(0, |bits| bits / 1000)
    }

    /// The lower of two.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        let cost = |quality: Self| quality.bits().unwrap_or(u32::MAX);
        if cost(other) < cost(self) { other } else { self }
    }

    /// The original, and the steps that are below what a file has. Of a file of unknown bit rate all are.
    pub fn choices(bits_per_second: Option<u64>) -> Vec<Self> {
        let below = |step: &Self| match (step.bits(), bits_per_second) {
            (Some(limit), Some(bits)) => u64::from(limit) < bits,
            _ => true,
        };
        std::iter::once(Self::Original).chain(Self::STEPS.into_iter().filter(below)).collect()
    }

    /// The next lower quality for a file of this bit rate; `None` when there is nothing lower.
    pub fn lower(self, bits_per_second: Option<u64>) -> Option<Self> {
        let now = self.bits().map_or(u64::MAX, u64::from);
        let below = |step: &Self| step.bits().is_some_and(|limit| u64::from(limit) < now);
        Self::choices(bits_per_second).into_iter().find(below)
    }

    /// Whether a file of this bit rate and height is within it. What is not known is not counted.
    pub fn allows(self, bits_per_second: Option<u64>, height: Option<u32>) -> bool {
        let Self::Limit { bits_per_second: most, height: highest } = self else { return true };
        bits_per_second.is_none_or(|bits| bits <= u64::from(most))
            && height.is_none_or(|height| height <= highest)
    }
}

/// What leads to a server now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A network without costs, in which the server is, too.
    Home,
    /// The internet.
    Away,
    /// A network that costs money.
    Metered,
    /// The vendor's relay.
    Relay,
}

impl Way {
    /// The way over a connection of this tier. A server in the same network costs nothing, however the network
    /// is paid; where nothing is known the server counts as away.
    pub fn of(tier: Option<Tier>, metered: bool) -> Self {
        match tier {
            Some(Tier::Relay) => Self::Relay,
            Some(Tier::Local) => Self::Home,
            Some(Tier::Remote) | None if metered => Self::Metered,
            Some(Tier::Remote) | None => Self::Away,
        }
    }
}

/// What is usual where; set by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualQuality {
    /// In the same network.
    pub home: Quality,
    /// Over the internet.
    pub away: Quality,
    /// Where traffic costs money.
    pub metered: Quality,
}

impl Default for UsualQuality {
    fn default() -> Self {
        Self { home: Quality::Original, away: Quality::Original, metered: Quality::from_kilobits(4000) }
    }
}

impl UsualQuality {
    /// The quality for a playback: what was chosen for it, else what is usual on this way. A relay carries
    /// no original, whatever was chosen.
    pub fn decide(self, way: Way, chosen: Option<Quality>) -> Quality {
        let relayed = Quality::from_kilobits(RELAY_BITS / 1000);
        match way {
            Way::Home => chosen.unwrap_or(self.home),
            Way::Away => chosen.unwrap_or(self.away),
            Way::Metered => chosen.unwrap_or(self.metered),
            Way::Relay => chosen.unwrap_or(self.away).at_most(relayed),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const SMALL: Quality = step(MBIT, 360);

    #[test]
    fn a_relay_is_never_asked_for_an_original() {
        let usual = UsualQuality { away: Quality::Original, ..UsualQuality::default() };
        for chosen in [None, Some(Quality::Original), Some(step(40 * MBIT, 2160))] {
            assert_eq!(usual.decide(Way::Relay, chosen).bits(), Some(RELAY_BITS), "{chosen:?}");
        }
        assert_eq!(usual.decide(Way::Relay, Some(SMALL)), SMALL, "less may be chosen");
    }

    #[test]
    fn every_way_has_its_own_quality_and_a_choice_goes_before_it() {
        let usual = UsualQuality {
            home: Quality::Original,
            away: Quality::from_kilobits(8000),
            metered: Quality::from_kilobits(1000),
        };
        for (tier, metered, expected) in [
            (Some(Tier::Local), false, None),
            (Some(Tier::Local), true, None),
            (Some(Tier::Remote), false, Some(8 * MBIT)),
            (Some(Tier::Remote), true, Some(MBIT)),
            (Some(Tier::Relay), false, Some(RELAY_BITS)),
            (None, false, Some(8 * MBIT)),
            (None, true, Some(MBIT)),
        ] {
            let way = Way::of(tier, metered);
            assert_eq!(usual.decide(way, None).bits(), expected, "{tier:?} {metered}");
        }
        let way = Way::of(Some(Tier::Remote), true);
        assert_eq!(usual.decide(way, Some(Quality::Original)), Quality::Original);
    }

    #[test]
    fn steps_above_the_file_are_not_offered() {
        let bits = |of: Option<u64>| -> Vec<Option<u32>> {
            Quality::choices(of).into_iter().map(Quality::bits).collect()
        };
        assert_eq!(bits(Some(1_500_000)), [None, Some(MBIT), Some(MBIT / 2)]);
        assert_eq!(bits(Some(100)), [None]);
        assert_eq!(bits(None).len(), Quality::STEPS.len() + 1);
    }

    #[test]
    fn lower_goes_down_step_by_step_until_there_is_none() {
        let mut quality = Quality::Original;
        let mut seen = Vec::new();
        while let Some(next) = quality.lower(Some(5_000_000)) {
            seen.push(next.kilobits());
            quality = next;
        }
        assert_eq!(seen, [4000, 3000, 2000, 1000, 500]);
    }

    #[test]
    fn settings_and_steps_belong_together() {
        for step in Quality::STEPS {
            assert_eq!(Quality::from_kilobits(step.kilobits()), step);
        }
        assert_eq!(Quality::from_kilobits(0), Quality::Original);
        assert_eq!(
            Quality::from_kilobits(1).kilobits(),
            500,
            "never above the lowest step by a typing error"
        );
        assert_eq!(Quality::from_kilobits(9000).kilobits(), 8000);
        let costs: Vec<u32> = Quality::STEPS.iter().filter_map(|step| step.bits()).collect();
        assert!(costs.is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn what_is_not_known_of_a_file_does_not_forbid_it() {
        let limit = step(4 * MBIT, 720);
        assert!(limit.allows(None, None));
        assert!(limit.allows(Some(4_000_000), Some(720)));
        assert!(!limit.allows(Some(4_000_001), Some(720)));
        assert!(!limit.allows(Some(100), Some(1080)));
        assert!(Quality::Original.allows(Some(u64::MAX), Some(u32::MAX)));
    }
}
