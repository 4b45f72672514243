//! `reel-testbed`: runs the pretended servers for a demonstration, for benches and for tests from outside.
//!
//! It says how to reach them in a file of JSON ([`Ready`](reel_testbed::demo::Ready)) that appears when
//! everything listens, and runs until SIGTERM or SIGINT. `switch` switches connections of what runs.

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::demo::{self, DemoPorts, Ready, Services, State, folder};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Pretended Jellyfin, Plex Media Server and plex.tv.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all servers with a small library, beside a folder of films.
    Demo(Demo),
    /// Runs one server with a generated library.
    Serve(Serve),
    /// Lists the connections of a running demo, or switches some.
    Switch(Switch),
}

#[derive(Debug, Args)]
struct Demo {
    /// The folder to fill with sample films.
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// Generated films that Jellyfin has besides, in a library of their own.
    #[arg(long, value_name = "N", default_value_t = 0)]
    items: usize,
    /// Written when everything listens, removed at the end.
    #[arg(long, value_name = "FILE")]
    ready_file: PathBuf,
    /// Port of Jellyfin's first connection; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    jellyfin_port: u16,
    /// Port of the Plex Media Server's first connection.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    plex_port: u16,
    /// Port of plex.tv.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    plex_tv_port: u16,
}

#[derive(Debug, Args)]
struct Switch {
    /// A connection, all of a server (jellyfin, plex, plex.tv), or `all`.
    name: Option<String>,
    /// How it is to be.
    state: Option<State>,
    /// The file that the demo has written. By default that of `build-aux/run --demo`: in $DEMO, or else below
    /// target/ of this folder.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

impl Switch {
    /// Does it, and says in a line what went wrong.
    fn run(self) -> ExitCode {
        let of_shell = || Some(PathBuf::from(std::env::var_os("DEMO")?).join("ready.json"));
        let file = self.ready_file.or_else(of_shell).unwrap_or_else(|| PathBuf::from("target/run/demo.json"));
        let (said, status) = match demo::switch(&file, self.name.as_deref(), self.state) {
            Ok(switches) => {
                (std::io::stdout().write_all(demo::table(&switches).as_bytes()), ExitCode::SUCCESS)
            }
            Err(error) => (writeln!(std::io::stderr(), "switch: {error:#}"), ExitCode::FAILURE),
        };
        if said.is_ok() { status } else { ExitCode::FAILURE }
    }
}

#[derive(Debug, Args)]
struct Serve {
    /// Which server.
    kind: Kind,
    /// Films in the library.
    #[arg(long, value_name = "N", default_value_t = 100)]
    films: usize,
    /// Series in the library, of two seasons with eight episodes each.
    #[arg(long, value_name = "N", default_value_t = 10)]
    series: usize,
    /// The same seed and size give the same library.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Without the rows that break clients: missing fields, strange titles, unknown types…
    #[arg(long)]
    plain: bool,
    /// Written when the server listens, removed at the end.
    #[arg(long, value_name = "FILE")]
    ready_file: PathBuf,
    /// Port of the first connection; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Jellyfin,
    Plex,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let command = Arguments::parse().command;
    match command {
        Command::Demo(arguments) => demo(arguments).await?,
        Command::Serve(arguments) => serve(arguments).await?,
        Command::Switch(arguments) => return Ok(arguments.run()),
    }
    Ok(ExitCode::SUCCESS)
}

/// One that was killed leaves its file, and whoever waits must not take that for ours.
fn begin(ready_file: &Path) -> anyhow::Result<()> {
    Ready::remove(ready_file).with_context(|| format!("removing {}", ready_file.display()))
}

async fn demo(arguments: Demo) -> anyhow::Result<()> {
    begin(&arguments.ready_file)?;
    let filled = std::path::absolute(&arguments.folder)?;
    folder::write(&filled).await.with_context(|| format!("filling {}", filled.display()))?;
    let ports = DemoPorts {
        jellyfin: arguments.jellyfin_port,
        plex: arguments.plex_port,
        plex_tv: arguments.plex_tv_port,
    };
    let services = Services::demo(ports, arguments.items).await?;
    let ready = Ready { folder: Some(filled), ..services.ready().clone() };
    run(services, &ready, &arguments.ready_file).await
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    begin(&arguments.ready_file)?;
    let recipe = Recipe {
        seed: arguments.seed,
        films: arguments.films,
        series: arguments.series,
        plain: arguments.plain,
        ..Recipe::default()
    };
    let catalogue = recipe.generate();
    let services = match arguments.kind {
        Kind::Jellyfin => Services::jellyfin(catalogue, arguments.port).await?,
        Kind::Plex => Services::plex(catalogue, arguments.port).await?,
    };
    let ready = services.ready().clone();
    run(services, &ready, &arguments.ready_file).await
}

/// Says that everything is ready, and keeps it running until it is asked to end.
async fn run(services: Services, ready: &Ready, file: &Path) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    ready.write(file).with_context(|| format!("writing {}", file.display()))?;
    let control = ready.control_url.as_deref().unwrap_or_default();
    tracing::info!(ready_file = %file.display(), control, "ready");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // Nobody should find the address of what no longer runs.
    Ready::remove(file)?;
    drop(services);
    Ok(())
}
