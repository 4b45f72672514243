//! The table `outbox`, and local changes: both are written in one transaction.

mod change;
mod leases;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::Deserialize;

use super::row::{get, source_id, time};
use super::{Database, DbError, Result};
use crate::models::{MediaId, OperationId, OutboxChange, RemoteId, SourceId};

pub(super) use change::recount_sql;
use change::{append, change_item};

/// Where a change is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// Waits.
    Pending,
    /// Is being delivered.
    Leased,
    /// Was refused; needs a person.
    Stuck,
}

/// How an item stood before the first change of it that its server does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BaseState {
    /// Whether it was watched.
    pub watched: bool,
    /// Where it had been left.
    pub position: Duration,
}

/// A change on its way to a server.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its id.
    pub op_id: OperationId,
    /// Whose server.
    pub source_id: SourceId,
    /// Which item.
    pub item_id: MediaId,
    /// What the server calls the item.
    pub remote_id: RemoteId,
    /// The change.
    pub change: OutboxChange,
    /// What its server knew last of the item.
    pub base: BaseState,
    /// Where it is.
    pub state: OutboxState,
    /// Deliveries that failed, or whose end nobody saw.
    pub attempts: u32,
    /// Not to be tried before.
    pub not_before: DateTime<Utc>,
    /// Kind of the last failure.
    pub last_error: Option<String>,
    /// When the change was made.
    pub created_at: DateTime<Utc>,
}

/// Changes on their way to servers.
#[derive(Debug)]
pub struct Outbox<'a>(pub(super) &'a Database);

const ROW: &str = "SELECT o.*, i.remote_id FROM outbox o JOIN items i ON i.id = o.item_id";

pub(super) fn lease_sql() -> String {
    let free = "(o.state = 'pending' OR (o.state = 'leased' AND o.lease_until <= ?2))";
    format!(
        "{ROW} WHERE o.source_id = ?1 AND {free} AND o.not_before <= ?2 \
         AND o.id = (SELECT min(f.id) FROM outbox f WHERE f.item_id = o.item_id AND f.state <> 'stuck') \
         ORDER BY o.id LIMIT ?3"
    )
}

impl Outbox<'_> {
    /// Changes an item here and notes that its server has to learn of it, in one transaction. A change of
    /// the same kind that waits or was refused is replaced. Folders have no server: nothing is noted, and `None`
    /// comes back.
    pub async fn apply_change(
        &self,
        item: MediaId,
        change: &OutboxChange,
        now: DateTime<Utc>,
    ) -> Result<Option<OperationId>> {
        let transaction = self.0.begin().await?;
        // First the row, which takes in how the item stands before the change.
        let operation = append(&transaction, item, change, now).await?;
        if change_item(&transaction, item, change).await? == 0 {
            return Err(DbError::not_found("item"));
        }
        transaction.commit().await?;
        Ok(operation)
    }

    /// [`Outbox::apply_change`] for many changes, in their order and in one transaction. Items that are gone are left
    /// out.
    pub async fn apply_changes(&self, changes: &[(MediaId, OutboxChange)], now: DateTime<Utc>) -> Result<()> {
        let transaction = self.0.begin().await?;
        for (item, change) in changes {
            append(&transaction, *item, change, now).await?;
            change_item(&transaction, *item, change).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What waits for one source or all, oldest first.
    pub async fn list(&self, source: Option<SourceId>) -> Result<Vec<OutboxRow>> {
        let sql = format!("{ROW} WHERE (?1 IS NULL OR o.source_id = ?1) ORDER BY o.id");
        self.0.all(&sql, [source.map(|id| id.to_string()).into()], read).await
    }

    /// How many changes wait.
    pub async fn count_pending(&self) -> Result<u64> {
        let found = self.0.one("SELECT count(*) AS n FROM outbox", [], |row| get::<i64>(row, "n")).await?;
        Ok(found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    /// The server has it: forgets the change. One that was replaced meanwhile is not there any more, which is
    /// fine.
    pub async fn complete(&self, operation: OperationId) -> Result<()> {
        self.0.write("DELETE FROM outbox WHERE op_id = ?", [operation.to_string().into()]).await?;
        Ok(())
    }

    /// Makes one change, or all, due now; those that were refused as well. Never takes one from a living
    /// owner. `NotFound` when there is no such change.
    pub async fn retry(&self, operation: Option<OperationId>) -> Result<()> {
        let sql = "UPDATE outbox SET not_before = 0, state = CASE WHEN state = 'stuck' THEN 'pending' ELSE state END \
             WHERE ?1 IS NULL OR op_id = ?1";
        let made_due = self.0.write(sql, [operation.map(|id| id.to_string()).into()]).await?;
        if operation.is_some() && made_due == 0 { Err(DbError::not_found("change")) } else { Ok(()) }
    }

    /// Gives a change up.
    pub async fn drop_row(&self, operation: OperationId) -> Result<()> {
        let sql = "DELETE FROM outbox WHERE op_id = ?";
        let dropped = self.0.write(sql, [operation.to_string().into()]).await?;
        if dropped == 0 { Err(DbError::not_found("change")) } else { Ok(()) }
    }
}

/// What [`BaseState`] is stored as. What was written by another version may lack something.
#[derive(Deserialize, Default)]
#[serde(default)]
struct StoredBase {
    watched: i64,
    position_ms: u64,
}

fn base(text: &str) -> BaseState {
    let stored: StoredBase = serde_json::from_str(text).unwrap_or_default();
    BaseState { watched: stored.watched != 0, position: Duration::from_millis(stored.position_ms) }
}

fn read(row: &QueryResult) -> Result<OutboxRow> {
    let payload: String = get(row, "payload")?;
    Ok(OutboxRow {
        op_id: get::<String>(row, "op_id")?.parse().map_err(|_| DbError::unreadable("operation id"))?,
        source_id: source_id(row, "source_id")?,
        item_id: MediaId(get(row, "item_id")?),
        remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
        change: serde_json::from_str(&payload).map_err(|_| DbError::unreadable("change"))?,
        base: base(&get::<String>(row, "base_state")?),
        state: match get::<String>(row, "state")?.as_str() {
            "leased" => OutboxState::Leased,
            "stuck" => OutboxState::Stuck,
            _ => OutboxState::Pending,
        },
        attempts: u32::try_from(get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        not_before: time(get(row, "not_before")?),
        last_error: get(row, "last_error")?,
        created_at: time(get(row, "created_at")?),
    })
}
