//! Answers to "who are you?" that are not an answer, and lists of addresses that are not a list of a server.

use gnome_reel::models::{ServerConnection, Tier};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::connection::{CheckOutcome, ConnectionService};
use gnome_reel::ui::error_text;
use reel_testbed::faults::Fault;

use crate::support::{Scene, ServerKind};

on_both!(bodies_that_are_no_identity, an_empty_list, ten_thousand_addresses, addresses_that_lead_nowhere,);

/// What may have come from a server before nobody reads any more: the bound of the body, the buffers of both
/// sockets, for both looks.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

async fn bodies_that_are_no_identity(kind: ServerKind) {
    for fault in [
        Fault::Huge(1 << 30),
        Fault::Endless,
        Fault::Nested(200_000),
        Fault::WrongTypes,
        Fault::Garbage,
        Fault::Html,
        Fault::TruncatedGzip,
        Fault::status(204),
    ] {
        let scene = Scene::with_one(kind).await;
        let line = scene.line("lan");
        line.fault_at(scene.server.identity_path(), fault.clone());
        scene.bed.forget_choice(scene.id).await;
        scene.server.recorder().clear();
        let before = line.bytes_sent();
        let error = scene.operate().await.unwrap_err();
        let ServiceError::Offline(reason) = &error else { panic!("{fault:?}: {error:?}") };
        let typed = [ErrorKind::TooLarge, ErrorKind::WrongServer, ErrorKind::CaptivePortal, ErrorKind::Reset];
        assert!(typed.contains(reason), "{fault:?}: {reason:?}");
        assert!(!error_text::sentence(&error).is_empty());
        let sent = line.bytes_sent() - before;
        assert!(sent < MOST_BYTES, "{fault:?}: {sent} bytes were taken");
        for request in scene.server.recorder().requests() {
            assert!(request.credentials().is_empty(), "{fault:?}: {} carried a credential", request.path);
        }
    }
}

async fn an_empty_list(kind: ServerKind) {
    let scene = Scene::with_one(kind).await;
    let sources = scene.bed.ctx.db.sources();
    sources.edit_connections(scene.id, |list| list.connections.clear()).await.unwrap();
    scene.bed.forget_choice(scene.id).await;
    assert!(matches!(scene.operate().await.unwrap_err(), ServiceError::Offline(_)));
    assert_eq!(ConnectionService::test_connections(&scene.bed.ctx, scene.id).await.unwrap(), vec![]);
    assert_ne!(scene.look().await, CheckOutcome::Up);
}

async fn ten_thousand_addresses(kind: ServerKind) {
    let scene = Scene::with_one(kind).await;
    let good: ServerConnection = ServerConnection::new(scene.line("lan").uri().parse().unwrap(), Tier::Local);
    let mut list: Vec<_> = (0..10_000)
        .map(|number| format!("http://127.0.0.1:{}/{number}", 1 + number % 7))
        .map(|url| ServerConnection::new(url.parse().unwrap(), Tier::Remote))
        .collect();
    list.push(good);
    let sources = scene.bed.ctx.db.sources();
    sources.edit_connections(scene.id, |known| known.connections = list).await.unwrap();
    scene.bed.forget_choice(scene.id).await;
    scene.operate().await.unwrap();
    assert_eq!(scene.in_use().await, "lan");
}

async fn addresses_that_lead_nowhere(kind: ServerKind) {
    let scene = Scene::with_one(kind).await;
    let good = scene.line("lan").uri().to_owned();
    let odd = [
        "http://0.0.0.0:8096",
        "http://[::]:32400",
        "http://169.254.1.2:32400",
        "http://[fe80::1]:32400",
        "http://127.0.0.1:0",
        "http://127.0.0.1:1/",
        "http://ana:hunter2@example.invalid/",
        "http://224.0.0.1",
        &good,
        &good,
    ];
    let list = odd.map(|url| ServerConnection::new(url.parse().unwrap(), Tier::Local)).to_vec();
    assert!(list.iter().all(|known| !known.uri.to_string().contains("hunter2")), "no password is kept");
    let sources = scene.bed.ctx.db.sources();
    sources.edit_connections(scene.id, |known| known.connections = list).await.unwrap();
    scene.bed.forget_choice(scene.id).await;
    scene.operate().await.unwrap();
    assert_eq!(scene.in_use().await, "lan");
    let asked = ConnectionService::explain(&scene.bed.ctx, scene.id).unwrap().attempts.len();
    assert_eq!(asked, 2, "what stands for no host is not tried, and nothing twice");
}
