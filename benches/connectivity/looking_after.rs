//! Looking after fifty sources of eight connections each: how often, at what price, with how much memory.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gnome_reel::models::{
    ConnectionList, MachineId, NewSource, ServerConnection, SourceId, SourceKind, Tier,
};
use gnome_reel::services::AppContext;
use gnome_reel::services::core::connection::{CheckOutcome, Scope, check};
use gnome_reel::services::core::monitor::{Agenda, Mood, Work};

use crate::figures::{Figures, median};
use crate::identity_server::{IdentityServer, MACHINE};

const SOURCES: u32 = 50;
const CONNECTIONS: u32 = 8;
/// Rounds of checks whose cost is measured.
const ROUNDS: usize = 5;

/// Measures all of it.
pub async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let (checks, probes) = schedule();
    figures.add("monitor, 50 x 8 unfocused: probes", "1/s", vec![probes], 0.0, 3.0);

    let server = IdentityServer::start()?;
    let folder = tempfile::tempdir()?;
    let ctx = AppContext::open_below(folder.path()).await?;
    let before = memory()?;
    let mut sources = Vec::new();
    for number in 0..SOURCES {
        sources.push(ctx.db.sources().insert(&source(number, server.port)?).await?);
    }
    for id in &sources {
        anyhow::ensure!(check(&ctx, *id, Scope::Everything).await? == CheckOutcome::Up, "a check failed");
    }
    let after = memory()?;
    figures.add("monitor, 50 x 8: memory over idle", "MiB", vec![after - before], 0.0, 8.0);

    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let (begin, cpu) = (Instant::now(), processor_time()?);
        for id in &sources {
            check(&ctx, *id, Scope::Standby).await?;
        }
        let per_check = processor_time()?.saturating_sub(cpu).as_secs_f64() / f64::from(SOURCES);
        shares.push(per_check * checks * 100.0);
        anyhow::ensure!(begin.elapsed() < Duration::from_mins(1), "checks hang");
    }
    figures.add("monitor, 50 x 8 unfocused: processor", "% core", shares.clone(), 0.0, 0.5);
    figures.remark(format!(
        "{:.2} checks a second at {:.2} ms each",
        checks,
        median(&shares) * 10.0 / checks
    ));
    Ok(())
}

fn source(number: u32, port: u16) -> anyhow::Result<NewSource> {
    let mut connections = Vec::new();
    for connection in 0..CONNECTIONS {
        let uri = format!("http://127.0.0.1:{port}/s{number}/c{connection}").parse()?;
        connections.push(ServerConnection::new(uri, if connection < 2 { Tier::Local } else { Tier::Remote }));
    }
    Ok(NewSource {
        kind: SourceKind::Jellyfin,
        name: format!("Server {number}"),
        connection_url: connections.first().map(|first| first.uri.clone()),
        connections: ConnectionList { connections, last_check: None },
        machine_id: Some(MachineId::new(MACHINE)),
        user: None,
        device_id: "bench".to_owned(),
        folders: Vec::new(),
    })
}

/// Checks and probes a second over a day in which nothing happens and nobody looks.
fn schedule() -> (f64, f64) {
    const DAY: Duration = Duration::from_hours(24);
    let begin = tokio::time::Instant::now();
    let mut agenda = Agenda::new(begin);
    agenda.set_mood(Mood { focused: false, metered: false }, begin);
    for number in 0..SOURCES {
        agenda.add(SourceId::random(), begin, Duration::from_millis(40) * number);
    }
    let (mut checks, mut probes) = (0_u32, 0_u32);
    while let Some(now) = agenda.next().filter(|now| *now < begin + DAY) {
        for (id, work) in agenda.take_due(now) {
            checks += 1;
            probes += if work == Work::Check(Scope::Everything) { CONNECTIONS } else { 2 };
            agenda.done(id, now, CheckOutcome::Up);
        }
    }
    (f64::from(checks) / DAY.as_secs_f64(), f64::from(probes) / DAY.as_secs_f64())
}

/// Memory of this process that is its own, in MiB.
fn memory() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/self/smaps_rollup")?;
    let kib = |line: &str| line.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok());
    let line = text.lines().find(|line| line.starts_with("Pss:")).and_then(kib);
    Ok(line.context("no Pss")? / 1024.0)
}

/// Processor time of all threads of this process, by the scheduler's own count.
fn processor_time() -> anyhow::Result<Duration> {
    let mut time = Duration::ZERO;
    for task in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
        time += Duration::from_nanos(nanoseconds.context("no schedstat")?);
    }
    Ok(time)
}
