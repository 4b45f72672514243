//! The stream gateway between a player and real servers: every byte arrives, whatever happens to the connections.

use std::time::Duration;

use gnome_reel::backends::{Location, StreamSource};
use gnome_reel::services::core::BackendService;
use gnome_reel::services::events::{ChangeReason, Event};
use gnome_reel::services::gateway::GatewayStream;
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::Link;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::media::SampleVideos;
use url::Url;

use crate::support::{Scene, ServerKind, carries_credential};

on_both!(
    a_film_and_its_subtitles_come_through,
    a_film_survives_any_breaks,
    a_film_goes_on_over_another_connection,
    a_silent_connection_is_left,
    a_slow_disk_is_waited_for,
    a_token_that_was_replaced_is_replaced_here_too,
    a_player_never_sees_a_secret,
    when_nothing_answers_the_player_hears_it,
    nothing_is_read_ahead_of_a_slow_player,
);

/// A film with a subtitle file beside it.
const FILM: ItemNumber = ItemNumber(2);

/// How often connections are broken.
const ROUNDS_VARIABLE: &str = "REEL_GATEWAY_ROUNDS";

/// A film that is open for a player.
struct Playback {
    scene: Scene,
    stream: StreamSource,
    film: Vec<u8>,
    _kept: GatewayStream,
}

impl Playback {
    async fn start(kind: ServerKind) -> Self {
        Self::of(Scene::start(kind).await).await
    }

    async fn of(mut scene: Scene) -> Self {
        let item = scene.bed.item(scene.id, &scene.server.remote_id(FILM)).await;
        let ctx = &scene.bed.ctx;
        let stream = BackendService::get_stream_url(ctx, item.id, None).await.unwrap();
        let (stream, kept) = ctx.gateway.open(ctx, scene.id, stream).await.unwrap();
        let sample = SampleVideos::prepare().await.unwrap().of(FILM).clone();
        let film = std::fs::read(&sample.path).unwrap();
        scene.seen().await;
        Self { scene, stream, film, _kept: kept.unwrap() }
    }

    fn url(&self) -> Url {
        url(&self.stream.location)
    }

    async fn open(&self, range: Option<&str>) -> reqwest::Response {
        let call = reqwest::Client::new().get(self.url());
        range.into_iter().fold(call, |call, range| call.header("range", range)).send().await.unwrap()
    }

    /// The paths that a server is asked for a film by.
    fn media_path(&self) -> &'static str {
        match self.scene.server {
            crate::support::Server::Plex(_) => "/library/parts/",
            crate::support::Server::Jellyfin(_) => "/Videos/",
        }
    }
}

fn url(location: &Location) -> Url {
    let Location::Remote(request) = location else { panic!("a server's film is no file") };
    assert!(request.headers.is_empty(), "the player has nothing to hide");
    request.url.clone()
}

async fn a_film_and_its_subtitles_come_through(kind: ServerKind) {
    let playback = Playback::start(kind).await;
    let whole = playback.open(None).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.bytes().await.unwrap(), playback.film);
    let part = playback.open(Some("bytes=1000-1999")).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), playback.film[1000..2000]);
    assert!(!playback.stream.subtitles.is_empty());
    for subtitle in &playback.stream.subtitles {
        let text = reqwest::get(url(&subtitle.location)).await.unwrap().text().await.unwrap();
        assert!(text.contains("-->"), "{text}");
    }
    let server = &playback.scene.server;
    let secrets = server.secrets();
    for secret in &secrets {
        assert!(!format!("{:?} {}", playback.stream, playback.url()).contains(secret));
    }
    let asked = server.recorder().requests();
    let media: Vec<_> =
        asked.iter().filter(|request| request.path.starts_with(playback.media_path())).collect();
    assert!(media.len() >= 2);
    assert!(media.iter().all(|request| carries_credential(request, &secrets)));
    server.assert_identity_first();
}

