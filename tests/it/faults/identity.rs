//! Who answers: portals, strangers, and servers that let nobody in.

use std::time::Duration;

use gnome_reel::net::ErrorKind;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::connection::Reach as Standing;
use gnome_reel::services::events::Event;
use gnome_reel::ui::error_text;
use reel_testbed::faults::Fault;

use super::CEILING;
use crate::support::{Scene, ServerKind, carries_credential};

on_both!(
    captive_portal,
    a_portal_in_the_home_network_is_passed_by,
    stranger_at_the_same_address,
    stranger_everywhere,
    no_stranger_ever_gets_a_credential,
    refused_everywhere_asks_once,
    refused_for_one_library_hides_only_that,
);

/// Every way in which portals answer.
fn portals() -> [Fault; 3] {
    [Fault::portal_redirect(), Fault::portal_required(), Fault::Html]
}

async fn captive_portal(kind: ServerKind) {
    for portal in portals() {
        let mut scene = Scene::start(kind).await;
        for connection in scene.server.connections() {
            connection.fault(portal.clone());
        }
        scene.bed.forget_choice(scene.id).await;
        scene.server.recorder().clear();
        let (result, took) = scene.operate_timed().await;
        let error = result.unwrap_err();
        assert!(matches!(error, ServiceError::Offline(ErrorKind::CaptivePortal)), "{portal:?}: {error:?}");
        assert!(took < Duration::from_secs(3) * CEILING, "{took:?}");
        assert_eq!(scene.standing(), Standing::CaptivePortal);
        assert!(error_text::sentence(&error).contains("sign in"), "{}", error_text::sentence(&error));
        scene.seen().await;
        assert_nothing_leaked(&scene);
    }
}

async fn a_portal_in_the_home_network_is_passed_by(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.line("lan").fault(Fault::Html);
    scene.bed.forget_choice(scene.id).await;
    scene.operate().await.unwrap();
    assert_eq!(scene.in_use().await, "wan");
    assert_eq!(scene.seen().await.1, vec![], "nothing to see");
}

fn assert_nothing_leaked(scene: &Scene) {
    let secrets = scene.server.secrets();
    for request in scene.server.recorder().requests() {
        assert!(!carries_credential(&request, &secrets), "{} carried a credential", request.path);
    }
}

async fn stranger_at_the_same_address(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.operate().await.unwrap();
    scene.bed.forget_choice(scene.id).await;
    scene.seen().await;
    scene.server.recorder().clear();
    scene.line("lan").fault(Fault::Stranger("0000000000000000000000000000beef".to_owned()));
    scene.operate().await.unwrap();
    assert_eq!(scene.in_use().await, "wan");
    assert_eq!(scene.seen().await.1, vec![], "nothing to see");
    let secrets = scene.server.secrets();
    let at_stranger = scene.server.recorder().on("lan");
    assert!(!at_stranger.is_empty(), "it was asked who it is");
    for request in at_stranger {
        assert!(!carries_credential(&request, &secrets), "{} carried a credential", request.path);
    }
}

async fn stranger_everywhere(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    for connection in scene.server.connections() {
        connection.fault(Fault::Stranger("0000000000000000000000000000beef".to_owned()));
    }
    scene.bed.forget_choice(scene.id).await;
    scene.server.recorder().clear();
    let error = scene.operate().await.unwrap_err();
    assert!(matches!(error, ServiceError::Offline(ErrorKind::WrongServer)), "{error:?}");
    assert_nothing_leaked(&scene);
    assert!(scene.bed.ctx.secrets.get(scene.id).await.unwrap().is_some(), "nothing is thrown away");
}

/// Whatever happens to two addresses in whatever order, and without any wait between: with a verdict, without
/// one, over sockets that are open and ones that are not.
async fn no_stranger_ever_gets_a_credential(kind: ServerKind) {
    futures::future::join_all((0..6).map(|seed| a_life_among_strangers(kind, seed))).await;
}

async fn a_life_among_strangers(kind: ServerKind, seed: u64) {
    // An address does not change hands faster.
    const CHANGE_OF_HANDS: Duration = Duration::from_millis(1100);
    let scene = Scene::start(kind).await;
    let secrets = scene.server.secrets();
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    for _ in 0..8 {
        let mut strangers = Vec::new();
        tokio::time::sleep(CHANGE_OF_HANDS).await;
        for name in ["lan", "wan"] {
            let line = scene.line(name);
            match next(4) {
                0 => line.off(),
                1 => {
                    line.on();
                    // Whoever takes an address over has none of the sockets of the one before.
                    line.reset_open();
                    line.fault(Fault::Stranger("0000000000000000000000000000beef".to_owned()));
                    strangers.push(name);
                }
                _ => line.on(),
            }
        }
        if next(3) == 0 {
            scene.bed.forget_choice(scene.id).await;
        }
        scene.server.recorder().clear();
        let _may_fail = scene.operate().await;
        for name in &strangers {
            for request in scene.server.recorder().on(name) {
                let carried = carries_credential(&request, &secrets);
                assert!(!carried, "seed {seed}: {} at {name} carried a credential", request.path);
            }
        }
    }
}

async fn refused_everywhere_asks_once(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    scene.server.revoke();
    for _ in 0..3 {
        let (result, took) = scene.operate_timed().await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unauthorized);
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
    assert_eq!(scene.standing(), Standing::SignInNeeded);
    assert_eq!(scene.seen().await.1, vec![Event::AuthRequired(scene.id)], "asked once");
    assert_eq!(scene.look().await, gnome_reel::services::core::connection::CheckOutcome::Up);
    assert_eq!(scene.standing(), Standing::SignInNeeded, "that it answers does not let us in");
    assert!(scene.bed.ctx.secrets.get(scene.id).await.unwrap().is_some(), "nothing is thrown away");
}

async fn refused_for_one_library_hides_only_that(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    let place = scene.server.library_requests(1);
    for connection in scene.server.connections() {
        connection.fault_at(place.clone(), Fault::status(401));
    }
    let before = scene.bed.items(scene.id).await.len();
    let summary = scene.bed.sync(scene.id).await;
    assert_eq!(summary.removed, 0);
    assert_eq!(scene.bed.items(scene.id).await.len(), before);
    assert_eq!(scene.seen().await.1, vec![], "nobody is asked to sign in");
    assert_ne!(scene.standing(), Standing::SignInNeeded);
}
