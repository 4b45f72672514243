//! Where files were left that are in no source, in milliseconds.

use sea_orm_migration::prelude::*;

crate::migration!(&["CREATE TABLE opened_files (
        path TEXT PRIMARY KEY NOT NULL,
        size INTEGER NOT NULL,
        position_ms INTEGER NOT NULL,
        opened_at INTEGER NOT NULL
    ) STRICT"]);