async fn a_film_survives_any_breaks(kind: ServerKind) {
    let rounds = std::env::var(ROUNDS_VARIABLE).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(50);
    let playback = Playback::start(kind).await;
    let faults = playback.scene.server.faults();
    let length = playback.film.len() as u64;
    for round in 0..rounds {
        let mut random = fastrand::Rng::with_seed(round);
        let (cut, times) = (random.u64(1..length), random.u32(1..5));
        faults.add_times(EVERY_CONNECTION, playback.media_path(), Fault::Cut(cut), times);
        let first = random.usize(0..playback.film.len());
        let reply = playback.open(Some(&format!("bytes={first}-"))).await;
        let got = reply.bytes().await.unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert!(got == playback.film[first..], "round {round}: from {first}, {times} cuts after {cut}");
        faults.clear_all();
    }
}

/// Reads as much as comes of a film whose server sends half of it and then nothing.
async fn first_half(playback: &Playback) -> (reqwest::Response, Vec<u8>) {
    let mut reply = playback.open(None).await;
    let mut got = Vec::new();
    while got.len() < playback.film.len() / 2 {
        got.extend_from_slice(&reply.chunk().await.unwrap().unwrap());
    }
    (reply, got)
}

async fn the_rest(mut reply: reqwest::Response, mut got: Vec<u8>) -> Vec<u8> {
    while let Some(part) = reply.chunk().await.unwrap() {
        got.extend_from_slice(&part);
    }
    got
}

async fn a_film_goes_on_over_another_connection(kind: ServerKind) {
    let mut playback = Playback::start(kind).await;
    playback.scene.line("lan").fault_at(playback.media_path(), Fault::Stall);
    let (reply, got) = first_half(&playback).await;
    playback.scene.line("lan").off();
    assert!(the_rest(reply, got).await == playback.film, "not one byte is lost or doubled");
    assert_eq!(playback.scene.in_use().await, "wan");
    let (reasons, visible) = playback.scene.seen().await;
    assert_eq!((reasons, visible), (vec![ChangeReason::Failover], vec![]), "nothing to see");
    let half = playback.film.len() / 2;
    let on_wan = playback.scene.line("wan").requests();
    let resumed = on_wan.iter().rfind(|request| request.path.starts_with(playback.media_path())).unwrap();
    assert_eq!(resumed.header("range"), Some(&*format!("bytes={half}-{}", playback.film.len() - 1)));
    playback.scene.server.assert_identity_first();
    // What is asked next goes there at once.
    let before = playback.scene.line("lan").requests().len();
    assert_eq!(playback.open(Some("bytes=0-9")).await.bytes().await.unwrap(), playback.film[..10]);
    assert_eq!(playback.scene.line("lan").requests().len(), before);
}

async fn a_silent_connection_is_left(kind: ServerKind) {
    let mut playback = Playback::start(kind).await;
    playback.scene.line("lan").fault_at(playback.media_path(), Fault::Stall);
    let (reply, got) = first_half(&playback).await;
    playback.scene.line("lan").set_link(Link::Silent);
    assert!(the_rest(reply, got).await == playback.film);
    assert_eq!(playback.scene.in_use().await, "wan");
    assert_eq!(playback.scene.seen().await.1, vec![], "nothing to see");
}

async fn a_slow_disk_is_waited_for(kind: ServerKind) {
    let mut playback = Playback::start(kind).await;
    playback.scene.line("lan").fault_times(playback.media_path(), Fault::Stall, 1);
    let (reply, got) = first_half(&playback).await;
    assert!(the_rest(reply, got).await == playback.film);
    assert_eq!(playback.scene.in_use().await, "lan", "a slow disk is not a dead server");
    assert_eq!(playback.scene.seen().await, (vec![], vec![]));
}

