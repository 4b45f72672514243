//! Media: bodies without an end in sight, handed on as they come.
//!
//! Nothing is decompressed, bounded or kept, and there is no limit for the whole: a film lasts as long as somebody
//! looks at it. Only silence has a limit, and that counts while somebody asks for more.

use std::fmt;
use std::time::SystemTime;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    HeaderMap, HeaderName, HeaderValue, IF_RANGE, RANGE,
};
use reqwest::{Request, Response};
use tokio_util::bytes::Bytes;
use tracing::debug;
use url::Url;

use super::activity::Activity;
use super::client::ApiClient;
use super::error::{ErrorKind, NetError, parse_retry_after};
use super::pool::Sent;
use super::profile::Profile;
use super::rate::LimitHeaders;
use super::validators::Validators;

/// Longest silence before the head of an answer, and between two parts of its body, are those of this use.
const PROFILE: Profile = Profile::Media;
/// What a server answers when there is nothing in a range.
const RANGE_NOT_SATISFIABLE: u16 = 416;

/// A request for media.
#[derive(Clone)]
pub struct MediaCall {
    /// The whole address, at the server of the client.
    pub url: Url,
    /// `Range`, as it is sent.
    pub range: Option<String>,
    /// `If-Range`, as it is sent.
    pub if_range: Option<String>,
}

impl fmt::Debug for MediaCall {
    /// Leaves out the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaCall").field("range", &self.range).finish_non_exhaustive()
    }
}

/// The head of an answer with media.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaHead {
    /// 200, 206 or 416.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Length`.
    pub content_length: Option<u64>,
    /// `Content-Range`.
    pub content_range: Option<String>,
    /// Whether the server says that it gives no ranges.
    pub refuses_ranges: bool,
    /// What tells this state of the file from another.
    pub validators: Validators,
}

/// An answer with media, of which the head is there.
pub struct MediaReply {
    /// The head.
    pub head: MediaHead,
    /// Where it came from: another address than was asked when a redirect was followed.
    pub url: Url,
    /// The body.
    pub body: MediaBody,
}

impl fmt::Debug for MediaReply {
    /// Leaves out the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaReply").field("head", &self.head).finish_non_exhaustive()
    }
}

/// A body that is read as it is wanted: what nobody asks for stays at the server.
pub struct MediaBody {
    response: Response,
}

impl MediaBody {
    /// The next bytes, `None` at the end. Waits as long as it takes; may be dropped without losing any.
    ///
    /// # Errors
    /// `Reset` when it broke off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetError> {
        self.response.chunk().await.map_err(|error| NetError::from_reqwest(&error))
    }
}

impl ApiClient {
    /// Asks for media and gives the head of the answer, with a body to be read.
    ///
    /// # Errors
    /// A network kind when no answer came, and the kind of a status other than 200, 206 and 416; `Decode` for a body
    /// that is compressed although nobody asked for that.
    pub async fn open_media(&self, call: &MediaCall) -> Result<MediaReply, NetError> {
        let pool = self.pool();
        let origin = call.url.origin().ascii_serialization();
        let request = self.media_request(call);
        let waiting = pool.activity.as_ref().map(Activity::asked);
        let sent = tokio::time::timeout(PROFILE.read_timeout(pool.slow()), pool.execute(request));
        let Sent { response, .. } =
            sent.await.map_err(|_| NetError::new(ErrorKind::ReadTimeout, "no answer in time"))??;
        if let Some(waiting) = waiting {
            waiting.answered();
        }
        let status = response.status().as_u16();
        debug!(status, range = call.range, "media");
        let now = SystemTime::now();
        pool.limiter.note(&origin, status, &LimitHeaders::read(response.headers(), now));
        if !matches!(status, 200 | 206 | RANGE_NOT_SATISFIABLE) {
            let pause = text(response.headers(), reqwest::header::RETRY_AFTER);
            return Err(NetError::from_status(
                status,
                pause.and_then(|pause| parse_retry_after(&pause, now)),
            ));
        }
        if text(response.headers(), CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(NetError::new(ErrorKind::Decode, "media came compressed"));
        }
        let head = MediaHead::read(status, response.headers());
        Ok(MediaReply { head, url: response.url().clone(), body: MediaBody { response } })
    }

    fn media_request(&self, call: &MediaCall) -> Request {
        let mut request = Request::new(reqwest::Method::GET, call.url.clone());
        let headers = request.headers_mut();
        headers.clone_from(self.headers());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        for (name, value) in [(RANGE, &call.range), (IF_RANGE, &call.if_range)] {
            if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        }
        request
    }
}

impl MediaHead {
    fn read(status: u16, headers: &HeaderMap) -> Self {
        Self {
            status,
            content_type: text(headers, CONTENT_TYPE),
            content_length: text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            content_range: text(headers, CONTENT_RANGE),
            refuses_ranges: text(headers, ACCEPT_RANGES).is_some_and(|word| word == "none"),
            validators: Validators::read(headers),
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(|value| value.trim().to_owned())
}
