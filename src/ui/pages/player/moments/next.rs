//! When what comes next is announced, and when it begins: pure.

use std::time::Duration;

/// From the announcement to the beginning of what comes next.
pub const COUNTDOWN: Duration = Duration::from_secs(10);
/// After so many that began by themselves somebody is asked for.
const UNATTENDED: u32 = 3;

/// What is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Announced {
    /// Nothing.
    #[default]
    Nothing,
    /// What comes next, beginning by itself after this.
    Counting(Duration),
    /// What comes next; it does not begin by itself.
    Waiting,
    /// Whether anybody is still there.
    StillWatching,
}

/// How things are.
#[expect(clippy::struct_excessive_bools, reason = "four facts that have nothing to do with each other")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Something comes next.
    pub has_next: bool,
    /// It may begin by itself.
    pub by_itself: bool,
    /// The last credits run, or the end was reached.
    pub is_due: bool,
    /// Time counts: it plays, or the end was reached.
    pub moves: bool,
}

/// The announcement of what comes next.
#[derive(Debug, Default)]
pub struct NextCard {
    announced: Announced,
    cancelled: bool,
    /// How many began by themselves since somebody was heard of.
    unattended: u32,
}

impl NextCard {
    /// Another one plays. What was cancelled is so no more.
    pub fn opened(&mut self) {
        self.announced = Announced::Nothing;
        self.cancelled = false;
    }

    /// Somebody moves something.
    pub fn attended(&mut self) {
        self.unattended = 0;
    }

    /// Somebody does not want it. It does not come again for what plays.
    pub fn cancel(&mut self) {
        self.announced = Announced::Nothing;
        self.cancelled = true;
        self.attended();
    }

    /// Whether it was cancelled for what plays.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// What is announced now.
    pub fn announced(&self) -> Announced {
        self.announced
    }

    /// Time passes, so much since the last call. Whether what comes next begins now.
    pub fn tick(&mut self, now: Situation, passed: Duration) -> bool {
        if !now.has_next || !now.is_due || self.cancelled {
            self.announced = Announced::Nothing;
            return false;
        }
        self.announced = match self.announced {
            Announced::Nothing if !now.by_itself => Announced::Waiting,
            Announced::Nothing if self.unattended >= UNATTENDED => Announced::StillWatching,
            Announced::Nothing => Announced::Counting(COUNTDOWN),
            Announced::Counting(left) if now.moves => match left.checked_sub(passed) {
                Some(left) if !left.is_zero() => Announced::Counting(left),
                _ => {
                    self.unattended += 1;
                    self.announced = Announced::Nothing;
                    return true;
                }
            },
            other => other,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const DUE: Situation = Situation { has_next: true, by_itself: true, is_due: true, moves: true };

    /// Ticks seconds until it goes on; how many that were.
    fn until_next(card: &mut NextCard) -> Option<u32> {
        (1..60).find(|_| card.tick(DUE, SECOND))
    }

    #[test]
    fn it_counts_down_and_goes_on() {
        let mut card = NextCard::default();
        assert!(!card.tick(Situation { is_due: false, ..DUE }, SECOND));
        assert_eq!(card.announced(), Announced::Nothing, "never before it is due");
        assert!(!card.tick(DUE, SECOND));
        assert_eq!(card.announced(), Announced::Counting(COUNTDOWN));
        assert!(!card.tick(DUE, SECOND));
        assert!(!card.tick(Situation { moves: false, ..DUE }, SECOND));
        assert_eq!(card.announced(), Announced::Counting(9 * SECOND), "a pause holds it");
        assert_eq!(until_next(&mut card), Some(9));
    }

    #[test]
    fn it_begins_anew_after_going_back() {
        let mut card = NextCard::default();
        for _ in 0..5 {
            assert!(!card.tick(DUE, SECOND));
        }
        assert!(!card.tick(Situation { is_due: false, ..DUE }, SECOND));
        assert_eq!(card.announced(), Announced::Nothing);
        assert_eq!(until_next(&mut card), Some(11));
    }

    #[test]
    fn what_was_cancelled_does_not_come_again() {
        let mut card = NextCard::default();
        assert!(!card.tick(DUE, SECOND));
        card.cancel();
        assert_eq!(until_next(&mut card), None);
        assert!(card.is_cancelled());
        card.opened();
        assert_eq!(until_next(&mut card), Some(11), "but with the next one");
    }

    #[test]
    fn without_a_next_one_nothing_is_announced() {
        let mut card = NextCard::default();
        assert!(!card.tick(Situation { has_next: false, ..DUE }, SECOND));
        assert_eq!(card.announced(), Announced::Nothing);
        assert!(!card.tick(Situation { by_itself: false, ..DUE }, SECOND));
        assert!(!card.tick(Situation { by_itself: false, ..DUE }, 20 * SECOND));
        assert_eq!(card.announced(), Announced::Waiting);
    }

    #[test]
    fn after_three_alone_it_asks() {
        let mut card = NextCard::default();
        for _ in 0..3 {
            assert!(until_next(&mut card).is_some());
            card.opened();
        }
        assert_eq!(until_next(&mut card), None);
        assert_eq!(card.announced(), Announced::StillWatching);
        card.opened();
        card.attended();
        assert!(until_next(&mut card).is_some(), "somebody is there");
    }
}
