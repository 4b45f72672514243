//! Choosing the connection of a source.
//!
//! - [`policy`]: the score, the order of a race, what wins. Pure.
//! - [`race`]: asks several addresses at once who they are.
//! - [`probe`]: the identity request; no credential is sent before it was answered rightly.
//! - [`ConnectionService`]: reads and writes verdicts, and is the only caller of the above.
//!
//! The choice is written down as a verdict with a short validity, so that the next operation costs one read
//! of a primary key. A verdict is never extended by not having looked.

pub mod policy;
mod probe;
mod race;
mod state;

use std::collections::HashSet;
use std::time::Duration;

use tracing::{Instrument as _, debug, debug_span, info, trace};

pub use policy::Rule;
pub use probe::{HttpProber, ProbeFailure, Prober, identify};
pub use race::{Attempt, RaceResult};
pub use state::{ConnectionState, Decision};

use super::super::events::{ChangeReason, Event};
use super::super::{AppContext, Result, ServiceError};
use crate::db::Verdict;
use crate::models::{ServerConnection, ServerUrl, Source, SourceId};
use crate::net::{ErrorKind, network_fingerprint};

/// One connection with its last check, for people and machines.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionReport {
    /// The connection.
    pub connection: ServerConnection,
    /// Smoothed round-trip time on this network.
    pub usual: Option<Duration>,
    /// Kind of the last failure on this network, as text.
    pub last_error: Option<String>,
    /// Whether it is the one in use.
    pub current: bool,
}

/// Chooses and remembers connections.
pub struct ConnectionService;

impl ConnectionService {
    /// The connection to use now: a valid verdict, or the winner of a race.
    ///
    /// # Errors
    /// `Offline` when no connection answered; nothing is deleted or marked besides the online state.
    pub async fn select_best_connection(ctx: &AppContext, source_id: SourceId) -> Result<ServerUrl> {
        let fingerprint = network_fingerprint().await;
        if let Some(uri) = Self::valid_verdict(ctx, source_id, &fingerprint).await? {
            return Ok(uri);
        }
        let lock = ctx.connections.race_lock(source_id);
        let _one_race = lock.lock().await;
        // Whoever waited for somebody else's race takes its result.
        if let Some(uri) = Self::valid_verdict(ctx, source_id, &fingerprint).await? {
            return Ok(uri);
        }
        Self::race_now(ctx, source_id, &fingerprint).await
    }

    /// Checks every connection now, writes down what was found and gives it, best first.
    pub async fn test_connections(ctx: &AppContext, source_id: SourceId) -> Result<Vec<ConnectionReport>> {
        let fingerprint = network_fingerprint().await;
        let source = ctx.db.sources().get(source_id).await?;
        let prober = HttpProber::new(&ctx.http, source.kind, source.machine_id.clone());
        let checks = source.connections.connections.iter().map(|connection| async {
            let outcome = prober.probe(&connection.uri).await;
            Attempt { candidate: policy::Candidate::new(connection, None), outcome: Some(outcome) }
        });
        let attempts = futures::future::join_all(checks).await;
        let answers: Vec<_> = attempts
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
        Self::settle(ctx, &source, &fingerprint, RaceResult { winner, attempts }).await?;
        Self::report(ctx, source_id).await
    }

    /// Every connection with what is known of it, best first, without asking anybody.
    pub async fn report(ctx: &AppContext, source_id: SourceId) -> Result<Vec<ConnectionReport>> {
        let fingerprint = network_fingerprint().await;
        let source = ctx.db.sources().get(source_id).await?;
        let stats = ctx.db.stats().list(source_id, &fingerprint).await?;
        let mut reports: Vec<ConnectionReport> = source
            .connections
            .connections
            .iter()
            .map(|connection| {
                let stat = stats.get(&connection.uri);
                ConnectionReport {
                    current: source.connection_url.as_ref() == Some(&connection.uri),
                    usual: stat.and_then(|stat| millis(stat.ewma_ms)),
                    last_error: stat.and_then(|stat| stat.last_error.clone()),
                    connection: connection.clone(),
                }
            })
            .collect();
        reports.sort_by_key(|report| (!report.current, report.connection.priority));
        Ok(reports)
    }

