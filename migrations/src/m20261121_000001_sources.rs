//! Sources, and what is known of their connections.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "CREATE TABLE sources (
        id TEXT PRIMARY KEY NOT NULL,
        source_type TEXT NOT NULL,
        name TEXT NOT NULL,
        connection_url TEXT,
        connections TEXT NOT NULL,
        machine_id TEXT,
        user_id TEXT,
        user_name TEXT,
        device_id TEXT NOT NULL,
        folder BLOB,
        folder_kind TEXT,
        auth_status TEXT NOT NULL DEFAULT 'signed_in',
        is_online INTEGER NOT NULL DEFAULT 0,
        enabled INTEGER NOT NULL DEFAULT 1,
        last_sync INTEGER,
        position INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX sources_machine ON sources (source_type, machine_id)",
    "CREATE TABLE connection_verdicts (
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,
        uri TEXT NOT NULL,
        score INTEGER NOT NULL,
        rtt_us INTEGER NOT NULL,
        decided_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (source_id, fingerprint)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE connection_stats (
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,
        uri TEXT NOT NULL,
        ewma_ms REAL NOT NULL DEFAULT 0,
        successes INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        last_change INTEGER NOT NULL,
        PRIMARY KEY (source_id, fingerprint, uri)
    ) STRICT, WITHOUT ROWID",
]);
