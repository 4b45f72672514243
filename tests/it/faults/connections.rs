//! Connections that break, fall silent, come back, or lead nowhere.

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use gnome_reel::models::{OutboxChange, ServerConnection, Tier};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::OutboxService;
use gnome_reel::services::core::connection::{CheckOutcome, ConnectionService, Reach as Standing};
use gnome_reel::services::events::{ChangeReason, Event};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::{ConnectionPlan, Link, Reach};

use super::{CEILING, HEDGE};
use crate::support::{Scene, ServerKind};

on_both!(
    primary_silent_standby_up,
    pooled_connection_goes_dead_in_use,
    refused_standby_up,
    reset_standby_up,
    name_not_found_standby_up,
    all_down,
    server_returns,
    network_change,
    flapping_is_stable,
    ipv6_black_hole,
    a_slow_server_is_not_left,
);

/// A round trip in a test: loopback, with a server that has to think.
const ROUND_TRIP: Duration = Duration::from_millis(20);

async fn primary_silent_standby_up(kind: ServerKind) {
    for link in [Link::Silent, Link::BlackHole] {
        let mut scene = Scene::start(kind).await;
        scene.operate().await.unwrap();
        scene.seen().await;
        scene.line("lan").set_link(link);
        let (result, took) = scene.operate_timed().await;
        result.unwrap();
        let bound = HEDGE + ROUND_TRIP * 4 + Duration::from_millis(50);
        assert!(took < bound * CEILING, "{link:?}: {took:?}");
        assert_eq!(scene.in_use().await, "wan");
        let (reasons, visible) = scene.seen().await;
        assert_eq!((reasons, visible), (vec![ChangeReason::Failover], vec![]), "nothing to see");
        scene.server.assert_identity_first();
    }
}

async fn pooled_connection_goes_dead_in_use(kind: ServerKind) {
    let mut scene = Scene::with_one(kind).await;
    scene.operate().await.unwrap();
    scene.seen().await;
    scene.line("lan").freeze_open();
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took < (HEDGE + ROUND_TRIP * 4) * CEILING, "{took:?}");
    assert_eq!(scene.seen().await, (vec![], vec![]), "nothing to see");
}

async fn moves(scene: &mut Scene, bound: Duration) {
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took < bound * CEILING, "{took:?}");
    assert_eq!(scene.in_use().await, "wan");
    let (reasons, visible) = scene.seen().await;
    assert_eq!((reasons, visible), (vec![ChangeReason::Failover], vec![]), "nothing to see");
    scene.server.assert_identity_first();
}

async fn refused_standby_up(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.line("lan").off();
    moves(&mut scene, ROUND_TRIP * 3 + Duration::from_millis(50)).await;
}

async fn reset_standby_up(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.line("lan").set_link(Link::Reset);
    moves(&mut scene, ROUND_TRIP * 3 + Duration::from_millis(50)).await;
}

async fn name_not_found_standby_up(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    let gone = "https://attic.example.invalid".parse().unwrap();
    let standby = scene.line("wan").uri().parse().unwrap();
    let sources = scene.bed.ctx.db.sources();
    let list = [ServerConnection::new(gone, Tier::Local), ServerConnection::new(standby, Tier::Remote)];
    sources.set_connection_url(scene.id, &list[0].uri).await.unwrap();
    sources.edit_connections(scene.id, |known| known.connections = list.to_vec()).await.unwrap();
    scene.bed.forget_choice(scene.id).await;
    moves(&mut scene, ROUND_TRIP * 3 + Duration::from_millis(50)).await;
    let reports = ConnectionService::report(&scene.bed.ctx, scene.id).await.unwrap();
    assert_eq!(reports[1].last_error.as_deref(), Some("Dns"));
}

async fn all_down(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    let before = scene.bed.items(scene.id).await.len();
    scene.all_off();
    // The monitor: not after one look, and told once.
    assert_eq!(scene.look().await, CheckOutcome::Suspect);
    assert_eq!(scene.standing(), Standing::Suspect);
    assert_eq!(scene.seen().await.1, vec![], "one look is not enough");
    assert_eq!(scene.look().await, CheckOutcome::Down);
    assert_eq!(scene.look().await, CheckOutcome::Down);
    assert_eq!(scene.standing(), Standing::Offline);
    assert_eq!(scene.seen().await.1, vec![Event::ConnectivityChanged { source_id: scene.id, online: false }]);
    assert_eq!(scene.bed.items(scene.id).await.len(), before, "the library stays");
    assert!(scene.bed.ctx.secrets.get(scene.id).await.unwrap().is_some());

    // A person: an answer within 20 s, and another look was taken for it.
    let (result, took) = scene.operate_timed().await;
    assert!(matches!(result.unwrap_err(), ServiceError::Offline(ErrorKind::Refused)));
    assert!(took < Duration::from_secs(20), "{took:?}");
}

