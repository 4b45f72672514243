//! How long until a source is looked at again. Pure.

use std::time::Duration;

use crate::services::core::connection::CheckOutcome;

/// Between checks of a source that answers, while somebody looks at the window.
pub const ATTENTIVE: Duration = Duration::from_secs(30);
/// First wait of a source that answers, while nobody looks or the network is paid by volume.
pub const CALM: Duration = Duration::from_mins(1);
/// Longest wait of such a source.
pub const CALMEST: Duration = Duration::from_mins(5);
/// After the first failure.
pub const FIRST_DOUBT: Duration = Duration::from_secs(5);
/// After further failures that did not yet make it offline.
pub const DOUBT: Duration = Duration::from_secs(10);
/// Between checks of a source that is offline, at first.
pub const EAGER: Duration = Duration::from_secs(5);
/// How long that lasts: servers that restart are back by then.
pub const EAGER_FOR: Duration = Duration::from_mins(1);
/// Longest wait of a source that is offline.
pub const PATIENT: Duration = Duration::from_secs(30);

/// What the schedule depends on besides the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mood {
    /// Somebody looks at the window.
    pub focused: bool,
    /// The network is paid by volume.
    pub metered: bool,
}

impl Default for Mood {
    fn default() -> Self {
        Self { focused: true, metered: false }
    }
}

impl Mood {
    fn is_attentive(self) -> bool {
        self.focused && !self.metered
    }
}

/// Where a source is in its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pace {
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    /// Not looked at yet.
    #[default]
    New,
    /// Answers; the wait that comes next when nobody looks.
    Online { calm: Duration },
    /// Failed once or more, and is not called offline yet.
    Suspect,
    /// Does not answer since then; the last wait.
    Offline { since: Duration, wait: Duration },
}

impl Pace {
    /// The wait after a check, counted from its beginning. `now` is counted from any fixed moment.
    pub fn after(&mut self, now: Duration, outcome: CheckOutcome, mood: Mood) -> Duration {
        let (phase, wait) = match (outcome, self.phase) {
            (CheckOutcome::Up, _) if mood.is_attentive() => (Phase::Online { calm: CALM }, ATTENTIVE),
            (CheckOutcome::Up, Phase::Online { calm }) => {
                (Phase::Online { calm: (calm * 2).min(CALMEST) }, calm)
            }
            (CheckOutcome::Up, _) => (Phase::Online { calm: CALM * 2 }, CALM),
            (CheckOutcome::Suspect, Phase::Suspect) => (Phase::Suspect, DOUBT),
            (CheckOutcome::Suspect, _) => (Phase::Suspect, FIRST_DOUBT),
            (CheckOutcome::Down, Phase::Offline { since, wait }) => {
                let wait = if now < since + EAGER_FOR { EAGER } else { (wait * 2).min(PATIENT) };
                (Phase::Offline { since, wait }, wait)
            }
            (CheckOutcome::Down, _) => (Phase::Offline { since: now, wait: EAGER }, EAGER),
        };
        self.phase = phase;
        wait
    }

    /// The most that a source that answers may wait when somebody begins to look.
    pub fn is_online(self) -> bool {
        matches!(self.phase, Phase::Online { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: Mood = Mood { focused: false, metered: false };

    fn waits(mood: Mood, outcomes: &[CheckOutcome]) -> Vec<u64> {
        let mut pace = Pace::default();
        let mut now = Duration::ZERO;
        outcomes
            .iter()
            .map(|outcome| {
                let wait = pace.after(now, *outcome, mood);
                now += wait;
                wait.as_secs()
            })
            .collect()
    }

    #[test]
    fn a_source_that_answers_is_looked_at_every_half_minute() {
        assert_eq!(waits(Mood::default(), &[CheckOutcome::Up; 4]), [30; 4]);
    }

    #[test]
    fn when_nobody_looks_the_waits_grow_to_five_minutes() {
        let grow = [60, 120, 240, 300, 300];
        assert_eq!(waits(AWAY, &[CheckOutcome::Up; 5]), grow);
        assert_eq!(waits(Mood { focused: true, metered: true }, &[CheckOutcome::Up; 5]), grow);
    }

    #[test]
    fn doubt_looks_again_soon() {
        use CheckOutcome::{Suspect, Up};
        assert_eq!(waits(AWAY, &[Up, Up, Suspect, Suspect, Up]), [60, 120, 5, 10, 60]);
    }

    #[test]
    fn offline_is_eager_for_a_minute_and_then_patient() {
        let mut outcomes = vec![CheckOutcome::Suspect];
        outcomes.extend([CheckOutcome::Down; 16]);
        let found = waits(AWAY, &outcomes);
        assert_eq!(found[..13], [5; 13]);
        assert_eq!(found[13..], [10, 20, 30, 30]);
    }
}
