//! Storing what a source lists.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;

use super::super::row::get;
use super::super::{DbError, Result, all, execute, one};
use super::Items;
use super::held::Held;
use super::listing::{Listing, set_reached};
use super::record_row::{COLUMNS, Hashed, Row, hash, row};
use crate::models::{ItemKind, ItemRecord, LibraryId, MediaId, SourceId};

/// What storing a page did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageOutcome {
    /// New rows.
    pub inserted: u32,
    /// Rows with other content than before.
    pub updated: u32,
    /// Rows that were left as they are.
    pub unchanged: u32,
}

/// Columns of the user's state: a change that a server does not have yet is not overwritten.
const STATE_COLUMNS: [&str; 5] =
    ["watched", "position_ms", "play_count", "last_played_at", "unwatched_children"];

/// When the state here stays: it is held (see [`Held`]), or newer by more than a server's rounding.
const KEEP_STATE: &str = "(?5 OR items.id IN (SELECT value FROM json_each(?6)) \
    OR coalesce(items.last_played_at > excluded.last_played_at + 1000, 0))";

/// When the favourite mark here stays.
const KEEP_FAVOURITE: &str =
    "(?5 OR excluded.favourite IS NULL OR items.id IN (SELECT value FROM json_each(?7)))";

/// The hash of a row. A row that is not what the server says has none, so that the next listing looks again.
const NEW_HASH: &str = "CASE WHEN items.id IN (SELECT value FROM json_each(?6)) \
    OR items.id IN (SELECT value FROM json_each(?7)) THEN 0 ELSE excluded.hash END";

