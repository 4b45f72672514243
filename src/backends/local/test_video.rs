//! A small real video for tests.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use gst::prelude::*;

/// Writes two seconds of a moving picture (320 × 180) with sound, in Matroska.
pub fn make(path: &Path) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(
        "videotestsrc num-buffers=50 pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 \
         ! theoraenc ! queue ! matroskamux name=mux ! filesink name=file \
         audiotestsrc num-buffers=86 ! audio/x-raw,rate=44100,channels=2 ! audioconvert ! vorbisenc ! queue ! mux.",
    )
    .unwrap()
    .downcast::<gst::Pipeline>()
    .unwrap();
    pipeline.by_name("file").unwrap().set_property("location", path);
    pipeline.set_state(gst::State::Playing).unwrap();
    let wanted = [gst::MessageType::Eos, gst::MessageType::Error];
    let limit = gst::ClockTime::from_seconds(60);
    let end = pipeline.bus().unwrap().timed_pop_filtered(limit, &wanted).unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(end.type_(), gst::MessageType::Eos, "{end:?}");
}
