//! Signing in to Plex: the account and its Home, its servers; or a server by its token.
//!
//! The account's token goes to plex.tv only and is kept, so that addresses and server tokens can be learnt
//! anew. Every source has its server's own token.

use futures::future::join_all;
use secrecy::SecretString;
use tracing::debug;
use url::Url;

use super::sign_out::SIGN_OUT_LIMIT;
use super::{AuthService, FoundServer, Gained, typed};
use crate::backends::plex::PlexBackend;
use crate::backends::plex::tv::{HomeUser, PlexServer, PlexTv};
use crate::backends::{AuthProvider, MediaRequest, ServerIdentity};
use crate::models::{ConnectionList, MachineId, NewSource, Source, SourceId, SourceKind, SourceUser};
use crate::net::ErrorKind;
use crate::services::core::ConnectionService;
use crate::services::credentials::CredentialKey;
use crate::services::installation::identity;
use crate::services::{AppContext, Result, ServiceError, SignInProblem};

/// What the account at plex.tv has given us: enough to add its servers.
#[derive(Debug, Clone)]
pub struct PlexAccount {
    /// Id of the account, or of the user of a Home.
    pub id: String,
    /// Its shown name.
    pub name: String,
    /// Whether it belongs to a Home with several users.
    pub home: bool,
    /// Its token, for plex.tv only.
    pub token: SecretString,
    /// Its servers; owned ones first, then those of the home, then shared ones.
    pub servers: Vec<PlexServer>,
}

impl AuthService {
    /// plex.tv, as this installation.
    pub fn plex_tv(ctx: &AppContext) -> PlexTv {
        PlexTv::new(&ctx.http, ctx.plex_tv.clone(), identity(&ctx.installation))
    }

    /// The account behind a token of plex.tv, and its servers.
    ///
    /// # Errors
    /// `SignIn(WrongToken)`, or a network kind.
    pub async fn plex_account(ctx: &AppContext, token: &SecretString) -> Result<PlexAccount> {
        let tv = Self::plex_tv(ctx);
        let account = tv.account(token).await.map_err(|error| match error.kind() {
            ErrorKind::Unauthorized => ServiceError::SignIn(SignInProblem::WrongToken),
            _ => error.into(),
        })?;
        let servers = servers(&tv, token).await?;
        Ok(PlexAccount {
            id: account.uuid,
            name: account.name,
            home: account.home,
            token: token.clone(),
            servers,
        })
    }

    /// The users of the account's Home; none for an account without one.
    ///
    /// # Errors
    /// A network kind.
    pub async fn plex_home_users(ctx: &AppContext, account: &PlexAccount) -> Result<Vec<HomeUser>> {
        if !account.home {
            return Ok(Vec::new());
        }
        Ok(Self::plex_tv(ctx).home_users(&account.token).await?)
    }

    /// Where the picture of a user of a Home is; nothing when the address cannot be one. No credential goes there.
    pub fn plex_portrait(ctx: &AppContext, user: &HomeUser) -> Option<MediaRequest> {
        let url = Url::parse(user.picture.as_deref()?).ok()?;
        let of_plex_tv = || url.origin() == ctx.plex_tv.join("").origin();
        (url.scheme() == "https" || of_plex_tv()).then_some(MediaRequest { url, headers: Vec::new() })
    }

