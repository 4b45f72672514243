//! Titles of one genre.

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, item};
use super::super::sources::of_enabled_source;
use super::Items;
use crate::models::Item;

pub(in crate::db) fn of_genre_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM genres g CROSS JOIN item_genres ig ON ig.genre_id = g.id \
         CROSS JOIN items i ON i.id = ig.item_id \
         WHERE g.name = ? AND i.top = 1 AND {} ORDER BY i.rating DESC, i.sort_key, i.id LIMIT ?",
        of_enabled_source("i")
    )
}

impl Items<'_> {
    /// Films, series and videos of a genre in all sources, the best rated first.
    pub async fn of_genre(&self, genre: &str, limit: u32) -> Result<Vec<Item>> {
        self.0.all(&of_genre_sql(), [genre.into(), limit.into()], item).await
    }
}
