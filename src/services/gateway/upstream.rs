//! Where the bytes of a playback come from, as the gateway sees it.

use std::fmt;

use async_trait::async_trait;
use futures::stream::BoxStream;
use secrecy::SecretString;
use tokio_util::bytes::Bytes;
use url::Url;

use crate::backends::MediaTarget;
use crate::models::ServerUrl;
use crate::net::{ErrorKind, MediaHead};

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::services) enum Place {
    /// Something of the source's server, over whichever connection.
    Server(MediaTarget),
    /// Something of another host, to which no credential goes.
    Elsewhere(Url),
}

impl fmt::Debug for Place {
    /// Leaves out the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server(_) => "Server",
            Self::Elsewhere(_) => "Elsewhere",
        })
    }
}

/// A request.
#[derive(Debug, Clone)]
pub(in crate::services) struct Ask {
    /// What is asked for.
    pub(in crate::services) place: Place,
    /// Headers of this playback, for the server.
    pub(in crate::services) headers: Vec<(&'static str, SecretString)>,
    /// `Range`.
    pub(in crate::services) range: Option<String>,
    /// `If-Range`.
    pub(in crate::services) if_range: Option<String>,
    /// Whether open sockets are in doubt.
    pub(in crate::services) fresh: bool,
}

/// An answer that has begun.
pub(in crate::services) struct Opened {
    /// The connection that it comes over.
    pub(in crate::services) connection: ServerUrl,
    /// Where it comes from, when a redirect was followed elsewhere than asked.
    pub(in crate::services) url: Url,
    /// Its head: 200, 206 or 416.
    pub(in crate::services) head: MediaHead,
    /// The first bytes; none only when there are none at all.
    pub(in crate::services) first: Bytes,
    /// The others.
    pub(in crate::services) rest: BoxStream<'static, Result<Bytes, ErrorKind>>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("head", &self.head).finish_non_exhaustive()
    }
}

/// Knows the connections of a source. All repetition is behind [`Upstream::open`]: when that fails, everything was
/// tried for as long as the policy has it.
#[async_trait]
pub(in crate::services) trait Upstream: Send + Sync + fmt::Debug {
    /// Opens something over the connection to use now, or over others when that one fails.
    async fn open(&self, ask: &Ask) -> Result<Opened, ErrorKind>;

    /// A transfer broke off: its connection is not to be trusted until it was looked at.
    async fn broke(&self, connection: &ServerUrl, kind: ErrorKind);

    /// A transfer brings nothing: looks whether its connection still answers, and moves to another if not.
    async fn doubt(&self, connection: &ServerUrl);
}
