//! Signing in: from what a person types to a stored source, and staying signed in.
//!
//! - [`address`]: what a person types for a server. Pure.
//! - [`find`]: from an address to the server that answers there, and which of its certificates are good.
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
mod find;
mod jellyfin;
mod people;
mod plex;
mod plex_link;
mod renewal;
mod resources;
mod sign_out;

use secrecy::SecretString;
use tracing::info;

pub use address::candidates;
pub(in crate::services) use address::tier_of;
pub use find::FoundServer;
pub use jellyfin::{PublicUser, QuickConnect};
pub use plex::PlexAccount;
pub use plex_link::{LINK_PAGE, LinkNews, PlexLink};
pub(super) use renewal::Renewal;
pub(crate) use renewal::Renewals;
pub use resources::ResourceSummary;

use super::connection::ConnectionService;
use super::sources::SourceService;
use crate::db::TrustedCertificate;
use crate::models::{AuthStatus, ConnectionList, NewSource, ServerConnection, ServerUrl, Source, SourceId};
use crate::net::{ErrorKind, NetError};
use crate::services::events::Event;
use crate::services::trust::TrustService;
use crate::services::{AppContext, Result, ServiceError};

/// What a sign-in gives to a source that is there already.
struct Gained {
    token: SecretString,
    /// Addresses that are known by it; none for those that the source has.
    connections: Vec<ServerConnection>,
    /// Certificates that were accepted on the way.
    accepted: Vec<TrustedCertificate>,
}

impl Gained {
    fn token(token: SecretString) -> Self {
        Self { token, connections: Vec::new(), accepted: Vec::new() }
    }
}

/// Signs in and adds sources.
pub struct AuthService;

impl AuthService {
    /// Stores a source and its token, and finds its connection. A source of the same server and user that needs
    /// a sign-in is used again, with everything it holds.
    async fn store(
        ctx: &AppContext,
        source: NewSource,
        token: &SecretString,
        accepted: &[TrustedCertificate],
    ) -> Result<SourceId> {
        // In a task: whoever gives up meanwhile must not leave half a source.
        let (owned, token, accepted) = (ctx.clone(), token.clone(), accepted.to_vec());
        let inserted =
            tokio::spawn(async move { Self::insert_trusting(&owned, source, &token, accepted).await });
        let ended = |_| NetError::new(ErrorKind::Storage, "storing a source was broken off");
        let id = inserted.await.map_err(ended)??;
        ConnectionService::settle_in(ctx, id).await;
        Ok(id)
    }

    async fn insert(ctx: &AppContext, source: NewSource, token: &SecretString) -> Result<SourceId> {
        Self::insert_trusting(ctx, source, token, Vec::new()).await
    }

    /// Stores a source with its token and with the certificates that were accepted for it: nobody hears of it before.
    async fn insert_trusting(
        ctx: &AppContext,
        source: NewSource,
        token: &SecretString,
        accepted: Vec<TrustedCertificate>,
    ) -> Result<SourceId> {
        if let Some(machine_id) = &source.machine_id {
            let user = source.user.as_ref().map(|user| user.id.as_str());
            if let Some(known) = ctx.db.sources().find(source.kind, machine_id, user).await? {
                if !Self::is_signed_out(ctx, &known).await {
                    return Err(ServiceError::Duplicate(known.id));
                }
                let connections = source.connections.connections;
                let gained = Gained { token: token.clone(), connections, accepted };
                Self::renew(ctx, &known, gained).await?;
                return Ok(known.id);
            }
        }
        let id = ctx.db.sources().insert(&source).await?;
        let trusted = TrustService::take_over(ctx, id, &accepted).await;
        let kept = ctx.secrets.set(id, token).await.map_err(ServiceError::from);
        if let Err(error) = trusted.and(kept) {
            ctx.db.sources().remove(id).await?;
            return Err(error);
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
        TrustService::take_over(ctx, source.id, &gained.accepted).await?;
        ctx.db.sources().set_auth_status(source.id, AuthStatus::SignedIn).await?;
        ctx.db.verdicts().remove(source.id).await?;
        ctx.connections.verdict_ended(source.id);
        info!(source_id = %source.id, "signed in again");
        ctx.events.publish(Event::SourceChanged(source.id));
        Ok(())
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
