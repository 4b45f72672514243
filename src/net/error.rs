//! Kinds of failure, decided from types and status codes, never from message text.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use serde::{Deserialize, Serialize};
use tower_service::Service;

use super::dns::ResolveError;
pub(super) use super::rate::parse_retry_after;

/// What went wrong. Each kind has one sentence for people, in `ui/error_text.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ErrorKind {
    /// The name could not be resolved.
    Dns,
    /// Nothing listens there.
    Refused,
    /// The connection broke.
    Reset,
    /// No route to the host.
    Unreachable,
    /// No connection in time.
    ConnectTimeout,
    /// Connected, but no answer in time.
    ReadTimeout,
    /// A proxy on the way was not reached, or did not let the request through.
    Proxy,
    /// The certificate is not trusted.
    TlsCertificate,
    /// TLS failed otherwise.
    TlsProtocol,
    /// Something else than HTTP answered.
    NotHttp,
    /// A login page of the network, or of something in front of the server, answered.
    CaptivePortal,
    /// Another server than expected answered.
    WrongServer,
    /// A proxy on the way wants a name and a password, or others than it was given.
    ProxyAuthentication,
    /// 401.
    Unauthorized,
    /// 403, or a file that may not be read.
    Forbidden,
    /// 404, or a file that is not there.
    NotFound,
    /// Another 4xx, or 501.
    Client,
    /// 429.
    RateLimited,
    /// A 5xx but 501 and 511.
    Server,
    /// The answer could not be understood.
    Decode,
    /// The answer is larger than it may be.
    TooLarge,
    /// No connection to the server works.
    Offline,
    /// The server cannot do this.
    Unsupported,
    /// The local database or disk failed.
    Storage,
    /// Credentials are missing, or their store does not answer.
    Credentials,
    /// A mistake in the request itself.
    Invalid,
    /// The user has ended it.
    Cancelled,
}

/// The four coarse classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The server was not reached.
    Network,
    /// The server does not let us.
    Authentication,
    /// The server failed.
    Server,
    /// The request or its answer was wrong.
    Client,
}

impl ErrorKind {
    /// The coarse class.
    pub fn class(self) -> ErrorClass {
        match self {
            Self::Dns
            | Self::Refused
            | Self::Reset
            | Self::Unreachable
            | Self::ConnectTimeout
            | Self::ReadTimeout
            | Self::Proxy
            | Self::TlsCertificate
            | Self::TlsProtocol
            | Self::NotHttp
            | Self::CaptivePortal
            | Self::WrongServer
            | Self::ProxyAuthentication
            | Self::Offline => ErrorClass::Network,
            Self::Unauthorized | Self::Forbidden | Self::Credentials => ErrorClass::Authentication,
            Self::Server | Self::RateLimited => ErrorClass::Server,
            Self::NotFound
            | Self::Client
            | Self::Decode
            | Self::TooLarge
            | Self::Unsupported
            | Self::Storage
            | Self::Invalid
            | Self::Cancelled => ErrorClass::Client,
        }
    }

    /// Whether another connection of the same server may do better.
    pub fn may_fail_over(self) -> bool {
        self.class() == ErrorClass::Network && self != Self::Offline
    }

    /// Whether the same request may succeed later, unchanged.
    pub fn may_pass(self) -> bool {
        matches!(self.class(), ErrorClass::Network | ErrorClass::Server)
    }

    /// The kind for a status that is no success.
    pub fn from_status(status: u16) -> Self {
        match status {
            300..=399 | 511 => Self::CaptivePortal,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            407 => Self::ProxyAuthentication,
            408 | 425 => Self::ReadTimeout,
            429 => Self::RateLimited,
            501 => Self::Client,
            500..=599 => Self::Server,
            _ => Self::Client,
        }
    }
}

/// A failed request: kind, status, and a detail without address or credential.
#[derive(Debug, Clone)]
pub struct NetError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The status, when the server answered.
    pub status: Option<u16>,
    /// When the server says that it may be tried again.
    pub retry_after: Option<Duration>,
    /// The port to which a redirect led, from an address without encryption to one with it at the same host.
    pub encrypted_port: Option<u16>,
    pub(super) detail: String,
}

