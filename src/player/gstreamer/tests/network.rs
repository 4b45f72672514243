//! Films that come slowly, in parts, or not to their end.

use std::time::Duration;

use super::super::buffering::Patience;
use super::server::Server;
use super::{Stage, file, media, on_stage, remote, source};
use crate::player::{Engine, EngineErrorKind, EngineEvent, EngineState};

fn failed(stage: &Stage) -> Option<EngineErrorKind> {
    stage.told.borrow().iter().find_map(|event| match event {
        EngineEvent::Failed(error) => Some(error.kind.clone()),
        _ => None,
    })
}

fn waits(stage: &Stage) -> bool {
    let told = stage.told.borrow();
    told.iter().any(|event| matches!(event, EngineEvent::StateChanged(EngineState::Buffering(_))))
}

#[test]
fn a_film_that_runs_dry_waits_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    media::mp4(folder.path());
    let server = Server::start(folder.path());
    on_stage(|stage| {
        let film = source(remote(server.url("gated/film.mp4")));
        stage.engine.load(&film, Duration::ZERO);
        stage.plays();
        let loaded = stage.engine.buffered().unwrap();
        assert!(loaded.start < loaded.end, "{loaded:?}");
        stage.forget();
        stage.until("running dry", waits);
        let place = stage.engine.position();
        assert!(place < Duration::from_secs(media::SECONDS * 3 / 4), "{place:?}");
        let loaded = stage.engine.buffered().unwrap();
        assert!(loaded.end < place + Duration::from_secs(2), "{loaded:?}");
        assert!(Patience::default() < stage.engine.session.state().patience, "the next stop is longer");
        stage.forget();
        server.open_gate();
        stage.plays();
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        assert_eq!(failed(stage), None);
        let stops = stage
            .told
            .borrow()
            .iter()
            .filter(|event| **event == EngineEvent::StateChanged(EngineState::Playing))
            .count();
        assert_eq!(stops, 1, "it did not stop again");
    });
}

#[test]
fn a_seek_is_not_held_against_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    media::mp4(folder.path());
    let server = Server::start(folder.path());
    on_stage(|stage| {
        let film = source(remote(server.url("film.mp4")));
        stage.engine.load(&film, Duration::ZERO);
        stage.plays();
        for second in [8, 2, 6] {
            stage.forget();
            stage.engine.seek(Duration::from_secs(second));
            stage.until("there", |stage| stage.told(&EngineEvent::SeekDone));
            stage.reaches(Duration::from_millis(second * 1000 + 300));
        }
        assert_eq!(stage.engine.session.state().patience, Patience::default());
    });
}

#[test]
fn a_server_that_breaks_off_is_told_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    media::mp4(folder.path());
    let server = Server::start(folder.path());
    on_stage(|stage| {
        let film = source(remote(server.url("broken/film.mp4")));
        stage.engine.load(&film, Duration::ZERO);
        stage.until("failing", |stage| failed(stage).is_some());
        assert_eq!(failed(stage), Some(EngineErrorKind::Network));
        assert!(!stage.told(&EngineEvent::Ended));
        assert!(stage.engine.position() < Duration::from_secs(media::SECONDS * 3 / 4));
        assert_eq!(stage.engine.buffered(), None);
    });
}

#[test]
fn what_a_file_says_after_a_server_is_not_mixed_up() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    let server = Server::start(folder.path());
    on_stage(|stage| {
        let remote = source(remote(server.url("gated/film.mp4")));
        stage.engine.load(&remote, Duration::ZERO);
        stage.plays();
        stage.forget();
        stage.engine.load(&file(&film), Duration::from_secs(9));
        stage.plays();
        assert!(stage.engine.position() >= Duration::from_secs(9));
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        assert_eq!(failed(stage), None);
    });
}
