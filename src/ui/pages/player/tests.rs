//! The page on a display, with an engine that is told what to do and with the real one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod controls;
mod quality;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};

use adw::prelude::*;
use gtk::{gdk, glib};
use relm4::{Component, ComponentController, Controller};

use super::{Around, PlayRequest, PlayerInit, PlayerInput, PlayerOutput, PlayerPage, TrackPreferences};
use crate::backends::{Delivery, Location, StreamSource};
use crate::models::PlaybackEvent;
use crate::player::{
    Chapter, Engine, EngineError, EngineErrorKind, EngineEvent, EngineInfo, EngineState, EventHandler,
    TrackId, Tracks,
};
use crate::services::core::PlayMemory;

/// What an engine was asked, in words, and how it answers.
struct Puppet {
    events: EventHandler,
    asked: RefCell<Vec<String>>,
    position: RefCell<Duration>,
    tracks: RefCell<Tracks>,
}

thread_local! {
    static PUPPET: RefCell<Option<Rc<Puppet>>> = const { RefCell::new(None) };
}

/// The page's side of a puppet.
struct Strings(Rc<Puppet>);

impl Strings {
    fn ask(&self, what: impl Into<String>) {
        self.0.asked.borrow_mut().push(what.into());
    }
}

impl Engine for Strings {
    fn load(&self, _: &StreamSource, start: Duration) {
        *self.0.position.borrow_mut() = start;
        self.ask("load");
    }
    fn play(&self) {
        self.ask("play");
    }
    fn pause(&self) {
        self.ask("pause");
    }
    fn seek(&self, position: Duration) {
        *self.0.position.borrow_mut() = position;
        self.ask(format!("seek {}", position.as_secs()));
    }
    fn position(&self) -> Duration {
        *self.0.position.borrow()
    }
    fn duration(&self) -> Option<Duration> {
        Some(Duration::from_secs(100))
    }
    fn seek_near(&self, position: Duration) {
        *self.0.position.borrow_mut() = position;
        self.ask(format!("near {}", position.as_secs()));
    }
    fn step_frame(&self) {
        self.ask("step");
    }
    fn buffered(&self) -> Option<Range<Duration>> {
        None
    }
    fn chapters(&self) -> Vec<Chapter> {
        Vec::new()
    }
    fn info(&self) -> EngineInfo {
        EngineInfo::default()
    }
    fn set_audio_delay(&self, milliseconds: i64) {
        self.ask(format!("audio delay {milliseconds}"));
    }
    fn set_subtitle_delay(&self, milliseconds: i64) {
        self.ask(format!("subtitle delay {milliseconds}"));
    }
    fn set_subtitle_scale(&self, _: f64) {}
    fn set_volume(&self, _: f64) {}
    fn set_muted(&self, muted: bool) {
        self.ask(format!("muted {muted}"));
    }
    fn set_rate(&self, rate: f64) {
        self.ask(format!("rate {rate}"));
    }
    fn tracks(&self) -> Tracks {
        self.0.tracks.borrow().clone()
    }
    fn select_audio(&self, track: &TrackId) {
        self.0.tracks.borrow_mut().current_audio = Some(track.clone());
        self.ask(format!("audio {track}"));
    }
    fn select_subtitle(&self, track: Option<&TrackId>) {
        self.0.tracks.borrow_mut().current_subtitle = track.cloned();
        self.ask(format!("subtitle {}", track.map_or("none", TrackId::as_str)));
    }
    fn caption(&self) -> Option<String> {
        None
    }
    fn paintable(&self) -> Option<gdk::Paintable> {
        None
    }
    fn stop(&self) {
        self.ask("stop");
    }
}

struct Stage {
    page: Controller<PlayerPage>,
    told: Rc<RefCell<Vec<PlayerOutput>>>,
    window: gtk::Window,
    /// What is known of the next thing to be opened.
    memory: RefCell<PlayMemory>,
}

