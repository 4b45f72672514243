//! The table `outbox`, and local changes: both are written in one transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use super::items::STALE;
use super::row::{duration_ms, get, ms, source_id, time};
use super::{Database, DbError, Result, all, execute};
use crate::models::{MediaId, OperationId, OutboxChange, RemoteId, SourceId};

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
    /// Where it is.
    pub state: OutboxState,
    /// Deliveries that failed.
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

    /// Takes changes to deliver: the oldest that are due, one of an item, not those that another owner is
    /// working on. A lease that has run out counts as none.
    pub async fn lease(
        &self,
        source: SourceId,
        owner: &str,
        now: DateTime<Utc>,
        lease_for: Duration,
        limit: u32,
    ) -> Result<Vec<OutboxRow>> {
        let transaction = self.0.begin().await?;
        let values = [source.to_string().into(), ms(now).into(), limit.into()];
        let mut rows = all(&transaction, &lease_sql(), values, read).await?;
        for row in &mut rows {
            let sql = "UPDATE outbox SET state = 'leased', lease_owner = ?, lease_until = ? WHERE op_id = ?";
            let until = ms(now).saturating_add(duration_ms(lease_for));
            execute(&transaction, sql, [owner.into(), until.into(), row.op_id.to_string().into()]).await?;
            row.state = OutboxState::Leased;
        }
        transaction.commit().await?;
        Ok(rows)
    }

    /// The server has it: forgets the change. One that was replaced meanwhile is not there any more, which is
    /// fine.
    pub async fn complete(&self, operation: OperationId) -> Result<()> {
        self.0.write("DELETE FROM outbox WHERE op_id = ?", [operation.to_string().into()]).await?;
        Ok(())
    }

    /// It could not be delivered now.
    pub async fn fail(&self, operation: OperationId, not_before: DateTime<Utc>, error: &str) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL, \
             attempts = attempts + 1, not_before = ?, last_error = ? WHERE op_id = ?";
        self.0.write(sql, [ms(not_before).into(), error.into(), operation.to_string().into()]).await?;
        Ok(())
    }

    /// It was refused.
    pub async fn stuck(&self, operation: OperationId, reason: &str) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'stuck', lease_owner = NULL, lease_until = NULL, \
             attempts = attempts + 1, last_error = ? WHERE op_id = ?";
        self.0.write(sql, [reason.into(), operation.to_string().into()]).await?;
        Ok(())
    }

    /// Makes one change, or all, due now; those that were refused as well. Never takes one from a living
    /// owner.
    pub async fn retry(&self, operation: Option<OperationId>) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'pending', not_before = 0 \
             WHERE state <> 'leased' AND (?1 IS NULL OR op_id = ?1)";
        self.0.write(sql, [operation.map(|id| id.to_string()).into()]).await?;
        Ok(())
    }

    /// Gives a change up.
    pub async fn drop_row(&self, operation: OperationId) -> Result<()> {
        let sql = "DELETE FROM outbox WHERE op_id = ?";
        let dropped = self.0.write(sql, [operation.to_string().into()]).await?;
        if dropped == 0 { Err(DbError::not_found("change")) } else { Ok(()) }
    }
}

