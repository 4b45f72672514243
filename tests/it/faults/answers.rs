//! Servers that answer, but not what was hoped for.

use std::time::{Duration, Instant};

use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::connection::Reach as Standing;
use gnome_reel::ui::error_text;
use reel_testbed::faults::{Fault, RetryAfter};

use super::CEILING;
use crate::support::{Bed, Scene, Server, ServerKind, films};

on_both!(
    forbidden_and_gone_are_said_at_once,
    too_many_requests_waits_as_told,
    too_many_requests_for_long_is_said_at_once,
    too_many_requests_with_nonsense,
    a_burst_of_server_errors_is_ridden_out,
    unavailable_with_a_pause_is_ridden_out,
    slow_loris_ends_by_the_read_timeout,
    damaged_bodies_are_clear_errors,
    garbage_json_is_a_clear_error,
    one_bad_item_of_five_hundred,
);

/// Paths of details at both kinds of server.
const DETAILS: [&str; 2] = ["/library/metadata", "/Items/"];

fn everywhere(scene: &Scene, fault: &Fault) {
    for connection in scene.server.connections() {
        for path in DETAILS {
            connection.fault_at(path, fault.clone());
        }
    }
}

fn for_times(scene: &Scene, fault: &Fault, times: u32) {
    for path in DETAILS {
        scene.line("lan").fault_times(path, fault.clone(), times);
    }
}

fn asked(scene: &Scene) -> usize {
    let requests = scene.server.recorder().requests();
    requests.iter().filter(|request| DETAILS.iter().any(|path| request.path.starts_with(path))).count()
}

async fn forbidden_and_gone_are_said_at_once(kind: ServerKind) {
    for (status, kind_of_error) in [(403, ErrorKind::Forbidden), (404, ErrorKind::NotFound)] {
        let mut scene = Scene::start(kind).await;
        everywhere(&scene, &Fault::status(status));
        scene.server.recorder().clear();
        let error = scene.operate().await.unwrap_err();
        assert_eq!(error.kind(), kind_of_error);
        assert_eq!(asked(&scene), 1, "asking again would not help");
        assert_eq!(scene.in_use().await, "lan");
        assert_eq!(scene.seen().await, (vec![], vec![]));
        assert!(!error_text::sentence(&error).is_empty());
    }
}

async fn too_many_requests_waits_as_told(kind: ServerKind) {
    for wait in [RetryAfter::Seconds(2), RetryAfter::Date(Duration::from_secs(3))] {
        let scene = Scene::start(kind).await;
        for_times(&scene, &Fault::rate_limited(Some(wait)), 1);
        let mut status = scene.bed.ctx.events.subscribe();
        let begin = Instant::now();
        scene.operate().await.unwrap();
        let took = begin.elapsed();
        // A date has whole seconds.
        assert!(
            took >= Duration::from_secs(1) && took < Duration::from_secs(4) * CEILING,
            "{wait:?}: {took:?}"
        );
        let told = crate::support::drain(&mut status);
        let changed = gnome_reel::services::events::Event::StatusChanged(scene.id);
        assert!(told.contains(&changed), "a countdown is shown");
        assert_eq!(scene.standing(), Standing::Online);
    }
}

async fn too_many_requests_for_long_is_said_at_once(kind: ServerKind) {
    let scene = Scene::start(kind).await;
    everywhere(&scene, &Fault::rate_limited(Some(RetryAfter::Seconds(3000))));
    scene.server.recorder().clear();
    let (result, took) = scene.operate_timed().await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::RateLimited);
    assert!(took < Duration::from_secs(5), "nobody waits for an hour: {took:?}");
    let (again, took) = scene.operate_timed().await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::RateLimited);
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(asked(&scene), 1, "and nobody asks again meanwhile");
}

async fn too_many_requests_with_nonsense(kind: ServerKind) {
    for nonsense in ["-1", "∞", "soon", "99999999999999999999999"] {
        let scene = Scene::start(kind).await;
        for_times(&scene, &Fault::rate_limited(Some(RetryAfter::Text(nonsense))), 1);
        let (result, took) = scene.operate_timed().await;
        result.unwrap();
        assert!(took < Duration::from_secs(20), "{nonsense}: {took:?}");
    }
    let scene = Scene::start(kind).await;
    let far = RetryAfter::Text("Thu, 01 Jan 2099 00:00:00 GMT");
    everywhere(&scene, &Fault::rate_limited(Some(far)));
    let (result, took) = scene.operate_timed().await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::RateLimited);
    assert!(took < Duration::from_secs(5), "{took:?}");
}

async fn a_burst_of_server_errors_is_ridden_out(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    for_times(&scene, &Fault::status(500), 2);
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(scene.seen().await.1, vec![]);
}

async fn unavailable_with_a_pause_is_ridden_out(kind: ServerKind) {
    let mut scene = Scene::start(kind).await;
    for_times(&scene, &Fault::unavailable(Some(RetryAfter::Seconds(1))), 2);
    let (result, took) = scene.operate_timed().await;
    result.unwrap();
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(20), "{took:?}");
    assert_eq!(scene.seen().await.1, vec![]);
}

async fn slow_loris_ends_by_the_read_timeout(kind: ServerKind) {
    let scene = Scene::with_one(kind).await;
    everywhere(&scene, &Fault::SlowBody(Duration::from_secs(1)));
    let (result, took) = scene.operate_timed().await;
    let error = result.unwrap_err();
    assert!(error.kind().may_pass(), "{error:?}");
    assert!(took <= Duration::from_secs(25), "{took:?}");
}

async fn damaged_bodies_are_clear_errors(kind: ServerKind) {
    for fault in [Fault::TruncatedGzip, Fault::LengthTooLarge, Fault::LengthTooSmall, Fault::Endless] {
        let scene = Scene::with_one(kind).await;
        everywhere(&scene, &fault);
        let (result, took) = scene.operate_timed().await;
        let error = result.unwrap_err();
        let expected = [ErrorKind::Reset, ErrorKind::Decode, ErrorKind::TooLarge, ErrorKind::ReadTimeout];
        assert!(expected.contains(&error.kind()), "{fault:?}: {error:?}");
        assert!(took <= Duration::from_secs(25), "{fault:?}: {took:?}");
        assert!(!error_text::sentence(&error).is_empty());
    }
}

async fn garbage_json_is_a_clear_error(kind: ServerKind) {
    for fault in [Fault::Garbage, Fault::Nested(100_000), Fault::WrongTypes] {
        let mut scene = Scene::start(kind).await;
        everywhere(&scene, &fault);
        match scene.operate().await {
            // Every value that has a wrong type is left out; what remains may be an item.
            Ok(_) => assert_eq!(fault, Fault::WrongTypes),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Decode, "{fault:?}"),
        }
        assert_eq!(scene.in_use().await, "lan", "another connection leads to the same server");
        assert_eq!(scene.seen().await, (vec![], vec![]));
    }
}

async fn one_bad_item_of_five_hundred(kind: ServerKind) {
    let server = Server::start(kind, films(500)).await;
    let (bed, id) = Bed::with(&server).await;
    server.faults().add(server.first(), server.library_requests(1), Fault::BadItem);
    let summary = bed.sync(id).await;
    assert_eq!((summary.skipped, summary.removed), (1, 0), "{summary:?}");
    assert_eq!(bed.items(id).await.len(), 499);
}
