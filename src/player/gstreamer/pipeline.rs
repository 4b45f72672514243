//! One `playbin3` and the thread that commands it.
//!
//! The main thread only reads messages and asks for positions and levels; what can wait for something is done
//! by [`commands`](super::commands). Dropping a [`Pipeline`] ends playback: the thread closes everything and
//! goes.

use std::ops::Range;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use gst::glib;
use gst::prelude::*;
use gtk::gdk;
use tracing::warn;

use super::buffering::{AHEAD, AHEAD_BYTES, Loaders, Patience};
use super::commands::{Command, obey, select};
use super::facts::{self, Described};
use super::sink::VideoSink;
use super::tracks::{Streams, Wish};
use crate::player::{EngineError, EngineErrorKind, EngineInfo};

/// Font of text that is drawn into the picture, and its size there at scale 1, in points.
const SUBTITLE_FONT: (&str, f64) = ("Sans", 18.0);
/// Nanoseconds in a millisecond.
const NANOSECONDS: i64 = 1_000_000;

/// A running pipeline.
pub(super) struct Pipeline {
    playbin: gst::Element,
    video: VideoSink,
    audio: gst::Element,
    loaders: Loaders,
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
        (wish, patience): (&Wish, Patience),
        prepare: impl FnOnce(&gst::Element),
        mut on_message: impl FnMut(&gst::Message) + 'static,
    ) -> Result<Self, EngineError> {
        let failed = |error: glib::BoolError| EngineError::new(EngineErrorKind::Other, error.to_string());
        let playbin = gst::ElementFactory::make("playbin3")
            .property("uri", address)
            .property("video-sink", &video.element)
            .property("audio-sink", audio)
            .property("buffer-size", AHEAD_BYTES)
            .property("buffer-duration", i64::try_from(AHEAD.as_nanos()).unwrap_or(-1))
            .build()
            .map_err(failed)?;
        // Without it voices get higher with the speed.
        if let Ok(stretching) = gst::ElementFactory::make("scaletempo").build() {
            playbin.set_property("audio-filter", stretching);
        }
        let loaders = Loaders::of(&playbin, patience);
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
        Ok(Self { playbin, video, audio: audio.clone(), loaders, commands, closed, _watch: watch })
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
        self.video.paintable.clone()
    }

    /// Whether a message is about the pipeline as a whole.
    pub(super) fn sent(&self, message: &gst::Message) -> bool {
        message.src().is_some_and(|source| source == self.playbin.upcast_ref::<gst::Object>())
    }

    /// Where the last picture and the last sound end that came out. Unlike the position it does not jump to
    /// the end where the stream breaks off.
    pub(super) fn reached(&self) -> Option<Duration> {
        let last = [&self.video.sink, &self.audio].into_iter().filter_map(last_of);
        last.map(|(start, length)| start.saturating_add(length)).max()
    }

    /// Where the picture begins that is shown.
    #[cfg(test)]
    pub(super) fn shown(&self) -> Option<Duration> {
        last_of(&self.video.sink).map(|(start, _)| start)
    }

    /// The element itself.
    #[cfg(test)]
    pub(super) fn playbin(&self) -> &gst::Element {
        &self.playbin
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

    /// Whether a message comes from the sound output.
    pub(super) fn sent_by_sound(&self, message: &gst::Message) -> bool {
        message.src().is_some_and(|source| {
            source == self.audio.upcast_ref::<gst::Object>() || source.has_as_ancestor(&self.audio)
        })
    }

    /// What is loaded from `position` on, at a speed.
    pub(super) fn loaded(&self, position: Duration, rate: f64) -> Range<Duration> {
        position..position.saturating_add(self.loaders.level().mul_f64(rate))
    }

    /// Waits for more or less from now on when it runs dry.
    pub(super) fn be(&self, patience: Patience) {
        self.loaders.be(patience);
    }

    /// Technical facts, given what the streams in use tell of themselves.
    pub(super) fn facts(
        &self,
        video: &Described,
        audio: &Described,
        duration: Option<Duration>,
    ) -> EngineInfo {
        facts::read(&self.playbin, &self.video.sink, video, audio, duration)
    }

    /// Sets how much later than the picture sound and subtitles come, in milliseconds.
    pub(super) fn set_delays(&self, audio: i64, subtitle: i64) {
        // GStreamer counts how much later the picture is than the sound.
        self.playbin.set_property("av-offset", audio.saturating_mul(-NANOSECONDS));
        self.playbin.set_property("text-offset", subtitle.saturating_mul(NANOSECONDS));
    }

    /// Sets the size of text that is drawn into the picture.
    pub(super) fn set_subtitle_scale(&self, scale: f64) {
        let (family, points) = SUBTITLE_FONT;
        self.playbin.set_property("subtitle-font-desc", format!("{family} {:.1}", points * scale));
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

/// Beginning and length of what an output was given last.
fn last_of(sink: &gst::Element) -> Option<(Duration, Duration)> {
    sink.find_property("last-sample")?;
    let sample = sink.property::<Option<gst::Sample>>("last-sample")?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let buffer = sample.buffer()?;
    let start = segment.to_stream_time(buffer.pts()?)?;
    Some((start.into(), buffer.duration().map_or(Duration::ZERO, Duration::from)))
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
