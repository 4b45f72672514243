//! Single items that a server has told of: where they are, what the user did with them, that they are gone.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::row::{duration_ms, get, ms};
use super::super::{Result, all, execute};
use super::Items;
use super::held::Held;
use super::listing::recount_many_sql;
use super::write::{STALE, json};
use crate::models::{ItemKind, LibraryId, MediaId, RemoteId, SourceId, WatchState};

/// Where an item is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The item.
    pub id: MediaId,
    /// What its server calls it.
    pub remote_id: RemoteId,
    /// Its library.
    pub library: LibraryId,
    /// What it is there.
    pub kind: ItemKind,
}

/// A state as a parameter of a statement.
#[derive(Serialize)]
struct StateRow<'a> {
    remote_id: &'a str,
    watched: bool,
    position_ms: i64,
    play_count: u32,
    last_played_at: Option<i64>,
    favourite: Option<bool>,
}

/// Folders of others: what was watched of them follows from what is in them.
const IS_FOLDER: &str = "items.kind IN ('series', 'season')";

impl Items<'_> {
    /// Those of a server's items that are stored.
    pub async fn places(&self, source: SourceId, items: &[RemoteId]) -> Result<Vec<Place>> {
        let ids: Vec<&str> = items.iter().map(RemoteId::as_str).collect();
        let sql = "SELECT id, remote_id, library_id, kind FROM items \
             WHERE source_id = ? AND remote_id IN (SELECT value FROM json_each(?))";
        self.0
            .all(sql, [source.to_string().into(), json(&ids)?.into()], |row| {
                Ok(Place {
                    id: MediaId(get(row, "id")?),
                    remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
                    library: LibraryId(get(row, "library_id")?),
                    kind: ItemKind::from_word(&get::<String>(row, "kind")?),
                })
            })
            .await
    }

    /// Stores what the user did with items, as their server says, in one transaction. What waits for the server stays,
    /// and so does what is newer here. Unknown items are left out. Gives the items that are another than before.
    pub async fn put_states(
        &self,
        source: SourceId,
        states: &[(RemoteId, WatchState)],
    ) -> Result<Vec<MediaId>> {
        let rows: Vec<StateRow<'_>> = states
            .iter()
            .map(|(remote, state)| StateRow {
                remote_id: remote.as_str(),
                watched: state.watched,
                position_ms: duration_ms(state.position),
                play_count: state.play_count,
                last_played_at: state.last_played_at.map(ms),
                favourite: state.favourite,
            })
            .collect();
        let transaction = self.0.begin().await?;
        let held = Held::of(&transaction, source).await?;
        let keeps = format!(
            "({IS_FOLDER} OR items.id IN (SELECT value FROM json_each(?3)) \
             OR (items.hash = 0 AND coalesce(items.last_played_at > s.last_played_at + ?5 + 1000, 0)))"
        );
        let mine = |column: &str| format!("CASE WHEN {keeps} THEN items.{column} ELSE s.{column} END");
        let favourite = "CASE WHEN s.favourite IS NULL OR items.id IN (SELECT value FROM json_each(?4)) \
             THEN items.favourite ELSE s.favourite END";
        let columns = ["watched", "position_ms", "play_count", "last_played_at"];
        let mut set: Vec<String> =
            columns.iter().map(|column| format!("{column} = {}", mine(column))).collect();
        set.push(format!("favourite = {favourite}"));
        let mut differs: Vec<String> =
            columns.iter().map(|column| format!("items.{column} IS NOT {}", mine(column))).collect();
        differs.push(format!("items.favourite IS NOT {favourite}"));
        let sql = format!(
            "UPDATE items SET {}, hash = CASE WHEN items.hash = 0 AND {keeps} THEN 0 ELSE {STALE} END \
             FROM (SELECT value ->> 'remote_id' AS remote_id, value ->> 'watched' AS watched, \
                 value ->> 'position_ms' AS position_ms, value ->> 'play_count' AS play_count, \
                 value ->> 'last_played_at' AS last_played_at, value ->> 'favourite' AS favourite \
                 FROM json_each(?1)) AS s \
             WHERE items.source_id = ?2 AND items.remote_id = s.remote_id AND ({}) RETURNING items.id",
            set.join(", "),
            differs.join(" OR "),
        );
        let values = [
            json(&rows)?.into(),
            source.to_string().into(),
            held.watch.into(),
            held.favourite.into(),
            held.clock_offset_ms.into(),
        ];
        let mut changed: Vec<i64> = all(&transaction, &sql, values, |row| get(row, "id")).await?;
        if !changed.is_empty() {
            let ids = json(&changed)?;
            for sql in recount_many_sql() {
                execute(&transaction, &sql, [ids.as_str().into()]).await?;
            }
        }
        transaction.commit().await?;
        changed.sort_unstable();
        changed.dedup();
        Ok(changed.into_iter().map(MediaId).collect())
    }

    /// The seasons and series that items are in.
    pub async fn above(&self, items: &[MediaId]) -> Result<Vec<MediaId>> {
        let ids: Vec<i64> = items.iter().map(|id| id.0).collect();
        let of = |column: &str| {
            format!(
                "SELECT {column} AS id FROM items WHERE {column} IS NOT NULL \
                 AND id IN (SELECT value FROM json_each(?1))"
            )
        };
        let sql = format!("{} UNION {}", of("parent_id"), of("series_id"));
        self.0.all(&sql, [json(&ids)?.into()], |row| Ok(MediaId(get(row, "id")?))).await
    }

    /// Removes items with everything below them, and counts anew what is above. Gives how many of each kind went from
    /// each library.
    pub async fn remove(&self, items: &[MediaId]) -> Result<BTreeMap<(LibraryId, &'static str), u32>> {
        let above: Vec<i64> = self.above(items).await?.into_iter().map(|id| id.0).collect();
        let ids: Vec<i64> = items.iter().map(|id| id.0).collect();
        let ids = json(&ids)?;
        let transaction = self.0.begin().await?;
        let sql = "DELETE FROM items WHERE id IN (SELECT value FROM json_each(?1)) \
             OR parent_id IN (SELECT value FROM json_each(?1)) \
             OR series_id IN (SELECT value FROM json_each(?1)) RETURNING library_id, kind";
        let read = |row: &_| {
            Ok((
                LibraryId(get(row, "library_id")?),
                ItemKind::from_word(&get::<String>(row, "kind")?).as_str(),
            ))
        };
        let gone: Vec<(LibraryId, &'static str)> = all(&transaction, sql, [ids.into()], read).await?;
        let left = "(SELECT count(*) FROM items e WHERE e.kind = 'episode' AND e.watched = 0 \
             AND (e.parent_id = items.id OR e.series_id = items.id))";
        let sql = format!(
            "UPDATE items SET hash = {STALE}, unwatched_children = {left}, watched = ({left} = 0) \
             WHERE id IN (SELECT value FROM json_each(?)) AND {IS_FOLDER}"
        );
        execute(&transaction, &sql, [json(&above)?.into()]).await?;
        transaction.commit().await?;
        let mut counts = BTreeMap::new();
        for key in gone {
            *counts.entry(key).or_default() += 1;
        }
        Ok(counts)
    }
}
