//! Answers that were seen before, kept with what the server needs to say that they still hold.
//!
//! Every use asks the server (RFC 9110 section 13): nothing is taken for current by its age. An answer belongs to one
//! source and to the headers that it was asked with, token and user included, so that no user sees what another may.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use reqwest::header::{
    CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::models::SourceId;

/// Answers that are kept: the details and rows of an evening.
const MOST_ANSWERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(199);
/// Bytes of all bodies that are kept.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of one body: a single page must not push out all others.
const LONGEST_BODY: usize = MOST_BYTES / 8;

/// Which answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::net) struct CacheKey {
    scope: SourceId,
    request: [u8; 32],
}

impl CacheKey {
    /// The key of a `GET`. The host is no part of it: the connections of a source lead to the same server.
    pub(in crate::net) fn new(scope: SourceId, url: &Url, headers: &HeaderMap) -> Self {
        let mut named: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        named.sort_unstable();
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        };
        add(url.path().as_bytes());
        add(url.query().unwrap_or_default().as_bytes());
        for (name, value) in named {
            add(name.as_bytes());
            add(value);
        }
        Self { scope, request: hash.finalize().into() }
    }
}

/// An answer that is kept.
#[derive(Clone)]
pub(in crate::net) struct Remembered {
    pub(in crate::net) status: u16,
    pub(in crate::net) content_type: Option<String>,
    pub(in crate::net) body: Arc<[u8]>,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
}

impl Remembered {
    /// What to keep of the head of an answer; `None` when the server gives nothing to ask with, or forbids it.
    pub(in crate::net) fn of(headers: &HeaderMap, status: u16, content_type: Option<String>) -> Option<Self> {
        let forbidden = headers
            .get_all(CACHE_CONTROL)
            .iter()
            .any(|value| value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("no-store")));
        let (etag, modified) = (headers.get(ETAG).cloned(), headers.get(LAST_MODIFIED).cloned());
        let usable = status == 200 && !forbidden && (etag.is_some() || modified.is_some());
        usable.then(|| Self { status, content_type, body: Arc::default(), etag, modified })
    }

    /// The same with the body.
    pub(in crate::net) fn with_body(self, body: &[u8]) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Asks the server whether it still holds.
    pub(in crate::net) fn ask(&self, headers: &mut HeaderMap) {
        if let Some(etag) = &self.etag {
            headers.insert(IF_NONE_MATCH, etag.clone());
        }
        if let Some(modified) = &self.modified {
            headers.insert(IF_MODIFIED_SINCE, modified.clone());
        }
    }
}

/// The answers that are kept; what was used longest ago goes first.
pub(in crate::net) struct ResponseCache(Mutex<Inner>);

struct Inner {
    answers: LruCache<CacheKey, Remembered>,
    bytes: usize,
    /// Counts how often something was forgotten on purpose.
    epoch: u64,
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self(Mutex::new(Inner { answers: LruCache::new(MOST_ANSWERS), bytes: 0, epoch: 0 }))
    }
}

impl fmt::Debug for ResponseCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.lock();
        write!(f, "ResponseCache({} answers, {} bytes)", inner.answers.len(), inner.bytes)
    }
}

impl ResponseCache {
    /// The answer that is kept, and the epoch to give to [`ResponseCache::put`].
    pub(in crate::net) fn get(&self, key: &CacheKey) -> (Option<Remembered>, u64) {
        let mut inner = self.lock();
        (inner.answers.get(key).cloned(), inner.epoch)
    }

    /// Keeps an answer, unless something was forgotten since its request began: it may have been this.
    pub(in crate::net) fn put(&self, key: CacheKey, epoch: u64, answer: Remembered) {
        let mut inner = self.lock();
        if answer.body.len() > LONGEST_BODY || inner.epoch != epoch {
            return;
        }
        inner.bytes += answer.body.len();
        if let Some((_, replaced)) = inner.answers.push(key, answer) {
            inner.bytes -= replaced.body.len();
        }
        while inner.bytes > MOST_BYTES {
            let Some((_, oldest)) = inner.answers.pop_lru() else { break };
            inner.bytes -= oldest.body.len();
        }
    }

    /// Forgets one answer.
    pub(in crate::net) fn remove(&self, key: &CacheKey) {
        let mut inner = self.lock();
        if let Some(removed) = inner.answers.pop(key) {
            inner.bytes -= removed.body.len();
        }
    }

