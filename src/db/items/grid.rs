//! Lists of titles: the ids of all, in order, and the rows of the part that is looked at.
//!
//! The ids of a list come from one index that has its order and nearly everything that a filter asks for (the rest
//! is in the order by title), so that a hundred thousand of them are there in a few milliseconds; only the rows of a
//! part are read from the table. Who holds the ids needs no offset: the far end of a list is as near as its beginning.

use sea_orm::Value;

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, get, item};
use super::super::sources::of_enabled_source;
use super::Items;
use super::query::TOP_KINDS;
use super::write::json;
use crate::models::{Item, ItemFilter, ItemKind, ItemQuery, ItemScope, ItemSort, MediaId};

/// Years in a decade.
const DECADE: i32 = 10;

/// A part of a statement with the values for its question marks.
#[derive(Debug, Default)]
pub(in crate::db) struct Conditions {
    terms: Vec<String>,
    pub(in crate::db) values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, term: impl Into<String>) {
        self.terms.push(term.into());
    }

    fn with(&mut self, term: impl Into<String>, value: impl Into<Value>) {
        self.add(term);
        self.values.push(value.into());
    }

    /// Everything that a question asks for.
    pub(in crate::db) fn of(query: &ItemQuery) -> Self {
        let mut conditions = Self::default();
        conditions.scope(query);
        conditions.filter(&query.filter);
        conditions.state(query);
        conditions
    }

    /// Where the titles come from: an arm for each place, which may ask other tables for `i.id`.
    fn scope(&mut self, query: &ItemQuery) {
        match query.scope {
            ItemScope::Library(id) => {
                self.with("i.library_id = ?", id.0);
                self.top(&query.kinds);
            }
            ItemScope::Favourites => {
                self.add("i.favourite = 1");
                self.add(of_enabled_source("i"));
                self.kinds(&query.kinds);
            }
        }
    }

    /// The kinds within a library. Naming all that stand in the grid is as good as naming none.
    fn top(&mut self, kinds: &[ItemKind]) {
        let is_top = |kind: &ItemKind| TOP_KINDS.contains(kind);
        if kinds.iter().all(is_top) {
            self.add("i.top = 1");
        } else if !kinds.iter().any(is_top) {
            self.add("i.top = 0");
        }
        let whole_grid = kinds.iter().all(is_top) && TOP_KINDS.iter().all(|kind| kinds.contains(kind));
        if !whole_grid {
            self.kinds(kinds);
        }
    }

    fn kinds(&mut self, kinds: &[ItemKind]) {
        if !kinds.is_empty() {
            let words: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
            self.add(format!("i.kind IN ({})", words.join(", ")));
        }
    }

    /// What changes while somebody watches. Where the index of the order does not have it, the order by title is asked.
    fn state(&mut self, query: &ItemQuery) {
        let filter = &query.filter;
        let wanted = [
            (filter.unwatched, "watched = 0"),
            (filter.in_progress, "in_progress = 1"),
            (filter.favourites, "favourite = 1"),
        ];
        let wanted = wanted.into_iter().filter_map(|(wanted, term)| wanted.then_some(term));
        match query.scope {
            ItemScope::Library(id) if !has_state(query.sort) => {
                let terms: Vec<String> = wanted.map(|term| format!("s.{term}")).collect();
                if terms.is_empty() {
                    return;
                }
                // The plus keeps the order of the list.
                let of_title = format!(
                    "+i.id IN (SELECT s.id FROM items s INDEXED BY items_by_title WHERE s.library_id = ? AND {})",
                    terms.join(" AND ")
                );
                self.with(of_title, id.0);
            }
            _ => wanted.for_each(|term| self.add(format!("i.{term}"))),
        }
    }

    fn filter(&mut self, filter: &ItemFilter) {
        if let Some(decade) = filter.decade {
            self.with("i.year >= ?", decade);
            self.with("i.year < ?", decade.saturating_add(DECADE));
        }
        if let Some(resolution) = filter.resolution {
            self.with("i.resolution = ?", resolution.lines());
        }
        if let Some(genre) = &filter.genre {
            // The plus keeps the order of the list: without it the items of the genre would be read and sorted.
            let of_genre = "+i.id IN (SELECT ig.item_id FROM item_genres ig \
                 JOIN genres g ON g.id = ig.genre_id WHERE g.name = ?)";
            self.with(of_genre, genre.as_str());
        }
    }

    pub(in crate::db) fn sql(&self) -> String {
        self.terms.join(" AND ")
    }
}

