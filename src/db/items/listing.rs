//! Around the pages of a listing: its number, parents that came late, what it did not hold.

use sea_orm::DatabaseTransaction;

use super::super::row::get;
use super::super::{DbError, Result, execute, one};
use super::Items;
use crate::models::LibraryId;

impl Items<'_> {
    /// The number of the next listing of a library.
    pub async fn next_generation(&self, library: LibraryId) -> Result<i64> {
        let sql = "INSERT INTO sync_state (library_id, generation) VALUES (?1, 1) \
             ON CONFLICT (library_id) DO UPDATE SET generation = generation + 1 RETURNING generation";
        let found = one(&self.0.writer, sql, [library.0.into()], |row| get(row, "generation")).await?;
        found.ok_or(DbError::not_found("library"))
    }

    /// Forgets what the rows of a library were compared by: the next listing writes each of them anew.
    pub async fn distrust(&self, library: LibraryId) -> Result<()> {
        self.0.write("UPDATE items SET hash = 0 WHERE library_id = ?", [library.0.into()]).await?;
        Ok(())
    }

    /// Gives items their parents that were stored after them, and folders their counts, which no server knows.
    pub async fn fix_parents(&self, library: LibraryId) -> Result<()> {
        let transaction = self.0.begin().await?;
        for (id, remote) in [("parent_id", "parent_remote"), ("series_id", "series_remote")] {
            let sql = format!(
                "UPDATE items SET {id} = (SELECT p.id FROM items p WHERE p.source_id = items.source_id \
                 AND p.remote_id = items.{remote}) \
                 WHERE library_id = ? AND {id} IS NULL AND {remote} IS NOT NULL"
            );
            execute(&transaction, &sql, [library.0.into()]).await?;
        }
        count_in_folders(&transaction, library).await?;
        Ok(transaction.commit().await?)
    }

    /// Items of a library that a listing did not hold.
    pub async fn count_unseen(&self, library: LibraryId, generation: i64) -> Result<u64> {
        let sql = "SELECT count(*) AS n FROM items WHERE library_id = ? AND seen_in_sync < ?";
        let values = [library.0.into(), generation.into()];
        Ok(count(one(&self.0.writer, sql, values, |row| get(row, "n")).await?))
    }

    /// Items of a library.
    pub async fn count(&self, library: LibraryId) -> Result<u64> {
        let sql = "SELECT count(*) AS n FROM items WHERE library_id = ?";
        Ok(count(one(&self.0.writer, sql, [library.0.into()], |row| get(row, "n")).await?))
    }

    /// Removes the items of a library that a complete listing did not hold.
    pub async fn remove_unseen(&self, library: LibraryId, generation: i64) -> Result<u64> {
        let sql = "DELETE FROM items WHERE library_id = ? AND seen_in_sync < ?";
        let transaction = self.0.begin().await?;
        let removed = execute(&transaction, sql, [library.0.into(), generation.into()]).await?;
        if removed > 0 {
            count_in_folders(&transaction, library).await?;
        }
        transaction.commit().await?;
        Ok(removed)
    }
}

/// Counts the episodes of series and seasons of a folder, and what is left to watch of them.
async fn count_in_folders(transaction: &DatabaseTransaction, library: LibraryId) -> Result<()> {
    for (id, kind) in [("parent_id", "season"), ("series_id", "series")] {
        let sql = format!(
            "UPDATE items SET child_count = c.total, unwatched_children = c.unwatched, \
             watched = (c.unwatched = 0) \
             FROM (SELECT {id} AS id, count(*) AS total, sum(watched = 0) AS unwatched FROM items \
                 WHERE library_id = ?1 AND kind = 'episode' AND {id} IS NOT NULL GROUP BY {id}) AS c \
             WHERE items.id = c.id AND items.kind = '{kind}' \
             AND (items.child_count IS NOT c.total OR items.unwatched_children IS NOT c.unwatched) \
             AND EXISTS (SELECT 1 FROM sources s WHERE s.id = items.source_id AND s.source_type = 'local')"
        );
        execute(transaction, &sql, [library.0.into()]).await?;
    }
    Ok(())
}

fn count(found: Option<i64>) -> u64 {
    found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
}
