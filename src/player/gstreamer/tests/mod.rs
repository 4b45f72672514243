//! The engine on real files: from a folder and from a server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod failures;
mod formats;
mod living;
mod media;
mod network;
mod server;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gst::glib;
use url::Url;

use self::server::Server;
use super::GstEngine;
use crate::backends::{Delivery, ExternalSubtitle, Location, MediaRequest, StreamSource};
use crate::player::{Engine, EngineEvent, EngineState, TrackId};

/// Longest wait for anything; only a broken engine needs it.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine and what it has told.
struct Stage {
    engine: GstEngine,
    told: Rc<RefCell<Vec<EngineEvent>>>,
}

impl Stage {
    fn told(&self, event: &EngineEvent) -> bool {
        self.told.borrow().contains(event)
    }

    /// Time of the picture that is shown.
    fn shown(&self) -> Duration {
        let state = self.engine.session.state();
        state.pipeline.as_ref().and_then(super::pipeline::Pipeline::shown).unwrap_or_default()
    }

    fn forget(&self) {
        self.told.borrow_mut().clear();
    }

    /// Lets the engine work until `done`.
    fn until(&self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let context = glib::MainContext::ref_thread_default();
        let _wake =
            glib::timeout_source_new(Duration::from_millis(10), None, glib::Priority::DEFAULT, || {
                glib::ControlFlow::Continue
            })
            .attach(Some(&context));
        let begin = Instant::now();
        while !done(self) {
            assert!(
                begin.elapsed() < PATIENCE,
                "never {what}; told: {:?}; tracks: {:?}",
                self.told.borrow(),
                self.engine.tracks()
            );
            context.iteration(true);
        }
    }

    fn plays(&self) {
        self.until("playing", |stage| stage.told(&EngineEvent::StateChanged(EngineState::Playing)));
    }

    fn reaches(&self, position: Duration) {
        self.until("advancing", |stage| stage.engine.position() >= position);
    }
}

/// Runs a test with a main loop of its own.
fn on_stage(test: impl FnOnce(&Stage)) {
    let context = glib::MainContext::new();
    context
        .with_thread_default(|| {
            let told = Rc::new(RefCell::new(Vec::new()));
            let log = Rc::clone(&told);
            let engine = GstEngine::without_picture(Rc::new(move |event| log.borrow_mut().push(event)));
            let stage = Stage { engine, told };
            test(&stage);
            stage.engine.stop();
        })
        .unwrap();
}

fn source(location: Location) -> StreamSource {
    StreamSource {
        location,
        version_id: String::new(),
        container: None,
        duration: None,
        subtitles: Vec::new(),
        play_session_id: None,
        delivery: Delivery::default(),
    }
}

fn file(path: &Path) -> StreamSource {
    source(Location::File(path.to_path_buf()))
}

fn remote(url: Url) -> Location {
    Location::Remote(MediaRequest { url, headers: Vec::new() })
}

fn beside(location: Location) -> ExternalSubtitle {
    ExternalSubtitle { stream_id: "9".to_owned(), location, language: Some("de".to_owned()), title: None }
}