impl Stage {
    fn new(init: PlayerInit) -> Self {
        adw::init().unwrap();
        let told = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&told);
        let page = PlayerPage::builder()
            .launch(init)
            .connect_receiver(move |_, output| log.borrow_mut().push(output));
        let window = gtk::Window::builder().child(page.widget()).build();
        window.present();
        Self { page, told, window, memory: RefCell::default() }
    }

    fn open(&self, location: Location) {
        self.open_in(location, Around::default());
    }

    fn open_in(&self, location: Location, around: Around) {
        let source = StreamSource {
            location,
            version_id: String::new(),
            container: None,
            duration: None,
            subtitles: Vec::new(),
            play_session_id: None,
            delivery: Delivery::default(),
        };
        let start = Duration::from_secs(5);
        let request = PlayRequest {
            title: "A film".to_owned(),
            subtitle: None,
            source,
            start,
            sound: None,
            around,
            memory: self.memory.borrow().clone(),
            preferences: TrackPreferences::default(),
        };
        self.page.emit(PlayerInput::Open(Box::new(request)));
    }

    fn until(&self, done: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        let _wake = Wake::new();
        while !done(self) {
            assert!(begin.elapsed() < Duration::from_secs(20), "told: {:?}", self.told.borrow());
            glib::MainContext::default().iteration(true);
        }
    }

    /// Lets everything that is under way arrive.
    fn settle() {
        let _wake = Wake::new();
        for _ in 0..20 {
            glib::MainContext::default().iteration(true);
        }
    }

    fn events(&self) -> Vec<PlaybackEvent> {
        let told = self.told.borrow();
        told.iter()
            .filter_map(|output| match output {
                PlayerOutput::Position { event, .. } => Some(*event),
                _ => None,
            })
            .collect()
    }
}

/// Keeps the main loop turning while a test waits.
struct Wake(Option<glib::SourceId>);

impl Wake {
    fn new() -> Self {
        let turn = || glib::ControlFlow::Continue;
        Self(Some(glib::timeout_add_local(Duration::from_millis(5), turn)))
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        if let Some(source) = self.0.take() {
            source.remove();
        }
    }
}

fn puppet_stage() -> (Stage, Rc<Puppet>) {
    let stage = Stage::new(PlayerInit {
        volume: 0.5,
        engine: |events| {
            let puppet = Rc::new(Puppet {
                events,
                asked: RefCell::default(),
                position: RefCell::default(),
                tracks: RefCell::default(),
            });
            PUPPET.set(Some(Rc::clone(&puppet)));
            Box::new(Strings(puppet))
        },
    });
    (stage, PUPPET.take().unwrap())
}

fn nowhere() -> Location {
    Location::File("/nowhere.mkv".into())
}

#[gtk::test]
fn the_owner_hears_of_one_beginning_and_one_end() {
    let (stage, puppet) = puppet_stage();
    stage.open(nowhere());
    Stage::settle();
    assert_eq!(stage.events(), [], "it does not play yet");
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    stage.page.emit(PlayerInput::SeekStepped(30));
    (puppet.events)(EngineEvent::SeekDone);
    stage.page.emit(PlayerInput::PlayToggled);
    (puppet.events)(EngineEvent::StateChanged(EngineState::Paused));
    Stage::settle();
    stage.page.emit(PlayerInput::BackChosen);
    stage.page.emit(PlayerInput::Close);
    Stage::settle();
    let expected =
        [PlaybackEvent::Started, PlaybackEvent::Playing, PlaybackEvent::Paused, PlaybackEvent::Stopped];
    assert_eq!(stage.events(), expected);
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::CloseRequested));
    assert!(stage.told.borrow().contains(&PlayerOutput::Position {
        position: Duration::from_secs(35),
        duration: Some(Duration::from_secs(100)),
        event: PlaybackEvent::Stopped,
    }));
    assert_eq!(*puppet.asked.borrow(), ["load", "seek 35", "pause", "stop"]);
}

#[gtk::test]
fn a_closing_window_tells_the_position_first() {
    let (stage, puppet) = puppet_stage();
    stage.open(nowhere());
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    stage.window.close();
    stage.until(|stage| !stage.window.is_visible());
    assert_eq!(stage.events(), [PlaybackEvent::Started, PlaybackEvent::Stopped]);
}

