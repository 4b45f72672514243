//! Sockets that both sides talk over (RFC 6455): what a server tells by itself.
//!
//! The handshake is a request of [`ApiClient`] like any other: the same trust, proxy, names and headers, and the same
//! question who is there before a credential goes over a new socket without encryption. Only then the socket belongs to
//! the other protocol. What is said on it is text; what it means is the business of the backends.

use std::time::{Duration, Instant};

use futures::{SinkExt as _, StreamExt as _};
use reqwest::Request;
use reqwest::header::{CONNECTION, HeaderValue, UPGRADE};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tracing::debug;

use super::activity::Activity;
use super::call::Call;
use super::client::ApiClient;
use super::error::{ErrorKind, NetError};
use super::pool::Sent;
use super::reply::{ReplyHead, Timings};
use super::retry::RetryPolicy;

/// The status of an answer after which the socket speaks the other protocol.
const SWITCHING_PROTOCOLS: u16 = 101;
/// Largest message: thousands of ids come in one after a server has read a library.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Memory that a socket holds while nothing is said.
const READ_BUFFER: usize = 16 * 1024;
/// Longest time until a short text is on its way.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A message.
    Text(String),
    /// A sign of life, and nothing else.
    Alive,
}

/// An open WebSocket. Closed by dropping it.
#[derive(Debug)]
pub struct WebSocket {
    stream: WebSocketStream<reqwest::Upgraded>,
}

impl ApiClient {
    /// Opens a WebSocket.
    ///
    /// # Errors
    /// A network kind when nothing answered, the kind of the status when the server refuses, `NotHttp` when what answers
    /// does not speak the protocol.
    pub async fn open_socket(&self, call: &Call) -> Result<WebSocket, NetError> {
        let key = generate_key();
        let mut request = Request::new(call.method.as_reqwest(), call.url(self.base()));
        let limits = RetryPolicy::LIVE.scaled(self.pool().slow());
        *request.timeout_mut() = Some(limits.total);
        let headers = request.headers_mut();
        headers.clone_from(self.headers());
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert("sec-websocket-version", HeaderValue::from_static("13"));
        let sent_key = HeaderValue::from_str(&key)
            .map_err(|_| NetError::new(ErrorKind::Invalid, "a key cannot be sent"))?;
        headers.insert("sec-websocket-key", sent_key);

        let pool = self.pool().upgrading();
        let waiting = pool.activity.as_ref().map(Activity::asked);
        let sent_at = Instant::now();
        let sent = tokio::time::timeout(limits.read, pool.execute(request));
        let Sent { response, opening } =
            sent.await.map_err(|_| NetError::new(ErrorKind::ReadTimeout, "no answer in time"))??;
        if let Some(waiting) = waiting {
            waiting.answered();
        }
        let head = ReplyHead::read(&response, Timings::new(opening, sent_at.elapsed()));
        debug!(path = call.template, status = head.status, "socket");
        match head.status {
            SWITCHING_PROTOCOLS => {}
            200..=299 => return Err(NetError::new(ErrorKind::NotHttp, "no WebSocket answers there")),
            status => return Err(NetError::from_status(status, head.retry_after)),
        }
        let answer = response.headers().get("sec-websocket-accept").map(HeaderValue::as_bytes);
        if answer != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            return Err(NetError::new(ErrorKind::NotHttp, "the handshake has another key"));
        }
        let upgraded = response.upgrade().await;
        let upgraded = upgraded.map_err(|_| NetError::new(ErrorKind::Reset, "the socket broke"))?;
        let limits = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MOST_BYTES))
            .max_frame_size(Some(MOST_BYTES));
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(limits)).await;
        Ok(WebSocket { stream })
    }
}

impl WebSocket {
    /// The next thing that comes. Can be dropped at any time without losing one.
    ///
    /// # Errors
    /// When the socket is at its end, whoever closed it.
    pub async fn next(&mut self) -> Result<Frame, NetError> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Ok(Frame::Text(text.as_str().to_owned())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(Frame::Alive),
                Some(Ok(Message::Close(_))) | None => {
                    return Err(NetError::new(ErrorKind::Reset, "the server closed the socket"));
                }
                // Nothing that is said here is binary.
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(failure(&error)),
            }
        }
    }

    /// Says something.
    ///
    /// # Errors
    /// When it could not be sent in a few seconds.
    pub async fn say(&mut self, text: &str) -> Result<(), NetError> {
        self.send(Message::text(text)).await
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// As [`WebSocket::say`].
    pub async fn ping(&mut self) -> Result<(), NetError> {
        self.send(Message::Ping(Vec::new().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), NetError> {
        match tokio::time::timeout(SEND_PATIENCE, self.stream.send(message)).await {
            Ok(sent) => sent.map_err(|error| failure(&error)),
            Err(_) => Err(NetError::new(ErrorKind::ReadTimeout, "the socket takes nothing")),
        }
    }
}

fn failure(error: &SocketError) -> NetError {
    let (kind, detail) = match error {
        SocketError::Capacity(_) => (ErrorKind::TooLarge, "a message is too large"),
        SocketError::Protocol(_) | SocketError::Utf8(_) => (ErrorKind::NotHttp, "what came is no WebSocket"),
        _ => (ErrorKind::Reset, "the socket broke"),
    };
    NetError::new(kind, detail)
}
