//! Writing down what a race or a check has found: statistics, the stored list, the verdict, the primary
//! address, and how the source stands.

use std::time::Duration;

use tracing::{debug, info};

use super::candidates::candidate;
use super::policy::{self, Candidate, Rule};
use super::race::{Attempt, RaceResult, Winner, millis};
use super::state::Decision;
use super::status::Reach;
use super::verdicts::Chosen;
use crate::db::{Measurement, Verdict};
use crate::models::{AuthStatus, ServerConnection, ServerUrl, Source, SourceId, Tier};
use crate::net::{ConnectionId, ErrorKind};
use crate::services::events::{ChangeReason, Event};
use crate::services::{AppContext, Result};

/// Writes down a race. Whoever it was run for uses the winner, when there is one.
pub(super) async fn settle(
    ctx: &AppContext,
    source: &Source,
    fingerprint: &str,
    result: RaceResult,
    reason: Option<ChangeReason>,
) -> Result<std::result::Result<Chosen, ErrorKind>> {
    measure(ctx, source, fingerprint, &result.attempts).await?;
    let failure = most_telling(&result.attempts);
    let RaceResult { winner, attempts } = result;
    let decision = Decision {
        chosen: winner.as_ref().map(|winner| winner.uri.clone()),
        rule: winner.as_ref().map(|winner| winner.rule),
        runner_up: winner.as_ref().and_then(|winner| winner.runner_up.clone()),
        attempts,
        at: ctx.clock.now(),
    };
    ctx.connections.remember(source.id, decision);
    let Some(winner) = winner else {
        mark_down(ctx, source.id, failure).await?;
        return Ok(Err(failure));
    };
    decide(ctx, source, fingerprint, &winner, reason).await?;
    Ok(Ok(Chosen { uri: winner.uri, rtt: winner.rtt }))
}

/// Makes a connection the one to use.
pub(super) async fn decide(
    ctx: &AppContext,
    source: &Source,
    fingerprint: &str,
    winner: &Winner,
    reason: Option<ChangeReason>,
) -> Result<()> {
    debug!(
        source_id = %source.id,
        winner = %winner.uri,
        tier = winner.tier.as_str(),
        rtt_ms = millis(winner.rtt),
        runner_up = winner.runner_up.as_ref().map(ServerUrl::as_str),
        margin = winner.margin,
        rule = ?winner.rule,
        previous = source.connection_url.as_ref().map(ServerUrl::as_str),
        "verdict"
    );
    let score = policy::score(winner.tier, Some(winner.rtt));
    put_verdict(ctx, source.id, fingerprint, &winner.uri, score, winner.rtt).await?;
    if source.connection_url.as_ref() != Some(&winner.uri) {
        ctx.db.sources().set_connection_url(source.id, &winner.uri).await?;
        tell_change(ctx, source, winner, reason);
    }
    mark_up(ctx, source, winner.uri.clone(), Some(winner.tier), winner.rtt).await
}

/// The connection in use has answered and stays.
pub(super) async fn confirm(
    ctx: &AppContext,
    source: &Source,
    fingerprint: &str,
    candidate: &Candidate,
    rtt: Duration,
) -> Result<()> {
    let score = policy::score(candidate.tier, Some(rtt));
    let usual = candidate.usual.unwrap_or(rtt);
    put_verdict(ctx, source.id, fingerprint, &candidate.uri, score, usual).await?;
    mark_up(ctx, source, candidate.uri.clone(), Some(candidate.tier), rtt).await
}

/// Stores a verdict that is valid from now on.
async fn put_verdict(
    ctx: &AppContext,
    source: SourceId,
    fingerprint: &str,
    uri: &ServerUrl,
    score: i32,
    rtt: Duration,
) -> Result<()> {
    let decided_at = ctx.clock.now();
    let (fingerprint, uri) = (fingerprint.to_owned(), uri.clone());
    let expires_at = decided_at + policy::VERDICT_VALIDITY;
    let verdict = Verdict { source, fingerprint, uri, score, rtt, decided_at, expires_at };
    Ok(ctx.db.verdicts().put(&verdict).await?)
}

/// Stores measurements in the statistics of this network and in the list of the source.
pub(super) async fn measure(
    ctx: &AppContext,
    source: &Source,
    fingerprint: &str,
    attempts: &[Attempt],
) -> Result<()> {
    let measurements: Vec<Measurement> = attempts
        .iter()
        .filter_map(|Attempt { candidate, outcome, .. }| {
            let outcome = outcome.as_ref()?.map_err(|kind| format!("{kind:?}"));
            let score = policy::score(candidate.tier, outcome.as_ref().ok().copied());
            Some(Measurement { uri: candidate.uri.clone(), score, outcome })
        })
        .collect();
    for Attempt { candidate, outcome, .. } in attempts {
        let Some(outcome) = outcome else { continue };
        track(ctx, source.id, &candidate.uri, outcome.map(drop));
    }
    if !measurements.is_empty() {
        ctx.db.stats().record(source.id, fingerprint, ctx.clock.now(), &measurements).await?;
    }
    Ok(())
}

