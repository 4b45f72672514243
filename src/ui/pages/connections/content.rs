//! What the page shows: read at once, from the database and from what is remembered of this run.

use crate::db::OutboxRow;
use crate::models::{MediaId, Source, SourceId};
use crate::net::tracker::ConnectionStats;
use crate::services::core::connection::{ConnectionReport, ConnectionService, Decision, SourceStatus};
use crate::services::core::{LibraryService, OutboxService, SourceService};
use crate::services::{AppContext, Result};

/// A change that waits, with the title that it is for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Change {
    /// The row.
    pub(super) row: OutboxRow,
    /// The title, while it is known.
    pub(super) title: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Content {
    /// The source.
    pub(super) source: Source,
    /// How it stands.
    pub(super) status: SourceStatus,
    /// Its connections: the nearest first, then by address, so that none moves when another is used.
    pub(super) connections: Vec<ConnectionReport>,
    /// The last decision of this run.
    pub(super) decision: Option<Decision>,
    /// Attempts of this run.
    pub(super) stats: ConnectionStats,
    /// Changes that wait for it, oldest first.
    pub(super) changes: Vec<Change>,
}

impl Content {
    /// Reads everything.
    pub(super) async fn read(ctx: &AppContext, id: SourceId) -> Result<Self> {
        let mut connections = ConnectionService::report(ctx, id).await?;
        connections.sort_by_key(|report| (report.connection.tier(), report.connection.uri.to_string()));
        let mut changes = Vec::new();
        for row in OutboxService::list(ctx, Some(id)).await? {
            let title = title(ctx, row.item_id).await;
            changes.push(Change { row, title });
        }
        Ok(Self {
            source: SourceService::get(ctx, id).await?,
            status: ctx.connectivity.status(id),
            connections,
            decision: ConnectionService::explain(ctx, id),
            stats: ctx.trackers.stats_by_source().remove(&id).unwrap_or_default(),
            changes,
        })
    }

    /// Whether the user has chosen one of the connections.
    pub(super) fn is_pinned(&self) -> bool {
        self.connections.iter().any(|report| report.connection.pinned)
    }
}

async fn title(ctx: &AppContext, id: MediaId) -> String {
    match LibraryService::item(ctx, id).await {
        Ok(item) => crate::ui::text::card_label(&item),
        Err(_) => String::new(),
    }
}