impl NetError {
    /// An error of this kind; `detail` must hold no address, title or credential.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, status: None, retry_after: None, encrypted_port: None, detail: detail.into() }
    }

    /// The error for a status that is no success.
    pub fn from_status(status: u16, retry_after: Option<Duration>) -> Self {
        Self {
            kind: ErrorKind::from_status(status),
            status: Some(status),
            retry_after,
            encrypted_port: None,
            detail: format!("status {status}"),
        }
    }

    pub(super) fn from_reqwest(error: &reqwest::Error) -> Self {
        Self::new(classify(error), chain_detail(error))
    }

    /// The technical detail: no address, no credential.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}

impl StdError for NetError {}

/// How a tunnel through a proxy fails. The type is public, its name is not.
type TunnelError = <Tunnel<HttpConnector> as Service<hyper::Uri>>::Error;

type Cause<'a> = &'a (dyn StdError + 'static);

/// Walks the sources of an error, itself first.
pub(super) fn chain(error: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.source();
        Some(current)
    })
}

fn classify(error: &reqwest::Error) -> ErrorKind {
    for cause in chain(error) {
        if cause.is::<ResolveError>() {
            return ErrorKind::Dns;
        }
        if let Some(TunnelError::ProxyAuthRequired) = cause.downcast_ref() {
            return ErrorKind::ProxyAuthentication;
        }
        if let Some(tls) = find_tls(cause) {
            return match tls {
                rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                    ErrorKind::TlsCertificate
                }
                _ => ErrorKind::TlsProtocol,
            };
        }
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && let Some(kind) = classify_io(io)
        {
            return kind;
        }
        // Hung up without an answer: there is no error of the operating system behind it.
        if let Some(http) = cause.downcast_ref::<hyper::Error>()
            && (http.is_incomplete_message() || http.is_closed() || http.is_canceled())
        {
            return ErrorKind::Reset;
        }
    }
    if error.is_timeout() {
        return if error.is_connect() { ErrorKind::ConnectTimeout } else { ErrorKind::ReadTimeout };
    }
    if error.is_decode() || error.is_body() {
        return ErrorKind::Reset;
    }
    if error.is_connect() {
        return ErrorKind::Unreachable;
    }
    if error.is_builder() {
        return ErrorKind::Invalid;
    }
    ErrorKind::NotHttp
}

/// The error of TLS in a cause: the connector wraps it in errors of input and output, one in the other.
pub(super) fn find_tls(cause: Cause<'_>) -> Option<&rustls::Error> {
    cause.downcast_ref().or_else(|| find_tls(cause.downcast_ref::<io::Error>()?.get_ref()?))
}

fn classify_io(error: &io::Error) -> Option<ErrorKind> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some(ErrorKind::Refused),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(ErrorKind::Reset),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => Some(ErrorKind::Unreachable),
        _ => None,
    }
}

/// The innermost cause: outer texts of `reqwest` name the address.
fn chain_detail(error: &reqwest::Error) -> String {
    match chain(error).last() {
        Some(last) if !last.is::<reqwest::Error>() => last.to_string(),
        _ => "request failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_kinds() {
        for (status, kind) in [
            (302, ErrorKind::CaptivePortal),
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (407, ErrorKind::ProxyAuthentication),
            (408, ErrorKind::ReadTimeout),
            (418, ErrorKind::Client),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (501, ErrorKind::Client),
            (503, ErrorKind::Server),
            (509, ErrorKind::Server),
            (511, ErrorKind::CaptivePortal),
        ] {
            assert_eq!(ErrorKind::from_status(status), kind, "{status}");
        }
    }

    #[test]
    fn only_network_kinds_fail_over() {
        assert!(ErrorKind::Refused.may_fail_over());
        assert!(ErrorKind::WrongServer.may_fail_over());
        assert!(!ErrorKind::Unauthorized.may_fail_over());
        assert!(!ErrorKind::NotFound.may_fail_over());
        assert!(!ErrorKind::Offline.may_fail_over());
    }
}
