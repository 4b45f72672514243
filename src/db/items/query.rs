//! Reading items: one, the children of one, a part of a library.

use super::super::row::{ITEM_COLUMNS, get, item};
use super::super::{DbError, Result};
use super::Items;
use crate::models::{Item, ItemKind, LibraryId, MediaId, RemoteId, SourceId};

/// The kinds that stand in the grid of a library; photos and their folders only where they lie in no other.
pub(super) const TOP_KINDS: [ItemKind; 6] = [
    ItemKind::Movie,
    ItemKind::Series,
    ItemKind::Video,
    ItemKind::Album,
    ItemKind::PhotoAlbum,
    ItemKind::Photo,
];

/// What a library is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemSort {
    /// The server's sort title.
    Title,
    /// When the server got it.
    DateAdded,
    /// When it was first shown.
    ReleaseDate,
    /// Public's rating.
    Rating,
    /// Length.
    Duration,
    /// When it was last played.
    LastPlayed,
}

impl ItemSort {
    fn column(self) -> &'static str {
        match self {
            Self::Title => "sort_key",
            Self::DateAdded => "added_at",
            Self::ReleaseDate => "release_date",
            Self::Rating => "rating",
            Self::Duration => "duration_ms",
            Self::LastPlayed => "last_played_at",
        }
    }
}

/// A part of a library.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemQuery {
    /// Which library.
    pub library: LibraryId,
    /// Kinds; none means those of the grid, which are answered fastest.
    pub kinds: Vec<ItemKind>,
    /// Order.
    pub sort: ItemSort,
    /// The other way round.
    pub descending: bool,
    /// Only what is not watched.
    pub unwatched: bool,
    /// Most items.
    pub limit: u32,
    /// Items to leave out at the beginning.
    pub offset: u32,
}

impl ItemQuery {
    fn filter(&self) -> String {
        let top = self.kinds.iter().all(|kind| TOP_KINDS.contains(kind));
        let every = TOP_KINDS.iter().all(|kind| self.kinds.contains(kind));
        let mut conditions = vec!["i.library_id = ?".to_owned()];
        if top {
            conditions.push("i.top = 1".to_owned());
        }
        if !(self.kinds.is_empty() || top && every) {
            let words: Vec<String> = self.kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
            conditions.push(format!("i.kind IN ({})", words.join(", ")));
        }
        if self.unwatched {
            conditions.push("i.watched = 0".to_owned());
        }
        conditions.join(" AND ")
    }

    pub(in crate::db) fn count_sql(&self) -> String {
        format!("SELECT count(*) AS n FROM items i WHERE {}", self.filter())
    }

    pub(in crate::db) fn sql(&self) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        format!(
            "SELECT {ITEM_COLUMNS} FROM items i WHERE {} ORDER BY i.{} {direction}, i.id {direction} \
             LIMIT ? OFFSET ?",
            self.filter(),
            self.sort.column(),
        )
    }
}

pub(in crate::db) fn children_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? \
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

    /// A part of a library.
    pub async fn list(&self, query: &ItemQuery) -> Result<Vec<Item>> {
        let values = [query.library.0.into(), query.limit.into(), query.offset.into()];
        self.0.all(&query.sql(), values, item).await
    }

    /// How many items a question has, without its limit.
    pub async fn count_query(&self, query: &ItemQuery) -> Result<u64> {
        let found =
            self.0.one(&query.count_sql(), [query.library.0.into()], |row| get::<i64>(row, "n")).await?;
        Ok(found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }
}
