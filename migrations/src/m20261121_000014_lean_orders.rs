//! The less used orders carry only what stays: a place that is stored every ten seconds writes two of them and not six.
//!
//! What changes while somebody watches stands in the orders by title and by last played; lists in the others take it
//! from the former.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "DROP INDEX items_by_added",
    "DROP INDEX items_by_release",
    "DROP INDEX items_by_rating",
    "DROP INDEX items_by_duration",
    "CREATE INDEX items_by_added ON items (library_id, top, added_at, id, year, resolution, kind)",
    "CREATE INDEX items_by_release ON items (library_id, top, release_date, id, year, resolution, kind)",
    "CREATE INDEX items_by_rating ON items (library_id, top, rating, id, year, resolution, kind)",
    "CREATE INDEX items_by_duration ON items (library_id, top, duration_ms, id, year, resolution, kind)",
]);
