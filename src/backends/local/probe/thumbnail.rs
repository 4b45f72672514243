//! A picture of a video.

use std::path::Path;
use std::time::{Duration, Instant};

use gst::prelude::*;
use tracing::debug;

use crate::backends::local::disk::write_whole;

/// Longest time for one attempt: decoding large video in software takes its time.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Width in pixels: enough for a large card, small enough to decode at once.
const WIDTH: i32 = 640;
/// The picture is taken after this part of the video: behind the opening titles.
const PART: u32 = 10;
/// Nearer to the beginning the exact frame is decoded: the key frame before it is often the first, black one.
const NEARBY: Duration = Duration::from_secs(30);

/// Writes a JPEG of the frame at a tenth of the video.
pub fn write(video: &Path, duration: Option<Duration>, target: &Path) -> bool {
    let Some(jpeg) = picture(video, duration) else {
        debug!("a video gave no picture");
        return false;
    };
    let written = write_whole(target, &jpeg);
    if let Err(error) = &written {
        debug!(error = %error.kind(), "a thumbnail cannot be stored");
    }
    written.is_ok()
}

fn picture(video: &Path, duration: Option<Duration>) -> Option<Vec<u8>> {
    let uri = gst::init().and_then(|()| gst::glib::filename_to_uri(video, None)).ok()?;
    let first = match take(&uri, duration) {
        Taken::Wanted(jpeg) => return Some(jpeg),
        Taken::None => return None,
        Taken::Late(first) => first,
    };
    // Now and then a pipeline never answers a seek; the next one does.
    debug!("a video took too long to give a picture");
    match take(&uri, duration) {
        Taken::Wanted(jpeg) => Some(jpeg),
        Taken::Late(second) => second.or(first),
        Taken::None => first,
    }
}

/// What a pipeline has given.
enum Taken {
    /// The picture from where it was wanted.
    Wanted(Vec<u8>),
    /// Nothing in time but the very first picture, perhaps.
    Late(Option<Vec<u8>>),
    /// Nothing, and it never will.
    None,
}

fn take(uri: &str, duration: Option<Duration>) -> Taken {
    let Some(pipeline) = pipeline(uri) else { return Taken::None };
    let _running = Running(&pipeline);
    let until = Instant::now() + TIME_LIMIT;
    if pipeline.set_state(gst::State::Paused).is_err() {
        return Taken::None;
    }
    match preroll(&pipeline, until) {
        Preroll::Ready => {}
        Preroll::Late => return Taken::Late(None),
        Preroll::Failed => return Taken::None,
    }
    let first = shown(&pipeline);
    let position = duration.map_or(Duration::ZERO, |duration| duration / PART);
    let exactness = if position < NEARBY { gst::SeekFlags::ACCURATE } else { gst::SeekFlags::KEY_UNIT };
    let target = gst::ClockTime::try_from(position).ok().filter(|_| !position.is_zero());
    let is_sought =
        target.is_some_and(|target| pipeline.seek_simple(gst::SeekFlags::FLUSH | exactness, target).is_ok());
    if !is_sought {
        return first.map_or(Taken::None, Taken::Wanted);
    }
    match preroll(&pipeline, until) {
        Preroll::Ready => shown(&pipeline).or(first).map_or(Taken::None, Taken::Wanted),
        Preroll::Late => Taken::Late(first),
        Preroll::Failed => Taken::None,
    }
}

/// A pipeline that ends in a JPEG of what is in front.
fn pipeline(uri: &str) -> Option<gst::Pipeline> {
    let pipeline = gst::parse::launch(&format!(
        "uridecodebin3 name=source ! videoconvert ! videoscale \
         ! video/x-raw,width={WIDTH},pixel-aspect-ratio=1/1 ! jpegenc quality=85 \
         ! fakesink name=sink sync=false enable-last-sample=true"
    ));
    let pipeline = pipeline.ok()?.downcast::<gst::Pipeline>().ok()?;
    let source = pipeline.by_name("source")?;
    source.set_property("uri", uri);
    // Sound and subtitles are not decoded at all.
    source.connect("select-stream", false, |values| {
        let stream = values.get(2)?.get::<gst::Stream>().ok()?;
        Some(i32::from(stream.stream_type().contains(gst::StreamType::VIDEO)).to_value())
    });
    Some(pipeline)
}

/// The picture in front.
fn shown(pipeline: &gst::Pipeline) -> Option<Vec<u8>> {
    let sample = pipeline.by_name("sink")?.property::<Option<gst::Sample>>("last-sample")?;
    let buffer = sample.buffer()?.map_readable().ok()?;
    let jpeg = buffer.as_slice().to_vec();
    (!jpeg.is_empty()).then_some(jpeg)
}

/// Whether a frame is in front.
enum Preroll {
    Ready,
    Late,
    Failed,
}

/// Waits until a frame is in front.
fn preroll(pipeline: &gst::Pipeline, until: Instant) -> Preroll {
    let Some(bus) = pipeline.bus() else { return Preroll::Failed };
    let left = until.saturating_duration_since(Instant::now());
    let wanted = [gst::MessageType::AsyncDone, gst::MessageType::Error, gst::MessageType::Eos];
    let left = gst::ClockTime::try_from(left).unwrap_or(gst::ClockTime::ZERO);
    match bus.timed_pop_filtered(left, &wanted).map(|message| message.type_()) {
        Some(gst::MessageType::AsyncDone) => Preroll::Ready,
        Some(_) => Preroll::Failed,
        None => Preroll::Late,
    }
}

/// Stops the pipeline whatever happens.
struct Running<'a>(&'a gst::Pipeline);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Nothing is left to do when stopping fails.
        let _ = self.0.set_state(gst::State::Null);
    }
}
