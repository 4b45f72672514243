//! One look at the connections of a source that is in use: the monitor's, or a person's.
//!
//! The connection in use and its best alternative are asked who they are. When the one in use does not answer
//! in its usual time, all others are asked, too, so that moving does not wait for a time limit.

use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument as _, debug, debug_span};

use super::policy::stability::{Gain, InUse, Sighting};
use super::policy::{self, Candidate, Rule};
use super::probe::Prober;
use super::race::{self, Attempt, RaceResult, Winner};
use super::settle;
use super::status::Reach;
use super::subject::Subject;
use crate::models::{ServerUrl, Source, SourceId};
use crate::services::events::ChangeReason;
use crate::services::{AppContext, Result};

/// Which connections are looked at besides the one in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The best alternative.
    Standby,
    /// All.
    Everything,
}

/// What a check has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The source answers over a connection that is in use now.
    Up,
    /// Nothing answered for the first time.
    Suspect,
    /// Nothing answered again.
    Down,
}

/// Looks at a source, writes down what was found and changes the connection where the rules say so.
pub async fn check(ctx: &AppContext, source_id: SourceId, scope: Scope) -> Result<CheckOutcome> {
    look(ctx, source_id, scope, policy::FIRST_PASS).await
}

/// Looks at a source whose connection has become silent in the middle of an operation: all are asked at once,
/// and the one in use has only a few of its own round trips to answer for itself once another one has.
pub(super) async fn doubt(ctx: &AppContext, source_id: SourceId, rtt: Duration) -> Result<CheckOutcome> {
    look(ctx, source_id, Scope::Everything, policy::doubt(rtt)).await
}

async fn look(
    ctx: &AppContext,
    source_id: SourceId,
    scope: Scope,
    patience: Duration,
) -> Result<CheckOutcome> {
    let network = ctx.connections.network().await;
    let Subject { source, candidates, prober, parallel } = Subject::load(ctx, source_id, &network).await?;
    let (now, others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| Some(&candidate.uri) == source.connection_url.as_ref());
    let ask_first = match scope {
        Scope::Everything => others.len(),
        Scope::Standby => 1.min(others.len()),
    };
    let in_use = now.into_iter().next();
    let span = debug_span!("check", %source_id);
    let plan = Plan { in_use: in_use.clone(), others, ask_first, parallel, patience };
    let attempts = survey(plan, &prober).instrument(span.clone()).await;
    conclude(ctx, &source, &network.fingerprint, in_use, attempts).instrument(span).await
}

/// Looks at every connection and takes the best, as a person who asks expects.
pub(super) async fn check_all(ctx: &AppContext, source_id: SourceId) -> Result<()> {
    let network = ctx.connections.network().await;
    let Subject { source, candidates: others, prober, parallel } =
        Subject::load(ctx, source_id, &network).await?;
    let plan = Plan { in_use: None, ask_first: others.len(), others, parallel, patience: policy::FIRST_PASS };
    let attempts = survey(plan, &prober).instrument(debug_span!("check", %source_id)).await;
    settle::settle(ctx, &source, &network.fingerprint, race::settle(attempts), None).await?.ok();
    Ok(())
}

/// Whom to ask.
struct Plan {
    /// The connection in use.
    in_use: Option<Candidate>,
    /// The others, best first.
    others: Vec<Candidate>,
    /// How many of the others are asked in any case.
    ask_first: usize,
    /// Most attempts in flight.
    parallel: usize,
    /// How long the one in use may take once another one has answered.
    patience: Duration,
}

