//! By how much the clock of this machine is ahead of a source's server, in milliseconds.

use sea_orm_migration::prelude::*;

crate::migration!(&["ALTER TABLE sources ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0"]);
