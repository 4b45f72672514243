//! Answers, read within bounds.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use reqwest::header;
use serde::de::DeserializeOwned;

use super::error::{ErrorKind, NetError, parse_retry_after};

/// Status and headers that matter.
#[derive(Debug, Clone)]
pub struct ReplyHead {
    /// The status.
    pub status: u16,
    /// `Content-Type` without parameters, lower case.
    pub content_type: Option<String>,
    /// `Date`: the server's clock.
    pub date: Option<DateTime<Utc>>,
    /// `Retry-After`, from now.
    pub retry_after: Option<Duration>,
    /// The host that a redirect leads to, of one that was not followed. The rest of the address stays out: it
    /// may hold anything.
    pub redirect_host: Option<String>,
    /// Time from sending to the first byte of the answer.
    pub latency: Duration,
}

impl ReplyHead {
    pub(super) fn read(response: &reqwest::Response, latency: Duration) -> Self {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        Self {
            status: response.status().as_u16(),
            content_type: text(header::CONTENT_TYPE)
                .and_then(|value| value.split(';').next())
                .map(|value| value.trim().to_ascii_lowercase()),
            date: text(header::DATE)
                .and_then(|value| httpdate::parse_http_date(value).ok())
                .map(DateTime::<Utc>::from),
            retry_after: text(header::RETRY_AFTER)
                .and_then(|value| parse_retry_after(value, SystemTime::now())),
            redirect_host: text(header::LOCATION)
                .filter(|_| response.status().is_redirection())
                .and_then(|value| response.url().join(value).ok())
                .and_then(|url| url.host_str().map(str::to_owned)),
            latency,
        }
    }

    /// Whether the body is said to be a web page.
    pub fn is_html(&self) -> bool {
        self.content_type.as_deref() == Some("text/html")
    }
}

/// The bytes of a body.
pub type Body = Vec<u8>;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status and headers.
    pub head: ReplyHead,
    /// The body, decompressed.
    pub body: Body,
}

impl Reply {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `CaptivePortal` for a web page where JSON was due, `Decode` for anything else that does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, NetError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let looks_like_page = self.body.trim_ascii_start().starts_with(b"<");
            let kind = if self.head.is_html() || looks_like_page {
                ErrorKind::CaptivePortal
            } else {
                ErrorKind::Decode
            };
            let detail = format!("{:?} at column {}", error.classify(), error.column());
            NetError { status: Some(self.head.status), ..NetError::new(kind, detail) }
        })
    }
}

/// Reads a body up to `limit` bytes.
pub(super) async fn read_body(response: reqwest::Response, limit: u64) -> Result<Body, NetError> {
    let too_large = || NetError::new(ErrorKind::TooLarge, "the answer is too large");
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = Body::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| NetError::from_reqwest(&error))?;
        if body.len() as u64 + chunk.len() as u64 > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
