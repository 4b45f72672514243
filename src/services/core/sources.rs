//! The list of sources: renamed, moved, removed, addresses merged. Folders are added in [`super::folders`].

use tracing::{info, warn};

use super::PlaybackService;
use super::auth::AuthService;
use super::connection::ConnectionService;
use super::sync::SyncService;
use crate::models::{ConnectionList, ServerConnection, ServerUrl, Source, SourceId, SourceKind};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::images::ImageService;
use crate::services::{AppContext, Result, ServiceError};

/// Manages the list of sources.
pub struct SourceService;

impl SourceService {
    /// All sources in the user's order.
    pub async fn list(ctx: &AppContext) -> Result<Vec<Source>> {
        Ok(ctx.db.sources().list().await?)
    }

    /// One source.
    pub async fn get(ctx: &AppContext, id: SourceId) -> Result<Source> {
        Ok(ctx.db.sources().get(id).await?)
    }

    /// Moves a source to a place in the user's order: 0 is the first.
    pub async fn move_to(ctx: &AppContext, id: SourceId, place: usize) -> Result<()> {
        ctx.db.sources().move_to(id, place).await?;
        ctx.events.publish(Event::SourceChanged(id));
        Ok(())
    }

    /// Switches a source on or off. One that is off keeps everything, and takes part in nothing: no request goes
    /// to its server, and it is left out where sources are shown together.
    pub async fn set_enabled(ctx: &AppContext, id: SourceId, enabled: bool) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        if !enabled {
            PlaybackService::end_all_of(ctx, id).await;
        }
        if !ctx.db.sources().set_enabled(id, enabled).await? {
            return Ok(());
        }
        info!(source_id = %id, enabled, "source switched");
        if enabled {
            ctx.connectivity.welcome(id);
        } else {
            SyncService::cancel(ctx, id);
            ctx.db.verdicts().remove(id).await?;
            ctx.connections.verdict_ended(id);
            ctx.db.sources().set_online(id, false).await?;
            ctx.connectivity.leave(id);
        }
        ctx.events.publish(Event::SourceChanged(id));
        if enabled && source.kind != SourceKind::Local {
            ConnectionService::settle_in(ctx, id).await;
        }
        Ok(())
    }

    /// Gives a source another name.
    pub async fn rename(ctx: &AppContext, id: SourceId, name: &str) -> Result<()> {
        let name = name.trim();
        if name.is_empty() {
            return Err(ServiceError::Unknown("name"));
        }
        ctx.db.sources().rename(id, name).await?;
        ctx.events.publish(Event::SourceChanged(id));
        Ok(())
    }

    /// Removes a source with everything that is kept of it here. Nothing is deleted on the server; it is
    /// asked to forget this device, whether it answers or not. The source is gone before that: the last event is
    /// published first.
    pub async fn remove(ctx: &AppContext, id: SourceId) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        SyncService::cancel(ctx, id);
        PlaybackService::end_all_of(ctx, id).await;
        let sign_out = AuthService::prepare_sign_out(ctx, &source).await;
        ctx.db.sources().remove(id).await?;
        if let Err(error) = ctx.secrets.remove(id).await {
            warn!(%error, source_id = %id, "the token of a removed source could not be forgotten");
        }
        ctx.connections.forget(id);
        ctx.connectivity.leave(id);
        ctx.http.forget_answers(id);
        ctx.retries.remove(id);
        ctx.trackers.retain(|connection| connection.source() != id);
        ctx.breaker.clear_source(id);
        for folder in &source.folders {
            ctx.folder_looks.forget(&folder.path);
        }
        ImageService::forget(ctx, id).await;
        ctx.events.publish(Event::SourceRemoved(id));
        AuthService::forget_plex_account(ctx, &source).await;
        if let Some(sign_out) = sign_out {
            sign_out.finish().await;
        }
        Ok(())
    }

    /// Merges the addresses that a server has now into the stored ones: those that the user typed or accepted stay,
    /// and so do those learnt in the local network, and measurements of addresses that stay.
    pub fn merge_connections(known: &ConnectionList, fresh: Vec<ServerConnection>) -> ConnectionList {
        let mut merged: Vec<ServerConnection> = fresh
            .into_iter()
            .map(|mut connection| {
                if let Some(old) = known.connections.iter().find(|old| old.uri == connection.uri) {
                    connection.priority = old.priority;
                    connection.is_available = old.is_available;
                    connection.response_time_ms = old.response_time_ms;
                    connection.typed |= old.typed;
                    connection.accepted = old.accepted;
                    connection.pinned = old.pinned;
                }
                connection
            })
            .collect();
        let stays = |old: &&ServerConnection| old.typed || old.accepted || old.learnt.is_some();
        for old in known.connections.iter().filter(stays) {
            if !merged.iter().any(|connection| connection.uri == old.uri) {
                merged.push(old.clone());
            }
        }
        ConnectionList { connections: merged, last_check: known.last_check }
    }

    /// Looks for a server at a further address and adds it to the source's connections.
    ///
    /// # Errors
    /// `Address` when nothing answers there, `WrongServer` when it is another server.
    pub async fn add_address(ctx: &AppContext, id: SourceId, address: &str) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        let found = AuthService::find_server(ctx, source.kind, address).await?;
        if source.machine_id.as_ref() != Some(&found.identity.machine_id) {
            return Err(crate::backends::BackendError::new(ErrorKind::WrongServer, "add address").into());
        }
        let fresh = super::auth::typed(&found);
        let add = |list: &mut ConnectionList| match list
            .connections
            .iter_mut()
            .find(|known| known.uri == fresh.uri)
        {
            Some(known) => known.typed = true,
            None => list.connections.push(fresh),
        };
        ctx.db.sources().edit_connections(id, add).await?;
        ctx.events.publish(Event::SourceChanged(id));
        Ok(())
    }

    /// Takes back an address that the user has typed. Those that the server or the account tell of would come
    /// back.
    ///
    /// # Errors
    /// `Unknown` when the user has typed no such address.
    pub async fn remove_address(ctx: &AppContext, id: SourceId, address: &ServerUrl) -> Result<()> {
        must_have(ctx, id, "address", |known| known.uri == *address && known.typed).await?;
        let remove = |list: &mut ConnectionList| {
            list.connections.retain(|known| known.uri != *address || !known.typed);
            list.uncover();
        };
        ctx.db.sources().edit_connections(id, remove).await?;
        ctx.db.verdicts().remove(id).await?;
        ctx.connections.verdict_ended(id);
        ctx.events.publish(Event::SourceChanged(id));
        Ok(())
    }

    /// Allows requests with credentials to an address that is not encrypted, or that nothing vouches for; to this one
    /// and no other.
    ///
    /// # Errors
    /// `Unknown` when it is none of the source's.
    pub async fn accept_unencrypted(ctx: &AppContext, id: SourceId, address: &ServerUrl) -> Result<()> {
        must_have(ctx, id, "connection", |known| known.uri == *address).await?;
        let accept = |list: &mut ConnectionList| {
            for known in list.connections.iter_mut().filter(|known| known.uri == *address) {
                known.accepted = true;
            }
        };
        ctx.db.sources().edit_connections(id, accept).await?;
        ctx.events.publish(Event::SourceChanged(id));
        Ok(())
    }
}

