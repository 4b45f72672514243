//! The copies of a title: candidates that its ids, its title or its place in a series lead to.

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, item};
use super::super::sources::of_enabled_source;
use super::Items;
use crate::models::{Item, ItemKind, MediaId};

/// The same for the copies of a title, of an item `i`, as far as its ids or its title and year tell.
pub(in crate::db) const ONE_TITLE: &str =
    "coalesce(i.imdb, i.tmdb, i.tvdb, lower(i.title) || coalesce(i.year, i.id))";

pub(in crate::db) fn same_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items t JOIN items i ON i.kind = t.kind AND i.id IN ( \
             SELECT a.id FROM items a WHERE a.imdb = t.imdb \
             UNION SELECT b.id FROM items b WHERE b.tmdb = t.tmdb \
             UNION SELECT c.id FROM items c WHERE c.tvdb = t.tvdb \
             UNION SELECT d.id FROM libraries l JOIN items d ON d.library_id = l.id AND d.top = 1 \
                 AND d.sort_key = t.sort_key WHERE t.top = 1) \
         WHERE t.id = ? AND {} ORDER BY i.id",
        of_enabled_source("i")
    )
}

pub(in crate::db) fn same_place_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items t JOIN items i ON i.series_id = ? AND i.season = t.season \
         AND i.episode IS t.episode AND i.kind = t.kind WHERE t.id = ? ORDER BY i.id"
    )
}

impl Items<'_> {
    /// Items of the same kind that share an id in a public database with an item, or the title to sort by; the item
    /// itself among them.
    pub async fn alike(&self, id: MediaId) -> Result<Vec<Item>> {
        self.0.all(&same_sql(), [id.0.into()], item).await
    }

    /// What has the place in another series that an episode or season has in its own.
    pub async fn at_same_place(&self, id: MediaId, series: MediaId) -> Result<Vec<Item>> {
        self.0.all(&same_place_sql(), [series.0.into(), id.0.into()], item).await
    }

    /// Favourites of one kind by title.
    pub async fn favourites_of(&self, kind: ItemKind, limit: u32) -> Result<Vec<Item>> {
        let sql = format!(
            "SELECT {ITEM_COLUMNS} FROM items i WHERE i.favourite = 1 AND i.kind = ? AND {} \
             ORDER BY i.sort_key LIMIT ?",
            of_enabled_source("i")
        );
        self.0.all(&sql, [kind.as_str().into(), limit.into()], item).await
    }
}
