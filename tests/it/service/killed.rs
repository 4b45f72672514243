//! A process that plays is killed at any moment: what it has noted is there, and reaches the server in its order.
//!
//! The process is this test binary itself, started again for one test that does nothing when it is run as a test. A few
//! rounds by default, as many as `REEL_KILL_ROUNDS` says otherwise (`build-aux/test --long`: 1000).

use std::collections::HashMap;
use std::env;
use std::process::Stdio;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gnome_reel::models::{MediaId, PlayMethod, PlaybackEvent, PlaybackReport, SourceId};
use gnome_reel::services::AppContext;
use gnome_reel::services::clock::Clock;
use gnome_reel::services::core::{OutboxService, PlaybackReporter, PlaybackService};
use reel_testbed::catalogue::ItemNumber;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::support::{Bed, Server, ServerKind, TOKEN, films};

/// Rounds of an ordinary run.
const ROUNDS: u32 = 6;
/// Films that are played in turns.
const FILMS: u32 = 3;
/// Between two reports of a film, and its first place: later than what servers count as the beginning.
const STEP: Duration = Duration::from_secs(1);
const FIRST: Duration = Duration::from_mins(8);
/// The process is killed within this time after it has begun, in milliseconds: some reports long.
const LATEST_KILL_MS: u64 = 120;

const FOLDER: &str = "REEL_KILLED_FOLDER";
const SECRET: &str = "REEL_KILLED_TOKEN";
const SOURCE: &str = "REEL_KILLED_SOURCE";
const ITEMS: &str = "REEL_KILLED_ITEMS";

fn report(position: Duration) -> PlaybackReport {
    PlaybackReport {
        event: PlaybackEvent::Playing,
        position,
        duration: None,
        at: Utc::now(),
        version_id: None,
        play_session_id: None,
        method: PlayMethod::Direct,
    }
}

/// What the process does that is killed: it goes on from the places that are stored, and says which it has noted.
#[expect(clippy::print_stdout, reason = "that is how it tells")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_that_plays() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let ctx = AppContext::open_below(folder.as_ref()).await.unwrap();
    let source: SourceId = env::var(SOURCE).unwrap().parse().unwrap();
    ctx.secrets.set(source, &env::var(SECRET).unwrap().into()).await.unwrap();
    let items: Vec<MediaId> =
        env::var(ITEMS).unwrap().split(',').map(|id| MediaId(id.parse().unwrap())).collect();
    let reporter = PlaybackReporter::new(&ctx);
    println!("begun");
    for turn in 0_usize.. {
        for item in &items {
            let left = ctx.db.items().get(*item).await.unwrap().record.watch.position;
            let position = if left.is_zero() { FIRST } else { left + STEP };
            // Now as a report of what plays, now as something that is only noted, as without a network.
            if turn.is_multiple_of(3) {
                PlaybackService::set_position(&ctx, *item, position).await.unwrap();
            } else {
                reporter.say(*item, report(position));
                reporter.work().await.unwrap();
            }
            println!("noted {} {}", item.0, position.as_millis());
        }
        if turn.is_multiple_of(2) {
            OutboxService::drain(&ctx, source).await.unwrap();
        }
    }
}

/// Starts the process, kills it after a time, and gives the places that it has noted.
async fn kill_one(
    bed: &Bed,
    source: SourceId,
    token: &str,
    items: &[MediaId],
    after: Duration,
) -> HashMap<i64, u64> {
    let ids: Vec<String> = items.iter().map(|item| item.0.to_string()).collect();
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--exact", "service::killed::the_process_that_plays", "--nocapture", "--test-threads=1"])
        .env(FOLDER, bed.folder.path())
        .env(SECRET, token)
        .env(SOURCE, source.to_string())
        .env(ITEMS, ids.join(","))
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut noted = HashMap::new();
    loop {
        let line = lines.next_line().await.unwrap().expect("the process has begun");
        if line.ends_with("begun") {
            break;
        }
    }
    tokio::time::sleep(after).await;
    process.kill().await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut words = line.split_whitespace();
        if let (Some("noted"), Some(Ok(item)), Some(Ok(ms))) =
            (words.next(), words.next().map(str::parse), words.next().map(str::parse))
        {
            noted.insert(item, ms);
        }
    }
    noted
}

/// The places that a Plex was told of each film, in their order.
fn told(server: &Server) -> HashMap<String, Vec<u64>> {
    let mut told: HashMap<String, Vec<u64>> = HashMap::new();
    for request in server.recorder().requests() {
        let query: HashMap<_, _> = url::form_urlencoded::parse(request.query.as_bytes()).collect();
        let item = match request.path.as_str() {
            "/:/timeline" => query.get("ratingKey"),
            "/:/progress" => query.get("key"),
            _ => None,
        };
        if let (Some(item), Some(time)) = (item, query.get("time")) {
            told.entry(item.to_string()).or_default().push(time.parse().unwrap());
        }
    }
    told
}

#[expect(clippy::print_stdout, reason = "the figure of many rounds")]
async fn killed(kind: ServerKind) {
    let rounds = env::var("REEL_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let server = Server::start(kind, films(FILMS as usize)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut items = Vec::new();
    for number in 1..=FILMS {
        items.push(bed.item(id, &server.remote_id(ItemNumber(number))).await.id);
    }
    let token = match &server {
        Server::Plex(_) => TOKEN.to_owned(),
        Server::Jellyfin(jellyfin) => jellyfin.tokens().remove(0),
    };
    let (mut lost, mut reports, mut moment) = (0, 0, 7_u64);
    for round in 0..rounds {
        // Any moment, the same ones in each run.
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let after = Duration::from_millis((moment >> 33) % LATEST_KILL_MS);
        // As films of an hour and more are: begun anew before their end.
        for item in &items {
            if bed.ctx.db.items().get(*item).await.unwrap().record.watch.position > Duration::from_mins(40) {
                PlaybackService::set_position(&bed.ctx, *item, FIRST).await.unwrap();
                server.recorder().clear();
            }
        }
        let noted = kill_one(&bed, id, &token, &items, after).await;
        reports += noted.len();
        for (item, ms) in noted {
            let here = bed.ctx.db.items().get(MediaId(item)).await.unwrap().record.watch.position;
            let is_there = here.as_millis() >= u128::from(ms);
            lost += u32::from(!is_there);
            assert!(is_there, "round {round}: {item} was noted at {ms} ms and is at {here:?}");
        }
    }
    // The next process, when the leases of the dead are over.
    let mut ctx = bed.ctx.clone();
    ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::minutes(2));
    OutboxService::drain_reached(&ctx, id).await.unwrap();
    assert!(OutboxService::list(&ctx, None).await.unwrap().is_empty());
    for (number, item) in (1..).zip(&items) {
        let here = ctx.db.items().get(*item).await.unwrap().record.watch.position;
        assert_eq!(server.watch_state(ItemNumber(number)).position, here, "film {number}");
    }
    let mut reordered = 0;
    for places in told(&server).values() {
        reordered += places.windows(2).filter(|pair| pair[1] < pair[0]).count();
    }
    println!("{kind:?}: {rounds} rounds, {reports} places noted last, {lost} lost, {reordered} reordered");
    assert_eq!(reordered, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_plex() {
    killed(ServerKind::Plex).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_jellyfin() {
    killed(ServerKind::Jellyfin).await;
}
