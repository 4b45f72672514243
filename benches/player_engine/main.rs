//! Measures the engine against a bare `playbin3` that plays the same files in the same window in the same run.
//!
//! Films come from a server on this machine. Prints a line for each figure: `name value unit limit ratio target
//! ok|short`. Exits with 1 when a figure falls short. `build-aux/bench player` runs it, on a desktop of its own.

#[path = "../support/figures.rs"]
mod figures;
mod films;
mod server;
mod stage;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context;
use figures::{Figures, median, ms};
use stage::{Ours, Player, Stage};

/// Pairs of runs; ours and the bare one alternate, so that what else the machine does meets both.
const RUNS: usize = 15;
/// How much slower than the bare player ours may be.
const FACTOR: f64 = 1.3;
/// Plays of different files after which memory is compared.
const PLAYS: usize = 20;
/// How much more memory than after the first play there may be then.
const GROWTH: f64 = 1.1;
/// How much of each film is played there.
const PLAYED: Duration = Duration::from_millis(700);
/// What closing takes at most; memory is read after it.
const CLOSES_WITHIN: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, folder] = arguments.as_slice()
        && word == "make"
    {
        films::make_all(Path::new(folder))?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    // Elsewhere, so that what encoding needs is not counted as memory of playing.
    let made = Command::new(std::env::current_exe()?).arg("make").arg(folder.path()).status()?;
    anyhow::ensure!(made.success(), "the films could not be made");
    let server = server::Server::start(folder.path())?;
    let mut figures = Figures::default();
    let stage = Stage::new()?;
    memory(&stage, &server, &mut figures)?;
    first_pictures(&stage, &server, &mut figures)?;
    seeks(&stage, &server, &mut figures)?;
    if let Some(file) =
        arguments.iter().position(|word| word == "--json").and_then(|at| arguments.get(at + 1))
    {
        figures.write_json(file.as_ref())?;
    }
    Ok(figures.finish())
}

/// From the wish to the first picture.
fn first_pictures(stage: &Stage, server: &server::Server, figures: &mut Figures) -> anyhow::Result<()> {
    let ours = Ours::new(stage);
    let url = server.url(&films::name(0))?;
    let (mut engine, mut bare) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let one = stage.first_picture(&Player::Ours(&ours), &url)?;
        let other = stage.first_picture(&Player::Bare, &url)?;
        // The first pair brings files and plugins into memory.
        if run > 0 {
            engine.push(ms(one));
            bare.push(ms(other));
        }
    }
    let limit = median(&bare);
    figures.add("engine: click to first picture", "ms", engine, limit, limit * FACTOR);
    Ok(())
}

/// From the wish to the picture of another position.
fn seeks(stage: &Stage, server: &server::Server, figures: &mut Figures) -> anyhow::Result<()> {
    let ours = Ours::new(stage);
    let url = server.url(&films::name(1))?;
    let places: Vec<Duration> = (0..=RUNS).map(films::place).collect();
    let engine = stage.seeks(&Player::Ours(&ours), &url, &places)?;
    let bare = stage.seeks(&Player::Bare, &url, &places)?;
    let limit = median(&bare);
    figures.add("engine: seek to picture", "ms", engine, limit, limit * FACTOR);
    Ok(())
}

/// Memory after many films, against memory after the first.
fn memory(stage: &Stage, server: &server::Server, figures: &mut Figures) -> anyhow::Result<()> {
    let ours = Ours::new(stage);
    let mut first = 0.0;
    for film in 0..PLAYS {
        let url = server.url(&films::name(film))?;
        stage.first_picture_of(&ours, &url)?;
        stage.plays_for(&ours, PLAYED)?;
        ours.stop();
        if film == 0 {
            stage.rest(CLOSES_WITHIN);
            first = proportional_share()?;
        }
    }
    stage.rest(CLOSES_WITHIN);
    figures.add("engine: memory after 20 films", "MiB", vec![proportional_share()?], first, first * GROWTH);
    Ok(())
}

/// Proportional share of memory of this process in MiB.
fn proportional_share() -> anyhow::Result<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup")?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes / 1024.0)
}
