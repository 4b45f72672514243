//! The page as a text that may be shown to strangers: no names, hosts or accounts. Not translated: it is for a
//! bug report.

use std::fmt::Write as _;

use super::content::Content;
use crate::config::VERSION;

/// The report.
pub(super) fn text(content: &Content) -> String {
    let mut text = format!("Reel {VERSION}, {}\n", content.source.kind);
    let status = &content.status;
    let mut line = |words: String| {
        // Writing to a text cannot fail.
        let _infallible = writeln!(text, "{words}");
    };
    line(format!("state: {}, last error: {:?}", status.reach.as_str(), status.last_error));
    line(format!("live updates: {}", status.live.as_str()));
    if let Some(decision) = &content.decision {
        line(format!("rule: {:?}, attempts: {}", decision.rule, decision.attempts.len()));
    }
    for (number, report) in (1..).zip(&content.connections) {
        let connection = &report.connection;
        let millis = |time: std::time::Duration| format!("{} ms", time.as_millis());
        line(format!(
            "{number}: {} {}{}{}, now {:?}, usually {}, {} answered, {} failed, {}",
            connection.tier().as_str(),
            if connection.uri.is_tls() { "https" } else { "http" },
            if report.current { ", in use" } else { "" },
            if connection.pinned { ", pinned" } else { "" },
            connection.response_time_ms.filter(|_| connection.is_available),
            report.usual.map_or_else(|| "unknown".to_owned(), millis),
            report.successes,
            report.failures,
            report.last_error.as_deref().unwrap_or("no error"),
        ));
    }
    line(format!("attempts: {}, failed: {}", content.stats.total_attempts, content.stats.total_failures));
    line(format!("changes waiting: {}", content.changes.len()));
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ServerConnection, Tier};
    use crate::net::tracker::ConnectionStats;
    use crate::services::core::connection::{ConnectionReport, Reach};
    use crate::ui::standing::tests::{source, status};

    #[test]
    fn the_report_names_nobody() {
        let attic = source();
        let connection = ServerConnection::new("https://attic.example:8920".parse().unwrap(), Tier::Remote);
        let content = Content {
            status: status(&attic, Reach::Online),
            source: attic,
            connections: vec![ConnectionReport {
                connection,
                usual: None,
                successes: 2,
                failures: 1,
                last_error: Some("Refused".to_owned()),
                current: true,
            }],
            decision: None,
            stats: ConnectionStats::default(),
            changes: Vec::new(),
        };
        let text = text(&content);
        assert!(text.contains("1: remote https, in use"), "{text}");
        assert!(!text.to_lowercase().contains("attic"), "{text}");
    }
}
