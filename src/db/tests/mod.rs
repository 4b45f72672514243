//! Proof of the database on real files, by subject. What all of them need is here.

mod concurrency;
mod connections;
mod folders;

mod grid;
mod grid_filters;
mod grid_plans;
mod home;
mod local_changes;
mod opening;
mod outbox;
mod outbox_model;
mod people;
mod play_choices;

mod plans;
mod search;
mod shelves;
mod sources;
mod watch_state;
mod writing;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::{Database, Listing, PageOutcome};
use crate::models::{
    ConnectionList, Item, ItemKind, ItemRecord, LibraryId, LibraryKind, MachineId, MediaId, NewFolder,
    NewSource, RemoteId, ServerUrl, SourceId, SourceKind, SourceUser,
};

/// A database in a folder of its own.
pub(super) struct Fixture {
    pub(super) db: Database,
    folder: TempDir,
}

/// A library of a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) source: SourceId,
    pub(super) library: LibraryId,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&folder.path().join("reel.db")).await.unwrap();
        Self { db, folder }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("reel.db")
    }

    /// A new source of this kind with one library of films and series.
    pub(super) async fn place(&self, kind: SourceKind) -> Place {
        let source = self.db.sources().insert(&new_source(kind, "Attic")).await.unwrap();
        let listed = [(RemoteId::new("all"), LibraryKind::Mixed, "All".to_owned())];
        let library = self.db.libraries().reconcile(source, &listed).await.unwrap()[0].id;
        Place { source, library }
    }

    /// Stores a complete listing in one page; items that it does not hold stay.
    pub(super) async fn list(&self, place: Place, records: &[ItemRecord]) -> PageOutcome {
        self.listing(place, records).await.0
    }

    /// The same, with what can be asked of the listing.
    pub(super) async fn listing(&self, place: Place, records: &[ItemRecord]) -> (PageOutcome, Listing) {
        let items = self.db.items();
        let mut listing = items.begin_listing(place.library).await.unwrap();
        let outcome = items.upsert_page(place.source, &mut listing, records, None).await.unwrap();
        items.fix_parents(place.library).await.unwrap();
        (outcome, listing)
    }

    /// The stored item that its server calls so.
    pub(super) async fn item(&self, place: Place, remote: &str) -> Item {
        self.db.items().find(place.source, &RemoteId::new(remote)).await.unwrap().expect(remote)
    }

    pub(super) async fn id(&self, place: Place, remote: &str) -> MediaId {
        self.item(place, remote).await.id
    }

    /// The first column of the first row, as a number.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        super::one(&self.db.reader, sql, [], |row| Ok(row.try_get_by_index(0)?)).await.unwrap().unwrap()
    }
}

/// A source that can be stored.
pub(super) fn new_source(kind: SourceKind, name: &str) -> NewSource {
    let remote = kind != SourceKind::Local;
    NewSource {
        kind,
        name: name.to_owned(),
        connection_url: remote.then(|| url("http://10.0.0.2:8096")),
        connections: ConnectionList::default(),
        machine_id: remote.then(|| MachineId::new(format!("machine-{name}"))),
        user: remote.then(|| SourceUser { id: "u1".to_owned(), name: "Ana".to_owned() }),
        device_id: "device".to_owned(),
        folders: if remote { Vec::new() } else { vec![NewFolder::new("/media/attic")] },
    }
}

pub(super) fn url(text: &str) -> ServerUrl {
    text.parse().unwrap()
}

/// A moment, this many minutes after a fixed one.
pub(super) fn minute(minutes: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-02T03:00:00Z".parse().unwrap();
    start + TimeDelta::minutes(minutes)
}

pub(super) fn film(remote: &str, title: &str) -> ItemRecord {
    ItemRecord::new(RemoteId::new(remote), ItemKind::Movie, title)
}

pub(super) fn series(remote: &str, title: &str) -> ItemRecord {
    ItemRecord::new(RemoteId::new(remote), ItemKind::Series, title)
}

/// Season `number` of a series, called `{series}/{number}`.
pub(super) fn season(series: &str, number: u32) -> ItemRecord {
    let remote = RemoteId::new(format!("{series}/{number}"));
    ItemRecord {
        parent: Some(RemoteId::new(series)),
        series: Some(RemoteId::new(series)),
        season: Some(number),
        ..ItemRecord::new(remote, ItemKind::Season, format!("Season {number}"))
    }
}

/// An episode, called `{series}/{season}/{number}`.
pub(super) fn episode(series: &str, season: u32, number: u32) -> ItemRecord {
    let remote = RemoteId::new(format!("{series}/{season}/{number}"));
    ItemRecord {
        parent: Some(RemoteId::new(format!("{series}/{season}"))),
        series: Some(RemoteId::new(series)),
        series_title: Some(series.to_owned()),
        season: Some(season),
        episode: Some(number),
        ..ItemRecord::new(remote, ItemKind::Episode, format!("Episode {number}"))
    }
}

/// A series with so many episodes in each of its seasons, parents first. The first season has the number
/// `first`.
pub(super) fn whole_series(remote: &str, first: u32, seasons: &[u32]) -> Vec<ItemRecord> {
    let mut records = vec![series(remote, remote)];
    for (number, episodes) in (first..).zip(seasons) {
        records.push(season(remote, number));
        records.extend((1..=*episodes).map(|place| episode(remote, number, place)));
    }
    records
}

/// What the servers of these items call them.
pub(super) fn remotes(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.record.remote_id.as_str()).collect()
}
