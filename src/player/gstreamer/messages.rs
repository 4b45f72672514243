//! What the pipeline tells, and what follows from it.

use std::rc::Rc;

use super::errors::{MissingDecoder, classify};
use super::pipeline::{Command, Pipeline, SEEK_REFUSED, STATE_REFUSED};
use super::session::{Intent, Phase, Session};
use crate::backends::Location;
use crate::player::{EngineError, EngineErrorKind, EngineEvent, EngineState};

impl Session {
    /// Handles one message of the present pipeline.
    pub(super) fn handle(self: &Rc<Self>, message: &gst::Message) {
        use gst::MessageView;
        match message.view() {
            MessageView::StreamCollection(found) => self.streams_found(found.stream_collection()),
            MessageView::StreamsSelected(selected) => self.streams_selected(selected),
            MessageView::Tag(_) => self.tags_found(),
            MessageView::AsyncDone(_) if self.is_about_all(message) => self.arrived(),
            MessageView::StateChanged(change) if self.is_about_all(message) => self.state_changed(change),
            MessageView::Buffering(buffering) => self.buffered(buffering.percent()),
            MessageView::DurationChanged(_) => self.read_duration(),
            MessageView::Latency(_) => self.command(Command::Latency),
            MessageView::ClockLost(_) if self.state().intent == Intent::Play => self.command(Command::Clock),
            MessageView::Eos(_) => self.ended(),
            MessageView::Element(element) => self.element_told(element),
            MessageView::Application(told) => self.refused(told),
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
            if !start.is_zero() || (state.rate - 1.0).abs() > f64::EPSILON {
                state.operations.wish_seek(start);
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

    fn buffered(&self, percent: i32) {
        let percent = u8::try_from(percent.clamp(0, 100)).unwrap_or(100);
        let (waits, changed) = {
            let mut state = self.state_mut();
            let waits = (percent < 100).then_some(percent);
            let changed = waits.is_some() != state.buffering.is_some();
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

    fn ended(&self) {
        {
            let mut state = self.state_mut();
            state.intent = Intent::Pause;
            if let Some(duration) = state.duration {
                state.last_position = duration;
            }
        }
        self.tell(EngineEvent::Ended);
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

    fn refused(self: &Rc<Self>, told: &gst::message::Application) {
        match told.structure().map(|structure| structure.name().as_str()) {
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
        let source =
            self.state().source.as_ref().map(|source| matches!(source.location, Location::Remote(_)));
        self.fail(classify(error, source.unwrap_or_default()));
    }
}
