//! A server with a large library in a process of its own, so that what it costs is not counted as ours. It tells
//! what it was asked, so that the same can be asked again without us.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context as _;
use gnome_reel::models::SourceId;
use gnome_reel::services::AppContext;
use gnome_reel::services::core::AuthService;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::plex::PlexServer;
use reel_testbed::record::{RecordedRequest, Recorder};
use serde::{Deserialize, Serialize};

const USER: &str = "bench";
const PASSWORD: &str = "bench-password";
const TOKEN: &str = "bench-plex-token";

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Jellyfin.
    Jellyfin,
    /// A Plex Media Server.
    Plex,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Jellyfin, Self::Plex];

    /// As a word in names of figures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Jellyfin => "jellyfin",
            Self::Plex => "plex",
        }
    }
}

/// A request as the server saw it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seen {
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
}

impl Seen {
    fn of(request: &RecordedRequest) -> Self {
        let mark = if request.query.is_empty() { "" } else { "?" };
        Self { path: format!("{}{mark}{}", request.path, request.query), headers: request.headers.clone() }
    }

    /// Whether it asked for items of a library.
    pub fn is_page(&self) -> bool {
        let lists = self.path.starts_with("/Items?") || self.path.contains("/all?");
        lists && !self.path.contains("limit=0") && !self.path.contains("Container-Size=0")
    }
}

/// The server's process, ended when dropped.
pub struct Server {
    process: Child,
    asking: ChildStdin,
    answers: BufReader<ChildStdout>,
    kind: Kind,
    /// Its address.
    pub url: String,
}

impl Server {
    /// Starts it with this many films and series of two seasons with five episodes each.
    pub fn start(kind: Kind, films: usize, series: usize) -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", kind.word(), &films.to_string(), &series.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asking = process.stdin.take().context("no input")?;
        let mut answers = BufReader::new(process.stdout.take().context("no output")?);
        let mut url = String::new();
        answers.read_line(&mut url)?;
        Ok(Self { process, asking, answers, kind, url: url.trim().to_owned() })
    }

    /// What it was asked since the last time.
    pub fn seen(&mut self) -> anyhow::Result<Vec<Seen>> {
        writeln!(self.asking)?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// Adds it as a source.
    pub async fn add_to(&self, ctx: &AppContext) -> anyhow::Result<SourceId> {
        Ok(match self.kind {
            Kind::Jellyfin => AuthService::add_jellyfin(ctx, &self.url, USER, &PASSWORD.into()).await?,
            Kind::Plex => AuthService::add_plex_by_token(ctx, &self.url, &TOKEN.into()).await?,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// The other end of [`Server::start`]: serves until its input ends.
pub async fn serve(arguments: &[String]) -> anyhow::Result<()> {
    let [kind, films, series] = arguments else { anyhow::bail!("serve KIND FILMS SERIES") };
    let recipe = Recipe {
        films: films.parse()?,
        series: series.parse()?,
        episodes: 5,
        plain: true,
        ..Recipe::default()
    };
    let catalogue = recipe.generate();
    if kind == Kind::Jellyfin.word() {
        let server = JellyfinServer::builder().user(USER, PASSWORD).catalogue(catalogue).start().await?;
        answer(server.base_url(), server.recorder())
    } else {
        let server = PlexServer::builder().token(TOKEN).catalogue(catalogue).start().await?;
        answer(server.base_url(), server.recorder())
    }
}

fn answer(url: &str, recorder: &Recorder) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{url}")?;
    tokio::task::block_in_place(|| {
        for _question in std::io::stdin().lines() {
            let seen: Vec<Seen> = recorder.requests().iter().map(Seen::of).collect();
            recorder.clear();
            writeln!(out, "{}", serde_json::to_string(&seen)?)?;
        }
        Ok(())
    })
}
