//! What a pipeline is told to do, and the thread that does it.
//!
//! Changing state, seeking and closing can wait for a disk, a server or a sound device. They run in order on
//! the pipeline's own thread; refusals are told on the pipeline's bus, so that nobody waits for them.

use std::sync::mpsc;
use std::time::Duration;

use gst::prelude::*;
use tracing::{debug, warn};

/// Told on the pipeline's bus before a seek is made: what the bus told earlier is about the place before.
pub(super) const SEEK_BEGINS: &str = "seek-begins";
/// Told on the pipeline's bus when a seek was refused.
pub(super) const SEEK_REFUSED: &str = "seek-refused";
/// Told on the pipeline's bus when a change of state failed.
pub(super) const STATE_REFUSED: &str = "state-refused";

/// How exactly a seek arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// At the picture of the position.
    Exact,
    /// At the nearest picture that can be decoded by itself.
    Near,
}

impl Precision {
    fn flags(self) -> gst::SeekFlags {
        match self {
            Self::Exact => gst::SeekFlags::ACCURATE,
            Self::Near => gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_BEFORE | gst::SeekFlags::SNAP_AFTER,
        }
    }
}

/// Something for the pipeline's thread to do.
#[derive(Debug)]
pub(super) enum Command {
    /// Change to this state.
    State(gst::State),
    /// Go to a position, at a speed.
    Seek(Duration, Precision, f64),
    /// Show the next picture.
    Step,
    /// Use exactly these streams.
    Select(Vec<String>),
    /// Measure the delay of the outputs again.
    Latency,
    /// The clock is gone: take another.
    Clock,
}

/// Does what comes until nothing can come any more, then closes the pipeline.
pub(super) fn obey(playbin: &gst::Element, queue: &mpsc::Receiver<Command>) {
    while let Ok(command) = queue.recv() {
        match command {
            Command::State(state) => change_state(playbin, state),
            Command::Seek(position, precision, rate) => seek(playbin, position, precision, rate),
            Command::Step => step(playbin),
            Command::Select(streams) => select(playbin, &streams),
            Command::Latency => {
                let bin = playbin.downcast_ref::<gst::Bin>();
                if let Some(Err(error)) = bin.map(GstBinExt::recalculate_latency) {
                    debug!(%error, "the delay could not be measured");
                }
            }
            Command::Clock => {
                change_state(playbin, gst::State::Paused);
                change_state(playbin, gst::State::Playing);
            }
        }
    }
    if playbin.set_state(gst::State::Null).is_err() {
        warn!("the pipeline did not close");
    }
}

/// Asks for exactly these streams; nothing is no wish.
pub(super) fn select(playbin: &gst::Element, streams: &[String]) {
    if streams.is_empty() {
        return;
    }
    let event = gst::event::SelectStreams::new(streams.iter().map(String::as_str));
    if !playbin.send_event(event) {
        debug!("the choice of streams was refused");
    }
}

fn change_state(playbin: &gst::Element, state: gst::State) {
    if playbin.set_state(state).is_err() {
        tell(playbin, STATE_REFUSED);
    }
}

fn seek(playbin: &gst::Element, position: Duration, precision: Precision, rate: f64) {
    tell(playbin, SEEK_BEGINS);
    let position = gst::ClockTime::from_nseconds(u64::try_from(position.as_nanos()).unwrap_or(u64::MAX - 1));
    let arrived = playbin.seek(
        rate,
        gst::SeekFlags::FLUSH | precision.flags(),
        gst::SeekType::Set,
        position,
        gst::SeekType::None,
        gst::ClockTime::NONE,
    );
    if arrived.is_err() {
        tell(playbin, SEEK_REFUSED);
    }
}

fn step(playbin: &gst::Element) {
    let next = gst::event::Step::new(gst::format::Buffers::ONE, 1.0, true, false);
    if !playbin.send_event(next) {
        debug!("there is no next picture");
    }
}

fn tell(playbin: &gst::Element, what: &str) {
    let message = gst::message::Application::builder(gst::Structure::new_empty(what)).src(playbin).build();
    if playbin.post_message(message).is_err() {
        debug!("nobody reads the pipeline's messages");
    }
}
