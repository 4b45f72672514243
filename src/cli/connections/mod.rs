//! `gnome-reel connections`.

mod addresses;
mod metrics;
mod watch;

use serde::Serialize;

pub(super) use addresses::AddressAction;

use super::Result;
use super::arguments::Connections;
use super::output::{Output, say};
use crate::models::{Source, SourceId, SourceKind};
use crate::services::core::SourceService;
use crate::services::core::connection::{ConnectionReport, ConnectionService};
use crate::services::{AddressProblem, AppContext, ServiceError};

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the members of the JSON")]
struct Row {
    source_id: String,
    uri: String,
    tier: &'static str,
    local: bool,
    relay: bool,
    tls: bool,
    available: bool,
    rtt_ms: Option<u32>,
    usual_ms: Option<u64>,
    score: i32,
    current: bool,
    pinned: bool,
    last_error: Option<String>,
    rule: Option<&'static str>,
}

impl Row {
    fn new(source: &Source, report: &ConnectionReport, rule: Option<&'static str>) -> Self {
        let connection = &report.connection;
        Self {
            source_id: source.id.to_string(),
            uri: connection.uri.to_string(),
            tier: connection.tier().as_str(),
            local: connection.local,
            relay: connection.relay,
            tls: connection.uri.is_tls(),
            available: connection.is_available,
            rtt_ms: connection.response_time_ms,
            usual_ms: report.usual.and_then(|usual| u64::try_from(usual.as_millis()).ok()),
            score: connection.priority,
            current: report.current,
            pinned: connection.pinned,
            last_error: report.last_error.clone(),
            rule: if report.current { rule } else { None },
        }
    }

    fn cells(&self) -> Vec<String> {
        let ms = |value: Option<u64>| value.map(|ms| format!("{ms} ms")).unwrap_or_default();
        let state = match (self.current, self.available) {
            (true, true) => "in use",
            (true, false) => "in use, silent",
            (false, true) => "available",
            (false, false) => "unavailable",
        };
        vec![
            state.to_owned(),
            self.tier.to_owned(),
            self.score.to_string(),
            ms(self.rtt_ms.map(u64::from)),
            ms(self.usual_ms),
            self.uri.clone(),
            self.last_error.clone().unwrap_or_default(),
        ]
    }
}

pub(super) async fn run(ctx: &AppContext, wanted: &Connections, output: Output) -> Result {
    if let Some(action) = &wanted.action {
        return addresses::run(ctx, action, output).await;
    }
    let sources = remote_sources(ctx, &wanted.sources).await?;
    if wanted.watch {
        return watch::run(ctx, &sources, output).await;
    }
    if wanted.metrics {
        return metrics::run(ctx, &sources, output).await;
    }
    if wanted.no_pin {
        for source in &sources {
            ConnectionService::pin(ctx, source.id, None).await?;
        }
    }
    if let (Some(address), [source]) = (&wanted.pin, sources.as_slice()) {
        let address = address.parse().map_err(|_| ServiceError::Address(AddressProblem::Malformed))?;
        ConnectionService::pin(ctx, source.id, Some(&address)).await?;
    } else if wanted.pin.is_some() {
        anyhow::bail!("--pin needs one source that has addresses");
    }
    let mut rows = Vec::new();
    for source in &sources {
        let reports = if wanted.probe {
            ConnectionService::test_connections(ctx, source.id).await?
        } else {
            ConnectionService::report(ctx, source.id).await?
        };
        let rule = ConnectionService::explain(ctx, source.id)
            .and_then(|decision| decision.rule)
            .map(crate::services::core::connection::Rule::describe);
        if !output.is_json() {
            let why = rule.unwrap_or("chosen earlier; --probe checks every address now");
            say(&format!("{}: {why}", source.name));
        }
        rows.extend(reports.iter().map(|report| Row::new(source, report, rule)));
    }
    output.rows(&rows, &["STATE", "TIER", "SCORE", "NOW", "USUALLY", "ADDRESS", "LAST ERROR"], Row::cells)
}

/// The sources that have connections: all, or those of the wanted ones.
async fn remote_sources(ctx: &AppContext, wanted: &[SourceId]) -> Result<Vec<Source>> {
    let mut sources = SourceService::list(ctx).await?;
    if let Some(unknown) = wanted.iter().find(|id| !sources.iter().any(|source| source.id == **id)) {
        let _unknown = SourceService::get(ctx, *unknown).await?;
    }
    sources.retain(|source| {
        source.kind != SourceKind::Local && (wanted.is_empty() || wanted.contains(&source.id))
    });
    Ok(sources)
}
