//! What cannot be played, and what is said about it.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use gst::prelude::*;

use super::server::Server;
use super::{Stage, beside, file, media, on_stage, remote, source};
use crate::backends::{Location, StreamSource};
use crate::player::{Engine, EngineErrorKind, EngineEvent};

/// The failure that comes of loading `source`; nothing follows it.
fn failure(stage: &Stage, source: &StreamSource) -> EngineErrorKind {
    stage.forget();
    stage.engine.load(source, Duration::ZERO);
    let failed = |stage: &Stage| {
        stage.told.borrow().iter().find_map(|event| match event {
            EngineEvent::Failed(error) => Some(error.clone()),
            _ => None,
        })
    };
    stage.until("failing", |stage| failed(stage).is_some());
    let error = failed(stage).unwrap();
    assert!(!error.detail.is_empty());
    error.kind
}

#[test]
fn files_fail_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = write("empty.mkv", b"");
    let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let noise = write("noise.mp4", &noise);
    let text = write("notes.mkv", b"this is not a film\n".repeat(100).as_slice());
    let film = std::fs::read(media::mp4(folder.path())).unwrap();
    let head = write("head.mp4", film.get(..64).unwrap());
    let locked = write("locked.mp4", &film);
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    on_stage(|stage| {
        // For some users there is no locked file.
        if std::fs::File::open(&locked).is_err() {
            assert_eq!(failure(stage, &file(&locked)), EngineErrorKind::Unauthorized);
        }
        let kind = failure(stage, &file(&folder.path().join("gone.mkv")));
        assert_eq!(kind, EngineErrorKind::NotFound);
        for path in [&empty, &noise, &text, &head] {
            assert_eq!(failure(stage, &file(path)), EngineErrorKind::Corrupt, "{}", path.display());
        }
    });
}

#[test]
fn servers_fail_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    media::mp4(folder.path());
    let server = Server::start(folder.path());
    // Nobody listens below 1024 without being told to.
    let dead = url::Url::parse("http://127.0.0.1:1/film.mp4").unwrap();
    on_stage(|stage| {
        let table = [
            (remote(server.url("locked/film.mp4")), EngineErrorKind::Unauthorized),
            (remote(server.url("gone.mp4")), EngineErrorKind::NotFound),
            (remote(server.url("busy/film.mp4")), EngineErrorKind::Network),
            (remote(dead), EngineErrorKind::Network),
        ];
        for (location, expected) in table {
            assert_eq!(
                failure(stage, &source(location.clone())),
                expected,
                "{location:?} {:?}",
                stage.told.borrow()
            );
        }
    });
}

#[test]
fn a_redirect_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    media::mp4(folder.path());
    let (server, stranger) = (Server::start(folder.path()), Server::start(folder.path()));
    on_stage(|stage| {
        let away = server.url(&format!("away?{}", stranger.url("film.mp4")));
        let kind = failure(stage, &source(remote(away)));
        assert_eq!(kind, EngineErrorKind::Network);
    });
    assert!(stranger.seen().is_empty(), "{:?}", stranger.seen());
}

#[test]
fn a_missing_decoder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::webm(folder.path());
    for decoder in ["vp8dec", "avdec_vp8"] {
        if let Some(factory) = gst::ElementFactory::find(decoder) {
            factory.set_rank(gst::Rank::NONE);
        }
    }
    on_stage(|stage| match failure(stage, &file(&film)) {
        EngineErrorKind::DecoderMissing(name) => assert!(name.contains("VP8"), "{name}"),
        other => panic!("{other:?}"),
    });
}

#[test]
fn the_film_goes_on_without_subtitles_that_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    let server = Server::start(folder.path());
    for location in [
        Location::File(folder.path().join("gone.srt")),
        remote(server.url("gone.srt")),
        remote(server.url("locked/film.srt")),
    ] {
        on_stage(|stage| {
            let mut source = file(&film);
            source.subtitles = vec![beside(location.clone())];
            stage.engine.load(&source, Duration::from_secs(2));
            stage.plays();
            stage.forget();
            let track = stage.engine.tracks().subtitles.first().unwrap().id.clone();
            stage.engine.select_subtitle(Some(&track));
            stage.until("told", |stage| {
                stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Degraded(_)))
            });
            stage.reaches(Duration::from_millis(2500));
            assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
            assert_eq!(stage.engine.tracks().current_subtitle, None);
        });
    }
}
