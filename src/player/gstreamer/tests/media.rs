//! Small films made by GStreamer: 12 s of moving bars, two sound tracks, subtitles.

use std::path::{Path, PathBuf};

use gst::prelude::*;

/// Length of the films.
pub(super) const SECONDS: u64 = 12;

const SUBTITLES: &str =
    "1\n00:00:00,500 --> 00:00:05,000\nFirst line\n\n2\n00:00:06,000 --> 00:00:11,000\nSecond line\n\n";

/// Runs a pipeline to its end.
fn run(description: &str) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(description).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let bus = pipeline.bus().unwrap();
    let message = bus.timed_pop_filtered(
        gst::ClockTime::from_seconds(60),
        &[gst::MessageType::Eos, gst::MessageType::Error],
    );
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(message.unwrap().type_(), gst::MessageType::Eos, "{description}");
}

/// Subtitles beside a film.
pub(super) fn subtitles(folder: &Path) -> PathBuf {
    let path = folder.join("film.de.srt");
    std::fs::write(&path, SUBTITLES).unwrap();
    path
}

/// Matroska: H.264, English and German sound, English subtitles.
pub(super) fn matroska(folder: &Path) -> PathBuf {
    let path = folder.join("film.mkv");
    let frames = SECONDS * 25;
    run(&format!(
        "matroskamux name=mux ! filesink location={} \
         videotestsrc num-buffers={frames} ! video/x-raw,width=192,height=108,framerate=25/1 \
         ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=50 ! h264parse ! queue ! mux. \
         {} ! taginject tags=\"language-code=en,title=Stereo\" ! queue ! mux. \
         {} ! taginject tags=\"language-code=de\" ! queue ! mux. \
         filesrc location={} ! subparse ! taginject tags=\"language-code=en\" ! queue ! mux.",
        path.display(),
        sound(440),
        sound(880),
        subtitles(folder).display(),
    ));
    path
}

/// MP4: H.264 and AAC.
pub(super) fn mp4(folder: &Path) -> PathBuf {
    let path = folder.join("film.mp4");
    let frames = SECONDS * 25;
    run(&format!(
        "mp4mux name=mux faststart=true ! filesink location={} \
         videotestsrc num-buffers={frames} ! video/x-raw,width=192,height=108,framerate=25/1 \
         ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=50 ! h264parse ! queue ! mux. {} ! queue ! mux.",
        path.display(),
        sound(440),
    ));
    path
}

/// FLAC: sound only.
pub(super) fn flac(folder: &Path) -> PathBuf {
    let path = folder.join("song.flac");
    let buffers = SECONDS * 48_000 / 1024;
    run(&format!(
        "audiotestsrc freq=440 num-buffers={buffers} ! audio/x-raw,rate=48000,channels=2 ! audioconvert ! flacenc \
         ! filesink location={}",
        path.display(),
    ));
    path
}

/// `WebM` with VP8, whose decoders a test takes away.
pub(super) fn webm(folder: &Path) -> PathBuf {
    let path = folder.join("film.webm");
    run(&format!(
        "webmmux name=mux ! filesink location={} \
         videotestsrc num-buffers=25 ! video/x-raw,width=192,height=108,framerate=25/1 ! vp8enc deadline=1 ! queue ! mux.",
        path.display(),
    ));
    path
}

fn sound(frequency: u32) -> String {
    // 1024 samples a buffer.
    let buffers = SECONDS * 48_000 / 1024;
    format!(
        "audiotestsrc freq={frequency} num-buffers={buffers} ! audio/x-raw,rate=48000,channels=2 ! audioconvert ! avenc_aac ! aacparse"
    )
}
