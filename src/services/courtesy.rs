//! Who goes first at a server: what a person waits for and what plays, before what nobody waits for.
//!
//! Pages of a sync pass through [`Courtesy::enter`]. While somebody waits for an answer of the same server, or did a
//! moment ago, they come one at a time; while something plays from there, each also rests as long as it took. Nothing
//! stands still for ever.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::models::SourceId;

/// Somebody who has just got an answer is likely to want the next one.
const AFTER_INTERACTIVE: Duration = Duration::from_millis(500);
/// A player reports every 10 s; one that is not heard of for longer is gone.
const PLAYING_FOR: Duration = Duration::from_secs(25);
/// Longest rest after a page while something plays.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// Knows who is busy. Cheap to clone; all clones share it.
#[derive(Debug, Clone, Default)]
pub struct Courtesy {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    sources: Mutex<HashMap<SourceId, Entry>>,
    changed: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct Entry {
    /// Requests that somebody waits for.
    waiting: usize,
    /// When the last of them ended.
    waited: Option<Instant>,
    /// Until when something counts as playing.
    playing: Option<Instant>,
    /// Background requests under way.
    background: usize,
    /// No further one before.
    rest: Option<Instant>,
}

impl Entry {
    fn is_playing(&self, now: Instant) -> bool {
        self.playing.is_some_and(|until| now < until)
    }

    /// Whether another background request may go; otherwise when to look again, as far as that is known.
    fn may_enter(&self, most: usize, now: Instant) -> Result<(), Option<Instant>> {
        if let Some(rest) = self.rest.filter(|rest| now < *rest) {
            return Err(Some(rest));
        }
        let after = self.waited.map(|at| at + AFTER_INTERACTIVE).filter(|until| now < *until);
        let is_busy = self.waiting > 0 || after.is_some() || self.is_playing(now);
        let most = if is_busy { 1 } else { most };
        if self.background < most { Ok(()) } else { Err(after) }
    }
}

/// Somebody waits for an answer, as long as this lives.
#[derive(Debug)]
#[must_use = "who waits is known as long as this lives"]
pub struct Waiting {
    shared: Arc<Shared>,
    source: SourceId,
}

/// A background request is under way, as long as this lives.
#[derive(Debug)]
#[must_use = "the next one may go when this is dropped"]
pub struct Pass {
    shared: Arc<Shared>,
    source: SourceId,
    since: Instant,
}

impl Courtesy {
    /// Somebody waits for an answer of a source.
    pub fn waiting(&self, source: SourceId) -> Waiting {
        self.shared.change(source, |entry| entry.waiting += 1);
        Waiting { shared: Arc::clone(&self.shared), source }
    }

    /// Something plays from a source, or no longer does.
    pub fn playing(&self, source: SourceId, plays: bool) {
        let until = plays.then(|| Instant::now() + PLAYING_FOR);
        self.shared.change(source, |entry| entry.playing = until);
        self.shared.changed.notify_waiters();
    }

    /// Waits until a background request may go; at most `most` at a time where nobody is in the way.
    pub async fn enter(&self, source: SourceId, most: usize) -> Pass {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let now = Instant::now();
            let mut entered = Ok(());
            self.shared.change(source, |entry| {
                entered = entry.may_enter(most, now);
                entry.background += usize::from(entered.is_ok());
            });
            match entered {
                Ok(()) => return Pass { shared: Arc::clone(&self.shared), source, since: now },
                Err(None) => changed.await,
                Err(Some(until)) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(until) => {}
                },
            }
        }
    }
}

impl Shared {
    fn change(&self, source: SourceId, change: impl FnOnce(&mut Entry)) {
        let mut sources = self.lock();
        let entry = sources.entry(source).or_default();
        change(entry);
        let now = Instant::now();
        let is_over = |at: Option<Instant>| at.is_none_or(|at| at + AFTER_INTERACTIVE < now);
        if entry.waiting == 0 && entry.background == 0 && is_over(entry.waited) && is_over(entry.playing) {
            sources.remove(&source);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SourceId, Entry>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.shared.change(self.source, |entry| {
            entry.waiting = entry.waiting.saturating_sub(1);
            entry.waited = Some(Instant::now());
        });
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let now = Instant::now();
        self.shared.change(self.source, |entry| {
            entry.background = entry.background.saturating_sub(1);
            let took = now.duration_since(self.since).min(LONGEST_REST);
            entry.rest = entry.is_playing(now).then(|| now + took);
        });
        self.shared.changed.notify_waiters();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(100);

    async fn may_enter(courtesy: &Courtesy, source: SourceId) -> Option<Pass> {
        timeout(MOMENT, courtesy.enter(source, 3)).await.ok()
    }

    #[tokio::test(start_paused = true)]
    async fn three_at_a_time_when_nobody_waits() {
        let (courtesy, source) = (Courtesy::default(), SourceId::random());
        let mut passes = Vec::new();
        for _ in 0..3 {
            passes.push(may_enter(&courtesy, source).await.unwrap());
        }
        assert!(may_enter(&courtesy, source).await.is_none());
        passes.pop();
        assert!(may_enter(&courtesy, source).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_while_somebody_waits_and_a_moment_after() {
        let (courtesy, source) = (Courtesy::default(), SourceId::random());
        let waiting = courtesy.waiting(source);
        let first = may_enter(&courtesy, source).await.unwrap();
        assert!(may_enter(&courtesy, source).await.is_none());
        assert!(may_enter(&courtesy, SourceId::random()).await.is_some(), "another server is another matter");
        drop(waiting);
        assert!(may_enter(&courtesy, source).await.is_none());
        let second = courtesy.enter(source, 3).await;
        drop((first, second));
    }

    #[tokio::test(start_paused = true)]
    async fn pages_rest_as_long_as_they_took_while_something_plays() {
        let (courtesy, source) = (Courtesy::default(), SourceId::random());
        courtesy.playing(source, true);
        let pass = may_enter(&courtesy, source).await.unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        drop(pass);
        let begin = Instant::now();
        drop(courtesy.enter(source, 3).await);
        assert!(begin.elapsed() >= Duration::from_secs(1), "{:?}", begin.elapsed());
        // A player that is not heard of any more is gone.
        tokio::time::advance(PLAYING_FOR).await;
        let both = (may_enter(&courtesy, source).await, may_enter(&courtesy, source).await);
        assert!(both.0.is_some() && both.1.is_some());
    }
}
