//! The local database: SQLite through sea-orm, and the only place that names it.
//!
//! One connection writes, several read at the same time (WAL). Every write that belongs together is one
//! transaction; the writer flushes at every commit, because a place in a film must survive a power cut.
//! Repositories are views of [`Database`] by subject; they give and take the types of [`crate::models`].

mod check;
mod clocks;
mod connection_records;
mod details;
mod error;
mod folders;
mod items;
mod libraries;
mod library_views;
mod open;
mod opened_files;
mod outbox;
mod people;
mod play_choices;
mod ratings;
mod rest;
mod row;
mod shelves;
mod sources;
mod sync_state;
#[cfg(test)]
mod tests;
mod trust;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait, Value,
};

pub use connection_records::{ConnectionStat, Measurement, Stats, Verdict, Verdicts};
pub use details::Details;
pub use error::{DbError, DbErrorKind};
pub use folders::Folders;
pub use items::{Items, KnownItem, Listing, PageOutcome, Place, SEARCHED};
pub use libraries::{Libraries, LibraryListing};
pub use opened_files::OpenedFiles;
pub use outbox::{BaseState, Outbox, OutboxRow, OutboxState};
pub use people::{FoundPerson, MOST_COUNTED, Part, People};
pub use play_choices::PlayChoicesOf;
pub use ratings::Ratings;
pub use shelves::{DueShelf, Shelves};
pub use sources::Sources;
pub use sync_state::{SyncRecord, SyncState};
pub use trust::{TrustedCertificate, TrustedCertificates};

/// Result of a database call.
pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// The local database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Sources.
    pub fn sources(&self) -> Sources<'_> {
        Sources(self)
    }

    /// Folders of local sources.
    pub fn folders(&self) -> Folders<'_> {
        Folders(self)
    }

    /// Libraries.
    pub fn libraries(&self) -> Libraries<'_> {
        Libraries(self)
    }

    /// Items.
    pub fn items(&self) -> Items<'_> {
        Items(self)
    }

    /// People.
    pub fn people(&self) -> People<'_> {
        People(self)
    }

    /// Details of items.
    pub fn details(&self) -> Details<'_> {
        Details(self)
    }

    /// What was chosen while films and series played.
    pub fn play_choices(&self) -> PlayChoicesOf<'_> {
        PlayChoicesOf(self)
    }

    /// Changes on their way to servers.
    pub fn outbox(&self) -> Outbox<'_> {
        Outbox(self)
    }

    /// Places in files that are in no source.
    pub fn opened_files(&self) -> OpenedFiles<'_> {
        OpenedFiles(self)
    }

    /// Ratings of the user.
    pub fn ratings(&self) -> Ratings<'_> {
        Ratings(self)
    }

    /// Collections, playlists and hubs.
    pub fn shelves(&self) -> Shelves<'_> {
        Shelves(self)
    }

    /// How far syncs have come.
    pub fn sync_state(&self) -> SyncState<'_> {
        SyncState(self)
    }

    /// Chosen connections.
    pub fn verdicts(&self) -> Verdicts<'_> {
        Verdicts(self)
    }

    /// Measurements of connections.
    pub fn stats(&self) -> Stats<'_> {
        Stats(self)
    }

    /// Certificates that the user has accepted.
    pub fn trust(&self) -> TrustedCertificates<'_> {
        TrustedCertificates(self)
    }

    /// Begins to write. Immediately: a transaction that reads first and writes later fails without waiting
    /// when another process wrote in between.
    async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    async fn write(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
        execute(&self.writer, sql, values).await
    }

    async fn all<T>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
        read: impl Fn(&QueryResult) -> Result<T>,
    ) -> Result<Vec<T>> {
        all(&self.reader, sql, values, read).await
    }

    async fn one<T>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
        read: impl Fn(&QueryResult) -> Result<T>,
    ) -> Result<Option<T>> {
        one(&self.reader, sql, values, read).await
    }
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// Runs a statement and tells how many rows it changed.
async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    Ok(connection.execute_raw(statement(sql, values)).await?.rows_affected())
}

async fn all<T>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
    read: impl Fn(&QueryResult) -> Result<T>,
) -> Result<Vec<T>> {
    connection.query_all_raw(statement(sql, values)).await?.iter().map(read).collect()
}

async fn one<T>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
    read: impl Fn(&QueryResult) -> Result<T>,
) -> Result<Option<T>> {
    connection.query_one_raw(statement(sql, values)).await?.as_ref().map(read).transpose()
}
