//! What the pipeline tells, and what follows from it.

use std::rc::Rc;
use std::time::Duration;

use tracing::warn;

use super::chapters;
use super::commands::{Command, Precision, SEEK_BEGINS, SEEK_REFUSED, STATE_REFUSED};
use super::errors::{MissingDecoder, classify};
use super::opening::is_remote;
use super::pipeline::Pipeline;
use super::prepare::Equipment;
use super::session::{Intent, Phase, Session, State};
use crate::player::{EngineError, EngineErrorKind, EngineEvent, EngineState};

impl Session {
    /// Handles one message of the present pipeline.
    pub(super) fn handle(self: &Rc<Self>, message: &gst::Message) {
        use gst::MessageView;
        match message.view() {
            MessageView::StreamCollection(found) => self.streams_found(found.stream_collection()),
            MessageView::StreamsSelected(selected) => self.streams_selected(selected),
            MessageView::Tag(_) => self.tags_found(),
            MessageView::Toc(found) => self.chapters_found(&found.toc().0),
            MessageView::AsyncDone(_) if self.is_about_all(message) => self.arrived(),
            MessageView::StateChanged(change) if self.is_about_all(message) => self.state_changed(change),
            MessageView::Buffering(buffering) => self.loading(buffering.percent()),
            MessageView::DurationChanged(_) => self.read_duration(),
            MessageView::Latency(_) => self.command(Command::Latency),
            MessageView::ClockLost(_) if self.state().intent == Intent::Play => self.command(Command::Clock),
            MessageView::Eos(_) => self.ended(),
            MessageView::Element(element) => self.element_told(element),
            MessageView::Application(told) => self.thread_told(told),
            MessageView::Error(error) if self.is_of_sound(message) => self.lost_sound(error),
            MessageView::Error(error) => self.broke(error),
            _ => {}
        }
    }

    fn is_about_all(&self, message: &gst::Message) -> bool {
        self.state().pipeline.as_ref().is_some_and(|pipeline| pipeline.sent(message))
    }

    fn command(&self, command: Command) {
        if let Some(pipeline) = &self.state().pipeline {
            pipeline.command(command);
        }
    }

    fn streams_found(&self, collection: gst::StreamCollection) {
        self.state_mut().streams.replace(collection);
        self.tell(EngineEvent::TracksChanged);
    }

    fn tags_found(&self) {
        let changed = self.state_mut().streams.refresh();
        if changed {
            self.tell(EngineEvent::TracksChanged);
        }
    }

    fn chapters_found(&self, contents: &gst::Toc) {
        let found = chapters::read(contents);
        let changed = found != self.state().chapters;
        if changed {
            self.state_mut().chapters = found;
            self.tell(EngineEvent::ChaptersChanged);
        }
    }

    fn streams_selected(self: &Rc<Self>, selected: &gst::message::StreamsSelected) {
        {
            let mut state = self.state_mut();
            state.streams.refresh();
            let ids = selected.streams().filter_map(|stream| stream.stream_id().map(String::from));
            state.streams.set_selected(ids.collect());
            state.operations.selection_ended();
        }
        self.tell(EngineEvent::TracksChanged);
        self.operate();
    }

    /// The pipeline has its first picture, or a seek has arrived.
    fn arrived(self: &Rc<Self>) {
        let opened = self.state().phase == Phase::Opening;
        let sought = if opened { self.opened() } else { self.seek_ended() };
        self.operate();
        if sought && self.state().operations.target().is_none() {
            self.tell(EngineEvent::SeekDone);
        }
        if !self.state().operations.is_busy() {
            self.settle();
        }
    }

    /// Goes to the start, and to other streams if they were wished meanwhile. Always `false`: no seek has ended.
    fn opened(&self) -> bool {
        {
            let mut state = self.state_mut();
            state.phase = Phase::Open;
            let start = state.last_position;
            state.arrived_at = start;
            if !start.is_zero() || !state.adjusted.is_normal_speed() {
                state.operations.wish_seek(start, Precision::Exact);
            }
            if !state.streams.nothing_selected() {
                state.operations.wish_selection();
            }
        }
        self.read_duration();
        false
    }

    fn seek_ended(&self) -> bool {
        let mut state = self.state_mut();
        let arrived = state.operations.seek_ended();
        state.last_position = arrived.unwrap_or(state.last_position);
        state.arrived_at = state.last_position;
        arrived.is_some()
    }

    fn read_duration(&self) {
        let changed = {
            let mut state = self.state_mut();
            let known = state.pipeline.as_ref().and_then(Pipeline::duration).or(state.duration);
            let changed = known != state.duration;
            state.duration = known;
            changed
        };
        if changed {
            self.tell(EngineEvent::DurationChanged);
        }
    }

