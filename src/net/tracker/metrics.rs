//! Export in the Prometheus text format, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use super::health::HealthReport;
use super::state::ConnectionState;
use super::stats::ConnectionStats;
use crate::models::SourceId;

/// What a family of samples counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// Goes up only.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// A text of metrics being written.
#[derive(Debug, Default)]
pub struct MetricsText {
    text: String,
    family: &'static str,
}

impl MetricsText {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a family; the samples that follow belong to it. `name` must be a metric name of the format.
    #[must_use]
    pub fn family(mut self, name: &'static str, kind: MetricType, help: &str) -> Self {
        let kind = match kind {
            MetricType::Counter => "counter",
            MetricType::Gauge => "gauge",
        };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        self.family = name;
        self
    }

    /// Adds a sample to the family. A label's name must be one of the format; its value may be anything.
    #[must_use]
    pub fn sample(mut self, labels: &[(&str, &str)], value: impl Display) -> Self {
        self.text.push_str(self.family);
        for (index, (name, label)) in labels.iter().enumerate() {
            let separator = if index == 0 { '{' } else { ',' };
            let label = label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.text, "{separator}{name}=\"{label}\"");
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
        self
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Connections, attempts and health as metrics. A source is labelled with its id and nothing else: names and
/// addresses are private.
pub fn prometheus(sources: &BTreeMap<SourceId, ConnectionStats>, health: &HealthReport) -> String {
    let sources: Vec<(String, &ConnectionStats)> =
        sources.iter().map(|(id, stats)| (id.to_string(), stats)).collect();
    let mut text =
        MetricsText::new().family("reel_connections", MetricType::Gauge, "Connections of a source by state.");
    for (id, stats) in &sources {
        for state in ConnectionState::ALL {
            text = text.sample(&[("source", id), ("state", state.name())], stats.count(state));
        }
    }
    text = text.family("reel_attempts_total", MetricType::Counter, "Attempts over connections that ended.");
    for (id, stats) in &sources {
        text = text.sample(&[("source", id)], stats.total_attempts);
    }
    text = text.family("reel_failures_total", MetricType::Counter, "Attempts over connections that failed.");
    for (id, stats) in &sources {
        text = text.sample(&[("source", id)], stats.total_failures);
    }
    text.family("reel_healthy", MetricType::Gauge, "1 while enough sources are connected.")
        .sample(&[], u8::from(health.is_healthy))
        .family("reel_sources_connected", MetricType::Gauge, "Enabled remote sources with a connection.")
        .sample(&[], health.connected)
        .family("reel_sources_failed", MetricType::Gauge, "Enabled remote sources that have failed.")
        .sample(&[], health.failed)
        .family("reel_sources_recovering", MetricType::Gauge, "Enabled remote sources being tried again.")
        .sample(&[], health.recovering)
        .finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::net::tracker::{ConnectionId, ConnectionManager};

    #[test]
    fn labels_and_help_are_escaped() {
        let text = MetricsText::new()
            .family("m", MetricType::Counter, "a \\ and\na \"line\"")
            .sample(&[("one", "q\"b\\n\nx"), ("two", "ü{},=")], 1)
            .finish();
        assert_eq!(
            text,
            "# HELP m a \\\\ and\\na \"line\"\n# TYPE m counter\nm{one=\"q\\\"b\\\\n\\nx\",two=\"ü{},=\"} 1\n"
        );
    }

    #[test]
    fn sources_appear_by_id_only_and_every_sample_has_a_type() {
        let manager = ConnectionManager::new();
        let source = SourceId::random();
        let id = ConnectionId::new(source, "https://attic.example.org:32400".parse().unwrap());
        manager.with_tracker(&id, |tracker| tracker.record_failure(crate::net::ErrorKind::Refused));
        manager.with_tracker(&id, crate::net::tracker::ConnectionTracker::record_success);
        let health = manager.health(&[source], 1, chrono::DateTime::UNIX_EPOCH);
        let text = prometheus(&manager.stats_by_source(), &health);
        assert!(text.contains(&format!("reel_connections{{source=\"{source}\",state=\"connected\"}} 1\n")));
        assert!(text.contains(&format!("reel_attempts_total{{source=\"{source}\"}} 2\n")));
        assert!(text.contains(&format!("reel_failures_total{{source=\"{source}\"}} 1\n")));
        assert!(text.contains("reel_healthy 1\n"));
        assert!(!text.contains("attic") && !text.contains("32400"));
        let mut typed = "";
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                typed = rest.split(' ').next().unwrap();
            } else if !line.starts_with('#') {
                assert!(line.starts_with(typed), "{line} is not of {typed}");
            }
        }
    }
}
