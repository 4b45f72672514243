//! Circuit breakers: a connection that fails again and again is left alone until a probe succeeds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::ErrorKind;
use super::tracker::ConnectionId;
use crate::models::{ServerUrl, SourceId};

/// Counted failures in a row that open a circuit.
const FAILURES_TO_OPEN: u32 = 5;

/// The state of a circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitState {
    /// Requests pass.
    Closed,
    /// Requests do not pass; the monitor's probe does.
    Open,
    /// A probe is under way.
    HalfOpen,
    /// Another server answers there. Left alone until the network changes or the user wants it.
    Quarantined,
}

#[derive(Debug, Default)]
struct Circuit {
    failures: u32,
    probing: bool,
    quarantined: bool,
}

impl Circuit {
    fn state(&self) -> CircuitState {
        if self.quarantined {
            CircuitState::Quarantined
        } else if self.failures < FAILURES_TO_OPEN {
            CircuitState::Closed
        } else if self.probing {
            CircuitState::HalfOpen
        } else {
            CircuitState::Open
        }
    }
}

/// The circuits of all connections. Cheap to clone; all clones share them. Only connections with a failure since
/// their last success are remembered.
#[derive(Debug, Clone, Default)]
pub struct CircuitBreaker {
    circuits: Arc<Mutex<HashMap<ConnectionId, Circuit>>>,
}

impl CircuitBreaker {
    /// All circuits closed.
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of a connection's circuit.
    pub fn state(&self, id: &ConnectionId) -> CircuitState {
        self.lock().get(id).map_or(CircuitState::Closed, Circuit::state)
    }

    /// A request or a probe succeeded: closes the circuit.
    pub fn note_success(&self, id: &ConnectionId) {
        self.lock().remove(id);
    }

    /// A request or a probe failed. Kinds that say nothing about the connection change nothing.
    pub fn note_failure(&self, id: &ConnectionId, kind: ErrorKind) {
        let quarantined = kind == ErrorKind::WrongServer;
        if !quarantined && !kind.counts_for_breaker() {
            return;
        }
        let mut circuits = self.lock();
        let circuit = circuits.entry(id.clone()).or_default();
        circuit.probing = false;
        if quarantined {
            circuit.quarantined = true;
        } else {
            circuit.failures = circuit.failures.saturating_add(1);
        }
    }

    /// The monitor begins the half-open test of a connection. Gives whether it should be probed at all: not
    /// while it is in quarantine.
    pub fn begin_probe(&self, id: &ConnectionId) -> bool {
        let mut circuits = self.lock();
        let Some(circuit) = circuits.get_mut(id) else { return true };
        circuit.probing = true;
        !circuit.quarantined
    }

    /// Those of a source's candidates that requests may use, in the same order. When all circuits are open, all
    /// of them: a source's last candidate is never shut out. Only quarantine shuts out for good.
    pub fn admitted<'a>(&self, source: SourceId, candidates: &'a [ServerUrl]) -> Vec<&'a ServerUrl> {
        let circuits = self.lock();
        let states: Vec<(&ServerUrl, CircuitState)> = candidates
            .iter()
            .map(|url| {
                let id = ConnectionId::new(source, url.clone());
                (url, circuits.get(&id).map_or(CircuitState::Closed, Circuit::state))
            })
            .filter(|(_, state)| *state != CircuitState::Quarantined)
            .collect();
        let closed: Vec<_> =
            states.iter().filter(|(_, state)| *state == CircuitState::Closed).map(|(url, _)| *url).collect();
        if closed.is_empty() { states.into_iter().map(|(url, _)| url).collect() } else { closed }
    }

    /// Closes everything and ends every quarantine: the network changed, or the machine woke up.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The same for one source: a user's retry, or the source was removed.
    pub fn clear_source(&self, source: SourceId) {
        self.lock().retain(|id, _| id.source != source);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Circuit>> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn url(text: &str) -> ServerUrl {
        text.parse().unwrap()
    }

    fn fail(breaker: &CircuitBreaker, id: &ConnectionId, times: u32) {
        (0..times).for_each(|_| breaker.note_failure(id, ErrorKind::Refused));
    }

    #[test]
    fn five_counted_failures_in_a_row_open_and_one_success_closes() {
        let breaker = CircuitBreaker::new();
        let id = ConnectionId::new(SourceId::random(), url("http://one"));
        fail(&breaker, &id, 4);
        breaker.note_failure(&id, ErrorKind::NotFound);
        assert_eq!(breaker.state(&id), CircuitState::Closed);
        breaker.note_success(&id);
        fail(&breaker, &id, 4);
        assert_eq!(breaker.state(&id), CircuitState::Closed, "a success in between counts anew");
        fail(&breaker, &id, 1);
        assert_eq!(breaker.state(&id), CircuitState::Open);
        breaker.note_success(&id);
        assert_eq!(breaker.state(&id), CircuitState::Closed);
    }

    #[test]
    fn a_failed_probe_leaves_it_open_and_a_good_one_closes_it() {
        let breaker = CircuitBreaker::new();
        let id = ConnectionId::new(SourceId::random(), url("http://one"));
        fail(&breaker, &id, 5);
        assert!(breaker.begin_probe(&id));
        assert_eq!(breaker.state(&id), CircuitState::HalfOpen);
        fail(&breaker, &id, 1);
        assert_eq!(breaker.state(&id), CircuitState::Open);
        breaker.begin_probe(&id);
        breaker.note_success(&id);
        assert_eq!(breaker.state(&id), CircuitState::Closed);
    }

    #[test]
    fn the_last_candidate_is_never_shut_out() {
        let breaker = CircuitBreaker::new();
        let source = SourceId::random();
        let candidates = [url("http://one"), url("http://two")];
        let ids = candidates.clone().map(|url| ConnectionId::new(source, url));
        fail(&breaker, &ids[0], 5);
        assert_eq!(breaker.admitted(source, &candidates), [&candidates[1]]);
        fail(&breaker, &ids[1], 5);
        assert_eq!(breaker.admitted(source, &candidates), [&candidates[0], &candidates[1]]);
        assert_eq!(breaker.admitted(source, &candidates[..1]), [&candidates[0]]);
        assert_eq!(breaker.admitted(SourceId::random(), &candidates).len(), 2, "sources are apart");
    }

    #[test]
    fn a_wrong_server_is_in_quarantine_until_the_network_changes() {
        let breaker = CircuitBreaker::new();
        let source = SourceId::random();
        let candidates = [url("http://one")];
        let id = ConnectionId::new(source, candidates[0].clone());
        breaker.note_failure(&id, ErrorKind::WrongServer);
        assert!(!breaker.begin_probe(&id));
        assert!(breaker.admitted(source, &candidates).is_empty());
        breaker.clear();
        assert_eq!(breaker.admitted(source, &candidates), [&candidates[0]]);
    }
}
