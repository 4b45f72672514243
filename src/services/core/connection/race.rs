//! Asks several connections who they are, staggered, and settles on one.
//!
//! The first answer is told at once to whoever waits; for a moment more a nearer one may still become the
//! verdict. When nothing has answered within the first pass, all are asked once more with more patience, so
//! that nothing is called unreachable after one look. Dropping the future closes the sockets of all attempts.

use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, trace};

use super::policy::{self, Candidate, Rule};
use super::probe::Prober;
use crate::models::{ServerUrl, Tier};
use crate::net::ErrorKind;

/// What one candidate did.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Which one.
    pub candidate: Candidate,
    /// When it was to start, counted from the start of the race.
    pub offset: Duration,
    /// Its round-trip time, or why it is out; `None` when the race was over before it had answered.
    pub outcome: Option<Result<Duration, ErrorKind>>,
}

impl Attempt {
    /// Takes in what it did.
    pub(super) fn ended(&mut self, outcome: Result<Duration, ErrorKind>) {
        if let Ok(rtt) = outcome {
            self.candidate.seen_at(rtt);
        }
        self.outcome = Some(outcome);
    }

    /// Its round-trip time, when it answered rightly.
    pub fn rtt(&self) -> Option<Duration> {
        self.outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()).copied()
    }

    /// Whether a second look could end otherwise: who somebody is does not change in a second.
    fn may_change(&self) -> bool {
        !matches!(
            self.outcome,
            Some(Err(ErrorKind::WrongServer
                | ErrorKind::TlsCertificate
                | ErrorKind::CaptivePortal
                | ErrorKind::ProxyAuthentication
                | ErrorKind::Unsupported
                | ErrorKind::Invalid))
        )
    }
}

/// The connection to use.
#[derive(Debug, Clone, PartialEq)]
pub struct Winner {
    /// Which one.
    pub uri: ServerUrl,
    /// How near it is.
    pub tier: Tier,
    /// Its round-trip time.
    pub rtt: Duration,
    /// Why it.
    pub rule: Rule,
    /// The second best.
    pub runner_up: Option<ServerUrl>,
    /// By how many points of the score it is ahead of the second best.
    pub margin: i32,
}

/// A race's result.
#[derive(Debug, Clone, PartialEq)]
pub struct RaceResult {
    /// The connection to use, when one answered.
    pub winner: Option<Winner>,
    /// Every candidate, in the order in which they were started.
    pub attempts: Vec<Attempt>,
}

/// How a race is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Most attempts in flight.
    pub parallel: usize,
    /// Whether there is a second look when nothing has answered.
    pub second_look: bool,
}

/// Races the candidates. `on_first` hears of the first good answer at once.
pub async fn race(
    mut candidates: Vec<Candidate>,
    prober: &dyn Prober,
    rules: Rules,
    mut on_first: impl FnMut(&ServerUrl, Duration) + Send,
) -> RaceResult {
    policy::race_order(&mut candidates);
    let offsets = policy::start_offsets(&candidates);
    let mut attempts: Vec<Attempt> = candidates
        .into_iter()
        .zip(offsets)
        .map(|(candidate, offset)| Attempt { candidate, offset, outcome: None })
        .collect();
    for Attempt { candidate, offset, .. } in &attempts {
        let score = policy::score(
            candidate.tier,
            (!candidate.failed_last).then_some(candidate.usual.unwrap_or_default()),
        );
        trace!(
            uri = %candidate.uri,
            tier = candidate.tier.as_str(),
            score,
            ewma_ms = candidate.usual.map(millis),
            offset_ms = millis(*offset),
            "candidate"
        );
    }
    let begin = Instant::now();
    let everyone: Vec<usize> = (0..attempts.len()).collect();
    let quick = Pass { limit: policy::FIRST_PASS, end: begin + policy::FIRST_PASS, parallel: rules.parallel };
    let answered = quick.run(&mut attempts, &everyone, prober, &mut on_first).await;
    let again: Vec<usize> = everyone.into_iter().filter(|index| attempts[*index].may_change()).collect();
    if rules.second_look && !answered && !again.is_empty() {
        sleep_until(begin + policy::SECOND_LOOK_AFTER).await;
        debug!(candidates = again.len(), "nothing has answered; asking once more with more patience");
        let end = begin + policy::WHOLE_RACE;
        let patient = Pass { limit: policy::PATIENT_ATTEMPT, end, parallel: rules.parallel };
        patient.run(&mut attempts, &again, prober, &mut on_first).await;
    }
    settle(attempts)
}

/// One round over some of the candidates.
struct Pass {
    /// How long one attempt may take.
    limit: Duration,
    /// When the round is over if nothing has answered.
    end: Instant,
    /// Most attempts in flight.
    parallel: usize,
}

