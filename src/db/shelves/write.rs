//! Storing shelves.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, Value};

use super::super::items::json;
use super::super::row::{duration_ms, get, ms};
use super::super::{DbError, Result, execute, one};
use super::Shelves;
use super::query::record;
use crate::models::{ImageKey, ListedShelf, RemoteId, ShelfId, ShelfKind, ShelfRecord, SourceId};

/// A shelf whose items have to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueShelf {
    /// Which.
    pub id: ShelfId,
    /// What the server calls it.
    pub remote_id: RemoteId,
    /// Its change mark: with which its items are stored then.
    pub change_mark: Option<String>,
}

/// A shelf as it is stored, to be compared with what a server lists.
struct Stored {
    id: ShelfId,
    place: i64,
    record: ShelfRecord,
    items: Vec<RemoteId>,
    is_read: bool,
}

/// What has to be written.
#[derive(Default)]
struct Difference<'a> {
    /// New or other shelves with their places.
    shelves: Vec<(i64, &'a ShelfRecord)>,
    /// Other items.
    items: Vec<(&'a RemoteId, &'a [RemoteId], Option<&'a str>)>,
    /// Shelves that are no more.
    gone: Vec<i64>,
}

impl Difference<'_> {
    fn is_empty(&self) -> bool {
        self.shelves.is_empty() && self.items.is_empty() && self.gone.is_empty()
    }
}

impl Shelves<'_> {
    /// Makes the stored shelves of a kind equal to those listed, in one transaction; what is as before is not
    /// written. One that is not listed is removed where `may_go` says so. Tells whether anything changed.
    pub async fn reconcile(
        &self,
        source: SourceId,
        kind: ShelfKind,
        listed: &[ListedShelf],
        may_go: impl Fn(&RemoteId) -> bool,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let stored = self.stored(source, kind).await?;
        let difference = difference(&stored, listed, may_go);
        if difference.is_empty() {
            return Ok(false);
        }
        let transaction = self.0.begin().await?;
        for (place, record) in &difference.shelves {
            put(&transaction, source, kind, *place, record).await?;
        }
        for (remote_id, items, mark) in &difference.items {
            let id = find(&transaction, source, kind, remote_id).await?;
            put_items(&transaction, id, items, *mark, now).await?;
        }
        let sql = "DELETE FROM shelves WHERE id IN (SELECT value FROM json_each(?))";
        execute(&transaction, sql, [json(&difference.gone)?.into()]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Stores what stands on a shelf, in order, with the change mark that it had when it was asked for. Tells
    /// whether it is something else than before.
    pub async fn put_items(
        &self,
        id: ShelfId,
        items: &[RemoteId],
        mark: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let sql = "SELECT remote_id FROM shelf_items WHERE shelf_id = ? ORDER BY place";
        let before = self.0.all(sql, [id.0.into()], |row| get::<String>(row, "remote_id")).await?;
        let transaction = self.0.begin().await?;
        put_items(&transaction, id, items, mark, now).await?;
        transaction.commit().await?;
        Ok(!before.iter().map(String::as_str).eq(items.iter().map(RemoteId::as_str)))
    }

    /// Shelves of a kind whose items were never read or may be others now: those that wait longest first.
    pub async fn due(&self, source: SourceId, kind: ShelfKind, limit: u32) -> Result<Vec<DueShelf>> {
        let sql = "SELECT id, remote_id, change_mark FROM shelves WHERE source_id = ? AND kind = ? \
             AND (read_at IS NULL OR read_mark IS NOT change_mark) \
             ORDER BY coalesce(read_at, 0), place LIMIT ?";
        let values = [source.to_string().into(), kind.as_str().into(), limit.into()];
        self.0
            .all(sql, values, |row| {
                Ok(DueShelf {
                    id: ShelfId(get(row, "id")?),
                    remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
                    change_mark: get(row, "change_mark")?,
                })
            })
            .await
    }

    async fn stored(&self, source: SourceId, kind: ShelfKind) -> Result<HashMap<RemoteId, Stored>> {
        let sql = "SELECT s.*, (SELECT json_group_array(remote_id) FROM \
             (SELECT remote_id FROM shelf_items m WHERE m.shelf_id = s.id ORDER BY m.place)) AS items \
             FROM shelves s WHERE s.source_id = ? AND s.kind = ?";
        let rows = self.0.all(sql, [source.to_string().into(), kind.as_str().into()], |row| {
            let items = serde_json::from_str(&get::<String>(row, "items")?);
            Ok(Stored {
                id: ShelfId(get(row, "id")?),
                place: get(row, "place")?,
                record: record(row)?,
                items: items.map_err(|_| DbError::unreadable("items of a shelf"))?,
                is_read: get::<Option<i64>>(row, "read_at")?.is_some(),
            })
        });
        Ok(rows.await?.into_iter().map(|stored| (stored.record.remote_id.clone(), stored)).collect())
    }
}

fn difference<'a>(
    stored: &HashMap<RemoteId, Stored>,
    listed: &'a [ListedShelf],
    may_go: impl Fn(&RemoteId) -> bool,
) -> Difference<'a> {
    let mut difference = Difference::default();
    let mut seen = HashSet::new();
    for (place, shelf) in (0_i64..).zip(listed) {
        let record = &shelf.record;
        if !seen.insert(&record.remote_id) {
            continue;
        }
        let known = stored.get(&record.remote_id);
        if known.is_none_or(|known| known.record != *record || known.place != place) {
            difference.shelves.push((place, record));
        }
        if let Some(items) = &shelf.items
            && known.is_none_or(|known| known.items != *items || !known.is_read)
        {
            difference.items.push((&record.remote_id, items, record.change_mark.as_deref()));
        }
    }
    let gone = stored.values().filter(|known| !seen.contains(&known.record.remote_id));
    difference.gone = gone.filter(|known| may_go(&known.record.remote_id)).map(|known| known.id.0).collect();
    difference
}