    /// Becomes a user of the account's Home, with the servers of that user.
    ///
    /// # Errors
    /// `SignIn(WrongPin)`: ask again, nobody is signed out. `SignIn(AccountSignedOut)` when the account's token
    /// is dead, `SignIn(NotAllowed)` when the user may not be switched to.
    pub async fn switch_plex_user(
        ctx: &AppContext,
        account: &PlexAccount,
        user: &HomeUser,
        pin: Option<&SecretString>,
    ) -> Result<PlexAccount> {
        let tv = Self::plex_tv(ctx);
        let (switched, token) = match tv.switch_user(&account.token, &user.uuid, pin).await {
            Ok(switched) => switched,
            Err(error) if matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden) => {
                let problem = match tv.account(&account.token).await {
                    Err(dead) if dead.kind() == ErrorKind::Unauthorized => SignInProblem::AccountSignedOut,
                    _ if user.protected => SignInProblem::WrongPin,
                    _ => SignInProblem::NotAllowed,
                };
                return Err(ServiceError::SignIn(problem));
            }
            Err(error) => return Err(error.into()),
        };
        let servers = servers(&tv, &token).await?;
        Ok(PlexAccount { id: switched.uuid, name: switched.name, home: account.home, token, servers })
    }

    /// Adds a server of an account, with the server's own token.
    ///
    /// # Errors
    /// `Duplicate`, or what storing fails with.
    pub async fn add_plex_server(
        ctx: &AppContext,
        account: &PlexAccount,
        server: &PlexServer,
    ) -> Result<SourceId> {
        let mut added = Self::add_plex_servers(ctx, account, std::slice::from_ref(server)).await?;
        added.pop().unwrap_or(Err(ServiceError::SignIn(SignInProblem::NoServer)))
    }

    /// Adds servers of an account, each as a source of its own. What became of each is told in their order: one
    /// that is there already does not stop the others.
    ///
    /// # Errors
    /// `SignIn(NoServer)` without any; `Credentials` when the account's token cannot be kept.
    pub async fn add_plex_servers(
        ctx: &AppContext,
        account: &PlexAccount,
        servers: &[PlexServer],
    ) -> Result<Vec<Result<SourceId>>> {
        if servers.is_empty() {
            return Err(ServiceError::SignIn(SignInProblem::NoServer));
        }
        ctx.secrets.set(CredentialKey::plex_account(&account.id), &account.token).await?;
        let mut added = Vec::new();
        for server in servers {
            added.push(Self::insert(ctx, new_source(ctx, account, server), &server.access_token).await);
        }
        let ids = added.iter().flatten();
        join_all(ids.map(|id| ConnectionService::settle_in(ctx, *id))).await;
        Ok(added)
    }

    /// Signs in again to the server of a source with the account of its user, and to all others of the same
    /// user.
    ///
    /// # Errors
    /// `SignIn(OtherUser)` when it is the account of somebody else, `SignIn(NoServer)` when it may not use the
    /// server.
    pub async fn sign_in_again_plex(ctx: &AppContext, id: SourceId, account: &PlexAccount) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        if source.user.as_ref().is_some_and(|user| user.id != account.id) {
            return Err(ServiceError::SignIn(SignInProblem::OtherUser));
        }
        let server = of_machine(&account.servers, source.machine_id.as_ref())
            .ok_or(ServiceError::SignIn(SignInProblem::NoServer))?;
        if source.user.is_some() {
            ctx.secrets.set(CredentialKey::plex_account(&account.id), &account.token).await?;
            Self::take_servers(ctx, &account.id, &account.servers).await?;
        }
        let connections = server.connections.clone();
        let gained = Gained { connections, ..Gained::token(server.access_token.clone()) };
        Self::renew(ctx, &source, gained).await
    }

    /// Adds a Plex server at an address with a token of its own, without plex.tv.
    ///
    /// # Errors
    /// `Address`, `SignIn(WrongToken)` or `Duplicate`; nothing is stored then.
    pub async fn add_plex_by_token(
        ctx: &AppContext,
        address: &str,
        token: &SecretString,
    ) -> Result<SourceId> {
        let server = Self::find_server(ctx, SourceKind::Plex, address).await?;
        Self::add_found_plex(ctx, &server, token).await
    }

    /// Adds a found Plex server with a token of its own, without plex.tv.
    ///
    /// # Errors
    /// `SignIn(WrongToken)` or `Duplicate`; nothing is stored then.
    pub async fn add_found_plex(
        ctx: &AppContext,
        server: &FoundServer,
        token: &SecretString,
    ) -> Result<SourceId> {
        let name = check_token(ctx, server, token).await?.name;
        let source = NewSource {
            kind: SourceKind::Plex,
            name: name.unwrap_or_else(|| server.name()),
            connection_url: Some(server.url.clone()),
            connections: ConnectionList { connections: vec![typed(server)], last_check: None },
            machine_id: Some(server.identity.machine_id.clone()),
            user: None,
            device_id: ctx.installation.clone(),
            folders: Vec::new(),
        };
        Self::store(ctx, source, token, &server.accepted).await
    }

    /// Signs in again to the server of a source with a token of its own.
    ///
    /// # Errors
    /// `SignIn(WrongToken)`; `Offline` when the server cannot be asked.
    pub async fn sign_in_again_plex_token(
        ctx: &AppContext,
        id: SourceId,
        token: &SecretString,
    ) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        let server = Self::server_of(ctx, &source).await?;
        check_token(ctx, &server, token).await?;
        Self::renew(ctx, &source, Gained::token(token.clone())).await
    }

    /// Ends the sign-in of an account that no source needs any more: here in any case, at plex.tv if it can be
    /// reached.
    pub(in crate::services::core) async fn forget_plex_account(ctx: &AppContext, removed: &Source) {
        let (SourceKind::Plex, Some(user)) = (removed.kind, &removed.user) else { return };
        let still_needed = match ctx.db.sources().list().await {
            Ok(sources) => sources.iter().any(|source| is_of(source, &user.id)),
            Err(_) => true,
        };
        if still_needed {
            return;
        }
        let key = CredentialKey::plex_account(&user.id);
        if let Ok(Some(token)) = ctx.secrets.get(key.clone()).await {
            let tv = Self::plex_tv(ctx);
            let ended = tokio::time::timeout(SIGN_OUT_LIMIT, tv.sign_out(&token)).await;
            if !matches!(ended, Ok(Ok(()))) {
                debug!("the sign-out did not reach plex.tv");
            }
        }
        if let Err(error) = ctx.secrets.remove(key).await {
            debug!(%error, "the token of an account could not be forgotten");
        }
    }
}

