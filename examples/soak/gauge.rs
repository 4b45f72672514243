//! What the process takes, sample by sample, and whether that grows.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// Between two samples.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// Samples that are left out at the beginning: caches are filled and threads begin. A tenth of all.
const WARM_UP: usize = 10;

/// One figure, and by how much its last third may lie above its first.
#[derive(Debug)]
struct Figure {
    name: &'static str,
    unit: &'static str,
    /// By what factor.
    factor: f64,
    /// By how much more than that.
    more: f64,
    samples: Vec<f64>,
}

/// All figures.
#[derive(Debug)]
pub(super) struct Gauge {
    figures: [Figure; 4],
}

impl Default for Gauge {
    fn default() -> Self {
        let figure = |name, unit, factor, more| Figure { name, unit, factor, more, samples: Vec::new() };
        Self {
            figures: [
                // An allocator keeps what was needed at the worst moment, which may come late.
                figure("rss", "MiB", 1.10, 8.0),
                figure("pss", "MiB", 1.10, 8.0),
                figure("files", "", 1.0, 8.0),
                figure("threads", "", 1.0, 4.0),
            ],
        }
    }
}

impl Gauge {
    /// Takes a sample of everything.
    pub(super) fn sample(&mut self) -> anyhow::Result<()> {
        let count = |folder: &str| -> anyhow::Result<u32> {
            u32::try_from(fs::read_dir(folder)?.count()).context("so many")
        };
        let now = [
            mebibytes("/proc/self/status", "VmRSS:")?,
            mebibytes("/proc/self/smaps_rollup", "Pss:")?,
            f64::from(count("/proc/self/fd")?),
            f64::from(count("/proc/self/task")?),
        ];
        for (figure, value) in self.figures.iter_mut().zip(now) {
            figure.samples.push(value);
        }
        Ok(())
    }

    /// Prints the figures, and gives the names of those that grow.
    #[expect(clippy::print_stdout, reason = "the figures are what it is for")]
    pub(super) fn report(&self) -> Vec<String> {
        let mut grown = Vec::new();
        println!("{:8} {:>10} {:>10} {:>10} {:>10}", "figure", "first", "last", "most", "limit");
        for figure in &self.figures {
            let Some((first, last)) = figure.thirds() else { continue };
            let limit = first * figure.factor + figure.more;
            let most = figure.samples.iter().copied().fold(0.0, f64::max);
            println!("{:8} {first:10.1} {last:10.1} {most:10.1} {limit:10.1} {}", figure.name, figure.unit);
            if last > limit {
                grown.push(figure.name.to_owned());
            }
        }
        grown
    }
}

impl Figure {
    /// The medians of the first and of the last third; `None` for a run that was too short to say anything.
    fn thirds(&self) -> Option<(f64, f64)> {
        let warm = self.samples.get(self.samples.len() / WARM_UP..)?;
        let third = warm.len() / 3;
        if third == 0 {
            return None;
        }
        Some((median(&warm[..third]), median(&warm[warm.len() - third..])))
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// A line of a file of the kernel, in kibibytes there.
fn mebibytes(file: &str, line: &str) -> anyhow::Result<f64> {
    let text = fs::read_to_string(file)?;
    let value = text.lines().find_map(|found| found.strip_prefix(line)).context("no such line")?;
    let kibibytes: f64 = value.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes / 1024.0)
}
