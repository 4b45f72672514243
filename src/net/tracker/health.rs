//! The health of the whole app.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::state::{ConnectionState, ConnectionTracker};
use crate::models::SourceId;

/// So many sources must be connected for the app to be healthy.
pub const HEALTHY_SOURCES: usize = 1;

/// Whether enough sources are connected. All numbers are enabled remote sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    /// Whether `connected` reaches `threshold`.
    pub is_healthy: bool,
    /// Sources with a connection that works.
    pub connected: usize,
    /// How many must be connected; never more than there are.
    pub threshold: usize,
    /// Sources whose connections have failed, with nothing under way.
    pub failed: usize,
    /// Sources without a connection, of which one is being tried.
    pub recovering: usize,
    /// When this was so.
    pub timestamp: DateTime<Utc>,
}

/// From bad to good: a source is as well as its best connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SourceHealth {
    Unknown,
    Failed,
    Recovering,
    Connected,
}

pub(super) fn report<'a>(
    trackers: impl IntoIterator<Item = &'a ConnectionTracker>,
    enabled: &[SourceId],
    threshold: usize,
    now: DateTime<Utc>,
) -> HealthReport {
    let mut sources: HashMap<SourceId, SourceHealth> =
        enabled.iter().map(|id| (*id, SourceHealth::Unknown)).collect();
    for tracker in trackers {
        let health = match tracker.state() {
            ConnectionState::Idle => SourceHealth::Unknown,
            ConnectionState::Connecting | ConnectionState::Retrying => SourceHealth::Recovering,
            ConnectionState::Connected => SourceHealth::Connected,
            ConnectionState::Failed | ConnectionState::Exhausted => SourceHealth::Failed,
        };
        if let Some(best) = sources.get_mut(&tracker.id().source) {
            *best = health.max(*best);
        }
    }
    let count = |wanted| sources.values().filter(|health| **health == wanted).count();
    let connected = count(SourceHealth::Connected);
    let threshold = threshold.min(sources.len());
    HealthReport {
        is_healthy: connected >= threshold,
        connected,
        threshold,
        failed: count(SourceHealth::Failed),
        recovering: count(SourceHealth::Recovering),
        timestamp: now,
    }
}
