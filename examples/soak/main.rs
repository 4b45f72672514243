//! `build-aux/soak`: the core against servers that change all the time, for as long as wanted. Memory, open files and
//! threads have to stay what they were.
//!
//! The servers of the testbed run in the same process, so that what is measured is theirs, too: they have to be as flat.

mod gauge;
mod simulate;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use gnome_reel::services::AppContext;

use gauge::Gauge;
use simulate::World;

/// Time without an argument, in minutes.
const USUAL_MINUTES: f64 = 10.0;
/// The same work each time.
const SEED: u64 = 7;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let minutes = match std::env::args().nth(1) {
        Some(text) => text.parse().context("the time is a number of minutes")?,
        None => USUAL_MINUTES,
    };
    let folder = tempfile::tempdir()?;
    let result = soak(folder.path(), Duration::from_secs_f64(minutes * 60.0)).await;
    folder.close()?;
    result
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
async fn soak(folder: &Path, time: Duration) -> anyhow::Result<()> {
    fastrand::seed(SEED);
    let ctx = AppContext::open_below(folder).await?;
    let mut world = World::start(ctx).await?;
    let mut gauge = Gauge::default();
    let begin = Instant::now();
    let mut sampled = begin;
    while begin.elapsed() < time {
        world.step().await?;
        if sampled.elapsed() >= gauge::EVERY {
            sampled = Instant::now();
            gauge.sample()?;
        }
    }
    println!("soak: {} in {:.1} min", world.done, time.as_secs_f64() / 60.0);
    world.check().await?;
    let grown = gauge.report();
    if !grown.is_empty() {
        bail!("it grows: {}", grown.join(", "));
    }
    println!("soak: flat");
    Ok(())
}
