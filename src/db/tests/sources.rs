//! Sources, their libraries and what goes with them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::*;
use crate::db::{DbErrorKind, Measurement};
use crate::models::{AuthStatus, MediaDetails, OutboxChange, ServerConnection, Tier};

fn listing(libraries: &[(&str, LibraryKind)]) -> Vec<(RemoteId, LibraryKind, String)> {
    libraries.iter().map(|(id, kind)| (RemoteId::new(*id), *kind, format!("The {id}"))).collect()
}

#[tokio::test]
async fn a_server_comes_back_as_it_was() {
    let fixture = Fixture::new().await;
    let sources = fixture.db.sources();
    let mut new = new_source(SourceKind::Plex, "Attic");
    let mut connection = ServerConnection::new(url("https://10-0-0-2.abc.plex.direct:32400"), Tier::Local);
    (connection.priority, connection.is_available, connection.response_time_ms) = (-1000, true, Some(45));
    let relay = ServerConnection::new(url("https://relay.example:443/base"), Tier::Relay);
    new.connections = ConnectionList { connections: vec![connection, relay], last_check: Some(minute(3)) };
    let id = sources.insert(&new).await.unwrap();

    let stored = sources.get(id).await.unwrap();
    assert_eq!((stored.kind, stored.name.as_str(), stored.device_id.as_str()), (new.kind, "Attic", "device"));
    assert_eq!((&stored.connection_url, &stored.connections), (&new.connection_url, &new.connections));
    assert_eq!((&stored.machine_id, &stored.user), (&new.machine_id, &new.user));
    assert_eq!(stored.folders, []);
    assert_eq!((stored.auth_status, stored.is_online), (AuthStatus::SignedIn, false));
    assert_eq!((stored.enabled, stored.last_sync), (true, None));
}

#[tokio::test]
async fn a_folder_need_not_be_utf8() {
    let fixture = Fixture::new().await;
    let sources = fixture.db.sources();
    let folder = PathBuf::from(OsStr::from_bytes(b"/media/caf\xe9 \xff/films"));
    let mut new = new_source(SourceKind::Local, "Films");
    new.folders = vec![NewFolder { kind: Some(LibraryKind::Mixed), ..NewFolder::new(&folder) }];
    let id = sources.insert(&new).await.unwrap();
    let stored = &sources.get(id).await.unwrap().folders[0];
    assert_eq!((&stored.path, stored.kind), (&folder, Some(LibraryKind::Mixed)));
    assert_eq!(sources.find_folder(&folder).await.unwrap().map(|found| found.id), Some(id));
    assert_eq!(sources.find_folder("/media/cafe".as_ref()).await.unwrap(), None);
}

#[tokio::test]
async fn a_source_is_found_by_server_and_user() {
    let fixture = Fixture::new().await;
    let sources = fixture.db.sources();
    let mut new = new_source(SourceKind::Jellyfin, "Attic");
    let ana = sources.insert(&new).await.unwrap();
    new.user = None;
    let nobody = sources.insert(&new).await.unwrap();
    let machine = new.machine_id.unwrap();
    let find = |kind, user| {
        let (sources, machine) = (fixture.db.sources(), &machine);
        async move { sources.find(kind, machine, user).await.unwrap().map(|source| source.id) }
    };
    assert_eq!(find(SourceKind::Jellyfin, Some("u1")).await, Some(ana));
    assert_eq!(find(SourceKind::Jellyfin, None).await, Some(nobody));
    assert_eq!(find(SourceKind::Jellyfin, Some("u2")).await, None);
    assert_eq!(find(SourceKind::Plex, Some("u1")).await, None);
}

#[tokio::test]
async fn changes_of_a_source_are_kept_and_news_are_told() {
    let fixture = Fixture::new().await;
    let sources = fixture.db.sources();
    let id = sources.insert(&new_source(SourceKind::Plex, "B")).await.unwrap();
    let second = sources.insert(&new_source(SourceKind::Plex, "A")).await.unwrap();
    sources.rename(id, "Cellar").await.unwrap();
    assert!(sources.set_online(id, true).await.unwrap());
    assert!(!sources.set_online(id, true).await.unwrap());
    assert!(sources.set_auth_status(id, AuthStatus::SignInNeeded).await.unwrap());
    assert!(!sources.set_auth_status(id, AuthStatus::SignInNeeded).await.unwrap());
    sources.set_last_sync(id, minute(7)).await.unwrap();
    let other = "https://other.example".parse().unwrap();
    sources.set_connection_url(id, &other).await.unwrap();
    sources.edit_connections(id, |list| list.connections.clear()).await.unwrap();
    let stored = sources.get(id).await.unwrap();
    assert_eq!((stored.name.as_str(), stored.is_online), ("Cellar", true));
    assert_eq!((stored.auth_status, stored.last_sync), (AuthStatus::SignInNeeded, Some(minute(7))));
    assert_eq!(stored.connection_url, Some(other));
    assert!(stored.connections.connections.is_empty());
    let order: Vec<_> = sources.list().await.unwrap().into_iter().map(|source| source.id).collect();
    assert_eq!(order, [id, second], "the user's order, not the names'");
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let fixture = Fixture::new().await;
    let db = &fixture.db;
    let nobody = SourceId::random();
    for failed in [
        db.sources().get(nobody).await.unwrap_err(),
        db.sources().rename(nobody, "x").await.unwrap_err(),
        db.sources().remove(nobody).await.unwrap_err(),
        db.sources().set_online(nobody, true).await.unwrap_err(),
        db.libraries().get(LibraryId(7)).await.unwrap_err(),
        db.items().get(MediaId(7)).await.unwrap_err(),
    ] {
        assert_eq!(failed.kind(), DbErrorKind::NotFound);
    }
}

