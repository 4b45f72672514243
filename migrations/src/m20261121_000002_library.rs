//! Libraries and items, with the indexes of the questions that pages ask.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "CREATE TABLE libraries (
        id INTEGER PRIMARY KEY NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        remote_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        position INTEGER NOT NULL,
        UNIQUE (source_id, remote_id)
    ) STRICT",
    "CREATE TABLE items (
        id INTEGER PRIMARY KEY NOT NULL,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        remote_id TEXT NOT NULL,
        library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        top INTEGER NOT NULL,
        parent_remote TEXT,
        series_remote TEXT,
        parent_id INTEGER REFERENCES items (id) ON DELETE SET NULL,
        series_id INTEGER REFERENCES items (id) ON DELETE SET NULL,
        season INTEGER,
        episode INTEGER,
        episode_end INTEGER,
        title TEXT NOT NULL,
        sort_title TEXT,
        sort_key TEXT NOT NULL,
        original_title TEXT,
        series_title TEXT,
        year INTEGER,
        release_date TEXT,
        added_at INTEGER,
        duration_ms INTEGER,
        rating REAL,
        critic_rating REAL,
        age_rating TEXT,
        summary TEXT,
        tagline TEXT,
        imdb TEXT,
        tmdb TEXT,
        tvdb TEXT,
        image_primary TEXT,
        image_backdrop TEXT,
        image_logo TEXT,
        image_series_poster TEXT,
        watched INTEGER NOT NULL DEFAULT 0,
        position_ms INTEGER NOT NULL DEFAULT 0,
        play_count INTEGER NOT NULL DEFAULT 0,
        last_played_at INTEGER,
        favourite INTEGER,
        unwatched_children INTEGER,
        child_count INTEGER,
        change_mark TEXT,
        hash INTEGER NOT NULL,
        seen_in_sync INTEGER NOT NULL,
        UNIQUE (source_id, remote_id)
    ) STRICT",
    "CREATE INDEX items_by_title ON items (library_id, top, sort_key, id)",
    "CREATE INDEX items_by_added ON items (library_id, top, added_at, id)",
    "CREATE INDEX items_by_release ON items (library_id, top, release_date, id)",
    "CREATE INDEX items_by_rating ON items (library_id, top, rating, id)",
    "CREATE INDEX items_by_duration ON items (library_id, top, duration_ms, id)",
    "CREATE INDEX items_by_played ON items (library_id, top, last_played_at, id)",
    "CREATE INDEX items_watched ON items (library_id, top, watched, kind)",
    "CREATE INDEX items_of_parent ON items (parent_id, season, episode, id)",
    "CREATE INDEX items_of_series ON items (series_id, season, episode, id)",
    "CREATE INDEX items_begun ON items (last_played_at) WHERE position_ms > 0",
    "CREATE INDEX items_watched_episodes ON items (series_id, season, episode, episode_end, last_played_at)
        WHERE kind = 'episode' AND watched = 1",
    // Partial, so that no other question by kind takes it for a short way and reads every item of the kind.
    "CREATE INDEX items_recent ON items (kind, added_at) WHERE added_at IS NOT NULL",
    "CREATE INDEX items_favourite ON items (sort_key) WHERE favourite = 1",
    "CREATE TABLE genres (
        id INTEGER PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE
    ) STRICT",
    "CREATE TABLE item_genres (
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
        PRIMARY KEY (item_id, place)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX item_genres_by_genre ON item_genres (genre_id)",
    "CREATE TABLE media_details (
        item_id INTEGER PRIMARY KEY NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        details TEXT NOT NULL,
        change_mark TEXT,
        fetched_at INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE sync_state (
        library_id INTEGER PRIMARY KEY NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
        generation INTEGER NOT NULL DEFAULT 0,
        cursor TEXT,
        last_full INTEGER,
        last_error TEXT
    ) STRICT",
]);