/// Asks, and gives what everybody who was asked did. Ends within [`policy::FIRST_PASS`].
async fn survey(plan: Plan, prober: &dyn Prober) -> Vec<Attempt> {
    let begin = Instant::now();
    let mut end = begin + policy::FIRST_PASS;
    let usual = plan.in_use.as_ref().and_then(|candidate| candidate.usual).unwrap_or_default();
    let doubt_at = begin + policy::hedge_delay(usual);
    let watched = plan.in_use.is_some();
    let mut open = if watched { plan.ask_first } else { plan.others.len() };
    let mut attempts: Vec<Attempt> = plan
        .in_use
        .into_iter()
        .chain(plan.others)
        .map(|candidate| Attempt { candidate, offset: Duration::ZERO, outcome: None })
        .collect();
    let first_other = usize::from(watched);
    let patient_until = begin + plan.patience;
    let mut next = 0;
    let mut doubted = false;
    let mut running: FuturesUnordered<_> = FuturesUnordered::new();
    loop {
        while next < attempts.len().min(first_other + open) && running.len() < plan.parallel.max(2) {
            let (index, uri) = (next, attempts[next].candidate.uri.clone());
            running.push(async move { (index, prober.probe(&uri).await) });
            next += 1;
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            Some((index, outcome)) = running.next() => {
                attempts[index].ended(outcome);
                let in_use_failed = watched && matches!(attempts[0].outcome, Some(Err(_)));
                if in_use_failed {
                    open = attempts.len() - first_other;
                }
                if in_use_failed && attempts.iter().any(|attempt| attempt.rtt().is_some()) {
                    end = end.min(Instant::now() + policy::BETTER_TIER_GRACE);
                }
            }
            () = sleep_until(doubt_at), if watched && !doubted && attempts[0].outcome.is_none() => {
                doubted = true;
                open = attempts.len() - first_other;
            }
            () = sleep_until(patient_until), if watched && another_answered(&attempts) => break,
            () = sleep_until(end) => break,
        }
    }
    drop(running);
    attempts.truncate(next);
    for attempt in attempts.iter_mut().filter(|attempt| attempt.outcome.is_none()) {
        attempt.outcome = Some(race::given_up(&attempt.candidate.uri));
    }
    attempts
}

/// Whether another one has answered while the one in use has not.
fn another_answered(attempts: &[Attempt]) -> bool {
    attempts[0].outcome.is_none() && attempts[1..].iter().any(|attempt| attempt.rtt().is_some())
}

async fn conclude(
    ctx: &AppContext,
    source: &Source,
    fingerprint: &str,
    in_use: Option<Candidate>,
    attempts: Vec<Attempt>,
) -> Result<CheckOutcome> {
    settle::measure(ctx, source, fingerprint, &attempts).await?;
    let outcome_of = |uri: &ServerUrl| attempts.iter().find(|attempt| attempt.candidate.uri == *uri);
    let alive = in_use.and_then(|candidate| {
        let rtt = outcome_of(&candidate.uri)?.rtt()?;
        Some((candidate, rtt))
    });
    if let Some((candidate, rtt)) = alive {
        match better(ctx, source.id, &candidate, rtt, &attempts) {
            Some((winner, reason)) => {
                settle::decide(ctx, source, fingerprint, &winner, Some(reason)).await?;
            }
            None => settle::confirm(ctx, source, fingerprint, &candidate, rtt).await?,
        }
        return Ok(CheckOutcome::Up);
    }
    let RaceResult { winner, attempts } = race::settle(attempts);
    if let Some(winner) = winner {
        moved(ctx, source.id);
        settle::decide(ctx, source, fingerprint, &winner, None).await?;
        return Ok(CheckOutcome::Up);
    }
    let failure = settle::most_telling(&attempts);
    let before = ctx.connectivity.status(source.id).reach;
    // Never offline after one look.
    if before == Reach::Suspect || before.is_down() {
        settle::mark_down(ctx, source.id, failure).await?;
        return Ok(CheckOutcome::Down);
    }
    debug!(kind = ?failure, "nothing answered; looking again soon");
    ctx.connectivity.update(source.id, |status| {
        status.reach = Reach::Suspect;
        status.last_error = Some(failure);
    });
    Ok(CheckOutcome::Suspect)
}

/// Whether another connection is to be used although the one in use answers.
fn better(
    ctx: &AppContext,
    source: SourceId,
    in_use: &Candidate,
    rtt: Duration,
    attempts: &[Attempt],
) -> Option<(Winner, ChangeReason)> {
    let sightings: Vec<Sighting> = attempts
        .iter()
        .map(|attempt| Sighting {
            uri: attempt.candidate.uri.clone(),
            tier: attempt.candidate.tier,
            pinned: attempt.candidate.pinned,
            rtt: attempt.rtt(),
        })
        .collect();
    let now = InUse {
        uri: in_use.uri.clone(),
        tier: in_use.tier,
        pinned: in_use.pinned,
        usual: in_use.usual.unwrap_or(rtt),
    };
    let checks = ctx.connections.tuning().faster_checks;
    let uptime = ctx.connections.uptime();
    let switch = ctx
        .connections
        .with_stability(source, |stability| stability.observe(uptime, &now, &sightings, checks))?;
    let chosen = attempts.iter().find(|attempt| attempt.candidate.uri == switch.to)?;
    let to_rtt = chosen.rtt()?;
    let points = |tier, rtt| policy::score(tier, Some(rtt));
    let (rule, reason) = match switch.gain {
        Gain::Pinned => (Rule::Pinned, ChangeReason::Pinned),
        Gain::Nearer => (Rule::NearerTier, ChangeReason::BetterTier),
        Gain::Faster => (Rule::Fastest, ChangeReason::Faster),
    };
    let winner = Winner {
        uri: switch.to,
        tier: chosen.candidate.tier,
        rtt: to_rtt,
        rule,
        runner_up: Some(in_use.uri.clone()),
        margin: points(in_use.tier, rtt) - points(chosen.candidate.tier, to_rtt),
    };
    Some((winner, reason))
}

