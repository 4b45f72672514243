//! The rate limiter: waiting for one's turn.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::headers::LimitHeaders;
use super::lanes::{Lane, Ticket, Traffic};
use super::limits::{Origin, TOO_MANY_REQUESTS};

/// Origins that are remembered while nobody uses them. A person has a few servers; more than this is a mistake,
/// and forgetting one costs a burst of ten requests.
const MOST_ORIGINS: usize = 256;

type Origins = HashMap<Arc<str>, Origin>;

/// Holds back requests, by origin: how many at a time, how many a second, and not while the server asked for
/// a pause. Cheap to clone; all clones share their limits.
///
/// An origin is the text that `Url::origin().ascii_serialization()` gives: scheme, host and port.
#[derive(Debug, Clone)]
pub struct RateLimiter {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bucketed: HashSet<String>,
    origins: Mutex<Origins>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Origins> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes an origin that is in use, and forgets it when nobody needs it any more.
    fn change(&self, name: &Arc<str>, change: impl FnOnce(&mut Origin, Instant)) {
        let now = Instant::now();
        let mut origins = self.lock();
        if let Some(origin) = origins.get_mut(name) {
            change(origin, now);
            if origin.is_idle() && origin.knows_nothing(now) {
                origins.remove(name);
            }
        }
    }
}

/// A pause of the server that lasts longer than the caller wants to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server asked for a pause of {wait:?}")]
pub struct Paused {
    /// How long it still lasts.
    pub wait: Duration,
}

impl RateLimiter {
    /// Limits the number of requests at a time everywhere, and the rate at the origins `bucketed` from the
    /// first request on: those of plex.tv. Everywhere else the rate is limited once the server mentions one.
    pub fn new(bucketed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let bucketed = bucketed.into_iter().map(Into::into).collect();
        Self { shared: Arc::new(Shared { bucketed, origins: Mutex::default() }) }
    }

    /// Waits for one's turn at an origin. The request may go on as long as the permit lives. Cancelled by
    /// dropping it.
    pub async fn acquire(&self, origin: &str, lane: Lane, traffic: Traffic) -> Permit {
        let wake = Arc::new(Notify::new());
        let (name, ticket) = self.enter(origin, lane, traffic, Arc::clone(&wake));
        let mut queued = Queued { shared: &self.shared, name, lane, traffic, ticket: Some(ticket) };
        loop {
            let until = match queued.poll(ticket) {
                Ok(()) => break,
                Err(until) => until,
            };
            let Some(until) = until else {
                wake.notified().await;
                continue;
            };
            tokio::select! {
                () = wake.notified() => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
        queued.ticket = None;
        Permit { shared: Arc::clone(&self.shared), name: Arc::clone(&queued.name), traffic }
    }

    /// As [`RateLimiter::acquire`], but gives up at once when the origin has asked for a pause of more than
    /// `patience`: nobody should look at a spinner that cannot end.
    ///
    /// # Errors
    /// How long the pause lasts.
    pub async fn acquire_within(
        &self,
        origin: &str,
        lane: Lane,
        traffic: Traffic,
        patience: Duration,
    ) -> Result<Permit, Paused> {
        if let Some(until) = self.paused_until(origin) {
            let wait = until.duration_since(Instant::now());
            if wait > patience {
                return Err(Paused { wait });
            }
        }
        Ok(self.acquire(origin, lane, traffic).await)
    }

    /// Learns from the status and the limits of an answer.
    pub fn note(&self, origin: &str, status: u16, limits: &LimitHeaders) {
        if status != TOO_MANY_REQUESTS && !limits.is_limited() {
            return;
        }
        let now = Instant::now();
        self.entry(&mut self.shared.lock(), origin, now).1.note(status, limits, now);
    }

    /// Until when an origin has asked to be left alone: for a countdown.
    pub fn paused_until(&self, origin: &str) -> Option<Instant> {
        self.shared.lock().get(origin)?.paused_until(Instant::now())
    }

    /// How many requests a second an origin gets at present; `None` when nothing limits them.
    pub fn rate(&self, origin: &str) -> Option<f64> {
        self.shared.lock().get_mut(origin)?.rate(Instant::now())
    }

    /// Ends the pauses: the user wants to try now. Rates stay as they were learned.
    pub fn end_pause(&self, origin: &str) {
        let now = Instant::now();
        if let Some(origin) = self.shared.lock().get_mut(origin) {
            origin.end_pause(now);
        }
    }

    fn enter(&self, origin: &str, lane: Lane, traffic: Traffic, wake: Arc<Notify>) -> (Arc<str>, Ticket) {
        let now = Instant::now();
        let mut origins = self.shared.lock();
        let (name, entry) = self.entry(&mut origins, origin, now);
        (name, entry.enter(lane, traffic, wake, now))
    }

    /// An origin, which is made if need be, in place of one that nobody uses.
    fn entry<'a>(&self, origins: &'a mut Origins, name: &str, now: Instant) -> (Arc<str>, &'a mut Origin) {
        let shared_name = origins.get_key_value(name).map(|(known, _)| Arc::clone(known));
        let bucketed = &self.shared.bucketed;
        if shared_name.is_none() && origins.len() >= MOST_ORIGINS {
            let oldest = origins
                .iter()
                .filter(|(name, origin)| origin.is_idle() && !bucketed.contains(&***name))
                .min_by_key(|(_, origin)| origin.last_used)
                .map(|(name, _)| Arc::clone(name));
            oldest.and_then(|name| origins.remove(&name));
        }
        let name = shared_name.unwrap_or_else(|| Arc::from(name));
        let fresh = || Origin::new(bucketed.contains(&*name), now);
        (Arc::clone(&name), origins.entry(Arc::clone(&name)).or_insert_with(fresh))
    }
}

/// A place in the queue; given up when dropped.
struct Queued<'a> {
    shared: &'a Arc<Shared>,
    name: Arc<str>,
    lane: Lane,
    traffic: Traffic,
    ticket: Option<Ticket>,
}

impl Queued<'_> {
    fn poll(&self, ticket: Ticket) -> Result<(), Option<Instant>> {
        let now = Instant::now();
        // An origin with somebody in its queue is never forgotten.
        self.shared.lock().get_mut(&self.name).map_or(Ok(()), |origin| origin.poll(ticket, now))
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.shared.change(&self.name, |origin, now| origin.leave(self.lane, self.traffic, ticket, now));
        }
    }
}

/// The right to have one request under way. Dropped when the answer is read.
#[derive(Debug)]
#[must_use = "the request is counted as over when the permit is dropped"]
pub struct Permit {
    shared: Arc<Shared>,
    name: Arc<str>,
    traffic: Traffic,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shared.change(&self.name, |origin, now| origin.release(self.traffic, now));
    }
}

#[cfg(test)]
mod tests;
