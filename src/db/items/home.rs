//! The rows of the home page.

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, item};
use super::super::sources::of_enabled_source;
use super::Items;
use crate::models::{Item, ItemKind};

/// New episodes looked at to find the series with new episodes.
const NEWEST_EPISODES: u32 = 1000;

/// Makes one number of a season and an episode; larger than any number of an episode, dates as numbers included.
const FACTOR: i64 = 1_000_000_000;

pub(in crate::db) fn continue_watching_sql() -> String {
    // The plus keeps the planner from reading every film and episode by kind.
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.position_ms > 0 AND +i.kind IN ('movie', 'episode', 'video') \
         AND {} ORDER BY i.last_played_at DESC LIMIT ?",
        of_enabled_source("i")
    )
}

pub(in crate::db) fn next_up_sql() -> String {
    format!(
        "WITH last AS (SELECT series_id, max(season * {FACTOR} + coalesce(episode_end, episode)) AS place, \
             max(last_played_at) AS played FROM items INDEXED BY items_watched_episodes \
             WHERE kind = 'episode' AND watched = 1 AND season > 0 AND series_id IS NOT NULL \
             GROUP BY series_id) \
         SELECT {ITEM_COLUMNS} FROM last JOIN items i ON i.id = (SELECT e.id FROM items e \
             WHERE e.series_id = last.series_id AND e.kind = 'episode' AND e.watched = 0 \
             AND (e.season, e.episode) > (last.place / {FACTOR}, last.place % {FACTOR}) \
             ORDER BY e.season, e.episode LIMIT 1) \
         WHERE i.position_ms = 0 \
         AND NOT EXISTS (SELECT 1 FROM items b WHERE b.series_id = last.series_id AND b.position_ms > 0) \
         AND {} ORDER BY last.played DESC LIMIT ?",
        of_enabled_source("i")
    )
}

pub(in crate::db) fn recent_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.kind = ? AND i.added_at IS NOT NULL \
         AND {} ORDER BY i.added_at DESC LIMIT ?",
        of_enabled_source("i")
    )
}

pub(in crate::db) fn recent_series_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM (SELECT series_id, max(added_at) AS newest FROM \
             (SELECT series_id, added_at FROM items e WHERE kind = 'episode' AND added_at IS NOT NULL \
              AND {} ORDER BY added_at DESC LIMIT {NEWEST_EPISODES}) \
             WHERE series_id IS NOT NULL GROUP BY series_id) AS fresh \
         JOIN items i ON i.id = fresh.series_id ORDER BY fresh.newest DESC LIMIT ?",
        of_enabled_source("e")
    )
}

pub(in crate::db) fn favourites_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.favourite = 1 AND {} ORDER BY i.sort_key LIMIT ?",
        of_enabled_source("i")
    )
}

impl Items<'_> {
    /// Begun and not finished, most recent first.
    pub async fn continue_watching(&self, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&continue_watching_sql(), [limit.into()], item).await
    }

    /// Of each series that is being watched the episode after the last watched one. Series with an episode in
    /// progress are in [`Items::continue_watching`] instead.
    pub async fn next_up(&self, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&next_up_sql(), [limit.into()], item).await
    }

    /// Newest at their servers first; series by their newest episode.
    pub async fn recently_added(&self, kind: ItemKind, limit: u32) -> Result<Vec<Item>> {
        if kind == ItemKind::Series {
            return self.0.all(&recent_series_sql(), [limit.into()], item).await;
        }
        self.0.all(&recent_sql(), [kind.as_str().into(), limit.into()], item).await
    }

    /// Favourites by title.
    pub async fn favourites(&self, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&favourites_sql(), [limit.into()], item).await
    }
}
