//! Reading shelves.

use std::collections::BTreeMap;

use sea_orm::QueryResult;

use super::super::items::json;
use super::super::items::same::ONE_TITLE;
use super::super::items::words::{Wanted, fold};
use super::super::row::{ITEM_COLUMNS, duration, get, item, source_id};
use super::super::sources::of_enabled_source;
use super::super::{DbError, Result};
use super::Shelves;
use crate::models::{
    HubTopic, ImageKey, Item, MediaId, RemoteId, Shelf, ShelfId, ShelfKind, ShelfMedia, ShelfRecord,
};

/// The tier of a title that does not fit.
const NO_FIT: u8 = 3;

/// Joins the items that are here to the rows `m` of a shelf `s`.
const JOINED: &str = "shelf_items m JOIN items i ON i.source_id = s.source_id AND i.remote_id = m.remote_id";

/// What is read of a shelf `s`: without a poster of its own it has that of its first item.
fn columns() -> String {
    format!(
        "s.*, s.read_at IS NOT NULL AS is_read, \
         (SELECT count(*) FROM {JOINED} WHERE m.shelf_id = s.id) AS known_count, \
         coalesce(s.image_primary, (SELECT coalesce(i.image_series_poster, i.image_primary) FROM {JOINED} \
             WHERE m.shelf_id = s.id AND coalesce(i.image_series_poster, i.image_primary) IS NOT NULL \
             ORDER BY m.place LIMIT 1)) AS picture"
    )
}

pub(in crate::db) fn list_sql() -> String {
    format!(
        "SELECT {} FROM shelves s WHERE s.kind = ? AND {} ORDER BY s.sort_key, s.id",
        columns(),
        of_enabled_source("s")
    )
}

pub(in crate::db) fn titles_sql() -> String {
    format!(
        "SELECT s.id, s.title FROM shelves s WHERE s.kind = ? AND {} ORDER BY s.sort_key, s.id",
        of_enabled_source("s")
    )
}

pub(in crate::db) fn some_sql() -> String {
    format!(
        "SELECT {} FROM json_each(?) AS wanted CROSS JOIN shelves s ON s.id = wanted.value ORDER BY wanted.key",
        columns()
    )
}

pub(in crate::db) fn hubs_sql() -> String {
    format!(
        "SELECT {} FROM sources o JOIN shelves s ON s.source_id = o.id AND s.kind = 'hub' \
         WHERE o.enabled ORDER BY o.position, s.place",
        columns()
    )
}

/// Whether there is anything to show of a kind: what has items here, or was not read yet.
pub(in crate::db) fn any_sql() -> String {
    format!(
        "SELECT EXISTS (SELECT 1 FROM shelves s WHERE s.kind = ? AND s.media = ? AND {} \
         AND (s.read_at IS NULL OR EXISTS (SELECT 1 FROM {JOINED} WHERE m.shelf_id = s.id))) AS found",
        of_enabled_source("s")
    )
}

/// How many titles stand on shelves of several sources together, as far as their ids or their titles tell.
pub(in crate::db) fn count_sql() -> String {
    format!(
        "SELECT count(DISTINCT {ONE_TITLE}) AS n \
         FROM json_each(?) k JOIN shelves s ON s.id = k.value JOIN {JOINED} WHERE m.shelf_id = s.id"
    )
}

pub(in crate::db) fn items_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM shelves s JOIN shelf_items m ON m.shelf_id = s.id \
         JOIN items i ON i.source_id = s.source_id AND i.remote_id = m.remote_id \
         WHERE s.id = ? ORDER BY m.place LIMIT ?"
    )
}

pub(in crate::db) fn of_item_sql() -> String {
    format!(
        "SELECT {} FROM items t JOIN shelf_items k ON k.remote_id = t.remote_id \
         JOIN shelves s ON s.id = k.shelf_id AND s.source_id = t.source_id \
         WHERE t.id = ? AND s.kind = ? GROUP BY s.id ORDER BY s.sort_key, s.id",
        columns()
    )
}

