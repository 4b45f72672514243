//! When a marked stretch is offered to be skipped, and when it is skipped: pure.

use std::time::{Duration, Instant};

use crate::models::{Marker, MarkerKind, segments};

/// How long the offer stays without anybody moving anything.
const OFFERED: Duration = Duration::from_secs(8);
/// What is left of a stretch and is shorter than this is not worth a jump.
const NOT_WORTH: Duration = Duration::from_secs(1);

/// What happens to a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Skipping {
    /// A button is offered.
    #[default]
    Ask,
    /// It is skipped, once.
    Automatically,
    /// It is played.
    Never,
}

/// What happens to stretches, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SkipRules {
    /// Everything but the credits.
    pub intro: Skipping,
    /// The credits.
    pub credits: Skipping,
}

impl SkipRules {
    fn of(self, kind: MarkerKind) -> Skipping {
        if kind == MarkerKind::Credits { self.credits } else { self.intro }
    }
}

/// What is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipStep {
    /// Nothing.
    Nothing,
    /// Offer to skip this.
    Offer(MarkerKind),
    /// Go to the end of this.
    Jump(MarkerKind, Duration),
}

/// The stretches of what plays.
#[derive(Debug, Default)]
pub struct Skipper {
    segments: Vec<Marker>,
    /// The stretch that it is in, and since when.
    inside: Option<(usize, Instant)>,
    /// Those that were skipped by themselves: who goes back into one wants to see it.
    skipped: Vec<usize>,
}

impl Skipper {
    /// Knows these from now on. What was skipped already stays so when they are the same.
    pub fn know(&mut self, segments: Vec<Marker>) {
        if self.segments != segments {
            *self = Self { segments, ..Self::default() };
        }
    }

    /// All of them.
    pub fn segments(&self) -> &[Marker] {
        &self.segments
    }

    /// Time passes. `awake` says that somebody moves something.
    pub fn tick(&mut self, at: Duration, now: Instant, rules: SkipRules, awake: bool) -> SkipStep {
        let found = segments::around(&self.segments, at);
        let place = found.and_then(|found| self.segments.iter().position(|segment| segment == found));
        let (Some(segment), Some(place)) = (found, place) else {
            self.inside = None;
            return SkipStep::Nothing;
        };
        let (kind, end) = (segment.kind, segment.end);
        let since = match self.inside {
            Some((inside, since)) if inside == place => since,
            _ => now,
        };
        self.inside = Some((place, since));
        if end.saturating_sub(at) < NOT_WORTH {
            return SkipStep::Nothing;
        }
        match rules.of(kind) {
            Skipping::Never => SkipStep::Nothing,
            Skipping::Automatically if !self.skipped.contains(&place) => {
                self.skipped.push(place);
                SkipStep::Jump(kind, end)
            }
            _ if awake || now.saturating_duration_since(since) < OFFERED => SkipStep::Offer(kind),
            _ => SkipStep::Nothing,
        }
    }

    /// Where a skip from here leads; `None` outside of every stretch.
    pub fn end(&self, at: Duration) -> Option<Duration> {
        segments::around(&self.segments, at).map(|segment| segment.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipper() -> Skipper {
        let marker = |kind, start, end| Marker {
            kind,
            start: Duration::from_secs(start),
            end: Duration::from_secs(end),
        };
        let mut skipper = Skipper::default();
        skipper.know(vec![marker(MarkerKind::Intro, 30, 90), marker(MarkerKind::Credits, 3500, 3600)]);
        skipper
    }

    #[test]
    fn an_offer_goes_and_comes_back_with_a_movement() {
        let start = Instant::now();
        let mut skipper = skipper();
        let mut tick = |at, passed, awake| {
            let now = start + Duration::from_secs(passed);
            skipper.tick(Duration::from_secs(at), now, SkipRules::default(), awake)
        };
        assert_eq!(tick(29, 0, true), SkipStep::Nothing);
        assert_eq!(tick(30, 1, false), SkipStep::Offer(MarkerKind::Intro));
        assert_eq!(tick(38, 8, false), SkipStep::Offer(MarkerKind::Intro));
        assert_eq!(tick(39, 9, false), SkipStep::Nothing);
        assert_eq!(tick(40, 10, true), SkipStep::Offer(MarkerKind::Intro));
        assert_eq!(tick(90, 60, true), SkipStep::Nothing, "it is over");
        assert_eq!(tick(31, 61, false), SkipStep::Offer(MarkerKind::Intro), "gone back into");
    }

    #[test]
    fn what_skips_itself_does_so_once() {
        let now = Instant::now();
        let rules = SkipRules { intro: Skipping::Automatically, credits: Skipping::Never };
        let mut skipper = skipper();
        let mut tick = |at| skipper.tick(Duration::from_secs(at), now, rules, false);
        assert_eq!(tick(31), SkipStep::Jump(MarkerKind::Intro, Duration::from_secs(90)));
        assert_eq!(tick(90), SkipStep::Nothing);
        assert_eq!(tick(40), SkipStep::Offer(MarkerKind::Intro), "who goes back is asked");
        assert_eq!(tick(3550), SkipStep::Nothing, "never");
        let same = skipper.segments().to_vec();
        skipper.know(same);
        let again = skipper.tick(Duration::from_secs(40), now, rules, false);
        assert_eq!(again, SkipStep::Offer(MarkerKind::Intro), "heard of once more, it is no other");
    }

    #[test]
    fn the_last_moment_of_a_stretch_is_not_worth_a_jump() {
        let mut skipper = skipper();
        let at = Duration::from_millis(89_500);
        assert_eq!(skipper.tick(at, Instant::now(), SkipRules::default(), true), SkipStep::Nothing);
        assert_eq!(skipper.end(at), Some(Duration::from_secs(90)));
        assert_eq!(skipper.end(Duration::from_secs(95)), None);
    }
}