    fn state_changed(&self, change: &gst::message::StateChanged) {
        if change.current() == gst::State::Playing && change.pending() == gst::State::VoidPending {
            let plays = {
                let state = self.state();
                state.intent == Intent::Play && state.buffering.is_none()
            };
            if plays {
                self.read_duration();
                self.tell_state(EngineState::Playing);
            }
        }
    }

    fn loading(&self, percent: i32) {
        let percent = u8::try_from(percent.clamp(0, 100)).unwrap_or(100);
        let (waits, changed) = {
            let mut state = self.state_mut();
            let waits = (percent < 100).then_some(percent);
            let changed = waits.is_some() != state.buffering.is_some();
            if changed && waits.is_some() && state.ran_dry() {
                state.patience.ran_dry();
                if let Some(pipeline) = &state.pipeline {
                    pipeline.be(state.patience);
                }
            }
            state.buffering = waits;
            (waits.is_some(), changed)
        };
        if changed && !self.state().operations.is_busy() {
            self.settle();
        }
        if waits && self.state().intent == Intent::Play {
            self.tell_state(EngineState::Buffering(percent));
        }
    }

    /// Everything was shown: to the end, or to where a broken stream leaves off.
    fn ended(&self) {
        let early = {
            let mut state = self.state_mut();
            if state.operations.leaves() {
                // The end of the place that a seek is about to leave.
                return;
            }
            state.operations.forget();
            state.intent = Intent::Pause;
            state.ended = true;
            let reached = state.pipeline.as_ref().and_then(Pipeline::reached);
            let early = reached.zip(state.duration).filter(|(reached, length)| is_early(*reached, *length));
            let place = early.map(|(reached, _)| reached).or(state.duration);
            state.last_position = place.unwrap_or(state.last_position);
            early.is_some()
        };
        if early {
            // Half a download, or a server that has lost the rest.
            let kind = if self.plays_remote() { EngineErrorKind::Network } else { EngineErrorKind::Corrupt };
            return self.fail(EngineError::new(kind, "the stream ended before its end"));
        }
        self.tell(EngineEvent::Ended);
    }

    fn plays_remote(&self) -> bool {
        self.state().source.as_ref().is_some_and(|source| is_remote(&source.location))
    }

    fn element_told(&self, element: &gst::message::Element) {
        let Some(missing) = element.structure().and_then(MissingDecoder::from_message) else {
            return;
        };
        if missing.video {
            self.fail(missing.into());
        } else {
            self.tell(EngineEvent::Degraded(missing.into()));
        }
    }

    fn thread_told(self: &Rc<Self>, told: &gst::message::Application) {
        match told.structure().map(|structure| structure.name().as_str()) {
            Some(SEEK_BEGINS) => self.state_mut().operations.seek_begins(),
            Some(SEEK_REFUSED) => self.arrived(),
            Some(STATE_REFUSED) => {
                self.fail(EngineError::new(
                    EngineErrorKind::Other,
                    "the pipeline refused to change its state",
                ));
            }
            _ => {}
        }
    }

    fn broke(&self, error: &gst::message::Error) {
        self.fail(classify(error, self.plays_remote()));
    }

    fn is_of_sound(&self, message: &gst::Message) -> bool {
        let state = self.state();
        let has_sound = state.equipment.as_ref().is_some_and(Equipment::has_sound);
        has_sound && state.pipeline.as_ref().is_some_and(|pipeline| pipeline.sent_by_sound(message))
    }

    /// The sound device is gone: the film goes on in silence, and the next one looks for a device again.
    fn lost_sound(self: &Rc<Self>, error: &gst::message::Error) {
        warn!("the sound output is gone: playing without sound");
        self.state_mut().equipment = Some(Equipment::silent());
        let detail = error.error().message().to_owned();
        self.reopen(self.position());
        self.tell(EngineEvent::Degraded(EngineError::new(EngineErrorKind::SoundLost, detail)));
    }
}

/// What is played after a seek before running dry is held against the connection: a seek always empties what was
/// loaded.
const SETTLED: Duration = Duration::from_secs(1);

impl State {
    /// Whether it runs dry in the middle, not because it was taken elsewhere.
    fn ran_dry(&self) -> bool {
        let position = self.pipeline.as_ref().and_then(Pipeline::position).unwrap_or_default();
        self.told == Some(EngineState::Playing)
            && !self.operations.is_busy()
            && position >= self.arrived_at + SETTLED
    }
}

/// Less than this is missing where a file tells its length a little wrong.
const MISSING_LENGTH: Duration = Duration::from_secs(5);
/// And less than this part of it.
const MISSING_SHARE: f64 = 0.05;

/// Whether an end at this position is not the end of the film.
fn is_early(reached: Duration, duration: Duration) -> bool {
    let missing = duration.saturating_sub(reached);
    missing > MISSING_LENGTH && missing > duration.mul_f64(MISSING_SHARE)
}