/// Whether a source belongs to a user of plex.tv.
pub(super) fn is_of(source: &Source, account: &str) -> bool {
    source.kind == SourceKind::Plex && source.user.as_ref().is_some_and(|user| user.id == account)
}

/// The server with a machine id.
pub(super) fn of_machine<'a>(
    servers: &'a [PlexServer],
    machine_id: Option<&MachineId>,
) -> Option<&'a PlexServer> {
    servers.iter().find(|server| Some(&server.machine_id) == machine_id)
}

async fn servers(tv: &PlexTv, token: &SecretString) -> Result<Vec<PlexServer>> {
    let mut servers = tv.servers(token).await?;
    servers.sort_by_key(|server| (!server.owned, !server.home, server.name.clone()));
    Ok(servers)
}

fn new_source(ctx: &AppContext, account: &PlexAccount, server: &PlexServer) -> NewSource {
    NewSource {
        kind: SourceKind::Plex,
        name: server.name.clone(),
        connection_url: server.connections.first().map(|connection| connection.uri.clone()),
        connections: ConnectionList { connections: server.connections.clone(), last_check: None },
        machine_id: Some(server.machine_id.clone()),
        user: Some(SourceUser { id: account.id.clone(), name: account.name.clone() }),
        device_id: ctx.installation.clone(),
        folders: Vec::new(),
    }
}

/// Who a server says that it is to somebody with this token.
async fn check_token(ctx: &AppContext, server: &FoundServer, token: &SecretString) -> Result<ServerIdentity> {
    let auth = AuthProvider::Plex { token: token.clone(), client: identity(&ctx.installation) };
    let backend = PlexBackend::from_auth(&auth, &server.url, &server.pool(ctx))?;
    backend.server_identity().await.map_err(|error| match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::Forbidden => ServiceError::SignIn(SignInProblem::WrongToken),
        _ => error.into(),
    })
}
