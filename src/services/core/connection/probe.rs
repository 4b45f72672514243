//! The identity request: who answers there, asked without any credential.

use std::time::Duration;

use async_trait::async_trait;

use crate::backends::{ServerIdentity, jellyfin, plex};
use crate::models::{MachineId, ServerUrl, SourceKind};
use crate::net::{ErrorKind, HttpPool};
use crate::services::AddressProblem;

/// Why a connection is out of a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeFailure {
    /// It was not reached, or what answered is no server of the kind.
    Net(ErrorKind),
    /// Another server answered: its address was given to somebody else.
    WrongServer,
}

impl ProbeFailure {
    /// What went wrong.
    pub fn kind(self) -> ErrorKind {
        match self {
            Self::Net(kind) => kind,
            Self::WrongServer => ErrorKind::WrongServer,
        }
    }
}

/// Asks who answers at an address.
#[async_trait]
pub trait Prober: Send + Sync {
    /// The round-trip time, when the expected server answered.
    async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ProbeFailure>;
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
    async fn probe(&self, uri: &ServerUrl) -> Result<Duration, ProbeFailure> {
        let (identity, rtt) =
            identify(&self.pool, self.kind, uri).await.map_err(|problem| match problem {
                AddressProblem::Unreachable(kind) => ProbeFailure::Net(kind),
                AddressProblem::SettingUp => ProbeFailure::Net(ErrorKind::Server),
                AddressProblem::Redirected | AddressProblem::NotAServer | AddressProblem::WebPage => {
                    ProbeFailure::Net(ErrorKind::CaptivePortal)
                }
                AddressProblem::Emby | AddressProblem::TooOld { .. } | AddressProblem::Malformed => {
                    ProbeFailure::WrongServer
                }
            })?;
        match &self.expected {
            Some(expected) if *expected != identity.machine_id => Err(ProbeFailure::WrongServer),
            _ => Ok(rtt),
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
) -> Result<(ServerIdentity, Duration), AddressProblem> {
    match kind {
        SourceKind::Jellyfin => {
            use jellyfin::identity::IdentifyError as Problem;
            jellyfin::identity::identify(pool, uri).await.map_err(|error| match error {
                Problem::WebPage => AddressProblem::WebPage,
                Problem::NotAServer => AddressProblem::NotAServer,
                Problem::Emby => AddressProblem::Emby,
                Problem::TooOld { version } => AddressProblem::TooOld { version },
                Problem::SettingUp => AddressProblem::SettingUp,
                Problem::RedirectedTo { .. } => AddressProblem::Redirected,
                Problem::Net(error) => AddressProblem::Unreachable(error.kind),
            })
        }
        SourceKind::Plex => {
            use plex::identity::IdentifyError as Problem;
            plex::identity::identify(pool, uri).await.map_err(|error| match error {
                Problem::WebPage => AddressProblem::WebPage,
                Problem::NotAServer => AddressProblem::NotAServer,
                Problem::Maintenance { .. } => AddressProblem::SettingUp,
                Problem::RedirectedTo { .. } => AddressProblem::Redirected,
                Problem::Net(error) => AddressProblem::Unreachable(error.kind),
            })
        }
        SourceKind::Local => Err(AddressProblem::NotAServer),
    }
}
