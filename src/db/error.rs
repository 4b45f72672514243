//! Failures of the database.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// What is wrong with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbErrorKind {
    /// The file is no database, or is broken.
    Damaged,
    /// It was written by a newer version of the app.
    Newer,
    /// It cannot be written.
    ReadOnly,
    /// Another program has it locked.
    Locked,
    /// The disk is full.
    Full,
    /// There is no such row.
    NotFound,
    /// Anything else.
    Other,
}

/// A database call failed. The text is technical and holds no content of the database.
#[derive(Debug, Clone, thiserror::Error)]
#[error("database: {kind:?}: {detail}")]
pub struct DbError {
    kind: DbErrorKind,
    detail: String,
}

impl DbError {
    pub(super) fn new(kind: DbErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// A row that is not there.
    pub(super) fn not_found(what: &'static str) -> Self {
        Self::new(DbErrorKind::NotFound, what)
    }

    /// A stored value that cannot be read.
    pub(super) fn unreadable(what: &'static str) -> Self {
        Self::new(DbErrorKind::Damaged, what)
    }

    /// What is wrong.
    pub fn kind(&self) -> DbErrorKind {
        self.kind
    }
}

const SQLITE_IOERR_SHMSIZE: i32 = 4874;

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        let code = match &error {
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => result_code(inner),
            _ => None,
        };
        // The result codes of SQLite: https://www.sqlite.org/rescode.html
        let kind = match code.map(|code| code & 0xff) {
            // No room for the file that processes share.
            _ if code == Some(SQLITE_IOERR_SHMSIZE) => DbErrorKind::Full,
            Some(5 | 6) => DbErrorKind::Locked,
            Some(8 | 14 | 3) => DbErrorKind::ReadOnly,
            Some(11 | 26) => DbErrorKind::Damaged,
            Some(13) => DbErrorKind::Full,
            _ => DbErrorKind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

fn result_code(error: &SqlxError) -> Option<i32> {
    match error {
        SqlxError::Database(error) => error.code()?.parse().ok(),
        _ => None,
    }
}
