//! One `playbin3` and the thread that commands it.
//!
//! Changing state, seeking and closing can wait for a disk, a server or a sound device. They run in order on
//! the pipeline's own thread; the main thread only reads messages and asks for the position. Dropping a
//! [`Pipeline`] ends playback: the thread closes everything and goes.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use gst::glib;
use gst::prelude::*;
use gtk::gdk;
use tracing::{debug, warn};

use super::sink::VideoSink;
use super::tracks::{Streams, Wish};
use crate::player::{EngineError, EngineErrorKind};

/// Told on the pipeline's bus when a seek was refused, so that nobody waits for its end.
pub(super) const SEEK_REFUSED: &str = "seek-refused";
/// Told on the pipeline's bus when a change of state failed.
pub(super) const STATE_REFUSED: &str = "state-refused";

/// How much may be loaded ahead from a network: the first limit reached counts.
const BUFFER_AHEAD: Duration = Duration::from_secs(10);
/// Bytes, enough for ten seconds of a 4K original.
const BUFFER_BYTES: i32 = 64 << 20;

/// Something for the pipeline's thread to do.
#[derive(Debug)]
pub(super) enum Command {
    /// Change to this state.
    State(gst::State),
    /// Go to a position, at a speed.
    Seek(Duration, f64),
    /// Use exactly these streams.
    Select(Vec<String>),
    /// Measure the delay of the outputs again.
    Latency,
    /// The clock is gone: take another.
    Clock,
}

/// A running pipeline.
pub(super) struct Pipeline {
    playbin: gst::Element,
    paintable: Option<gdk::Paintable>,
    commands: mpsc::Sender<Command>,
    closed: mpsc::Receiver<()>,
    _watch: gst::bus::BusWatchGuard,
}

impl Pipeline {
    /// Makes a pipeline that waits for its first [`Command::State`]. `prepare` sees it before its thread
    /// does; `on_message` gets its messages on this thread. It starts with the streams of `wish`.
    pub(super) fn new(
        address: &str,
        video: VideoSink,
        audio: &gst::Element,
        wish: &Wish,
        prepare: impl FnOnce(&gst::Element),
        mut on_message: impl FnMut(&gst::Message) + 'static,
    ) -> Result<Self, EngineError> {
        let failed = |error: glib::BoolError| EngineError::new(EngineErrorKind::Other, error.to_string());
        let playbin = gst::ElementFactory::make("playbin3")
            .property("uri", address)
            .property("video-sink", &video.element)
            .property("audio-sink", audio)
            .property("buffer-size", BUFFER_BYTES)
            .property("buffer-duration", i64::try_from(BUFFER_AHEAD.as_nanos()).unwrap_or(-1))
            .build()
            .map_err(failed)?;
        prepare(&playbin);
        let bus = playbin
            .bus()
            .ok_or_else(|| EngineError::new(EngineErrorKind::Other, "the pipeline has no bus"))?;
        bus.set_sync_handler(choose_streams(&playbin, wish.clone()));
        let watch = bus
            .add_watch_local(move |_, message| {
                on_message(message);
                glib::ControlFlow::Continue
            })
            .map_err(failed)?;
        let (commands, queue) = mpsc::channel();
        let (close, closed) = mpsc::channel();
        let commanded = playbin.clone();
        thread::Builder::new()
            .name("player".to_owned())
            .spawn(move || {
                obey(&commanded, &queue);
                // Nobody may be interested any longer.
                close.send(()).ok();
                // The picture output belongs to the main thread.
                glib::MainContext::default().invoke(move || drop(commanded));
            })
            .map_err(|error| EngineError::new(EngineErrorKind::Other, error.to_string()))?;
        Ok(Self { playbin, paintable: video.paintable, commands, closed, _watch: watch })
    }

    /// Ends playback. What comes back hears when everything is closed.
    pub(super) fn end(self) -> Closing {
        Closing(self.closed)
    }

    /// Hands a command to the thread.
    pub(super) fn command(&self, command: Command) {
        if self.commands.send(command).is_err() {
            warn!("the player's thread is gone");
        }
    }

