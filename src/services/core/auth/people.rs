//! Another person at a server that is a source already.
//!
//! Every user of a server is a source of its own, with a token and a device of its own. Hence to switch the user
//! of a source is to add the other one beside it, and to let that stand in for the first.

use tracing::info;

use super::plex::of_machine;
use super::{AuthService, FoundServer, PlexAccount};
use crate::models::{Source, SourceId, SourceKind};
use crate::services::core::SourceService;
use crate::services::credentials::{CredentialError, CredentialKey};
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError, SignInProblem};

impl AuthService {
    /// The account that a Plex source belongs to, by the token that is kept of it, with its servers as plex.tv
    /// lists them now.
    ///
    /// # Errors
    /// `SignIn(AccountSignedOut)` when a person has to sign in to it first, a network kind.
    pub async fn plex_account_of(ctx: &AppContext, id: SourceId) -> Result<PlexAccount> {
        let source = ctx.db.sources().get(id).await?;
        let signed_out = || ServiceError::SignIn(SignInProblem::AccountSignedOut);
        let user = source.user.filter(|_| source.kind == SourceKind::Plex).ok_or_else(signed_out)?;
        let token = match ctx.secrets.get(CredentialKey::plex_account(&user.id)).await {
            Ok(Some(token)) => token,
            Ok(None) | Err(CredentialError::Absent) => return Err(signed_out()),
            Err(error) => return Err(error.into()),
        };
        match Self::plex_account(ctx, &token).await {
            Err(ServiceError::SignIn(SignInProblem::WrongToken)) => Err(signed_out()),
            account => account,
        }
    }

    /// Adds the server of a Plex source once more, for another account or another user of the Home.
    ///
    /// # Errors
    /// `SignIn(NoServer)` when that account may not use the server, `Duplicate` when it is there already.
    pub async fn add_plex_user(ctx: &AppContext, id: SourceId, account: &PlexAccount) -> Result<SourceId> {
        let source = ctx.db.sources().get(id).await?;
        let server = of_machine(&account.servers, source.machine_id.as_ref())
            .ok_or(ServiceError::SignIn(SignInProblem::NoServer))?;
        Self::add_plex_server(ctx, account, server).await
    }

    /// The server of a source, where it answers now and has just said who it is: for signing in as somebody else.
    ///
    /// # Errors
    /// `Offline`, or `WrongServer` when it is another machine.
    pub async fn find_server_of(ctx: &AppContext, id: SourceId) -> Result<FoundServer> {
        let source = ctx.db.sources().get(id).await?;
        Self::server_of(ctx, &source).await
    }
}

impl SourceService {
    /// Lets a source stand in for another of the same server: it takes the other's place in the order, and the
    /// other is switched off. That keeps everything, and can be switched on again or removed.
    ///
    /// # Errors
    /// `Unknown` when they are not of one server.
    pub async fn stand_in(ctx: &AppContext, fresh: SourceId, former: SourceId) -> Result<()> {
        let (new, old) = (ctx.db.sources().get(fresh).await?, ctx.db.sources().get(former).await?);
        if fresh == former || !is_same_server(&new, &old) {
            return Err(ServiceError::Unknown("source"));
        }
        let sources = ctx.db.sources().list().await?;
        let place = sources.iter().position(|source| source.id == former).unwrap_or_default();
        Self::set_enabled(ctx, former, false).await?;
        ctx.db.sources().move_to(fresh, place).await?;
        info!(source_id = %fresh, %former, "another user stands in");
        ctx.events.publish(Event::SourceChanged(fresh));
        Ok(())
    }
}

fn is_same_server(one: &Source, other: &Source) -> bool {
    one.kind == other.kind && one.machine_id.is_some() && one.machine_id == other.machine_id
}
