//! Where an interrupted first listing of a library goes on: items stored of each kind, as JSON.

use sea_orm_migration::prelude::*;

crate::migration!(&["ALTER TABLE sync_state ADD COLUMN reached TEXT"]);