    /// The last decision of a source in this run, with every candidate and the rule that decided.
    pub fn explain(ctx: &AppContext, source_id: SourceId) -> Option<Decision> {
        ctx.connections.last(source_id)
    }

    /// A real request on a connection counts as a check: success renews the verdict, a failure to reach the
    /// server ends it.
    pub async fn record_outcome(
        ctx: &AppContext,
        source: &Source,
        uri: &ServerUrl,
        outcome: std::result::Result<(), ErrorKind>,
    ) -> Result<()> {
        match outcome {
            Ok(()) => {
                Self::renew_verdict(ctx, source.id, uri).await?;
                Self::mark_online(ctx, source.id, true).await
            }
            Err(kind) if kind.may_fail_over() => {
                debug!(source_id = %source.id, %uri, ?kind, "connection failed in use");
                let fingerprint = network_fingerprint().await;
                ctx.db.stats().record(source.id, uri, &fingerprint, Err(&format!("{kind:?}"))).await?;
                ctx.db.verdicts().remove(source.id).await?;
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    async fn valid_verdict(
        ctx: &AppContext,
        source_id: SourceId,
        fingerprint: &str,
    ) -> Result<Option<ServerUrl>> {
        let verdict = ctx.db.verdicts().get(source_id, fingerprint).await?;
        let now = ctx.clock.now();
        Ok(verdict.filter(|verdict| verdict.expires_at + policy::VERDICT_GRACE > now).map(|verdict| {
            trace!(%source_id, uri = %verdict.uri, rule = ?Rule::Verdict, "verdict is valid");
            verdict.uri
        }))
    }

    /// A real success is as good as a race; written at most every [`policy::RENEWAL_INTERVAL`].
    async fn renew_verdict(ctx: &AppContext, source_id: SourceId, uri: &ServerUrl) -> Result<()> {
        let fingerprint = network_fingerprint().await;
        let Some(verdict) = ctx.db.verdicts().get(source_id, &fingerprint).await? else { return Ok(()) };
        let expires_at = ctx.clock.now() + policy::VERDICT_VALIDITY;
        if verdict.uri == *uri && verdict.expires_at + policy::RENEWAL_INTERVAL < expires_at {
            ctx.db.verdicts().put(&Verdict { expires_at, ..verdict }).await?;
        }
        Ok(())
    }

    async fn race_now(ctx: &AppContext, source_id: SourceId, fingerprint: &str) -> Result<ServerUrl> {
        let source = ctx.db.sources().get(source_id).await?;
        let stats = ctx.db.stats().list(source_id, fingerprint).await?;
        let candidates = source
            .connections
            .connections
            .iter()
            .map(|connection| {
                let usual = stats.get(&connection.uri).and_then(|stat| millis(stat.ewma_ms));
                policy::Candidate::new(connection, usual)
            })
            .collect();
        let prober = HttpProber::new(&ctx.http, source.kind, source.machine_id.clone());
        let span = debug_span!("race", %source_id);
        let result = race::race(candidates, &prober).instrument(span).await;
        let failure = first_failure(&result);
        match Self::settle(ctx, &source, fingerprint, result).await? {
            Some(uri) => Ok(uri),
            None => Err(ServiceError::Offline(failure)),
        }
    }

    /// Writes down what a race found: statistics, the stored list, the verdict, the primary address.
    async fn settle(
        ctx: &AppContext,
        source: &Source,
        fingerprint: &str,
        result: RaceResult,
    ) -> Result<Option<ServerUrl>> {
        let now = ctx.clock.now();
        let mut list = source.connections.clone();
        for attempt in &result.attempts {
            let Some(outcome) = &attempt.outcome else { continue };
            let rtt = outcome.as_ref().ok().copied();
            let record = match outcome {
                Ok(rtt) => Ok(*rtt),
                Err(failure) => Err(format!("{:?}", failure.kind())),
            };
            let record = record.as_ref().map(|rtt| *rtt).map_err(String::as_str);
            ctx.db.stats().record(source.id, &attempt.candidate.uri, fingerprint, record).await?;
            for stored in list.connections.iter_mut().filter(|stored| stored.uri == attempt.candidate.uri) {
                stored.is_available = rtt.is_some();
                stored.response_time_ms = rtt.map(|rtt| u32::try_from(rtt.as_millis()).unwrap_or(u32::MAX));
                stored.priority = policy::score(stored.tier(), rtt);
            }
        }
        list.last_check = Some(now);
        let chosen = result.winner.as_ref().map(|(uri, ..)| uri.clone());
        // The address of before stays when nothing answered: it is the best guess for next time.
        let primary = chosen.as_ref().or(source.connection_url.as_ref());
        ctx.db.sources().set_connection(source.id, primary, &list).await?;
        if let Some((uri, tier, rtt, _)) = &result.winner {
            let verdict = Verdict {
                source: source.id,
                fingerprint: fingerprint.to_owned(),
                uri: uri.clone(),
                score: policy::score(*tier, Some(*rtt)),
                rtt: *rtt,
                decided_at: now,
                expires_at: now + policy::VERDICT_VALIDITY,
            };
            ctx.db.verdicts().put(&verdict).await?;
            Self::publish_change(ctx, source, uri);
        }
        let rule = result.winner.as_ref().map(|(.., rule)| *rule);
        Self::mark_online(ctx, source.id, chosen.is_some()).await?;
        let decision = Decision { chosen: chosen.clone(), rule, attempts: result.attempts, at: now };
        ctx.connections.remember(source.id, decision);
        Ok(chosen)
    }

    fn publish_change(ctx: &AppContext, source: &Source, uri: &ServerUrl) {
        let old_url = source.connection_url.clone();
        if old_url.as_ref() == Some(uri) {
            return;
        }
        let tier_of = |url: &ServerUrl| {
            source.connections.connections.iter().find(|known| known.uri == *url).map(ServerConnection::tier)
        };
        let reason = match &old_url {
            None => ChangeReason::First,
            Some(old) if tier_of(uri) < tier_of(old) => ChangeReason::BetterTier,
            Some(_) => ChangeReason::Failover,
        };
        info!(source_id = %source.id, %uri, ?reason, "connection changed");
        ctx.events.publish(Event::ConnectionChanged {
            source_id: source.id,
            old_url,
            new_url: uri.clone(),
            reason,
        });
    }

    /// Stores whether a source is reachable and tells everybody when that changed.
    pub(super) async fn mark_online(ctx: &AppContext, source_id: SourceId, online: bool) -> Result<()> {
        if ctx.db.sources().set_online(source_id, online).await? {
            ctx.events.publish(Event::ConnectivityChanged { source_id, online });
            if online {
                ctx.events.publish(Event::Reconnected(source_id));
            }
        }
        Ok(())
    }
}

/// The failure to name when nothing answered: the most telling one.
fn first_failure(result: &RaceResult) -> ErrorKind {
    let kinds: HashSet<ErrorKind> = result
        .attempts
        .iter()
        .filter_map(|attempt| attempt.outcome.as_ref()?.as_ref().err().map(|failure| failure.kind()))
        .collect();
    [ErrorKind::TlsCertificate, ErrorKind::CaptivePortal, ErrorKind::WrongServer, ErrorKind::Server]
        .into_iter()
        .find(|kind| kinds.contains(kind))
        .or_else(|| kinds.into_iter().next())
        .unwrap_or(ErrorKind::Offline)
}

fn millis(ewma_ms: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(ewma_ms / 1000.0).ok().filter(|usual| !usual.is_zero())
}
