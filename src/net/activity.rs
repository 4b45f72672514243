//! Whether requests are being answered: what tells a silent connection from a slow one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The requests of one operation that wait for the head of their answer. Cheap to clone; all clones share it.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<(u64, BTreeMap<u64, Instant>)>,
    changed: Notify,
    answered: AtomicBool,
}

/// A request that waits. Dropped when the head of its answer is there, or nobody waits any more.
#[derive(Debug)]
pub(super) struct Waiting {
    shared: Arc<Shared>,
    number: u64,
}

impl Activity {
    /// A request is being sent.
    pub(super) fn asked(&self) -> Waiting {
        let mut waiting = self.shared.lock();
        waiting.0 += 1;
        let number = waiting.0;
        waiting.1.insert(number, Instant::now());
        drop(waiting);
        self.shared.changed.notify_one();
        Waiting { shared: Arc::clone(&self.shared), number }
    }

    /// Whether a server has answered at all.
    pub fn was_answered(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed)
    }

    /// Returns when a request has waited this long for the head of its answer; maybe never.
    pub async fn silent_for(&self, limit: Duration) {
        loop {
            let changed = self.shared.changed.notified();
            let oldest = self.shared.lock().1.values().next().copied();
            match oldest {
                Some(since) if since.elapsed() >= limit => return,
                Some(since) => tokio::select! {
                    () = sleep_until(since + limit) => {}
                    () = changed => {}
                },
                None => changed.await,
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Instant>)> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// The head of the answer is there.
    pub(super) fn answered(self) {
        self.shared.answered.store(true, Ordering::Relaxed);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.shared.lock().1.remove(&self.number);
        self.shared.changed.notify_one();
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(250);

    #[tokio::test(start_paused = true)]
    async fn a_request_without_an_answer_is_noticed() {
        let activity = Activity::default();
        let begin = Instant::now();
        let _waiting = activity.asked();
        activity.silent_for(LIMIT).await;
        assert_eq!(begin.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_keep_it_quiet_however_many_requests_there_are() {
        let activity = Activity::default();
        let requests = async {
            for _ in 0..100 {
                let waiting = activity.asked();
                tokio::time::sleep(LIMIT / 2).await;
                drop(waiting);
            }
        };
        tokio::select! {
            () = requests => {}
            () = activity.silent_for(LIMIT) => panic!("every request was answered in time"),
        }
    }
}