async fn server_returns(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.all_off();
    scene.look().await;
    assert_eq!(scene.look().await, CheckOutcome::Down);
    let item = scene.bed.item(scene.id, &scene.server.remote_id(ItemNumber(2))).await;
    let change = OutboxChange::Watched { watched: true, at: scene.bed.ctx.clock.now() };
    scene.bed.ctx.db.outbox().apply_change(item.id, &change, scene.bed.ctx.clock.now()).await.unwrap();
    scene.seen().await;

    scene.all_on();
    assert_eq!(scene.look().await, CheckOutcome::Up);
    assert_eq!(scene.standing(), Standing::Online);
    let online = Event::ConnectivityChanged { source_id: scene.id, online: true };
    assert_eq!(scene.seen().await.1, vec![online, Event::Reconnected(scene.id)]);
    let drained = OutboxService::drain(&scene.bed.ctx, scene.id).await.unwrap();
    assert_eq!(drained.delivered, 1);
    assert!(scene.server.watch_state(ItemNumber(2)).played);
}

async fn network_change(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.operate().await.unwrap();
    scene.seen().await;
    // The home network is gone: its address leads nowhere from here, and open sockets are dead.
    scene.line("lan").set_link(Link::BlackHole);
    ConnectionService::forget_network(&scene.bed.ctx, false).await;
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took < (Duration::from_millis(500) + HEDGE + ROUND_TRIP * 3) * CEILING, "{took:?}");
    assert_eq!(scene.in_use().await, "wan");
    assert_eq!(scene.seen().await.1, vec![], "nothing to see");
    scene.server.assert_identity_first();
}

async fn flapping_is_stable(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.line("lan").flap(Duration::from_secs(1));
    let end = Instant::now() + Duration::from_secs(6);
    while Instant::now() < end {
        scene.look().await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    let (reasons, visible) = scene.seen().await;
    let voluntary = reasons.iter().filter(|reason| **reason != ChangeReason::Failover).count();
    assert!(voluntary <= 1, "{reasons:?}");
    assert_eq!(visible, vec![], "the source is online all the time");
    scene.operate().await.unwrap();
}

async fn ipv6_black_hole(kind: ServerKind) {
    let lan = ConnectionPlan::new("lan", Reach::Local);
    let mut scene = Scene::start_at(kind, vec![lan]).await;
    // An address that takes connections and never answers, in front of the one that works.
    let hole = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0));
    let Ok(hole) = hole else { return };
    let url = format!("http://{}", hole.local_addr().unwrap()).parse().unwrap();
    let sources = scene.bed.ctx.db.sources();
    sources
        .edit_connections(scene.id, |list| {
            // Nearer, so that it has its turn first whatever is known of the other.
            list.connections[0].local = false;
            list.connections.insert(0, ServerConnection::new(url, Tier::Local));
        })
        .await
        .unwrap();
    scene.bed.forget_choice(scene.id).await;
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took < Duration::from_millis(550) * CEILING, "{took:?}");
    assert_eq!(scene.in_use().await, "lan");
    assert_eq!(scene.seen().await.1, vec![], "nothing to see");
}

async fn a_slow_server_is_not_left(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.operate().await.unwrap();
    scene.seen().await;
    // The disk is slow, the connection is not.
    let slow = reel_testbed::faults::Fault::Delay(Duration::from_millis(1200));
    for path in ["/library/metadata", "/Items/"] {
        scene.line("lan").fault_at(path, slow.clone());
    }
    scene.operate().await.unwrap();
    assert_eq!(scene.in_use().await, "lan");
    assert_eq!(scene.seen().await, (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_relay_answers_and_is_left_when_a_direct_one_returns() {
    let mut scene = Scene::with_relay(ServerKind::Plex).await;
    scene.operate().await.unwrap();
    scene.line("lan").set_link(Link::BlackHole);
    scene.line("wan").set_link(Link::BlackHole);
    scene.bed.forget_choice(scene.id).await;
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took >= Duration::from_millis(1400), "a relay has to wait: {took:?}");
    assert!(took < Duration::from_millis(1500) * CEILING, "{took:?}");
    assert_eq!(scene.in_use().await, "relay");
    assert_eq!(scene.bed.ctx.connectivity.status(scene.id).tier, Some(Tier::Relay), "and it is shown");
    scene.seen().await;

    scene.line("wan").on();
    scene.look().await;
    assert_eq!(scene.in_use().await, "relay", "one good answer is not enough");
    scene.look().await;
    assert_eq!(scene.in_use().await, "wan");
    assert_eq!(scene.seen().await.0, vec![ChangeReason::BetterTier]);
    scene.server.assert_identity_first();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pinned_connection_is_used_while_it_answers() {
    let mut scene = Scene::with_relay(ServerKind::Plex).await;
    let relay = scene.line("relay").uri().parse().unwrap();
    ConnectionService::pin(&scene.bed.ctx, scene.id, Some(&relay)).await.unwrap();
    assert_eq!(scene.in_use().await, "relay");
    assert_eq!(scene.seen().await.0, vec![ChangeReason::Pinned]);
    scene.line("relay").off();
    scene.operate().await.unwrap();
    assert_ne!(scene.in_use().await, "relay");
    ConnectionService::pin(&scene.bed.ctx, scene.id, None).await.unwrap();
    assert_eq!(scene.in_use().await, "lan");
}