async fn put(
    transaction: &DatabaseTransaction,
    source: SourceId,
    kind: ShelfKind,
    place: i64,
    record: &ShelfRecord,
) -> Result<()> {
    let sql = "INSERT INTO shelves (source_id, kind, remote_id, place, topic, media, title, sort_title, sort_key, \
         summary, image_primary, image_backdrop, smart, favourite, item_count, duration_ms, change_mark) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (source_id, kind, remote_id) DO UPDATE SET place = excluded.place, topic = excluded.topic, \
         media = excluded.media, title = excluded.title, sort_title = excluded.sort_title, \
         sort_key = excluded.sort_key, summary = excluded.summary, image_primary = excluded.image_primary, \
         image_backdrop = excluded.image_backdrop, smart = excluded.smart, favourite = excluded.favourite, \
         item_count = excluded.item_count, duration_ms = excluded.duration_ms, change_mark = excluded.change_mark";
    let picture = |key: &Option<ImageKey>| Value::from(key.as_ref().map(ToString::to_string));
    let sort_key = record.sort_title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&record.title);
    let values: [Value; 17] = [
        source.to_string().into(),
        kind.as_str().into(),
        record.remote_id.as_str().into(),
        place.into(),
        record.topic.as_str().into(),
        record.media.as_str().into(),
        record.title.clone().into(),
        record.sort_title.clone().into(),
        sort_key.to_lowercase().into(),
        record.summary.clone().into(),
        picture(&record.poster),
        picture(&record.backdrop),
        record.is_smart.into(),
        record.is_favourite.into(),
        record.item_count.into(),
        record.duration.map(duration_ms).into(),
        record.change_mark.clone().into(),
    ];
    execute(transaction, sql, values).await?;
    Ok(())
}

async fn find(
    transaction: &DatabaseTransaction,
    source: SourceId,
    kind: ShelfKind,
    remote_id: &RemoteId,
) -> Result<ShelfId> {
    let sql = "SELECT id FROM shelves WHERE source_id = ? AND kind = ? AND remote_id = ?";
    let values = [source.to_string().into(), kind.as_str().into(), remote_id.as_str().into()];
    let found = one(transaction, sql, values, |row| get(row, "id")).await?;
    found.map(ShelfId).ok_or(DbError::not_found("shelf"))
}

async fn put_items(
    transaction: &DatabaseTransaction,
    id: ShelfId,
    items: &[RemoteId],
    mark: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    execute(transaction, "DELETE FROM shelf_items WHERE shelf_id = ?", [id.0.into()]).await?;
    let sql = "INSERT INTO shelf_items (shelf_id, place, remote_id) SELECT ?, key, value FROM json_each(?)";
    execute(transaction, sql, [id.0.into(), json(&items)?.into()]).await?;
    let sql = "UPDATE shelves SET read_mark = ?, read_at = ? WHERE id = ?";
    execute(transaction, sql, [mark.map(str::to_owned).into(), ms(now).into(), id.0.into()]).await?;
    Ok(())
}
