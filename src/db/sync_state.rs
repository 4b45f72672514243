//! The table `sync_state`: how far the sync of each library has come.

use chrono::{DateTime, Utc};

use super::row::{get, time};
use super::{Database, Result};
use crate::models::LibraryId;

/// How far the sync of a library has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyncRecord {
    /// Number of the last listing that was begun.
    pub generation: i64,
    /// Where an incremental sync goes on.
    pub cursor: Option<String>,
    /// When a full listing last completed.
    pub last_full: Option<DateTime<Utc>>,
    /// Kind of the last failure.
    pub last_error: Option<String>,
}

/// Sync states.
#[derive(Debug)]
pub struct SyncState<'a>(pub(super) &'a Database);

impl SyncState<'_> {
    /// The state of a library; the default one before its first sync.
    pub async fn get(&self, library: LibraryId) -> Result<SyncRecord> {
        let sql = "SELECT generation, cursor, last_full, last_error FROM sync_state WHERE library_id = ?";
        let found = self.0.one(sql, [library.0.into()], |row| {
            Ok(SyncRecord {
                generation: get(row, "generation")?,
                cursor: get(row, "cursor")?,
                last_full: get::<Option<i64>>(row, "last_full")?.map(time),
                last_error: get(row, "last_error")?,
            })
        });
        Ok(found.await?.unwrap_or_default())
    }

    /// Stores where the next incremental sync goes on.
    pub async fn set_cursor(&self, library: LibraryId, cursor: &str) -> Result<()> {
        let sql = "INSERT INTO sync_state (library_id, cursor) VALUES (?1, ?2) \
             ON CONFLICT (library_id) DO UPDATE SET cursor = ?2 WHERE cursor IS NOT ?2";
        self.0.write(sql, [library.0.into(), cursor.into()]).await?;
        Ok(())
    }

    /// Notes why a sync failed.
    pub async fn set_error(&self, library: LibraryId, error: &str) -> Result<()> {
        let sql = "INSERT INTO sync_state (library_id, last_error) VALUES (?1, ?2) \
             ON CONFLICT (library_id) DO UPDATE SET last_error = ?2";
        self.0.write(sql, [library.0.into(), error.into()]).await?;
        Ok(())
    }
}
