//! Full-text search over titles. The row id is the item's.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "CREATE VIRTUAL TABLE items_fts USING fts5 (
        title, original_title, series_title,
        tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3'
    )",
    "CREATE TRIGGER items_fts_delete AFTER DELETE ON items BEGIN
        DELETE FROM items_fts WHERE rowid = old.id;
    END",
]);
