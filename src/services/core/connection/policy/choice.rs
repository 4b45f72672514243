//! Which of the answers to use, and by which rule.

use std::time::Duration;

use super::{Candidate, score};
use crate::models::Tier;

/// Which rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The user wants it.
    Pinned,
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
            Self::Pinned => "you chose it, and it answers",
            Self::OnlyAnswer => "the only one that answered",
            Self::NearerTier => "nearer than the others that answered",
            Self::Fastest => "the fastest of the nearest",
            Self::RelayLastResort => "no direct connection answered, only the relay",
            Self::Verdict => "an earlier decision is still valid",
        }
    }
}

/// The position of the answer to use, the rule that decided, and the position of the second best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which answer.
    pub winner: usize,
    /// Why.
    pub rule: Rule,
    /// Which would have been next.
    pub runner_up: Option<usize>,
}

/// Chooses among those that answered: the pinned one, else the lowest score, then the lower usual time, then
/// `https`, then the name. `None` when the list is empty.
pub fn choose(answers: &[(Candidate, Duration)]) -> Option<Choice> {
    let key = |position: &usize| {
        let (candidate, rtt) = &answers[*position];
        (
            !candidate.pinned,
            score(candidate.tier, Some(*rtt)),
            candidate.usual.unwrap_or(*rtt),
            !candidate.uri.is_tls(),
            candidate.uri.clone(),
        )
    };
    let mut order: Vec<usize> = (0..answers.len()).collect();
    order.sort_by_cached_key(key);
    let winner = *order.first()?;
    let candidate = &answers[winner].0;
    let rule = if candidate.pinned {
        Rule::Pinned
    } else if candidate.tier == Tier::Relay {
        Rule::RelayLastResort
    } else if answers.len() == 1 {
        Rule::OnlyAnswer
    } else if answers.iter().filter(|(other, _)| other.tier == candidate.tier).count() > 1 {
        Rule::Fastest
    } else {
        Rule::NearerTier
    };
    Some(Choice { winner, rule, runner_up: order.get(1).copied() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn answer(uri: &str, tier: Tier, ms: u64) -> (Candidate, Duration) {
        let uri = uri.parse().unwrap();
        let candidate = Candidate::new(uri, tier);
        (candidate, Duration::from_millis(ms))
    }

    fn winner(answers: &[(Candidate, Duration)]) -> Option<(usize, Rule)> {
        choose(answers).map(|choice| (choice.winner, choice.rule))
    }

    #[test]
    fn nearer_wins_over_faster() {
        let answers =
            vec![answer("https://remote", Tier::Remote, 2), answer("https://local", Tier::Local, 40)];
        assert_eq!(winner(&answers), Some((1, Rule::NearerTier)));
        assert_eq!(choose(&answers).unwrap().runner_up, Some(0));
    }

    #[test]
    fn relay_wins_only_alone() {
        let relay = answer("https://relay", Tier::Relay, 1);
        let remote = answer("https://remote", Tier::Remote, 900);
        assert_eq!(winner(std::slice::from_ref(&relay)), Some((0, Rule::RelayLastResort)));
        assert_eq!(winner(&[relay, remote]), Some((1, Rule::NearerTier)));
    }

    #[test]
    fn the_pinned_one_wins_when_it_answers() {
        let mut pinned = answer("https://relay", Tier::Relay, 90);
        pinned.0.pinned = true;
        assert_eq!(winner(&[answer("https://local", Tier::Local, 1), pinned]), Some((1, Rule::Pinned)));
    }

    #[test]
    fn the_usual_time_breaks_a_tie_of_scores() {
        let mut steady = answer("https://steady", Tier::Remote, 60);
        steady.0.usual = Some(Duration::from_millis(20));
        let mut lucky = answer("https://lucky", Tier::Remote, 10);
        lucky.0.usual = Some(Duration::from_millis(90));
        assert_eq!(winner(&[lucky, steady]), Some((1, Rule::Fastest)));
    }

    #[test]
    fn nothing_is_chosen_of_nothing() {
        assert_eq!(choose(&[]), None);
    }
}
