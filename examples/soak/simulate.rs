//! Two servers, somebody who uses the app, and others who use the servers.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::Utc;
use gnome_reel::models::{Item, LibraryId, SourceId};
use gnome_reel::services::AppContext;
use gnome_reel::services::core::library::ItemQuery;
use gnome_reel::services::core::live::{self, LiveInput};
use gnome_reel::services::core::monitor::{self, MonitorInput};
use gnome_reel::services::core::sync::SyncOptions;
use gnome_reel::services::core::{
    AuthService, BackendService, LibraryService, OutboxService, PlaybackService,
};
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Catalogue, Item as ServerItem, ItemKind, ItemNumber, WatchState};
use reel_testbed::connection::Connection;
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::plex::PlexServer;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

const USER: &str = "ana";
const PASSWORD: &str = "a password";
const TOKEN: &str = "a token";
/// Films of each server at the beginning.
const FILMS: usize = 600;
/// Between two steps.
const STEP: Duration = Duration::from_millis(50);
/// A server is away for so long.
const AWAY: Duration = Duration::from_secs(2);

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Done {
    steps: u64,
    marks: u64,
    changes: u64,
    restarts: u64,
    syncs: u64,
    searches: u64,
    failures: u64,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { steps, marks, changes, restarts, syncs, searches, failures } = self;
        write!(
            f,
            "{steps} steps: {marks} marks, {changes} changes of catalogues, {restarts} restarts, {syncs} syncs, \
             {searches} searches; {failures} requests failed"
        )
    }
}

/// Everything that takes part.
pub(super) struct World {
    ctx: AppContext,
    jellyfin: JellyfinServer,
    plex: PlexServer,
    sources: [SourceId; 2],
    /// A server that is away, and when it comes back.
    away: Option<(usize, Instant)>,
    pub(super) done: Done,
    _live: (mpsc::UnboundedSender<LiveInput>, AbortOnDropHandle<()>),
    _monitor: (mpsc::UnboundedSender<MonitorInput>, AbortOnDropHandle<()>),
}

impl World {
    /// Starts servers, signs in and reads everything.
    pub(super) async fn start(ctx: AppContext) -> anyhow::Result<Self> {
        let catalogue = || Recipe { films: FILMS, series: 10, plain: true, ..Recipe::default() }.generate();
        let jellyfin = JellyfinServer::builder().catalogue(catalogue()).user(USER, PASSWORD).start().await?;
        let plex =
            PlexServer::builder().catalogue(catalogue()).user(USER, TOKEN).local("plex").start().await?;
        let sources = [
            AuthService::add_jellyfin(&ctx, jellyfin.base_url(), USER, &PASSWORD.into()).await?,
            AuthService::add_plex_by_token(&ctx, plex.base_url(), &TOKEN.into()).await?,
        ];
        for source in sources {
            BackendService::sync_source(&ctx, source, SyncOptions::default()).await?;
        }
        let (sender, inputs) = mpsc::unbounded_channel();
        sender.send(LiveInput::Start)?;
        let live = (sender, AbortOnDropHandle::new(tokio::spawn(live::run(ctx.clone(), inputs))));
        let (sender, inputs) = mpsc::unbounded_channel();
        sender.send(MonitorInput::Start)?;
        let monitor = (sender, AbortOnDropHandle::new(tokio::spawn(monitor::run(ctx.clone(), inputs))));
        let done = Done::default();
        Ok(Self { ctx, jellyfin, plex, sources, away: None, done, _live: live, _monitor: monitor })
    }

    /// One thing that happens.
    pub(super) async fn step(&mut self) -> anyhow::Result<()> {
        tokio::time::sleep(STEP).await;
        self.done.steps += 1;
        self.bring_back();
        // The record of requests is for tests: it keeps them all.
        self.jellyfin.recorder().clear();
        self.plex.recorder().clear();
        match fastrand::u32(0..100) {
            0..30 => self.mark_elsewhere(),
            30..40 => self.describe(),
            40..46 => self.add(),
            46..52 => self.remove(),
            52..60 => self.search().await?,
            60..72 => self.browse().await?,
            72..84 => self.mark_here().await?,
            84..90 => self.open().await?,
            90..95 => self.sync().await,
            _ if fastrand::u32(0..5) == 0 => self.go_away(),
            _ => {}
        }
        Ok(())
    }

    /// In the end everything is as at the servers.
    pub(super) async fn check(&mut self) -> anyhow::Result<()> {
        self.away = self.away.take().map(|(server, _)| (server, Instant::now()));
        self.bring_back();
        let counts = [self.jellyfin.change_catalogue(count), self.plex.change_catalogue(count)];
        for (source, expected) in self.sources.into_iter().zip(counts) {
            // The first may find a connection that was closed, and the second a list that has changed meanwhile.
            let mut ended = Ok(());
            for _ in 0..5 {
                let synced = BackendService::sync_source(&self.ctx, source, SyncOptions::default()).await;
                ended = synced.map(drop);
                if ended.is_ok() {
                    break;
                }
                tokio::time::sleep(AWAY).await;
            }
            ended?;
            let mut stored = 0;
            for library in self.ctx.db.libraries().list(Some(source)).await? {
                stored +=
                    LibraryService::count(&self.ctx, &query(library.id, library.kind.listed_kinds(), 0))
                        .await?;
            }
            ensure!(stored == expected, "{stored} items are stored of {expected}");
        }
        Ok(())
    }

