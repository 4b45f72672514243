//! Who answers at an address: the reasons why an answer is not a usable server's, the same for every kind.

use std::time::Duration;

use super::ServerIdentity;
use crate::models::ServerUrl;
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Profile, Reply, Timings};

/// Who answered, and how fast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Who.
    pub identity: ServerIdentity,
    /// What the time until the answer began went into.
    pub timings: Timings,
    /// The base address that a redirect led to, when that is another than was asked.
    pub moved_to: Option<ServerUrl>,
}

impl Identified {
    /// Who answered to the question at `path` of a base address.
    pub(super) fn new(identity: ServerIdentity, reply: &Reply, base: &ServerUrl, path: &str) -> Self {
        let answered = reply.head.address.as_ref().and_then(|address| address.as_str().strip_suffix(path));
        let moved_to = answered.and_then(|answered| answered.parse().ok()).filter(|moved| moved != base);
        Self { identity, timings: reply.head.timings, moved_to }
    }
}

/// Where somebody is led who opens an address in a browser: servers and proxies send them to the web client, and so
/// tell of a forgotten path and of encryption. Within the same host; `None` when it leads nowhere else.
pub async fn landing(pool: &HttpPool, base: &ServerUrl) -> Option<ServerUrl> {
    let reply =
        ApiClient::new(pool, base.clone()).exchange(Call::get("/").profile(Profile::Interactive)).await;
    reply.ok()?.head.address.filter(|address| address != base)
}

/// Why an address is not that of a usable server.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdentifyError {
    /// A web page: a wrong path, or a login page in front of the server.
    #[error("a web page answered")]
    WebPage,
    /// Something that is no media server of this kind.
    #[error("not a server of this kind")]
    NotAServer,
    /// An Emby, from which Jellyfin descends.
    #[error("an Emby server")]
    Emby,
    /// A server older than what is supported.
    #[error("version {version} is too old")]
    TooOld {
        /// What it says its version is.
        version: String,
    },
    /// A server that is not set up yet, that starts, or that changes its database after an update.
    #[error("the server is not ready")]
    NotReady {
        /// When it may be asked again.
        retry_after: Option<Duration>,
    },
    /// The address leads to another host, which is not followed.
    #[error("redirected to another host")]
    RedirectedTo {
        /// The other host.
        host: String,
    },
    /// No usable answer came.
    #[error(transparent)]
    Net(#[from] NetError),
}

impl IdentifyError {
    /// The kind that decides whether another connection is tried.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::WebPage | Self::RedirectedTo { .. } => ErrorKind::CaptivePortal,
            Self::NotAServer | Self::Emby => ErrorKind::WrongServer,
            Self::TooOld { .. } => ErrorKind::Unsupported,
            Self::NotReady { .. } => ErrorKind::Server,
            Self::Net(error) => error.kind,
        }
    }
}

/// What a status says that is no success: the route of the identity needs no credential, so whoever asks for
/// one stands in front of the server, or is another.
pub(super) fn check_status(reply: &Reply) -> Result<(), IdentifyError> {
    match reply.head.status {
        200..=299 => Ok(()),
        300..=399 => Err(match &reply.head.redirect_host {
            Some(host) => IdentifyError::RedirectedTo { host: host.clone() },
            None => IdentifyError::NotAServer,
        }),
        400..=407 | 409..=424 if reply.head.is_html() => Err(IdentifyError::WebPage),
        400..=407 | 409..=424 => Err(IdentifyError::NotAServer),
        status => Err(NetError::from_status(status, reply.head.retry_after).into()),
    }
}

/// Why a body could not be read.
pub(super) fn unreadable(error: &NetError) -> IdentifyError {
    match error.kind {
        ErrorKind::CaptivePortal => IdentifyError::WebPage,
        _ => IdentifyError::NotAServer,
    }
}
