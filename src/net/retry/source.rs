//! What is remembered of each source between its requests: budget and adaptive backoff.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::adaptive::AdaptiveBackoff;
use super::budget::RetryBudget;
use crate::models::SourceId;
use crate::net::error::ErrorKind;

/// How the requests of one source went.
#[derive(Debug, Default)]
pub struct SourceRetries {
    /// How many repetitions it can still afford.
    pub budget: RetryBudget,
    /// How much longer its first pauses are.
    pub adaptive: AdaptiveBackoff,
}

impl SourceRetries {
    /// Remembers how one attempt ended. Failures that a repetition would not change (a missing item, a wrong
    /// token) count for nothing.
    pub fn note(&self, outcome: Result<(), ErrorKind>) {
        match outcome {
            Ok(()) => {
                self.budget.note_success();
                self.adaptive.note(true);
            }
            Err(kind) if kind.retry().is_timed() => {
                self.budget.note_failure();
                self.adaptive.note(false);
            }
            Err(_) => {}
        }
    }

    /// Starts anew: after a reconnection or a change of network the past says nothing.
    pub fn reset(&self) {
        self.budget.refill();
        self.adaptive.reset();
    }
}

/// [`SourceRetries`] of all sources. Cheap to clone; all clones share them.
#[derive(Debug, Clone, Default)]
pub struct RetryRegistry {
    sources: Arc<Mutex<HashMap<SourceId, Arc<SourceRetries>>>>,
}

impl RetryRegistry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is remembered of a source; made when it is asked for the first time.
    pub fn source(&self, id: SourceId) -> Arc<SourceRetries> {
        Arc::clone(self.lock().entry(id).or_default())
    }

    /// Starts anew with one source, which is connected again.
    pub fn reset(&self, id: SourceId) {
        if let Some(source) = self.lock().get(&id) {
            source.reset();
        }
    }

    /// Starts anew with all sources: the network has changed.
    pub fn reset_all(&self) {
        self.lock().values().for_each(|source| source.reset());
    }

    /// Forgets a source that was removed.
    pub fn remove(&self, id: SourceId) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SourceId, Arc<SourceRetries>>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_item_costs_nothing_and_a_refused_connection_does() {
        let source = SourceRetries::default();
        source.note(Err(ErrorKind::NotFound));
        source.note(Err(ErrorKind::Unauthorized));
        assert!((source.budget.tokens() - 10.0).abs() < f64::EPSILON);
        source.note(Err(ErrorKind::Refused));
        assert!((source.budget.tokens() - 9.0).abs() < f64::EPSILON);
    }

    #[test]
    fn sources_are_apart_and_a_change_of_network_resets_all() {
        let registry = RetryRegistry::new();
        let (one, two) = (SourceId::random(), SourceId::random());
        (0..20).for_each(|_| registry.source(one).note(Err(ErrorKind::Refused)));
        assert!(!registry.source(one).budget.allows_retry());
        assert_eq!(registry.source(one).adaptive.factor(), 8);
        assert!(registry.source(two).budget.allows_retry());
        registry.reset_all();
        assert!(registry.source(one).budget.allows_retry());
        assert_eq!(registry.source(one).adaptive.factor(), 1);
    }
}
