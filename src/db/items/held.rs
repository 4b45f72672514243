//! Which items keep the user's state that is stored here against what a server says.

use sea_orm::DatabaseTransaction;

use super::super::row::get;
use super::super::{Result, all, one};
use super::write::json;
use crate::models::SourceId;

/// Items whose state here is not overwritten.
#[derive(Debug)]
pub(super) struct Held {
    /// All of them: the source is a folder, which keeps no state.
    pub(super) whole_source: bool,
    /// Ids as JSON: a change of what was watched waits for the server. With a series or season its episodes
    /// are held, with an episode what counts it.
    pub(super) watch: String,
    /// Ids as JSON: a change of the favourite mark waits.
    pub(super) favourite: String,
    /// By how much the clock here is ahead of the server's.
    pub(super) clock_offset_ms: i64,
}

impl Held {
    /// What is held of a source now.
    pub(super) async fn of(transaction: &DatabaseTransaction, source: SourceId) -> Result<Self> {
        let source = source.to_string();
        let sql = "SELECT source_type = 'local' AS local, clock_offset_ms FROM sources WHERE id = ?";
        let read = |row: &_| Ok((get(row, "local")?, get(row, "clock_offset_ms")?));
        let (local, clock_offset_ms) =
            one(transaction, sql, [source.as_str().into()], read).await?.unwrap_or_default();
        let watch = "WITH waiting (id) AS (SELECT item_id FROM outbox \
                 WHERE source_id = ? AND state <> 'stuck' AND kind IN ('watched', 'position')) \
             SELECT id FROM waiting \
             UNION SELECT i.parent_id FROM waiting JOIN items i ON i.id = waiting.id \
                 WHERE i.parent_id IS NOT NULL \
             UNION SELECT i.series_id FROM waiting JOIN items i ON i.id = waiting.id \
                 WHERE i.series_id IS NOT NULL \
             UNION SELECT i.id FROM waiting JOIN items i ON i.parent_id = waiting.id \
             UNION SELECT i.id FROM waiting JOIN items i ON i.series_id = waiting.id";
        let favourite = "SELECT item_id AS id FROM outbox \
             WHERE source_id = ? AND state <> 'stuck' AND kind = 'favourite'";
        Ok(Self {
            whole_source: local,
            watch: ids(transaction, watch, &source).await?,
            favourite: ids(transaction, favourite, &source).await?,
            clock_offset_ms,
        })
    }
}

async fn ids(transaction: &DatabaseTransaction, sql: &str, source: &str) -> Result<String> {
    json(&all(transaction, sql, [source.into()], |row| get::<i64>(row, "id")).await?)
}