/// Sound tracks, subtitles, seeking and pausing of what is loaded.
fn everything_works(stage: &Stage) {
    let engine = &stage.engine;
    stage.plays();
    stage.reaches(Duration::from_millis(400));
    let length = engine.duration().unwrap();
    assert!(length.abs_diff(Duration::from_secs(media::SECONDS)) < Duration::from_millis(200), "{length:?}");

    stage.until("tracks", |stage| stage.engine.tracks().current_audio.is_some());
    let named = |stage: &Stage| stage.engine.tracks().audio.iter().all(|track| track.language.is_some());
    stage.until("named tracks", named);
    let tracks = engine.tracks();
    let languages: Vec<_> = tracks.audio.iter().map(|track| track.language.as_deref()).collect();
    assert_eq!(languages, [Some("English"), Some("German")]);
    assert_eq!(tracks.audio.first().unwrap().title.as_deref(), Some("Stereo"));
    assert_eq!(tracks.current_audio, tracks.audio.first().map(|track| track.id.clone()));
    assert_eq!(tracks.current_subtitle, None);
    assert_eq!(tracks.subtitles.len(), 2, "one inside, one beside: {tracks:?}");

    let german = tracks.audio.get(1).unwrap().id.clone();
    engine.select_audio(&german);
    stage.until("German", |stage| stage.engine.tracks().current_audio.as_ref() == Some(&german));

    let inside = tracks.subtitles.first().unwrap().id.clone();
    engine.select_subtitle(Some(&inside));
    stage.until("subtitles", |stage| stage.engine.tracks().current_subtitle.as_ref() == Some(&inside));

    stage.forget();
    engine.seek(Duration::from_secs(3));
    engine.seek(Duration::from_secs(5));
    engine.seek(Duration::from_secs(6));
    assert_eq!(engine.position(), Duration::from_secs(6));
    stage.until("there", |stage| stage.told(&EngineEvent::SeekDone));
    assert!(engine.position() >= Duration::from_secs(6));
    stage.reaches(Duration::from_millis(6400));

    let outside = TrackId::new("external:0");
    stage.forget();
    engine.select_subtitle(Some(&outside));
    stage.plays();
    stage.until("caption", |stage| stage.engine.caption().as_deref() == Some("Second line"));
    assert!(stage.told(&EngineEvent::CaptionChanged));
    stage.until("other subtitles", |stage| stage.engine.tracks().current_subtitle.as_ref() == Some(&outside));
    assert_eq!(engine.tracks().current_audio.as_ref(), Some(&german), "the choice of sound stays");
    assert!(engine.position() >= Duration::from_millis(6300), "{:?}", engine.position());
    stage.reaches(Duration::from_millis(7200));

    engine.select_subtitle(None);
    assert_eq!(engine.tracks().current_subtitle, None);
    assert_eq!(stage.told.borrow().last(), Some(&EngineEvent::TracksChanged));
    assert_eq!(engine.caption(), None);

    engine.pause();
    stage.until("paused", |stage| stage.told(&EngineEvent::StateChanged(EngineState::Paused)));
    stage.forget();
    engine.play();
    stage.plays();
    engine.seek(Duration::from_millis(media::SECONDS * 1000 - 500));
    stage.until("at its end", |stage| stage.told(&EngineEvent::Ended));
    assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
}

#[test]
fn a_file_plays_with_all_its_tracks() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::matroska(folder.path());
    on_stage(|stage| {
        let mut source = file(&film);
        source.subtitles = vec![beside(Location::File(media::subtitles(folder.path())))];
        stage.engine.load(&source, Duration::ZERO);
        everything_works(stage);
    });
}

#[test]
fn a_server_is_read_without_a_proxy_and_without_radio() {
    let folder = tempfile::tempdir().unwrap();
    media::matroska(folder.path());
    let server = Server::start(folder.path());
    on_stage(|stage| {
        let mut source = source(remote(server.url("film.mkv")));
        source.subtitles = vec![beside(remote(server.url("film.de.srt")))];
        stage.engine.load(&source, Duration::ZERO);
        everything_works(stage);
    });
    let seen = server.seen();
    assert!(seen.iter().any(|request| request.path == "/film.de.srt"));
    assert!(seen.iter().any(|request| request.header("range").is_some()), "{seen:?}");
    for request in &seen {
        assert_eq!(request.header("icy-metadata"), None);
    }
}

#[test]
fn an_mp4_begins_where_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.set_volume(0.5);
        stage.engine.load(&file(&film), Duration::from_secs(7));
        assert_eq!(stage.engine.position(), Duration::from_secs(7));
        stage.plays();
        let position = stage.engine.position();
        assert!((7_000..9_000).contains(&position.as_millis()), "{position:?}");
        stage.engine.stop();
        assert!(stage.engine.position() >= position, "the last position is known after the end");
    });
}

#[test]
fn sound_without_a_picture_plays_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let song = media::flac(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&song), Duration::ZERO);
        stage.plays();
        stage.reaches(Duration::from_millis(400));
        let length = stage.engine.duration().unwrap();
        assert!(
            length.abs_diff(Duration::from_secs(media::SECONDS)) < Duration::from_millis(200),
            "{length:?}"
        );
        stage.engine.seek(length.saturating_sub(Duration::from_millis(500)));
        stage.until("at its end", |stage| stage.told(&EngineEvent::Ended));
        assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
    });
}

#[test]
fn loading_again_forgets_the_first_film() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (media::mp4(folder.path()), media::matroska(folder.path()));
    on_stage(|stage| {
        stage.engine.load(&file(&first), Duration::from_secs(5));
        stage.engine.load(&file(&second), Duration::ZERO);
        stage.engine.set_rate(2.0);
        stage.plays();
        stage.until("two tracks", |stage| stage.engine.tracks().audio.len() == 2);
        assert!(stage.engine.position() < Duration::from_secs(5));
    });
}