/// Counts an attempt in the trackers of this run.
pub(super) fn track(
    ctx: &AppContext,
    source: SourceId,
    uri: &ServerUrl,
    outcome: std::result::Result<(), ErrorKind>,
) {
    let id = ConnectionId::new(source, uri.clone());
    ctx.trackers.with_tracker(&id, |tracker| {
        tracker.record_attempt();
        match outcome {
            Ok(()) => tracker.record_success(),
            Err(kind) => tracker.record_failure(kind),
        }
    });
    match outcome {
        Ok(()) => ctx.breaker.note_success(&id),
        Err(kind) => ctx.breaker.note_failure(&id, kind),
    }
}

/// Stores that a connection failed in use.
pub(super) async fn measure_failure(
    ctx: &AppContext,
    source: &Source,
    uri: &ServerUrl,
    kind: ErrorKind,
) -> Result<()> {
    let Some(known) = source.connections.connections.iter().find(|known| known.uri == *uri) else {
        return Ok(());
    };
    let network = ctx.connections.network().await;
    let failure = Attempt {
        candidate: candidate(known, None, &network),
        offset: Duration::ZERO,
        outcome: Some(Err(kind)),
    };
    measure(ctx, source, &network.fingerprint, std::slice::from_ref(&failure)).await
}

fn tell_change(ctx: &AppContext, source: &Source, winner: &Winner, reason: Option<ChangeReason>) {
    let old_url = source.connection_url.clone();
    let tier_of = |url: &ServerUrl| {
        source.connections.connections.iter().find(|known| known.uri == *url).map(ServerConnection::tier)
    };
    let reason = reason.unwrap_or_else(|| match &old_url {
        _ if winner.rule == Rule::Pinned => ChangeReason::Pinned,
        None => ChangeReason::First,
        Some(old) if tier_of(old).is_some_and(|tier| winner.tier < tier) => ChangeReason::BetterTier,
        Some(_) => ChangeReason::Failover,
    });
    info!(source_id = %source.id, uri = %winner.uri, ?reason, "connection changed");
    let new_url = winner.uri.clone();
    ctx.events.publish(Event::ConnectionChanged { source_id: source.id, old_url, new_url, reason });
}

/// A source answers over this connection. Without a `tier` that was seen, the one known of it holds.
pub(super) async fn mark_up(
    ctx: &AppContext,
    source: &Source,
    uri: ServerUrl,
    tier: Option<Tier>,
    rtt: Duration,
) -> Result<()> {
    let listed = source.connections.connections.iter().find(|known| known.uri == uri);
    let reach = match source.auth_status {
        AuthStatus::SignedIn => Reach::Online,
        AuthStatus::SignInNeeded => Reach::SignInNeeded,
    };
    ctx.connectivity.update(source.id, |status| {
        status.reach = reach;
        let known = status.tier.filter(|_| status.uri.as_ref() == Some(&uri));
        status.tier = tier.or(known).or(listed.map(ServerConnection::tier));
        status.uri = Some(uri);
        status.rtt = Some(rtt);
        status.last_error = None;
    });
    set_online(ctx, source.id, true).await
}

/// Every connection of a source was tried, and none works.
pub(super) async fn mark_down(ctx: &AppContext, source: SourceId, kind: ErrorKind) -> Result<()> {
    let reach = match kind {
        ErrorKind::TlsCertificate => Reach::CertificateProblem,
        ErrorKind::CaptivePortal => Reach::CaptivePortal,
        _ => Reach::Offline,
    };
    debug!(source_id = %source, ?kind, "no connection works");
    ctx.connectivity.update(source, |status| {
        status.reach = reach;
        status.last_error = Some(kind);
        status.rtt = None;
    });
    ctx.db.verdicts().remove(source).await?;
    ctx.connections.verdict_ended(source);
    set_online(ctx, source, false).await
}

/// Stores whether a source is reachable and tells everybody when that changed.
pub(in crate::services::core) async fn set_online(
    ctx: &AppContext,
    source_id: SourceId,
    online: bool,
) -> Result<()> {
    if ctx.db.sources().set_online(source_id, online).await? {
        info!(%source_id, online, "reachability changed");
        ctx.events.publish(Event::ConnectivityChanged { source_id, online });
        if online {
            ctx.events.publish(Event::Reconnected(source_id));
        }
    }
    Ok(())
}

/// The failure to name when nothing answered: the most telling one.
pub(super) fn most_telling(attempts: &[Attempt]) -> ErrorKind {
    let kinds: Vec<ErrorKind> = attempts
        .iter()
        .filter_map(|attempt| attempt.outcome.as_ref().and_then(|outcome| outcome.as_ref().err()).copied())
        .collect();
    let telling = [
        ErrorKind::TlsCertificate,
        ErrorKind::CaptivePortal,
        ErrorKind::ProxyAuthentication,
        ErrorKind::Proxy,
        ErrorKind::WrongServer,
        ErrorKind::Server,
    ];
    telling
        .into_iter()
        .find(|kind| kinds.contains(kind))
        .or_else(|| kinds.first().copied())
        .unwrap_or(ErrorKind::Offline)
}
