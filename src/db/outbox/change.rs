//! What a change does to its item, and how it is noted: both inside of the caller's transaction.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::super::items::STALE;
use super::super::ratings::write_rating;
use super::super::row::{duration_ms, get, ms};
use super::super::{DbError, Result, execute, one};
use crate::models::{MediaId, OperationId, OutboxChange};

/// Changes an item and forgets the hash of what its server said of it, so that the next listing compares anew.
/// Gives how many items changed; none when there is no such item.
pub(super) async fn change_item(
    transaction: &DatabaseTransaction,
    item: MediaId,
    change: &OutboxChange,
) -> Result<u64> {
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
        OutboxChange::Rating { rating } => {
            write_rating(transaction, item, *rating).await?;
            // The item itself stays as it was.
            let sql = "SELECT count(*) AS n FROM items WHERE id = ?";
            let found = one(transaction, sql, [item.0.into()], |row| get::<i64>(row, "n")).await?;
            found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
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
pub(in crate::db) fn recount_sql() -> [String; 2] {
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

/// Notes a change with how its item stands for its server: as the change that it replaces found it, else as it stands
/// here. Folders have no server: nothing is noted for theirs.
pub(super) async fn append(
    transaction: &DatabaseTransaction,
    item: MediaId,
    change: &OutboxChange,
    now: DateTime<Utc>,
) -> Result<Option<OperationId>> {
    let of_kind = kinds_replaced_by(change.kind());
    let replaced = format!("item_id = ? AND state <> 'leased' AND {of_kind}");
    let sql = format!("SELECT base_state FROM outbox WHERE {replaced} ORDER BY id LIMIT 1");
    let base = one(transaction, &sql, [item.0.into()], |row| get::<String>(row, "base_state")).await?;
    if base.is_some() {
        execute(transaction, &format!("DELETE FROM outbox WHERE {replaced}"), [item.0.into()]).await?;
    }
    let operation = OperationId::random();
    let payload = serde_json::to_string(change).map_err(|_| DbError::unreadable("change"))?;
    let sql = "INSERT INTO outbox (op_id, source_id, item_id, kind, payload, base_state, created_at) \
         SELECT ?, i.source_id, i.id, ?, ?, coalesce(?, json_object('watched', i.watched, \
         'position_ms', i.position_ms, 'last_played_at', i.last_played_at, 'favourite', i.favourite)), ? \
         FROM items i JOIN sources s ON s.id = i.source_id WHERE i.id = ? AND s.source_type <> 'local'";
    let values = [
        operation.to_string().into(),
        change.kind().into(),
        payload.into(),
        base.into(),
        ms(now).into(),
        item.0.into(),
    ];
    let appended = execute(transaction, sql, values).await?;
    Ok((appended > 0).then_some(operation))
}

/// Which changes of an item are of no interest any more when there is a later one of a kind. A mark as watched says
/// where the item was left, too.
pub(super) fn kinds_replaced_by(kind: &str) -> &'static str {
    match kind {
        "watched" => "kind IN ('watched', 'position')",
        "position" => "kind = 'position'",
        "favourite" => "kind = 'favourite'",
        _ => "kind = 'rating'",
    }
}
