//! Files of many kinds: what is known of them, where seeks arrive, and that they end.

use std::time::Duration;

use super::{Stage, file, media, on_stage};
use crate::player::{Engine, EngineErrorKind, EngineEvent, EngineState};

/// Stands still at the beginning.
fn paused(stage: &Stage) {
    stage.engine.pause();
    stage.until("paused", |stage| stage.told(&EngineEvent::StateChanged(EngineState::Paused)));
}

/// Goes to `position` and waits until it is there.
fn sought(stage: &Stage, position: Duration) {
    stage.forget();
    stage.engine.seek(position);
    stage.until("there", |stage| stage.told(&EngineEvent::SeekDone));
}

fn never_failed(stage: &Stage) {
    assert!(!stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_))));
}

/// Exact seeks show the picture that is on at that time, or where the distance of pictures varies the next; they are
/// at most `longest` apart.
fn seeks_are_exact(stage: &Stage, longest: Duration) {
    for milliseconds in [1_000, 7_713, 3_333, 10_990, 20] {
        let position = Duration::from_millis(milliseconds);
        sought(stage, position);
        assert_eq!(stage.engine.position(), position);
        let shown = stage.shown();
        assert!(shown.abs_diff(position) < longest, "{shown:?} for {position:?}");
    }
}

#[test]
fn an_exact_seek_is_off_by_less_than_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    for film in [media::mp4(folder.path()), media::matroska(folder.path())] {
        on_stage(|stage| {
            stage.engine.load(&file(&film), Duration::ZERO);
            paused(stage);
            seeks_are_exact(stage, media::FRAME);
        });
    }
}

#[test]
fn a_varying_distance_of_pictures_is_sought_as_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::varying(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        paused(stage);
        seeks_are_exact(stage, media::FRAME * media::WIDEST_GAP);
    });
}

#[test]
fn a_near_seek_shows_a_picture_that_stands_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        paused(stage);
        for milliseconds in [5_300, 9_100] {
            stage.forget();
            let position = Duration::from_millis(milliseconds);
            stage.engine.seek_near(position);
            stage.until("there", |stage| stage.told(&EngineEvent::SeekDone));
            let shown = stage.shown();
            let groups = media::GROUP.as_millis();
            assert_eq!(shown.as_millis() % groups, 0, "{shown:?}");
            assert!(shown.abs_diff(position) < media::GROUP);
            assert_eq!(stage.engine.position(), shown, "the position is where it is, not where it was to be");
        }
    });
}

#[test]
fn a_step_is_one_picture_of_a_film_that_stands() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::mp4(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        paused(stage);
        sought(stage, Duration::from_secs(3));
        for step in 1..=3 {
            stage.engine.step_frame();
            let expected = Duration::from_secs(3) + media::FRAME * step;
            stage.until("stepping", |stage| stage.shown() >= expected);
            assert_eq!(stage.shown(), expected);
            stage.until("told", |stage| stage.engine.position() == expected);
        }
        stage.engine.play();
        stage.plays();
        stage.reaches(Duration::from_millis(3_500));
        never_failed(stage);
    });
}

#[test]
fn facts_and_chapters_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::chapters(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.plays();
        stage.until("chapters", |stage| stage.told(&EngineEvent::ChaptersChanged));
        let chapters = stage.engine.chapters();
        let told: Vec<_> =
            chapters.iter().map(|chapter| (chapter.start.as_secs(), chapter.title.as_deref())).collect();
        assert_eq!(told, [(0, Some("Arrival")), (4, Some("Storm")), (9, Some("Home"))]);
        stage.until("sound", |stage| stage.engine.info().audio_codec.is_some());
        let info = stage.engine.info();
        assert!(info.video_codec.as_deref().is_some_and(|codec| codec.contains("H.264")), "{info:?}");
        assert_eq!(info.size, Some((192, 108)));
        assert_eq!(info.frame_rate, Some(25.0));
        assert!(info.audio_codec.as_deref().is_some_and(|codec| codec.contains("AAC")), "{info:?}");
        assert_eq!((info.channels, info.sample_rate), (Some(2), Some(48_000)));
        assert!(info.decoder.is_some() && info.bit_rate.is_some_and(|rate| rate > 10_000), "{info:?}");
        assert_eq!(stage.engine.buffered(), None, "a file is there as a whole");
        stage.engine.load(&file(&media::flac(folder.path())), Duration::ZERO);
        assert_eq!(stage.engine.chapters(), [], "they were the other film's");
    });
}

#[test]
fn ten_bits_are_played() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::ten_bit(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.plays();
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        never_failed(stage);
    });
}

#[test]
fn a_day_long_film_is_sought_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::day_long(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        paused(stage);
        let length = stage.engine.duration().unwrap();
        assert_eq!(length.as_secs(), media::DAY_LONG.as_secs());
        for hours in [22, 1, 13] {
            let position = Duration::from_hours(hours) + Duration::from_millis(123);
            sought(stage, position);
            assert_eq!(stage.engine.position(), position);
        }
        sought(stage, length.checked_sub(Duration::from_millis(300)).unwrap());
        stage.engine.play();
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        assert_eq!(stage.engine.position(), length);
        never_failed(stage);
    });
}

#[test]
fn a_film_that_tells_no_length_plays_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::without_length(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.plays();
        stage.engine.seek(Duration::from_secs(11));
        stage.until("its end", |stage| stage.told(&EngineEvent::Ended));
        never_failed(stage);
    });
}

#[test]
fn half_a_film_fails_where_it_breaks_off() {
    let folder = tempfile::tempdir().unwrap();
    for film in [media::mp4(folder.path()), media::matroska(folder.path())] {
        let bytes = std::fs::read(&film).unwrap();
        std::fs::write(&film, bytes.get(..bytes.len() / 2).unwrap()).unwrap();
        on_stage(|stage| {
            stage.engine.load(&file(&film), Duration::from_secs(4));
            stage.until("failing", |stage| {
                stage.told.borrow().iter().any(|event| matches!(event, EngineEvent::Failed(_)))
            });
            let told = stage.told.borrow();
            let kinds: Vec<_> = told
                .iter()
                .filter_map(|event| match event {
                    EngineEvent::Failed(error) => Some(&error.kind),
                    _ => None,
                })
                .collect();
            assert_eq!(kinds, [&EngineErrorKind::Corrupt]);
            assert!(!told.contains(&EngineEvent::Ended), "what was not seen was not watched");
            let place = stage.engine.position();
            assert!((4_000..8_000).contains(&place.as_millis()), "{place:?}");
        });
    }
}

#[test]
fn subtitles_that_are_pictures_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let film = media::picture_subtitles(folder.path());
    on_stage(|stage| {
        stage.engine.load(&file(&film), Duration::ZERO);
        stage.plays();
        stage.until("subtitles", |stage| !stage.engine.tracks().subtitles.is_empty());
        let track = stage.engine.tracks().subtitles.first().unwrap().id.clone();
        stage.forget();
        stage.engine.select_subtitle(Some(&track));
        stage.plays();
        stage.until("them", |stage| stage.engine.tracks().current_subtitle.as_ref() == Some(&track));
        stage.reaches(Duration::from_secs(4));
        never_failed(stage);
    });
}
