//! Figures: collected, judged, printed.

#![allow(clippy::print_stdout, reason = "the figures are the output")]
#![allow(dead_code, reason = "each bench has its own figures")]

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

/// One measured figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    limit: f64,
    target: f64,
    is_met: bool,
    runs: Vec<f64>,
}

/// All figures of a run.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    figures: Vec<Figure>,
    comparisons: Vec<String>,
}

impl Figures {
    /// Adds the median of some runs. It is met up to `target`; `limit` is what no better way could go below.
    pub fn add(&mut self, name: &str, unit: &'static str, runs: Vec<f64>, limit: f64, target: f64) {
        let is_met = median(&runs) <= target;
        self.push(name, unit, runs, (limit, target), is_met);
    }

    /// Adds the median of some runs. It is met from `target` on; `limit` is what no better way could go above.
    pub fn add_least(&mut self, name: &str, unit: &'static str, runs: Vec<f64>, limit: f64, target: f64) {
        let is_met = median(&runs) >= target;
        self.push(name, unit, runs, (limit, target), is_met);
    }

    fn push(
        &mut self,
        name: &str,
        unit: &'static str,
        runs: Vec<f64>,
        (limit, target): (f64, f64),
        is_met: bool,
    ) {
        let value = median(&runs);
        let ratio = if limit > 0.0 { format!("{:.2}x", value / limit) } else { "-".to_owned() };
        let verdict = if is_met { "ok" } else { "short" };
        println!(
            "{name:62} {value:9.3} {unit:9} limit {limit:9.3}  {ratio:>8}  target {target:9.3}  {verdict}"
        );
        self.figures.push(Figure { name: name.to_owned(), value, unit, limit, target, is_met, runs });
    }

    /// Adds how a simpler strategy did.
    pub fn compare(&mut self, scenario: &str, strategy: &str, ours: f64, theirs: f64) {
        let line =
            format!("{scenario}: {:.0} ms against {theirs:.0} ms {strategy} ({:.1}x)", ours, theirs / ours);
        println!("  {line}");
        self.comparisons.push(line);
    }

    /// Adds a remark.
    pub fn remark(&mut self, line: String) {
        println!("  {line}");
        self.comparisons.push(line);
    }

    /// Writes everything, with every single run.
    pub fn write_json(&self, file: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(file, serde_json::to_string_pretty(self)?)?)
    }

    /// Whether all are met.
    pub fn finish(&self) -> ExitCode {
        if self.figures.iter().all(|figure| figure.is_met) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// The middle of some values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value that this share of some values does not exceed.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// Half the distance between the quarters: how much a value jitters.
pub fn jitter(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |part: usize| sorted.get(sorted.len() * part / 4).copied().unwrap_or_default();
    (at(3) - at(1)) / 2.0
}

/// A time in milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
