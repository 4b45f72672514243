//! Choosing the connection of a source.
//!
//! - [`policy`]: the score, the order of a race, what wins, when to change. Pure.
//! - [`race`]: asks several addresses at once who they are.
//! - [`probe`]: the identity request; no credential is sent before it was answered rightly.
//! - [`check`]: one look of the monitor at the connection in use and its best alternatives.
//! - [`settle`]: writes down what was found.
//! - [`verdicts`]: the stored decision that most operations use.
//! - [`ConnectionService`]: what everybody else calls.
//!
//! The choice is written down as a verdict with a short validity, so that the next operation costs one read
//! of a primary key. A verdict is never extended by not having looked.

mod candidates;
mod check;
mod guard;
pub mod policy;
mod probe;
mod race;
mod report;
mod settle;
mod state;
mod status;
mod subject;
mod verdicts;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracing::{Instrument as _, debug, debug_span, warn};

pub use check::{CheckOutcome, Scope, check};
pub(in crate::services) use guard::{pool, pool_of_server};
pub use policy::Rule;
pub use probe::{HttpProber, Prober, identify};
pub use race::{Attempt, RaceResult, Rules, Winner, race};
pub use report::ConnectionReport;
pub(super) use settle::set_online;
pub use state::{Connections, Decision, Tuning};
pub use status::{Connectivity, LiveState, Reach, Retrying, SourceStatus};
pub use verdicts::Chosen;

use self::state::Flight;
use self::subject::Subject;
use super::super::events::{ChangeReason, Event};
use super::super::{AppContext, Result, ServiceError};
use crate::models::{ConnectionList, ServerUrl, Source, SourceId};
use crate::net::{ErrorKind, LocalNetwork, NetError, Renewal};

/// What made a race start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// An operation had no valid verdict.
    Operation,
    /// The connection in use failed in an operation.
    Failure,
    /// The user asked.
    User,
    /// This machine is on another network, or was asleep.
    NetworkChange,
}

/// Chooses and remembers connections.
pub struct ConnectionService;

impl ConnectionService {
    /// The connection to use now: a valid verdict, or the winner of a race.
    ///
    /// # Errors
    /// `Offline` when no connection answered; nothing is deleted or marked besides the online state.
    pub async fn select_best_connection(ctx: &AppContext, source_id: SourceId) -> Result<ServerUrl> {
        Ok(Self::choose(ctx, source_id).await?.uri)
    }

    /// The same, with the round-trip time that belongs to it.
    pub(super) async fn choose(ctx: &AppContext, source_id: SourceId) -> Result<Chosen> {
        let fingerprint = ctx.connections.fingerprint().await;
        if let Some(chosen) = verdicts::current(ctx, source_id, &fingerprint).await? {
            return Ok(chosen);
        }
        Self::race(ctx, source_id, Trigger::Operation).await
    }

    /// A source, and the connection to use now if its verdict is valid: what an operation begins with.
    pub(super) async fn with_source(
        ctx: &AppContext,
        source_id: SourceId,
    ) -> Result<(Source, Option<Chosen>)> {
        verdicts::with_source(ctx, source_id).await
    }

    /// The first choice for a new source, waited for until it is written down. Whether it succeeds is shown by
    /// the source's state.
    pub(super) async fn settle_in(ctx: &AppContext, source_id: SourceId) {
        let _first = Self::race(ctx, source_id, Trigger::User).await;
        ctx.connections.settled(source_id).await;
    }

    /// Forgets the decision and makes a new one.
    ///
    /// # Errors
    /// `Offline` when no connection answered.
    pub async fn choose_again(ctx: &AppContext, source_id: SourceId, trigger: Trigger) -> Result<Chosen> {
        ctx.db.verdicts().remove(source_id).await?;
        ctx.connections.verdict_ended(source_id);
        Self::race(ctx, source_id, trigger).await
    }

    /// Checks every connection now, writes down what was found and gives it, best first.
    pub async fn test_connections(ctx: &AppContext, source_id: SourceId) -> Result<Vec<ConnectionReport>> {
        check::check_all(ctx, source_id).await?;
        Self::report(ctx, source_id).await
    }

    /// Every connection with what is known of it, best first, without asking anybody.
    pub async fn report(ctx: &AppContext, source_id: SourceId) -> Result<Vec<ConnectionReport>> {
        report::report(ctx, source_id).await
    }

    /// The last decision of a source in this run, with every candidate and the rule that decided.
    pub fn explain(ctx: &AppContext, source_id: SourceId) -> Option<Decision> {
        ctx.connections.last(source_id)
    }

    /// Wants one connection whenever it answers, or none in particular.
    ///
    /// # Errors
    /// `Unknown` when it is none of the source's; `Offline` when nothing answers now, the wish is kept then.
    pub async fn pin(ctx: &AppContext, source_id: SourceId, uri: Option<&ServerUrl>) -> Result<()> {
        let source = ctx.db.sources().get(source_id).await?;
        let known = |uri: &ServerUrl| source.connections.connections.iter().any(|known| known.uri == *uri);
        if uri.is_some_and(|uri| !known(uri)) {
            return Err(ServiceError::Unknown("connection"));
        }
        let pin = |list: &mut ConnectionList| {
            for connection in &mut list.connections {
                connection.pinned = Some(&connection.uri) == uri;
            }
        };
        ctx.db.sources().edit_connections(source_id, pin).await?;
        ctx.events.publish(Event::SourceChanged(source_id));
        let chosen = Self::choose_again(ctx, source_id, Trigger::User).await;
        ctx.connections.settled(source_id).await;
        chosen.map(drop)
    }

