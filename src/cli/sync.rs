//! `gnome-reel sync`.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::bail;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::Result;
use super::output::{Output, complain};
use crate::models::{Source, SourceId};
use crate::services::core::sync::{SyncOptions, SyncService};
use crate::services::core::{BackendService, OutboxService, SourceService};
use crate::services::events::{Event, SyncSummary};
use crate::services::{AppContext, ServiceError};
use crate::ui::clock::clock;
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
    let mut stopped = false;
    let is_wanted = |source: &&Source| match wanted {
        [] => source.enabled,
        ids => ids.contains(&source.id),
    };
    for source in sources.iter().filter(is_wanted) {
        // What waits here is brought first, so that the listing already agrees with it.
        let _waits = OutboxService::drain(ctx, source.id).await?;
        match until_interrupted(ctx, source.id, SyncOptions { full, ..SyncOptions::default() }).await {
            Ok(summary) => rows.push(Row {
                source_id: source.id.to_string(),
                name: source.name.clone(),
                listed: summary.listed,
                inserted: summary.inserted,
                updated: summary.updated,
                removed: summary.removed,
                skipped: summary.skipped,
            }),
            // What is there stays, and what was to follow is left.
            Err(ServiceError::Cancelled) => {
                stopped = true;
                break;
            }
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
    if stopped {
        bail!("stopped; what was read is kept, and the next sync goes on from there");
    }
    if failed > 0 {
        bail!("{failed} of {} sources could not be synced", failed + rows.len());
    }
    Ok(())
}

/// Syncs a source; Ctrl+C ends that cleanly.
async fn until_interrupted(
    ctx: &AppContext,
    id: SourceId,
    options: SyncOptions,
) -> std::result::Result<SyncSummary, ServiceError> {
    let sync = BackendService::sync_source(ctx, id, options);
    tokio::pin!(sync);
    tokio::select! {
        ended = &mut sync => ended,
        interrupted = tokio::signal::ctrl_c() => {
            if interrupted.is_ok() {
                SyncService::cancel(ctx, id);
            }
            sync.await
        }
    }
}

async fn show_progress(ctx: AppContext) {
    let mut events = ctx.events.subscribe();
    loop {
        match events.recv().await {
            Ok(Event::SyncProgress { items_synced, total_items, rate, left, .. }) => {
                let total = total_items.map(|total| format!(" of {total}")).unwrap_or_default();
                let rate = rate.map(|rate| format!(", {rate} a second")).unwrap_or_default();
                let left = left.map(|left| format!(", {} left", clock(left))).unwrap_or_default();
                let mut err = io::stderr().lock();
                let _shown =
                    write!(err, "\r{items_synced}{total} items{rate}{left}\x1b[K").and_then(|()| err.flush());
            }
            Ok(Event::SyncCompleted { .. } | Event::SyncFailed { .. } | Event::SyncCancelled(_)) => {
                let _shown = write!(io::stderr(), "\r\x1b[K");
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
