//! What a person chose while playing a film or a series: speed, audio track, subtitles. A row for the series, or for
//! what belongs to none.

use sea_orm_migration::prelude::*;

crate::migration!(&["CREATE TABLE play_choices (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        rate REAL,
        audio TEXT,
        subtitle TEXT
    )"]);
