//! The identity request: who answers there, asked without any credential.

use std::time::Duration;

use async_trait::async_trait;

use crate::backends::{Identified, IdentifyError, jellyfin, plex};
use crate::models::{MachineId, ServerUrl, SourceKind};
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
        let found = identify(&self.pool, self.kind, uri).await.map_err(|problem| problem.kind())?;
        match &self.expected {
            Some(expected) if *expected != found.identity.machine_id => Err(ErrorKind::WrongServer),
            _ => Ok(found.latency),
        }
    }
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
