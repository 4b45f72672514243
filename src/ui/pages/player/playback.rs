//! What the page does with the engine, the window and its owner.

use std::time::{Duration, Instant};

use gtk::glib;
use gtk::prelude::*;

use super::PlayerPage;
use super::messages::{Around, PlayRequest, PlayerInput, PlayerOutput};
use super::reports::Reports;
use super::state::{Hold, Phase};
use super::window::WindowHold;
use crate::models::PlaybackEvent;
use crate::player::{EngineError, EngineEvent, EngineState};
use crate::ui::error_text::playback as error_text;

/// How often position and controls are brought up to date.
const TICK: Duration = Duration::from_millis(250);
/// After this much of it *Previous* means its own beginning.
const FROM_BEGINNING: Duration = Duration::from_secs(3);
/// How long the owner has for the last position before the window closes.
const CLOSES_AFTER: Duration = Duration::from_millis(100);

impl PlayerPage {
    pub(super) fn open(&mut self, request: PlayRequest) {
        self.leave();
        self.before = None;
        self.reports = Reports::default();
        self.state.position = request.start;
        self.state.duration = request.source.duration;
        self.state.phase = Phase::Active(EngineState::Buffering(0));
        self.controls.stir(Instant::now());
        self.take_window();
        self.engine.load(&request.source, request.start);
        self.sound.show(Some(&request));
        self.request = Some(request);
        self.start_ticking();
    }

    /// Ends what is open: position told, engine stopped, window given back.
    pub(super) fn leave(&mut self) {
        let Some(request) = self.request.take() else { return };
        self.finish();
        self.before = Some(request);
        self.state.phase = Phase::Idle;
        self.hold = None;
        if let Some(ticker) = self.ticker.take() {
            ticker.remove();
        }
    }

    /// Tells the last position and stops the engine.
    fn finish(&mut self) {
        self.read_position();
        let event = self.reports.stopped();
        self.report(event);
        self.engine.stop();
        self.keep_awake(false);
    }

    pub(super) fn go_back(&mut self) {
        self.leave();
        self.output.emit(PlayerOutput::CloseRequested);
    }

    /// Shortly after its beginning to what comes before, else back to its beginning.
    pub(super) fn go_to_previous(&mut self) {
        if self.state.position > FROM_BEGINNING || !self.around().previous {
            return self.seek(Duration::ZERO);
        }
        self.leave();
        self.output.emit(PlayerOutput::PreviousChosen);
    }

    pub(super) fn go_to_next(&mut self) {
        if self.around().next {
            self.leave();
            self.output.emit(PlayerOutput::NextChosen);
        }
    }

    pub(super) fn retry(&mut self) {
        if let Some(mut request) = self.request.clone() {
            request.start = self.state.position;
            self.open(request);
        }
    }

    /// Stopped and told; the window closes when the owner had a moment for it.
    pub(super) fn close_window(&mut self) {
        let window = self.hold.as_ref().map(|hold| hold.window().clone());
        self.leave();
        if let Some(window) = window {
            glib::timeout_add_local_once(CLOSES_AFTER, move || window.close());
        }
    }

    pub(super) fn take_window(&mut self) {
        if self.hold.is_none() && self.state.phase != Phase::Idle {
            self.hold = WindowHold::take(&self.root, &self.input);
        }
        if let Some(hold) = &self.hold {
            self.state.fullscreen = hold.window().is_fullscreen();
        }
    }

    fn start_ticking(&mut self) {
        let input = self.input.clone();
        self.ticker.get_or_insert_with(|| {
            glib::timeout_add_local(TICK, move || {
                input.emit(PlayerInput::Ticked);
                glib::ControlFlow::Continue
            })
        });
    }

