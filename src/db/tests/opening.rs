//! Opening: files that are old, new, broken, locked, read-only or oddly named.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, TransactionTrait as _};

use super::*;
use crate::db::{DbErrorKind, all};

/// A connection that does not know the app.
async fn raw(path: &Path) -> DatabaseConnection {
    sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap()
}

async fn kind_of_failure(path: &Path) -> DbErrorKind {
    Database::open_waiting(path, Duration::from_millis(50)).await.unwrap_err().kind()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_file_is_the_owners_only_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/reel.db");
    let db = Database::open(&path).await.unwrap();
    let id = db.sources().insert(&new_source(SourceKind::Plex, "Attic")).await.unwrap();
    for file in ["reel.db", "reel.db-wal", "reel.db-shm"] {
        assert_eq!(mode(&path.with_file_name(file)), 0o600, "{file}");
    }
    drop(db);
    let db = Database::open(&path).await.unwrap();
    assert_eq!(db.sources().get(id).await.unwrap().name, "Attic");
    let copies = fs::read_dir(path.parent().unwrap()).unwrap();
    assert!(copies.flatten().all(|entry| !entry.file_name().to_string_lossy().contains("before")));
}

#[tokio::test]
async fn a_path_with_odd_characters_is_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("100%25 ?mode=ro #1 é/reel.db");
    Database::open(&path).await.unwrap();
    assert!(fs::metadata(&path).unwrap().len() > 0);
    Database::open(&path).await.unwrap();
}

#[tokio::test]
async fn pragmas_hold_on_every_connection() {
    let fixture = Fixture::new().await;
    let db = &fixture.db;
    for (connection, pragma, wanted) in [
        (&db.writer, "foreign_keys", 1),
        (&db.reader, "foreign_keys", 1),
        // FULL: what is committed survives a power cut.
        (&db.writer, "synchronous", 2),
        (&db.reader, "query_only", 1),
    ] {
        let sql = format!("PRAGMA {pragma}");
        let found = all(connection, &sql, [], |row| Ok(row.try_get_by_index::<i64>(0)?)).await.unwrap();
        assert_eq!(found, [wanted], "{pragma}");
    }
    assert!(fixture.db.reader.execute_unprepared("DELETE FROM sources").await.is_err());
}

#[tokio::test]
async fn an_old_file_is_copied_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let old = raw(&path).await;
    Migrator::up(&old, Some(1)).await.unwrap();
    old.execute_unprepared(
        "INSERT INTO sources (id, source_type, name, connections, device_id, position) VALUES \
         ('7b6c4f2e-0000-4000-8000-000000000001', 'plex', 'Attic', '{\"connections\":[]}', 'device', 1)",
    )
    .await
    .unwrap();
    old.close().await.unwrap();

    let db = Database::open(&path).await.unwrap();
    assert_eq!(db.sources().list().await.unwrap()[0].name, "Attic");
    assert!(db.libraries().list(None).await.unwrap().is_empty());

    let copy = path.with_file_name(format!("reel.before-{}.db", env!("CARGO_PKG_VERSION")));
    assert_eq!(mode(&copy), 0o600);
    let copy = raw(&copy).await;
    let tables = all(&copy, "SELECT name FROM sqlite_master WHERE type = 'table'", [], |row| {
        Ok(row.try_get_by_index::<String>(0).unwrap())
    });
    let tables = tables.await.unwrap();
    assert!(tables.iter().any(|table| table == "sources"));
    assert!(!tables.iter().any(|table| table == "items"));
}

#[tokio::test]
async fn an_older_copy_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let old = raw(&path).await;
    Migrator::up(&old, Some(2)).await.unwrap();
    old.close().await.unwrap();
    let copy = path.with_file_name(format!("reel.before-{}.db", env!("CARGO_PKG_VERSION")));
    fs::write(&copy, "left by an attempt that was cut short").unwrap();
    Database::open(&path).await.unwrap();
    assert!(fs::read(&copy).unwrap().starts_with(b"SQLite format 3\0"));
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_alone() {
    let fixture = Fixture::new().await;
    fixture
        .db
        .writer
        .execute_unprepared("INSERT INTO seaql_migrations VALUES ('m20990101_000001_future', 0)")
        .await
        .unwrap();
    assert_eq!(kind_of_failure(&fixture.path()).await, DbErrorKind::Newer);
    let known = i64::try_from(Migrator::migrations().len()).unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM seaql_migrations").await, known + 1);
}

