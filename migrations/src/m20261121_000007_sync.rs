//! Where an interrupted first listing of a library goes on: items stored of each kind, as JSON.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "ALTER TABLE sync_state ADD COLUMN reached TEXT",
    // Counts by kind are compared with the server's at every incremental sync.
    "CREATE INDEX items_of_kind ON items (library_id, kind)",
]);