/// The column of an order. Chance is thrown over the order by title.
fn column(sort: ItemSort) -> &'static str {
    match sort {
        ItemSort::Title | ItemSort::Random(_) => "sort_key",
        ItemSort::DateAdded => "added_at",
        ItemSort::ReleaseDate => "release_date",
        ItemSort::Rating => "rating",
        ItemSort::Duration => "duration_ms",
        ItemSort::LastPlayed => "last_played_at",
    }
}

/// Whether the index of an order has what changes while somebody watches: it would be written at every place.
fn has_state(sort: ItemSort) -> bool {
    matches!(sort, ItemSort::Title | ItemSort::Random(_) | ItemSort::LastPlayed)
}

/// The index to read. Named, because with more conditions another one looks shorter to the planner, which then sorts.
pub(super) fn index(scope: &ItemScope, sort: ItemSort) -> &'static str {
    match (scope, sort) {
        (ItemScope::Library(_), ItemSort::Title | ItemSort::Random(_)) => "INDEXED BY items_by_title",
        (ItemScope::Library(_), ItemSort::DateAdded) => "INDEXED BY items_by_added",
        (ItemScope::Library(_), ItemSort::ReleaseDate) => "INDEXED BY items_by_release",
        (ItemScope::Library(_), ItemSort::Rating) => "INDEXED BY items_by_rating",
        (ItemScope::Library(_), ItemSort::Duration) => "INDEXED BY items_by_duration",
        (ItemScope::Library(_), ItemSort::LastPlayed) => "INDEXED BY items_by_played",
        (ItemScope::Favourites, _) => "",
    }
}

/// The ids of a list in order, as one text: one row for all of them is much quicker than one for each.
pub(in crate::db) fn ids_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    let direction = if query.descending { "DESC" } else { "ASC" };
    let column = column(query.sort);
    format!(
        "SELECT group_concat(id) AS ids FROM (SELECT i.id FROM items i {} WHERE {} \
         ORDER BY i.{column} {direction}, i.id {direction} LIMIT ? OFFSET ?)",
        index(&query.scope, query.sort),
        conditions.sql(),
    )
}

pub(in crate::db) fn count_sql(query: &ItemQuery, conditions: &Conditions) -> String {
    let index = index(&query.scope, query.sort);
    format!("SELECT count(*) AS n FROM items i {index} WHERE {}", conditions.sql())
}

pub(in crate::db) fn rows_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM json_each(?) wanted CROSS JOIN items i ON i.id = wanted.value \
         ORDER BY wanted.key"
    )
}

impl Items<'_> {
    /// The ids of a whole list, in its order.
    pub async fn ids(&self, query: &ItemQuery) -> Result<Vec<MediaId>> {
        let mut ids = self.part(query, -1, 0).await?;
        if let ItemSort::Random(seed) = query.sort {
            shuffle(&mut ids, seed);
        }
        Ok(ids)
    }

    async fn part(&self, query: &ItemQuery, limit: i64, offset: i64) -> Result<Vec<MediaId>> {
        let conditions = Conditions::of(query);
        let sql = ids_sql(query, &conditions);
        let values = conditions.values.into_iter().chain([limit.into(), offset.into()]);
        let text = self.0.one(&sql, values, |row| get::<Option<String>>(row, "ids")).await?.flatten();
        let text = text.unwrap_or_default();
        Ok(text.split(',').filter_map(|id| id.parse().ok()).map(MediaId).collect())
    }

    /// The rows of some items, in this order. What is not there any more is left out.
    pub async fn rows(&self, ids: &[MediaId]) -> Result<Vec<Item>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.0.all(&rows_sql(), [json(&ids)?.into()], item).await
    }

    /// A part of a list.
    pub async fn list(&self, query: &ItemQuery) -> Result<Vec<Item>> {
        let ids = if let ItemSort::Random(_) = query.sort {
            let all = self.ids(query).await?;
            all.into_iter().skip(query.offset as usize).take(query.limit as usize).collect()
        } else {
            self.part(query, query.limit.into(), query.offset.into()).await?
        };
        self.rows(&ids).await
    }

    /// How many items a list has.
    pub async fn count_query(&self, query: &ItemQuery) -> Result<u64> {
        let conditions = Conditions::of(query);
        let sql = count_sql(query, &conditions);
        let found = self.0.one(&sql, conditions.values, |row| get::<i64>(row, "n")).await?;
        Ok(found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }
}

/// Puts ids in an order of chance in which each has its own place: others may come and go.
fn shuffle(ids: &mut [MediaId], seed: u32) {
    ids.sort_by_cached_key(|id| (scatter(id.0.cast_unsigned() ^ (u64::from(seed) << 32)), id.0));
}

/// Spreads numbers that lie close together over the whole range (the finishing step of `SplitMix64`).
fn scatter(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
