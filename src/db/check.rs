//! Whether the file is whole. A small one is looked through at each start. A large one takes seconds, which a start does
//! not have: the app looks through it while it runs, now and then, and the next start does when something was found.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sea_orm::DatabaseConnection;

use super::{Database, DbError, DbErrorKind, Result, one};

/// Up to this many bytes a look takes no longer than a frame or two.
const SMALL: u64 = 16 * 1024 * 1024;
/// How often a large file is looked through.
const EVERY: Duration = Duration::from_hours(7 * 24);

/// Marks beside the file: when it was looked through, and that something was found.
fn marks(path: &Path) -> (PathBuf, PathBuf) {
    (path.with_extension("checked"), path.with_extension("suspect"))
}

/// Looks through a file that is about to be opened, if that is due.
///
/// # Errors
/// `Damaged`.
pub(super) async fn at_start(connection: &DatabaseConnection, path: &Path) -> Result<()> {
    let (_, suspect) = marks(path);
    let is_small = fs::metadata(path).is_ok_and(|file| file.len() <= SMALL);
    if !is_small && !suspect.exists() {
        return Ok(());
    }
    look(connection).await?;
    // Something else was wrong then, or it was mended. That the mark stays costs time only.
    let _gone = fs::remove_file(suspect);
    Ok(())
}

impl Database {
    /// Looks through the whole file, if that was not done lately; takes seconds. What is found is remembered for the
    /// next start, which then says so.
    ///
    /// # Errors
    /// `Damaged`.
    pub async fn look_through(&self, path: &Path) -> Result<()> {
        let (checked, suspect) = marks(path);
        let last = fs::metadata(&checked).and_then(|mark| mark.modified()).ok();
        let age = last.and_then(|last| SystemTime::now().duration_since(last).ok());
        if age.is_some_and(|age| age < EVERY) {
            return Ok(());
        }
        let found = look(&self.reader).await;
        let mark = if found.is_ok() { checked } else { suspect };
        if let Err(error) = fs::write(mark, "") {
            tracing::debug!(kind = %error.kind(), "that the database was looked through cannot be remembered");
        }
        found
    }
}

async fn look(connection: &DatabaseConnection) -> Result<()> {
    let verdict =
        one(connection, "PRAGMA quick_check(1)", [], |row| Ok(row.try_get_by_index::<String>(0)?)).await?;
    match verdict.as_deref() {
        Some("ok") => Ok(()),
        _ => Err(DbError::new(DbErrorKind::Damaged, "the quick check failed")),
    }
}