    /// What shows the picture.
    pub(super) fn paintable(&self) -> Option<gdk::Paintable> {
        self.paintable.clone()
    }

    /// Whether a message is about the pipeline as a whole.
    pub(super) fn sent(&self, message: &gst::Message) -> bool {
        message.src().is_some_and(|source| source == self.playbin.upcast_ref::<gst::Object>())
    }

    /// Where it is, when it knows.
    pub(super) fn position(&self) -> Option<Duration> {
        self.playbin.query_position::<gst::ClockTime>().map(Into::into)
    }

    /// Length, when it knows.
    pub(super) fn duration(&self) -> Option<Duration> {
        let known = self.playbin.query_duration::<gst::ClockTime>();
        known.filter(|duration| !duration.is_zero()).map(Into::into)
    }

    /// Sets the volume, linear.
    pub(super) fn set_volume(&self, linear: f64, muted: bool) {
        self.playbin.set_property("volume", linear);
        self.playbin.set_property("mute", muted);
    }
}

/// A pipeline on its way out.
pub(super) struct Closing(mpsc::Receiver<()>);

impl Closing {
    /// Whether it is still there.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.0.try_recv(), Err(mpsc::TryRecvError::Empty))
    }

    /// Waits for its end, not beyond `deadline`.
    pub(super) fn wait(&self, deadline: Instant) {
        let left = deadline.saturating_duration_since(Instant::now());
        if self.0.recv_timeout(left) == Err(mpsc::RecvTimeoutError::Timeout) {
            warn!("the pipeline is still closing");
        }
    }
}

/// Chooses the first streams. It has to be done while the pipeline reports what there is, on its own
/// thread: it then begins with the right ones and need not change them while it loads.
fn choose_streams(
    playbin: &gst::Element,
    wish: Wish,
) -> impl Fn(&gst::Bus, &gst::Message) -> gst::BusSyncReply + Send + Sync + 'static {
    let playbin = playbin.downgrade();
    let asked = Mutex::new(Vec::new());
    move |_, message| {
        if let (gst::MessageView::StreamCollection(found), Some(playbin)) =
            (message.view(), playbin.upgrade())
        {
            let mut streams = Streams::default();
            streams.replace(found.stream_collection());
            let wanted = streams.select(&wish);
            // The same collection is reported more than once; asking twice disturbs the first change.
            let known =
                asked.lock().is_ok_and(|mut asked| std::mem::replace(&mut *asked, wanted.clone()) == wanted);
            if !known {
                select(&playbin, &wanted);
            }
        }
        gst::BusSyncReply::Pass
    }
}

fn select(playbin: &gst::Element, streams: &[String]) {
    if streams.is_empty() {
        return;
    }
    let event = gst::event::SelectStreams::new(streams.iter().map(String::as_str));
    if !playbin.send_event(event) {
        debug!("the choice of streams was refused");
    }
}

/// Does what comes, until the pipeline is dropped.
fn obey(playbin: &gst::Element, queue: &mpsc::Receiver<Command>) {
    while let Ok(command) = queue.recv() {
        match command {
            Command::State(state) => change_state(playbin, state),
            Command::Seek(position, rate) => seek(playbin, position, rate),
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

fn change_state(playbin: &gst::Element, state: gst::State) {
    if playbin.set_state(state).is_err() {
        tell(playbin, STATE_REFUSED);
    }
}

fn seek(playbin: &gst::Element, position: Duration, rate: f64) {
    let position = gst::ClockTime::from_nseconds(u64::try_from(position.as_nanos()).unwrap_or(u64::MAX - 1));
    let arrived = playbin.seek(
        rate,
        gst::SeekFlags::FLUSH | gst::SeekFlags::ACCURATE,
        gst::SeekType::Set,
        position,
        gst::SeekType::None,
        gst::ClockTime::NONE,
    );
    if arrived.is_err() {
        tell(playbin, SEEK_REFUSED);
    }
}

fn tell(playbin: &gst::Element, what: &str) {
    let message = gst::message::Application::builder(gst::Structure::new_empty(what)).src(playbin).build();
    if playbin.post_message(message).is_err() {
        debug!("nobody reads the pipeline's messages");
    }
}
