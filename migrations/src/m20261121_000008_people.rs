//! People and their parts, what is like a title, which version of it plays, and extras.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    // One by name within a source: listings tell names only.
    "CREATE TABLE people (
        id INTEGER PRIMARY KEY NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        remote_id TEXT,
        image_key TEXT,
        biography TEXT,
        born TEXT,
        died TEXT,
        birthplace TEXT,
        fetched_at INTEGER,
        UNIQUE (source_id, name_key)
    ) STRICT",
    "CREATE INDEX people_by_name ON people (name_key)",
    "CREATE TABLE credits (
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        character TEXT,
        PRIMARY KEY (item_id, position)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX credits_of_person ON credits (person_id, item_id)",
    // The server's ids, as JSON: what is like a title may be listed after it.
    "CREATE TABLE similar (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        remote_ids TEXT NOT NULL,
        fetched_at INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE chosen_versions (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        version TEXT NOT NULL
    ) STRICT",
    // Extras are in no listing, so nothing else would miss their title.
    "CREATE TRIGGER items_extras_delete BEFORE DELETE ON items WHEN old.kind <> 'extra' BEGIN
        DELETE FROM items WHERE parent_id = old.id AND kind = 'extra';
    END",
]);
