//! The table `libraries`.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use super::folders::{of_folder, pattern};
use super::row::{get, ms, source_id};
use super::sources::of_enabled_source;
use super::{Database, DbError, Result, execute};
use crate::models::{FolderNumber, Library, LibraryId, LibraryKind, RemoteId, SourceId};

/// A library as a server lists it: id, kind, title.
pub type LibraryListing = (RemoteId, LibraryKind, String);

/// Libraries.
#[derive(Debug)]
pub struct Libraries<'a>(pub(super) &'a Database);

const COLUMNS: &str = "SELECT l.id, l.source_id, l.remote_id, l.kind, l.title, \
    (SELECT count(*) FROM items i WHERE i.library_id = l.id AND i.top = 1) AS item_count, \
    (SELECT count(*) FROM items i WHERE i.library_id = l.id AND i.top = 1 AND i.watched = 0 \
        AND i.kind IN ('movie', 'series', 'video')) AS unwatched, \
    coalesce(s.last_full, 0) > 0 AS complete \
    FROM libraries l LEFT JOIN sync_state s ON s.library_id = l.id \
    JOIN sources src ON src.id = l.source_id";

pub(super) fn list_sql() -> String {
    format!("{COLUMNS} WHERE (?1 IS NULL OR l.source_id = ?1) ORDER BY src.position, l.position")
}

impl Libraries<'_> {
    /// Makes the stored list equal to the server's complete one: new ones are added, known ones updated,
    /// others removed with their items. A list without libraries removes none: servers that are starting, or
    /// that have just shut a user out, answer so.
    pub async fn reconcile(&self, source: SourceId, listed: &[LibraryListing]) -> Result<Vec<Library>> {
        if listed.is_empty() {
            return self.list(Some(source)).await;
        }
        let transaction = self.0.begin().await?;
        store(&transaction, source, listed).await?;
        let sql = "DELETE FROM libraries WHERE source_id = ? \
             AND remote_id NOT IN (SELECT value FROM json_each(?))";
        execute(&transaction, sql, [source.to_string().into(), ids(listed)?.into()]).await?;
        transaction.commit().await?;
        self.list(Some(source)).await
    }

    /// Adds new libraries and updates known ones; others stay as they are.
    pub async fn put(&self, source: SourceId, listed: &[LibraryListing]) -> Result<Vec<Library>> {
        let transaction = self.0.begin().await?;
        store(&transaction, source, listed).await?;
        transaction.commit().await?;
        self.list(Some(source)).await
    }

    /// Removes the libraries of one folder that are not `listed`, with their items.
    pub async fn remove_others(
        &self,
        source: SourceId,
        folder: FolderNumber,
        listed: &[LibraryListing],
    ) -> Result<u64> {
        let values = [source.to_string().into(), pattern(folder).into(), ids(listed)?.into()];
        self.0.write(&format!("DELETE FROM libraries WHERE {}", others()), values).await
    }

    /// Whether one folder has libraries that are not `listed`.
    pub async fn has_others(
        &self,
        source: SourceId,
        folder: FolderNumber,
        listed: &[LibraryListing],
    ) -> Result<bool> {
        let values = [source.to_string().into(), pattern(folder).into(), ids(listed)?.into()];
        let sql = format!("SELECT 1 FROM libraries WHERE {} LIMIT 1", others());
        Ok(self.0.one(&sql, values, |_| Ok(())).await?.is_some())
    }

    /// Removes the libraries of folders that their source has no more: a listing that was on its way when the folder
    /// was removed may have stored them again.
    pub async fn remove_orphans(&self, source: SourceId) -> Result<u64> {
        let sql = "DELETE FROM libraries WHERE source_id = ?1 AND instr(remote_id, '@') > 0 \
             AND substr(remote_id, 1, instr(remote_id, '@') - 1) NOT IN \
             (SELECT CAST(number AS TEXT) FROM folders WHERE source_id = ?1) \
             OR source_id = ?1 AND instr(remote_id, '@') = 0 \
             AND NOT EXISTS (SELECT 1 FROM folders WHERE source_id = ?1 AND number = 0)";
        self.0.write(sql, [source.to_string().into()]).await
    }

    /// Ids and kinds of the libraries of a source.
    pub async fn kinds(&self, source: SourceId) -> Result<Vec<(RemoteId, LibraryKind)>> {
        let sql = "SELECT remote_id, kind FROM libraries WHERE source_id = ? ORDER BY position";
        self.0
            .all(sql, [source.to_string().into()], |row| {
                let kind = LibraryKind::from_word(&get::<String>(row, "kind")?);
                Ok((RemoteId::new(get::<String>(row, "remote_id")?), kind))
            })
            .await
    }

    /// Libraries of one source or of all, in order; also of sources that are switched off.
    pub async fn list(&self, source: Option<SourceId>) -> Result<Vec<Library>> {
        self.0.all(&list_sql(), [source.map(|id| id.to_string()).into()], read).await
    }

    /// One library to look into. That of a source that is switched off is not found.
    pub async fn get(&self, id: LibraryId) -> Result<Library> {
        let sql = format!("{COLUMNS} WHERE l.id = ? AND {}", of_enabled_source("l"));
        let found = self.0.one(&sql, [id.0.into()], read).await?;
        found.ok_or(DbError::not_found("library"))
    }

    /// Notes that a full sync of it completed.
    pub async fn set_complete(&self, id: LibraryId, at: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT INTO sync_state (library_id, last_full) VALUES (?1, ?2) \
             ON CONFLICT (library_id) DO UPDATE SET last_full = ?2, last_error = NULL, reached = NULL";
        self.0.write(sql, [id.0.into(), ms(at).into()]).await?;
        Ok(())
    }
}

/// Adds and updates, in this order.
async fn store(transaction: &DatabaseTransaction, source: SourceId, listed: &[LibraryListing]) -> Result<()> {
    for (place, (remote_id, kind, title)) in listed.iter().enumerate() {
        let sql = "INSERT INTO libraries (source_id, remote_id, kind, title, position) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (source_id, remote_id) DO UPDATE SET \
             kind = excluded.kind, title = excluded.title, position = excluded.position \
             WHERE kind IS NOT excluded.kind OR title IS NOT excluded.title \
             OR position IS NOT excluded.position";
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let values = [
            source.to_string().into(),
            remote_id.as_str().into(),
            kind.as_str().into(),
            title.clone().into(),
            place.into(),
        ];
        execute(transaction, sql, values).await?;
    }
    Ok(())
}

/// The condition of libraries of a folder that are not among those listed.
fn others() -> String {
    let of_folder = of_folder("remote_id");
    format!("source_id = ? AND {of_folder} AND remote_id NOT IN (SELECT value FROM json_each(?))")
}

fn ids(listed: &[LibraryListing]) -> Result<String> {
    let ids: Vec<&str> = listed.iter().map(|(remote_id, ..)| remote_id.as_str()).collect();
    serde_json::to_string(&ids).map_err(|_| DbError::unreadable("library ids"))
}

fn read(row: &QueryResult) -> Result<Library> {
    let count = |column: &str| Ok::<_, DbError>(u32::try_from(get::<i64>(row, column)?).unwrap_or(u32::MAX));
    Ok(Library {
        id: LibraryId(get(row, "id")?),
        source_id: source_id(row, "source_id")?,
        remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
        kind: LibraryKind::from_word(&get::<String>(row, "kind")?),
        title: get(row, "title")?,
        item_count: count("item_count")?,
        unwatched_count: count("unwatched")?,
        complete: get(row, "complete")?,
    })
}
