//! Asks several connections who they are, staggered, and settles on one.

use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, trace};

use super::policy::{self, Candidate, MOST_PARALLEL, Rule};
use super::probe::{ProbeFailure, Prober};
use crate::models::{ServerUrl, Tier};

/// What one candidate did.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Which one.
    pub candidate: Candidate,
    /// Its round-trip time, or why it is out; `None` when the race was over before it had answered.
    pub outcome: Option<Result<Duration, ProbeFailure>>,
}

/// A race's result.
#[derive(Debug, Clone, PartialEq)]
pub struct RaceResult {
    /// The connection to use, its time and the rule, when one answered.
    pub winner: Option<(ServerUrl, Tier, Duration, Rule)>,
    /// Every candidate, in the order in which they were started.
    pub attempts: Vec<Attempt>,
}

/// Races the candidates. Dropping the future closes the losers' connections.
pub async fn race(mut candidates: Vec<Candidate>, prober: &dyn Prober) -> RaceResult {
    policy::race_order(&mut candidates);
    let offsets = policy::start_offsets(&candidates);
    let begin = Instant::now();
    for (candidate, offset) in candidates.iter().zip(&offsets) {
        trace!(uri = %candidate.uri, tier = candidate.tier.as_str(), usual = ?candidate.usual, ?offset, "candidate");
    }

    let mut attempts: Vec<Attempt> =
        candidates.into_iter().map(|candidate| Attempt { candidate, outcome: None }).collect();
    let mut running: FuturesUnordered<_> = FuturesUnordered::new();
    let mut next = 0;
    // Failures bring the following starts forward by as much.
    let mut ahead = Duration::ZERO;
    let mut deadline: Option<Instant> = None;

    loop {
        let may_start = deadline.is_none() && next < attempts.len() && running.len() < MOST_PARALLEL;
        let due = may_start.then(|| begin + start_of(&attempts, &offsets, next, ahead));
        let idle = running.is_empty();
        if idle && due.is_none() {
            break;
        }
        tokio::select! {
            biased;
            Some(answer) = running.next(), if !idle => {
                let (index, outcome): (usize, Result<Duration, ProbeFailure>) = answer;
                let attempt: &mut Attempt = &mut attempts[index];
                debug!(uri = %attempt.candidate.uri, ?outcome, "attempt");
                let failed = outcome.is_err();
                attempt.outcome = Some(outcome);
                if failed && next < attempts.len() {
                    let elapsed = begin.elapsed();
                    ahead = ahead.max(offsets[next].saturating_sub(elapsed));
                }
                if !failed && deadline.is_none() {
                    deadline = Some(grace_end(&attempts, index));
                }
                if deadline.is_some() && nothing_better_may_come(&attempts, next) {
                    break;
                }
            }
            () = sleep_until(due.unwrap_or(begin)), if due.is_some() => {
                let uri = attempts[next].candidate.uri.clone();
                let index = next;
                running.push(async move { (index, prober.probe(&uri).await) });
                next += 1;
            }
            () = sleep_until(deadline.unwrap_or(begin)), if deadline.is_some() => break,
        }
    }
    drop(running);
    settle(attempts)
}

/// When the next attempt is due, counted from the start of the race. Failures bring it forward by `ahead`; a
/// relay only once every direct candidate has failed.
fn start_of(attempts: &[Attempt], offsets: &[Duration], next: usize, ahead: Duration) -> Duration {
    let direct_is_open = attempts[..next].iter().any(|attempt| attempt.outcome.is_none());
    if attempts[next].candidate.tier == Tier::Relay && direct_is_open {
        offsets[next]
    } else {
        offsets[next].saturating_sub(ahead)
    }
}

/// How long a better tier may still come: the time the first answer took, but not more than the grace.
fn grace_end(attempts: &[Attempt], first: usize) -> Instant {
    let rtt = match attempts[first].outcome {
        Some(Ok(rtt)) => rtt,
        _ => Duration::ZERO,
    };
    Instant::now() + rtt.min(policy::BETTER_TIER_GRACE)
}

/// Whether every candidate of a nearer tier than the best answer is done.
fn nothing_better_may_come(attempts: &[Attempt], started: usize) -> bool {
    let best = attempts
        .iter()
        .filter(|attempt| matches!(attempt.outcome, Some(Ok(_))))
        .map(|attempt| attempt.candidate.tier)
        .min();
    let Some(best) = best else { return false };
    attempts[..started].iter().all(|attempt| attempt.outcome.is_some() || attempt.candidate.tier >= best)
}

