//! Taking changes to deliver them, and what becomes of them.
//!
//! A change in work is leased: it has an owner, and a time at which the lease ends unless the owner renews it. Only
//! the owner says what became of it, so that somebody whose lease ran out cannot take it from the next.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::super::items::STALE;
use super::super::row::{duration_ms, get, ms};
use super::super::{Result, all, execute, one};
use super::change::kinds_replaced_by;
use super::{Outbox, OutboxRow, OutboxState, lease_sql, read, recount_sql};
use crate::models::{OperationId, SourceId, WatchState};

/// Whether a later change of the same item replaces a row anyway.
fn is_replaced_sql() -> String {
    let kinds = ["watched", "position", "favourite", "rating"]
        .map(|kind| format!("o.kind = '{kind}' AND outbox.{}", kinds_replaced_by(kind)));
    format!(
        "EXISTS (SELECT 1 FROM outbox o WHERE o.item_id = outbox.item_id AND o.id > outbox.id AND ({}))",
        kinds.join(" OR ")
    )
}

impl Outbox<'_> {
    /// Takes changes to deliver: the oldest that are due, one of an item, not those that another owner is
    /// working on. A lease that has run out counts as none; what its owner was about may have arrived, which counts
    /// as an attempt.
    pub async fn lease(
        &self,
        source: SourceId,
        owner: &str,
        now: DateTime<Utc>,
        lease_for: Duration,
        limit: u32,
    ) -> Result<Vec<OutboxRow>> {
        let transaction = self.0.begin().await?;
        // Of what nobody works on any more, that is not told which something later replaces: it would be told out of
        // its order.
        let lapsed = format!(
            "DELETE FROM outbox WHERE source_id = ? AND state = 'leased' AND lease_until <= ? AND {}",
            is_replaced_sql()
        );
        let lapsed = execute(&transaction, &lapsed, [source.to_string().into(), ms(now).into()]).await? > 0;
        let values = [source.to_string().into(), ms(now).into(), limit.into()];
        let mut rows = all(&transaction, &lease_sql(), values, read).await?;
        if rows.is_empty() && !lapsed {
            // Nothing was written: no reason to flush.
            return Ok(rows);
        }
        let sql = "UPDATE outbox SET attempts = attempts + (state = 'leased'), state = 'leased', \
             lease_owner = ?, lease_until = ? WHERE op_id IN (SELECT value FROM json_each(?))";
        let until = ms(now).saturating_add(duration_ms(lease_for));
        let ids: Vec<String> = rows.iter().map(|row| row.op_id.to_string()).collect();
        let ids = crate::db::items::json(&ids)?;
        execute(&transaction, sql, [owner.into(), until.into(), ids.into()]).await?;
        transaction.commit().await?;
        for row in &mut rows {
            row.attempts = row.attempts.saturating_add(u32::from(row.state == OutboxState::Leased));
            row.state = OutboxState::Leased;
        }
        Ok(rows)
    }

    /// The owner is alive and still at it.
    pub async fn renew(&self, owner: &str, now: DateTime<Utc>, lease_for: Duration) -> Result<()> {
        let until = ms(now).saturating_add(duration_ms(lease_for));
        let sql = "UPDATE outbox SET lease_until = ? WHERE state = 'leased' AND lease_owner = ?";
        self.0.write(sql, [until.into(), owner.into()]).await?;
        Ok(())
    }

    /// The owner ends in the middle of its work: what it had may have arrived, which counts as an attempt.
    pub async fn abandon(&self, owner: &str) -> Result<()> {
        let transaction = self.0.begin().await?;
        let replaced = format!(
            "DELETE FROM outbox WHERE state = 'leased' AND lease_owner = ? AND {}",
            is_replaced_sql()
        );
        execute(&transaction, &replaced, [owner.into()]).await?;
        let sql = "UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL, \
             attempts = attempts + 1 WHERE state = 'leased' AND lease_owner = ?";
        execute(&transaction, sql, [owner.into()]).await?;
        Ok(transaction.commit().await?)
    }

    /// The server has heard of a place from a report, past the outbox: forgets the change, unless an earlier place of
    /// the item is on its way, which may arrive later. Then this one is told once more, behind it.
    pub async fn complete_reported(&self, operation: OperationId) -> Result<()> {
        let sql = "DELETE FROM outbox WHERE op_id = ? AND NOT EXISTS (SELECT 1 FROM outbox o \
             WHERE o.item_id = outbox.item_id AND o.id < outbox.id AND o.state = 'leased' \
             AND o.kind IN ('watched', 'position'))";
        self.0.write(sql, [operation.to_string().into()]).await?;
        Ok(())
    }

    /// What failed would fail for the other changes of the source, too: they wait as long, and what the owner has not
    /// begun is given back.
    pub async fn hold_up(
        &self,
        source: SourceId,
        owner: &str,
        not_before: DateTime<Utc>,
        error: &str,
    ) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL, \
             not_before = max(not_before, ?), last_error = ? WHERE source_id = ? \
             AND (state = 'pending' OR (state = 'leased' AND lease_owner = ?))";
        let values = [ms(not_before).into(), error.into(), source.to_string().into(), owner.into()];
        self.0.write(sql, values).await?;
        Ok(())
    }

    /// It could not be delivered now. Not kept when there is a later change that replaces it.
    pub async fn fail(
        &self,
        operation: OperationId,
        owner: &str,
        not_before: DateTime<Utc>,
        error: &str,
    ) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'pending', lease_owner = NULL, lease_until = NULL, \
             attempts = attempts + 1, not_before = ?, last_error = ? WHERE op_id = ? AND lease_owner = ?";
        let values = [ms(not_before).into(), error.into(), operation.to_string().into(), owner.into()];
        self.end(operation, owner, sql, values).await
    }

    /// It was refused. Not kept when there is a later change that replaces it: trying it again would undo that one.
    pub async fn stuck(&self, operation: OperationId, owner: &str, reason: &str) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'stuck', lease_owner = NULL, lease_until = NULL, \
             attempts = attempts + 1, last_error = ? WHERE op_id = ? AND lease_owner = ?";
        let values = [reason.into(), operation.to_string().into(), owner.into()];
        self.end(operation, owner, sql, values).await
    }

    async fn end<const N: usize>(
        &self,
        operation: OperationId,
        owner: &str,
        sql: &str,
        values: [sea_orm::Value; N],
    ) -> Result<()> {
        let transaction = self.0.begin().await?;
        let named = [operation.to_string().into(), owner.into()];
        // What a later change replaces is not kept.
        let replaced =
            format!("DELETE FROM outbox WHERE op_id = ? AND lease_owner = ? AND {}", is_replaced_sql());
        if execute(&transaction, &replaced, named).await? == 0 {
            execute(&transaction, sql, values).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The server has something newer: forgets the change and takes in what the server says, unless another change
    /// of the item waits. What is told of a series or season is left to the next sync.
    pub async fn supersede(&self, row: &OutboxRow, server: &WatchState) -> Result<()> {
        let transaction = self.0.begin().await?;
        execute(&transaction, "DELETE FROM outbox WHERE op_id = ?", [row.op_id.to_string().into()]).await?;
        let sql = format!(
            "UPDATE items SET hash = {STALE}, watched = ?, position_ms = ?, play_count = ?, last_played_at = ? \
             WHERE id = ? AND kind NOT IN ('series', 'season', 'artist', 'album') \
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.item_id = items.id AND o.state <> 'stuck' \
                 AND o.kind IN ('watched', 'position'))"
        );
        let values = [
            server.watched.into(),
            duration_ms(server.position).into(),
            server.play_count.into(),
            server.last_played_at.map(ms).into(),
            row.item_id.0.into(),
        ];
        if execute(&transaction, &sql, values).await? > 0 {
            for sql in recount_sql() {
                execute(&transaction, &sql, [row.item_id.0.into()]).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// What waits for a source that is reached again is due now, but for what the server itself has put off.
    pub async fn due_now(&self, source: SourceId) -> Result<()> {
        let sql = "UPDATE outbox SET not_before = 0 WHERE source_id = ? AND state = 'pending' \
             AND not_before > 0 AND last_error IS NOT 'RateLimited'";
        self.0.write(sql, [source.to_string().into()]).await?;
        Ok(())
    }

    /// When something of a source is due next: at once for what nobody works on any more. `None` when nothing waits.
    pub async fn next_due(&self, source: SourceId) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT min(CASE WHEN state = 'leased' THEN max(lease_until, not_before) ELSE not_before END) \
             AS due FROM outbox o WHERE source_id = ? AND state <> 'stuck' \
             AND id = (SELECT min(f.id) FROM outbox f WHERE f.item_id = o.item_id AND f.state <> 'stuck')";
        let read = |row: &_| get::<Option<i64>>(row, "due");
        let due = one(&self.0.reader, sql, [source.to_string().into()], read).await?;
        Ok(due.flatten().map(super::super::row::time))
    }
}