    /// This machine is on another network, or was asleep: nothing learnt before holds now, and no socket that is
    /// open is used again.
    pub async fn forget_network(ctx: &AppContext, resumed: bool) {
        ctx.http.renew_generation(if resumed { Renewal::Resumed } else { Renewal::NetworkChanged });
        ctx.connections.forget_network();
        ctx.breaker.clear();
        ctx.retries.reset_all();
        ctx.trackers.reset_all();
        if let Err(error) = ctx.db.verdicts().clear().await {
            warn!(%error, "the decisions of the other network could not be removed");
        }
    }

    /// A real request on a connection counts as a check: success renews the verdict, a failure that another
    /// connection may not have (the second of the pair) ends it.
    pub async fn record_outcome(
        ctx: &AppContext,
        source: &Source,
        used: &Chosen,
        outcome: std::result::Result<(), (ErrorKind, bool)>,
    ) -> Result<()> {
        match outcome {
            Ok(()) => {
                ctx.connections.seen(source.id);
                settle::track(ctx, source.id, &used.uri, Ok(()));
                if verdicts::renew(ctx, source.id, &used.uri).await? {
                    settle::mark_up(ctx, source, used.uri.clone(), None, used.rtt).await?;
                }
                Ok(())
            }
            Err((kind, true)) => {
                debug!(source_id = %source.id, uri = %used.uri, ?kind, "connection failed in use");
                settle::measure_failure(ctx, source, &used.uri, kind).await?;
                ctx.db.verdicts().remove(source.id).await?;
                ctx.connections.verdict_ended(source.id);
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    /// How long to wait for the head of an answer before a connection is doubted.
    pub(super) fn hedge_delay(chosen: &Chosen) -> Duration {
        policy::hedge_delay(chosen.rtt)
    }

    /// Looks whether a connection that has become silent still answers, and moves to another if not. Gives
    /// what was found and the connection in use now.
    pub(super) async fn doubt(
        ctx: &AppContext,
        source_id: SourceId,
        chosen: &Chosen,
    ) -> Result<(CheckOutcome, Option<ServerUrl>)> {
        let outcome = check::doubt(ctx, source_id, chosen.rtt).await?;
        Ok((outcome, ctx.db.sources().get(source_id).await?.connection_url))
    }

    /// Takes the race that runs, or starts one, and waits until something answered or nothing did.
    async fn race(ctx: &AppContext, source_id: SourceId, trigger: Trigger) -> Result<Chosen> {
        let network = ctx.connections.network().await;
        let mut flight = ctx.connections.join(source_id, &network.fingerprint, |race_id, sender| {
            let (ctx, network) = (ctx.clone(), Arc::clone(&network));
            let span = debug_span!("race", %source_id, race_id, ?trigger, generation = ctx.http.generation());
            tokio::spawn(
                async move {
                    let end = run_race(&ctx, source_id, &network, trigger, &sender).await;
                    let end = end.unwrap_or_else(|error| {
                        warn!(%error, "a race could not be written down");
                        Err(error.kind())
                    });
                    sender.send_replace(Flight::Done(end));
                }
                .instrument(span),
            );
        });
        loop {
            match &*flight.borrow_and_update() {
                Flight::Running => {}
                Flight::First(chosen) | Flight::Done(Ok(chosen)) => return Ok(chosen.clone()),
                Flight::Done(Err(ErrorKind::Storage)) => {
                    let detail = "the result of a race could not be stored";
                    return Err(NetError::new(ErrorKind::Storage, detail).into());
                }
                Flight::Done(Err(kind)) => return Err(ServiceError::Offline(*kind)),
            }
            if flight.changed().await.is_err() {
                return Err(ServiceError::Offline(ErrorKind::Offline));
            }
        }
    }
}

async fn run_race(
    ctx: &AppContext,
    source_id: SourceId,
    network: &LocalNetwork,
    trigger: Trigger,
    flight: &watch::Sender<Flight>,
) -> Result<std::result::Result<Chosen, ErrorKind>> {
    let Subject { source, mut candidates, prober, parallel } = Subject::load(ctx, source_id, network).await?;
    if !source.enabled {
        return Ok(Err(ErrorKind::Offline));
    }
    let uris: Vec<ServerUrl> = candidates.iter().map(|candidate| candidate.uri.clone()).collect();
    let admitted = ctx.breaker.admitted(source_id, &uris);
    candidates.retain(|candidate| admitted.contains(&&candidate.uri));
    if !ctx.connectivity.status(source_id).reach.is_usable() {
        ctx.connectivity.update(source_id, |status| status.reach = Reach::Checking);
    }
    let rules = Rules { parallel, second_look: true };
    let result = race::race(candidates, &prober, rules, |uri, rtt| {
        flight.send_replace(Flight::First(Chosen { uri: uri.clone(), rtt }));
    })
    .await;
    let reason = (trigger == Trigger::NetworkChange).then_some(ChangeReason::NetworkChange);
    settle::settle(ctx, &source, &network.fingerprint, result, reason).await
}
