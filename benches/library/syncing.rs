//! First listings against the bare loop, and syncs of what has not changed.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use gnome_reel::models::SourceId;
use gnome_reel::services::AppContext;
use gnome_reel::services::core::BackendService;
use gnome_reel::services::core::sync::SyncOptions;

use crate::bare;
use crate::cost::cpu_time;
use crate::figures::{Figures, median, ms};
use crate::server::{Kind, Seen, Server};

/// Films in the large library.
pub const FILMS: usize = 100_000;
/// Runs of the large listing: each takes a while.
const LARGE_RUNS: usize = 3;
/// Runs of the others.
const RUNS: usize = 5;
/// The least share of the bare loop's speed.
const LEAST_SHARE: f64 = 0.7;
/// The least speed of a first listing, in items per second.
const LEAST_SPEED: f64 = 4000.0;
/// The most processor time of our own for a first sync, in times of the bare loop's.
const MOST_CPU: f64 = 3.0;
/// The most requests for a first sync, in times of the bare loop's.
const MOST_REQUESTS: f64 = 2.0;
/// The most processor time for a sync that finds nothing new.
const MOST_UNCHANGED_CPU_MS: f64 = 300.0;
/// The most time for a sync that finds nothing new, in times of its bare requests.
const MOST_UNCHANGED_TIME: f64 = 1.2;

/// An app with one source, in a folder of its own.
pub struct App {
    /// Its context.
    pub ctx: AppContext,
    id: SourceId,
    folder: tempfile::TempDir,
}

impl App {
    async fn with(server: &Server) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let ctx = AppContext::open_below(folder.path()).await?;
        let id = server.add_to(&ctx).await?;
        Ok(Self { ctx, id, folder })
    }

    async fn sync(&self) -> anyhow::Result<u64> {
        Ok(BackendService::sync_source(&self.ctx, self.id, SyncOptions::default()).await?.listed)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("data/reel.db")
    }
}

/// Measures all of it. Gives an app with the large library.
pub async fn measure(figures: &mut Figures) -> anyhow::Result<App> {
    for kind in Kind::ALL {
        first_sync(figures, kind).await?;
    }
    large(figures, Kind::Plex).await?;
    large(figures, Kind::Jellyfin).await
}

/// 5 000 films and 2 000 episodes.
async fn first_sync(figures: &mut Figures, kind: Kind) -> anyhow::Result<()> {
    let mut server = Server::start(kind, 5000, 200)?;
    let (mut ours, mut theirs, mut requests) = (Vec::new(), Vec::new(), Vec::new());
    let mut pages = Vec::new();
    for _ in 0..RUNS {
        let app = App::with(&server).await?;
        server.seen()?;
        let begin = cpu_time()?;
        app.sync().await?;
        ours.push(ms(cpu_time()?.saturating_sub(begin)));
        let seen = server.seen()?;
        pages = pages_of(&seen);
        requests.push(seen.len() as f64);
        let begin = cpu_time()?;
        bare::fill(&server.url, &pages, &app.file(), &app.file().with_extension("bare")).await?;
        theirs.push(ms(cpu_time()?.saturating_sub(begin)));
    }
    let (bare, needed) = (median(&theirs), pages.len() as f64);
    let name = |what: &str| format!("first sync of 5 000 films, 2 000 episodes, {}: {what}", kind.word());
    figures.add(&name("CPU"), "ms", ours, bare, bare * MOST_CPU);
    figures.add(&name("requests"), "", requests, needed, needed * MOST_REQUESTS);
    Ok(())
}

async fn large(figures: &mut Figures, kind: Kind) -> anyhow::Result<App> {
    let mut server = Server::start(kind, FILMS, 0)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut app = None;
    for _ in 0..LARGE_RUNS {
        let fresh = App::with(&server).await?;
        server.seen()?;
        let begin = Instant::now();
        let listed = fresh.sync().await?;
        ours.push(FILMS as f64 / begin.elapsed().as_secs_f64());
        anyhow::ensure!(listed == FILMS as u64, "{listed} items were listed");
        let pages = pages_of(&server.seen()?);
        let took =
            bare::fill(&server.url, &pages, &fresh.file(), &fresh.file().with_extension("bare")).await?;
        theirs.push(FILMS as f64 / took.as_secs_f64());
        app = Some(fresh);
    }
    let bare = median(&theirs);
    let name = format!("first sync of 100 000 films, {}", kind.word());
    figures.add_least(&name, "items/s", ours, bare, (bare * LEAST_SHARE).max(LEAST_SPEED));
    let app = app.context("no run")?;
    unchanged(figures, &mut server, &app, kind).await?;
    Ok(app)
}

/// Nothing has changed since the first sync.
async fn unchanged(figures: &mut Figures, server: &mut Server, app: &App, kind: Kind) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let (mut times, mut cpu, mut bare_times, mut items) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        server.seen()?;
        let (begin, begin_cpu) = (Instant::now(), cpu_time()?);
        let listed = app.sync().await?;
        times.push(ms(begin.elapsed()));
        cpu.push(ms(cpu_time()?.saturating_sub(begin_cpu)));
        items.push(listed as f64);
        let seen = server.seen()?;
        let begin = Instant::now();
        for request in &seen {
            bare::again(&client, &server.url, request).send().await?.error_for_status()?.bytes().await?;
        }
        bare_times.push(ms(begin.elapsed()));
    }
    let name = |what: &str| format!("sync of 100 000 films, nothing changed, {}: {what}", kind.word());
    figures.add(&name("CPU"), "ms", cpu, 0.0, MOST_UNCHANGED_CPU_MS);
    // Not a listing: what was watched or begun comes along each time.
    figures.add(&name("items asked for"), "", items, FILMS as f64, FILMS as f64 / 2.0);
    let bare = median(&bare_times);
    figures.add(&name("time"), "ms", times, bare, bare * MOST_UNCHANGED_TIME);
    Ok(())
}

fn pages_of(seen: &[Seen]) -> Vec<Seen> {
    seen.iter().filter(|request| request.is_page()).cloned().collect()
}

/// The file of an app's database.
pub fn database(app: &App) -> PathBuf {
    Path::new(&app.file()).to_owned()
}
