//! Keeps what accounts tell of their servers fresh: at the start, once a day, and when a server is not found any
//! more where it was.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tracing::{debug, warn};

use crate::models::{SourceId, SourceKind};
use crate::services::AppContext;
use crate::services::core::AuthService;
use crate::services::credentials::CredentialKey;
use crate::services::events::Event;

/// Lists of servers change seldom.
const DAILY: Duration = Duration::from_hours(24);
/// The list is not asked for more often because a server is away: most are switched off at night.
const AT_MOST_EVERY: Duration = Duration::from_mins(5);
/// An account that could not be asked is asked again after this.
const AFTER_FAILURE: Duration = Duration::from_mins(30);

/// Begins when told so, and never ends.
pub(super) async fn keep_fresh(ctx: AppContext, started: &Notify) {
    let mut events = ctx.events.subscribe();
    started.notified().await;
    warm_up(&ctx).await;
    loop {
        let next = Instant::now() + if refresh(&ctx).await { DAILY } else { AFTER_FAILURE };
        let earliest = Instant::now() + AT_MOST_EVERY;
        let mut wanted = false;
        loop {
            let until = if wanted { earliest } else { next };
            tokio::select! {
                () = sleep_until(until) => break,
                // It cannot be closed: the context holds a sender.
                event = events.recv() => wanted |= match event {
                    Ok(Event::ConnectivityChanged { source_id, online: false }) => {
                        has_account(&ctx, source_id).await
                    }
                    _ => false,
                },
            }
        }
    }
}

/// Whether an account knows where the server of a source is.
async fn has_account(ctx: &AppContext, source: SourceId) -> bool {
    let source = ctx.db.sources().get(source).await;
    source.is_ok_and(|source| source.kind == SourceKind::Plex && source.user.is_some())
}

/// Reads every token once: a keyring that goes away later stops nothing.
async fn warm_up(ctx: &AppContext) {
    let Ok(sources) = ctx.db.sources().list().await else { return };
    for source in sources.into_iter().filter(|source| source.kind != SourceKind::Local) {
        let account = source.user.filter(|_| source.kind == SourceKind::Plex);
        let account = account.map(|user| CredentialKey::plex_account(&user.id));
        for key in [Some(source.id.into()), account].into_iter().flatten() {
            if let Err(error) = ctx.secrets.get(key).await {
                // One that is locked or absent is so for all; whoever needs a token says so.
                debug!(%error, "the credentials are not readable now");
                return;
            }
        }
    }
}

/// Whether every account that is signed in to could be asked.
async fn refresh(ctx: &AppContext) -> bool {
    match AuthService::refresh_plex_resources(ctx).await {
        Ok(summary) => !summary.failures.iter().any(|failure| failure.kind().may_pass()),
        Err(error) => {
            warn!(%error, "the lists of servers could not be stored");
            false
        }
    }
}
