//! What a retry loop is given besides its policy.

use std::fmt;
use std::time::Duration;

use super::source::SourceRetries;
use crate::net::error::ErrorKind;

/// What repeating a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Doing it twice is the same as doing it once.
    Idempotent,
    /// Doing it twice is not the same: repeated only while none of it can have reached the server.
    UntilSent,
}

/// A repetition that is about to come: "Trying again (2 of 4)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryStep {
    /// The number of the coming attempt; the first repetition is 2.
    pub attempt: u32,
    /// How many attempts there are at most; `None` when there is no end.
    pub of: Option<u32>,
    /// The pause before it.
    pub delay: Duration,
    /// Why it is needed.
    pub kind: ErrorKind,
}

/// Is told of every repetition, before the pause that precedes it.
///
/// Called from the task that runs the request: it must return at once.
pub trait RetryObserver: Send + Sync {
    /// A repetition is about to come.
    fn on_retry(&self, step: RetryStep);
}

impl<F: Fn(RetryStep) + Send + Sync> RetryObserver for F {
    fn on_retry(&self, step: RetryStep) {
        self(step);
    }
}

/// What a retry loop consults and tells. The default consults and tells nobody.
#[derive(Clone, Copy)]
pub struct RetryContext<'a> {
    pub(super) source: Option<&'a SourceRetries>,
    pub(super) unlimited: bool,
    pub(super) alternatives: bool,
    pub(super) observer: Option<&'a dyn RetryObserver>,
    pub(super) random: fn() -> f64,
}

impl<'a> RetryContext<'a> {
    /// A loop of nobody's budget, without observer.
    pub fn new() -> Self {
        Self { source: None, unlimited: false, alternatives: false, observer: None, random: fastrand::f64 }
    }

    /// Uses and feeds budget and adaptive backoff of a source.
    #[must_use]
    pub fn source(self, source: &'a SourceRetries) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Ignores the budget, which is still fed: the outbox, and a user who asked for it.
    #[must_use]
    pub fn unlimited(self) -> Self {
        Self { unlimited: true, ..self }
    }

    /// Says whether another connection is left to try. If so, the loop ends as soon as
    /// [`ErrorKind::fail_over_after`] permits, so that the caller can change to it.
    #[must_use]
    pub fn alternatives(self, alternatives: bool) -> Self {
        Self { alternatives, ..self }
    }

    /// Tells an observer of every repetition.
    #[must_use]
    pub fn observer(self, observer: &'a dyn RetryObserver) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Sets where random numbers in `0.0..1.0` come from; `fastrand` if not set.
    #[must_use]
    pub fn random(self, random: fn() -> f64) -> Self {
        Self { random, ..self }
    }

    /// How much longer the first pause is.
    pub(super) fn factor(&self) -> u32 {
        self.source.map_or(1, |source| source.adaptive.factor())
    }

    /// Whether the budget permits a repetition.
    pub(super) fn can_afford_retry(&self) -> bool {
        self.unlimited || self.source.is_none_or(|source| source.budget.allows_retry())
    }
}

impl Default for RetryContext<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RetryContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryContext")
            .field("source", &self.source)
            .field("unlimited", &self.unlimited)
            .field("alternatives", &self.alternatives)
            .finish_non_exhaustive()
    }
}