impl Pass {
    /// Runs the round; tells whether anything answered.
    async fn run(
        &self,
        attempts: &mut [Attempt],
        chosen: &[usize],
        prober: &dyn Prober,
        on_first: &mut (impl FnMut(&ServerUrl, Duration) + Send),
    ) -> bool {
        let begin = Instant::now();
        let first_offset = chosen.first().map(|index| attempts[*index].offset).unwrap_or_default();
        let offset_of = |attempts: &[Attempt], position: usize| {
            attempts[chosen[position]].offset.saturating_sub(first_offset)
        };
        let mut running: FuturesUnordered<_> = FuturesUnordered::new();
        let mut next = 0;
        // Failures bring the following starts forward by as much.
        let mut ahead = Duration::ZERO;
        let mut grace: Option<Instant> = None;
        loop {
            let may_start = grace.is_none() && next < chosen.len() && running.len() < self.parallel.max(1);
            let due = may_start.then(|| {
                let offset = offset_of(attempts, next);
                let relay = &attempts[chosen[next]].candidate;
                let held_back = relay.tier == Tier::Relay
                    && !relay.pinned
                    && chosen[..next].iter().any(|index| attempts[*index].outcome.is_none());
                begin + if held_back { offset } else { offset.saturating_sub(ahead) }
            });
            if running.is_empty() && due.is_none() {
                return grace.is_some();
            }
            tokio::select! {
                biased;
                Some(answer) = running.next(), if !running.is_empty() => {
                    let (index, outcome): (usize, Result<Duration, ErrorKind>) = answer;
                    attempts[index].ended(outcome);
                    match outcome {
                        Ok(rtt) if grace.is_none() => {
                            on_first(&attempts[index].candidate.uri, rtt);
                            grace = Some(Instant::now() + rtt.min(policy::BETTER_TIER_GRACE));
                        }
                        Err(_) if next < chosen.len() => {
                            ahead = ahead.max(offset_of(attempts, next).saturating_sub(begin.elapsed()));
                        }
                        Ok(_) | Err(_) => {}
                    }
                    if grace.is_some() && nothing_better_may_come(attempts, &chosen[..next]) {
                        return true;
                    }
                }
                () = sleep_until(due.unwrap_or(begin)), if due.is_some() => {
                    let index = chosen[next];
                    let uri = attempts[index].candidate.uri.clone();
                    attempts[index].outcome = None;
                    let limit = self.limit;
                    running.push(async move {
                        let outcome = timeout(limit, prober.probe(&uri)).await;
                        (index, outcome.unwrap_or_else(|_| given_up(&uri)))
                    });
                    next += 1;
                }
                () = sleep_until(grace.unwrap_or(self.end)) => return grace.is_some(),
            }
        }
    }
}

/// An attempt whose time is over: the prober itself tells of the others.
pub(super) fn given_up(uri: &ServerUrl) -> Result<Duration, ErrorKind> {
    let kind = ErrorKind::ConnectTimeout;
    debug!(%uri, outcome = "failed", ?kind, "attempt");
    Err(kind)
}

/// Whether every started candidate of a nearer tier than the best answer is done.
fn nothing_better_may_come(attempts: &[Attempt], started: &[usize]) -> bool {
    let started = || started.iter().map(|index| &attempts[*index]);
    let best = started().filter(|attempt| attempt.rtt().is_some()).map(rank).min();
    let Some(best) = best else { return false };
    started().all(|attempt| attempt.outcome.is_some() || rank(attempt) >= best)
}

fn rank(attempt: &Attempt) -> (bool, Tier) {
    (!attempt.candidate.pinned, attempt.candidate.tier)
}

/// Applies the rules to what was found.
pub(super) fn settle(attempts: Vec<Attempt>) -> RaceResult {
    let answers: Vec<(Candidate, Duration)> = attempts
        .iter()
        .filter_map(|attempt| attempt.rtt().map(|rtt| (attempt.candidate.clone(), rtt)))
        .collect();
    let winner = policy::choose(&answers).map(|choice| {
        let (candidate, rtt) = &answers[choice.winner];
        let points = |(candidate, rtt): &(Candidate, Duration)| policy::score(candidate.tier, Some(*rtt));
        let second = choice.runner_up.map(|index| &answers[index]);
        Winner {
            uri: candidate.uri.clone(),
            tier: candidate.tier,
            rtt: *rtt,
            rule: choice.rule,
            runner_up: second.map(|(candidate, _)| candidate.uri.clone()),
            margin: second.map_or(0, |second| points(second) - points(&answers[choice.winner])),
        }
    });
    RaceResult { winner, attempts }
}

pub(super) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests;
