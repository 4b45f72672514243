//! Filters of the grid, and how the user wants to see each library.
//!
//! The indexes of the orders carry what filters ask for: whichever order and filter, one index is read and no row.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    // Nominal lines of the best version.
    "ALTER TABLE items ADD COLUMN resolution INTEGER",
    "ALTER TABLE items ADD COLUMN in_progress INTEGER GENERATED ALWAYS AS
        (watched = 0 AND (position_ms > 0 OR unwatched_children > 0 AND unwatched_children < child_count))
        VIRTUAL",
    "DROP INDEX items_by_title",
    "DROP INDEX items_by_added",
    "DROP INDEX items_by_release",
    "DROP INDEX items_by_rating",
    "DROP INDEX items_by_duration",
    "DROP INDEX items_by_played",
    "CREATE INDEX items_by_title ON items
        (library_id, top, sort_key, id, watched, in_progress, favourite, year, resolution, kind)",
    "CREATE INDEX items_by_added ON items
        (library_id, top, added_at, id, watched, in_progress, favourite, year, resolution, kind)",
    "CREATE INDEX items_by_release ON items
        (library_id, top, release_date, id, watched, in_progress, favourite, year, resolution, kind)",
    "CREATE INDEX items_by_rating ON items
        (library_id, top, rating, id, watched, in_progress, favourite, year, resolution, kind)",
    "CREATE INDEX items_by_duration ON items
        (library_id, top, duration_ms, id, watched, in_progress, favourite, year, resolution, kind)",
    "CREATE INDEX items_by_played ON items
        (library_id, top, last_played_at, id, watched, in_progress, favourite, year, resolution, kind)",
    "ALTER TABLE libraries ADD COLUMN view_sort TEXT",
    "ALTER TABLE libraries ADD COLUMN view_descending INTEGER",
    "ALTER TABLE libraries ADD COLUMN view_filter TEXT",
    "ALTER TABLE libraries ADD COLUMN view_layout TEXT",
    "ALTER TABLE libraries ADD COLUMN view_poster_width INTEGER",
]);