#[gtk::test]
fn a_failure_can_be_tried_again() {
    let (stage, puppet) = puppet_stage();
    stage.open(nowhere());
    let error = EngineError::new(EngineErrorKind::Network, "gone");
    (puppet.events)(EngineEvent::Failed(error.clone()));
    Stage::settle();
    assert_eq!(*stage.told.borrow(), [PlayerOutput::Failed(error)], "nothing began, nothing ends");
    stage.page.emit(PlayerInput::RetryChosen);
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    (puppet.events)(EngineEvent::Ended);
    Stage::settle();
    assert_eq!(stage.events(), [PlaybackEvent::Started, PlaybackEvent::Stopped]);
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::Ended));
}

#[gtk::test]
fn a_list_is_gone_through_after_what_plays_has_stopped() {
    let (stage, puppet) = puppet_stage();
    stage.open_in(nowhere(), Around { previous: true, next: true });
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    Stage::settle();
    // In the middle *Previous* is its own beginning, and only there what came before.
    stage.page.emit(PlayerInput::PreviousChosen);
    Stage::settle();
    assert_eq!(puppet.asked.borrow().last().map(String::as_str), Some("seek 0"));
    stage.page.emit(PlayerInput::PreviousChosen);
    Stage::settle();
    assert_eq!(stage.events().last(), Some(&PlaybackEvent::Stopped));
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::PreviousChosen));

    // At the end of a list there is nothing to go on to.
    stage.open_in(nowhere(), Around { previous: true, next: false });
    stage.page.emit(PlayerInput::NextChosen);
    Stage::settle();
    assert!(!stage.told.borrow().contains(&PlayerOutput::NextChosen));
}

#[gtk::test]
fn only_a_person_changes_the_kept_volume() {
    let (stage, puppet) = puppet_stage();
    stage.page.emit(PlayerInput::SetVolume(0.2));
    Stage::settle();
    assert_eq!(*stage.told.borrow(), []);
    stage.page.emit(PlayerInput::MuteToggled);
    stage.page.emit(PlayerInput::VolumeChosen(0.4));
    Stage::settle();
    assert_eq!(*stage.told.borrow(), [PlayerOutput::VolumeChanged(0.4)]);
    assert_eq!(*puppet.asked.borrow(), ["muted true", "muted false"]);
}

#[gtk::test]
fn a_film_is_seen() {
    use gst::prelude::*;
    gst::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mkv");
    let make = gst::parse::launch(&format!(
        "videotestsrc num-buffers=300 ! video/x-raw,width=192,height=108,framerate=25/1 \
         ! x264enc speed-preset=ultrafast ! matroskamux ! filesink location={}",
        film.display()
    ))
    .unwrap();
    make.set_state(gst::State::Playing).unwrap();
    let end =
        make.bus().unwrap().timed_pop_filtered(gst::ClockTime::from_seconds(60), &[gst::MessageType::Eos]);
    assert!(end.is_some());
    make.set_state(gst::State::Null).unwrap();

    let stage = Stage::new(PlayerInit::with_volume(0.0));
    stage.open(Location::File(film));
    stage.until(|stage| stage.events().contains(&PlaybackEvent::Started));
    let picture = picture(stage.page.widget().upcast_ref()).unwrap();
    stage.until(|_| picture.paintable().is_some_and(|paintable| paintable.intrinsic_width() == 192));
    stage.page.emit(PlayerInput::Close);
    stage.until(|stage| stage.events().contains(&PlaybackEvent::Stopped));
    // The engine waits for its pipeline: the process must not end while that is closing.
    drop(stage);
    Stage::settle();
}

fn picture(widget: &gtk::Widget) -> Option<gtk::Picture> {
    if let Some(picture) = widget.downcast_ref::<gtk::Picture>() {
        return Some(picture.clone());
    }
    let mut child = widget.first_child();
    while let Some(current) = child {
        if let Some(found) = picture(&current) {
            return Some(found);
        }
        child = current.next_sibling();
    }
    None
}
