//! What is played now, and carrying out what is wished of it.

use std::cell::{Ref, RefCell, RefMut};
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gtk::gdk;
use tracing::warn;

use super::adjusting::Adjusted;
use super::buffering::Patience;
use super::captions::Captions;
use super::commands::Command;
use super::opening::is_remote;
use super::operations::Operations;
use super::pipeline::{Closing, Pipeline};
use super::prepare::Equipment;
use super::sink::VideoOutput;
use super::tracks::{Streams, Wish};
use crate::backends::StreamSource;
use crate::player::{
    Chapter, EngineError, EngineEvent, EngineInfo, EngineState, EventHandler, TrackId, Tracks,
};

/// How long the end of the program waits for pipelines that are closing.
const CLOSES_WITHIN: Duration = Duration::from_secs(3);

/// Whether it is to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// Play as soon as possible.
    Play,
    /// Stand still.
    Pause,
}

/// How far the pipeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing is loaded.
    Idle,
    /// On the way to the first picture.
    Opening,
    /// Can play, pause and seek.
    Open,
}

/// What is wished and known.
pub(super) struct State {
    /// Counts loads, so that what was begun for an earlier one is dropped.
    pub(super) generation: u64,
    pub(super) source: Option<StreamSource>,
    pub(super) equipment: Option<Equipment>,
    pub(super) pipeline: Option<Pipeline>,
    /// Earlier pipelines that are still closing.
    closing: Vec<Closing>,
    pub(super) intent: Intent,
    pub(super) phase: Phase,
    /// Per cent loaded while it has to wait.
    pub(super) buffering: Option<u8>,
    pub(super) told: Option<EngineState>,
    pub(super) operations: Operations,
    pub(super) streams: Streams,
    pub(super) wish: Wish,
    /// Which of the source's subtitles are in use.
    pub(super) external: Option<usize>,
    /// Their text, once read.
    pub(super) captions: Option<Captions>,
    /// What was told to be shown of it.
    pub(super) caption: Option<String>,
    /// Where it began or was last taken to.
    pub(super) arrived_at: Duration,
    /// Where to begin once it is open, then the last known position.
    pub(super) last_position: Duration,
    pub(super) duration: Option<Duration>,
    pub(super) chapters: Vec<Chapter>,
    /// The end was reached and told.
    pub(super) ended: bool,
    /// How much it waits for, by how the connection of this source has been so far.
    pub(super) patience: Patience,
    pub(super) adjusted: Adjusted,
}

/// One engine's work. Its state is never borrowed while an event is told.
pub(super) struct Session {
    events: EventHandler,
    pub(super) output: VideoOutput,
    state: RefCell<State>,
}

impl Session {
    pub(super) fn new(events: EventHandler, output: VideoOutput) -> Rc<Self> {
        let state = RefCell::new(State {
            generation: 0,
            source: None,
            equipment: None,
            pipeline: None,
            closing: Vec::new(),
            intent: Intent::Pause,
            phase: Phase::Idle,
            buffering: None,
            told: None,
            operations: Operations::default(),
            streams: Streams::default(),
            wish: Wish::default(),
            external: None,
            captions: None,
            caption: None,
            arrived_at: Duration::ZERO,
            last_position: Duration::ZERO,
            duration: None,
            chapters: Vec::new(),
            ended: false,
            patience: Patience::default(),
            adjusted: Adjusted::default(),
        });
        Rc::new(Self { events, output, state })
    }

