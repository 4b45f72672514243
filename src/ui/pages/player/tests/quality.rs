//! Another quality in the middle of it, and files that cannot be decoded here.

use super::*;
use crate::backends::{MediaRequest, StreamProtocol};
use crate::models::{PlayMethod, Quality};

fn served(method: PlayMethod, kilobits: u32) -> StreamSource {
    let url = "http://127.0.0.1:9/film".parse().unwrap();
    let protocol = if method == PlayMethod::Direct { StreamProtocol::File } else { StreamProtocol::Hls };
    StreamSource {
        location: Location::Remote(MediaRequest { url, headers: Vec::new() }),
        version_id: "v".to_owned(),
        container: None,
        duration: None,
        subtitles: Vec::new(),
        play_session_id: Some("s".to_owned()),
        delivery: Delivery {
            method,
            protocol,
            file_bits: Some(20_000_000),
            quality: Quality::from_kilobits(kilobits),
            ..Delivery::default()
        },
    }
}

fn opened(source: StreamSource) -> (Stage, Rc<Puppet>) {
    let (stage, puppet) = puppet_stage();
    stage.open(nowhere());
    Stage::settle();
    stage.page.emit(PlayerInput::Replace(Box::new(source)));
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    puppet.asked.borrow_mut().clear();
    stage.told.borrow_mut().clear();
    (stage, puppet)
}

fn missing() -> EngineError {
    EngineError::new(EngineErrorKind::DecoderMissing("H.265".to_owned()), "no decoder")
}

#[gtk::test]
fn another_quality_goes_on_at_the_same_place() {
    let (stage, puppet) = opened(served(PlayMethod::Direct, 0));
    let chosen = Quality::from_kilobits(4000);
    *puppet.position.borrow_mut() = Duration::from_secs(40);
    stage.page.emit(PlayerInput::QualityChosen(chosen));
    stage.page.emit(PlayerInput::QualityChosen(Quality::Original));
    Stage::settle();
    assert_eq!(*stage.told.borrow(), [PlayerOutput::QualityChosen(chosen)], "what it has is not asked for");
    assert!(puppet.asked.borrow().is_empty(), "it plays on meanwhile");
    *puppet.position.borrow_mut() = Duration::from_secs(42);
    stage.page.emit(PlayerInput::Replace(Box::new(served(PlayMethod::Transcode, 4000))));
    Stage::settle();
    assert_eq!(*puppet.asked.borrow(), ["load"]);
    assert_eq!(*puppet.position.borrow(), Duration::from_secs(42));
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    // To the server it is another playback, and the place was never left.
    assert_eq!(stage.events(), [PlaybackEvent::Started]);
    stage.page.emit(PlayerInput::LowerQuality);
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::QualityChosen(Quality::from_kilobits(3000))));
}

#[gtk::test]
fn what_was_paused_stays_paused_in_another_quality() {
    let (stage, puppet) = opened(served(PlayMethod::Direct, 0));
    (puppet.events)(EngineEvent::StateChanged(EngineState::Paused));
    Stage::settle();
    stage.page.emit(PlayerInput::Replace(Box::new(served(PlayMethod::Transcode, 4000))));
    Stage::settle();
    assert_eq!(*puppet.asked.borrow(), ["load", "pause"]);
}

#[gtk::test]
fn a_file_that_cannot_be_decoded_is_asked_for_once_more() {
    let (stage, puppet) = opened(served(PlayMethod::Direct, 0));
    (puppet.events)(EngineEvent::Failed(missing()));
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::ConversionNeeded));
    assert!(!stage.told.borrow().contains(&PlayerOutput::Failed(missing())));
    stage.page.emit(PlayerInput::Replace(Box::new(served(PlayMethod::Remux, 0))));
    Stage::settle();
    assert_eq!(puppet.asked.borrow().last().map(String::as_str), Some("load"));
    (puppet.events)(EngineEvent::Failed(missing()));
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::Failed(missing())), "once is enough");
}

#[gtk::test]
fn without_a_conversion_the_first_failure_is_shown() {
    let (stage, puppet) = opened(served(PlayMethod::Direct, 0));
    (puppet.events)(EngineEvent::Failed(missing()));
    Stage::settle();
    stage.page.emit(PlayerInput::NotReplaced);
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::Failed(missing())));
    // A quality that could not be had leaves what plays alone.
    let (stage, puppet) = opened(served(PlayMethod::Direct, 0));
    stage.page.emit(PlayerInput::QualityChosen(Quality::from_kilobits(4000)));
    stage.page.emit(PlayerInput::NotReplaced);
    Stage::settle();
    assert!(puppet.asked.borrow().is_empty());
}

#[gtk::test]
fn a_file_of_this_machine_is_what_it_is() {
    let (stage, puppet) = puppet_stage();
    stage.open(nowhere());
    stage.page.emit(PlayerInput::LowerQuality);
    stage.page.emit(PlayerInput::QualityChosen(Quality::from_kilobits(4000)));
    (puppet.events)(EngineEvent::Failed(missing()));
    Stage::settle();
    assert_eq!(*stage.told.borrow(), [PlayerOutput::Failed(missing())]);
}

#[gtk::test]
fn a_conversion_that_has_failed_is_asked_for_anew() {
    let (stage, puppet) = opened(served(PlayMethod::Transcode, 4000));
    (puppet.events)(EngineEvent::Failed(EngineError::new(EngineErrorKind::Network, "gone")));
    Stage::settle();
    puppet.asked.borrow_mut().clear();
    stage.page.emit(PlayerInput::RetryChosen);
    Stage::settle();
    let again = PlayerOutput::QualityChosen(Quality::from_kilobits(4000));
    assert_eq!(stage.told.borrow().last(), Some(&again), "its session is over");
    assert!(puppet.asked.borrow().is_empty());
    stage.page.emit(PlayerInput::Replace(Box::new(served(PlayMethod::Transcode, 4000))));
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    assert_eq!(stage.events().last(), Some(&PlaybackEvent::Started));
}
