//! Storing what a source lists.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;

use super::super::row::get;
use super::super::{DbError, Result, all, one};
use super::Items;
use super::held::Held;
use super::listing::{Listing, set_reached};
use super::record_row::{COLUMNS, Row, hash, row};
use super::relations::write_relations;
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

/// Columns of the user's state: a change that a server does not have yet is not overwritten. What is here stays when it
/// is held (see [`Held`]), or was changed here and is newer by more than a server's rounding. Where the clock of the
/// server is wrong, its time counts as what it was here.
const STATE_COLUMNS: [&str; 5] =
    ["watched", "position_ms", "play_count", "last_played_at", "unwatched_children"];

/// Rows that one statement stores: more save little, and each number of rows is a statement of its own.
const ROWS_OF_A_STATEMENT: usize = 100;

/// The hash of a row that was changed here since its server described it: its times are of the clock here.
pub(in crate::db) const CHANGED_HERE: i64 = 0;
/// The hash of a row that is compared anew by the next listing, and has the server's times.
pub(in crate::db) const STALE: i64 = 1;

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
    let written = write_rows(transaction, source, library, &changed, generation).await?;
    write_relations(transaction, source, &changed, &written).await?;
    Ok(written.ids.into_values().collect())
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
) -> Result<Written> {
    let held = Held::of(transaction, source).await?;
    let last =
        one(transaction, "SELECT coalesce(max(id), 0) AS id FROM items", [], |row| get(row, "id")).await?;
    let mut written = Written { last_before: last.unwrap_or(0), ids: HashMap::with_capacity(rows.len()) };
    for rows in rows.chunks(ROWS_OF_A_STATEMENT) {
        let mut values: Vec<Value> = rows.iter().flat_map(|(row, hash)| row.values(*hash)).collect();
        values.extend([
            source.to_string().into(),
            library.0.into(),
            generation.into(),
            held.whole_source.into(),
            held.watch.as_str().into(),
            held.favourite.as_str().into(),
            held.clock_offset_ms.into(),
        ]);
        let read = |row: &_| Ok((get::<String>(row, "remote_id")?, get::<i64>(row, "id")?));
        let has_parents = rows.iter().any(|(row, _)| row.has_parent());
        written.ids.extend(all(transaction, &write_sql(rows.len(), has_parents), values, read).await?);
    }
    Ok(written)
}

/// Rows that were written.
pub(super) struct Written {
    /// The highest id before: what has a higher one is new.
    pub(super) last_before: i64,
    /// Their ids by remote id.
    pub(super) ids: HashMap<String, i64>,
}

/// The statement that stores some rows: their values, then source, library, generation and what is [`Held`]. Where none
/// has a parent none is looked for: SQLite would put all rows aside first, because it reads what it writes.
fn write_sql(rows: usize, has_parents: bool) -> String {
    let width = COLUMNS.split(", ").count();
    let row = format!("({})", vec!["?"; width].join(","));
    let page = vec![row; rows].join(",");
    // The parameters behind those of the rows.
    let after = |number: usize| format!("?{}", rows * width + number);
    let [source, library, generation, whole, watch, favourite, offset] = [1, 2, 3, 4, 5, 6, 7].map(after);
    let keep_state = format!(
        "({whole} OR items.id IN (SELECT value FROM json_each({watch})) \
         OR (items.hash = {CHANGED_HERE} \
         AND coalesce(items.last_played_at > excluded.last_played_at + {offset} + 1000, 0)))"
    );
    let keep_favourite = format!(
        "({whole} OR excluded.favourite IS NULL OR items.id IN (SELECT value FROM json_each({favourite})))"
    );
    let update: Vec<String> = COLUMNS
        .split(", ")
        .filter(|column| *column != "remote_id")
        .map(|column| match column {
            // A row that is not what the server says has none, so that the next listing looks again.
            "hash" => format!(
                "hash = CASE WHEN items.id IN (SELECT value FROM json_each({watch})) \
                 OR items.id IN (SELECT value FROM json_each({favourite})) THEN {CHANGED_HERE} ELSE excluded.hash END"
            ),
            "favourite" => format!(
                "favourite = CASE WHEN {keep_favourite} THEN items.favourite ELSE excluded.favourite END"
            ),
            state if STATE_COLUMNS.contains(&state) => {
                format!("{state} = CASE WHEN {keep_state} THEN items.{state} ELSE excluded.{state} END")
            }
            column => format!("{column} = excluded.{column}"),
        })
        .collect();
    let parent = |remote: &str| {
        if !has_parents {
            return "NULL".to_owned();
        }
        format!("(SELECT p.id FROM items p WHERE p.source_id = {source} AND p.remote_id = page.{remote})")
    };
    format!(
        "WITH page ({COLUMNS}) AS (VALUES {page}) \
         INSERT INTO items (source_id, library_id, seen_in_sync, parent_id, series_id, {COLUMNS}) \
         SELECT {source}, {library}, {generation}, {}, {}, {COLUMNS} FROM page WHERE true \
         ON CONFLICT (source_id, remote_id) DO UPDATE SET library_id = excluded.library_id, \
         seen_in_sync = max(items.seen_in_sync, excluded.seen_in_sync), \
         parent_id = excluded.parent_id, series_id = excluded.series_id, {} \
         RETURNING id, remote_id",
        parent("parent_remote"),
        parent("series_remote"),
        update.join(", "),
    )
}

/// A list as a parameter of a statement.
pub(in crate::db) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| DbError::unreadable("page"))
}