    pub(super) fn state(&self) -> Ref<'_, State> {
        self.state.borrow()
    }

    pub(super) fn state_mut(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    pub(super) fn tell(&self, event: EngineEvent) {
        (self.events)(event);
    }

    /// Tells a state once.
    pub(super) fn tell_state(&self, state: EngineState) {
        let before = self.state_mut().told.replace(state);
        if before != Some(state) {
            self.tell(EngineEvent::StateChanged(state));
        }
    }

    pub(super) fn load(self: &Rc<Self>, source: StreamSource, start: Duration) {
        {
            let mut state = self.state_mut();
            state.duration = source.duration;
            state.source = Some(source);
            state.wish = Wish::default();
            state.external = None;
            state.captions = None;
            state.intent = Intent::Play;
            state.adjusted = state.adjusted.for_next();
            state.patience = Patience::default();
            state.chapters.clear();
            // There may be a sound device now.
            state.equipment = state.equipment.take().filter(Equipment::has_sound);
            state.told = None;
        }
        self.reopen(start);
    }

    /// Ends with a failure.
    pub(super) fn fail(&self, error: EngineError) {
        warn!(kind = ?error.kind, "playback failed");
        self.stop();
        self.tell(EngineEvent::Failed(error));
    }

    pub(super) fn stop(&self) {
        let position = self.position();
        {
            let mut state = self.state_mut();
            state.generation += 1;
            state.external = None;
            state.captions = None;
            state.last_position = position;
            state.phase = Phase::Idle;
            state.buffering = None;
            state.told = None;
            state.operations = Operations::default();
            state.intent = Intent::Pause;
            state.close_pipeline();
        }
        self.show_caption();
    }

    pub(super) fn intend(self: &Rc<Self>, intent: Intent) {
        let again = {
            let mut state = self.state_mut();
            if state.phase == Phase::Idle || state.intent == intent {
                return;
            }
            state.intent = intent;
            intent == Intent::Play && state.ended
        };
        if again {
            // Playing what is at its end means playing it again.
            self.seek(Duration::ZERO);
        }
        self.settle();
    }

    /// Brings the pipeline to the state that is wished, as far as it can go there now.
    pub(super) fn settle(&self) {
        let (intent, waits) = {
            let state = self.state();
            let Some(pipeline) = state.pipeline.as_ref().filter(|_| state.phase == Phase::Open) else {
                return;
            };
            let play = state.intent == Intent::Play && state.buffering.is_none();
            let target = if play { gst::State::Playing } else { gst::State::Paused };
            pipeline.command(Command::State(target));
            (state.intent, state.buffering)
        };
        match (intent, waits) {
            (Intent::Pause, _) => self.tell_state(EngineState::Paused),
            (Intent::Play, Some(percent)) => self.tell_state(EngineState::Buffering(percent)),
            (Intent::Play, None) => {}
        }
    }

    pub(super) fn position(&self) -> Duration {
        let state = self.state();
        if let Some(target) = state.operations.target() {
            return target;
        }
        let runs = state.phase == Phase::Open && !state.ended;
        let now = state.pipeline.as_ref().filter(|_| runs).and_then(Pipeline::position);
        let position = now.unwrap_or(state.last_position);
        drop(state);
        self.state_mut().last_position = position;
        position
    }

    pub(super) fn duration(&self) -> Option<Duration> {
        self.state().duration
    }

    /// What is loaded ahead; `None` of files, which are there as a whole.
    pub(super) fn buffered(&self) -> Option<Range<Duration>> {
        let position = self.position();
        let state = self.state();
        let remote = state.source.as_ref().is_some_and(|source| is_remote(&source.location));
        let pipeline = state.pipeline.as_ref().filter(|_| remote && state.phase == Phase::Open)?;
        let mut loaded = pipeline.loaded(position, state.adjusted.rate);
        if let Some(duration) = state.duration {
            loaded.end = loaded.end.min(duration).max(position);
        }
        Some(loaded)
    }

    pub(super) fn info(&self) -> EngineInfo {
        let state = self.state();
        state.pipeline.as_ref().map_or_else(EngineInfo::default, |pipeline| {
            let video = state.streams.described(gst::StreamType::VIDEO);
            let audio = state.streams.described(gst::StreamType::AUDIO);
            pipeline.facts(&video, &audio, state.duration)
        })
    }

    pub(super) fn tracks(&self) -> Tracks {
        let state = self.state();
        let external = state.source.as_ref().map_or(&[][..], |source| &source.subtitles);
        state.streams.tracks(external, state.external)
    }

    pub(super) fn select_audio(self: &Rc<Self>, track: &TrackId) {
        self.state_mut().wish.audio = Some(track.clone());
        self.choose_again();
    }

    /// Begins again at the same position with the wished streams. Changing streams on the way is what
    /// `playbin3` is least sure at: a seek soon after it may never arrive.
    pub(super) fn choose_again(self: &Rc<Self>) {
        if self.state().phase != Phase::Idle {
            self.reopen(self.position());
        }
    }

    pub(super) fn paintable(&self) -> Option<gdk::Paintable> {
        self.state().pipeline.as_ref().and_then(Pipeline::paintable)
    }
}

impl State {
    pub(super) fn close_pipeline(&mut self) {
        self.closing.retain(Closing::goes_on);
        self.closing.extend(self.pipeline.take().map(Pipeline::end));
    }
}

impl Drop for Session {
    /// The program may end now, and graphics libraries do not survive that while they are in use.
    fn drop(&mut self) {
        let state = self.state.get_mut();
        state.close_pipeline();
        let deadline = Instant::now() + CLOSES_WITHIN;
        for closing in &state.closing {
            closing.wait(deadline);
        }
    }
}