/// Changes an item and forgets the hash of what its server said of it, so that the next listing compares anew.
/// Gives how many items changed; none when there is no such item.
async fn change_item(transaction: &DatabaseTransaction, item: MediaId, change: &OutboxChange) -> Result<u64> {
    Ok(match change {
        OutboxChange::Position { position, at, .. } => {
            let sql = "UPDATE items SET position_ms = ?, last_played_at = ?, hash = 0 WHERE id = ?";
            let values = [duration_ms(*position).into(), ms(*at).into(), item.0.into()];
            execute(transaction, sql, values).await?
        }
        OutboxChange::Favourite { favourite } => {
            // Says nothing of when it was played: what was the server's stays so (1 is `STALE`).
            let sql = "UPDATE items SET favourite = ?, hash = (hash <> 0) WHERE id = ?";
            execute(transaction, sql, [(*favourite).into(), item.0.into()]).await?
        }
        OutboxChange::Watched { watched, at } => {
            // The item itself, and the episodes below a season or series.
            let sql = "UPDATE items SET hash = 0, watched = ?1, position_ms = 0, \
                 play_count = CASE WHEN ?1 THEN max(play_count, 1) ELSE 0 END, \
                 last_played_at = CASE WHEN ?1 AND (watched = 0 OR id = ?3) THEN ?2 ELSE last_played_at END, \
                 unwatched_children = CASE WHEN unwatched_children IS NULL THEN NULL WHEN ?1 THEN 0 \
                     ELSE coalesce(child_count, unwatched_children) END \
                 WHERE id = ?3 OR parent_id = ?3 AND kind <> 'extra' OR series_id = ?3";
            let values = [(*watched).into(), ms(*at).into(), item.0.into()];
            let changed = execute(transaction, sql, values).await?;
            for sql in recount_sql() {
                execute(transaction, &sql, [item.0.into()]).await?;
            }
            changed
        }
    })
}

/// The statements that count what is left to watch in the season and the series of an item anew.
pub(super) fn recount_sql() -> [String; 2] {
    ["parent_id", "series_id"].map(|above| {
        let left = format!(
            "(SELECT count(*) FROM items e WHERE e.{above} = items.id AND e.kind = 'episode' AND e.watched = 0)"
        );
        format!(
            "UPDATE items SET hash = {STALE}, unwatched_children = {left}, watched = ({left} = 0) \
             WHERE id = (SELECT {above} FROM items WHERE id = ?) \
             AND EXISTS (SELECT 1 FROM items e WHERE e.{above} = items.id AND e.kind = 'episode')"
        )
    })
}

/// Notes a change with how its item stands now. Folders have no server: nothing is noted for theirs.
async fn append(
    transaction: &DatabaseTransaction,
    item: MediaId,
    change: &OutboxChange,
    now: DateTime<Utc>,
) -> Result<Option<OperationId>> {
    // A mark as watched says where the item was left, too.
    let replaced = match change {
        OutboxChange::Watched { .. } => "kind IN ('watched', 'position')",
        OutboxChange::Position { .. } => "kind = 'position'",
        OutboxChange::Favourite { .. } => "kind = 'favourite'",
    };
    let sql = format!("DELETE FROM outbox WHERE item_id = ? AND state <> 'leased' AND {replaced}");
    execute(transaction, &sql, [item.0.into()]).await?;
    let operation = OperationId::random();
    let payload = serde_json::to_string(change).map_err(|_| DbError::unreadable("change"))?;
    let sql = "INSERT INTO outbox (op_id, source_id, item_id, kind, payload, base_state, created_at) \
         SELECT ?, i.source_id, i.id, ?, ?, json_object('watched', i.watched, 'position_ms', i.position_ms, \
         'last_played_at', i.last_played_at, 'favourite', i.favourite), ? \
         FROM items i JOIN sources s ON s.id = i.source_id WHERE i.id = ? AND s.source_type <> 'local'";
    let values =
        [operation.to_string().into(), change.kind().into(), payload.into(), ms(now).into(), item.0.into()];
    let appended = execute(transaction, sql, values).await?;
    Ok((appended > 0).then_some(operation))
}

fn read(row: &QueryResult) -> Result<OutboxRow> {
    let payload: String = get(row, "payload")?;
    Ok(OutboxRow {
        op_id: get::<String>(row, "op_id")?.parse().map_err(|_| DbError::unreadable("operation id"))?,
        source_id: source_id(row, "source_id")?,
        item_id: MediaId(get(row, "item_id")?),
        remote_id: RemoteId::new(get::<String>(row, "remote_id")?),
        change: serde_json::from_str(&payload).map_err(|_| DbError::unreadable("change"))?,
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
