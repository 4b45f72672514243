//! The state of the app in numbers and words, fit for a public bug report: no names, titles, addresses or
//! secrets.

use std::collections::HashMap;
use std::fs;

use serde::Serialize;

use super::connection::{ConnectionReport, Rule};
use super::{ConnectionService, LibraryService, LiveService};
use crate::config::{APP_ID, VERSION};
use crate::models::{AuthStatus, SourceId, SourceKind};
use crate::net::tracker::{ConnectionStats, HEALTHY_SOURCES, HealthReport};
use crate::net::{LocalNetwork, TransportStats};
use crate::services::trust::TrustService;
use crate::services::{AppContext, Result};

/// The report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Version of the app.
    pub version: &'static str,
    /// Its id.
    pub app_id: &'static str,
    /// The operating system.
    pub system: String,
    /// Where tokens are kept.
    pub credentials: &'static str,
    /// Items in grids of all libraries.
    pub items: u64,
    /// Changes that wait for a server.
    pub waiting_changes: u64,
    /// Hash of the network.
    pub network: String,
    /// Whether local files can be looked into.
    pub media_probe: &'static str,
    /// How the servers can be reached now.
    pub health: HealthReport,
    /// Attempts of this run over all connections.
    pub connections: ConnectionStats,
    /// Which proxy is asked for: the system's, one of the user, none.
    pub proxy: &'static str,
    /// What travelled in this run.
    pub transport: TransportStats,
    /// The sources, without their names.
    pub sources: Vec<SourceReport>,
}

/// One source in the report.
#[derive(Debug, Serialize)]
pub struct SourceReport {
    /// What stands behind it.
    pub kind: &'static str,
    /// Its state in a word.
    pub state: &'static str,
    /// How many addresses are known.
    pub addresses: usize,
    /// Certificates that the user has accepted for it.
    pub accepted_certificates: usize,
    /// How many of them answer now.
    pub answering: usize,
    /// How near the one in use is.
    pub tier: Option<&'static str>,
    /// Its round-trip time now, in milliseconds.
    pub rtt_ms: Option<u32>,
    /// The rule that decided for it.
    pub rule: Option<&'static str>,
    /// Whether its server tells what happens there, or the kind of failure; nothing for folders.
    pub live: Option<String>,
    /// Kinds of failure of the others.
    pub failures: Vec<String>,
    /// How many libraries it has.
    pub libraries: usize,
    /// When it was last synced.
    pub last_sync: Option<String>,
}

/// Makes the report. Every address of every enabled source is asked who it is.
pub async fn report(ctx: &AppContext) -> Result<Report> {
    let sources = LibraryService::sources(ctx).await?;
    let remote: Vec<SourceId> = sources
        .iter()
        .filter(|entry| entry.source.enabled && entry.source.kind != SourceKind::Local)
        .map(|entry| entry.source.id)
        .collect();
    let looks = remote.iter().map(|id| async { (*id, ConnectionService::test_connections(ctx, *id).await) });
    let mut looked = HashMap::new();
    for (id, reports) in futures::future::join_all(looks).await {
        looked.insert(id, reports?);
    }
    let mut accepted = HashMap::new();
    for id in &remote {
        accepted.insert(*id, TrustService::accepted(ctx, *id).await?.len());
    }
    let sockets = remote.iter().map(|id| async {
        let answer = match LiveService::check(ctx, *id).await {
            Ok(()) => "works".to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        (*id, answer)
    });
    let mut live: HashMap<SourceId, String> = futures::future::join_all(sockets).await.into_iter().collect();
    // What the looks have changed.
    let sources = if remote.is_empty() { sources } else { LibraryService::sources(ctx).await? };
    let items = sources.iter().flat_map(|source| &source.libraries);
    let items = items.map(|library| u64::from(library.item_count)).sum();
    Ok(Report {
        version: VERSION,
        app_id: APP_ID,
        system: system(),
        credentials: ctx.secrets.describe().await,
        items,
        waiting_changes: ctx.db.outbox().count_pending().await?,
        network: LocalNetwork::now().await.fingerprint,
        health: ctx.trackers.health(&remote, HEALTHY_SOURCES, ctx.clock.now()),
        connections: ctx.trackers.stats(),
        proxy: ctx.http.proxy_word(),
        transport: ctx.http.stats(),
        media_probe: if cfg!(feature = "media-probe") { "GStreamer" } else { "not in this build" },
        sources: sources
            .iter()
            .map(|entry| {
                let found = looked.get(&entry.source.id).map(Vec::as_slice).unwrap_or_default();
                let answers = |report: &&ConnectionReport| report.connection.is_available;
                let current = found.iter().filter(answers).find(|report| report.current);
                SourceReport {
                    kind: entry.source.kind.as_str(),
                    state: match (entry.source.auth_status, entry.source.is_online) {
                        _ if !entry.source.enabled => "off",
                        (AuthStatus::SignInNeeded, _) => "sign-in needed",
                        (_, true) => "online",
                        (_, false) => "offline",
                    },
                    accepted_certificates: accepted.get(&entry.source.id).copied().unwrap_or_default(),
                    answering: found.iter().filter(answers).count(),
                    tier: current.map(|report| report.connection.tier().as_str()),
                    rtt_ms: current.and_then(|report| report.connection.response_time_ms),
                    rule: ConnectionService::explain(ctx, entry.source.id)
                        .and_then(|decision| decision.rule)
                        .map(Rule::describe),
                    live: live.remove(&entry.source.id),
                    failures: found.iter().filter_map(|report| report.last_error.clone()).collect(),
                    addresses: entry.source.connections.connections.len(),
                    libraries: entry.libraries.len(),
                    last_sync: entry.source.last_sync.map(|at| at.to_rfc3339()),
                }
            })
            .collect(),
    })
}

fn system() -> String {
    let name = fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        text.lines()
            .find_map(|line| line.strip_prefix("PRETTY_NAME="))
            .map(|name| name.trim_matches('"').to_owned())
    });
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{}, Linux {}", name.unwrap_or_else(|| "unknown".to_owned()), kernel.trim())
}