fn settle(attempts: Vec<Attempt>) -> RaceResult {
    let answers: Vec<(Candidate, Duration)> = attempts
        .iter()
        .filter_map(|attempt| match attempt.outcome {
            Some(Ok(rtt)) => Some((attempt.candidate.clone(), rtt)),
            _ => None,
        })
        .collect();
    let winner = policy::choose(&answers).map(|(index, rule)| {
        let (candidate, rtt) = &answers[index];
        (candidate.uri.clone(), candidate.tier, *rtt, rule)
    });
    if let Some((uri, tier, rtt, rule)) = &winner {
        debug!(winner = %uri, tier = tier.as_str(), ?rtt, ?rule, "verdict");
    } else {
        debug!("no connection answered");
    }
    RaceResult { winner, attempts }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::HashMap;

    use async_trait::async_trait;

    use super::*;
    use crate::net::ErrorKind;

    /// Answers after a time, or fails after it.
    struct FakeProber(HashMap<&'static str, (u64, bool)>);

    #[async_trait]
    impl Prober for FakeProber {
        async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ProbeFailure> {
            let (ms, answers) = self.0[uri.as_str()];
            let time = Duration::from_millis(ms);
            tokio::time::sleep(time).await;
            if answers { Ok(time) } else { Err(ProbeFailure::Net(ErrorKind::Refused)) }
        }
    }

    fn candidates(list: &[(&str, Tier)]) -> Vec<Candidate> {
        list.iter()
            .map(|(uri, tier)| Candidate {
                uri: uri.parse().unwrap(),
                tier: *tier,
                usual: None,
                was_available: false,
            })
            .collect()
    }

    async fn winner(list: &[(&'static str, Tier, u64, bool)]) -> (Option<String>, Duration) {
        let prober = FakeProber(list.iter().map(|(uri, _, ms, ok)| (*uri, (*ms, *ok))).collect());
        let begin = Instant::now();
        let wanted: Vec<_> = list.iter().map(|(uri, tier, ..)| (*uri, *tier)).collect();
        let result = race(candidates(&wanted), &prober).await;
        (result.winner.map(|(uri, ..)| uri.to_string()), begin.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_local_answer_ends_the_race() {
        let (uri, took) =
            winner(&[("http://local", Tier::Local, 5, true), ("http://remote", Tier::Remote, 1, true)]).await;
        assert_eq!(uri.as_deref(), Some("http://local"));
        assert!(took < Duration::from_millis(50), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_first_one_costs_one_stagger() {
        let (uri, took) =
            winner(&[("http://dead", Tier::Local, 60_000, false), ("http://remote", Tier::Remote, 20, true)])
                .await;
        assert_eq!(uri.as_deref(), Some("http://remote"));
        assert!(took < policy::STAGGER + Duration::from_millis(50), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_starts_the_next_at_once() {
        let (uri, took) =
            winner(&[("http://refused", Tier::Local, 1, false), ("http://remote", Tier::Remote, 20, true)])
                .await;
        assert_eq!(uri.as_deref(), Some("http://remote"));
        assert!(took < Duration::from_millis(60), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_relay_never_beats_a_slow_direct_one() {
        let (uri, _) =
            winner(&[("http://remote", Tier::Remote, 1200, true), ("http://relay", Tier::Relay, 1, true)])
                .await;
        assert_eq!(uri.as_deref(), Some("http://remote"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_relay_wins_at_once_when_all_direct_ones_failed() {
        let (uri, took) =
            winner(&[("http://remote", Tier::Remote, 10, false), ("http://relay", Tier::Relay, 30, true)])
                .await;
        assert_eq!(uri.as_deref(), Some("http://relay"));
        assert!(took < Duration::from_millis(200), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_better_tier_may_arrive_late() {
        let (uri, _) =
            winner(&[("http://local", Tier::Local, 300, true), ("http://remote", Tier::Remote, 30, true)])
                .await;
        assert_eq!(uri.as_deref(), Some("http://local"));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_answers() {
        let (uri, _) =
            winner(&[("http://a", Tier::Local, 3, false), ("http://b", Tier::Remote, 3, false)]).await;
        assert_eq!(uri, None);
    }
}
