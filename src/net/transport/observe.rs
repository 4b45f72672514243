//! What opening a connection took, for the request that waited for it.
//!
//! `reqwest` tells neither resolver nor connector for which request they work. They are polled inside of that
//! request, though: so the one that a thread is polling at this moment is the one.

use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tower_layer::Layer;
use tower_service::Service;

use super::stats::Counters;

/// What a request waited for before it could be sent. Nothing on a connection that stood already, and nothing when
/// another request opened it meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::net) struct Opening {
    /// Name resolution.
    pub(in crate::net) dns: Option<Duration>,
    /// TCP and TLS together.
    pub(in crate::net) connect: Option<Duration>,
    /// It may go over sockets that are open, and over no new one.
    pub(in crate::net) only_open_sockets: bool,
    /// It needed a new one, and nothing of it was sent.
    pub(in crate::net) refused: bool,
    /// A redirect led to this port, and to encryption.
    pub(in crate::net) encrypted_port: Option<u16>,
}

/// A connection that may not be opened for a request.
#[derive(Debug, thiserror::Error)]
#[error("the server has to say who it is first")]
struct Unproven;

type Slot = Arc<Mutex<Opening>>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Knows which request each thread is polling. Cheap to clone; all clones know the same.
#[derive(Debug, Clone, Default)]
pub(in crate::net) struct Observer {
    polled: Arc<Mutex<HashMap<ThreadId, Slot>>>,
}

impl Observer {
    /// Runs a request for which something holds from the start, and tells what was noted for it.
    pub(in crate::net) async fn watch<F: Future>(&self, start: Opening, request: F) -> (F::Output, Opening) {
        let slot = Slot::new(Mutex::new(start));
        let mut request = pin!(request);
        let output = std::future::poll_fn(|context| {
            let _inside = Inside::enter(self, &slot);
            request.as_mut().poll(context)
        });
        let output = output.await;
        let opening = *lock(&slot);
        (output, opening)
    }

    /// Whether the request that this thread is polling may not have a new socket; notes that it wanted one.
    fn refuses(&self) -> bool {
        let mut refused = false;
        self.note(|opening| {
            refused = opening.only_open_sockets;
            opening.refused |= refused;
        });
        refused
    }

    /// Notes something for the request that this thread is polling; without one, nothing.
    pub(in crate::net) fn note(&self, change: impl FnOnce(&mut Opening)) {
        let slot = lock(&self.polled).get(&thread::current().id()).cloned();
        if let Some(slot) = slot {
            change(&mut lock(&slot));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While it lives, its thread polls one request.
struct Inside<'a> {
    observer: &'a Observer,
    before: Option<Slot>,
}

impl<'a> Inside<'a> {
    fn enter(observer: &'a Observer, slot: &Slot) -> Self {
        let before = lock(&observer.polled).insert(thread::current().id(), Arc::clone(slot));
        Self { observer, before }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut polled = lock(&self.observer.polled);
        let thread = thread::current().id();
        match self.before.take() {
            Some(before) => polled.insert(thread, before),
            None => polled.remove(&thread),
        };
    }
}

/// Measures and counts connections that are opened.
#[derive(Debug, Clone)]
pub(super) struct ObservedConnections {
    pub(super) observer: Observer,
    pub(super) counters: Arc<Counters>,
}

impl<S> Layer<S> for ObservedConnections {
    type Service = ObservedConnector<S>;

    fn layer(&self, inner: S) -> ObservedConnector<S> {
        ObservedConnector { inner, observed: self.clone() }
    }
}

/// A connector with a clock.
#[derive(Debug, Clone)]
pub(super) struct ObservedConnector<S> {
    inner: S,
    observed: ObservedConnections,
}

impl<S, R> Service<R> for ObservedConnector<S>
where
    S: Service<R, Error = BoxError>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        if self.observed.observer.refuses() {
            return Box::pin(std::future::ready(Err(Unproven.into())));
        }
        let opening = self.inner.call(request);
        let observed = self.observed.clone();
        Box::pin(async move {
            let begin = Instant::now();
            let result = opening.await;
            if result.is_ok() {
                observed.counters.opened();
            }
            let whole = begin.elapsed();
            observed.observer.note(|noted| {
                noted.connect = Some(whole.saturating_sub(noted.dns.unwrap_or_default()));
            });
            result
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ONE: Duration = Duration::from_millis(1);
    const TWO: Duration = Duration::from_millis(2);

    #[tokio::test]
    async fn each_request_gets_what_was_noted_while_it_was_polled() {
        let observer = Observer::default();
        let request = |dns: Duration| {
            let observer = observer.clone();
            async move {
                tokio::task::yield_now().await;
                observer.note(|opening| opening.dns = Some(dns));
                tokio::task::yield_now().await;
            }
        };
        let (one, two) = tokio::join!(
            observer.watch(Opening::default(), request(ONE)),
            observer.watch(Opening::default(), request(TWO))
        );
        assert_eq!((one.1.dns, two.1.dns), (Some(ONE), Some(TWO)));
    }

    #[tokio::test]
    async fn nothing_is_noted_outside_of_a_request() {
        let observer = Observer::default();
        let inner = observer.clone();
        let request = async move {
            let elsewhere = inner.clone();
            let other = tokio::spawn(async move { elsewhere.note(|opening| opening.connect = Some(ONE)) });
            other.await.unwrap();
        };
        assert_eq!(observer.watch(Opening::default(), request).await.1, Opening::default());
        observer.note(|opening| opening.dns = Some(ONE));
        assert!(lock(&observer.polled).is_empty());
    }

    #[tokio::test]
    async fn a_request_inside_of_another_does_not_end_it() {
        let observer = Observer::default();
        let ((), outer) = observer
            .watch(Opening::default(), async {
                observer
                    .watch(Opening::default(), async { observer.note(|opening| opening.dns = Some(ONE)) })
                    .await;
                observer.note(|opening| opening.connect = Some(TWO));
            })
            .await;
        assert_eq!(outer, Opening { connect: Some(TWO), ..Opening::default() });
    }
}
