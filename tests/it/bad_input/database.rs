//! A database that cannot be used is named and kept.

use std::fs;
use std::path::{Path, PathBuf};

use gnome_reel::db::{DbError, DbErrorKind};
use gnome_reel::services::{AppContext, ServiceError};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

use super::sentence;

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("data/reel.db")
}

/// A folder with the database of an app that was used and closed.
async fn used() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(AppContext::open_below(folder.path()).await.unwrap());
    folder
}

async fn refused(folder: &TempDir) -> DbErrorKind {
    let error = AppContext::open_below(folder.path()).await.map(|_| ()).unwrap_err();
    sentence(&error);
    match error {
        ServiceError::Storage(error) => DbError::kind(&error),
        other => panic!("{other:?}"),
    }
}

async fn run(file: &Path, sql: &str) {
    let url = format!("sqlite://{}", file.display());
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(&folder);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let bytes = b"this was a database once ".repeat(400);
    fs::write(&file, &bytes).unwrap();
    assert_eq!(refused(&folder).await, DbErrorKind::Damaged);
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn newer() {
    let folder = used().await;
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)";
    run(&database(&folder), sql).await;
    assert_eq!(refused(&folder).await, DbErrorKind::Newer);
    assert_eq!(refused(&folder).await, DbErrorKind::Newer);
    assert!(database(&folder).is_file());
}

#[tokio::test]
async fn read_only() {
    let folder = used().await;
    let file = database(&folder);
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let before = fs::read(&file).unwrap();
    assert_eq!(refused(&folder).await, DbErrorKind::ReadOnly);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data"), "a file is in the way").unwrap();
    let error = AppContext::open_below(folder.path()).await.map(|_| ()).unwrap_err();
    sentence(&error);
}
