//! Opening the database file: pragmas, checks, the copy before a change of schema, migrations.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection};
use tracing::info;

use super::{Database, DbError, DbErrorKind, Result, all, check, execute, one};

/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause before a busy file is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// Connections that read at the same time.
const READERS: u32 = 2;
/// Owner only: titles are nobody else's business.
const MODE: u32 = 0o600;

impl Database {
    /// Opens the file, makes it if need be, and brings its schema up to date. Before the schema of an existing
    /// file changes, a copy of it is kept beside it.
    ///
    /// # Errors
    /// `Damaged`, `Newer`, `ReadOnly`, `Locked` or `Full`; the file is left as it is.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::open_waiting(path, BUSY_TIMEOUT).await
    }

    /// [`Database::open`], with the time to wait for another process.
    pub(super) async fn open_waiting(path: &Path, busy_timeout: Duration) -> Result<Self> {
        let fresh = prepare_file(path)?;
        let synchronous = |options: SqliteConnectOptions| options.synchronous(SqliteSynchronous::Full);
        let writer = connect_waiting(path, busy_timeout, 1, synchronous).await?;
        if !fresh {
            check::at_start(&writer, path).await?;
        }
        let pending = pending_migrations(&writer).await?;
        if pending > 0 {
            if !fresh {
                keep_copy(&writer, path).await?;
            }
            migrate(&writer, pending).await?;
        }
        let query_only = |options: SqliteConnectOptions| options.pragma("query_only", "ON");
        let reader = connect_waiting(path, busy_timeout, READERS, query_only).await?;
        Ok(Self { writer, reader })
    }
}

/// Brings the schema up to date. Another process that does the same at the same time is no failure: what it
/// has done is left out.
async fn migrate(connection: &DatabaseConnection, mut pending: usize) -> Result<()> {
    while let Err(error) = Migrator::up(connection, None).await {
        match pending_migrations(connection).await? {
            0 => break,
            left if left < pending => pending = left,
            _ => return Err(error.into()),
        }
    }
    Ok(())
}

/// Makes the folder and the file. Tells whether the file is new.
fn prepare_file(path: &Path) -> Result<bool> {
    let failed = |error: io::Error| file_error(&error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let metadata = fs::metadata(path).map_err(failed)?;
            if metadata.permissions().readonly() {
                return Err(DbError::new(DbErrorKind::ReadOnly, "the file is read-only"));
            }
            Ok(metadata.len() == 0)
        }
        Err(error) => Err(failed(error)),
    }
}

fn file_error(error: &io::Error) -> DbError {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull => DbErrorKind::Full,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => DbErrorKind::ReadOnly,
        _ => DbErrorKind::Other,
    };
    DbError::new(kind, error.kind().to_string())
}

/// Connects. A file that another process is just switching to WAL is busy without any waiting of SQLite's own.
async fn connect_waiting(
    path: &Path,
    busy_timeout: Duration,
    connections: u32,
    tune: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + Copy + 'static,
) -> Result<DatabaseConnection> {
    let begun = Instant::now();
    loop {
        match connect(path, busy_timeout, connections, tune).await {
            Err(error) if error.kind() == DbErrorKind::Locked && begun.elapsed() < busy_timeout => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            connected => return connected,
        }
    }
}

async fn connect(
    path: &Path,
    busy_timeout: Duration,
    connections: u32,
    tune: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection> {
    // The path is not part of the address: a name with `%` or `?` would not survive that.
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite://reel.db");
    options.max_connections(connections).min_connections(1).sqlx_logging(false).record_stmt_in_spans(false);
    // A file does not hang up: asking before every use whether it is there costs a turn of its thread.
    options.test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |options| {
        tune(
            options
                .filename(&path)
                .journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .busy_timeout(busy_timeout)
                .pragma("temp_store", "MEMORY"),
        )
    });
    Ok(sea_orm::Database::connect(options).await?)
}

/// How many migrations the file still needs.
///
/// # Errors
/// `Newer` when it has some that this version does not know.
async fn pending_migrations(connection: &DatabaseConnection) -> Result<usize> {
    let table = one(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        [],
        |row| Ok(row.try_get_by_index::<String>(0)?),
    )
    .await?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if table.is_none() {
        return Ok(known.len());
    }
    let applied = all(connection, "SELECT version FROM seaql_migrations", [], |row| {
        Ok(row.try_get_by_index::<String>(0)?)
    })
    .await?;
    if applied.iter().any(|name| !known.contains(name)) {
        return Err(DbError::new(DbErrorKind::Newer, "it has migrations of a newer version"));
    }
    Ok(known.len() - applied.len())
}

/// Copies the database as it is now to a file beside it.
async fn keep_copy(connection: &DatabaseConnection, path: &Path) -> Result<()> {
    let copy = path.with_extension(format!("before-{}.db", env!("CARGO_PKG_VERSION")));
    match fs::remove_file(&copy) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(file_error(&error)),
        _ => {}
    }
    // SQLite would make it readable for everybody; an empty file it takes as it is.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(&copy)
        .map_err(|error| file_error(&error))?;
    execute(connection, "VACUUM INTO ?", [copy.to_string_lossy().into_owned().into()]).await?;
    info!("the database was copied before its schema changes");
    Ok(())
}
