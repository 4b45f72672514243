//! `gnome-reel connections`.

use serde::Serialize;

use super::Result;
use super::output::{Output, say};
use crate::models::{Source, SourceId, SourceKind};
use crate::services::AppContext;
use crate::services::core::SourceService;
use crate::services::core::connection::{ConnectionReport, ConnectionService};

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

pub(super) async fn run(ctx: &AppContext, wanted: &[SourceId], probe: bool, output: Output) -> Result {
    let mut rows = Vec::new();
    for source in SourceService::list(ctx).await? {
        if source.kind == SourceKind::Local || !(wanted.is_empty() || wanted.contains(&source.id)) {
            continue;
        }
        let reports = if probe {
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
        rows.extend(reports.iter().map(|report| Row::new(&source, report, rule)));
    }
    output.rows(&rows, &["STATE", "TIER", "SCORE", "NOW", "USUALLY", "ADDRESS", "LAST ERROR"], Row::cells)
}
