//! What outlives one playback: what this machine decodes, which quality is usual, and what servers convert for us.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use crate::models::{Decoders, SourceId, UsualQuality};

/// Finds out what this machine decodes. Blocks.
type Detector = fn() -> Decoders;

/// Shared by all playbacks. Cheap to clone; all clones share it.
#[derive(Clone, Default)]
pub struct Streams {
    decoders: Arc<OnceCell<Arc<Decoders>>>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    detector: Option<Detector>,
    usual: UsualQuality,
    /// Sessions for which a server converts, with their sources.
    converted: HashMap<String, SourceId>,
}

impl Streams {
    /// Has this machine asked, once and not on the caller's thread, before the first playback. Without it the
    /// careful default holds.
    pub fn detect_with(&self, detector: Detector) {
        self.lock().detector = Some(detector);
    }

    /// What this machine decodes.
    pub async fn decoders(&self) -> Arc<Decoders> {
        let found = self.decoders.get_or_init(|| async {
            let detector = self.lock().detector;
            let found = match detector {
                Some(detector) => tokio::task::spawn_blocking(detector).await.unwrap_or_default(),
                None => Decoders::default(),
            };
            Arc::new(found)
        });
        Arc::clone(found.await)
    }

    /// The quality that is usual where.
    pub fn usual(&self) -> UsualQuality {
        self.lock().usual
    }

    /// Takes over what the user has set.
    pub fn set_usual(&self, usual: UsualQuality) {
        self.lock().usual = usual;
    }

    /// Sessions for which servers convert now, with their sources.
    pub fn converted(&self) -> Vec<(String, SourceId)> {
        self.lock().converted.iter().map(|(session, source)| (session.clone(), *source)).collect()
    }

    /// A server converts for a session.
    pub(super) fn begun(&self, session: &str, source: SourceId) {
        self.lock().converted.insert(session.to_owned(), source);
    }

    /// Who is to be told that a session is over: given once.
    pub(super) fn end(&self, session: &str) -> Option<SourceId> {
        self.lock().converted.remove(session)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").field("converted", &self.lock().converted.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::VideoCodec;

    #[tokio::test]
    async fn the_machine_is_asked_before_the_first_playback_and_once() {
        let streams = Streams::default();
        streams.detect_with(|| Decoders { video: Vec::new(), ..Decoders::default() });
        assert_eq!(streams.decoders().await.video(VideoCodec::H264), None);
        streams.detect_with(Decoders::default);
        assert_eq!(
            streams.decoders().await.video(VideoCodec::H264),
            None,
            "what is known is not asked again"
        );
        assert!(Streams::default().decoders().await.video(VideoCodec::H264).is_some());
    }

    #[test]
    fn a_session_is_ended_once() {
        let streams = Streams::default();
        let source = SourceId::random();
        streams.begun("a", source);
        let copy = streams.clone();
        assert_eq!(copy.converted(), [("a".to_owned(), source)]);
        assert_eq!(copy.end("a"), Some(source));
        assert_eq!(streams.end("a"), None);
    }
}
