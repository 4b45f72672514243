//! What outlives one choice: locks against parallel races and the last decision of each source.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::policy::Rule;
use super::race::Attempt;
use crate::models::{ServerUrl, SourceId};

/// A decision, with everything that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The chosen connection; `None` when nothing answered.
    pub chosen: Option<ServerUrl>,
    /// The rule that decided.
    pub rule: Option<Rule>,
    /// What every candidate did.
    pub attempts: Vec<Attempt>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Shared by all choices. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ConnectionState {
    inner: Arc<Mutex<HashMap<SourceId, Entry>>>,
}

#[derive(Debug, Default)]
struct Entry {
    lock: Arc<tokio::sync::Mutex<()>>,
    last: Option<Decision>,
}

impl ConnectionState {
    /// The lock that lets one race of a source run at a time.
    pub(super) fn race_lock(&self, source: SourceId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.with(source, |entry| Arc::clone(&entry.lock)))
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
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).remove(&source);
    }

    fn with<T>(&self, source: SourceId, work: impl FnOnce(&mut Entry) -> T) -> T {
        work(self.inner.lock().unwrap_or_else(PoisonError::into_inner).entry(source).or_default())
    }
}