async fn a_token_that_was_replaced_is_replaced_here_too(kind: ServerKind) {
    if kind == ServerKind::Jellyfin {
        // Nobody but a person can get another.
        return;
    }
    let playback = Playback::start(kind).await;
    playback.scene.server.revoke();
    let ctx = &playback.scene.bed.ctx;
    ctx.secrets.set(playback.scene.id, &"canary-token-next".into()).await.unwrap();
    assert_eq!(playback.open(Some("bytes=0-9")).await.bytes().await.unwrap(), playback.film[..10]);
}

/// Everything that GStreamer says while it opens a film.
#[cfg(feature = "media-probe")]
fn said_by_gstreamer(url: &Url) -> String {
    use gst::prelude::*;
    use std::sync::{Arc, Mutex};
    gst::init().unwrap();
    let said = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&said);
    gst::log::remove_default_log_function();
    gst::log::add_log_function(move |_, _, _, function, _, _, message| {
        let line = format!("{function}: {}\n", message.get().unwrap_or_default());
        log.lock().unwrap().push_str(&line);
    });
    gst::log::set_threshold_from_string("*:5", true);
    gst::log::set_active(true);
    let sink = || gst::ElementFactory::make("fakesink").build().unwrap();
    let player = gst::ElementFactory::make("playbin3").property("uri", url.as_str());
    let player = player.property("video-sink", sink()).property("audio-sink", sink()).build().unwrap();
    player.set_state(gst::State::Paused).unwrap();
    let ends = [gst::MessageType::AsyncDone, gst::MessageType::Error];
    let end = player.bus().unwrap().timed_pop_filtered(gst::ClockTime::from_seconds(30), &ends).unwrap();
    player.set_state(gst::State::Null).unwrap();
    gst::log::set_active(false);
    assert_eq!(end.type_(), gst::MessageType::AsyncDone, "{end:?}");
    std::mem::take(&mut said.lock().unwrap())
}

#[cfg(feature = "media-probe")]
async fn a_player_never_sees_a_secret(kind: ServerKind) {
    let playback = Playback::start(kind).await;
    let url = playback.url();
    let said = tokio::task::spawn_blocking(move || said_by_gstreamer(&url)).await.unwrap();
    assert!(said.contains("127.0.0.1"), "it says where it reads from");
    for secret in playback.scene.server.secrets() {
        assert!(!said.contains(&secret));
    }
}

#[cfg(not(feature = "media-probe"))]
async fn a_player_never_sees_a_secret(_: ServerKind) {}

async fn when_nothing_answers_the_player_hears_it(kind: ServerKind) {
    let mut playback = Playback::start(kind).await;
    let path = playback.media_path();
    playback.scene.server.faults().add(EVERY_CONNECTION, path, Fault::status(404));
    assert_eq!(playback.open(None).await.status(), 404);
    playback.scene.server.faults().clear_all();
    playback.scene.server.faults().add(EVERY_CONNECTION, path, Fault::status(403));
    assert_eq!(playback.open(None).await.status(), 403);
    let gone = |event: &Event| matches!(event, Event::ConnectivityChanged { .. });
    assert!(!playback.scene.seen().await.1.iter().any(gone), "the connection is not to blame");
}

async fn nothing_is_read_ahead_of_a_slow_player(kind: ServerKind) {
    /// More than every buffer on the way may hold: of the sockets, which the system chooses, and of the programs.
    const BUFFERS: u64 = 24 * 1024 * 1024;
    const HUGE: u64 = 256 * 1024 * 1024;
    let playback = Playback::start(kind).await;
    let lan = playback.scene.line("lan");
    lan.fault_at(playback.media_path(), Fault::Huge(HUGE));
    let before = lan.bytes_sent();
    let mut reply = playback.open(None).await;
    assert!(reply.chunk().await.unwrap().is_some());
    // Until nothing more is sent.
    let mut sent = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = lan.bytes_sent() - before;
        if now == sent {
            break;
        }
        sent = now;
    }
    assert!(sent < BUFFERS, "{sent} bytes were read for a player that wants none");
    drop(reply);
}
