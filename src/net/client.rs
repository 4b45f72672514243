//! Requests to one server over one connection.

use std::time::{Instant, SystemTime};

use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Response};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::debug;
use url::Url;

use super::activity::Activity;
use super::call::{Call, Method};
use super::error::{ErrorKind, NetError};
use super::pool::{HttpPool, Sent};
use super::profile::Profile;
use super::rate::{Lane, LimitHeaders, Permit, Traffic};
use super::reply::{Reply, ReplyHead, Timings};
use super::transport::{ACCEPTED_ENCODINGS, Bounds, CacheKey, Remembered, read_body};
use crate::models::ServerUrl;

/// The answer to a question whether a remembered answer still holds.
const NOT_MODIFIED: u16 = 304;

/// What is remembered of a call, and where.
struct Memory {
    key: CacheKey,
    epoch: u64,
    known: Option<Remembered>,
}

/// Makes requests to one base address with the same headers.
///
/// Header values are marked sensitive, so that no layer below prints them.
#[derive(Debug, Clone)]
pub struct ApiClient {
    pool: HttpPool,
    base: ServerUrl,
    headers: HeaderMap,
}

impl ApiClient {
    /// A client without any header of its own.
    pub fn new(pool: &HttpPool, base: ServerUrl) -> Self {
        Self { pool: pool.clone(), base, headers: HeaderMap::new() }
    }

