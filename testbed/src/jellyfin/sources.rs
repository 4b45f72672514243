//! The file of an item: its source, streams and chapters.
//!
//! Every item is served from one of the two sample videos. Its length is the catalogue's, as a real server knows
//! it; chapters are where they are in the sample.

use super::reply::{Object, ticks};
use super::state::View;
use crate::catalogue::{Item, ItemNumber};
use crate::media::{CHAPTERS, Container, FRAME_RATE, HEIGHT, Language, WIDTH};
use serde_json::{Value, json};

/// What the second version is said to have: bytes, and bits per second.
pub(crate) const SECOND_SIZE: u64 = 58_000_000_000;
pub(crate) const SECOND_BITRATE: u64 = 68_000_000;

/// Place of the subtitle file beside the MP4 sample among its streams.
const SIDECAR: u32 = 2;

/// The subtitles of a container: index, language, whether they are a file beside the video.
pub(crate) fn subtitles(container: Container) -> &'static [(u32, Language, bool)] {
    match container {
        Container::Mp4 => &[(SIDECAR, Language::English, true)],
        Container::Flac => &[],
        Container::Matroska => &[(3, Language::English, false), (4, Language::German, false)],
    }
}

/// All versions of an item. `token` goes into addresses that the server offers.
pub(crate) fn all(view: &View<'_>, item: &Item, token: &str) -> Vec<Value> {
    let second = view.catalogue.second_versions.contains(&item.number).then(|| second(view, item));
    second.into_iter().chain([source(view, item, token)]).collect()
}

/// The id of the second version of an item.
pub(crate) fn second_id(ids: &super::ids::Ids, item: ItemNumber) -> String {
    ids.name("version", &ids.item(item))
}

/// The second version: said to be a large one, and served from the other sample.
fn second(view: &View<'_>, item: &Item) -> Value {
    let container = Container::of(item.number).other();
    let mut source = source(view, item, "");
    if let Some(object) = source.as_object_mut() {
        let streams = json!([
            { "Type": "Video", "Index": 0, "Codec": "hevc", "Profile": "Main 10", "Width": 3840, "Height": 2160,
              "BitDepth": 10, "IsDefault": true, "IsForced": false, "IsExternal": false, "VideoRange": "HDR",
              "VideoRangeType": "HDR10", "DisplayTitle": "4K HEVC HDR", "IsTextSubtitleStream": false },
            audio(1, Language::English, true),
        ]);
        for (name, value) in [
            ("Id", json!(second_id(view.ids(), item.number))),
            ("Name", json!("4K HDR")),
            ("Container", json!(container.extension())),
            ("Size", json!(SECOND_SIZE)),
            ("Bitrate", json!(SECOND_BITRATE)),
            ("MediaStreams", streams),
        ] {
            object.insert(name.to_owned(), value);
        }
    }
    source
}

/// The first version of an item.
fn source(view: &View<'_>, item: &Item, token: &str) -> Value {
    let video = view.state.videos.of_item(item);
    let mut object = Object::default();
    object.put("Protocol", "File");
    object.put("Id", view.ids().item(item.number));
    object.put("Path", path(item, video.container));
    object.put("Type", "Default");
    object.put("Container", video.container.extension());
    object.put("Size", video.size);
    object.put("Name", if item.title.is_empty() { "file" } else { &item.title });
    object.put("ETag", super::images::etag(item));
    object.maybe("RunTimeTicks", item.duration.map(ticks));
    for flag in ["SupportsTranscoding", "IsRemote", "IsInfiniteStream", "RequiresOpening", "RequiresClosing"]
    {
        object.put(flag, false);
    }
    object.put("SupportsDirectStream", true);
    object.put("SupportsDirectPlay", true);
    if item.kind.is_video() {
        object.put("VideoType", "VideoFile");
    }
    object.put("Bitrate", video.size * 8 / video.container.length().as_secs().max(1));
    object.put("DefaultAudioStreamIndex", 1);
    object.put("HasSegments", true);
    object.put("MediaStreams", streams(view, item, token));
    object.put("MediaAttachments", json!([]));
    object.put("Formats", json!([]));
    object.put("TranscodingSubProtocol", "http");
    object.into()
}

