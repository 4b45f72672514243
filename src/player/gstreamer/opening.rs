//! From a source to a pipeline that loads it.

use std::rc::Rc;
use std::time::Duration;

use gtk::{gio, glib};
use tracing::debug;

use super::commands::Command;
use super::loopback;
use super::operations::Operations;
use super::pipeline::Pipeline;
use super::prepare::Equipment;
use super::session::{Phase, Session};
use super::tracks::Streams;
use crate::backends::Location;
use crate::player::{EngineError, EngineErrorKind, EngineEvent, EngineState};

/// How long a file may take to show its first picture: a sleeping disk needs ten seconds to wake.
/// GStreamer can lose the error of a damaged file while it looks for a parser, and would wait for ever.
const OPENS_FILE_WITHIN: Duration = Duration::from_secs(15);
/// The same for a server; its requests have time limits and repetitions of their own.
const OPENS_REMOTE_WITHIN: Duration = Duration::from_mins(1);

impl Session {
    /// Makes a pipeline for what is loaded, beginning at `start`.
    pub(super) fn reopen(self: &Rc<Self>, start: Duration) {
        let (generation, ready) = {
            let mut state = self.state_mut();
            state.generation += 1;
            state.close_pipeline();
            state.phase = Phase::Opening;
            state.buffering = None;
            state.ended = false;
            state.operations = Operations::default();
            state.streams = Streams::default();
            state.last_position = start;
            (state.generation, state.equipment.is_some())
        };
        self.tell_state(EngineState::Buffering(0));
        if ready {
            self.open();
            return;
        }
        let session = Rc::downgrade(self);
        glib::spawn_future_local(async move {
            let found = gio::spawn_blocking(Equipment::find).await;
            let Some(session) = session.upgrade() else { return };
            if session.state().generation != generation {
                return;
            }
            match found {
                Ok(Ok(equipment)) => {
                    session.state_mut().equipment = Some(equipment);
                    session.open();
                }
                Ok(Err(error)) => session.fail(error),
                Err(_) => session.fail(EngineError::new(EngineErrorKind::Other, "GStreamer did not start")),
            }
        });
    }

    fn open(self: &Rc<Self>) {
        if let Err(error) = self.try_open() {
            self.fail(error);
            return;
        }
        self.tell(EngineEvent::OutputChanged);
    }

    fn try_open(self: &Rc<Self>) -> Result<(), EngineError> {
        let (source, audio, wish, patience) = {
            let state = self.state();
            let (Some(source), Some(equipment)) = (&state.source, &state.equipment) else {
                return Err(EngineError::new(EngineErrorKind::Other, "nothing is loaded"));
            };
            (source.clone(), equipment.audio_sink()?, state.wish.clone(), state.patience)
        };
        let session = Rc::downgrade(self);
        let pipeline = Pipeline::new(
            &uri(&source.location)?,
            self.output.make()?,
            &audio,
            (&wish, patience),
            loopback::attach,
            move |message| {
                if let Some(session) = session.upgrade() {
                    session.handle(message);
                }
            },
        )?;
        let mut state = self.state_mut();
        state.pipeline = Some(pipeline);
        state.adjust();
        if let Some(pipeline) = &state.pipeline {
            pipeline.command(Command::State(gst::State::Paused));
        }
        self.watch_opening(state.generation, is_remote(&source.location));
        debug!("opening");
        Ok(())
    }

    /// Fails when there is no picture in time. What is still being loaded gets more of it.
    fn watch_opening(self: &Rc<Self>, generation: u64, remote: bool) {
        let session = Rc::downgrade(self);
        let limit = if remote { OPENS_REMOTE_WITHIN } else { OPENS_FILE_WITHIN };
        glib::spawn_future_local(async move {
            glib::timeout_future(limit).await;
            let Some(session) = session.upgrade() else { return };
            let (same, loading) = {
                let state = session.state();
                let same = state.generation == generation && state.phase == Phase::Opening;
                (same, state.buffering.is_some())
            };
            if same && loading {
                session.watch_opening(generation, remote);
            } else if same {
                let kind = if remote { EngineErrorKind::Network } else { EngineErrorKind::Corrupt };
                session.fail(EngineError::new(kind, "no picture in time"));
            }
        });
    }
}

/// Whether it comes over a network.
pub(super) fn is_remote(location: &Location) -> bool {
    matches!(location, Location::Remote(_))
}

/// Volume as ears hear it to amplitude.
pub(super) fn loudness(volume: f64) -> f64 {
    volume.powi(3)
}

/// The address of a location, for GStreamer.
pub(super) fn uri(location: &Location) -> Result<String, EngineError> {
    match location {
        Location::Remote(request) => Ok(request.url.to_string()),
        Location::File(path) => glib::filename_to_uri(path, None)
            .map(String::from)
            .map_err(|error| EngineError::new(EngineErrorKind::NotFound, error.to_string())),
    }
}
