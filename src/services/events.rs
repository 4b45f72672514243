//! What happened, for everybody who shows it.
//!
//! Services write the database first and publish then. Events carry ids, never contents: a reader that was
//! too slow and missed some reloads from the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::models::{MediaId, ServerUrl, SourceId};
use crate::net::ErrorKind;

/// Events kept for a slow reader before it has to reload.
const CAPACITY: usize = 1024;

/// Why a source changed to another connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeReason {
    /// There was none before.
    First,
    /// The one in use failed.
    Failover,
    /// A nearer one answers again.
    BetterTier,
    /// Another one of the same kind is clearly faster.
    Faster,
    /// This machine is on another network.
    NetworkChange,
    /// The user has chosen it.
    Pinned,
    /// The server has other addresses now.
    AddressesRefreshed,
}

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncSummary {
    /// Items that the source listed.
    pub listed: u64,
    /// New in the database.
    pub inserted: u64,
    /// Changed in the database.
    pub updated: u64,
    /// No longer at the source and removed.
    pub removed: u64,
    /// Could not be read and were left out.
    pub skipped: u64,
}

impl SyncSummary {
    /// Whether the database holds something else than at an earlier time of the same sync.
    pub fn has_changed_since(&self, earlier: &Self) -> bool {
        (self.inserted, self.updated, self.removed) != (earlier.inserted, earlier.updated, earlier.removed)
    }
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A source was added.
    SourceAdded(SourceId),
    /// Name, order or another property of a source changed.
    SourceChanged(SourceId),
    /// A source was removed.
    SourceRemoved(SourceId),
    /// A folder of a source is there again, or is another one: it has to be read.
    FolderBack(SourceId),
    /// A source uses another connection.
    ConnectionChanged {
        /// Which source.
        source_id: SourceId,
        /// The connection before.
        old_url: Option<ServerUrl>,
        /// The connection now.
        new_url: ServerUrl,
        /// Why.
        reason: ChangeReason,
    },
    /// A source became reachable or unreachable.
    ConnectivityChanged {
        /// Which source.
        source_id: SourceId,
        /// Whether it can be reached now.
        online: bool,
    },
    /// A source that was unreachable answers again.
    Reconnected(SourceId),
    /// How a source stands changed: see `AppContext::connectivity`.
    StatusChanged(SourceId),
    /// The network of this machine changed.
    NetworkChanged,
    /// A sync began.
    SyncStarted(SourceId),
    /// A sync went on.
    SyncProgress {
        /// Which source.
        source_id: SourceId,
        /// Items done.
        items_synced: u64,
        /// Items in all, as the server says.
        total_items: Option<u64>,
        /// Items a second over the last seconds, once that is known.
        rate: Option<u32>,
        /// How long it still takes, where that can be told.
        left: Option<Duration>,
    },
    /// A sync ended well.
    SyncCompleted {
        /// Which source.
        source_id: SourceId,
        /// What it did.
        result: SyncSummary,
    },
    /// A sync failed; what was there stays.
    SyncFailed {
        /// Which source.
        source_id: SourceId,
        /// Why.
        error: ErrorKind,
    },
    /// A sync was ended by the user; what it has brought stays, and the next one goes on.
    SyncCancelled(SourceId),
    /// Items changed; no ids when there are too many to name.
    ItemsChanged {
        /// Which source.
        source_id: SourceId,
        /// Which items; empty for "many".
        ids: Arc<[MediaId]>,
    },
    /// Collections, playlists or hubs of a source, or what stands on them, are others.
    ShelvesChanged(SourceId),
    /// A verified server said that the token is dead.
    AuthRequired(SourceId),
    /// Changes wait for a server, or no longer do.
    OutboxChanged(SourceId),
    /// Credentials had to be kept in a file, because there is no keyring.
    CredentialsInFile,
}

/// Where events are published.
#[derive(Debug, Clone)]
pub struct Events {
    sender: broadcast::Sender<Event>,
}

impl Default for Events {
    fn default() -> Self {
        Self { sender: broadcast::channel(CAPACITY).0 }
    }
}

impl Events {
    /// Publishes an event. Nobody listening is fine.
    pub fn publish(&self, event: Event) {
        tracing::trace!(?event, "event");
        let _listeners = self.sender.send(event);
    }

    /// Receives the events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