impl Items<'_> {
    /// Stores a page of a listing, in one transaction. Rows with the content that they had are not written. Local
    /// changes that the server does not have yet are kept. `reached` tells how many items of a kind are stored with
    /// this page, for a listing that may be gone on with later.
    pub async fn upsert_page(
        &self,
        source: SourceId,
        listing: &mut Listing,
        records: &[ItemRecord],
        reached: Option<(ItemKind, u32)>,
    ) -> Result<PageOutcome> {
        if records.is_empty() {
            return Ok(PageOutcome::default());
        }
        let rows = distinct_rows(records);
        let page = self.compare(source, listing.library, &rows).await?;
        if !page.is_unchanged() || reached.is_some() {
            let transaction = self.0.begin().await?;
            let ids = write(&transaction, source, listing.library, &rows, &page, listing.generation).await?;
            listing.seen.extend(ids);
            if let Some((kind, items)) = reached {
                set_reached(&transaction, listing, kind, items).await?;
            }
            transaction.commit().await?;
        }
        listing.seen.extend(&page.same);
        Ok(page.outcome())
    }

    /// Stores items outside of a listing, in one transaction. Gives what was done, and the ids of what changed.
    pub async fn upsert_some(
        &self,
        source: SourceId,
        library: LibraryId,
        records: &[ItemRecord],
    ) -> Result<(PageOutcome, Vec<MediaId>)> {
        let rows = distinct_rows(records);
        let page = self.compare(source, library, &rows).await?;
        if page.is_unchanged() {
            return Ok((page.outcome(), Vec::new()));
        }
        let transaction = self.0.begin().await?;
        let generation = current_generation(&transaction, library).await?;
        let ids = write(&transaction, source, library, &rows, &page, generation).await?;
        transaction.commit().await?;
        Ok((page.outcome(), ids.into_iter().map(MediaId).collect()))
    }

    /// Stores one item, outside of a listing.
    pub async fn upsert_one(
        &self,
        source: SourceId,
        library: LibraryId,
        record: &ItemRecord,
    ) -> Result<MediaId> {
        self.upsert_some(source, library, std::slice::from_ref(record)).await?;
        let sql = "SELECT id FROM items WHERE source_id = ? AND remote_id = ?";
        let values = [source.to_string().into(), record.remote_id.as_str().into()];
        let id = one(&self.0.reader, sql, values, |row| get(row, "id")).await?;
        id.map(MediaId).ok_or(DbError::not_found("item"))
    }

    /// What of a page is stored already. Read before writing begins: the same page again takes no lock.
    async fn compare(
        &self,
        source: SourceId,
        library: LibraryId,
        rows: &[(Row<'_>, i64)],
    ) -> Result<Compared> {
        let ids: Vec<&str> = rows.iter().map(|(row, _)| row.remote_id).collect();
        let known = known(&self.0.reader, source, &json(&ids)?).await?;
        let mut page = Compared::default();
        for (place, (row, hash)) in rows.iter().enumerate() {
            match known.get(row.remote_id) {
                Some(stored) if stored.hash == *hash && stored.library == library.0 => {
                    page.same.push(stored.id);
                }
                Some(_) => page.updated.push(place),
                None => page.inserted.push(place),
            }
        }
        Ok(page)
    }
}

/// A page against what is stored: ids of the rows that are the same, and places in the page of the others.
#[derive(Debug, Default)]
struct Compared {
    same: Vec<i64>,
    updated: Vec<usize>,
    inserted: Vec<usize>,
}

impl Compared {
    fn is_unchanged(&self) -> bool {
        self.updated.is_empty() && self.inserted.is_empty()
    }

    fn outcome(&self) -> PageOutcome {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        PageOutcome {
            inserted: count(self.inserted.len()),
            updated: count(self.updated.len()),
            unchanged: count(self.same.len()),
        }
    }
}

/// What is stored of a remote id.
struct Stored {
    id: i64,
    hash: i64,
    library: i64,
}

type Known = HashMap<String, Stored>;

/// Writes the rows of a page that are new or different. Gives their ids.
async fn write(
    transaction: &DatabaseTransaction,
    source: SourceId,
    library: LibraryId,
    rows: &[(Row<'_>, i64)],
    page: &Compared,
    generation: i64,
) -> Result<Vec<i64>> {
    let mut places: Vec<usize> = page.inserted.iter().chain(&page.updated).copied().collect();
    // In the order of the listing, so that parents come before their children.
    places.sort_unstable();
    let changed: Vec<(&Row<'_>, i64)> =
        places.iter().map(|place| (&rows[*place].0, rows[*place].1)).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    write_rows(transaction, source, library, &changed, generation).await?;
    write_relations(transaction, source, &changed).await
}

/// A row for each record with its hash. Of records with the same id the last one counts.
fn distinct_rows(records: &[ItemRecord]) -> Vec<(Row<'_>, i64)> {
    let mut ids = HashSet::new();
    let mut rows: Vec<_> = records
        .iter()
        .rev()
        .filter(|record| ids.insert(&record.remote_id))
        .map(row)
        .map(|row| {
            let hash = hash(&row);
            (row, hash)
        })
        .collect();
    rows.reverse();
    rows
}

/// The number of the listing that runs or ran last: what comes outside of one must not look unseen to it.
async fn current_generation(transaction: &DatabaseTransaction, library: LibraryId) -> Result<i64> {
    let sql = "SELECT generation FROM sync_state WHERE library_id = ?";
    let found = one(transaction, sql, [library.0.into()], |row| get(row, "generation")).await?;
    Ok(found.unwrap_or(0))
}

async fn known(connection: &impl ConnectionTrait, source: SourceId, ids: &str) -> Result<Known> {
    let sql = "SELECT id, remote_id, hash, library_id FROM items \
         WHERE source_id = ? AND remote_id IN (SELECT value FROM json_each(?))";
    let rows = all(connection, sql, [source.to_string().into(), ids.into()], |row| {
        let stored =
            Stored { id: get(row, "id")?, hash: get(row, "hash")?, library: get(row, "library_id")? };
        Ok((get::<String>(row, "remote_id")?, stored))
    });
    Ok(rows.await?.into_iter().collect())
}

async fn write_rows(
    transaction: &DatabaseTransaction,
    source: SourceId,
    library: LibraryId,
    rows: &[(&Row<'_>, i64)],
    generation: i64,
) -> Result<()> {
    let read: Vec<String> = COLUMNS
        .split(", ")
        .map(|column| match column {
            "rating" => "value ->> 'rating_tenths' / 10.0".to_owned(),
            "critic_rating" => "value ->> 'critic_tenths' / 10.0".to_owned(),
            column => format!("value ->> '{column}'"),
        })
        .collect();
    let update: Vec<String> = COLUMNS
        .split(", ")
        .filter(|column| *column != "remote_id")
        .map(|column| match column {
            "hash" => format!("hash = {NEW_HASH}"),
            "favourite" => format!(
                "favourite = CASE WHEN {KEEP_FAVOURITE} THEN items.favourite ELSE excluded.favourite END"
            ),
            state if STATE_COLUMNS.contains(&state) => {
                format!("{state} = CASE WHEN {KEEP_STATE} THEN items.{state} ELSE excluded.{state} END")
            }
            column => format!("{column} = excluded.{column}"),
        })
        .collect();
    let parent = |remote: &str| {
        format!("(SELECT p.id FROM items p WHERE p.source_id = ?2 AND p.remote_id = value ->> '{remote}')")
    };
    let sql = format!(
        "INSERT INTO items (source_id, library_id, seen_in_sync, parent_id, series_id, {COLUMNS}) \
         SELECT ?2, ?3, ?4, {}, {}, {} FROM json_each(?1) WHERE true \
         ON CONFLICT (source_id, remote_id) DO UPDATE SET library_id = excluded.library_id, \
         seen_in_sync = max(items.seen_in_sync, excluded.seen_in_sync), \
         parent_id = excluded.parent_id, series_id = excluded.series_id, {}",
        parent("parent_remote"),
        parent("series_remote"),
        read.join(", "),
        update.join(", "),
    );
    let rows: Vec<Hashed<'_>> = rows.iter().map(|(row, hash)| Hashed { row, hash: *hash }).collect();
    let held = Held::of(transaction, source).await?;
    let values = [
        json(&rows)?.into(),
        source.to_string().into(),
        library.0.into(),
        generation.into(),
        held.whole_source.into(),
        held.watch.into(),
        held.favourite.into(),
    ];
    execute(transaction, &sql, values).await?;
    Ok(())
}

#[derive(Serialize)]
struct Genre<'a> {
    item: i64,
    place: usize,
    name: &'a str,
}

/// Genres and search index of rows that were written. Gives the ids of the rows.
async fn write_relations(
    transaction: &DatabaseTransaction,
    source: SourceId,
    rows: &[(&Row<'_>, i64)],
) -> Result<Vec<i64>> {
    let remote_ids: Vec<&str> = rows.iter().map(|(row, _)| row.remote_id).collect();
    let known = known(transaction, source, &json(&remote_ids)?).await?;
    let written: Vec<i64> = known.values().map(|stored| stored.id).collect();
    let ids = json(&written)?;
    let genres: Vec<Genre<'_>> = rows
        .iter()
        .filter_map(|(row, _)| Some((known.get(row.remote_id)?.id, row.genres)))
        .flat_map(|(item, genres)| {
            genres.iter().enumerate().map(move |(place, name)| Genre { item, place, name })
        })
        .collect();
    let genres = json(&genres)?;
    for (sql, value) in [
        ("DELETE FROM item_genres WHERE item_id IN (SELECT value FROM json_each(?))", &ids),
        ("INSERT OR IGNORE INTO genres (name) SELECT DISTINCT value ->> 'name' FROM json_each(?)", &genres),
        (
            "INSERT INTO item_genres (item_id, place, genre_id) \
             SELECT value ->> 'item', value ->> 'place', g.id FROM json_each(?) \
             JOIN genres g ON g.name = value ->> 'name'",
            &genres,
        ),
        ("DELETE FROM items_fts WHERE rowid IN (SELECT value FROM json_each(?))", &ids),
        (
            "INSERT INTO items_fts (rowid, title, original_title, series_title) \
             SELECT i.id, i.title, i.original_title, i.series_title FROM items i \
             WHERE i.id IN (SELECT value FROM json_each(?)) AND i.kind <> 'season'",
            &ids,
        ),
    ] {
        execute(transaction, sql, [value.as_str().into()]).await?;
    }
    Ok(written)
}

/// A list as a parameter of a statement.
pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| DbError::unreadable("page"))
}
