//! A picture of a video.

use std::path::Path;
use std::time::{Duration, Instant};

use gst::prelude::*;
use tracing::debug;

use crate::backends::local::disk::write_whole;

/// Longest time for one picture: decoding large video in software takes its time.
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
    let pipeline = gst::parse::launch(&format!(
        "uridecodebin3 name=source ! videoconvert ! videoscale \
         ! video/x-raw,width={WIDTH},pixel-aspect-ratio=1/1 ! jpegenc quality=85 \
         ! fakesink name=sink sync=false enable-last-sample=true"
    ))
    .ok()?;
    let pipeline = pipeline.downcast::<gst::Pipeline>().ok()?;
    let running = Running(&pipeline);
    let source = pipeline.by_name("source")?;
    source.set_property("uri", &uri);
    // Sound and subtitles are not decoded at all.
    source.connect("select-stream", false, |values| {
        let stream = values.get(2)?.get::<gst::Stream>().ok()?;
        Some(i32::from(stream.stream_type().contains(gst::StreamType::VIDEO)).to_value())
    });
    let until = Instant::now() + TIME_LIMIT;
    pipeline.set_state(gst::State::Paused).ok()?;
    preroll(&pipeline, until)?;
    let position = duration.map_or(Duration::ZERO, |duration| duration / PART);
    if !position.is_zero() {
        let exactness = if position < NEARBY { gst::SeekFlags::ACCURATE } else { gst::SeekFlags::KEY_UNIT };
        let flags = gst::SeekFlags::FLUSH | exactness;
        let target = gst::ClockTime::try_from(position).ok()?;
        if pipeline.seek_simple(flags, target).is_ok() {
            preroll(&pipeline, until)?;
        }
    }
    let sample = pipeline.by_name("sink")?.property::<Option<gst::Sample>>("last-sample")?;
    let buffer = sample.buffer()?.map_readable().ok()?;
    let jpeg = buffer.as_slice().to_vec();
    drop(running);
    (!jpeg.is_empty()).then_some(jpeg)
}

/// Waits until a frame is there; an error of the pipeline or the end of time gives `None`.
fn preroll(pipeline: &gst::Pipeline, until: Instant) -> Option<()> {
    let bus = pipeline.bus()?;
    let left = until.checked_duration_since(Instant::now())?;
    let wanted = [gst::MessageType::AsyncDone, gst::MessageType::Error, gst::MessageType::Eos];
    let message = bus.timed_pop_filtered(gst::ClockTime::try_from(left).ok()?, &wanted)?;
    (message.type_() == gst::MessageType::AsyncDone).then_some(())
}

/// Stops the pipeline whatever happens.
struct Running<'a>(&'a gst::Pipeline);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Nothing is left to do when stopping fails.
        let _ = self.0.set_state(gst::State::Null);
    }
}
