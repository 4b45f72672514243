//! Which syncs run: one of a whole source at a time, one of a library at a time, each of them ended when asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;

use crate::models::{LibraryId, SourceId};

/// The syncs that run. Cheap to clone; all clones share it.
#[derive(Debug, Clone, Default)]
pub struct Syncs {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    sources: HashMap<SourceId, Entry>,
    libraries: HashMap<LibraryId, Arc<AsyncMutex<()>>>,
    number: u64,
}

#[derive(Debug, Default)]
struct Entry {
    /// Held by the sync of the whole source.
    turn: Arc<AsyncMutex<()>>,
    running: Vec<Running>,
    /// Libraries that somebody looks at, and that come before everything else.
    urgent: watch::Sender<usize>,
}

#[derive(Debug)]
struct Running {
    number: u64,
    token: CancellationToken,
    shown: bool,
}

/// A sync is registered as long as this lives.
#[derive(Debug)]
pub(super) struct Ticket {
    syncs: Syncs,
    source: SourceId,
    number: u64,
    token: CancellationToken,
}

/// A library comes before everything else of its source, as long as this lives.
#[derive(Debug)]
pub(super) struct Urgent {
    syncs: Syncs,
    source: SourceId,
}

impl Syncs {
    /// Whether a sync of a source is under way that is shown.
    pub fn is_shown(&self, source: SourceId) -> bool {
        let inner = self.lock();
        inner.sources.get(&source).is_some_and(|entry| entry.running.iter().any(|running| running.shown))
    }

    /// Ends every sync of a source, and tells whether there was one.
    pub(super) fn cancel(&self, source: SourceId) -> bool {
        let inner = self.lock();
        let running = inner.sources.get(&source).map(|entry| entry.running.as_slice()).unwrap_or_default();
        for running in running {
            running.token.cancel();
        }
        !running.is_empty()
    }

    /// A sync begins.
    pub(super) fn begin(&self, source: SourceId) -> Ticket {
        let mut inner = self.lock();
        inner.number += 1;
        let (number, token) = (inner.number, CancellationToken::new());
        let running = Running { number, token: token.clone(), shown: false };
        inner.sources.entry(source).or_default().running.push(running);
        drop(inner);
        Ticket { syncs: self.clone(), source, number, token }
    }

    /// The turn of the sync of a whole source.
    pub(super) async fn turn(&self, source: SourceId) -> OwnedMutexGuard<()> {
        let turn = Arc::clone(&self.lock().sources.entry(source).or_default().turn);
        turn.lock_owned().await
    }

    /// The lock of a library: one listing of it at a time.
    pub(super) fn library(&self, library: LibraryId) -> Arc<AsyncMutex<()>> {
        let mut inner = self.lock();
        inner.libraries.retain(|known, lock| *known == library || Arc::strong_count(lock) > 1);
        Arc::clone(inner.libraries.entry(library).or_default())
    }

    /// A library of a source comes first.
    pub(super) fn urge(&self, source: SourceId) -> Urgent {
        let mut inner = self.lock();
        inner.sources.entry(source).or_default().urgent.send_modify(|count| *count += 1);
        drop(inner);
        Urgent { syncs: self.clone(), source }
    }

    /// Waits until no library of a source has to come first.
    pub(super) async fn nothing_is_urgent(&self, source: SourceId) {
        let urgent = self.lock().sources.get(&source).map(|entry| entry.urgent.subscribe());
        if let Some(mut urgent) = urgent {
            // A sender that is gone urges nobody.
            let _gone = urgent.wait_for(|count| *count == 0).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Shows this sync, unless another one of the source is shown already. Tells whether it is.
    pub(super) fn show(&self) -> bool {
        let mut inner = self.syncs.lock();
        let Some(entry) = inner.sources.get_mut(&self.source) else { return false };
        if entry.running.iter().any(|running| running.shown) {
            return false;
        }
        let own = entry.running.iter_mut().find(|running| running.number == self.number);
        own.is_some_and(|own| {
            own.shown = true;
            true
        })
    }

    /// Waits until somebody wants the sync to end.
    pub(super) async fn cancelled(&self) {
        self.token.cancelled().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(entry) = self.syncs.lock().sources.get_mut(&self.source) {
            entry.running.retain(|running| running.number != self.number);
        }
    }
}

impl Drop for Urgent {
    fn drop(&mut self) {
        if let Some(entry) = self.syncs.lock().sources.get(&self.source) {
            entry.urgent.send_modify(|count| *count = count.saturating_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_sync_of_a_source_is_shown_and_all_are_ended() {
        let (syncs, source) = (Syncs::default(), SourceId::random());
        assert!(!syncs.cancel(source));
        let (first, second) = (syncs.begin(source), syncs.begin(source));
        assert!(first.show() && !second.show() && syncs.is_shown(source));
        assert!(syncs.cancel(source));
        tokio::join!(first.cancelled(), second.cancelled());
        drop(first);
        assert!(!syncs.is_shown(source) && second.show());
    }

    #[tokio::test]
    async fn who_is_not_urgent_waits() {
        let (syncs, source) = (Syncs::default(), SourceId::random());
        syncs.nothing_is_urgent(source).await;
        let urgent = syncs.urge(source);
        let waiting = tokio::spawn({
            let syncs = syncs.clone();
            async move { syncs.nothing_is_urgent(source).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(urgent);
        assert!(waiting.await.is_ok());
    }
}
