//! Tracks, speed, what is remembered of them, and room for every control.

use super::*;
use crate::models::{PlayChoices, SubtitleChoice, TrackChoice};
use crate::player::Track;
use crate::ui::pages::player::mpris::BusWish;

fn track(id: &str, language: &str) -> Track {
    Track { id: TrackId::new(id), title: None, language: Some(language.to_owned()) }
}

/// Two audio tracks and two subtitles.
fn tracks() -> Tracks {
    Tracks {
        audio: vec![track("a1", "English"), track("a2", "German")],
        subtitles: vec![track("s1", "English"), track("s2", "German")],
        current_audio: Some(TrackId::new("a1")),
        current_subtitle: None,
    }
}

/// Opens something with those, playing.
fn playing(stage: &Stage, puppet: &Rc<Puppet>) {
    *puppet.tracks.borrow_mut() = tracks();
    stage.open(nowhere());
    (puppet.events)(EngineEvent::StateChanged(EngineState::Playing));
    (puppet.events)(EngineEvent::TracksChanged);
    Stage::settle();
}

#[gtk::test]
fn keys_go_through_tracks_and_speeds() {
    let (stage, puppet) = puppet_stage();
    playing(&stage, &puppet);
    puppet.asked.borrow_mut().clear();
    for input in [PlayerInput::AudioStepped, PlayerInput::AudioStepped] {
        stage.page.emit(input);
    }
    for _ in 0..3 {
        stage.page.emit(PlayerInput::SubtitleStepped);
    }
    for steps in [1, 1, -1] {
        stage.page.emit(PlayerInput::RateStepped(steps));
    }
    stage.page.emit(PlayerInput::AudioDelayStepped(-1));
    stage.page.emit(PlayerInput::SubtitleDelayStepped(1));
    // Single pictures are for what stands still.
    stage.page.emit(PlayerInput::FrameStepped);
    (puppet.events)(EngineEvent::StateChanged(EngineState::Paused));
    stage.page.emit(PlayerInput::FrameStepped);
    stage.page.emit(PlayerInput::TenthChosen(4));
    stage.page.emit(PlayerInput::EndChosen);
    Stage::settle();
    let expected = [
        "audio a2",
        "audio a1",
        "subtitle s1",
        "subtitle s2",
        "subtitle none",
        "rate 1.25",
        "rate 1.5",
        "rate 1.25",
        "audio delay -100",
        "subtitle delay 100",
        "step",
        "seek 40",
        "seek 98",
    ];
    assert_eq!(*puppet.asked.borrow(), expected);
}

#[gtk::test]
fn every_button_stays_reachable_in_the_smallest_window() {
    let (stage, _puppet) = puppet_stage();
    let names = || {
        let mut names = Vec::new();
        buttons(stage.page.widget().upcast_ref(), &mut names);
        names.sort();
        names
    };
    let wide = names();
    let arrange = |width, height| {
        stage.window.set_default_size(width, height);
        Stage::settle();
    };
    arrange(360, 200);
    assert_eq!(names(), wide);
    let (least, _, _, _) = stage.page.widget().measure(gtk::Orientation::Horizontal, -1);
    assert!(least <= 360, "{least} pixels are too wide");
    arrange(1280, 800);
    assert_eq!(names(), wide);
}

/// Tooltips of all buttons below a widget.
fn buttons(widget: &gtk::Widget, names: &mut Vec<String>) {
    if widget.is::<gtk::Button>() || widget.is::<gtk::MenuButton>() {
        names.extend(widget.tooltip_text().map(Into::into));
    }
    let mut child = widget.first_child();
    while let Some(current) = child {
        buttons(&current, names);
        child = current.next_sibling();
    }
}

#[gtk::test]
fn what_was_chosen_for_a_series_is_chosen_again() {
    let (stage, puppet) = puppet_stage();
    playing(&stage, &puppet);
    assert_eq!(*puppet.asked.borrow(), ["load"], "without a choice the engine's own tracks play");
    stage.page.emit(PlayerInput::AudioChosen(TrackId::new("a2")));
    stage.page.emit(PlayerInput::SubtitleChosen(Some(TrackId::new("s1"))));
    stage.page.emit(PlayerInput::RateChosen(1.5));
    Stage::settle();
    let in_language =
        |language: &str| TrackChoice { language: Some(language.to_owned()), ..TrackChoice::default() };
    let choices = PlayChoices {
        rate: Some(1.5),
        audio: Some(in_language("German")),
        subtitle: Some(SubtitleChoice::Track(in_language("English"))),
    };
    let kept = stage.told.borrow().iter().rev().find_map(|output| match output {
        PlayerOutput::Chosen(choices) => Some(choices.clone()),
        _ => None,
    });
    assert_eq!(kept.as_ref(), Some(&choices));

    // Something else begins without them, the next episode with them.
    puppet.asked.borrow_mut().clear();
    playing(&stage, &puppet);
    assert_eq!(*puppet.asked.borrow(), ["stop", "load"]);
    stage.memory.borrow_mut().choices = choices;
    puppet.asked.borrow_mut().clear();
    playing(&stage, &puppet);
    assert_eq!(*puppet.asked.borrow(), ["stop", "load", "rate 1.5", "audio a2", "subtitle s1"]);
    // Tags of tracks arrive one by one: nothing is chosen twice.
    (puppet.events)(EngineEvent::TracksChanged);
    Stage::settle();
    assert_eq!(puppet.asked.borrow().len(), 5);
}

#[gtk::test]
fn another_version_is_offered_when_there_is_one() {
    let (stage, puppet) = puppet_stage();
    stage.memory.borrow_mut().versions = vec!["4k".to_owned(), "hd".to_owned()];
    stage.open(nowhere());
    (puppet.events)(EngineEvent::Failed(EngineError::new(EngineErrorKind::Corrupt, "broken")));
    Stage::settle();
    stage.page.emit(PlayerInput::OtherVersionChosen);
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::OtherVersionChosen));
}

#[gtk::test]
fn the_bus_can_do_what_the_controls_can() {
    let (stage, puppet) = puppet_stage();
    playing(&stage, &puppet);
    puppet.asked.borrow_mut().clear();
    let track = "/io/github/gnome_reel/Reel/track/1".to_owned();
    let wishes = [
        BusWish::Play,
        BusWish::Pause,
        BusWish::Seek(-2_000_000),
        BusWish::SetPosition(track.clone(), 40_000_000),
        BusWish::SetPosition(track, 400_000_000),
        BusWish::SetPosition("/io/github/gnome_reel/Reel/track/7".to_owned(), 1_000_000),
        // Beyond the end is *Next*, and nothing is next.
        BusWish::Seek(80_000_000),
    ];
    for wish in wishes {
        stage.page.emit(PlayerInput::Bus(wish));
    }
    Stage::settle();
    assert_eq!(*puppet.asked.borrow(), ["pause", "seek 3", "seek 40"]);
    stage.page.emit(PlayerInput::Bus(BusWish::Stop));
    Stage::settle();
    assert_eq!(stage.told.borrow().last(), Some(&PlayerOutput::CloseRequested));
}
