//! What outlives one choice: races in flight, the last decision of each source, and the limits of the user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::Instant;

use super::policy::{self, Rule, Stability, stability};
use super::race::Attempt;
use super::verdicts::Chosen;
use crate::models::{ServerUrl, SourceId};
use crate::net::{ErrorKind, LocalNetwork, SlowConnection};

/// Routes are read anew after this, also when nobody tells of a change.
const ROUTES_AGE: Duration = Duration::from_secs(2);

/// A decision, with everything that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The chosen connection; `None` when nothing answered.
    pub chosen: Option<ServerUrl>,
    /// The rule that decided.
    pub rule: Option<Rule>,
    /// The second best.
    pub runner_up: Option<ServerUrl>,
    /// What every candidate did.
    pub attempts: Vec<Attempt>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Limits that the user may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Most attempts of a race in flight.
    pub parallel: usize,
    /// Better checks in a row before a faster connection of the same tier is used.
    pub faster_checks: u32,
    /// By how much time limits are longer, for a connection that is known to be slow.
    pub slow: SlowConnection,
    /// Whether a relay may be used where nothing else answers.
    pub relay_allowed: bool,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            parallel: policy::MOST_PARALLEL,
            faster_checks: stability::FASTER_CHECKS,
            slow: SlowConnection::default(),
            relay_allowed: true,
        }
    }
}

/// How far a race has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Flight {
    /// Nothing has answered yet.
    Running,
    /// This one answered first and can be used.
    First(Chosen),
    /// It is over and written down.
    Done(Result<Chosen, ErrorKind>),
}

/// Shared by all choices. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    sources: HashMap<SourceId, Entry>,
    network: Option<(Arc<LocalNetwork>, Instant)>,
    races: u64,
    tuning: Tuning,
    started: Option<Instant>,
}

#[derive(Debug, Default)]
struct Entry {
    flight: Option<(String, watch::Receiver<Flight>)>,
    last: Option<Decision>,
    renewed: Option<(ServerUrl, Instant)>,
    seen: Option<Instant>,
    /// Nothing was accepted beyond the platform's certificates.
    platform_only: bool,
    stability: Stability,
}

impl Connections {
    /// Joins the race of a source that runs on this network, or has `start` begin one. Nobody begins a second
    /// one while one runs.
    pub(super) fn join(
        &self,
        source: SourceId,
        fingerprint: &str,
        start: impl FnOnce(u64, watch::Sender<Flight>),
    ) -> watch::Receiver<Flight> {
        let mut inner = self.lock();
        let running = inner.sources.get(&source).and_then(|entry| entry.flight.as_ref());
        if let Some((network, flight)) = running
            && network == fingerprint
            // A sender that is gone without an end belongs to a task that was cancelled.
            && flight.has_changed().is_ok()
            && !matches!(*flight.borrow(), Flight::Done(_))
        {
            return flight.clone();
        }
        let (sender, receiver) = watch::channel(Flight::Running);
        inner.races += 1;
        let number = inner.races;
        let entry = inner.sources.entry(source).or_default();
        entry.flight = Some((fingerprint.to_owned(), receiver.clone()));
        drop(inner);
        start(number, sender);
        receiver
    }

    /// Waits until the race of a source, if one runs, is over and written down.
    pub(super) async fn settled(&self, source: SourceId) {
        let flight = self.with(source, |entry| entry.flight.as_ref().map(|(_, flight)| flight.clone()));
        if let Some(mut flight) = flight {
            // A sender that is gone is as good as an end.
            let _end = flight.wait_for(|state| matches!(state, Flight::Done(_))).await;
        }
    }

    /// Waits until no race runs, so that a process that ends does not forget what it has found.
    pub async fn all_settled(&self) {
        let sources: Vec<SourceId> = self.lock().sources.keys().copied().collect();
        for source in sources {
            self.settled(source).await;
        }
    }

    /// The network around this machine, read at most every two seconds.
    pub(super) async fn network(&self) -> Arc<LocalNetwork> {
        let known = self.lock().network.clone();
        if let Some((network, at)) = known
            && at.elapsed() < ROUTES_AGE
        {
            return network;
        }
        let network = Arc::new(LocalNetwork::now().await);
        self.lock().network = Some((Arc::clone(&network), Instant::now()));
        network
    }

    /// The fingerprint of that network.
    pub(super) async fn fingerprint(&self) -> String {
        self.network().await.fingerprint.clone()
    }

    /// The network may have changed: routes are read anew.
    pub(super) fn forget_network(&self) {
        self.lock().network = None;
    }

    /// Whether a renewal of the verdict is due; notes that it is done now.
    pub(super) fn renewal_is_due(&self, source: SourceId, uri: &ServerUrl) -> bool {
        self.with(source, |entry| {
            let fresh = entry
                .renewed
                .as_ref()
                .is_some_and(|(known, at)| known == uri && at.elapsed() < policy::RENEWAL_INTERVAL);
            if !fresh {
                entry.renewed = Some((uri.clone(), Instant::now()));
            }
            !fresh
        })
    }

    /// Whether it is known that the user has accepted no certificate for a source.
    pub(in crate::services) fn is_platform_only(&self, source: SourceId) -> bool {
        self.with(source, |entry| entry.platform_only)
    }

    /// Notes whether the user has accepted certificates for a source: what most sources never have need not be
    /// read for every operation.
    pub(in crate::services) fn set_platform_only(&self, source: SourceId, platform_only: bool) {
        self.with(source, |entry| entry.platform_only = platform_only);
    }

    /// A real request has just succeeded.
    pub(super) fn seen(&self, source: SourceId) {
        self.with(source, |entry| entry.seen = Some(Instant::now()));
    }

    /// When a real request last succeeded.
    pub fn last_seen(&self, source: SourceId) -> Option<Instant> {
        self.with(source, |entry| entry.seen)
    }

    /// Works with the memory of changes of a source.
    pub(super) fn with_stability<T>(&self, source: SourceId, work: impl FnOnce(&mut Stability) -> T) -> T {
        self.with(source, |entry| work(&mut entry.stability))
    }

    /// The verdict of a source ended: the next success writes one.
    pub(in crate::services) fn verdict_ended(&self, source: SourceId) {
        self.with(source, |entry| entry.renewed = None);
    }

    /// The last decision of a source.
    pub(super) fn last(&self, source: SourceId) -> Option<Decision> {
        self.with(source, |entry| entry.last.clone())
    }

    /// Keeps a decision.
    pub(super) fn remember(&self, source: SourceId, decision: Decision) {
        self.with(source, |entry| entry.last = Some(decision));
    }

    /// Forgets a source.
    pub(crate) fn forget(&self, source: SourceId) {
        self.lock().sources.remove(&source);
    }

    /// Time since the first call: a clock that nobody can put back.
    pub(super) fn uptime(&self) -> Duration {
        self.lock().started.get_or_insert_with(Instant::now).elapsed()
    }

    /// The user's limits.
    pub fn tuning(&self) -> Tuning {
        self.lock().tuning
    }

    /// Sets the user's limits.
    pub fn set_tuning(&self, tuning: Tuning) {
        self.lock().tuning = tuning;
    }

    fn with<T>(&self, source: SourceId, work: impl FnOnce(&mut Entry) -> T) -> T {
        work(self.lock().sources.entry(source).or_default())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
