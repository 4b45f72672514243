//! Memory that SQLite keeps for the next question.

use sea_orm::{DbErr, RuntimeErr};

use super::{Database, Result};

impl Database {
    /// Gives back the pages that connections keep in memory. The next questions read them from the file's cache of the
    /// system, which has them too. A connection that is at work keeps its own.
    pub async fn rest(&self) -> Result<()> {
        let mut idle = Vec::new();
        for pool in [&self.writer, &self.reader] {
            // Held until all are taken, so that no connection comes twice.
            while let Some(connection) = pool.get_sqlite_connection_pool().try_acquire() {
                idle.push(connection);
            }
        }
        for connection in &mut idle {
            let shrunk = sea_orm::sqlx::query("PRAGMA shrink_memory").execute(&mut **connection).await;
            shrunk.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))?;
        }
        Ok(())
    }
}
