//! What outlives one operation.

use std::env;
use std::io;
use std::path::Path;

use super::clock::Clock;
use super::core::auth::Renewals;
use super::core::connection::{Connections, Connectivity, Tuning};
use super::core::streaming::Streams;
use super::core::sync::Syncs;
use super::courtesy::Courtesy;
use super::credentials::Secrets;
use super::discovery::{Audience, DISCOVERY_VARIABLE};
use super::events::Events;
use super::gateway::Gateway;
use super::images::Images;
use super::installation::installation_id;
use super::paths::Paths;
use super::{Result, ServiceError};
use crate::backends::local::FolderLooks;
use crate::db::Database;
use crate::models::ServerUrl;
use crate::net::{
    CircuitBreaker, ConnectionManager, ErrorKind, HttpPool, NetError, NetworkWatch, RetryRegistry,
};

/// Another plex.tv, for tests.
pub const PLEX_TV_VARIABLE: &str = "GNOME_REEL_PLEX_TV_URL";

const PLEX_TV: &str = "https://plex.tv";

/// Everything that services share. Cheap to clone; made once in `main`.
#[derive(Debug, Clone)]
pub struct AppContext {
    /// The local library.
    pub db: Database,
    /// Pooled connections.
    pub http: HttpPool,
    /// How this machine's network is.
    pub network: NetworkWatch,
    /// Tokens.
    pub secrets: Secrets,
    /// What happens.
    pub events: Events,
    /// Races in flight and the last decisions.
    pub connections: Connections,
    /// When accounts were asked for new tokens.
    pub(crate) renewals: Renewals,
    /// What is remembered of each source for repeating its requests.
    pub retries: RetryRegistry,
    /// Attempts and states of every connection.
    pub trackers: ConnectionManager,
    /// Which connections are shut out for failing again and again.
    pub breaker: CircuitBreaker,
    /// How every source stands.
    pub connectivity: Connectivity,
    /// Looks at folders that are waited for.
    pub folder_looks: FolderLooks,
    /// Who goes first at a server.
    pub courtesy: Courtesy,
    /// What this machine decodes, and what servers convert for it.
    pub streams: Streams,
    /// Syncs that run.
    pub syncs: Syncs,
    /// Pictures: kept on disk, and under way.
    pub images: Images,
    /// What plays comes through it.
    pub gateway: Gateway,
    /// The time of day.
    pub clock: Clock,
    /// Files of the app.
    pub paths: Paths,
    /// The id of this installation.
    pub installation: String,
    /// Address of plex.tv.
    pub plex_tv: ServerUrl,
    /// Who is asked when servers are looked for.
    pub discovery: Audience,
}

impl AppContext {
    /// Opens the files of this user.
    ///
    /// # Errors
    /// `Storage` kinds when the database or the folders cannot be used.
    pub async fn open_for_user() -> Result<Self> {
        let paths = Paths::of_user().map_err(|error| storage(&error))?;
        let events = Events::default();
        let secrets = Secrets::of_user(paths.credentials(), events.clone());
        let discovery = match env::var(DISCOVERY_VARIABLE) {
            Ok(text) => text.parse().map_err(|_| {
                let detail = "GNOME_REEL_DISCOVERY is neither a list of addresses nor off";
                NetError::new(ErrorKind::Invalid, detail)
            })?,
            Err(_) => Audience::Network,
        };
        Ok(Self { discovery, ..Self::open(paths, secrets, events).await? })
    }

    /// Opens files below `root`, with credentials in memory and nobody to ask for servers: for tests.
    pub async fn open_below(root: &Path) -> Result<Self> {
        let events = Events::default();
        Self::open(Paths::below(root), Secrets::in_memory(events.clone()), events).await
    }

    /// Takes over what the user has set about the network.
    pub fn tune(&self, tuning: Tuning) {
        self.http.set_slow(tuning.slow);
        self.connections.set_tuning(tuning);
    }

    async fn open(paths: Paths, secrets: Secrets, events: Events) -> Result<Self> {
        let db = Database::open(&paths.database()).await?;
        let installation = installation_id(&paths.installation()).map_err(|error| storage(&error))?;
        let plex_tv = match env::var(PLEX_TV_VARIABLE) {
            Ok(url) => url.parse(),
            Err(_) => PLEX_TV.parse(),
        }
        .map_err(|_| NetError::new(ErrorKind::Invalid, "the address of plex.tv is not an address"))?;
        Ok(Self {
            db,
            http: HttpPool::new()?.resolving_locally(),
            network: NetworkWatch::default(),
            secrets,
            connectivity: Connectivity::new(events.clone()),
            events,
            connections: Connections::default(),
            renewals: Renewals::default(),
            retries: RetryRegistry::new(),
            trackers: ConnectionManager::new(),
            breaker: CircuitBreaker::new(),
            folder_looks: FolderLooks::default(),
            courtesy: Courtesy::default(),
            streams: Streams::default(),
            syncs: Syncs::default(),
            images: Images::below(&paths.images()),
            gateway: Gateway::default(),
            clock: Clock::system(),
            paths,
            installation,
            plex_tv,
            discovery: Audience::nobody(),
        })
    }
}

fn storage(error: &io::Error) -> ServiceError {
    NetError::new(ErrorKind::Storage, error.kind().to_string()).into()
}
