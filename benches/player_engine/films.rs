//! Films to be played: each with another picture, sound, and a picture that stands by itself every two seconds.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use gst::prelude::*;

/// How many there are.
const COUNT: usize = 20;
/// Length of each.
const SECONDS: u64 = 24;
/// What GStreamer's test picture knows.
const PATTERNS: [&str; 5] = ["smpte", "snow", "ball", "zone-plate", "pinwheel"];

/// File name of a film.
pub fn name(film: usize) -> String {
    format!("film-{film}.mp4")
}

/// Where the seek of a run goes: forth and back, never to a picture that stands by itself.
pub fn place(run: usize) -> Duration {
    let step = u64::try_from(run).unwrap_or_default() * 7_300;
    Duration::from_millis(1_100 + step % ((SECONDS - 3) * 1_000))
}

/// Makes all films.
pub fn make_all(folder: &Path) -> anyhow::Result<()> {
    gst::init()?;
    for film in 0..COUNT {
        let pattern = PATTERNS.get(film % PATTERNS.len()).copied().unwrap_or("smpte");
        make(&folder.join(name(film)), pattern, 300 + 20 * film)?;
    }
    Ok(())
}

fn make(path: &Path, pattern: &str, tone: usize) -> anyhow::Result<()> {
    let pipeline = gst::parse::launch(&format!(
        "mp4mux name=mux faststart=true ! filesink location={} \
         videotestsrc pattern={pattern} num-buffers={} ! video/x-raw,format=I420,width=640,height=360,framerate=25/1 \
         ! x264enc speed-preset=ultrafast bitrate=1500 key-int-max=50 ! h264parse ! queue ! mux. \
         audiotestsrc freq={tone} num-buffers={} ! audio/x-raw,rate=48000,channels=2 ! audioconvert \
         ! avenc_aac ! aacparse ! queue ! mux.",
        path.display(),
        SECONDS * 25,
        SECONDS * 48_000 / 1024,
    ))?;
    pipeline.set_state(gst::State::Playing)?;
    let bus = pipeline.bus().context("no bus")?;
    let ends = [gst::MessageType::Eos, gst::MessageType::Error];
    let end = bus.timed_pop_filtered(gst::ClockTime::from_seconds(120), &ends);
    pipeline.set_state(gst::State::Null)?;
    anyhow::ensure!(end.is_some_and(|end| end.type_() == gst::MessageType::Eos), "a film could not be made");
    Ok(())
}
