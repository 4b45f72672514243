//! The servers of the accounts, asked for again: moved addresses and new server tokens are learnt.
//!
//! A list adds and changes, and removes an address only in favour of others. A server that is not in it keeps its
//! source: the account may have lost it for a day. What cannot be asked for changes nothing. A source that was
//! added by address and token has no list: plex.tv does not hear of it.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret as _, SecretString};
use tracing::{debug, info, warn};

use super::AuthService;
use super::plex::{is_of, of_machine};
use crate::backends::plex::tv::PlexServer;
use crate::models::{AuthStatus, ConnectionList, Source, SourceId, SourceKind};
use crate::net::ErrorKind;
use crate::services::core::SourceService;
use crate::services::credentials::{CredentialError, CredentialKey};
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError, SignInProblem};

/// What the lists of the accounts have brought.
#[derive(Debug, Clone, Default)]
pub struct ResourceSummary {
    /// Sources with other addresses or another token than before.
    pub changed: Vec<SourceId>,
    /// Sources whose server is not in the list of their account.
    pub missing: Vec<SourceId>,
    /// Sources that were added without plex.tv: there is no list to ask for.
    pub unlisted: Vec<SourceId>,
    /// Accounts that could not be asked.
    pub failures: Vec<ServiceError>,
}

impl AuthService {
    /// Asks plex.tv for the servers of every account in use, and takes over what changed.
    ///
    /// # Errors
    /// `Storage` kinds. An account that cannot be asked is told in the summary.
    pub async fn refresh_plex_resources(ctx: &AppContext) -> Result<ResourceSummary> {
        let mut sources = ctx.db.sources().list().await?;
        sources.retain(|source| source.kind == SourceKind::Plex);
        let unlisted =
            sources.iter().filter(|source| source.user.is_none()).map(|source| source.id).collect();
        let mut summary = ResourceSummary { unlisted, ..ResourceSummary::default() };
        let accounts: BTreeSet<String> =
            sources.into_iter().filter_map(|source| source.user.map(|user| user.id)).collect();
        for account in accounts {
            match Self::refresh_plex_account(ctx, &account).await {
                Ok(part) => {
                    summary.changed.extend(part.changed);
                    summary.missing.extend(part.missing);
                }
                Err(error @ ServiceError::Storage(_)) => return Err(error),
                Err(error) => {
                    debug!(kind = ?error.kind(), "the servers of an account could not be listed");
                    summary.failures.push(error);
                }
            }
        }
        Ok(summary)
    }

    /// Asks plex.tv for the server of one source, and takes over what changed. Of a source that was added without
    /// plex.tv there is nothing to ask, and nothing changes: its token is its server's and goes nowhere else.
    ///
    /// # Errors
    /// `SignIn(NoServer)` when the account has no such server, `SignIn(AccountSignedOut)` when the account has to
    /// be signed in to again or was never, a network kind when plex.tv cannot be asked.
    pub async fn refresh_plex_source(ctx: &AppContext, id: SourceId) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        let Some(user) = source.user.filter(|_| source.kind == SourceKind::Plex) else { return Ok(()) };
        let summary = Self::refresh_plex_account(ctx, &user.id).await?;
        if summary.missing.contains(&id) {
            return Err(ServiceError::SignIn(SignInProblem::NoServer));
        }
        Ok(())
    }

    /// The same for one account.
    pub(super) async fn refresh_plex_account(ctx: &AppContext, account: &str) -> Result<ResourceSummary> {
        let token = match ctx.secrets.get(CredentialKey::plex_account(account)).await {
            Ok(Some(token)) => token,
            Ok(None) | Err(CredentialError::Absent) => {
                return Err(ServiceError::SignIn(SignInProblem::AccountSignedOut));
            }
            Err(error) => return Err(error.into()),
        };
        let servers = list(ctx, &token).await?;
        Self::take_servers(ctx, account, &servers).await
    }

    /// Takes over what a list says of the sources of an account.
    pub(super) async fn take_servers(
        ctx: &AppContext,
        account: &str,
        servers: &[PlexServer],
    ) -> Result<ResourceSummary> {
        let mut summary = ResourceSummary::default();
        let sources = ctx.db.sources().list().await?;
        for source in sources.into_iter().filter(|source| is_of(source, account)) {
            match of_machine(servers, source.machine_id.as_ref()) {
                None => summary.missing.push(source.id),
                Some(server) => {
                    if take_server(ctx, &source, server).await? {
                        summary.changed.push(source.id);
                    }
                }
            }
        }
        Ok(summary)
    }
}

/// The servers of an account, with a dead token told from a refusal.
async fn list(ctx: &AppContext, token: &SecretString) -> Result<Vec<PlexServer>> {
    let tv = AuthService::plex_tv(ctx);
    match tv.servers(token).await {
        Ok(servers) => Ok(servers),
        Err(error) if error.kind() == ErrorKind::Unauthorized => match tv.account(token).await {
            Err(dead) if dead.kind() == ErrorKind::Unauthorized => {
                Err(ServiceError::SignIn(SignInProblem::AccountSignedOut))
            }
            // The account is fine, or could not be asked: the refusal says nothing about the servers.
            _ => Err(ServiceError::Offline(ErrorKind::Server)),
        },
        Err(error) => Err(error.into()),
    }
}

/// Takes over addresses and token of a server; tells whether anything changed.
async fn take_server(ctx: &AppContext, source: &Source, server: &PlexServer) -> Result<bool> {
    let known = ctx.secrets.get(source.id).await.ok().flatten();
    let fresh_token = known.is_none_or(|known| known.expose_secret() != server.access_token.expose_secret());
    if fresh_token {
        // It stays in memory in any case, and the next list brings it again.
        if let Err(error) = ctx.secrets.set(source.id, &server.access_token).await {
            warn!(%error, source_id = %source.id, "a new token could not be stored");
        }
        if source.auth_status == AuthStatus::SignInNeeded {
            ctx.db.sources().set_auth_status(source.id, AuthStatus::SignedIn).await?;
        }
    }
    let merge = |list: &ConnectionList| SourceService::merge_connections(list, server.connections.clone());
    // A server that is switched off has no addresses at plex.tv: those it had may be good again.
    let moved = !server.connections.is_empty() && merge(&source.connections) != source.connections;
    if moved {
        ctx.db.sources().edit_connections(source.id, |list| *list = merge(list)).await?;
        let in_use = source.connection_url.as_ref();
        if !server.connections.iter().any(|connection| Some(&connection.uri) == in_use) {
            ctx.db.verdicts().remove(source.id).await?;
            ctx.connections.verdict_ended(source.id);
        }
    }
    if fresh_token || moved {
        info!(source_id = %source.id, fresh_token, moved, "learnt from the account's list of servers");
        ctx.events.publish(Event::SourceChanged(source.id));
    }
    Ok(fresh_token || moved)
}
