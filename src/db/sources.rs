//! The table `sources`.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use super::connection_records::{Verdict, read_verdict};
use super::row::{get, ms, source_id, time};
use super::{Database, DbError, Result, all, execute, folders, one};
use crate::models::{
    AuthStatus, ConnectionList, MachineId, NewSource, ServerUrl, Source, SourceId, SourceKind, SourceUser,
};

/// Sources.
#[derive(Debug)]
pub struct Sources<'a>(pub(super) &'a Database);

impl Sources<'_> {
    /// Stores a new source at the end of the list.
    pub async fn insert(&self, source: &NewSource) -> Result<SourceId> {
        let id = SourceId::random();
        let transaction = self.0.begin().await?;
        let sql = "INSERT INTO sources (id, source_type, name, connection_url, connections, machine_id, user_id, \
             user_name, device_id, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, \
             (SELECT coalesce(max(position), 0) + 1 FROM sources))";
        let values = [
            id.to_string().into(),
            source.kind.as_str().into(),
            source.name.clone().into(),
            source.connection_url.as_ref().map(ToString::to_string).into(),
            list_json(&source.connections)?.into(),
            source.machine_id.as_ref().map(ToString::to_string).into(),
            source.user.as_ref().map(|user| user.id.clone()).into(),
            source.user.as_ref().map(|user| user.name.clone()).into(),
            source.device_id.clone().into(),
        ];
        execute(&transaction, sql, values).await?;
        for (place, folder) in source.folders.iter().enumerate() {
            folders::insert(&transaction, id, folder, place == 0).await?;
        }
        transaction.commit().await?;
        Ok(id)
    }

    /// One source.
    pub async fn get(&self, id: SourceId) -> Result<Source> {
        let found = self.0.one(&select("WHERE id = ?"), [id.to_string().into()], read).await?;
        found.ok_or(DbError::not_found("source"))
    }

    /// One source, and its verdict on a network: what an operation begins with, in one read.
    pub async fn get_with_verdict(
        &self,
        id: SourceId,
        fingerprint: &str,
    ) -> Result<(Source, Option<Verdict>)> {
        let both = |row: &QueryResult| Ok((read(row)?, read_verdict(row)?));
        let values = [fingerprint.into(), id.to_string().into()];
        self.0.one(&with_verdict(), values, both).await?.ok_or(DbError::not_found("source"))
    }

    /// All sources in the user's order.
    pub async fn list(&self) -> Result<Vec<Source>> {
        self.0.all(&select("ORDER BY position"), [], read).await
    }

    /// The source of a server and user.
    pub async fn find(
        &self,
        kind: SourceKind,
        machine_id: &MachineId,
        user_id: Option<&str>,
    ) -> Result<Option<Source>> {
        let sql = select("WHERE source_type = ? AND machine_id = ? AND user_id IS ?");
        let values = [kind.as_str().into(), machine_id.as_str().into(), user_id.map(str::to_owned).into()];
        self.0.one(&sql, values, read).await
    }

    /// The source that has this folder.
    pub async fn find_folder(&self, folder: &Path) -> Result<Option<Source>> {
        let bytes = folder.as_os_str().as_bytes().to_vec();
        let sql = select("WHERE id IN (SELECT source_id FROM folders WHERE path = ?)");
        self.0.one(&sql, [bytes.into()], read).await
    }

    /// Gives it another name.
    pub async fn rename(&self, id: SourceId, name: &str) -> Result<()> {
        self.changed(id, "UPDATE sources SET name = ? WHERE id = ?", name).await
    }

    /// Sets the id under which this installation shows itself to its server.
    pub async fn set_device_id(&self, id: SourceId, device_id: &str) -> Result<()> {
        self.changed(id, "UPDATE sources SET device_id = ? WHERE id = ?", device_id).await
    }

    /// Sets whether it takes part at all; tells whether that is news.
    pub async fn set_enabled(&self, id: SourceId, enabled: bool) -> Result<bool> {
        let sql = "UPDATE sources SET enabled = ?1 WHERE id = ?2 AND enabled IS NOT ?1";
        Ok(self.0.write(sql, [enabled.into(), id.to_string().into()]).await? > 0)
    }

    /// Moves it to a place in the user's order; 0 is the first, a place behind the last is the last.
    pub async fn move_to(&self, id: SourceId, place: usize) -> Result<()> {
        let transaction = self.0.begin().await?;
        let read = |row: &QueryResult| source_id(row, "id");
        let mut order = all(&transaction, "SELECT id FROM sources ORDER BY position, id", [], read).await?;
        let from = order.iter().position(|known| *known == id).ok_or(DbError::not_found("source"))?;
        order.remove(from);
        order.insert(place.min(order.len()), id);
        for (position, id) in (1_i64..).zip(&order) {
            let sql = "UPDATE sources SET position = ? WHERE id = ?";
            execute(&transaction, sql, [position.into(), id.to_string().into()]).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Removes it with everything kept of it.
    pub async fn remove(&self, id: SourceId) -> Result<()> {
        let removed = self.0.write("DELETE FROM sources WHERE id = ?", [id.to_string().into()]).await?;
        if removed == 0 { Err(DbError::not_found("source")) } else { Ok(()) }
    }

    /// Sets the connection in use.
    pub async fn set_connection_url(&self, id: SourceId, url: &ServerUrl) -> Result<()> {
        self.changed(id, "UPDATE sources SET connection_url = ? WHERE id = ?", url.as_str()).await
    }

    /// Changes the list of connections, in one transaction: checks, the user and the account may all be at it.
    pub async fn edit_connections(
        &self,
        id: SourceId,
        change: impl FnOnce(&mut ConnectionList),
    ) -> Result<()> {
        let transaction = self.0.begin().await?;
        edit_list(&transaction, id, change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Sets whether it can be reached; tells whether that is news. One that is switched off cannot.
    pub async fn set_online(&self, id: SourceId, online: bool) -> Result<bool> {
        let sql = "UPDATE sources SET is_online = ?1 \
             WHERE id = ?2 AND is_online IS NOT ?1 AND (enabled OR NOT ?1)";
        if self.0.write(sql, [online.into(), id.to_string().into()]).await? > 0 {
            return Ok(true);
        }
        let known =
            self.0.one("SELECT 1 FROM sources WHERE id = ?", [id.to_string().into()], |_| Ok(())).await?;
        known.map(|()| false).ok_or(DbError::not_found("source"))
    }

    /// Sets whether a sign-in is needed; tells whether that is news.
    pub async fn set_auth_status(&self, id: SourceId, status: AuthStatus) -> Result<bool> {
        let sql = "UPDATE sources SET auth_status = ?1 WHERE id = ?2 AND auth_status IS NOT ?1";
        Ok(self.0.write(sql, [status_word(status).into(), id.to_string().into()]).await? > 0)
    }

    /// Sets when its last complete sync ended.
    pub async fn set_last_sync(&self, id: SourceId, at: DateTime<Utc>) -> Result<()> {
        let values = [ms(at).into(), id.to_string().into()];
        self.0.write("UPDATE sources SET last_sync = ? WHERE id = ?", values).await?;
        Ok(())
    }

    async fn changed(&self, id: SourceId, sql: &str, value: &str) -> Result<()> {
        let changed = self.0.write(sql, [value.into(), id.to_string().into()]).await?;
        if changed == 0 { Err(DbError::not_found("source")) } else { Ok(()) }
    }
}

/// The condition that leaves out what belongs to a source that is switched off: everything that shows libraries or
/// titles of all sources has it. `alias` names a table with a `source_id`.
pub(super) fn of_enabled_source(alias: &str) -> String {
    format!("(SELECT enabled FROM sources WHERE sources.id = {alias}.source_id)")
}

/// Changes the list of connections of a source within a transaction.
pub(super) async fn edit_list(
    transaction: &DatabaseTransaction,
    id: SourceId,
    change: impl FnOnce(&mut ConnectionList),
) -> Result<()> {
    let read = |row: &QueryResult| get::<String>(row, "connections");
    let sql = "SELECT connections FROM sources WHERE id = ?";
    let json =
        one(transaction, sql, [id.to_string().into()], read).await?.ok_or(DbError::not_found("source"))?;
    let mut list = serde_json::from_str(&json).map_err(|_| DbError::unreadable("connections"))?;
    change(&mut list);
    let sql = "UPDATE sources SET connections = ? WHERE id = ?";
    execute(transaction, sql, [list_json(&list)?.into(), id.to_string().into()]).await?;
    Ok(())
}

/// Sources with their folders.
fn select(which: &str) -> String {
    format!("SELECT *, {} AS folders FROM sources {which}", folders::OF_SOURCE)
}

/// One source with its folders and its verdict on a network.
fn with_verdict() -> String {
    format!(
        "SELECT sources.*, {} AS folders, v.source_id, v.fingerprint, v.uri, v.score, v.rtt_us, v.decided_at, \
         v.expires_at FROM sources LEFT JOIN connection_verdicts v \
         ON v.source_id = sources.id AND v.fingerprint = ? WHERE sources.id = ?",
        folders::OF_SOURCE
    )
}

fn list_json(list: &ConnectionList) -> Result<String> {
    serde_json::to_string(list).map_err(|_| DbError::unreadable("connections"))
}

fn status_word(status: AuthStatus) -> &'static str {
    match status {
        AuthStatus::SignedIn => "signed_in",
        AuthStatus::SignInNeeded => "sign_in_needed",
    }
}

fn read(row: &QueryResult) -> Result<Source> {
    let text = |column: &str| get::<Option<String>>(row, column);
    let user_id = text("user_id")?;
    let user_name = text("user_name")?;
    Ok(Source {
        id: source_id(row, "id")?,
        kind: get::<String>(row, "source_type")?.parse().map_err(|_| DbError::unreadable("source type"))?,
        name: get(row, "name")?,
        connection_url: text("connection_url")?.and_then(|url| url.parse().ok()),
        connections: serde_json::from_str(&get::<String>(row, "connections")?)
            .map_err(|_| DbError::unreadable("connections"))?,
        machine_id: text("machine_id")?.map(MachineId::new),
        user: user_id.map(|id| SourceUser { id, name: user_name.unwrap_or_default() }),
        device_id: get(row, "device_id")?,
        folders: folders::parse(&get::<String>(row, "folders")?)?,
        auth_status: if get::<String>(row, "auth_status")? == status_word(AuthStatus::SignInNeeded) {
            AuthStatus::SignInNeeded
        } else {
            AuthStatus::SignedIn
        },
        is_online: get(row, "is_online")?,
        enabled: get(row, "enabled")?,
        last_sync: get::<Option<i64>>(row, "last_sync")?.map(time),
        position: get(row, "position")?,
    })
}
