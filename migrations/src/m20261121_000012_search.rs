//! Search that finds more and does less: titles by their folded beginning, words by an index without a copy of
//! the text, pairs of letters for scripts without spaces, people; and what stands for a picture until it is there.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "ALTER TABLE items ADD COLUMN title_key TEXT",
    "ALTER TABLE items ADD COLUMN blurs TEXT",
    // What SQL can do of it; the next whole listing does the rest.
    "UPDATE items SET title_key = lower(title), hash = 0 WHERE kind <> 'season'",
    "UPDATE sync_state SET cursor = NULL",
    // Partial, so that no other question by kind takes it for a short way.
    "CREATE INDEX items_search ON items (kind, title_key) WHERE title_key IS NOT NULL",
    "DROP TRIGGER items_fts_delete",
    "DROP TABLE items_fts",
    // `kind` holds one letter that nobody types, so that each kind has its own bounded list of candidates.
    "CREATE VIRTUAL TABLE items_fts USING fts5(
        title, original_title, series_title, grams, kind,
        content = '', contentless_delete = 1,
        tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3'
    )",
    "INSERT INTO items_fts (rowid, title, original_title, series_title, grams, kind)
        SELECT id, title, original_title, series_title, '', char(57344 + unicode(kind) * 32 + length(kind))
        FROM items WHERE kind <> 'season'",
    "CREATE TRIGGER items_fts_delete AFTER DELETE ON items BEGIN
        DELETE FROM items_fts WHERE rowid = old.id;
    END",
    "CREATE TABLE search_people (
        id INTEGER PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE,
        name_key TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE search_credits (
        person_id INTEGER NOT NULL REFERENCES search_people (id) ON DELETE CASCADE,
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        image TEXT,
        PRIMARY KEY (person_id, item_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX search_credits_of_item ON search_credits (item_id)",
    "CREATE VIRTUAL TABLE people_fts USING fts5(
        name, grams, content = '', contentless_delete = 1,
        tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3'
    )",
    "CREATE TRIGGER people_fts_delete AFTER DELETE ON search_people BEGIN
        DELETE FROM people_fts WHERE rowid = old.id;
    END",
]);
