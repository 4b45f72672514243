//! Answers, read within bounds.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header;
use serde::de::DeserializeOwned;

use super::error::{ErrorKind, NetError, parse_retry_after};
use super::transport::Opening;
use super::validators::Validators;
use crate::models::ServerUrl;

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
    /// Where the answer came from, without a query: another address than was asked when a redirect was followed.
    pub address: Option<ServerUrl>,
    /// Time from sending to the first byte of the answer.
    pub latency: Duration,
    /// What that time went into.
    pub timings: Timings,
    /// What to ask with whether the answer still holds.
    pub validators: Validators,
}

/// What the time until the head of an answer went into. A part is missing when there was nothing to wait for: on a
/// connection that stood already, or that another request opened meanwhile; and with an address in place of a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Name resolution.
    pub dns: Option<Duration>,
    /// TCP and TLS together.
    pub connect: Option<Duration>,
    /// All of it: from sending to the first byte.
    pub ttfb: Duration,
}

impl Timings {
    pub(super) fn new(opening: Opening, ttfb: Duration) -> Self {
        Self { dns: opening.dns, connect: opening.connect, ttfb }
    }

    /// The way there and back, without what opening a connection took.
    pub fn round_trip(&self) -> Duration {
        self.ttfb
            .saturating_sub(self.dns.unwrap_or_default())
            .saturating_sub(self.connect.unwrap_or_default())
    }
}

impl ReplyHead {
    pub(super) fn read(response: &reqwest::Response, timings: Timings) -> Self {
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
            address: ServerUrl::try_from(response.url().clone()).ok(),
            latency: timings.ttfb,
            timings,
            validators: Validators::read(response.headers()),
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