/// `Unknown(what)` unless a source has such an address.
async fn must_have(
    ctx: &AppContext,
    id: SourceId,
    what: &'static str,
    is_it: impl Fn(&ServerConnection) -> bool,
) -> Result<()> {
    let source = ctx.db.sources().get(id).await?;
    let found = source.connections.connections.iter().any(is_it);
    if found { Ok(()) } else { Err(ServiceError::Unknown(what)) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{Learnt, Tier};

    #[test]
    fn typed_and_learnt_addresses_and_measurements_survive_a_refresh() {
        let connection = |uri: &str| ServerConnection::new(uri.parse().unwrap(), Tier::Remote);
        let mut typed = connection("http://10.0.0.2:32400");
        typed.typed = true;
        let mut measured = connection("https://a.example");
        measured.response_time_ms = Some(12);
        let mut accepted = connection("http://accepted.example");
        accepted.accepted = true;
        let gone = connection("https://gone.example");
        let mut learnt = connection("https://192.0.2.9:32400");
        learnt.learnt = Some(Learnt::Unproven);
        let mut listed = connection("https://new.example");
        listed.learnt = Some(Learnt::Unproven);
        let connections = vec![typed, accepted, measured, gone, learnt, listed];
        let known = ConnectionList { connections, last_check: None };
        let merged = SourceService::merge_connections(
            &known,
            vec![connection("https://a.example"), connection("https://new.example")],
        );
        let uris: Vec<_> = merged.connections.iter().map(|c| c.uri.to_string()).collect();
        let kept = ["http://10.0.0.2:32400", "http://accepted.example", "https://192.0.2.9:32400"];
        assert_eq!(uris, [["https://a.example", "https://new.example"].as_slice(), &kept].concat());
        assert_eq!(merged.connections[1].learnt, None, "the account says so too");
        assert_eq!(merged.connections[0].response_time_ms, Some(12));
    }
}
