//! Reading items: one, the children of one, the neighbours of one.

use super::super::row::{ITEM_COLUMNS, item};
use super::super::{DbError, Result};
use super::Items;
use crate::models::{Item, ItemKind, MediaId, RemoteId, SourceId};

/// The kinds that stand in the grid of a library; photos and their folders only where they lie in no other.
pub(super) const TOP_KINDS: [ItemKind; 6] = [
    ItemKind::Movie,
    ItemKind::Series,
    ItemKind::Video,
    ItemKind::Album,
    ItemKind::PhotoAlbum,
    ItemKind::Photo,
];

pub(in crate::db) fn children_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? AND i.kind <> 'extra' \
         ORDER BY coalesce(nullif(i.season, 0), 1000000), i.episode, i.id"
    )
}

pub(in crate::db) fn episodes_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.series_id = ? AND i.kind = 'episode' \
         ORDER BY i.season, i.episode, i.id"
    )
}

pub(in crate::db) fn next_sql() -> String {
    neighbour_sql(">", "coalesce(here.episode_end, here.episode)", "ASC")
}

pub(in crate::db) fn previous_sql() -> String {
    neighbour_sql("<", "here.episode", "DESC")
}

fn neighbour_sql(compare: &str, place: &str, direction: &str) -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items here JOIN items i ON i.series_id = here.series_id \
         WHERE here.id = ? AND i.kind = 'episode' AND (i.season = 0) = (here.season = 0) \
         AND (i.season, i.episode) {compare} (here.season, {place}) \
         ORDER BY i.season {direction}, i.episode {direction} LIMIT 1"
    )
}

impl Items<'_> {
    /// One item.
    pub async fn get(&self, id: MediaId) -> Result<Item> {
        let sql = format!("SELECT {ITEM_COLUMNS} FROM items i WHERE i.id = ?");
        self.0.one(&sql, [id.0.into()], item).await?.ok_or(DbError::not_found("item"))
    }

    /// The item that a source calls so.
    pub async fn find(&self, source: SourceId, remote: &RemoteId) -> Result<Option<Item>> {
        let sql = format!("SELECT {ITEM_COLUMNS} FROM items i WHERE i.source_id = ? AND i.remote_id = ?");
        self.0.one(&sql, [source.to_string().into(), remote.as_str().into()], item).await
    }

    /// Seasons of a series, or episodes of a season, in order; specials last.
    pub async fn children(&self, id: MediaId) -> Result<Vec<Item>> {
        self.0.all(&children_sql(), [id.0.into()], item).await
    }

    /// All episodes of a series in order; specials first.
    pub async fn episodes(&self, series: MediaId) -> Result<Vec<Item>> {
        self.0.all(&episodes_sql(), [series.0.into()], item).await
    }

    /// The episode after this one, in the next season if need be.
    pub async fn next_episode(&self, id: MediaId) -> Result<Option<Item>> {
        self.0.one(&next_sql(), [id.0.into()], item).await
    }

    /// The episode before this one.
    pub async fn previous_episode(&self, id: MediaId) -> Result<Option<Item>> {
        self.0.one(&previous_sql(), [id.0.into()], item).await
    }
}
