//! Several folders for one source, and by which files items are known again.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    // Numbers are never used twice: they are part of the ids of items. The first folder of a source is 0, and its
    // items have the ids that they had when there was only one.
    "CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        path BLOB NOT NULL,
        shown TEXT,
        kind TEXT,
        device INTEGER,
        inode INTEGER,
        away_since INTEGER,
        UNIQUE (source_id, number)
    ) STRICT",
    "CREATE INDEX folders_by_path ON folders (path)",
    "INSERT INTO folders (source_id, number, path, kind)
        SELECT id, 0, folder, folder_kind FROM sources WHERE folder IS NOT NULL",
    "ALTER TABLE sources DROP COLUMN folder",
    "ALTER TABLE sources DROP COLUMN folder_kind",
    "CREATE TABLE item_files (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        inode INTEGER NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL
    ) STRICT",
]);