/// A change that was not free: voluntary ones wait after it.
pub(super) fn moved(ctx: &AppContext, source: SourceId) {
    let uptime = ctx.connections.uptime();
    ctx.connections.with_stability(source, |stability| stability.changed(uptime));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::HashMap;

    use async_trait::async_trait;

    use super::*;
    use crate::models::Tier;
    use crate::net::ErrorKind;

    struct FakeProber(HashMap<&'static str, Result<u64, ErrorKind>>);

    #[async_trait]
    impl Prober for FakeProber {
        async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ErrorKind> {
            match self.0[uri.as_str()] {
                Ok(ms) => {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    Ok(Duration::from_millis(ms))
                }
                Err(kind) => Err(kind),
            }
        }
    }

    fn candidate(uri: &str, tier: Tier) -> Candidate {
        Candidate::new(uri.parse().unwrap(), tier)
    }

    const PATIENCE: Duration = policy::FIRST_PASS;

    async fn look(
        in_use: bool,
        patience: Duration,
        answers: &[(&'static str, Result<u64, ErrorKind>)],
    ) -> (Vec<String>, Duration) {
        let mut others: Vec<_> = answers.iter().map(|(uri, _)| candidate(uri, Tier::Remote)).collect();
        let in_use = in_use.then(|| others.remove(0));
        let begin = Instant::now();
        let plan = Plan { in_use, others, ask_first: 1, parallel: 8, patience };
        let attempts = survey(plan, &FakeProber(answers.iter().copied().collect())).await;
        let seen = attempts
            .iter()
            .map(|attempt| format!("{} {}", attempt.candidate.uri.as_str(), attempt.rtt().is_some()))
            .collect();
        (seen, begin.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_in_use_and_one_more_are_asked() {
        let (seen, _) =
            look(true, PATIENCE, &[("http://a", Ok(2)), ("http://b", Ok(3)), ("http://c", Ok(1))]).await;
        assert_eq!(seen, ["http://a true", "http://b true"]);
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_one_in_use_fails_the_others_are_asked_at_once() {
        let refused = Err(ErrorKind::Refused);
        let (seen, took) =
            look(true, PATIENCE, &[("http://a", refused), ("http://b", refused), ("http://c", Ok(5))]).await;
        assert_eq!(seen, ["http://a false", "http://b false", "http://c true"]);
        assert!(took < Duration::from_millis(20), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_one_in_use_is_silent_the_others_are_asked_after_its_usual_time() {
        let (seen, took) =
            look(true, PATIENCE, &[("http://a", Ok(60_000)), ("http://b", Ok(60_000)), ("http://c", Ok(5))])
                .await;
        assert_eq!(seen, ["http://a false", "http://b false", "http://c true"]);
        assert!(took <= policy::FIRST_PASS, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_within_the_limit_counts() {
        let (seen, _) = look(true, PATIENCE, &[("http://a", Ok(2500))]).await;
        assert_eq!(seen, ["http://a true"]);
    }

    #[tokio::test(start_paused = true)]
    async fn everybody_is_asked_when_nothing_is_in_use() {
        let (seen, _) =
            look(false, PATIENCE, &[("http://a", Ok(2)), ("http://b", Ok(3)), ("http://c", Ok(1))]).await;
        assert_eq!(seen.len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn in_doubt_the_one_in_use_has_a_few_round_trips_once_another_answers() {
        let silent = [("http://a", Ok(60_000)), ("http://b", Ok(12))];
        let (seen, took) = look(true, policy::doubt(Duration::from_millis(5)), &silent).await;
        assert_eq!(seen, ["http://a false", "http://b true"]);
        assert_eq!(took, policy::SHORTEST_DOUBT);
        let busy = [("http://a", Ok(35)), ("http://b", Ok(12))];
        let (seen, _) = look(true, policy::doubt(Duration::from_millis(5)), &busy).await;
        assert_eq!(seen, ["http://a true", "http://b true"]);
    }
}
