//! Folders of sources, and items that are known again by their files.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::ConnectionTrait as _;

use super::*;
use crate::db::DbErrorKind;
use crate::models::{FileMark, FolderNumber, RootMark};

#[tokio::test]
async fn a_source_of_before_keeps_its_folder_its_items_and_its_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let old = sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
    Migrator::up(&old, Some(5)).await.unwrap();
    let source = "7b6c4f2e-0000-4000-8000-000000000001";
    for sql in [
        &format!(
            "INSERT INTO sources (id, source_type, name, connections, device_id, position, folder, folder_kind) \
             VALUES ('{source}', 'local', 'Films', '{{\"connections\":[]}}', 'd', 1, x'2F6D2FE9', 'movies')"
        ),
        "INSERT INTO sources (id, source_type, name, connections, device_id, position) VALUES \
         ('7b6c4f2e-0000-4000-8000-000000000002', 'plex', 'Attic', '{\"connections\":[]}', 'd', 2)",
        &format!(
            "INSERT INTO libraries (id, source_id, remote_id, kind, title, position) \
             VALUES (1, '{source}', 'movies', 'movies', 'Films', 0)"
        ),
        &format!(
            "INSERT INTO items (id, source_id, remote_id, library_id, kind, top, title, sort_key, hash, \
             seen_in_sync, position_ms) VALUES (4, '{source}', 'movie:a/', 1, 'movie', 1, 'A', 'a', 7, 1, 60000)"
        ),
    ] {
        old.execute_unprepared(sql).await.unwrap();
    }
    drop(old);
    let db = Database::open(&path).await.unwrap();
    let sources = db.sources().list().await.unwrap();
    let moved = &sources[0].folders[0];
    assert_eq!((moved.number, moved.kind), (FolderNumber::FIRST, Some(LibraryKind::Movies)));
    assert_eq!(moved.path.as_os_str(), OsStr::from_bytes(b"/m/\xe9"));
    assert_eq!((sources[0].folders.len(), sources[1].folders.len()), (1, 0));
    let item = db.items().find(sources[0].id, &RemoteId::new("movie:a/")).await.unwrap().unwrap();
    assert_eq!((item.id, item.record.watch.position.as_secs()), (MediaId(4), 60));
    assert_eq!(db.libraries().list(Some(sources[0].id)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn folders_are_changed_one_by_one() {
    let fixture = Fixture::new().await;
    let (db, place) = (&fixture.db, fixture.place(SourceKind::Local).await);
    let new = NewFolder { shown: Some("/home/ana/More".to_owned()), ..NewFolder::new("/run/more") };
    let added = db.folders().add(place.source, &new).await.unwrap();
    let all = async || db.sources().get(place.source).await.unwrap().folders;
    let more = all().await[1].clone();
    assert_eq!((more.id, more.place(), more.name()), (added, "/home/ana/More".to_owned(), "More".to_owned()));
    assert_ne!(more.number, FolderNumber::FIRST);
    let found = db.sources().find_folder("/run/more".as_ref()).await.unwrap();
    assert_eq!(found.map(|source| source.id), Some(place.source));

    db.folders().set_kind(added, Some(LibraryKind::Shows)).await.unwrap();
    let mark = RootMark { device: u64::MAX, inode: 3 };
    db.folders().set_mark(added, mark).await.unwrap();
    assert!(db.folders().set_away(added, Some(minute(1))).await.unwrap());
    assert!(!db.folders().set_away(added, Some(minute(2))).await.unwrap());
    let more = all().await[1].clone();
    assert_eq!(
        (more.kind, more.mark, more.away_since),
        (Some(LibraryKind::Shows), Some(mark), Some(minute(1)))
    );
    db.folders().set_place(added, "/run/other".as_ref(), None).await.unwrap();
    let more = all().await[1].clone();
    assert_eq!((more.place(), more.mark, more.away_since), ("/run/other".to_owned(), None, None));
    assert!(!db.folders().set_away(added, None).await.unwrap());

    db.folders().remove(place.source, &more).await.unwrap();
    assert_eq!(db.folders().remove(place.source, &more).await.unwrap_err().kind(), DbErrorKind::NotFound);
    let again = db.folders().add(place.source, &new).await.unwrap();
    assert_ne!(again, added, "a number is never used twice");
}

#[tokio::test]
async fn a_folder_takes_its_own_libraries_along_and_no_other() {
    let fixture = Fixture::new().await;
    let (db, place) = (&fixture.db, fixture.place(SourceKind::Local).await);
    let added = db.folders().add(place.source, &NewFolder::new("/more")).await.unwrap();
    let listed: Vec<_> = ["movies", "2@movies", "2@shows", "22@movies"]
        .map(|id| (RemoteId::new(id), LibraryKind::Movies, id.to_owned()))
        .into();
    db.libraries().put(place.source, &listed).await.unwrap();
    let names = async || -> Vec<String> {
        let kinds = db.libraries().kinds(place.source).await.unwrap();
        let mut names: Vec<String> = kinds.into_iter().map(|(id, _)| id.to_string()).collect();
        names.sort();
        names
    };
    let number = FolderNumber(2);
    assert!(db.libraries().has_others(place.source, number, &listed[1..2]).await.unwrap());
    assert_eq!(db.libraries().remove_others(place.source, number, &listed[1..2]).await.unwrap(), 1);
    assert_eq!(names().await, ["22@movies", "2@movies", "all", "movies"]);
    let folder = db.sources().get(place.source).await.unwrap().folders[1].clone();
    assert_eq!((folder.id, folder.number), (added, number));
    db.folders().remove(place.source, &folder).await.unwrap();
    assert_eq!(names().await, ["22@movies", "all", "movies"]);
    assert_eq!(
        db.libraries().remove_others(place.source, FolderNumber::FIRST, &listed[..1]).await.unwrap(),
        1
    );
    assert_eq!(names().await, ["22@movies", "movies"]);
    assert_eq!(db.libraries().remove_orphans(place.source).await.unwrap(), 1);
    assert_eq!(names().await, ["movies"], "there is no folder with the number 22");
}

#[tokio::test]
async fn items_can_change_their_names_among_each_other() {
    let fixture = Fixture::new().await;
    let (db, place) = (&fixture.db, fixture.place(SourceKind::Local).await);
    let film = |name: &str| ItemRecord::new(RemoteId::new(name), ItemKind::Movie, name);
    fixture.list(place, &[film("a"), film("b")]).await;
    let (a, b) = (fixture.id(place, "a").await, fixture.id(place, "b").await);
    let mark = FileMark { inode: u64::MAX, size: 1 << 40, modified: -5 };
    db.items().put_files(place.source, &[(RemoteId::new("a"), mark)]).await.unwrap();
    let names = [(a, RemoteId::new("b"), place.library), (b, RemoteId::new("a"), place.library)];
    db.items().rename(&names).await.unwrap();
    assert_eq!((fixture.id(place, "a").await, fixture.id(place, "b").await), (b, a));
    let known = db.items().known_files(place.source).await.unwrap();
    let file = known.iter().find(|item| item.id == a).unwrap();
    assert_eq!((file.remote_id.as_str(), file.file), ("b", Some(mark)));
    // Both are written anew, whatever they were compared by.
    assert_eq!(fixture.list(place, &[film("a"), film("b")]).await.updated, 2);
    assert_eq!(fixture.id(place, "b").await, a);
}
