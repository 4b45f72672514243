//! The stream gateway: what stands between the player and the servers.
//!
//! A player makes its own connections, with its own idea of trust, proxies and repetition, and writes what it knows
//! to its log. So it is given an address of this machine, and the app fetches: with the connection, the credentials
//! and the trust of every other operation. When a connection fails in the middle of a film, the transfer goes on over
//! another one at the byte that was reached, and the player sees a pause.
//!
//! - [`door`]: listens on loopback and decides who may ask.
//! - [`session`]: one playback, with a path that nobody can guess.
//! - [`answer`]: a request, from the question to the head of the answer.
//! - [`transfer`]: the bytes, resumed where they broke.
//! - [`range`], [`identity`], [`playlist`]: arithmetic, comparison and rewriting. Pure.
//! - [`upstream`]: the servers as seen from here.
//!
//! What must not come in: the player, files on disk, a choice of connections, a repetition of requests.

mod answer;
mod body;
mod door;
mod identity;
mod playlist;
mod range;
mod session;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
mod transfer;
mod upstream;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::OnceCell;
use tokio_util::task::AbortOnDropHandle;
use tracing::debug;
use url::Url;

use self::session::{Session, Sessions};
pub(super) use self::upstream::{Ask, Opened, Place, Upstream};
use super::core::media::SourceMedia;
use super::{AppContext, Result};
use crate::backends::{Location, MediaRequest, StreamSource};
use crate::models::{ServerUrl, SourceId};
use crate::net::{ErrorKind, NetError};

/// The gateway of the app. Starts with the first playback. Cheap to clone; all clones are the same one.
#[derive(Clone, Default)]
pub struct Gateway {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    sessions: Arc<Sessions>,
    door: OnceCell<Door>,
    opened: AtomicU64,
}

/// The door, open as long as this lives.
struct Door {
    port: u16,
    _attending: AbortOnDropHandle<()>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.shared.door.get().map(|door| door.port);
        f.debug_struct("Gateway").field("port", &port).finish_non_exhaustive()
    }
}

/// Keeps a playback open. When it is dropped, its path leads nowhere and the player's connections are closed.
#[derive(Debug)]
#[must_use = "the playback ends when this is dropped"]
pub struct GatewayStream {
    sessions: Arc<Sessions>,
    session: Arc<Session>,
}

impl Drop for GatewayStream {
    fn drop(&mut self) {
        debug!(session = self.session.number, "playback ended");
        self.sessions.remove(&self.session);
    }
}

impl Gateway {
    /// Opens what a source has for a player: the same with addresses of this machine in place of the server's, without
    /// any header. Files of this machine stay what they are; without anything else there is nothing to keep open.
    ///
    /// # Errors
    /// `Unreachable` when the gateway cannot listen, `Invalid` for an address that is none of the source's.
    pub async fn open(
        &self,
        ctx: &AppContext,
        source_id: SourceId,
        stream: StreamSource,
    ) -> Result<(StreamSource, Option<GatewayStream>)> {
        let is_remote = |location: &Location| matches!(location, Location::Remote(_));
        let subtitles = stream.subtitles.iter().map(|subtitle| &subtitle.location);
        if !std::iter::once(&stream.location).chain(subtitles).any(is_remote) {
            return Ok((stream, None));
        }
        let source = ctx.db.sources().get(source_id).await?;
        let listed = source.connections.connections.into_iter().map(|connection| connection.uri);
        let bases: Vec<ServerUrl> = listed.chain(source.connection_url).collect();
        let upstream = Arc::new(SourceMedia::new(ctx, source_id));
        let (opened, kept) = self.open_over(upstream, &bases, stream).await?;
        Ok((opened, Some(kept)))
    }

    /// The same over any upstream.
    async fn open_over(
        &self,
        upstream: Arc<dyn Upstream>,
        bases: &[ServerUrl],
        mut stream: StreamSource,
    ) -> Result<(StreamSource, GatewayStream)> {
        let port = self.port().await?;
        let number = self.shared.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let session = Arc::new(Session::new(number, upstream));
        let local = |location: &mut Location| {
            let Location::Remote(request) = location else { return Ok(()) };
            *request = local_request(&session, request, bases, port)?;
            Ok::<_, NetError>(())
        };
        local(&mut stream.location)?;
        // The film goes on without subtitles that cannot be had.
        stream.subtitles.retain_mut(|subtitle| local(&mut subtitle.location).is_ok());
        self.shared.sessions.insert(Arc::clone(&session));
        debug!(session = number, subtitles = stream.subtitles.len(), "playback opened");
        let kept = GatewayStream { sessions: Arc::clone(&self.shared.sessions), session };
        Ok((stream, kept))
    }

    async fn port(&self) -> Result<u16> {
        let door = self.shared.door.get_or_try_init(async || {
            let (listener, port) = door::open().await.map_err(|error| {
                NetError::new(ErrorKind::Unreachable, format!("no port to listen at: {:?}", error.kind()))
            })?;
            let sessions = Arc::clone(&self.shared.sessions);
            let attending = tokio::spawn(door::attend(listener, port, sessions));
            debug!(port, "listening");
            Ok::<_, NetError>(Door { port, _attending: AbortOnDropHandle::new(attending) })
        });
        Ok(door.await?.port)
    }
}

/// What the player asks for in place of a request.
fn local_request(
    session: &Session,
    request: &MediaRequest,
    bases: &[ServerUrl],
    port: u16,
) -> std::result::Result<MediaRequest, NetError> {
    let invalid = || NetError::new(ErrorKind::Invalid, "an address that is none of the source's");
    let resource = session.add(request, bases).ok_or_else(invalid)?;
    let address = format!("http://127.0.0.1:{port}/{}/{}", session.path, resource.name);
    Ok(MediaRequest { url: Url::parse(&address).map_err(|_| invalid())?, headers: Vec::new() })
}