    fn mark_elsewhere(&mut self) {
        self.done.marks += 1;
        let item = ItemNumber(fastrand::u32(1..=films()));
        let played = fastrand::bool();
        let state = WatchState {
            played,
            play_count: u32::from(played),
            last_played: played.then(Utc::now),
            ..WatchState::default()
        };
        if fastrand::bool() {
            self.jellyfin.set_watch_state(USER, item, state);
        } else {
            self.plex.set_watch_state(TOKEN, item, state);
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Catalogue)) {
        self.done.changes += 1;
        if fastrand::bool() {
            self.jellyfin.change_catalogue(change);
        } else {
            self.plex.change_catalogue(change);
        }
    }

    /// A title gets other words; from time to time many do.
    fn describe(&mut self) {
        let first = fastrand::usize(0..FILMS);
        let many = if fastrand::u32(0..20) == 0 { 300 } else { 1 };
        self.change(|catalogue| {
            for item in catalogue.items.iter_mut().skip(first).take(many).flatten() {
                item.updated = Utc::now();
                item.summary = Some(format!("Words of {}", item.updated));
            }
        });
    }

    fn add(&mut self) {
        self.change(|catalogue| {
            let model = catalogue.all().find(|item| item.kind == ItemKind::Film).cloned();
            if let Some(model) = model {
                let now = Utc::now();
                catalogue.add(|number| ServerItem { number, added: now, updated: now, ..model });
            }
        });
    }

    /// Removes the film that was added last, if there is one more than at the beginning.
    fn remove(&mut self) {
        self.change(|catalogue| {
            let films = catalogue.all().filter(|item| item.kind == ItemKind::Film);
            let films: Vec<ItemNumber> = films.map(|item| item.number).collect();
            if let Some(last) = films.last().filter(|_| films.len() > FILMS) {
                catalogue.remove(*last);
            }
        });
    }

    async fn search(&mut self) -> anyhow::Result<()> {
        self.done.searches += 1;
        let text = ["the", "a", "ne", "blue", "über", "x"][fastrand::usize(0..6)];
        LibraryService::search(&self.ctx, text, 50).await?;
        Ok(())
    }

    async fn browse(&self) -> anyhow::Result<()> {
        LibraryService::sources(&self.ctx).await?;
        let libraries = self.ctx.db.libraries().list(None).await?;
        let library = &libraries[fastrand::usize(0..libraries.len())];
        LibraryService::items(&self.ctx, &query(library.id, library.kind.listed_kinds(), 100)).await?;
        Ok(())
    }

    async fn some_film(&self) -> anyhow::Result<Item> {
        let libraries = self.ctx.db.libraries().list(Some(self.sources[fastrand::usize(0..2)])).await?;
        let library = libraries.first().context("a library of films")?;
        let mut asked = query(library.id, library.kind.listed_kinds(), 1);
        asked.offset = fastrand::u32(0..films());
        LibraryService::items(&self.ctx, &asked).await?.into_iter().next().context("a film")
    }

    async fn mark_here(&mut self) -> anyhow::Result<()> {
        self.done.marks += 1;
        let film = self.some_film().await?;
        PlaybackService::set_watched(&self.ctx, film.id, fastrand::bool()).await?;
        OutboxService::retry_all(&self.ctx).await?;
        if self.away.is_none() {
            OutboxService::drain(&self.ctx, film.source_id).await?;
        }
        Ok(())
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        let film = self.some_film().await?;
        if self.away.is_none() {
            let details = BackendService::get_details(&self.ctx, film.id).await;
            self.done.failures += u64::from(details.is_err());
        }
        Ok(())
    }

    async fn sync(&mut self) {
        self.done.syncs += 1;
        let source = self.sources[fastrand::usize(0..2)];
        let options = SyncOptions { full: fastrand::u32(0..10) == 0, ..SyncOptions::default() };
        let synced = BackendService::sync_source(&self.ctx, source, options).await;
        self.done.failures += u64::from(synced.is_err());
    }

    fn go_away(&mut self) {
        if self.away.is_none() {
            self.done.restarts += 1;
            let server = fastrand::usize(0..2);
            self.connections(server, Connection::off);
            self.away = Some((server, Instant::now() + AWAY));
        }
    }

    fn bring_back(&mut self) {
        if let Some((server, _)) = self.away.filter(|(_, until)| *until <= Instant::now()) {
            self.connections(server, Connection::on);
            self.away = None;
        }
    }

    fn connections(&self, server: usize, act: impl Fn(&Connection)) {
        if server == 0 {
            self.jellyfin.connections().for_each(act);
        } else {
            self.plex.switches().for_each(act);
        }
    }
}

fn count(catalogue: &mut Catalogue) -> u64 {
    catalogue.all().count() as u64
}

fn query(library: LibraryId, kinds: &[gnome_reel::models::ItemKind], limit: u32) -> ItemQuery {
    ItemQuery { kinds: kinds.to_vec(), limit, ..ItemQuery::library(library) }
}

fn films() -> u32 {
    u32::try_from(FILMS).unwrap_or(u32::MAX)
}
