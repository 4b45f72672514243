//! What a pretended server converts now: counted, so that a test can see that nothing is left.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What became of the conversions of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Converted {
    /// Sessions that run.
    pub running: Vec<String>,
    /// How many were begun.
    pub begun: usize,
    /// Every request to end one, also of those that do not run.
    pub ended: Vec<String>,
    /// Every sign that one is still wanted.
    pub kept: Vec<String>,
}

/// The conversions of one server.
#[derive(Debug, Default)]
pub(crate) struct Conversions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    running: BTreeMap<String, u64>,
    begun: usize,
    ended: Vec<String>,
    kept: Vec<String>,
}

impl Conversions {
    /// A part of a session was asked for: it runs.
    pub(crate) fn asked(&self, session: &str) {
        let mut inner = self.lock();
        if inner.running.get_mut(session).map(|parts| *parts += 1).is_none() {
            inner.begun += 1;
            inner.running.insert(session.to_owned(), 1);
        }
    }

    /// A client says that it is still there.
    pub(crate) fn kept(&self, session: &str) {
        self.lock().kept.push(session.to_owned());
    }

    /// A client asks to end a session.
    pub(crate) fn ended(&self, session: &str) {
        let mut inner = self.lock();
        inner.running.remove(session);
        inner.ended.push(session.to_owned());
    }

    /// A playback has stopped: what was converted for it ends without being asked for.
    pub(crate) fn stopped(&self, session: &str) {
        self.lock().running.remove(session);
    }

    /// What became of them.
    pub(crate) fn all(&self) -> Converted {
        let inner = self.lock();
        Converted {
            running: inner.running.keys().cloned().collect(),
            begun: inner.begun,
            ended: inner.ended.clone(),
            kept: inner.kept.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
