//! What happens at a server shows here at once, and nothing that is told does harm.

use std::time::{Duration, Instant};

use chrono::Utc;
use gnome_reel::models::{MediaId, OutboxChange, ServerConnection, ServerUrl, SourceId, Tier};
use gnome_reel::net::{ErrorKind, ProxyChoice};
use gnome_reel::services::core::connection::LiveState;
use gnome_reel::services::core::live::{self, LiveInput};
use gnome_reel::services::core::{
    ConnectionService, LiveService, OutboxService, PlaybackService, SourceService,
};
use gnome_reel::services::events::Event;
use gnome_reel::services::trust::TrustService;
use reel_testbed::catalogue::{Item, ItemNumber, WatchState};
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::proxy::Proxy;
use reel_testbed::tls::Served;
use tokio::sync::broadcast::Receiver;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_util::task::AbortOnDropHandle;

use crate::support::{Bed, Scene, Server, ServerKind, films};

on_both!(
    what_another_app_marks_arrives_within_two_seconds,
    titles_come_and_go,
    nothing_goes_because_it_is_said_to_be_gone,
    a_change_that_waits_here_wins,
    a_server_that_was_away_is_followed_again_and_asked_what_was_missed,
    the_socket_follows_the_connection,
    a_dead_token_is_not_tried_again_and_again,
    a_source_that_is_off_is_not_listened_to,
    a_flood_is_one_look_at_the_library,
    what_is_no_message_means_nothing,
    a_self_signed_server_is_listened_to_only_once_it_is_trusted,
    the_way_leads_through_the_proxy,
    no_credential_is_in_an_address,
);

const FILM: ItemNumber = ItemNumber(3);
/// The promise is two seconds; a machine that is busy gets five times as long.
const CEILING: Duration = Duration::from_secs(10);

/// The task that follows servers, as long as this lives.
struct Live {
    input: UnboundedSender<LiveInput>,
    _task: AbortOnDropHandle<()>,
}

fn follow(bed: &Bed) -> Live {
    let (input, inputs) = unbounded_channel();
    let task = tokio::spawn(live::run(bed.ctx.clone(), inputs));
    input.send(LiveInput::Start).unwrap();
    Live { input, _task: AbortOnDropHandle::new(task) }
}

/// Follows, and waits until the server tells what happens.
async fn followed(bed: &Bed, id: SourceId) -> Live {
    let live = follow(bed);
    until(async || state(bed, id) == LiveState::Connected).await;
    live
}

fn state(bed: &Bed, id: SourceId) -> LiveState {
    bed.ctx.connectivity.status(id).live
}

