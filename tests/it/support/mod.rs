//! What the tests stand on: a context on a temporary folder, servers of both kinds behind one face, events.

mod scene;
mod servers;

use std::time::Duration;

use gnome_reel::models::{Item, SourceId};
use gnome_reel::services::AppContext;
use gnome_reel::services::core::library::ItemQuery;
use gnome_reel::services::core::sync::SyncOptions;
use gnome_reel::services::core::{BackendService, LibraryService};
use gnome_reel::services::events::{Event, SyncSummary};
use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;

pub use scene::Scene;
pub use servers::{PASSWORD, Server, ServerKind, TOKEN, USER, asks_for_shelves, carries_credential, films};

/// Makes of each `async fn name(kind: ServerKind)` one test for Plex and one for Jellyfin.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod plex {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::soon(super::$name(crate::support::ServerKind::Plex)).await;
            })*
        }
        mod jellyfin {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::soon(super::$name(crate::support::ServerKind::Jellyfin)).await;
            })*
        }
    };
}

/// An app without a window on a folder of its own.
pub struct Bed {
    /// The app.
    pub ctx: AppContext,
    /// Its folder.
    pub folder: TempDir,
}

impl Bed {
    /// An app that was never used.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ctx = AppContext::open_below(folder.path()).await.unwrap();
        Self { ctx, folder }
    }

    /// An app with the source of a server, not synced.
    pub async fn with(server: &Server) -> (Self, SourceId) {
        let bed = Self::new().await;
        let id = server.add_to(&bed.ctx).await.unwrap();
        (bed, id)
    }

    /// An app with the synced source of a server.
    pub async fn synced(server: &Server) -> (Self, SourceId) {
        let (bed, id) = Self::with(server).await;
        bed.sync(id).await;
        (bed, id)
    }

    /// A sync that must succeed.
    pub async fn sync(&self, id: SourceId) -> SyncSummary {
        self.try_sync(id).await.unwrap()
    }

    /// A sync.
    pub async fn try_sync(&self, id: SourceId) -> gnome_reel::services::Result<SyncSummary> {
        BackendService::sync_source(&self.ctx, id, SyncOptions::default()).await
    }

    /// Every stored item of a source.
    pub async fn items(&self, id: SourceId) -> Vec<Item> {
        let mut items = Vec::new();
        for library in self.ctx.db.libraries().list(Some(id)).await.unwrap() {
            let kinds = library.kind.listed_kinds().to_vec();
            let query = ItemQuery { kinds, ..ItemQuery::library(library.id) };
            items.extend(LibraryService::items(&self.ctx, &query).await.unwrap());
        }
        items
    }

    /// The stored item that a server calls so.
    pub async fn item(&self, id: SourceId, remote: &str) -> Item {
        let remote = gnome_reel::models::RemoteId::new(remote);
        self.ctx.db.items().find(id, &remote).await.unwrap().expect("the item is stored")
    }

    /// Makes the next sync a whole listing, as after a day.
    pub async fn a_day_passes(&self, id: SourceId) {
        for library in self.ctx.db.libraries().list(Some(id)).await.unwrap() {
            self.ctx.db.sync_state().set_cursor(library.id, "{}").await.unwrap();
        }
    }

    /// Makes the next operation choose the connection anew, as after a time without use.
    pub async fn forget_choice(&self, id: SourceId) {
        self.ctx.db.verdicts().remove(id).await.unwrap();
    }
}

/// The events so far.
pub fn drain(events: &mut Receiver<Event>) -> Vec<Event> {
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

/// Waits for something that must not take longer than a ceiling that only a hang reaches.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    const CEILING: Duration = Duration::from_mins(1);
    tokio::time::timeout(CEILING, future).await.expect("it never ended")
}