    pub(super) fn tick(&mut self) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.read_position();
            let event = self.reports.ticked(Instant::now());
            self.report(event);
        }
        let hold = Hold {
            menu: self.bar.menu_open(),
            pointer: self.bar.has_pointer() || self.top_pointer.contains_pointer(),
            still: !self.state.phase.is_playing() || self.is_sound(),
        };
        self.controls.tick(Instant::now(), hold);
    }

    fn read_position(&mut self) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.state.position = self.engine.position();
            self.state.duration = self.engine.duration();
        }
    }

    fn report(&self, event: Option<PlaybackEvent>) {
        if let Some(event) = event {
            let (position, duration) = (self.state.position, self.state.duration);
            self.output.emit(PlayerOutput::Position { position, duration, event });
        }
    }

    /// Takes what the engine tells. What comes late, after leaving, is no longer of interest.
    pub(super) fn heard(&mut self, event: EngineEvent) {
        if self.request.is_none() {
            return;
        }
        match event {
            EngineEvent::StateChanged(state) => self.changed(state),
            EngineEvent::OutputChanged | EngineEvent::CaptionChanged => {}
            EngineEvent::TracksChanged => self.bar.show_tracks(&self.engine.tracks()),
            EngineEvent::DurationChanged => self.read_position(),
            EngineEvent::SeekDone => self.sought(),
            EngineEvent::Ended => self.ended(),
            EngineEvent::Degraded(error) => {
                self.output.emit(PlayerOutput::Notice(error_text::notice(&error)));
            }
            EngineEvent::Failed(error) => self.failed(error),
        }
    }

    fn changed(&mut self, state: EngineState) {
        self.state.phase = Phase::Active(state);
        self.read_position();
        let event = match state {
            EngineState::Playing => self.reports.played(Instant::now()),
            EngineState::Paused => self.reports.paused(),
            EngineState::Buffering(_) => None,
        };
        self.report(event);
        self.keep_awake(self.state.phase.is_playing());
    }

    /// A seek that has to load first is reported when it goes on playing.
    fn sought(&mut self) {
        self.read_position();
        if !self.state.phase.is_waiting() {
            let event = self.reports.sought(Instant::now(), self.state.phase.is_playing());
            self.report(event);
        }
    }

    fn ended(&mut self) {
        self.leave();
        self.output.emit(PlayerOutput::Ended);
    }

    fn failed(&mut self, error: EngineError) {
        self.finish();
        self.state.phase = Phase::Failed(error.clone());
        self.controls.stir(Instant::now());
        self.output.emit(PlayerOutput::Failed(error));
    }

    pub(super) fn toggle_play(&mut self) {
        if self.state.phase.is_playing() {
            self.engine.pause();
        } else {
            self.engine.play();
        }
        self.controls.stir(Instant::now());
    }

    pub(super) fn seek(&mut self, position: Duration) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.engine.seek(position);
            self.read_position();
            self.controls.stir(Instant::now());
        }
    }

    pub(super) fn use_volume(&mut self, volume: f64) {
        self.state.volume = volume.clamp(0.0, 1.0);
        self.engine.set_volume(self.state.volume);
    }

    /// A volume chosen by a person: heard at once, even if the sound was off.
    pub(super) fn choose_volume(&mut self, volume: f64) {
        self.use_volume(volume);
        if self.state.muted {
            self.toggle_mute();
        }
        self.controls.stir(Instant::now());
        self.output.emit(PlayerOutput::VolumeChanged(self.state.volume));
    }

    pub(super) fn toggle_mute(&mut self) {
        self.state.muted = !self.state.muted;
        self.engine.set_muted(self.state.muted);
        self.controls.stir(Instant::now());
    }

    pub(super) fn toggle_fullscreen(&mut self) {
        if let Some(hold) = &mut self.hold {
            hold.toggle_fullscreen();
        }
    }

    pub(super) fn fullscreened(&mut self, fullscreen: bool) {
        if self.state.fullscreen != fullscreen {
            self.state.fullscreen = fullscreen;
            self.output.emit(PlayerOutput::FullscreenToggled(fullscreen));
        }
    }

    pub(super) fn escape(&mut self) {
        if self.state.fullscreen {
            self.toggle_fullscreen();
        } else {
            self.go_back();
        }
    }

    /// Nobody looks at sound: the screen may go dark.
    fn keep_awake(&mut self, awake: bool) {
        let awake = awake && !self.is_sound();
        if let Some(hold) = &mut self.hold {
            hold.keep_awake(awake);
        }
    }

    pub(super) fn title(&self) -> &str {
        self.shown().map_or("", |request| &request.title)
    }

    /// What plays, or has just ended.
    fn shown(&self) -> Option<&PlayRequest> {
        self.request.as_ref().or(self.before.as_ref())
    }

    fn is_sound(&self) -> bool {
        self.shown().is_some_and(|request| request.sound.is_some())
    }

    /// What lies around it in its list; nothing where it is played by itself.
    pub(super) fn around(&self) -> Around {
        self.shown().map(|request| request.around).unwrap_or_default()
    }

    /// The child of the stack that is to be seen.
    pub(super) fn shown_child(&self) -> &'static str {
        if self.has_failed() {
            "error"
        } else if self.is_sound() {
            "sound"
        } else {
            "video"
        }
    }

    pub(super) fn subtitle(&self) -> &str {
        self.shown().and_then(|request| request.subtitle.as_deref()).unwrap_or_default()
    }

    pub(super) fn error_title(&self) -> String {
        self.error().map(error_text::title).unwrap_or_default()
    }

    /// As markup, which a status page takes.
    pub(super) fn error_sentence(&self) -> Option<String> {
        self.error().map(|error| glib::markup_escape_text(&error_text::sentence(error)).to_string())
    }

    /// Whether it cannot be played.
    pub(super) fn has_failed(&self) -> bool {
        self.error().is_some()
    }

    fn error(&self) -> Option<&EngineError> {
        match &self.state.phase {
            Phase::Failed(error) => Some(error),
            _ => None,
        }
    }
}
