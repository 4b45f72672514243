//! Another token for one that a server refuses, before a person is asked.
//!
//! Another process may have signed in meanwhile, and plex.tv may have a new token for the server. Both are asked
//! once for a refusal; many refusals at a time are one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::debug;

use super::AuthService;
use crate::models::{Source, SourceKind};
use crate::services::{AppContext, ServiceError};

/// A list is not asked for again for this long after it had nothing new.
const AT_MOST_EVERY: Duration = Duration::from_mins(5);
/// plex.tv is not asked again for this long after it did not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// What became of the wish for another token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::services::core) enum Renewal {
    /// There is another one: try again.
    Renewed,
    /// There is none: a person must sign in.
    Refused,
    /// Nobody could be asked: nothing is known.
    Unknown,
}

/// When accounts were last asked for another token, and what came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renewals {
    asked: Arc<Mutex<HashMap<String, (Instant, Renewal)>>>,
}

impl AuthService {
    /// Looks for another token than the one that the server of a source has refused.
    pub(in crate::services::core) async fn renew_token(
        ctx: &AppContext,
        source: &Source,
        refused: Option<&SecretString>,
    ) -> Renewal {
        let is_other = |token: Option<SecretString>| {
            let token = token.as_ref().map(ExposeSecret::expose_secret);
            token.is_some() && token != refused.map(ExposeSecret::expose_secret)
        };
        // Held while asking: whoever comes meanwhile finds the new token.
        let mut asked = ctx.renewals.asked.lock().await;
        if is_other(ctx.secrets.get(source.id).await.ok().flatten())
            || is_other(ctx.secrets.read_again(source.id).await)
        {
            return Renewal::Renewed;
        }
        let (SourceKind::Plex, Some(user)) = (source.kind, &source.user) else { return Renewal::Refused };
        if let Some((at, outcome)) = asked.get(&user.id) {
            let wait = if *outcome == Renewal::Unknown { AFTER_FAILURE } else { AT_MOST_EVERY };
            if at.elapsed() < wait {
                return if *outcome == Renewal::Renewed { Renewal::Refused } else { *outcome };
            }
        }
        let outcome = match Self::refresh_plex_account(ctx, &user.id).await {
            Ok(_) if is_other(ctx.secrets.get(source.id).await.ok().flatten()) => Renewal::Renewed,
            Ok(_) | Err(ServiceError::SignIn(_)) => Renewal::Refused,
            Err(_) => Renewal::Unknown,
        };
        debug!(source_id = %source.id, ?outcome, "asked the account for another token");
        asked.insert(user.id.clone(), (Instant::now(), outcome));
        outcome
    }
}