#[tokio::test]
async fn garbage_is_damaged_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let garbage = b"This is not a database, and it is longer than a header of one. ".repeat(100);
    fs::write(&path, &garbage).unwrap();
    assert_eq!(kind_of_failure(&path).await, DbErrorKind::Damaged);
    assert_eq!(fs::read(&path).unwrap(), garbage);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_database_with_broken_pages_is_damaged_and_kept() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let films: Vec<_> = (0..500).map(|n| film(&format!("f{n}"), &format!("Film {n}"))).collect();
    fixture.list(place, &films).await;
    fixture.db.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    let mut bytes = fs::read(fixture.path()).unwrap();
    let folder = tempfile::tempdir().unwrap();

    let broken = folder.path().join("broken.db");
    let half = bytes.len() / 2;
    bytes[half..].fill(0xA5);
    fs::write(&broken, &bytes).unwrap();
    assert_eq!(kind_of_failure(&broken).await, DbErrorKind::Damaged);
    assert_eq!(fs::read(&broken).unwrap(), bytes);

    let cut = folder.path().join("cut.db");
    bytes.truncate(half);
    fs::write(&cut, &bytes).unwrap();
    assert_eq!(kind_of_failure(&cut).await, DbErrorKind::Damaged);
    assert_eq!(fs::read(&cut).unwrap(), bytes);
}

#[tokio::test]
async fn a_large_file_is_looked_through_while_it_is_open() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[film("f1", "A film with much to say")]).await;
    let writer = &fixture.db.writer;
    writer.execute_unprepared("UPDATE items SET summary = hex(zeroblob(9 * 1024 * 1024))").await.unwrap();
    writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    let mut bytes = fs::read(fixture.path()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    fs::write(&path, &bytes).unwrap();
    let whole = Database::open(&path).await.unwrap();
    whole.look_through(&path).await.unwrap();
    assert!(path.with_extension("checked").exists());

    let half = bytes.len() / 2;
    bytes[half..].fill(0xA5);
    let path = folder.path().join("broken.db");
    fs::write(&path, &bytes).unwrap();
    let broken = Database::open(&path).await.expect("a start has no time to look through it");
    assert_eq!(broken.look_through(&path).await.unwrap_err().kind(), DbErrorKind::Damaged);
    assert_eq!(kind_of_failure(&path).await, DbErrorKind::Damaged, "the next start does");
}

#[tokio::test]
async fn a_read_only_file_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    Database::open(&path).await.unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert_eq!(kind_of_failure(&path).await, DbErrorKind::ReadOnly);
}

#[tokio::test]
async fn a_folder_in_the_way_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Database::open(folder.path()).await.is_err());
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(Database::open(&file.join("reel.db")).await.is_err());
}

#[tokio::test]
async fn a_lock_of_another_program_is_said_to_be_one() {
    let fixture = Fixture::new().await;
    let db = Database::open_waiting(&fixture.path(), Duration::from_millis(50)).await.unwrap();
    let other = raw(&fixture.path()).await;
    let held = other.begin().await.unwrap();
    held.execute_unprepared("CREATE TABLE lock (x)").await.unwrap();

    let failed = db.sources().insert(&new_source(SourceKind::Plex, "Attic")).await.unwrap_err();
    assert_eq!(failed.kind(), DbErrorKind::Locked);
    assert_eq!(db.outbox().count_pending().await.unwrap(), 0, "reading goes on");

    held.rollback().await.unwrap();
    db.sources().insert(&new_source(SourceKind::Plex, "Attic")).await.unwrap();
}

#[tokio::test]
async fn a_file_locked_whole_is_said_to_be_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let other = raw(&path).await;
    Migrator::up(&other, Some(1)).await.unwrap();
    other.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
    assert_eq!(kind_of_failure(&path).await, DbErrorKind::Locked);
}

#[tokio::test]
async fn people_of_an_older_file_are_found_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let old = raw(&path).await;
    let kept_once = |name: &str| name.ends_with("people_search");
    let before = Migrator::migrations().iter().position(|step| kept_once(step.name())).unwrap();
    Migrator::up(&old, Some(u32::try_from(before).unwrap())).await.unwrap();
    old.execute_unprepared(
        "INSERT INTO sources (id, source_type, name, connections, device_id, position) VALUES \
             ('7b6c4f2e-0000-4000-8000-000000000001', 'plex', 'Attic', '{\"connections\":[]}', 'device', 1); \
         INSERT INTO people (source_id, name, name_key) VALUES \
             ('7b6c4f2e-0000-4000-8000-000000000001', 'Zoë Adams', 'zoë adams'), \
             ('7b6c4f2e-0000-4000-8000-000000000001', '三船敏郎', '三船敏郎')",
    )
    .await
    .unwrap();
    old.close().await.unwrap();
    let db = Database::open(&path).await.unwrap();
    let sql = "SELECT p.name FROM people_fts f JOIN people p ON p.id = f.rowid WHERE people_fts MATCH ?";
    for (words, name) in [
        ("name : \"zoe\" *", "Zoë Adams"),
        ("grams : \"船敏\"", "三船敏郎"),
        ("grams : \"郎\" *", "三船敏郎"),
    ] {
        let found: Vec<String> =
            all(&db.reader, sql, [words.into()], |row| Ok(row.try_get_by_index(0)?)).await.unwrap();
        assert_eq!(found, [name], "{words}");
    }
}
