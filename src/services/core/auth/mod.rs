//! Signing in: from what a person types to a stored source, and staying signed in.
//!
//! - [`address`]: what a person types for a server. Pure.
//! - [`jellyfin`]: password and Quick Connect.
//! - [`plex_link`]: an account of plex.tv, agreed to in the browser or by a code.
//! - [`plex`]: account, Home, the servers of an account, a server by its token.
//! - [`people`]: another user of a server that is a source already.
//! - [`resources`]: the lists of servers that accounts have, brought up to date.
//! - [`renewal`]: another token for one that a server refuses.
//! - [`sign_out`]: the end of a sign-in.
//!
//! No credential is sent to an address before it has shown who it is, and nothing is stored before the server
//! has let us in. Signing in again uses the source with everything that it holds.

mod address;
mod jellyfin;
mod people;
mod plex;
mod plex_link;
mod renewal;
mod resources;
mod sign_out;

use std::time::Duration;

use secrecy::SecretString;
use tracing::info;

pub use address::candidates;
pub(in crate::services) use address::tier_of;
pub use jellyfin::{PublicUser, QuickConnect};
pub use plex::PlexAccount;
pub use plex_link::{LINK_PAGE, LinkNews, PlexLink};
pub(super) use renewal::Renewal;
pub(crate) use renewal::Renewals;
pub use resources::ResourceSummary;

use super::connection::{ConnectionService, identify};
use super::sources::SourceService;
use crate::backends::{BackendError, ServerIdentity};
use crate::models::{
    AuthStatus, ConnectionList, NewSource, ServerConnection, ServerUrl, Source, SourceId, SourceKind,
};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::{AddressProblem, AppContext, Result, ServiceError};

/// A server that was found at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundServer {
    /// Where it answered.
    pub url: ServerUrl,
    /// Who it is.
    pub identity: ServerIdentity,
    /// How fast it answered.
    pub rtt: Duration,
}

/// What a sign-in gives to a source that is there already.
struct Gained {
    token: SecretString,
    /// Addresses that are known by it; none for those that the source has.
    connections: Vec<ServerConnection>,
}

impl Gained {
    fn token(token: SecretString) -> Self {
        Self { token, connections: Vec::new() }
    }
}

/// Signs in and adds sources.
pub struct AuthService;

impl AuthService {
    /// Finds the server of a kind at what a person typed. Schemes and ports that may be meant are tried at
    /// the same time; `https` is preferred among those that answer.
    ///
    /// # Errors
    /// [`ServiceError::Address`] with the most telling reason.
    pub async fn find_server(ctx: &AppContext, kind: SourceKind, text: &str) -> Result<FoundServer> {
        let urls = candidates(text, kind).map_err(ServiceError::Address)?;
        let checks = urls.into_iter().map(|url| async move {
            match identify(&ctx.http, kind, &url).await {
                Ok(found) => {
                    Ok(FoundServer { url, identity: found.identity, rtt: found.timings.round_trip() })
                }
                Err(error) => Err(AddressProblem::from(error)),
            }
        });
        let mut problems = Vec::new();
        let mut found: Option<FoundServer> = None;
        for answer in futures::future::join_all(checks).await {
            match answer {
                Ok(server) if found.as_ref().is_none_or(|best| !best.url.is_tls() && server.url.is_tls()) => {
                    found = Some(server);
                }
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        found.ok_or_else(|| ServiceError::Address(address::most_telling(problems)))
    }

    /// Stores a source and its token, and finds its connection. A source of the same server and user that needs
    /// a sign-in is used again, with everything it holds.
    async fn store(ctx: &AppContext, source: NewSource, token: &SecretString) -> Result<SourceId> {
        let id = Self::insert(ctx, source, token).await?;
        ConnectionService::settle_in(ctx, id).await;
        Ok(id)
    }

    async fn insert(ctx: &AppContext, source: NewSource, token: &SecretString) -> Result<SourceId> {
        if let Some(machine_id) = &source.machine_id {
            let user = source.user.as_ref().map(|user| user.id.as_str());
            if let Some(known) = ctx.db.sources().find(source.kind, machine_id, user).await? {
                if !Self::is_signed_out(ctx, &known).await {
                    return Err(ServiceError::Duplicate(known.id));
                }
                let gained = Gained { token: token.clone(), connections: source.connections.connections };
                Self::renew(ctx, &known, gained).await?;
                return Ok(known.id);
            }
        }
        let id = ctx.db.sources().insert(&source).await?;
        if let Err(error) = ctx.secrets.set(id, token).await {
            ctx.db.sources().remove(id).await?;
            return Err(error.into());
        }
        info!(source_id = %id, kind = %source.kind, "source added");
        ctx.events.publish(Event::SourceAdded(id));
        Ok(id)
    }

    /// Whether a person would have to sign in to use a source.
    async fn is_signed_out(ctx: &AppContext, source: &Source) -> bool {
        source.auth_status == AuthStatus::SignInNeeded
            || !matches!(ctx.secrets.get(source.id).await, Ok(Some(_)))
    }

    /// Gives a source what a new sign-in of its user has brought.
    async fn renew(ctx: &AppContext, source: &Source, gained: Gained) -> Result<()> {
        ctx.secrets.set(source.id, &gained.token).await?;
        if !gained.connections.is_empty() {
            let merge = |list: &mut ConnectionList| {
                *list = SourceService::merge_connections(list, gained.connections);
            };
            ctx.db.sources().edit_connections(source.id, merge).await?;
        }
        ctx.db.sources().set_auth_status(source.id, AuthStatus::SignedIn).await?;
        ctx.db.verdicts().remove(source.id).await?;
        ctx.connections.verdict_ended(source.id);
        info!(source_id = %source.id, "signed in again");
        ctx.events.publish(Event::SourceChanged(source.id));
        Ok(())
    }

    /// The server of a source, where it answers now and has just said who it is.
    async fn server_of(ctx: &AppContext, source: &Source) -> Result<FoundServer> {
        let url = ConnectionService::select_best_connection(ctx, source.id).await?;
        let found = identify(&ctx.http, source.kind, &url)
            .await
            .map_err(|error| ServiceError::Address(AddressProblem::from(error)))?;
        if source.machine_id.as_ref() != Some(&found.identity.machine_id) {
            return Err(BackendError::new(ErrorKind::WrongServer, "sign in again").into());
        }
        Ok(FoundServer { url, identity: found.identity, rtt: found.timings.round_trip() })
    }
}

pub(super) fn typed(server: &FoundServer) -> ServerConnection {
    let mut connection = ServerConnection::new(server.url.clone(), address::tier_of(&server.url));
    connection.typed = true;
    connection.is_available = true;
    connection
}

fn host_name(url: &ServerUrl) -> String {
    url.host().map(|host| host.to_string()).unwrap_or_default()
}
