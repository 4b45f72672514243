//! People are kept once: the search finds those of `people`.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "DROP TRIGGER people_fts_delete",
    "DROP TABLE people_fts",
    "DROP TABLE search_credits",
    "DROP TABLE search_people",
    "CREATE VIRTUAL TABLE people_fts USING fts5(
        name, grams, content = '', contentless_delete = 1,
        tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3'
    )",
    "CREATE TRIGGER people_fts_delete AFTER DELETE ON people BEGIN
        DELETE FROM people_fts WHERE rowid = old.id;
    END",
    // Pairs of letters of every name that is not plain Latin: where they are not needed they do no harm.
    "INSERT INTO people_fts (rowid, name, grams)
        WITH RECURSIVE places (id, name, place) AS (
            SELECT id, name_key, 1 FROM people WHERE length(CAST(name_key AS BLOB)) > length(name_key)
            UNION ALL SELECT id, name, place + 1 FROM places WHERE place < length(name)
        ), pairs (id, grams) AS (
            SELECT id, group_concat(substr(name, place, 2), ' ' ORDER BY place) FROM places GROUP BY id
        )
        SELECT p.id, p.name_key, coalesce(g.grams, '') FROM people p LEFT JOIN pairs g ON g.id = p.id",
]);
