//! The table `opened_files`: where files were left that are in no source.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::row::{duration, duration_ms, get, ms};
use super::{Database, Result, execute};

/// Files that are remembered: who opens more has forgotten the first ones, too.
const MOST: u32 = 1000;

/// Places in files that are in no source, by path and size: another file of the same name begins anew.
#[derive(Debug)]
pub struct OpenedFiles<'a>(pub(super) &'a Database);

impl OpenedFiles<'_> {
    /// Where a file was left; zero for one that was not.
    pub async fn place(&self, path: &Path, size: u64) -> Result<Duration> {
        let sql = "SELECT position_ms FROM opened_files WHERE path = ? AND size = ?";
        let values = [path.to_string_lossy().into_owned().into(), size.cast_signed().into()];
        let found = self.0.one(sql, values, |row| get::<i64>(row, "position_ms")).await?;
        Ok(found.map(duration).unwrap_or_default())
    }

    /// Notes where a file was left; zero forgets it.
    pub async fn put(&self, path: &Path, size: u64, position: Duration, at: DateTime<Utc>) -> Result<()> {
        let path = path.to_string_lossy().into_owned();
        if position.is_zero() {
            self.0.write("DELETE FROM opened_files WHERE path = ?", [path.into()]).await?;
            return Ok(());
        }
        let transaction = self.0.begin().await?;
        let sql = "INSERT INTO opened_files (path, size, position_ms, opened_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (path) DO UPDATE SET size = excluded.size, position_ms = excluded.position_ms, \
             opened_at = excluded.opened_at";
        let values = [path.into(), size.cast_signed().into(), duration_ms(position).into(), ms(at).into()];
        execute(&transaction, sql, values).await?;
        let sql = "DELETE FROM opened_files WHERE path IN \
             (SELECT path FROM opened_files ORDER BY opened_at DESC LIMIT -1 OFFSET ?)";
        execute(&transaction, sql, [MOST.into()]).await?;
        Ok(transaction.commit().await?)
    }
}
