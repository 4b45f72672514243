//! Ending a sign-in at the server of a source that goes: as far as the server can be reached, and never waited for
//! by the removal itself.

use std::time::Duration;

use secrecy::SecretString;
use tracing::debug;

use super::AuthService;
use crate::backends::jellyfin;
use crate::models::{ServerUrl, Source, SourceKind};
use crate::net::HttpPool;
use crate::services::core::connection::{identify, pool};
use crate::services::installation::identity;
use crate::services::{AppContext, Result};

/// How long a removal tries to tell a server, or plex.tv, that a sign-in is over.
pub(super) const SIGN_OUT_LIMIT: Duration = Duration::from_secs(5);

/// What is needed to sign out after everything else of the source is gone.
pub(in crate::services::core) struct SignOut {
    source: Source,
    url: ServerUrl,
    token: SecretString,
    pool: HttpPool,
}

impl AuthService {
    /// Takes along what the sign-out of a source needs; nothing where there is nothing to end. The token of a Plex is
    /// its server's own and ends at plex.tv with the account.
    pub(in crate::services::core) async fn prepare_sign_out(
        ctx: &AppContext,
        source: &Source,
    ) -> Option<SignOut> {
        if source.kind != SourceKind::Jellyfin {
            return None;
        }
        match prepare(ctx, source).await {
            Ok(prepared) => prepared,
            Err(error) => {
                debug!(%error, "the sign-out could not be prepared");
                None
            }
        }
    }
}

async fn prepare(ctx: &AppContext, source: &Source) -> Result<Option<SignOut>> {
    let listed = source.connections.connections.iter();
    let allowed =
        |url: &&ServerUrl| listed.clone().any(|known| known.uri == **url && known.may_carry_credentials());
    let Some(url) = source.connection_url.as_ref().filter(allowed) else { return Ok(None) };
    let Some(token) = ctx.secrets.get(source.id).await? else { return Ok(None) };
    let pool = pool(ctx, source).await?;
    Ok(Some(SignOut { source: source.clone(), url: url.clone(), token, pool }))
}

impl SignOut {
    /// Tells the server, once it has said who it is.
    pub(in crate::services::core) async fn finish(self) {
        let tell = async {
            let known = identify(&self.pool, self.source.kind, &self.url).await;
            if !known.is_ok_and(|known| Some(&known.identity.machine_id) == self.source.machine_id.as_ref()) {
                debug!("the server of the removed source did not say who it is");
                return;
            }
            let client = identity(&self.source.device_id);
            jellyfin::sign_in::sign_out(&self.pool, &self.url, &client, &self.token).await;
        };
        if tokio::time::timeout(SIGN_OUT_LIMIT, tell).await.is_err() {
            debug!("the server of the removed source did not answer in time");
        }
    }
}