/// The streams of an item.
pub(crate) fn streams(view: &View<'_>, item: &Item, token: &str) -> Vec<Value> {
    let container = view.state.videos.of_item(item).container;
    if container == Container::Flac {
        return vec![sound(), cover()];
    }
    let rate = f64::from(FRAME_RATE);
    let mut streams = vec![
        json!({
            "Type": "Video", "Index": 0, "Codec": "h264", "Profile": "High", "Level": 30, "Width": WIDTH,
            "Height": HEIGHT, "BitDepth": 8, "BitRate": 1_000_000, "AverageFrameRate": rate,
            "RealFrameRate": rate, "AspectRatio": "16:9", "IsInterlaced": false, "IsDefault": true,
            "IsForced": false, "IsExternal": false, "VideoRange": "SDR", "VideoRangeType": "SDR",
            "PixelFormat": "yuv420p", "DisplayTitle": "360p H264 SDR", "TimeBase": "1/1000",
            "IsTextSubtitleStream": false, "SupportsExternalStream": false,
        }),
        audio(1, Language::English, true),
    ];
    if container == Container::Matroska {
        streams.push(audio(2, Language::German, false));
    }
    let id = view.ids().item(item.number);
    let subtitles = subtitles(container).iter();
    streams.extend(subtitles.map(|(index, language, beside)| {
        subtitle(*index, *language, beside.then(|| delivery_url(&id, *index, token)))
    }));
    streams
}

fn sound() -> Value {
    json!({
        "Type": "Audio", "Index": 0, "Codec": "flac", "Channels": 2, "ChannelLayout": "stereo",
        "SampleRate": 48_000, "BitDepth": 16, "IsDefault": false, "IsForced": false, "IsExternal": false,
        "DisplayTitle": "FLAC - Stereo", "IsTextSubtitleStream": false, "SupportsExternalStream": false,
    })
}

/// The picture inside of the file is no video to the server.
fn cover() -> Value {
    json!({
        "Type": "EmbeddedImage", "Index": 1, "Codec": "mjpeg", "Width": 600, "Height": 600,
        "IsDefault": false, "IsForced": false, "IsExternal": false, "IsTextSubtitleStream": false,
        "SupportsExternalStream": false,
    })
}

fn audio(index: u32, language: Language, is_default: bool) -> Value {
    let title = format!("{} - AAC - Stereo", language.name());
    json!({
        "Type": "Audio", "Index": index, "Codec": "aac", "Profile": "LC", "Language": language.code(),
        "Channels": 2, "ChannelLayout": "stereo", "SampleRate": 48_000, "BitRate": 128_000,
        "IsDefault": is_default, "IsForced": false, "IsExternal": false, "AudioSpatialFormat": "None",
        "DisplayTitle": if is_default { format!("{title} - Default") } else { title },
        "IsTextSubtitleStream": false, "SupportsExternalStream": false,
    })
}

fn subtitle(index: u32, language: Language, delivery_url: Option<String>) -> Value {
    let beside = delivery_url.is_some();
    let place = if beside { " - External" } else { "" };
    let mut object = Object::default();
    object.put("Type", "Subtitle");
    object.put("Index", index);
    object.put("Codec", "subrip");
    object.put("Language", language.code());
    object.put("DisplayTitle", format!("{} - SUBRIP{place}", language.name()));
    object.put("IsExternal", beside);
    object.put("IsTextSubtitleStream", true);
    object.put("SupportsExternalStream", true);
    object.put("DeliveryMethod", if beside { "External" } else { "Embed" });
    for flag in ["IsDefault", "IsForced", "IsHearingImpaired", "IsExternalUrl"] {
        object.put(flag, false);
    }
    object.maybe("DeliveryUrl", delivery_url);
    object.into()
}

/// The path under which a subtitle is offered; the id of the item has dashes there.
fn delivery_url(id: &str, index: u32, token: &str) -> String {
    let key = if token.is_empty() { String::new() } else { format!("?ApiKey={token}") };
    format!("/Videos/{}/{id}/Subtitles/{index}/0/Stream.srt{key}", dashed(id))
}

fn dashed(id: &str) -> String {
    let mut dashed = id.to_owned();
    for place in [20, 16, 12, 8] {
        if dashed.is_char_boundary(place) && place < dashed.len() {
            dashed.insert(place, '-');
        }
    }
    dashed
}

/// The chapters of an item; the MP4 sample has none.
pub(crate) fn chapters(item: &Item) -> Vec<Value> {
    if !item.kind.is_video() || Container::of(item.number) == Container::Mp4 {
        return Vec::new();
    }
    let tag = super::images::etag(item);
    let chapter = |(name, start, _): &(&str, std::time::Duration, _)| {
        json!({
            "StartPositionTicks": ticks(*start), "Name": name, "ImageTag": tag,
            "ImageDateModified": "2024-03-09T20:20:00.0000000Z",
        })
    };
    CHAPTERS.iter().map(chapter).collect()
}

/// Where the file lies at the server.
pub(crate) fn path(item: &Item, container: Container) -> String {
    let name = if item.title.is_empty() { "file".to_owned() } else { item.title.replace('/', "-") };
    let extension = container.extension();
    match (item.season, item.episode) {
        (Some(season), Some(episode)) => {
            format!("/media/series/{name} S{season:02}E{episode:02}.{extension}")
        }
        _ => format!("/media/films/{name}/{name}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_stand_where_a_guid_has_them() {
        assert_eq!(dashed("0a1b2c3d4e5f60718293a4b5c6d7e8f9"), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    }
}
