//! Shelves: collections, playlists and the servers' own home rows, with their items by the servers' ids; and indexes
//! by which the copies of a title find each other.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "CREATE TABLE shelves (
        id INTEGER PRIMARY KEY NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        place INTEGER NOT NULL,
        topic TEXT NOT NULL,
        media TEXT NOT NULL,
        title TEXT NOT NULL,
        sort_title TEXT,
        sort_key TEXT NOT NULL,
        summary TEXT,
        image_primary TEXT,
        image_backdrop TEXT,
        smart INTEGER NOT NULL,
        favourite INTEGER NOT NULL,
        item_count INTEGER,
        duration_ms INTEGER,
        change_mark TEXT,
        read_mark TEXT,
        read_at INTEGER,
        UNIQUE (source_id, kind, remote_id)
    ) STRICT",
    "CREATE INDEX shelves_by_title ON shelves (kind, sort_key, id)",
    // By the server's id: an item may be listed later than what it stands on, and again under another number.
    "CREATE TABLE shelf_items (
        shelf_id INTEGER NOT NULL REFERENCES shelves (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        remote_id TEXT NOT NULL,
        PRIMARY KEY (shelf_id, place)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX shelf_items_by_item ON shelf_items (remote_id, shelf_id)",
    "CREATE INDEX items_by_imdb ON items (imdb) WHERE imdb IS NOT NULL",
    "CREATE INDEX items_by_tmdb ON items (tmdb) WHERE tmdb IS NOT NULL",
    "CREATE INDEX items_by_tvdb ON items (tvdb) WHERE tvdb IS NOT NULL",
]);