/// Waits for something that happens elsewhere. What never happens ends the test by its own ceiling.
async fn until(what: impl AsyncFn() -> bool) {
    while !what().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_watched(bed: &Bed, server: &Server, id: SourceId, item: ItemNumber) -> bool {
    bed.item(id, &server.remote_id(item)).await.record.watch.watched
}

fn played() -> WatchState {
    WatchState { played: true, play_count: 1, last_played: Some(Utc::now()), ..WatchState::default() }
}

fn sockets(server: &Server) -> usize {
    match server {
        Server::Plex(plex) => plex.open_sockets(),
        Server::Jellyfin(jellyfin) => jellyfin.open_sockets(),
    }
}

fn handshakes(server: &Server) -> Vec<String> {
    let requests = server.recorder().requests();
    let asks = requests
        .into_iter()
        .filter(|request| request.path == "/socket" || request.path.starts_with("/:/websocket"));
    asks.map(|request| request.connection).collect()
}

fn say(server: &Server, text: &str) {
    match server {
        Server::Plex(plex) => plex.say(text),
        Server::Jellyfin(jellyfin) => jellyfin.say(text),
    }
}

/// What the server says of an item that it has deleted.
fn said_to_be_gone(server: &Server, item: ItemNumber) -> String {
    let id = server.remote_id(item);
    match server {
        Server::Plex(_) => format!(
            r#"{{"NotificationContainer":{{"type":"timeline","size":1,"TimelineEntry":[{{"sectionID":"1","itemID":"{id}","state":9}}]}}}}"#
        ),
        Server::Jellyfin(_) => {
            format!(r#"{{"MessageType":"LibraryChanged","Data":{{"ItemsRemoved":["{id}"]}}}}"#)
        }
    }
}

/// Waits for an event that names an item.
async fn changed(events: &mut Receiver<Event>, item: MediaId) {
    loop {
        if let Event::ItemsChanged { ids, .. } = events.recv().await.unwrap()
            && ids.contains(&item)
        {
            return;
        }
    }
}

async fn what_another_app_marks_arrives_within_two_seconds(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    let (other, other_id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    for watched in [true, false] {
        let mut events = bed.ctx.events.subscribe();
        let theirs = other.item(other_id, &server.remote_id(FILM)).await;
        PlaybackService::set_watched(&other.ctx, theirs.id, watched).await.unwrap();
        assert_eq!(OutboxService::drain(&other.ctx, other_id).await.unwrap().delivered, 1);
        let marked = Instant::now();
        changed(&mut events, item.id).await;
        assert!(marked.elapsed() < CEILING, "{:?}", marked.elapsed());
        assert_eq!(is_watched(&bed, &server, id, FILM).await, watched);
    }
    assert_eq!(handshakes(&server).len(), 1);
}

async fn titles_come_and_go(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    let added = server.change_catalogue(|catalogue| {
        let model = catalogue.items[0].clone().unwrap();
        let now = Utc::now();
        catalogue.add(|number| Item {
            number,
            title: "Quite New".to_owned(),
            added: now,
            updated: now,
            ..model
        })
    });
    until(async || bed.items(id).await.len() == 31).await;
    assert_eq!(bed.item(id, &server.remote_id(added)).await.record.title, "Quite New");
    server.remove_item(FILM);
    until(async || bed.items(id).await.len() == 30).await;
    // What came and went by itself is no reason for a listing.
    until(async || !bed.ctx.syncs.is_shown(id)).await;
    let before = server.listings(1);
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 0));
    assert!(server.listings(1) - before <= 6, "{}", server.listings(1) - before);
}

async fn nothing_goes_because_it_is_said_to_be_gone(kind: ServerKind) {
    let server = Server::start(kind, films(5)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    say(&server, &said_to_be_gone(&server, FILM));
    // What comes later is stored later.
    server.set_watch_state(ItemNumber(1), played());
    until(async || is_watched(&bed, &server, id, ItemNumber(1)).await).await;
    assert_eq!(bed.items(id).await.len(), 5);
}

async fn a_change_that_waits_here_wins(kind: ServerKind) {
    let server = Server::start(kind, films(5)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    let now = bed.ctx.clock.now();
    let change = OutboxChange::Watched { watched: false, at: now };
    bed.ctx.db.outbox().apply_change(item.id, &change, now).await.unwrap();
    server.set_watch_state(FILM, played());
    server.set_watch_state(ItemNumber(1), played());
    until(async || is_watched(&bed, &server, id, ItemNumber(1)).await).await;
    assert!(!is_watched(&bed, &server, id, FILM).await);
}

async fn a_server_that_was_away_is_followed_again_and_asked_what_was_missed(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    let live = followed(&bed, id).await;
    server.connections().iter().for_each(|connection| connection.off());
    until(async || state(&bed, id) != LiveState::Connected).await;
    server.set_watch_state(FILM, played());
    server.connections().iter().for_each(|connection| connection.on());
    // What the monitor tells when it has found the server again.
    until(async || {
        bed.ctx.events.publish(Event::Reconnected(id));
        tokio::time::sleep(Duration::from_millis(200)).await;
        state(&bed, id) == LiveState::Connected
    })
    .await;
    until(async || is_watched(&bed, &server, id, FILM).await).await;
    // And what happens from now on.
    server.set_watch_state(ItemNumber(1), played());
    until(async || is_watched(&bed, &server, id, ItemNumber(1)).await).await;
    live.input.send(LiveInput::Stop).unwrap();
    until(async || sockets(&server) == 0 && state(&bed, id) == LiveState::Off).await;
}

async fn the_socket_follows_the_connection(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    let (bed, id) = (&scene.bed, scene.id);
    scene.look().await;
    let first = scene.in_use().await;
    let _live = followed(bed, id).await;
    let second = if first == "lan" { "wan" } else { "lan" };
    let uri = scene.line(second).uri().parse().unwrap();
    ConnectionService::pin(&bed.ctx, id, Some(&uri)).await.unwrap();
    until(async || handshakes(&scene.server) == [first.clone(), second.to_owned()]).await;
    until(async || sockets(&scene.server) == 1).await;
    scene.server.set_watch_state(FILM, played());
    until(async || is_watched(bed, &scene.server, id, FILM).await).await;
}

async fn a_dead_token_is_not_tried_again_and_again(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut events = bed.ctx.events.subscribe();
    let _live = followed(&bed, id).await;
    server.revoke();
    server.connections().iter().for_each(|connection| connection.reset_open());
    while events.recv().await.unwrap() != Event::AuthRequired(id) {}
    until(async || state(&bed, id) == LiveState::Off).await;
    let asked = handshakes(&server).len();
    bed.ctx.events.publish(Event::Reconnected(id));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(handshakes(&server).len(), asked);
    assert_eq!(bed.items(id).await.len(), 3);
}

async fn a_source_that_is_off_is_not_listened_to(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    SourceService::set_enabled(&bed.ctx, id, false).await.unwrap();
    until(async || sockets(&server) == 0).await;
    SourceService::set_enabled(&bed.ctx, id, true).await.unwrap();
    until(async || sockets(&server) == 1).await;
    SourceService::remove(&bed.ctx, id).await.unwrap();
    until(async || sockets(&server) == 0).await;
}

async fn a_flood_is_one_look_at_the_library(kind: ServerKind) {
    let server = Server::start(kind, films(3000)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    server.recorder().clear();
    server.change_catalogue(|catalogue| {
        for item in catalogue.items.iter_mut().flatten() {
            item.updated = Utc::now();
            item.summary = Some("Another one".to_owned());
        }
    });
    until(async || {
        let items = bed.items(id).await;
        items.iter().all(|item| item.record.summary.as_deref() == Some("Another one"))
    })
    .await;
    let asked = server.recorder().requests().len();
    assert!(asked < 150, "{asked} requests for 3000 items");
}

async fn what_is_no_message_means_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    let long = "x".repeat(2_000_000);
    for text in ["", "null", "{", "[[[[", r#"{"MessageType":["x"],"NotificationContainer":[]}"#, &long] {
        say(&server, text);
    }
    server.set_watch_state(FILM, played());
    until(async || is_watched(&bed, &server, id, FILM).await).await;
    assert_eq!(handshakes(&server).len(), 1, "the same socket");
}

async fn a_self_signed_server_is_listened_to_only_once_it_is_trusted(kind: ServerKind) {
    let plans =
        vec![ConnectionPlan::new("plain", Reach::Local), ConnectionPlan::new("tls", Reach::Local).tls()];
    let server = Server::start_at(kind, films(3), plans).await;
    let (bed, id) = Bed::synced(&server).await;
    server.connection("tls").serve(Served::SelfSigned(1));
    let tls = only_address(&bed, id, &server, "tls").await;
    server.connection("plain").off();
    assert!(LiveService::check(&bed.ctx, id).await.is_err());
    assert!(handshakes(&server).is_empty());
    let facts = TrustService::inspect(&bed.ctx, id, &tls).await.unwrap();
    TrustService::accept(&bed.ctx, id, &facts).await.unwrap();
    bed.forget_choice(id).await;
    LiveService::check(&bed.ctx, id).await.unwrap();
    assert_eq!(handshakes(&server), ["tls"]);
    // Another key is another server.
    server.connection("tls").serve(Served::SelfSigned(2));
    server.connection("tls").reset_open();
    bed.forget_choice(id).await;
    assert_eq!(LiveService::check(&bed.ctx, id).await.unwrap_err().kind(), ErrorKind::Offline);
}

async fn the_way_leads_through_the_proxy(kind: ServerKind) {
    const HOST: &str = "media.example.invalid";
    let plans = vec![
        ConnectionPlan::new("near", Reach::Local),
        ConnectionPlan::new("far", Reach::Remote).host(HOST).tls(),
    ];
    let server = Server::start_at(kind, films(3), plans).await;
    let proxy = Proxy::open().unwrap();
    proxy.resolve(HOST, server.connection("far").address());
    let (bed, id) = Bed::synced(&server).await;
    bed.ctx.http.set_proxy(ProxyChoice::Manual(proxy.uri().parse().unwrap()));
    let far = only_address(&bed, id, &server, "far").await;
    server.connection("near").off();
    let facts = TrustService::inspect(&bed.ctx, id, &far).await.unwrap();
    TrustService::accept(&bed.ctx, id, &facts).await.unwrap();
    let _live = followed(&bed, id).await;
    assert_eq!(handshakes(&server), ["far"]);
    assert!(proxy.requests().iter().all(|request| request.method == "CONNECT"));
    server.set_watch_state(FILM, played());
    until(async || is_watched(&bed, &server, id, FILM).await).await;
}

/// From now on the server is known at this address and no other.
async fn only_address(bed: &Bed, id: SourceId, server: &Server, name: &str) -> ServerUrl {
    let url: ServerUrl = server.connection(name).uri().parse().unwrap();
    let only = ServerConnection::new(url.clone(), Tier::Local);
    bed.ctx.db.sources().edit_connections(id, |list| list.connections = vec![only]).await.unwrap();
    bed.forget_choice(id).await;
    url
}

async fn no_credential_is_in_an_address(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let _live = followed(&bed, id).await;
    let secrets = server.secrets();
    for request in server.recorder().requests() {
        assert!(secrets.iter().all(|secret| !request.query.contains(secret)), "{}", request.path);
    }
    server.assert_identity_first();
}
