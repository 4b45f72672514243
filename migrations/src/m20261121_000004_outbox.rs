//! Changes on their way to servers.

use sea_orm_migration::prelude::*;

crate::migration!(&[
    "CREATE TABLE outbox (
        id INTEGER PRIMARY KEY NOT NULL,
        op_id TEXT NOT NULL UNIQUE,
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        base_state TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'pending',
        attempts INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        lease_owner TEXT,
        lease_until INTEGER,
        last_error TEXT,
        created_at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX outbox_due ON outbox (source_id, state, not_before, id)",
    "CREATE INDEX outbox_of_item ON outbox (item_id, state)",
]);
