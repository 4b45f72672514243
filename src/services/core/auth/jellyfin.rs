//! Signing in to a Jellyfin, with a password or with a code that is approved elsewhere.
//!
//! A server ends the older token of a user and a device when the same two sign in again. Hence a user keeps
//! the device id of its source, and users have one each.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{AuthService, FoundServer, Gained, typed};
use crate::backends::jellyfin::quick_connect::{self, Code, CodeState};
use crate::backends::jellyfin::{self, Session, image_request, sign_in};
use crate::backends::{BackendError, MediaRequest};
use crate::models::{
    ConnectionList, ImageRequest, ImageSize, NewSource, Source, SourceId, SourceKind, SourceUser,
};
use crate::net::ErrorKind;
use crate::services::images::ImageService;
use crate::services::installation::identity;
use crate::services::{AppContext, Result, ServiceError, SignInProblem};

/// Time between two looks at a code: the server's own client takes five seconds, a person waits here.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// How long a server keeps a code.
const CODE_LIFE: Duration = Duration::from_mins(10);

/// A user that the server shows before a sign-in.
#[derive(Debug, Clone)]
pub struct PublicUser {
    /// The server's id of the user.
    pub id: String,
    /// Shown name, and the name to sign in with.
    pub name: String,
    /// Whether a password is asked for.
    pub has_password: bool,
    /// Portrait; no credential is needed for it.
    pub avatar: Option<MediaRequest>,
}

/// A code that waits for approval by somebody who is signed in elsewhere. Dropping it gives it up.
#[derive(Debug, Clone)]
pub struct QuickConnect {
    server: FoundServer,
    device_id: String,
    /// Whose sign-in it renews.
    source: Option<SourceId>,
    code: Code,
    ends: Instant,
}

impl QuickConnect {
    /// The six digits to show.
    pub fn code(&self) -> &str {
        &self.code.code
    }

    /// How long it can still be approved.
    pub fn remaining(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }
}

impl AuthService {
    /// The users that a found server shows to anybody. None at all where the administrator hides them: a
    /// name can always be typed.
    ///
    /// # Errors
    /// A network kind.
    pub async fn public_users(ctx: &AppContext, server: &FoundServer) -> Result<Vec<PublicUser>> {
        let users = sign_in::public_users(&server.pool(ctx), &server.url).await?;
        let avatar = |key| image_request(&server.url, &ImageRequest { key, size: ImageSize::Small }).ok();
        Ok(users
            .into_iter()
            .map(|user| PublicUser {
                avatar: user.image.and_then(avatar),
                id: user.id,
                name: user.name,
                has_password: user.has_password,
            })
            .collect())
    }

