//! `gnome-reel connections --metrics`: figures for Prometheus. No names, no addresses.

use crate::cli::Result;
use crate::cli::output::Output;
use crate::models::{Source, SourceId};
use crate::net::tracker::{HEALTHY_SOURCES, prometheus};
use crate::services::AppContext;
use crate::services::core::ConnectionService;

/// Looks at every address once and prints what this and earlier runs have counted.
pub(super) async fn run(ctx: &AppContext, sources: &[Source], output: Output) -> Result {
    let looks = sources.iter().map(|source| ConnectionService::test_connections(ctx, source.id));
    for looked in futures::future::join_all(looks).await {
        looked?;
    }
    let ids: Vec<SourceId> = sources.iter().map(|source| source.id).collect();
    let by_source = ctx.trackers.stats_by_source();
    let health = ctx.trackers.health(&ids, HEALTHY_SOURCES, ctx.clock.now());
    output.one(
        &serde_json::json!({ "health": health, "sources": by_source }),
        prometheus(&by_source, &health).trim_end(),
    )
}
