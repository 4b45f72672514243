//! Every connection of a source with what is known of it, for people and machines.

use std::time::Duration;

use super::candidates::candidate;
use crate::models::{ServerConnection, SourceId, Tier};
use crate::services::{AppContext, Result};

/// One connection with its last check and its history on this network.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionReport {
    /// The connection; local only if that agrees with what was seen on this network.
    pub connection: ServerConnection,
    /// Smoothed round-trip time on this network.
    pub usual: Option<Duration>,
    /// Answers on this network.
    pub successes: i64,
    /// Failures on this network.
    pub failures: i64,
    /// Kind of the last failure on this network, as text, when it came after the last success.
    pub last_error: Option<String>,
    /// Whether it is the one in use.
    pub current: bool,
}

/// The connections of a source: the one in use, then by score.
pub(super) async fn report(ctx: &AppContext, source_id: SourceId) -> Result<Vec<ConnectionReport>> {
    let network = ctx.connections.network().await;
    let source = ctx.db.sources().get(source_id).await?;
    let stats = ctx.db.stats().list(source_id, &network.fingerprint).await?;
    let mut reports: Vec<ConnectionReport> = source
        .connections
        .connections
        .iter()
        .map(|connection| {
            let seen = candidate(connection, stats.get(&connection.uri), &network);
            let stat = stats.get(&connection.uri).cloned().unwrap_or_default();
            ConnectionReport {
                current: source.connection_url.as_ref() == Some(&connection.uri),
                usual: seen.usual,
                successes: stat.successes,
                failures: stat.failures,
                last_error: stat.last_error,
                connection: ServerConnection {
                    local: connection.local && seen.tier != Tier::Remote,
                    ..connection.clone()
                },
            }
        })
        .collect();
    reports.sort_by_key(|report| (!report.current, report.connection.priority));
    Ok(reports)
}
