//! Small films made by GStreamer: 12 s of moving bars, two sound tracks, subtitles; and what is unusual.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gst::prelude::*;

/// Length of the films.
pub(super) const SECONDS: u64 = 12;
/// From one picture to the next.
pub(super) const FRAME: Duration = Duration::from_millis(40);
/// From one picture that stands by itself to the next.
pub(super) const GROUP: Duration = Duration::from_secs(2);
/// Most pictures' time from one to the next where the distance varies.
pub(super) const WIDEST_GAP: u32 = 3;
/// Length of the day-long film: 139 pictures of ten minutes.
pub(super) const DAY_LONG: Duration = Duration::from_mins(1390);

const PICTURE: &str = "video/x-raw,width=192,height=108,framerate=25/1 \
     ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=50 ! h264parse ! queue ! mux.";

const SUBTITLES: &str =
    "1\n00:00:00,500 --> 00:00:05,000\nFirst line\n\n2\n00:00:06,000 --> 00:00:11,000\nSecond line\n\n";

/// Runs a pipeline to its end.
fn run(description: &str) {
    run_prepared(description, |_| {});
}

/// Runs a pipeline to its end after it was prepared.
fn run_prepared(description: &str, prepare: impl FnOnce(&gst::Bin)) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(description).unwrap();
    prepare(pipeline.downcast_ref().unwrap());
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

/// Matroska whose pictures do not come evenly.
pub(super) fn varying(folder: &Path) -> PathBuf {
    let path = folder.join("varying.mkv");
    let description = format!(
        "matroskamux name=mux ! filesink location={} \
         videotestsrc num-buffers={} ! identity name=some ! {PICTURE} {} ! queue ! mux.",
        path.display(),
        SECONDS * 25,
        sound(440),
    );
    run_prepared(&description, |pipeline| {
        let pad = pipeline.by_name("some").unwrap().static_pad("src").unwrap();
        let count = AtomicU64::new(0);
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
            match count.fetch_add(1, Ordering::Relaxed) % 5 {
                0 | 2 => gst::PadProbeReturn::Ok,
                _ => gst::PadProbeReturn::Drop,
            }
        });
    });
    path
}

/// Matroska with three chapters.
pub(super) fn chapters(folder: &Path) -> PathBuf {
    let path = folder.join("chapters.mkv");
    let description = format!(
        "matroskamux name=mux ! filesink location={} videotestsrc num-buffers={} ! {PICTURE} {} ! queue ! mux.",
        path.display(),
        SECONDS * 25,
        sound(440),
    );
    run_prepared(&description, |pipeline| {
        let second = 1_000_000_000;
        let mut edition = gst::TocEntry::new(gst::TocEntryType::Edition, "1");
        edition.get_mut().unwrap().set_start_stop_times(0, 12 * second);
        for (id, start, end, title) in [("10", 0, 4, "Arrival"), ("11", 4, 9, "Storm"), ("12", 9, 12, "Home")]
        {
            let mut chapter = gst::TocEntry::new(gst::TocEntryType::Chapter, id);
            let part = chapter.get_mut().unwrap();
            part.set_start_stop_times(start * second, end * second);
            let mut tags = gst::TagList::new();
            tags.get_mut().unwrap().add::<gst::tags::Title>(&title, gst::TagMergeMode::Append);
            part.set_tags(tags);
            edition.get_mut().unwrap().append_sub_entry(chapter);
        }
        let mut contents = gst::Toc::new(gst::TocScope::Global);
        contents.get_mut().unwrap().append_entry(edition);
        let mux = pipeline.by_name("mux").unwrap();
        mux.dynamic_cast_ref::<gst::TocSetter>().unwrap().set_toc(Some(&contents));
    });
    path
}

/// Matroska with ten bits a sample; two seconds.
pub(super) fn ten_bit(folder: &Path) -> PathBuf {
    let path = folder.join("ten-bit.mkv");
    run(&format!(
        "matroskamux name=mux ! filesink location={} \
         videotestsrc num-buffers=50 ! video/x-raw,format=I420_10LE,width=192,height=108,framerate=25/1 \
         ! x264enc speed-preset=ultrafast ! h264parse ! mux.",
        path.display(),
    ));
    path
}

/// Matroska with a picture every ten minutes for most of a day.
pub(super) fn day_long(folder: &Path) -> PathBuf {
    let path = folder.join("day.mkv");
    run(&format!(
        "matroskamux name=mux ! filesink location={} \
         videotestsrc num-buffers=139 ! video/x-raw,width=192,height=108,framerate=1/600 \
         ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=5 ! h264parse ! mux.",
        path.display(),
    ));
    path
}

/// Matroska as a recorder writes it: no length, no index.
pub(super) fn without_length(folder: &Path) -> PathBuf {
    let path = folder.join("recorded.mkv");
    run(&format!(
        "matroskamux streamable=true name=mux ! filesink location={} \
         videotestsrc num-buffers={} ! {PICTURE} {} ! queue ! mux.",
        path.display(),
        SECONDS * 25,
        sound(440),
    ));
    path
}

/// MPEG-TS with subtitles that are pictures.
pub(super) fn picture_subtitles(folder: &Path) -> PathBuf {
    let path = folder.join("broadcast.ts");
    run(&format!(
        "mpegtsmux name=mux ! filesink location={} videotestsrc num-buffers={} ! {PICTURE} \
         videotestsrc num-buffers=4 pattern=ball ! video/x-raw,format=BGRA,width=192,height=108,framerate=1/3 \
         ! alpha method=blue ! videoconvert ! dvbsubenc ! queue ! mux.",
        path.display(),
        SECONDS * 25,
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