impl Shelves<'_> {
    /// All of a kind by title; of sources that are not switched off.
    pub async fn list(&self, kind: ShelfKind) -> Result<Vec<Shelf>> {
        self.0.all(&list_sql(), [kind.as_str().into()], shelf).await
    }

    /// The hubs in the order of the sources and of their servers; of sources that are not switched off.
    pub async fn hubs(&self) -> Result<Vec<Shelf>> {
        self.0.all(&hubs_sql(), [], shelf).await
    }

    /// Whether there is anything to show of a kind.
    pub async fn any(&self, kind: ShelfKind, media: ShelfMedia) -> Result<bool> {
        let values = [kind.as_str().into(), media.as_str().into()];
        Ok(self.0.one(&any_sql(), values, |row| get(row, "found")).await?.unwrap_or(false))
    }

    /// How many titles stand on these shelves together; one that is on several counts once.
    pub async fn count_titles(&self, shelves: &[ShelfId]) -> Result<u32> {
        let found = self.0.one(&count_sql(), [json(&shelves)?.into()], |row| get::<i64>(row, "n")).await?;
        Ok(found.and_then(|count| u32::try_from(count).ok()).unwrap_or_default())
    }

    /// One shelf.
    pub async fn get(&self, id: ShelfId) -> Result<Shelf> {
        let sql = format!("SELECT {} FROM shelves s WHERE s.id = ?", columns());
        self.0.one(&sql, [id.0.into()], shelf).await?.ok_or(DbError::not_found("shelf"))
    }

    /// What stands on a shelf and is in the local database, in its order; an item may stand there more than once.
    pub async fn items(&self, id: ShelfId, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&items_sql(), [id.0.into(), limit.into()], item).await
    }

    /// The shelves of a kind that an item stands on.
    pub async fn of_item(&self, item: MediaId, kind: ShelfKind) -> Result<Vec<Shelf>> {
        self.0.all(&of_item_sql(), [item.0.into(), kind.as_str().into()], shelf).await
    }

    /// Shelves in whose titles every word of a text begins a word, whatever its case and accents: exact titles first,
    /// then titles that begin so. At most so many titles, each with all shelves that have it.
    pub async fn search(&self, kind: ShelfKind, text: &str, limit: u32) -> Result<Vec<Shelf>> {
        let Some(wanted) = Wanted::read(text, "") else { return Ok(Vec::new()) };
        // There are few: no index of words is worth its while. What they hold is counted of those that fit.
        let sql = titles_sql();
        let titles = self.0.all(&sql, [kind.as_str().into()], |row| {
            Ok((get::<i64>(row, "id")?, fold(&get::<String>(row, "title")?)))
        });
        let mut fitting: BTreeMap<(u8, String), Vec<i64>> = BTreeMap::new();
        for (id, title) in titles.await? {
            let tier = wanted.tier(&title);
            if tier < NO_FIT {
                fitting.entry((tier, title)).or_default().push(id);
            }
        }
        let ids: Vec<i64> = fitting.into_values().take(limit as usize).flatten().collect();
        self.0.all(&some_sql(), [json(&ids)?.into()], shelf).await
    }
}

fn shelf(row: &QueryResult) -> Result<Shelf> {
    let count = |column: &str| Ok::<_, DbError>(u32::try_from(get::<i64>(row, column)?).unwrap_or(u32::MAX));
    let picture = get::<Option<String>>(row, "picture")?.map(ImageKey::new);
    Ok(Shelf {
        id: ShelfId(get(row, "id")?),
        source_id: source_id(row, "source_id")?,
        kind: ShelfKind::from_word(&get::<String>(row, "kind")?),
        known_count: count("known_count")?,
        is_read: get(row, "is_read")?,
        record: ShelfRecord { poster: picture, ..record(row)? },
    })
}

/// Reads what the server said.
pub(super) fn record(row: &QueryResult) -> Result<ShelfRecord> {
    let text = |column: &str| get::<Option<String>>(row, column);
    Ok(ShelfRecord {
        remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
        title: get(row, "title")?,
        sort_title: text("sort_title")?,
        topic: HubTopic::from_word(&get::<String>(row, "topic")?),
        media: ShelfMedia::from_word(&get::<String>(row, "media")?),
        summary: text("summary")?,
        poster: text("image_primary")?.map(ImageKey::new),
        backdrop: text("image_backdrop")?.map(ImageKey::new),
        is_smart: get(row, "smart")?,
        is_favourite: get(row, "favourite")?,
        item_count: get::<Option<i64>>(row, "item_count")?.and_then(|count| u32::try_from(count).ok()),
        duration: get::<Option<i64>>(row, "duration_ms")?.map(duration),
        change_mark: text("change_mark")?,
    })
}
