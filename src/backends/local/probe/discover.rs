//! `GStreamer`'s discoverer.

use std::path::Path;
use std::time::Duration;

use gst::prelude::*;
use gst_pbutils::prelude::*;
use gst_pbutils::{
    Discoverer, DiscovererContainerInfo, DiscovererInfo, DiscovererResult, DiscovererStreamInfo,
};
use tracing::debug;

use super::codecs::{codec, container};
use super::{MediaFacts, Outcome, Tags};
use crate::models::{Chapter, MediaStream, StreamKind};

/// A disk that has not answered by then is away or asleep.
pub(super) const TIME_LIMIT: gst::ClockTime = gst::ClockTime::from_seconds(10);

/// Looks into a file.
pub fn facts(path: &Path, size: u64) -> MediaFacts {
    let Ok(uri) = gst::init().and_then(|()| gst::glib::filename_to_uri(path, None)) else {
        return MediaFacts::default();
    };
    let Ok(discoverer) = Discoverer::new(TIME_LIMIT) else { return MediaFacts::default() };
    match discoverer.discover_uri(&uri) {
        Ok(info) => read(&info, size),
        Err(error) => {
            // The message may name the file; the domain says enough.
            debug!(domain = %error.domain().as_str(), "a video cannot be read");
            MediaFacts::broken()
        }
    }
}

fn read(info: &DiscovererInfo, size: u64) -> MediaFacts {
    let mut streams: Vec<(i32, MediaStream)> = Vec::new();
    for stream in info.video_streams().into_iter().filter(|stream| !stream.is_image()) {
        let mut found = read_stream(stream.upcast_ref(), StreamKind::Video);
        found.width = Some(stream.width()).filter(|width| *width > 0);
        found.height = Some(stream.height()).filter(|height| *height > 0);
        streams.push((stream.stream_number(), found));
    }
    for stream in info.audio_streams() {
        let mut found = read_stream(stream.upcast_ref(), StreamKind::Audio);
        found.channels = Some(stream.channels()).filter(|channels| *channels > 0);
        found.language = stream.language().and_then(|code| known_language(&code));
        streams.push((stream.stream_number(), found));
    }
    for stream in info.subtitle_streams() {
        let mut found = read_stream(stream.upcast_ref(), StreamKind::Subtitle);
        found.language = stream.language().and_then(|code| known_language(&code));
        streams.push((stream.stream_number(), found));
    }
    streams.sort_by_key(|(number, _)| *number);
    let streams: Vec<_> = streams
        .into_iter()
        .enumerate()
        .map(|(index, (_, stream))| MediaStream { id: index.to_string(), ..stream })
        .collect();
    let duration = info.duration().map(Duration::from).filter(|duration| !duration.is_zero());
    MediaFacts {
        outcome: match info.result() {
            DiscovererResult::Timeout | DiscovererResult::Busy => Outcome::Slow,
            _ if streams.is_empty() => Outcome::Broken,
            _ => Outcome::Good,
        },
        duration,
        container: info.stream_info().and_then(|info| info.caps()).and_then(|caps| container(&caps)),
        bitrate: duration.and_then(|duration| bitrate(size, duration)),
        streams,
        chapters: chapters(info),
        tags: tags(info),
    }
}

fn read_stream(stream: &DiscovererStreamInfo, kind: StreamKind) -> MediaStream {
    MediaStream {
        kind,
        id: String::new(),
        codec: stream.caps().and_then(|caps| codec(&caps)),
        language: None,
        title: stream.tags().and_then(|tags| Some(tags.get::<gst::tags::Title>()?.get().to_owned())),
        width: None,
        height: None,
        channels: None,
        range: (kind == StreamKind::Video).then(|| range(stream)).flatten(),
        default: false,
        forced: false,
        external: None,
    }
}

/// A name for a dynamic range beyond the standard one.
fn range(stream: &DiscovererStreamInfo) -> Option<String> {
    let caps = stream.caps()?;
    let colours = caps.structure(0)?.get::<String>("colorimetry").ok()?;
    let name = match colours.as_str() {
        "bt2100-pq" => "HDR10",
        "bt2100-hlg" => "HLG",
        _ => return None,
    };
    Some(name.to_owned())
}

fn known_language(code: &str) -> Option<String> {
    (!code.is_empty() && code != "und").then(|| code.to_owned())
}

fn bitrate(size: u64, duration: Duration) -> Option<u64> {
    let bits = u128::from(size) * 8 * 1000;
    u64::try_from(bits.checked_div(duration.as_millis())?).ok()
}

/// Where a file says something of itself: some formats keep it with the sound, some around it.
pub(super) fn tag_lists(info: &DiscovererInfo) -> impl Iterator<Item = gst::TagList> {
    let streams = info.audio_streams().into_iter().filter_map(|stream| stream.tags());
    let outer = info.stream_info();
    let around = outer.as_ref().and_then(|outer| outer.downcast_ref::<DiscovererContainerInfo>()?.tags());
    streams.chain(outer.and_then(|outer| outer.tags())).chain(around)
}

/// What the file says of itself.
fn tags(info: &DiscovererInfo) -> Tags {
    let lists: Vec<gst::TagList> = tag_lists(info).collect();
    let text = |list: &gst::TagList, name: &str| {
        let value = list.generic(name)?.get::<String>().ok()?;
        Some(value.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let text = |name: &str| lists.iter().find_map(|list| text(list, name));
    let number = |name: &str| {
        lists.iter().find_map(|list| list.generic(name)?.get::<u32>().ok()).filter(|number| *number > 0)
    };
    let year = lists.iter().find_map(|list| {
        let told = list.get::<gst::tags::DateTime>().map(|value| value.get().year());
        told.or_else(|| list.get::<gst::tags::Date>().map(|value| i32::from(value.get().year())))
    });
    Tags {
        title: text("title"),
        artist: text("artist"),
        album: text("album"),
        album_artist: text("album-artist"),
        track: number("track-number"),
        disc: number("album-disc-number"),
        year: year.filter(|year| *year > 1),
        genre: text("genre"),
        taken: None,
    }
}

fn chapters(info: &DiscovererInfo) -> Vec<Chapter> {
    let Some(toc) = info.toc() else { return Vec::new() };
    let mut entries = toc.entries();
    // Matroska puts the chapters into an edition.
    if let [edition] = entries.as_slice()
        && edition.entry_type() == gst::TocEntryType::Edition
    {
        entries = edition.sub_entries();
    }
    let chapters = entries.iter().filter(|entry| entry.entry_type() == gst::TocEntryType::Chapter);
    chapters
        .filter_map(|entry| {
            let (start, _) = entry.start_stop_times()?;
            Some(Chapter {
                image: None,
                start: Duration::from_nanos(u64::try_from(start).ok()?),
                title: entry.tags().and_then(|tags| Some(tags.get::<gst::tags::Title>()?.get().to_owned())),
            })
        })
        .collect()
}
