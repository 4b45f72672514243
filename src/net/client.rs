//! Requests to one server over one connection.

use std::time::Instant;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::debug;

use super::call::Call;
use super::error::{ErrorKind, NetError};
use super::pool::HttpPool;
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
        let mut request = self
            .pool
            .client
            .request(call.method.as_reqwest(), url)
            .headers(self.headers.clone())
            .timeout(call.profile.total_timeout());
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let within = tokio::time::timeout(call.profile.read_timeout(), request.send());
        let response = within
            .await
            .map_err(|_| NetError::new(ErrorKind::ReadTimeout, "no answer in time"))?
            .map_err(|error| NetError::from_reqwest(&error))?;
        let head = ReplyHead::read(&response, started.elapsed());
        let body = read_body(response, call.profile.body_limit()).await?;
        Ok(Reply { head, body })
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
