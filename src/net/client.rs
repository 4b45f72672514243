//! Requests to one server over one connection.

use std::time::{Instant, SystemTime};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::debug;

use super::activity::Activity;
use super::call::Call;
use super::error::{ErrorKind, NetError};
use super::pool::HttpPool;
use super::profile::Profile;
use super::rate::{Lane, LimitHeaders, Permit, Traffic};
use super::reply::{Reply, ReplyHead, read_body};
use crate::models::ServerUrl;

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

    /// The base address.
    pub fn base(&self) -> &ServerUrl {
        &self.base
    }

    /// Makes a request and reads the answer, whatever its status.
    ///
    /// # Errors
    /// A network kind when no whole answer came.
    pub async fn exchange(&self, call: Call) -> Result<Reply, NetError> {
        let started = Instant::now();
        let result = self.transfer(&call, started).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (method, path) = (call.method, call.template);
        match &result {
            Ok(reply) => {
                debug!(?method, path, status = reply.head.status, ms, bytes = reply.body.len(), "request");
            }
            Err(error) => debug!(?method, path, kind = ?error.kind, ms, "request failed"),
        }
        result
    }

    async fn transfer(&self, call: &Call, started: Instant) -> Result<Reply, NetError> {
        let url = call.url(&self.base);
        let origin = url.origin().ascii_serialization();
        let _turn = self.turn(call.profile, &origin).await?;
        let mut request = self
            .pool
            .client
            .request(call.method.as_reqwest(), url)
            .headers(self.headers.clone())
            .timeout(call.profile.total_timeout());
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let waiting = self.pool.activity.as_ref().map(Activity::asked);
        let within = tokio::time::timeout(call.profile.read_timeout(), request.send());
        let response = within
            .await
            .map_err(|_| NetError::new(ErrorKind::ReadTimeout, "no answer in time"))?
            .map_err(|error| NetError::from_reqwest(&error))?;
        if let Some(waiting) = waiting {
            waiting.answered();
        }
        let head = ReplyHead::read(&response, started.elapsed());
        self.pool.limiter.note(
            &origin,
            head.status,
            &LimitHeaders::read(response.headers(), SystemTime::now()),
        );
        let body = read_body(response, call.profile.body_limit()).await?;
        Ok(Reply { head, body })
    }

    /// Waits until this request may be sent. Questions of identity are never held back: they decide where to
    /// send the others.
    async fn turn(&self, profile: Profile, origin: &str) -> Result<Option<Permit>, NetError> {
        let (lane, traffic) = match profile {
            Profile::Probe => return Ok(None),
            Profile::Interactive => (Lane::Interactive, Traffic::Api),
            Profile::Background => (Lane::Background, Traffic::Api),
            Profile::Image => (Lane::Interactive, Traffic::Image),
        };
        let turn = self.pool.limiter.acquire_within(origin, lane, traffic, profile.total_timeout()).await;
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
