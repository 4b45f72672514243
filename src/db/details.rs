//! The tables `media_details`, `similar` and `chosen_versions`: what hangs on one item.

use chrono::{DateTime, Utc};

use super::items::json;
use super::row::{ITEM_COLUMNS, get, item, ms, time};
use super::sources::of_enabled_source;
use super::{Database, DbError, Result, execute};
use crate::models::{Item, MediaDetails, MediaId, RemoteId};

/// Details of items.
#[derive(Debug)]
pub struct Details<'a>(pub(super) &'a Database);

/// What it counts for likeness that a person has a part in both titles, against one genre that both have.
const PERSON_WEIGHT: u32 = 3;

pub(super) fn similar_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM similar s, json_each(s.remote_ids) AS known \
         JOIN items here ON here.id = s.item_id \
         JOIN items i ON i.source_id = here.source_id AND i.remote_id = known.value \
         WHERE s.item_id = ? ORDER BY known.key"
    )
}

pub(super) fn alike_sql() -> String {
    format!(
        "WITH shared AS ( \
             SELECT other.item_id AS id, 1 AS weight FROM item_genres own \
                 JOIN item_genres other ON other.genre_id = own.genre_id WHERE own.item_id = ?1 \
             UNION ALL \
             SELECT other.item_id, {PERSON_WEIGHT} FROM credits own \
                 JOIN credits other ON other.person_id = own.person_id WHERE own.item_id = ?1), \
         best AS (SELECT id, sum(weight) AS score FROM shared WHERE id <> ?1 GROUP BY id) \
         SELECT {ITEM_COLUMNS} FROM best JOIN items i ON i.id = best.id \
         WHERE i.kind = (SELECT kind FROM items WHERE id = ?1) AND {} \
         ORDER BY best.score DESC, i.rating DESC, i.id LIMIT ?2",
        of_enabled_source("i")
    )
}

pub(super) fn extras_sql() -> String {
    format!("SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? AND i.kind = 'extra'")
}

impl Details<'_> {
    /// Stores the details of an item.
    pub async fn put(&self, item: MediaId, details: &MediaDetails, change_mark: Option<&str>) -> Result<()> {
        let json = serde_json::to_string(details).map_err(|_| DbError::unreadable("details"))?;
        let sql = "INSERT INTO media_details (item_id, details, change_mark, fetched_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (item_id) DO UPDATE SET details = excluded.details, \
             change_mark = excluded.change_mark, fetched_at = excluded.fetched_at";
        let mark = change_mark.map(str::to_owned);
        self.0.write(sql, [item.0.into(), json.into(), mark.into(), ms(Utc::now()).into()]).await?;
        Ok(())
    }

    /// The stored details of an item and when they were fetched.
    pub async fn get(&self, item: MediaId) -> Result<Option<(MediaDetails, DateTime<Utc>)>> {
        let sql = "SELECT details, fetched_at FROM media_details WHERE item_id = ?";
        self.0
            .one(sql, [item.0.into()], |row| {
                let details = serde_json::from_str(&get::<String>(row, "details")?)
                    .map_err(|_| DbError::unreadable("details"))?;
                Ok((details, time(get(row, "fetched_at")?)))
            })
            .await
    }

    /// Stores what its server says is like an item.
    pub async fn put_similar(&self, item: MediaId, similar: &[RemoteId]) -> Result<()> {
        let sql = "INSERT INTO similar (item_id, remote_ids, fetched_at) VALUES (?, ?, ?) \
             ON CONFLICT (item_id) DO UPDATE SET remote_ids = excluded.remote_ids, fetched_at = excluded.fetched_at";
        let ids: Vec<&str> = similar.iter().map(RemoteId::as_str).collect();
        self.0.write(sql, [item.0.into(), json(&ids)?.into(), ms(Utc::now()).into()]).await?;
        Ok(())
    }

    /// When [`Details::put_similar`] was done last for an item.
    pub async fn similar_fetched_at(&self, item: MediaId) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT fetched_at FROM similar WHERE item_id = ?";
        self.0.one(sql, [item.0.into()], |row| Ok(time(get(row, "fetched_at")?))).await
    }

    /// Items that are known here of those that the server says are like an item, the most alike first.
    pub async fn similar(&self, id: MediaId) -> Result<Vec<Item>> {
        self.0.all(&similar_sql(), [id.0.into()], item).await
    }

    /// Items of the same kind in all sources that share genres and people with an item.
    pub async fn alike(&self, id: MediaId, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&alike_sql(), [id.0.into(), limit.into()], item).await
    }

    /// Trailers and the like of an item, in no order: its details have one.
    pub async fn extras(&self, parent: MediaId) -> Result<Vec<Item>> {
        self.0.all(&extras_sql(), [parent.0.into()], item).await
    }

    /// Removes the extras of an item that are not among these.
    pub async fn keep_extras(&self, parent: MediaId, extras: &[RemoteId]) -> Result<()> {
        let ids: Vec<&str> = extras.iter().map(RemoteId::as_str).collect();
        let sql = "DELETE FROM items WHERE parent_id = ? AND kind = 'extra' \
             AND remote_id NOT IN (SELECT value FROM json_each(?))";
        execute(&self.0.writer, sql, [parent.0.into(), json(&ids)?.into()]).await?;
        Ok(())
    }

    /// Notes which version of an item plays; `None` leaves it to the server.
    pub async fn choose_version(&self, item: MediaId, version: Option<&str>) -> Result<()> {
        let Some(version) = version else {
            self.0.write("DELETE FROM chosen_versions WHERE item_id = ?", [item.0.into()]).await?;
            return Ok(());
        };
        let sql = "INSERT INTO chosen_versions (item_id, version) VALUES (?, ?) \
             ON CONFLICT (item_id) DO UPDATE SET version = excluded.version";
        self.0.write(sql, [item.0.into(), version.into()]).await?;
        Ok(())
    }

    /// The version of an item that was chosen.
    pub async fn chosen_version(&self, item: MediaId) -> Result<Option<String>> {
        let sql = "SELECT version FROM chosen_versions WHERE item_id = ?";
        self.0.one(sql, [item.0.into()], |row| get(row, "version")).await
    }
}
