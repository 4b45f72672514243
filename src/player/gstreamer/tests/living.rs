//! From load to load: intents in odd moments, adjustments, a sound device that goes, and what is left at the end.

use std::time::Duration;

use gst::prelude::*;

use super::super::prepare::Equipment;
use super::{Stage, beside, file, media, on_stage};
use crate::backends::Location;
use crate::player::{Engine, EngineErrorKind, EngineEvent, EngineState, TrackId};

const PLAYING: EngineEvent = EngineEvent::StateChanged(EngineState::Playing);
const PAUSED: EngineEvent = EngineEvent::StateChanged(EngineState::Paused);

fn sink_offset(stage: &Stage, sink: &str) -> i64 {
    let state = stage.engine.session.state();
    let playbin = state.pipeline.as_ref().unwrap().playbin();
    playbin.property::<gst::Element>(sink).property("ts-offset")
}

#[test]
fn a_pause_while_it_opens_holds() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::from_secs(2));
        stage.engine.pause();
        stage.engine.seek(Duration::from_secs(5));
        stage.until("paused", |stage| stage.told(&PAUSED));
        stage.until("there", |stage| stage.shown() == Duration::from_secs(5));
        assert!(!stage.told(&PLAYING));
        assert_eq!(stage.engine.position(), Duration::from_secs(5));
    });
}

#[test]
fn what_is_left_at_once_never_tells_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (film, gone) = (media::mp4(folder.path()), folder.path().join("gone.mp4"));
    on_stage(|stage| {
        stage.engine.load(&file(&gone), Duration::ZERO);
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.engine.load(&file(&gone), Duration::ZERO);
        stage.engine.load(&file(&film), Duration::from_secs(11));
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
        stage.forget();
        stage.engine.load(&file(&gone), Duration::ZERO);
        stage.engine.stop();
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.plays();
        assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
    });
}

#[test]
fn playing_at_the_end_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::from_millis(11_500));
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        assert_eq!(Some(stage.engine.position()), stage.engine.duration());
        stage.engine.step_frame();
        stage.forget();
        stage.engine.play();
        stage.until("playing again", |stage| stage.told(&EngineEvent::SeekDone));
        stage.reaches(Duration::from_millis(300));
        assert!(stage.engine.position() < Duration::from_secs(6));
        stage.forget();
        stage.engine.seek(Duration::from_millis(11_700));
        stage.until("its end again", |stage| stage.told(&EngineEvent::Ended));
    });
}

#[test]
fn the_end_of_a_place_that_is_being_left_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::from_secs(2));
        stage.plays();
        let playbin = stage.engine.session.state().pipeline.as_ref().unwrap().playbin().clone();
        // Already on its way when the person moves the slider.
        playbin.post_message(gst::message::Eos::builder().src(&playbin).build()).unwrap();
        stage.engine.seek(Duration::from_secs(5));
        stage.reaches(Duration::from_millis(5_400));
        assert!(!stage.told(&EngineEvent::Ended));
    });
}

#[test]
fn delays_and_speed_are_of_one_film() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        let mut source = file(&film);
        source.subtitles = vec![beside(Location::File(media::subtitles(folder.path())))];
        stage.engine.load(&source, Duration::ZERO);
        stage.engine.pause();
        stage.until("paused", |stage| stage.told(&PAUSED));
        stage.engine.set_audio_delay(250);
        assert_eq!((sink_offset(stage, "audio-sink"), sink_offset(stage, "video-sink")), (250_000_000, 0));
        stage.engine.set_audio_delay(-250);
        assert_eq!((sink_offset(stage, "audio-sink"), sink_offset(stage, "video-sink")), (0, 250_000_000));

        stage.engine.select_subtitle(Some(&TrackId::new("external:0")));
        stage.engine.seek(Duration::from_millis(5_200));
        stage.until("there", |stage| stage.shown() == Duration::from_millis(5_200));
        assert_eq!(stage.engine.caption(), None);
        stage.engine.set_subtitle_delay(500);
        stage.until("late line", |stage| stage.engine.caption().as_deref() == Some("First line"));
        stage.engine.set_subtitle_delay(-1000);
        stage.until("early line", |stage| stage.engine.caption().as_deref() == Some("Second line"));

        stage.engine.set_rate(2.0);
        let rate = |stage: &Stage| {
            let state = stage.engine.session.state();
            let mut query = gst::query::Segment::new(gst::Format::Time);
            // The sound arrives stretched, which is what keeps the pitch.
            let picture = state.pipeline.as_ref()?.playbin().property::<gst::Element>("video-sink");
            picture.query(&mut query).then(|| query.result().0)
        };
        stage.until("double speed", |stage| rate(stage) == Some(2.0));
        stage.engine.set_rate(9.0);
        stage.forget();
        stage.engine.load(&source, Duration::from_secs(1));
        stage.plays();
        assert_eq!(rate(stage), Some(1.0));
        assert_eq!((sink_offset(stage, "audio-sink"), sink_offset(stage, "video-sink")), (0, 0));
    });
}

#[test]
fn a_film_goes_on_without_its_sound_device() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.session.state_mut().equipment = Some(Equipment::with_sound("fakeaudiosink"));
        stage.engine.load(&file(&film), Duration::from_secs(3));
        stage.plays();
        stage.reaches(Duration::from_millis(3_200));
        stage.forget();
        let playbin = stage.engine.session.state().pipeline.as_ref().unwrap().playbin().clone();
        let sound = playbin.property::<gst::Element>("audio-sink");
        let gone = gst::message::Error::builder(gst::ResourceError::Write, "the device is gone").src(&sound);
        sound.post_message(gone.build()).unwrap();
        stage.plays();
        assert!(stage.engine.position() >= Duration::from_millis(3_200), "{:?}", stage.engine.position());
        let told = stage.told.borrow();
        let lost = told.iter().any(
            |event| matches!(event, EngineEvent::Degraded(error) if error.kind == EngineErrorKind::SoundLost),
        );
        assert!(lost && !told.iter().any(|event| matches!(event, EngineEvent::Failed(_))), "{told:?}");
    });
}

/// Threads and open files of this process.
fn held() -> (usize, usize) {
    let count = |folder| std::fs::read_dir(folder).unwrap().count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

/// Threads that pools keep for the next work, and that `GLib` and GStreamer keep for themselves.
const KEPT_THREADS: usize = 4;

#[test]
fn nothing_is_left_of_films_that_were_left() {
    let folder = tempfile::tempdir().unwrap();
    let films = [media::mp4(folder.path()), media::matroska(folder.path()), media::flac(folder.path())];
    on_stage(|stage| {
        let (before, _) = held();
        let play_all = || {
            for film in &films {
                stage.forget();
                stage.engine.load(&file(film), Duration::from_secs(2));
                stage.plays();
                stage.engine.stop();
            }
        };
        play_all();
        // What libraries keep for ever is there now.
        stage.until("closing", |_| held().0 <= before + KEPT_THREADS);
        let (_, files) = held();
        play_all();
        play_all();
        stage.until("closing", |_| {
            let now = held();
            now.0 <= before + KEPT_THREADS && now.1 <= files
        });
    });
}
