//! Signing in: from what a person types to a stored source.
//!
//! No credential is sent to an address before it has shown who it is, and nothing is stored before the server
//! has let us in.

use std::time::Duration;

use secrecy::SecretString;
use tracing::info;
use uuid::Uuid;

use super::connection::{ConnectionService, identify};
use super::sources::SourceService;
use crate::backends::plex::tv::{Pin, PinState, PlexServer, PlexTv};
use crate::backends::{AuthProvider, BackendError, ServerIdentity, jellyfin, plex};
use crate::models::{
    AuthStatus, ConnectionList, NewSource, ServerConnection, ServerUrl, Source, SourceId, SourceKind,
    SourceUser,
};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::installation::identity;
use crate::services::{AddressProblem, AppContext, Result, ServiceError, SignInProblem};

mod address;

pub use address::candidates;

/// A Jellyfin server that was found at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundServer {
    /// Where it answered.
    pub url: ServerUrl,
    /// Who it is.
    pub identity: ServerIdentity,
    /// How fast it answered.
    pub rtt: Duration,
}

/// What the account at plex.tv has given us: enough to add its servers.
#[derive(Debug, Clone)]
pub struct PlexAccount {
    /// Id of the account.
    pub id: String,
    /// Its shown name.
    pub name: String,
    /// Its servers; owned ones first, then those of the home, then shared ones.
    pub servers: Vec<PlexServer>,
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

    /// Adds a Jellyfin server with a user name and a password. The password is exchanged for a token and
    /// forgotten.
    ///
    /// # Errors
    /// `Address`, `SignIn` or `Duplicate`; nothing is stored then.
    pub async fn add_jellyfin(
        ctx: &AppContext,
        address: &str,
        user_name: &str,
        password: &SecretString,
    ) -> Result<SourceId> {
        let server = Self::find_server(ctx, SourceKind::Jellyfin, address).await?;
        Self::sign_in_jellyfin(ctx, &server, user_name, password).await
    }

