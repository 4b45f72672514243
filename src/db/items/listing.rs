//! Around the pages of a listing: its number, where it goes on, parents that came late, what it did not hold.

use std::collections::{HashMap, HashSet};

use sea_orm::DatabaseTransaction;

use super::super::row::get;
use super::super::{DbError, Result, all, execute, one};
use super::Items;
use super::write::{CHANGED_HERE, STALE, json};
use crate::models::{ItemKind, LibraryId, MediaId};

/// A listing of a library under way, with what it has held so far. Rows that it holds unchanged are not written,
/// so that only this knows of them.
#[derive(Debug)]
pub struct Listing {
    pub(super) library: LibraryId,
    pub(super) generation: i64,
    pub(super) seen: HashSet<i64>,
    reached: HashMap<String, u32>,
    resumed: bool,
}

impl Listing {
    /// Its number in its library, from 1.
    pub fn number(&self) -> i64 {
        self.generation
    }

    /// Which library.
    pub fn library(&self) -> LibraryId {
        self.library
    }

    /// Whether an earlier run has begun it. What that run has seen is not known: nothing counts as gone then.
    pub fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// How many items of a kind an earlier run has stored, from the beginning of the listing.
    pub fn reached(&self, kind: ItemKind) -> u32 {
        self.reached.get(kind.as_str()).copied().unwrap_or_default()
    }
}

impl Items<'_> {
    /// Begins a listing of a library.
    pub async fn begin_listing(&self, library: LibraryId) -> Result<Listing> {
        let sql = "INSERT INTO sync_state (library_id, generation) VALUES (?1, 1) \
             ON CONFLICT (library_id) DO UPDATE SET generation = generation + 1, reached = NULL \
             RETURNING generation";
        let found = one(&self.0.writer, sql, [library.0.into()], |row| get(row, "generation")).await?;
        let generation = found.ok_or(DbError::not_found("library"))?;
        let (seen, reached) = (HashSet::new(), HashMap::new());
        Ok(Listing { library, generation, seen, reached, resumed: false })
    }

    /// Goes on with the first listing of a library where an earlier run was interrupted, or begins it.
    pub async fn resume_listing(&self, library: LibraryId) -> Result<Listing> {
        let sql = "SELECT generation, reached FROM sync_state WHERE library_id = ? AND reached IS NOT NULL";
        let read = |row: &_| Ok((get::<i64>(row, "generation")?, get::<String>(row, "reached")?));
        let Some((generation, reached)) = one(&self.0.writer, sql, [library.0.into()], read).await? else {
            return self.begin_listing(library).await;
        };
        let Ok(reached) = serde_json::from_str(&reached) else { return self.begin_listing(library).await };
        Ok(Listing { library, generation, seen: HashSet::new(), reached, resumed: true })
    }

    /// Forgets what the rows of a library were compared by: the next listing writes each of them anew.
    pub async fn distrust(&self, library: LibraryId) -> Result<()> {
        let sql = format!("UPDATE items SET hash = {STALE} WHERE library_id = ? AND hash <> {CHANGED_HERE}");
        self.0.write(&sql, [library.0.into()]).await?;
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
        execute(&transaction, SETTLE_PHOTOS, [library.0.into()]).await?;
        Ok(transaction.commit().await?)
    }

    /// How many items of the library a listing did not hold.
    pub async fn count_unseen(&self, listing: &Listing) -> Result<u64> {
        Ok(self.unseen(listing).await?.len() as u64)
    }

    /// What came meanwhile from elsewhere has the number of this listing, and is not unseen. Extras stand in no
    /// listing.
    async fn unseen(&self, listing: &Listing) -> Result<Vec<i64>> {
        let sql = "SELECT id FROM items WHERE library_id = ? AND seen_in_sync < ? AND kind <> 'extra'";
        let values = [listing.library.0.into(), listing.generation.into()];
        let mut ids: Vec<i64> = all(&self.0.writer, sql, values, |row| get(row, "id")).await?;
        ids.retain(|id| !listing.seen.contains(id));
        Ok(ids)
    }

    /// Counts what is left to watch in the seasons and series of some items anew, after the items have changed.
    pub async fn recount(&self, items: &[MediaId]) -> Result<()> {
        let ids: Vec<i64> = items.iter().map(|id| id.0).collect();
        let ids = json(&ids)?;
        let transaction = self.0.begin().await?;
        for sql in recount_many_sql() {
            execute(&transaction, &sql, [ids.as_str().into()]).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Items of a library, without extras.
    pub async fn count(&self, library: LibraryId) -> Result<u64> {
        let sql = "SELECT count(*) AS n FROM items WHERE library_id = ? AND kind <> 'extra'";
        Ok(count(one(&self.0.writer, sql, [library.0.into()], |row| get(row, "n")).await?))
    }

    /// Removes the items of the library that a complete listing did not hold.
    pub async fn remove_unseen(&self, listing: &Listing) -> Result<u64> {
        let unseen = self.unseen(listing).await?;
        if unseen.is_empty() {
            return Ok(0);
        }
        let sql = "DELETE FROM items WHERE id IN (SELECT value FROM json_each(?1)) \
             AND library_id = ?2 AND seen_in_sync < ?3";
        let values = [json(&unseen)?.into(), listing.library.0.into(), listing.generation.into()];
        let transaction = self.0.begin().await?;
        let removed = execute(&transaction, sql, values).await?;
        if removed > 0 {
            count_in_folders(&transaction, listing.library).await?;
        }
        transaction.commit().await?;
        Ok(removed)
    }
}

/// In the grid of a library stand the photos and folders that lie in no other folder. Servers name the folder of the
/// library itself as one, which is never listed.
const SETTLE_PHOTOS: &str = "UPDATE items INDEXED BY items_photos SET top = (parent_id IS NULL) \
     WHERE library_id = ? AND kind IN ('photo', 'photo_album') AND top <> (parent_id IS NULL)";

/// The statements of [`Items::recount`]. A row that is not what its server said last has no hash: the next whole listing
/// looks at it again.
pub(in crate::db) fn recount_many_sql() -> [String; 2] {
    ["parent_id", "series_id"].map(|above| {
        format!(
            "UPDATE items SET hash = {STALE}, unwatched_children = c.unwatched, watched = (c.unwatched = 0) \
             FROM (SELECT e.{above} AS id, sum(e.watched = 0) AS unwatched FROM items e \
                 WHERE e.kind = 'episode' AND e.{above} IN (SELECT {above} FROM items \
                     WHERE id IN (SELECT value FROM json_each(?)) AND kind = 'episode') \
                 GROUP BY e.{above}) AS c \
             WHERE items.id = c.id AND items.unwatched_children IS NOT c.unwatched"
        )
    })
}

/// Stores how far a listing has come with a kind.
pub(super) async fn set_reached(
    transaction: &DatabaseTransaction,
    listing: &mut Listing,
    kind: ItemKind,
    items: u32,
) -> Result<()> {
    listing.reached.insert(kind.as_str().to_owned(), items);
    let sql = "UPDATE sync_state SET reached = ? WHERE library_id = ?";
    execute(transaction, sql, [json(&listing.reached)?.into(), listing.library.0.into()]).await?;
    Ok(())
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
