//! `gnome-reel progress` and `gnome-reel outbox`.

use std::time::Duration;

use serde::Serialize;

use super::Result;
use super::arguments::{Change, OutboxAction, Stars};
use super::output::{ItemRow, Output};
use crate::db::OutboxRow;
use crate::models::SourceKind;
use crate::services::AppContext;
use crate::services::core::{LibraryService, OutboxService, PlaybackService, SourceService};

pub(super) async fn run(ctx: &AppContext, change: Change, output: Output) -> Result {
    let item = LibraryService::item(ctx, change.item).await?;
    if let Some(seconds) = change.position {
        PlaybackService::set_position(ctx, item.id, Duration::from_secs(seconds.into())).await?;
    } else if change.watched || change.unwatched {
        PlaybackService::set_watched(ctx, item.id, change.watched).await?;
    } else if let Some(Stars(rating)) = change.rating {
        PlaybackService::set_rating(ctx, item.id, rating).await?;
    } else {
        PlaybackService::set_favourite(ctx, item.id, change.favourite).await?;
    }
    let source = SourceService::get(ctx, item.source_id).await?;
    let kept_here = match source.kind {
        SourceKind::Local => true,
        SourceKind::Plex => change.favourite || change.unfavourite,
        SourceKind::Jellyfin => change.rating.is_some(),
    };
    let text = if source.kind == SourceKind::Local {
        "Stored.".to_owned()
    } else if kept_here {
        OutboxService::drain(ctx, source.id).await?;
        format!("Stored here; {} keeps no such mark.", source.name)
    } else {
        let drained = OutboxService::drain(ctx, source.id).await?;
        if drained.stuck > 0 {
            format!("Stored here; {} refused it (see gnome-reel outbox list).", source.name)
        } else if drained.postponed > 0 {
            format!("Stored here; {} gets it as soon as it can be reached.", source.name)
        } else {
            format!("Stored here and on {}.", source.name)
        }
    };
    output.one(&ItemRow::from(&LibraryService::item(ctx, item.id).await?), &text)
}

#[derive(Debug, Serialize)]
struct Row {
    operation: String,
    source_id: String,
    item_id: i64,
    change: String,
    state: String,
    attempts: u32,
    last_error: Option<String>,
}

impl From<&OutboxRow> for Row {
    fn from(row: &OutboxRow) -> Self {
        Self {
            operation: row.op_id.to_string(),
            source_id: row.source_id.to_string(),
            item_id: row.item_id.0,
            change: row.change.kind().to_owned(),
            state: format!("{:?}", row.state).to_lowercase(),
            attempts: row.attempts,
            last_error: row.last_error.clone(),
        }
    }
}

pub(super) async fn outbox(ctx: &AppContext, action: OutboxAction, output: Output) -> Result {
    match action {
        OutboxAction::List => {}
        OutboxAction::Retry { operation } => {
            match operation {
                Some(operation) => OutboxService::retry(ctx, operation).await?,
                None => OutboxService::retry_all(ctx).await?,
            }
            for source in SourceService::list(ctx).await? {
                OutboxService::drain(ctx, source.id).await?;
            }
        }
        OutboxAction::Drop { operation } => OutboxService::discard(ctx, operation).await?,
    }
    let rows: Vec<Row> = OutboxService::list(ctx, None).await?.iter().map(Row::from).collect();
    output.rows(&rows, &["OPERATION", "ITEM", "CHANGE", "STATE", "ATTEMPTS", "LAST ERROR"], |row| {
        vec![
            row.operation.clone(),
            row.item_id.to_string(),
            row.change.clone(),
            row.state.clone(),
            row.attempts.to_string(),
            row.last_error.clone().unwrap_or_default(),
        ]
    })
}
