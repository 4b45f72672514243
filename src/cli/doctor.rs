//! `gnome-reel doctor`: what a bug report needs to know, without any secret.

use serde::Serialize;

use super::Result;
use super::output::Output;
use crate::config::{APP_ID, VERSION};
use crate::services::AppContext;
use crate::services::core::doctor::{self, Report};
use crate::ui::error_text;

#[derive(Debug, Serialize)]
struct Broken {
    version: &'static str,
    app_id: &'static str,
    database: String,
}

pub(super) async fn run(output: Output) -> Result {
    match AppContext::open_for_user().await {
        Ok(ctx) => {
            let report = doctor::report(&ctx).await?;
            output.one(&report, &describe(&report))
        }
        // A database that cannot be opened is what the report is for.
        Err(error) => {
            let broken = Broken { version: VERSION, app_id: APP_ID, database: error_text::sentence(&error) };
            output.one(&broken, &format!("Reel {VERSION} ({APP_ID})\nDatabase     {}", broken.database))
        }
    }
}

fn describe(report: &Report) -> String {
    let mut lines = vec![
        format!("Reel {} ({})", report.version, report.app_id),
        format!("System       {}", report.system),
        format!("Credentials  {}", report.credentials),
        format!("Database     {} items, {} changes waiting", report.items, report.waiting_changes),
        format!("Network      {}", report.network),
        format!("Media probe  {}", report.media_probe),
    ];
    let health = &report.health;
    let state = if health.is_healthy { "healthy" } else { "not healthy" };
    lines.push(format!(
        "Servers      {state}: {} connected, {} failed, {} being tried",
        health.connected, health.failed, health.recovering
    ));
    let attempts = &report.connections;
    lines.push(format!(
        "Attempts     {} over {} connections, {} failed",
        attempts.total_attempts, attempts.total_connections, attempts.total_failures
    ));
    let sent = &report.transport;
    lines.push(format!("Proxy        {}, used by {} answers", report.proxy, sent.through_proxy));
    lines.push(format!(
        "Transport    {} answers, {} over open connections, {} over HTTP/2, {} bytes for {}",
        sent.answers, sent.reused, sent.http2, sent.bytes_received, sent.bytes_read
    ));
    for source in &report.sources {
        lines.push(format!(
            "Source       {} {}, {} of {} addresses answer, {} libraries, last sync {}",
            source.kind,
            source.state,
            source.answering,
            source.addresses,
            source.libraries,
            source.last_sync.as_deref().unwrap_or("never"),
        ));
        if let Some(tier) = source.tier {
            let rtt = source.rtt_ms.map(|ms| format!(", {ms} ms")).unwrap_or_default();
            let why = source.rule.map(|rule| format!(": {rule}")).unwrap_or_default();
            lines.push(format!("             in use: {tier}{rtt}{why}"));
        }
        if let Some(live) = &source.live {
            lines.push(format!("             live updates: {live}"));
        }
        if source.accepted_certificates > 0 {
            lines
                .push(format!("             certificates accepted by you: {}", source.accepted_certificates));
        }
        if !source.failures.is_empty() {
            lines.push(format!("             failures: {}", source.failures.join(", ")));
        }
    }
    lines.join("\n")
}
