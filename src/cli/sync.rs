//! `gnome-reel sync`.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::bail;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::Result;
use super::output::{Output, complain};
use crate::models::{Source, SourceId};
use crate::services::AppContext;
use crate::services::core::sync::SyncOptions;
use crate::services::core::{BackendService, OutboxService, SourceService};
use crate::services::events::Event;
use crate::ui::error_text;

#[derive(Debug, Serialize)]
struct Row {
    source_id: String,
    name: String,
    listed: u64,
    inserted: u64,
    updated: u64,
    removed: u64,
    skipped: u64,
}

pub(super) async fn run(ctx: &AppContext, wanted: &[SourceId], full: bool, output: Output) -> Result {
    let sources = SourceService::list(ctx).await?;
    for id in wanted {
        if !sources.iter().any(|source| source.id == *id) {
            bail!(crate::services::ServiceError::Unknown("source"));
        }
    }
    let progress = io::stderr().is_terminal().then(|| tokio::spawn(show_progress(ctx.clone())));
    let mut rows = Vec::new();
    let mut failed = 0;
    let is_wanted = |source: &&Source| match wanted {
        [] => source.enabled,
        ids => ids.contains(&source.id),
    };
    for source in sources.iter().filter(is_wanted) {
        // What waits here is brought first, so that the listing already agrees with it.
        let _waits = OutboxService::drain(ctx, source.id).await?;
        match BackendService::sync_source(ctx, source.id, SyncOptions { full, ..SyncOptions::default() })
            .await
        {
            Ok(summary) => rows.push(Row {
                source_id: source.id.to_string(),
                name: source.name.clone(),
                listed: summary.listed,
                inserted: summary.inserted,
                updated: summary.updated,
                removed: summary.removed,
                skipped: summary.skipped,
            }),
            Err(error) => {
                failed += 1;
                complain(&format!("{}: {}", source.name, error_text::sentence(&error)));
            }
        }
    }
    if let Some(progress) = progress {
        progress.abort();
    }
    output.rows(&rows, &["SOURCE", "LISTED", "NEW", "CHANGED", "REMOVED", "SKIPPED"], |row| {
        vec![
            row.name.clone(),
            row.listed.to_string(),
            row.inserted.to_string(),
            row.updated.to_string(),
            row.removed.to_string(),
            row.skipped.to_string(),
        ]
    })?;
    if failed > 0 {
        bail!("{failed} of {} sources could not be synced", failed + rows.len());
    }
    Ok(())
}

async fn show_progress(ctx: AppContext) {
    let mut events = ctx.events.subscribe();
    loop {
        match events.recv().await {
            Ok(Event::SyncProgress { items_synced, total_items, .. }) => {
                let total = total_items.map(|total| format!(" of {total}")).unwrap_or_default();
                let mut err = io::stderr().lock();
                let _shown = write!(err, "\r{items_synced}{total} items\x1b[K").and_then(|()| err.flush());
            }
            Ok(Event::SyncCompleted { .. } | Event::SyncFailed { .. }) => {
                let _shown = write!(io::stderr(), "\r\x1b[K");
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