    /// The portrait of a user that a found server shows. `None` when there is none, or none that can be shown.
    pub async fn portrait(ctx: &AppContext, server: &FoundServer, user: &PublicUser) -> Option<Vec<u8>> {
        ImageService::passing(&server.pool(ctx), user.avatar.as_ref()?).await
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
    ///
    /// # Errors
    /// `SignIn` or `Duplicate`; nothing is stored then.
    pub async fn sign_in_jellyfin(
        ctx: &AppContext,
        server: &FoundServer,
        user_name: &str,
        password: &SecretString,
    ) -> Result<SourceId> {
        let known = Self::source_of(ctx, server, user_name).await?;
        let device_id = known.map_or_else(|| Uuid::new_v4().to_string(), |source| source.device_id);
        let session = with_password(ctx, server, &device_id, user_name, password).await?;
        Self::store_session(ctx, server, session, device_id).await
    }

    /// Signs in again to the server of a source, as its user.
    ///
    /// # Errors
    /// `SignIn(OtherUser)` for another user's name; else as when adding.
    pub async fn sign_in_again_jellyfin(
        ctx: &AppContext,
        id: SourceId,
        user_name: &str,
        password: &SecretString,
    ) -> Result<()> {
        let source = ctx.db.sources().get(id).await?;
        let server = Self::server_of(ctx, &source).await?;
        let session = with_password(ctx, &server, &source.device_id, user_name, password).await?;
        Self::take_session(ctx, &source, &server, session).await
    }

    /// Whether a found server offers to approve a code elsewhere.
    ///
    /// # Errors
    /// A network kind.
    pub async fn offers_quick_connect(ctx: &AppContext, server: &FoundServer) -> Result<bool> {
        Ok(quick_connect::is_enabled(&server.pool(ctx), &server.url).await?)
    }

    /// Asks a found server for a code that somebody who is signed in elsewhere approves.
    ///
    /// # Errors
    /// `SignIn(QuickConnectDisabled)`.
    pub async fn start_quick_connect(ctx: &AppContext, server: &FoundServer) -> Result<QuickConnect> {
        begin(ctx, server.clone(), Uuid::new_v4().to_string(), None).await
    }

    /// Asks the server of a source for a code, to sign in to it again.
    ///
    /// # Errors
    /// As [`Self::start_quick_connect`], and `Offline`.
    pub async fn start_quick_connect_again(ctx: &AppContext, id: SourceId) -> Result<QuickConnect> {
        let source = ctx.db.sources().get(id).await?;
        let server = Self::server_of(ctx, &source).await?;
        begin(ctx, server, source.device_id, Some(id)).await
    }

    /// Waits until the code is approved, and signs in. Passing trouble of the network does not end the
    /// waiting; dropping the future does.
    ///
    /// # Errors
    /// `SignIn` with `CodeExpired`, `QuickConnectDisabled`, `NotAllowed` or `OtherUser`; `Duplicate`.
    pub async fn wait_for_quick_connect(ctx: &AppContext, wanted: &QuickConnect) -> Result<SourceId> {
        let session = loop {
            match redeem(ctx, wanted).await {
                Ok(Some(session)) => break session,
                Ok(None) => {}
                Err(error) if error.kind().may_pass() => {}
                Err(error) => return Err(error),
            }
            if Instant::now() >= wanted.ends {
                return Err(ServiceError::SignIn(SignInProblem::CodeExpired));
            }
            sleep(LOOK_EVERY).await;
        };
        match wanted.source {
            None => Self::store_session(ctx, &wanted.server, session, wanted.device_id.clone()).await,
            Some(id) => {
                let source = ctx.db.sources().get(id).await?;
                Self::take_session(ctx, &source, &wanted.server, session).await?;
                Ok(id)
            }
        }
    }

    /// The source of a user at a server; names have no case there.
    async fn source_of(ctx: &AppContext, server: &FoundServer, user_name: &str) -> Result<Option<Source>> {
        let wanted = user_name.to_lowercase();
        let is_it = |source: &Source| {
            source.kind == SourceKind::Jellyfin
                && source.machine_id.as_ref() == Some(&server.identity.machine_id)
                && source.user.as_ref().is_some_and(|user| user.name.to_lowercase() == wanted)
        };
        Ok(ctx.db.sources().list().await?.into_iter().find(is_it))
    }

    /// Makes a source of a session, or renews the one that there is.
    async fn store_session(
        ctx: &AppContext,
        server: &FoundServer,
        session: Session,
        device_id: String,
    ) -> Result<SourceId> {
        check_server(server, &session)?;
        let machine_id = &server.identity.machine_id;
        let known = ctx.db.sources().find(SourceKind::Jellyfin, machine_id, Some(&session.user_id)).await?;
        if let Some(known) = known {
            if Self::is_signed_out(ctx, &known).await {
                ctx.db.sources().set_device_id(known.id, &device_id).await?;
                let connections = vec![typed(server)];
                let gained = Gained { token: session.token, connections, accepted: server.accepted.clone() };
                Self::renew(ctx, &known, gained).await?;
                return Ok(known.id);
            }
            if known.device_id == device_id {
                // The server has just ended the token that the source had.
                ctx.secrets.set(known.id, &session.token).await?;
            } else {
                let client = identity(&device_id);
                sign_in::sign_out(&server.pool(ctx), &server.url, &client, &session.token).await;
            }
            return Err(ServiceError::Duplicate(known.id));
        }
        let mut name = server.name();
        let is_of_server = |source: &Source| source.machine_id.as_ref() == Some(machine_id);
        if ctx.db.sources().list().await?.iter().any(is_of_server) {
            // Several users of one server are told apart.
            name = format!("{name} ({})", session.user_name);
        }
        let source = NewSource {
            kind: SourceKind::Jellyfin,
            name,
            connection_url: Some(server.url.clone()),
            connections: ConnectionList { connections: vec![typed(server)], last_check: None },
            machine_id: Some(machine_id.clone()),
            user: Some(SourceUser { id: session.user_id, name: session.user_name }),
            device_id,
            folders: Vec::new(),
        };
        Self::store(ctx, source, &session.token, &server.accepted).await
    }

    /// Gives a source a new session of its user.
    async fn take_session(
        ctx: &AppContext,
        source: &Source,
        server: &FoundServer,
        session: Session,
    ) -> Result<()> {
        check_server(server, &session)?;
        if source.user.as_ref().is_some_and(|user| user.id != session.user_id) {
            let client = identity(&source.device_id);
            sign_in::sign_out(&server.pool(ctx), &server.url, &client, &session.token).await;
            return Err(ServiceError::SignIn(SignInProblem::OtherUser));
        }
        Self::renew(ctx, source, Gained::token(session.token)).await
    }
}

async fn with_password(
    ctx: &AppContext,
    server: &FoundServer,
    device_id: &str,
    user_name: &str,
    password: &SecretString,
) -> Result<Session> {
    let client = identity(device_id);
    let session = sign_in::with_password(&server.pool(ctx), &server.url, &client, user_name, password).await;
    session.map_err(|error| match error.kind() {
        ErrorKind::Unauthorized => ServiceError::SignIn(SignInProblem::WrongPassword),
        ErrorKind::Forbidden => ServiceError::SignIn(SignInProblem::NotAllowed),
        _ => error.into(),
    })
}

async fn begin(
    ctx: &AppContext,
    server: FoundServer,
    device_id: String,
    source: Option<SourceId>,
) -> Result<QuickConnect> {
    let code = quick_connect::begin(&server.pool(ctx), &server.url, &identity(&device_id)).await;
    let code = code.map_err(|error| match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::NotFound => {
            ServiceError::SignIn(SignInProblem::QuickConnectDisabled)
        }
        _ => error.into(),
    })?;
    Ok(QuickConnect { server, device_id, source, code, ends: Instant::now() + CODE_LIFE })
}

/// The session of an approved code; `None` while it waits.
async fn redeem(ctx: &AppContext, wanted: &QuickConnect) -> Result<Option<Session>> {
    let (base, client) = (&wanted.server.url, identity(&wanted.device_id));
    let pool = &wanted.server.pool(ctx);
    let problem = match quick_connect::poll(pool, base, &client, &wanted.code).await? {
        CodeState::Waiting => return Ok(None),
        CodeState::Expired => SignInProblem::CodeExpired,
        CodeState::Disabled => SignInProblem::QuickConnectDisabled,
        CodeState::Approved => match quick_connect::sign_in(pool, base, &client, &wanted.code).await {
            Ok(session) => return Ok(Some(session)),
            Err(error) => match error.kind() {
                ErrorKind::Forbidden => SignInProblem::NotAllowed,
                ErrorKind::NotFound | ErrorKind::Unauthorized => SignInProblem::CodeExpired,
                _ => return Err(error.into()),
            },
        },
    };
    Err(ServiceError::SignIn(problem))
}

fn check_server(server: &FoundServer, session: &jellyfin::Session) -> Result<()> {
    if session.server == server.identity.machine_id {
        return Ok(());
    }
    Err(BackendError::new(ErrorKind::WrongServer, "sign in").into())
}