#[tokio::test]
async fn removing_a_source_removes_everything_of_it_and_nothing_else() {
    let fixture = Fixture::new().await;
    let (gone, kept) = (fixture.place(SourceKind::Plex).await, fixture.place(SourceKind::Jellyfin).await);
    for place in [gone, kept] {
        let mut records = whole_series("show", 1, &[2]);
        for record in &mut records {
            record.genres = vec!["Zen".to_owned()];
        }
        fixture.list(place, &records).await;
        let id = fixture.id(place, "show/1/1").await;
        let change = OutboxChange::Favourite { favourite: true };
        fixture.db.outbox().apply_change(id, &change, minute(1)).await.unwrap();
        fixture.db.details().put(id, &MediaDetails::default(), Some("mark")).await.unwrap();
        let error = Err("Timeout".to_owned());
        let measurement = Measurement { uri: url("http://h"), score: 10_000, outcome: error };
        fixture.db.stats().record(place.source, "net", minute(1), &[measurement]).await.unwrap();
    }
    fixture.db.sources().remove(gone.source).await.unwrap();
    assert_eq!(fixture.db.sources().list().await.unwrap().len(), 1);
    for (table, rows) in [
        ("libraries", 1),
        ("items", 4),
        ("item_genres", 4),
        ("items_fts", 3),
        ("media_details", 1),
        ("sync_state", 1),
        ("outbox", 1),
        ("connection_stats", 1),
    ] {
        assert_eq!(fixture.number(&format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
    }
    assert_eq!(fixture.number("SELECT count(*) FROM pragma_foreign_key_check").await, 0);
}

#[tokio::test]
async fn libraries_follow_the_servers_list() {
    let fixture = Fixture::new().await;
    let source = fixture.db.sources().insert(&new_source(SourceKind::Plex, "Attic")).await.unwrap();
    let libraries = fixture.db.libraries();
    let first = listing(&[("1", LibraryKind::Movies), ("2", LibraryKind::Shows), ("3", LibraryKind::Music)]);
    let stored = libraries.reconcile(source, &first).await.unwrap();
    let found: Vec<_> = stored.iter().map(|library| library.title.as_str()).collect();
    assert_eq!(found, ["The 1", "The 2", "The 3"]);
    let films = Place { source, library: stored[0].id };
    let shows = Place { source, library: stored[1].id };
    fixture.list(films, &[film("f1", "Alien")]).await;
    fixture.list(shows, &whole_series("show", 1, &[2])).await;

    let second = listing(&[("4", LibraryKind::HomeVideos), ("1", LibraryKind::Mixed)]);
    let stored = libraries.reconcile(source, &second).await.unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!((stored[1].id, stored[1].kind, stored[1].item_count), (films.library, LibraryKind::Mixed, 1));
    assert_eq!(stored[0].item_count, 0);
    assert!(libraries.get(shows.library).await.is_err());
    assert_eq!(fixture.number("SELECT count(*) FROM items").await, 1);
}

#[tokio::test]
async fn a_list_without_libraries_removes_none() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[film("f1", "Alien")]).await;
    let kept = fixture.db.libraries().reconcile(place.source, &[]).await.unwrap();
    assert_eq!((kept.len(), kept[0].item_count), (1, 1));
}

#[tokio::test]
async fn a_library_counts_what_stands_in_its_grid() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut records = whole_series("show", 1, &[3]);
    records.extend([film("f1", "Alien"), film("f2", "Brazil")]);
    records.last_mut().unwrap().watch.watched = true;
    fixture.list(place, &records).await;
    let library = fixture.db.libraries().get(place.library).await.unwrap();
    assert_eq!((library.item_count, library.unwatched_count, library.complete), (3, 2, false));

    let state = fixture.db.sync_state();
    state.set_error(place.library, "Timeout").await.unwrap();
    assert_eq!(state.get(place.library).await.unwrap().last_error.as_deref(), Some("Timeout"));
    fixture.db.libraries().set_complete(place.library, Utc::now()).await.unwrap();
    assert!(fixture.db.libraries().list(Some(place.source)).await.unwrap()[0].complete);
    let record = state.get(place.library).await.unwrap();
    assert_eq!((record.generation, record.last_error), (1, None));
    assert!(record.last_full.is_some());
}

#[tokio::test]
async fn details_are_replaced() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("f1", "Alien")]).await;
    let id = fixture.id(place, "f1").await;
    let details = fixture.db.details();
    assert_eq!(details.get(id).await.unwrap(), None);
    details.put(id, &MediaDetails::default(), None).await.unwrap();
    let better = MediaDetails { studios: vec!["Brandywine".to_owned()], ..MediaDetails::default() };
    details.put(id, &better, Some("etag")).await.unwrap();
    assert_eq!(details.get(id).await.unwrap().unwrap().0, better);
    assert!(details.put(MediaId(999), &better, None).await.is_err());
}