    /// Adds a header to every request.
    ///
    /// # Errors
    /// `Invalid` when the value cannot be sent in a header.
    pub fn with_header(mut self, name: &'static str, value: &SecretString) -> Result<Self, NetError> {
        let mut value = HeaderValue::from_bytes(value.expose_secret().as_bytes())
            .map_err(|_| NetError::new(ErrorKind::Invalid, "a header value cannot be sent"))?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// The pool that requests go through.
    pub fn pool(&self) -> &HttpPool {
        &self.pool
    }

    /// The same over another view of the pool.
    #[must_use]
    pub fn with_pool(&self, pool: &HttpPool) -> Self {
        Self { pool: pool.clone(), ..self.clone() }
    }

    /// The base address.
    pub fn base(&self) -> &ServerUrl {
        &self.base
    }

    /// Whether every request has this header.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Makes a request and reads the answer, whatever its status.
    ///
    /// # Errors
    /// A network kind when no whole answer came.
    pub async fn exchange(&self, call: Call) -> Result<Reply, NetError> {
        let started = Instant::now();
        let result = self.transfer(&call).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (method, path) = (call.method, call.template);
        match &result {
            Ok(Reply { head: ReplyHead { status, timings, .. }, body }) => {
                let (dns, connect) = (timings.dns, timings.connect);
                debug!(?method, path, status, ms, bytes = body.len(), ?dns, ?connect, "request");
            }
            Err(error) => debug!(?method, path, kind = ?error.kind, ms, "request failed"),
        }
        result
    }

    async fn transfer(&self, call: &Call) -> Result<Reply, NetError> {
        let url = call.url(&self.base);
        let origin = url.origin().ascii_serialization();
        let _turn = self.turn(call.profile, &origin).await?;
        let memory = self.memory(call, &url);
        let request = self.request(call, url, memory.as_ref())?;
        let waiting = self.pool.activity.as_ref().map(Activity::asked);
        let sent_at = Instant::now();
        let patience = call.profile.read_timeout(self.pool.slow());
        let sent = tokio::time::timeout(patience, self.pool.execute(request));
        let Sent { response, opening } =
            sent.await.map_err(|_| NetError::new(ErrorKind::ReadTimeout, "no answer in time"))??;
        if let Some(waiting) = waiting {
            waiting.answered();
        }
        let head = ReplyHead::read(&response, Timings::new(opening, sent_at.elapsed()));
        let limits = LimitHeaders::read(response.headers(), SystemTime::now());
        self.pool.limiter.note(&origin, head.status, &limits);
        self.finish(call, memory, head, response).await
    }

    /// The request, with the question whether a remembered answer still holds.
    fn request(&self, call: &Call, url: Url, memory: Option<&Memory>) -> Result<Request, NetError> {
        let mut request = Request::new(call.method.as_reqwest(), url);
        *request.timeout_mut() = Some(call.profile.total_timeout(self.pool.slow()));
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        // Pictures are compressed already.
        if call.profile != Profile::Image {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED_ENCODINGS));
        }
        call.known.ask(headers);
        if let Some(known) = memory.and_then(|memory| memory.known.as_ref()) {
            known.ask(headers);
        }
        if let Some(body) = &call.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let bytes = serde_json::to_vec(body)
                .map_err(|_| NetError::new(ErrorKind::Invalid, "a body cannot be written"))?;
            *request.body_mut() = Some(bytes.into());
        }
        Ok(request)
    }

    /// Reads the body, or takes the remembered one.
    async fn finish(
        &self,
        call: &Call,
        memory: Option<Memory>,
        head: ReplyHead,
        response: Response,
    ) -> Result<Reply, NetError> {
        let shared = &self.pool.shared;
        if let Some(Memory { known: Some(known), .. }) = &memory
            && head.status == NOT_MODIFIED
        {
            shared.counters.not_modified();
            let head = ReplyHead { status: known.status, content_type: known.content_type.clone(), ..head };
            return Ok(Reply { head, body: known.body.to_vec() });
        }
        let keep = memory
            .as_ref()
            .map(|_| Remembered::of(response.headers(), head.status, head.content_type.clone()));
        let bounds =
            Bounds { bytes: call.profile.body_limit(), pause: call.profile.read_timeout(self.pool.slow()) };
        let body = read_body(response, bounds, &shared.counters).await?;
        match (memory, keep.flatten()) {
            (Some(memory), Some(kept)) => {
                shared.cache.put(memory.key, memory.epoch, kept.with_body(&body));
            }
            // What was remembered is over, whatever came instead.
            (Some(memory), None) if head.status < 500 => shared.cache.remove(&memory.key),
            _ => {}
        }
        Ok(Reply { head, body })
    }

    /// What is remembered of a call; `None` when nothing may be.
    fn memory(&self, call: &Call, url: &Url) -> Option<Memory> {
        let may = call.cached && call.method == Method::Get && call.body.is_none();
        let key = CacheKey::new(self.pool.view.scope.filter(|_| may)?, url, &self.headers);
        let (known, epoch) = self.pool.shared.cache.get(&key);
        Some(Memory { key, epoch, known })
    }

    /// Waits until this request may be sent. Questions of identity are never held back: they decide where to
    /// send the others. Media last for hours and must not keep others waiting.
    async fn turn(&self, profile: Profile, origin: &str) -> Result<Option<Permit>, NetError> {
        let (lane, traffic) = match profile {
            Profile::Probe | Profile::Media => return Ok(None),
            Profile::Interactive => (Lane::Interactive, Traffic::Api),
            Profile::Background => (Lane::Background, Traffic::Api),
            Profile::Image => (Lane::Interactive, Traffic::Image),
        };
        let patience = profile.total_timeout(self.pool.slow());
        let turn = self.pool.limiter.acquire_within(origin, lane, traffic, patience).await;
        turn.map(Some).map_err(|paused| NetError {
            retry_after: Some(paused.wait),
            ..NetError::new(ErrorKind::RateLimited, "the server has asked for a pause")
        })
    }

    /// Makes a request that must succeed.
    ///
    /// # Errors
    /// A network kind, or the kind of a status that is no success.
    pub async fn send(&self, call: Call) -> Result<Reply, NetError> {
        let reply = self.exchange(call).await?;
        match reply.head.status {
            200..=299 => Ok(reply),
            status => Err(NetError::from_status(status, reply.head.retry_after)),
        }
    }
}
