//! Certificates that the user has accepted.

use sea_orm_migration::prelude::*;

crate::migration!(&["CREATE TABLE trusted_certificates (
        source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        host TEXT NOT NULL,
        spki_sha256 TEXT NOT NULL,
        names TEXT NOT NULL,
        not_after INTEGER NOT NULL,
        accepted_at INTEGER NOT NULL,
        PRIMARY KEY (source_id, host)
    ) STRICT, WITHOUT ROWID",]);
