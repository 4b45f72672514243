//! The identity request: who answers there, asked without any credential.

use std::time::Duration;

use async_trait::async_trait;
use tracing::debug;

use super::race::millis;
use crate::backends::{Identified, IdentifyError, jellyfin, plex};
use crate::models::{MachineId, ServerUrl, Source, SourceKind};
use crate::net::{ErrorKind, HttpPool};

/// Asks who answers at an address.
#[async_trait]
pub trait Prober: Send + Sync {
    /// The round-trip time, when the expected server answered; else why the address is out.
    async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ErrorKind>;
}

/// Asks over HTTP and compares with the identity that the source has.
#[derive(Debug, Clone)]
pub struct HttpProber {
    pool: HttpPool,
    kind: SourceKind,
    expected: Option<MachineId>,
}

impl HttpProber {
    /// A prober for the server of a source.
    pub fn new(pool: &HttpPool, kind: SourceKind, expected: Option<MachineId>) -> Self {
        Self { pool: pool.clone(), kind, expected }
    }
}

#[async_trait]
impl Prober for HttpProber {
    async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ErrorKind> {
        let found = identify(&self.pool, self.kind, uri).await.map_err(|problem| problem.kind());
        let found = found.and_then(|found| match &self.expected {
            Some(expected) if *expected != found.identity.machine_id => Err(ErrorKind::WrongServer),
            _ => Ok(found.timings),
        });
        match &found {
            Ok(timings) => debug!(
                %uri,
                outcome = "answered",
                dns_ms = timings.dns.map(millis),
                connect_ms = timings.connect.map(millis),
                ttfb_ms = millis(timings.ttfb),
                "attempt"
            ),
            Err(kind) => debug!(%uri, outcome = "failed", ?kind, "attempt"),
        }
        found.map(|timings| {
            self.pool.note_proof(uri);
            timings.round_trip()
        })
    }
}

/// The prober of a source: with the certificates that its user has accepted (which `trusted` knows), and on sockets of
/// its own, so that
/// a dead pooled one does not answer for its connection.
pub(super) fn prober(trusted: &HttpPool, source: &Source) -> HttpProber {
    HttpProber::new(&trusted.fresh(), source.kind, source.machine_id.clone())
}

/// Asks an address who it is.
///
/// # Errors
/// The typed reason why it is no server of the wanted kind.
pub async fn identify(
    pool: &HttpPool,
    kind: SourceKind,
    uri: &ServerUrl,
) -> Result<Identified, IdentifyError> {
    match kind {
        SourceKind::Jellyfin => jellyfin::identity::identify(pool, uri).await,
        SourceKind::Plex => plex::identity::identify(pool, uri).await,
        SourceKind::Local => Err(IdentifyError::NotAServer),
    }
}
