//! Certificates that nothing vouches for, and proxies that are down.

use std::time::Duration;

use gnome_reel::models::{ServerConnection, Tier};
use gnome_reel::net::{ErrorKind, ProxyChoice, Reason};
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::connection::Reach as Standing;
use gnome_reel::services::trust::TrustService;
use gnome_reel::ui::error_text;
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::proxy::Proxy;
use reel_testbed::tls::Served;

use super::CEILING;
use crate::support::{Scene, ServerKind, carries_credential};

on_both!(
    self_signed_is_reviewed_and_then_used,
    changed_certificate_is_reviewed_anew,
    expired_certificate_wants_a_review,
    another_certificate_that_is_good_is_used_meanwhile,
    proxy_down,
);

/// A source that was added over `lan` and now has only `safe`, whose certificate nobody knows.
async fn encrypted(kind: ServerKind) -> Scene {
    let plans =
        vec![ConnectionPlan::new("lan", Reach::Local), ConnectionPlan::new("safe", Reach::Remote).tls()];
    let scene = Scene::start_at(kind, plans).await;
    scene.line("safe").serve(Served::SelfSigned(1));
    let safe = ServerConnection::new(scene.line("safe").uri().parse().unwrap(), Tier::Remote);
    scene
        .bed
        .ctx
        .db
        .sources()
        .edit_connections(scene.id, |list| list.connections = vec![safe])
        .await
        .unwrap();
    scene.bed.forget_choice(scene.id).await;
    scene.server.recorder().clear();
    scene
}

/// An operation fails for the certificate; nothing but handshakes has reached the server.
async fn assert_wants_review(scene: &Scene) {
    let (result, took) = scene.operate_timed().await;
    let error = result.unwrap_err();
    assert!(matches!(error, ServiceError::Offline(ErrorKind::TlsCertificate)), "{error:?}");
    assert!(took < Duration::from_secs(3) * CEILING, "{took:?}");
    assert_eq!(scene.standing(), Standing::CertificateProblem);
    assert!(error_text::sentence(&error).contains("certificate"), "{}", error_text::sentence(&error));
    assert_eq!(scene.server.recorder().on("safe").len(), 0, "nothing is sent to who cannot prove its name");
    assert!(scene.bed.ctx.secrets.get(scene.id).await.unwrap().is_some(), "nothing is thrown away");
}

/// What the dialog does when its user accepts. Gives the reason that it has named.
async fn accept(scene: &Scene) -> Reason {
    let url = scene.line("safe").uri().parse().unwrap();
    let facts = TrustService::inspect(&scene.bed.ctx, scene.id, &url).await.unwrap();
    assert_eq!(scene.server.recorder().on("safe").len(), 0, "looking sends no request");
    TrustService::accept(&scene.bed.ctx, scene.id, &facts).await.unwrap();
    facts.reason
}

async fn self_signed_is_reviewed_and_then_used(kind: ServerKind) {
    let scene = encrypted(kind).await;
    assert_wants_review(&scene).await;
    assert_eq!(accept(&scene).await, Reason::SelfSigned);
    scene.operate().await.unwrap();
    assert_eq!((scene.in_use().await.as_str(), scene.standing()), ("safe", Standing::Online));
}

async fn changed_certificate_is_reviewed_anew(kind: ServerKind) {
    let scene = encrypted(kind).await;
    accept(&scene).await;
    scene.operate().await.unwrap();
    scene.line("safe").serve(Served::SelfSigned(2));
    scene.line("safe").reset_open();
    scene.bed.forget_choice(scene.id).await;
    scene.server.recorder().clear();
    assert_wants_review(&scene).await;
    assert_eq!(accept(&scene).await, Reason::Changed);
    scene.operate().await.unwrap();
    assert_eq!(scene.standing(), Standing::Online);
}

async fn expired_certificate_wants_a_review(kind: ServerKind) {
    let scene = encrypted(kind).await;
    scene.line("safe").serve(Served::Expired);
    assert_wants_review(&scene).await;
    for request in scene.server.recorder().on("lan") {
        assert!(!carries_credential(&request, &scene.server.secrets()), "{}", request.path);
    }
}

async fn another_certificate_that_is_good_is_used_meanwhile(kind: ServerKind) {
    let mut scene = encrypted(kind).await;
    let lan = ServerConnection {
        accepted: true,
        ..ServerConnection::new(scene.line("lan").uri().parse().unwrap(), Tier::Local)
    };
    scene.bed.ctx.db.sources().edit_connections(scene.id, |list| list.connections.push(lan)).await.unwrap();
    scene.seen().await;
    scene.operate().await.unwrap();
    assert_eq!((scene.in_use().await.as_str(), scene.standing()), ("lan", Standing::Online));
    assert_eq!(scene.seen().await.1, vec![], "nothing to see");
}

async fn proxy_down(kind: ServerKind) {
    // A name, so that it is the proxy's matter.
    let plans = vec![ConnectionPlan::new("lan", Reach::Local), ConnectionPlan::new("away", Reach::Remote)];
    let scene = Scene::start_at(kind, plans).await;
    let port = scene.line("away").uri().rsplit(':').next().unwrap().to_owned();
    let away = ServerConnection {
        accepted: true,
        ..ServerConnection::new(format!("http://attic.example:{port}").parse().unwrap(), Tier::Remote)
    };
    scene
        .bed
        .ctx
        .db
        .sources()
        .edit_connections(scene.id, |list| list.connections = vec![away])
        .await
        .unwrap();
    let proxy = Proxy::open().unwrap();
    proxy.resolve("attic.example", ([127, 0, 0, 1], port.parse().unwrap()).into());
    scene.bed.ctx.http.set_proxy(ProxyChoice::Manual(proxy.uri().parse().unwrap()));
    scene.bed.forget_choice(scene.id).await;
    scene.operate().await.unwrap();
    assert!(!proxy.requests().is_empty(), "it goes through the proxy");

    proxy.connection().off();
    proxy.connection().reset_open();
    scene.bed.forget_choice(scene.id).await;
    let (result, took) = scene.operate_timed().await;
    let error = result.unwrap_err();
    assert!(matches!(error, ServiceError::Offline(ErrorKind::Proxy)), "{error:?}");
    assert!(took < Duration::from_secs(5) * CEILING, "{took:?}");
    assert!(error_text::sentence(&error).contains("proxy"), "{}", error_text::sentence(&error));
    assert_eq!(scene.standing(), Standing::Offline);

    proxy.connection().on();
    scene.operate().await.unwrap();
    assert_eq!(scene.standing(), Standing::Online);
}
