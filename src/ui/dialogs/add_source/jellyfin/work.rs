//! What the way has done in the background.

use std::pin::pin;

use futures::StreamExt as _;
use futures::future::join;
use futures::stream;
use gtk::gdk;
use secrecy::SecretString;

use super::Offer;
use super::server::PORTRAIT;
use crate::models::{SourceId, SourceKind};
use crate::net::CertificateFacts;
use crate::services::core::AuthService;
use crate::services::core::auth::{FoundServer, PublicUser, QuickConnect};
use crate::services::discovery::Discovered;
use crate::services::{AppContext, ServiceError};
use crate::ui::widgets::portrait;

/// Portraits that are fetched at a time.
const AT_A_TIME: usize = 4;
/// Screens have at most this many pixels for one of ours.
const SCALE: i32 = 3;

/// Where a server is looked for.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// At what was typed.
    Typed(String),
    /// Where it was heard of.
    Discovered(Box<Discovered>),
    /// Where the server of a source is.
    Source(SourceId),
}

/// Looks for a server, and asks it what it offers.
pub(super) async fn look(
    ctx: &AppContext,
    target: &Target,
    accepted: &[CertificateFacts],
) -> Result<Offer, ServiceError> {
    let server = match target {
        Target::Typed(text) => {
            AuthService::find_server_trusting(ctx, SourceKind::Jellyfin, text, accepted).await?
        }
        Target::Discovered(heard_of) => AuthService::find_discovered(ctx, heard_of, accepted).await?,
        Target::Source(id) => AuthService::find_again(ctx, *id).await?,
    };
    let offers =
        join(AuthService::public_users(ctx, &server), AuthService::offers_quick_connect(ctx, &server));
    // A name can be typed, whatever the server shows.
    let (users, quick_connect) = offers.await;
    Ok(Offer { users: users.unwrap_or_default(), quick_connect: quick_connect.unwrap_or(false), server })
}

/// Fetches the portraits of users; `shown` gets each with the user's place, as they come.
pub(super) async fn portraits(
    ctx: AppContext,
    server: FoundServer,
    users: Vec<PublicUser>,
    shown: impl Fn(usize, gdk::Texture),
) {
    let fetch = |(place, user): (usize, PublicUser)| {
        let (ctx, server) = (ctx.clone(), server.clone());
        async move {
            let bytes = AuthService::portrait(&ctx, &server, &user).await?;
            let decoded = relm4::spawn_blocking(move || portrait(bytes, PORTRAIT * SCALE));
            Some((place, decoded.await.ok().flatten()?))
        }
    };
    let mut fetched =
        pin!(stream::iter(users.into_iter().enumerate()).map(fetch).buffer_unordered(AT_A_TIME));
    while let Some(portrait) = fetched.next().await {
        if let Some((place, texture)) = portrait {
            shown(place, texture);
        }
    }
}

/// Signs in with a password: to a source again, or to a server.
pub(super) async fn sign_in(
    ctx: &AppContext,
    again: Option<SourceId>,
    server: Option<&FoundServer>,
    name: &str,
    password: &SecretString,
) -> Result<SourceId, ServiceError> {
    match (again, server) {
        (Some(id), _) => {
            AuthService::sign_in_again_jellyfin(ctx, id, name, password).await?;
            Ok(id)
        }
        (None, Some(server)) => AuthService::sign_in_jellyfin(ctx, server, name, password).await,
        (None, None) => Err(ServiceError::Unknown("server")),
    }
}

/// Asks for a code: to sign in to a source again, or to a server.
pub(super) async fn code(
    ctx: &AppContext,
    again: Option<SourceId>,
    server: Option<&FoundServer>,
) -> Result<QuickConnect, ServiceError> {
    match (again, server) {
        (Some(id), _) => AuthService::start_quick_connect_again(ctx, id).await,
        (None, Some(server)) => AuthService::start_quick_connect(ctx, server).await,
        (None, None) => Err(ServiceError::Unknown("server")),
    }
}

/// Waits until a code is approved, and signs in.
pub(super) async fn approved(ctx: &AppContext, code: &QuickConnect) -> Result<SourceId, ServiceError> {
    AuthService::wait_for_quick_connect(ctx, code).await
}
