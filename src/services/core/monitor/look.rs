//! One look at a source.

use tracing::trace;

use super::agenda::Work;
use super::pace::ATTENTIVE;
use crate::models::{SourceId, SourceKind, Tier};
use crate::services::core::connection::{CheckOutcome, ConnectionService, Reach, Scope, Trigger, check};
use crate::services::core::folders::FolderService;
use crate::services::{AppContext, Result, ServiceError};

/// Looks at a source and writes down what was found.
pub(super) async fn look(ctx: &AppContext, source_id: SourceId, work: Work) -> Result<CheckOutcome> {
    let source = ctx.db.sources().get(source_id).await?;
    if source.kind == SourceKind::Local {
        let there = FolderService::look(ctx, &source).await?;
        return Ok(if there { CheckOutcome::Up } else { CheckOutcome::Down });
    }
    match work {
        Work::Race => match ConnectionService::choose_again(ctx, source_id, Trigger::NetworkChange).await {
            Ok(_) => Ok(CheckOutcome::Up),
            Err(ServiceError::Offline(_)) => Ok(CheckOutcome::Down),
            Err(error) => Err(error),
        },
        Work::Check(Scope::Standby) if was_just_used(ctx, source_id) => {
            trace!(%source_id, "a real request has just been answered");
            Ok(CheckOutcome::Up)
        }
        Work::Check(scope) => check(ctx, source_id, scope).await,
    }
}

/// Whether a real request has answered the question, and there is nothing nearer to return to.
fn was_just_used(ctx: &AppContext, source_id: SourceId) -> bool {
    let status = ctx.connectivity.status(source_id);
    let recent = ctx.connections.last_seen(source_id).is_some_and(|at| at.elapsed() < ATTENTIVE);
    recent && status.reach == Reach::Online && status.tier == Some(Tier::Local)
}