    /// Forgets all answers of a source: it was removed, or its user signed out.
    pub(in crate::net) fn forget(&self, scope: SourceId) {
        let mut inner = self.lock();
        inner.epoch += 1;
        let keys: Vec<CacheKey> =
            inner.answers.iter().map(|(key, _)| *key).filter(|key| key.scope == scope).collect();
        for key in keys {
            if let Some(removed) = inner.answers.pop(&key) {
                inner.bytes -= removed.body.len();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    fn key(scope: SourceId, url: &str, token: &'static str) -> CacheKey {
        CacheKey::new(scope, &url.parse().unwrap(), &headers(&[("x-token", token), ("accept", "json")]))
    }

    fn answer(length: usize) -> Remembered {
        let head = Remembered::of(&headers(&[("etag", "\"1\"")]), 200, None).unwrap();
        head.with_body(&vec![0; length])
    }

    #[test]
    fn an_answer_is_of_one_source_one_user_and_one_address() {
        let (source, other) = (SourceId::random(), SourceId::random());
        let kept = key(source, "http://a/items/1?x=2", "ana");
        assert_eq!(
            kept,
            key(source, "https://b:8920/items/1?x=2", "ana"),
            "connections lead to the same server"
        );
        assert_ne!(kept, key(source, "http://a/items/1?x=2", "bo"));
        assert_ne!(kept, key(other, "http://a/items/1?x=2", "ana"));
        assert_ne!(kept, key(source, "http://a/items/1?x=3", "ana"));
        assert_ne!(kept, key(source, "http://a/items/2?x=2", "ana"));
    }

    #[test]
    fn it_is_bounded_in_answers_and_bytes() {
        let cache = ResponseCache::default();
        let source = SourceId::random();
        let put = |number: usize, length| {
            cache.put(key(source, &format!("http://a/{number}"), "t"), 0, answer(length));
        };
        (0..1000).for_each(|number| put(number, 10));
        assert_eq!(format!("{cache:?}"), "ResponseCache(200 answers, 2000 bytes)");
        (0..20).for_each(|number| put(number, LONGEST_BODY));
        assert!(cache.lock().bytes <= MOST_BYTES);
        put(5000, LONGEST_BODY + 1);
        assert!(cache.get(&key(source, "http://a/5000", "t")).0.is_none());
        let bytes: usize = cache.lock().answers.iter().map(|(_, answer)| answer.body.len()).sum();
        assert_eq!(cache.lock().bytes, bytes, "the count stays true");
    }

    #[test]
    fn replacing_counts_once() {
        let cache = ResponseCache::default();
        let one = key(SourceId::random(), "http://a/1", "t");
        cache.put(one, 0, answer(10));
        cache.put(one, 0, answer(7));
        assert_eq!(cache.lock().bytes, 7);
        cache.remove(&one);
        assert_eq!(cache.lock().bytes, 0);
    }

    #[test]
    fn a_source_is_forgotten_with_its_answers_under_way() {
        let cache = ResponseCache::default();
        let (gone, stays) = (SourceId::random(), SourceId::random());
        cache.put(key(gone, "http://a/1", "t"), 0, answer(1));
        cache.put(key(stays, "http://a/1", "t"), 0, answer(1));
        let (_, epoch) = cache.get(&key(gone, "http://a/2", "t"));
        cache.forget(gone);
        cache.put(key(gone, "http://a/2", "t"), epoch, answer(1));
        assert!(cache.get(&key(gone, "http://a/1", "t")).0.is_none());
        assert!(cache.get(&key(gone, "http://a/2", "t")).0.is_none());
        assert!(cache.get(&key(stays, "http://a/1", "t")).0.is_some());
    }

    #[test]
    fn only_what_can_be_asked_again_is_kept() {
        let of =
            |pairs: &[(&'static str, &'static str)], status| Remembered::of(&headers(pairs), status, None);
        assert!(of(&[("last-modified", "Mon, 01 Jan 2024 00:00:00 GMT")], 200).is_some());
        assert!(of(&[], 200).is_none());
        assert!(of(&[("etag", "\"1\"")], 404).is_none());
        assert!(of(&[("etag", "\"1\""), ("cache-control", "private, No-Store")], 200).is_none());
    }
}
