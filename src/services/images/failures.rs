//! Pictures that failed, each left alone for a while that grows: a server that cannot make a picture is not asked for
//! it whenever somebody scrolls past.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::PictureName;
use crate::models::SourceId;
use crate::net::ErrorKind;

/// Pause after the first failure: a hiccup is over by then.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// How much longer each pause is than the one before.
const FACTOR: u32 = 3;
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// Failures that are remembered. When there are more, those whose pause is over go.
const MOST: usize = 4096;

#[derive(Debug, Clone, Copy)]
struct Failure {
    times: u32,
    until: Instant,
    kind: ErrorKind,
}

/// The pictures that failed.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<HashMap<PictureName, Failure>>);

impl Failures {
    /// Why a picture is to be left alone; `None` when it may be asked for.
    pub(super) fn of(&self, name: &PictureName) -> Option<ErrorKind> {
        let now = Instant::now();
        self.lock().get(name).filter(|failure| failure.until > now).map(|failure| failure.kind)
    }

    /// For how long a picture is to be left alone.
    pub(super) fn pause_of(&self, name: &PictureName) -> Option<Duration> {
        let until = self.lock().get(name)?.until;
        Some(until.saturating_duration_since(Instant::now())).filter(|pause| !pause.is_zero())
    }

    /// Notes that a picture failed.
    pub(super) fn note(&self, name: &PictureName, kind: ErrorKind) {
        let now = Instant::now();
        let mut failures = self.lock();
        if failures.len() >= MOST {
            failures.retain(|_, failure| failure.until > now);
        }
        let times = failures.get(name).map_or(0, |failure| failure.times);
        failures.insert(name.clone(), Failure { times: times + 1, until: now + pause_after(times), kind });
    }

    /// Notes that a picture came.
    pub(super) fn came(&self, name: &PictureName) {
        self.lock().remove(name);
    }

    /// Forgets the failures of a source.
    pub(super) fn forget(&self, source: SourceId) {
        self.lock().retain(|name, _| name.source != source);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PictureName, Failure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pause after a failure that so many came before.
fn pause_after(times: u32) -> Duration {
    FACTOR
        .checked_pow(times)
        .map_or(LONGEST_PAUSE, |factor| FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ImageKey, ImageRequest, ImageSize};

    fn name(source: SourceId, key: &str) -> PictureName {
        PictureName::new(source, &ImageRequest { key: ImageKey::new(key), size: ImageSize::Small })
    }

    #[test]
    fn pauses_grow_and_end_somewhere() {
        let pauses: Vec<u64> = (0..6).map(|times| pause_after(times).as_secs()).collect();
        assert_eq!(pauses, [5, 15, 45, 135, 405, 600]);
        assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn what_failed_is_left_alone_for_a_while() {
        let (failures, source) = (Failures::default(), SourceId::random());
        let (one, other) = (name(source, "one"), name(source, "other"));
        assert_eq!(failures.of(&one), None);
        failures.note(&one, ErrorKind::Server);
        assert_eq!(failures.of(&one), Some(ErrorKind::Server));
        assert_eq!(failures.of(&other), None);
        tokio::time::advance(FIRST_PAUSE).await;
        assert_eq!(failures.of(&one), None);
        failures.note(&one, ErrorKind::Server);
        assert_eq!(failures.pause_of(&one), Some(FIRST_PAUSE * FACTOR));
        failures.forget(SourceId::random());
        assert!(failures.of(&one).is_some());
        failures.forget(source);
        assert_eq!(failures.pause_of(&one), None);
        failures.note(&one, ErrorKind::Server);
        assert_eq!(failures.pause_of(&one), Some(FIRST_PAUSE), "from the beginning");
        failures.came(&one);
        assert_eq!(failures.of(&one), None);
    }
}
