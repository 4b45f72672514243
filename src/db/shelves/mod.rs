//! The tables `shelves` and `shelf_items`: collections, playlists and hubs.
//!
//! What stands on a shelf is kept by the server's id of the item, and joined when it is read: an item may be listed
//! after the shelf, go, and come again.

mod query;
mod write;

use super::Database;

#[cfg(test)]
pub(super) use query::{
    any_sql, count_sql, hubs_sql, items_sql, list_sql, of_item_sql, some_sql, titles_sql,
};
pub use write::DueShelf;

/// Collections, playlists and hubs.
#[derive(Debug)]
pub struct Shelves<'a>(pub(super) &'a Database);