    /// Adds a found Jellyfin server with a user name and a password.
    pub async fn sign_in_jellyfin(
        ctx: &AppContext,
        server: &FoundServer,
        user_name: &str,
        password: &SecretString,
    ) -> Result<SourceId> {
        let device_id = Uuid::new_v4().to_string();
        let client = identity(&device_id);
        let session = jellyfin::sign_in::with_password(&ctx.http, &server.url, &client, user_name, password)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Unauthorized => ServiceError::SignIn(SignInProblem::WrongPassword),
                ErrorKind::Forbidden => ServiceError::SignIn(SignInProblem::NotAllowed),
                _ => error.into(),
            })?;
        if session.server != server.identity.machine_id {
            return Err(BackendError::new(ErrorKind::WrongServer, "sign in").into());
        }
        let source = NewSource {
            kind: SourceKind::Jellyfin,
            name: server.identity.name.clone().unwrap_or_else(|| host_name(&server.url)),
            connection_url: Some(server.url.clone()),
            connections: ConnectionList { connections: vec![typed(server)], last_check: None },
            machine_id: Some(server.identity.machine_id.clone()),
            user: Some(SourceUser { id: session.user_id, name: session.user_name }),
            device_id,
            folder: None,
            folder_kind: None,
        };
        Self::store(ctx, source, &session.token).await
    }

    /// Adds a Plex server at an address with a token of its own, without plex.tv.
    pub async fn add_plex_by_token(
        ctx: &AppContext,
        address: &str,
        token: &SecretString,
    ) -> Result<SourceId> {
        let server = Self::find_server(ctx, SourceKind::Plex, address).await?;
        let client = identity(&ctx.installation);
        let auth = AuthProvider::Plex { token: token.clone(), client };
        let backend = plex::PlexBackend::from_auth(&auth, &server.url, &ctx.http)?;
        let name = backend
            .server_identity()
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Unauthorized | ErrorKind::Forbidden => {
                    ServiceError::SignIn(SignInProblem::WrongToken)
                }
                _ => error.into(),
            })?
            .name;
        let source = NewSource {
            kind: SourceKind::Plex,
            name: name.unwrap_or_else(|| host_name(&server.url)),
            connection_url: Some(server.url.clone()),
            connections: ConnectionList { connections: vec![typed(&server)], last_check: None },
            machine_id: Some(server.identity.machine_id.clone()),
            user: None,
            device_id: ctx.installation.clone(),
            folder: None,
            folder_kind: None,
        };
        Self::store(ctx, source, token).await
    }

    /// plex.tv, as this installation.
    pub fn plex_tv(ctx: &AppContext) -> PlexTv {
        PlexTv::new(&ctx.http, ctx.plex_tv.clone(), identity(&ctx.installation))
    }

    /// Waits until the user has confirmed a code in the browser. Passing trouble of the network does not end
    /// the waiting; dropping the future does.
    ///
    /// # Errors
    /// `SignIn(CodeExpired)`.
    pub async fn wait_for_pin(tv: &PlexTv, pin: &Pin) -> Result<SecretString> {
        /// plex.tv allows one question a second; two are kinder.
        const INTERVAL: Duration = Duration::from_secs(2);
        loop {
            match tv.poll_pin(pin).await {
                Ok(PinState::Approved(token)) => return Ok(token),
                Ok(PinState::Expired) => return Err(ServiceError::SignIn(SignInProblem::CodeExpired)),
                Ok(PinState::Waiting) => {}
                Err(error) if error.kind().may_pass() => {}
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// The account behind a token of plex.tv, and its servers.
    pub async fn plex_account(ctx: &AppContext, token: &SecretString) -> Result<PlexAccount> {
        let tv = Self::plex_tv(ctx);
        let account = tv.account(token).await.map_err(|error| match error.kind() {
            ErrorKind::Unauthorized => ServiceError::SignIn(SignInProblem::WrongToken),
            _ => error.into(),
        })?;
        let mut servers = tv.servers(token).await?;
        servers.sort_by_key(|server| (!server.owned, !server.home, server.name.clone()));
        Ok(PlexAccount { id: account.uuid, name: account.name, servers })
    }

    /// Adds a server of an account, with the server's own token.
    pub async fn add_plex_server(
        ctx: &AppContext,
        account: &PlexAccount,
        server: &PlexServer,
    ) -> Result<SourceId> {
        let source = NewSource {
            kind: SourceKind::Plex,
            name: server.name.clone(),
            connection_url: server.connections.first().map(|connection| connection.uri.clone()),
            connections: ConnectionList { connections: server.connections.clone(), last_check: None },
            machine_id: Some(server.machine_id.clone()),
            user: Some(SourceUser { id: account.id.clone(), name: account.name.clone() }),
            device_id: ctx.installation.clone(),
            folder: None,
            folder_kind: None,
        };
        Self::store(ctx, source, &server.access_token).await
    }

    /// Stores a source and its token. A source of the same server and user that needs a sign-in is used
    /// again, with everything it holds.
    async fn store(ctx: &AppContext, source: NewSource, token: &SecretString) -> Result<SourceId> {
        if let Some(machine_id) = &source.machine_id {
            let user = source.user.as_ref().map(|user| user.id.as_str());
            if let Some(known) = ctx.db.sources().find(source.kind, machine_id, user).await? {
                return Self::renew(ctx, &known, source, token).await;
            }
        }
        let id = ctx.db.sources().insert(&source).await?;
        if let Err(error) = ctx.secrets.set(id, token).await {
            ctx.db.sources().remove(id).await?;
            return Err(error.into());
        }
        info!(source_id = %id, kind = %source.kind, "source added");
        ctx.events.publish(Event::SourceAdded(id));
        ConnectionService::settle_in(ctx, id).await;
        Ok(id)
    }

    async fn renew(
        ctx: &AppContext,
        known: &Source,
        fresh: NewSource,
        token: &SecretString,
    ) -> Result<SourceId> {
        let signed_out =
            known.auth_status == AuthStatus::SignInNeeded || ctx.secrets.get(known.id).await?.is_none();
        if !signed_out {
            return Err(ServiceError::Duplicate(known.id));
        }
        ctx.secrets.set(known.id, token).await?;
        let addresses = fresh.connections.connections;
        let merge = |list: &mut ConnectionList| *list = SourceService::merge_connections(list, addresses);
        ctx.db.sources().edit_connections(known.id, merge).await?;
        if let Some(url) = &fresh.connection_url {
            ctx.db.sources().set_connection_url(known.id, url).await?;
        }
        ctx.db.sources().set_auth_status(known.id, AuthStatus::SignedIn).await?;
        ctx.db.verdicts().remove(known.id).await?;
        ctx.events.publish(Event::SourceChanged(known.id));
        Ok(known.id)
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
