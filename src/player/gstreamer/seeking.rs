//! Seeks, and changes of streams, on a running pipeline.

use std::rc::Rc;
use std::time::Duration;

use gtk::glib;
use tracing::warn;

use super::commands::{Command, Precision};
use super::operations::Operation;
use super::session::{Intent, Phase, Session};

/// How long a seek may take before the pipeline counts as stuck. Longer than a server's usual answer.
const OPERATES_WITHIN: Duration = Duration::from_secs(12);

impl Session {
    /// Goes to a position exactly.
    pub(super) fn seek(self: &Rc<Self>, position: Duration) {
        self.seek_with(position, Precision::Exact);
    }

    /// Goes to a position, or near it.
    pub(super) fn seek_with(self: &Rc<Self>, position: Duration, precision: Precision) {
        let mut state = self.state_mut();
        let position = state.duration.map_or(position, |duration| position.min(duration));
        match state.phase {
            Phase::Idle => {}
            Phase::Opening => state.last_position = position,
            Phase::Open => {
                state.ended = false;
                state.operations.wish_seek(position, precision);
                drop(state);
                self.operate();
            }
        }
    }

    /// Shows the next picture of what stands still.
    pub(super) fn step_frame(&self) {
        let state = self.state();
        let stands = state.phase == Phase::Open && state.intent == Intent::Pause && !state.ended;
        if let Some(pipeline) = state.pipeline.as_ref().filter(|_| stands && !state.operations.is_busy()) {
            pipeline.command(Command::Step);
        }
    }

    /// Starts the next operation when none is under way.
    pub(super) fn operate(self: &Rc<Self>) {
        let mut state = self.state_mut();
        if state.phase != Phase::Open {
            return;
        }
        match state.operations.start() {
            Some(Operation::Seek(position, precision)) => {
                if let Some(pipeline) = &state.pipeline {
                    pipeline.command(Command::Seek(position, precision, state.adjusted.rate));
                }
                let (generation, number) = (state.generation, state.operations.number());
                drop(state);
                self.watch_operation(generation, number);
            }
            Some(Operation::Select) => {
                let streams = state.streams.select(&state.wish);
                if streams.is_empty() || state.streams.are_selected(&streams) {
                    state.operations.selection_ended();
                    drop(state);
                    self.operate();
                } else if let Some(pipeline) = &state.pipeline {
                    pipeline.command(Command::Select(streams));
                    let (generation, number) = (state.generation, state.operations.number());
                    drop(state);
                    self.watch_operation(generation, number);
                }
            }
            None => {}
        }
    }

    /// Begins again at the wished position when an operation does not end.
    fn watch_operation(self: &Rc<Self>, generation: u64, number: u64) {
        let session = Rc::downgrade(self);
        glib::spawn_future_local(async move {
            glib::timeout_future(OPERATES_WITHIN).await;
            let Some(session) = session.upgrade() else { return };
            let stuck = {
                let state = session.state();
                let same = state.generation == generation && state.operations.number() == number;
                same && state.operations.is_busy()
            };
            if stuck {
                warn!("the pipeline stands still: opening it again");
                session.reopen(session.position());
            }
        });
    }
}
