//! What the page does with the engine, the window and its owner.

use std::time::{Duration, Instant};

use gtk::glib;
use gtk::prelude::*;

use super::PlayerPage;
use super::chosen::HINT_STAYS;
use super::messages::{PlayRequest, PlayerInput, PlayerOutput};
use super::mpris::Mpris;
use super::reports::Reports;
use super::state::{Hold, Phase, RATES};
use super::timing::SIZE_USUAL;
use super::tracks::OpenTracks;
use super::window::WindowHold;
use crate::models::PlaybackEvent;
use crate::player::{EngineError, EngineEvent, EngineState};
use crate::ui::error_text::playback as error_text;

/// How often position and controls are brought up to date.
const TICK: Duration = Duration::from_millis(250);
/// How long the owner has for the last position before the window closes.
const CLOSES_AFTER: Duration = Duration::from_millis(100);

impl PlayerPage {
    pub(super) fn open(&mut self, request: PlayRequest) {
        self.leave();
        self.before = None;
        self.reports = Reports::default();
        self.forget_asking();
        self.state.position = request.start;
        self.state.duration = request.source.duration;
        self.state.phase = Phase::Active(EngineState::Buffering(0));
        self.state.buffered = None;
        self.wait = None;
        self.controls.stir(Instant::now());
        self.take_window();
        self.engine.load(&request.source, request.start);
        self.opened += 1;
        let input = &self.input;
        self.mpris.get_or_insert_with(|| Mpris::new(input));
        self.choices = request.memory.choices.clone();
        self.tracks = OpenTracks::default();
        self.forget_delays();
        self.use_subtitle_size(request.preferences.subtitle_percent.unwrap_or(SIZE_USUAL));
        // What is loaded plays at the usual speed.
        self.state.rate = 1.0;
        self.use_rate(self.choices.rate.unwrap_or(1.0).clamp(RATES[0], RATES[RATES.len() - 1]));
        self.moments.opened(request.start);
        self.sound.show(Some(&request));
        self.request = Some(request);
        self.show_quality();
        self.start_ticking();
    }

    /// Ends what is open: position told, engine stopped, window given back.
    pub(super) fn leave(&mut self) {
        let Some(request) = self.request.take() else { return };
        self.finish();
        self.before = Some(request);
        self.state.phase = Phase::Idle;
        self.wait = None;
        self.hold = None;
        if let Some(ticker) = self.ticker.take() {
            ticker.remove();
        }
    }

    /// Tells the last position and stops the engine.
    pub(super) fn finish(&mut self) {
        self.read_position();
        let event = self.reports.stopped();
        self.report(event);
        self.engine.stop();
        self.keep_awake(false);
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
        let now = Instant::now();
        self.hint.take_if(|(_, since)| now.saturating_duration_since(*since) >= HINT_STAYS);
        self.refresh_information();
        self.wait = self.waiting.said(&self.state.phase, now);
        let hold = Hold {
            menu: self.bar.menu_open() || self.moments.menu_open(),
            pointer: self.bar.has_pointer() || self.top_pointer.contains_pointer(),
            still: !self.state.phase.is_playing() || self.is_sound(),
            focus: self.keyboard_is_in_controls(),
            reader: self.reader,
        };
        self.controls.tick(now, hold);
        self.tick_moments();
    }

    /// Whether somebody went into the controls by keyboard.
    fn keyboard_is_in_controls(&self) -> bool {
        let Some(window) = self.root.root().and_downcast::<gtk::Window>() else { return false };
        let controls: [&gtk::Widget; 2] = [self.bar.widget().upcast_ref(), self.top.upcast_ref()];
        window.gets_focus_visible()
            && gtk::prelude::GtkWindowExt::focus(&window)
                .is_some_and(|focus| controls.iter().any(|control| focus.is_ancestor(*control)))
    }

    pub(super) fn read_position(&mut self) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.state.position = self.engine.position();
            self.state.duration = self.engine.duration();
            self.state.buffered = self.engine.buffered().map(|range| range.end);
        }
    }

    pub(super) fn report(&self, event: Option<PlaybackEvent>) {
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
            EngineEvent::ChaptersChanged => self.take_chapters(),
            EngineEvent::TracksChanged => self.tracks_changed(),
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

    pub(super) fn failed(&mut self, error: EngineError) {
        if self.asks_for_conversion(&error) {
            return;
        }
        self.finish();
        self.state.phase = Phase::Failed(error.clone());
        self.controls.stir(Instant::now());
        self.output.emit(PlayerOutput::Failed(error));
    }

    /// Nothing plays on when the machine wakes up.
    pub(super) fn suspend(&mut self) {
        if matches!(self.state.phase, Phase::Active(EngineState::Playing | EngineState::Buffering(_))) {
            self.read_position();
            let event = self.reports.paused();
            self.report(event);
            self.engine.pause();
        }
    }

    /// Nobody looks at sound: the screen may go dark.
    fn keep_awake(&mut self, awake: bool) {
        let awake = awake && !self.is_sound();
        if let Some(hold) = &mut self.hold {
            hold.keep_awake(awake);
        }
    }
}
