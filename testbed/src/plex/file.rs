//! The file of an item: `Media`, `Part`, `Stream`, `Chapter` and `Marker`.
//!
//! Every item is served from one of the two sample videos. Its length is the catalogue's, as a real server
//! knows it; chapters and markers are where they are in the sample.

use super::item::milliseconds;
use super::state::rating_key;
use super::tree::Node;
use crate::catalogue::{Item, ItemKind, ItemNumber};
use crate::media::{CHAPTERS, Container, FRAME_RATE, HEIGHT, SampleVideo, WIDTH};

/// The file of an item has this much more than its number as `Part` id.
const FIRST_PART: u32 = 5000;

/// The file of the second version of an item has this much more than that.
const SECOND_PART: u32 = 500_000;

/// Streams of an item are numbered from its number times this.
const STREAMS_PER_ITEM: u32 = 10;

/// Number of the sidecar subtitle among the streams of an item.
const SIDECAR: u32 = 9;

/// The item that a `Part` id belongs to.
pub(crate) fn item_of_part(part: u32) -> Option<ItemNumber> {
    let part = if is_second(part) { part - SECOND_PART } else { part };
    part.checked_sub(FIRST_PART).filter(|number| *number > 0).map(ItemNumber)
}

/// Whether a `Part` id is that of a second version.
pub(crate) fn is_second(part: u32) -> bool {
    part > SECOND_PART
}

/// The second version of an item: said to be a large one, and served from the other sample.
pub(crate) fn second(item: &Item, with_streams: bool) -> Node {
    let id = FIRST_PART + SECOND_PART + item.number.0;
    let extension = Container::of(item.number).other().extension();
    let duration = item.duration.map(milliseconds);
    let video = Node::new("Stream")
        .with("id", id * STREAMS_PER_ITEM)
        .with("streamType", 1)
        .with("default", true)
        .with("codec", "hevc")
        .with("bitDepth", 10)
        .with("width", 3840)
        .with("height", 2160)
        .with("colorTrc", "smpte2084")
        .with("displayTitle", "4K HDR10 (HEVC Main 10)");
    let part = Node::new("Part")
        .with("id", id)
        .with("key", format!("/library/parts/{id}/{}/file.{extension}", item.added.timestamp()))
        .maybe("duration", duration)
        .with("size", 58_000_000_000_u64)
        .with("container", extension)
        .list("Stream", if with_streams { vec![video] } else { Vec::new() });
    Node::new("Media")
        .with("id", id)
        .maybe("duration", duration)
        .with("bitrate", 68_000)
        .with("width", 3840)
        .with("height", 2160)
        .with("videoCodec", "hevc")
        .with("videoResolution", "4k")
        .with("container", extension)
        .list("Part", vec![part])
}

/// The item whose sidecar subtitle has this stream id.
pub(crate) fn item_of_sidecar(stream: u32) -> Option<ItemNumber> {
    let item = ItemNumber(stream / STREAMS_PER_ITEM);
    (stream % STREAMS_PER_ITEM == SIDECAR && Container::of(item) == Container::Mp4).then_some(item)
}

/// The `Media` of an item that is served from `video`, with its streams when `with_streams`.
pub(crate) fn media(item: &Item, video: &SampleVideo, with_streams: bool) -> Node {
    let container = video.container;
    let id = FIRST_PART + item.number.0;
    let stamp = item.added.timestamp();
    let duration = item.duration.map(milliseconds);
    let part = Node::new("Part")
        .with("id", id)
        .with("key", format!("/library/parts/{id}/{stamp}/file.{}", container.extension()))
        .maybe("duration", duration)
        .with("file", file_path(item, container))
        .with("size", video.size)
        .with("container", container.extension())
        .with("videoProfile", "high");
    // A real server writes this one as text.
    let part = if item.number.0.is_multiple_of(4) { part.with("hasThumbnail", "1") } else { part };
    if item.kind == ItemKind::Photo {
        return photo(item);
    }
    if container == Container::Flac {
        let streams = if with_streams { vec![sound(item)] } else { Vec::new() };
        return Node::new("Media")
            .with("id", id)
            .maybe("duration", duration)
            .with("bitrate", 700)
            .with("audioChannels", 2)
            .with("audioCodec", "flac")
            .with("container", "flac")
            .list("Part", vec![part.list("Stream", streams)]);
    }
    let part = part.maybe("indexes", super::previews::of_item(item));
    let part = part.list("Stream", if with_streams { streams(item, container) } else { Vec::new() });
    let (width, height) = item.picture_size().unwrap_or((WIDTH, HEIGHT));
    let resolution = match width {
        3840 => "4k",
        1920 => "1080",
        1280 => "720",
        _ => "sd",
    };
    let media = Node::new("Media")
        .with("id", id)
        .maybe("duration", duration)
        .with("bitrate", 1200)
        .with("width", width)
        .with("height", height)
        .with("audioChannels", 2)
        .with("audioCodec", "aac")
        .with("videoCodec", "h264")
        .with("videoResolution", resolution)
        .with("container", container.extension())
        .with("videoFrameRate", format!("{FRAME_RATE}p"))
        .with("videoProfile", "high");
    // Seen as a number and as text.
    let media = if item.number.0.is_multiple_of(3) {
        media.with("aspectRatio", "1.78")
    } else {
        media.with("aspectRatio", 1.78)
    };
    media.list("Part", vec![part])
}

/// The file of a photo: its size, and where it is.
fn photo(item: &Item) -> Node {
    let (id, stamp) = (FIRST_PART + item.number.0, item.added.timestamp());
    let (width, height) = crate::images::PHOTO_SIZE;
    let part = Node::new("Part")
        .with("id", id)
        .with("key", format!("/library/parts/{id}/{stamp}/file.jpg"))
        .with("file", format!("/data/photos/{}.jpg", item.title))
        .with("size", 2_400_000)
        .with("container", "jpeg");
    Node::new("Media")
        .with("id", id)
        .with("width", width)
        .with("height", height)
        .with("aspectRatio", 1.5)
        .with("container", "jpeg")
        .list("Part", vec![part])
}

fn sound(item: &Item) -> Node {
    Node::new("Stream")
        .with("id", item.number.0 * STREAMS_PER_ITEM)
        .with("streamType", 2)
        .with("selected", true)
        .with("codec", "flac")
        .with("index", 0)
        .with("channels", 2)
        .with("audioChannelLayout", "stereo")
        .with("samplingRate", 48_000)
        .with("displayTitle", "FLAC (Stereo)")
}

fn file_path(item: &Item, container: Container) -> String {
    let name = if item.title.is_empty() { "file".to_owned() } else { item.title.replace('/', "-") };
    match (item.season, item.episode) {
        (Some(season), Some(episode)) => {
            format!("/data/series/{name} - s{season:02}e{episode:02}.{}", container.extension())
        }
        _ => format!("/data/films/{name}.{}", container.extension()),
    }
}

fn streams(item: &Item, container: Container) -> Vec<Node> {
    let id = |number: u32| item.number.0 * STREAMS_PER_ITEM + number;
    let video = Node::new("Stream")
        .with("id", id(0))
        .with("streamType", 1)
        .with("default", true)
        .with("codec", "h264")
        .with("index", 0)
        .with("bitrate", 1000)
        .with("bitDepth", 8)
        .with("width", WIDTH)
        .with("height", HEIGHT)
        .with("frameRate", f64::from(FRAME_RATE))
        .with("profile", "high")
        .with("level", 30)
        .with("displayTitle", "SD (H.264)");
    let mut streams =
        vec![video, audio(id(1), 1, Language::ENGLISH).with("selected", true).with("default", true)];
    match container {
        Container::Mp4 => {
            let key = format!("/library/streams/{}", id(SIDECAR));
            streams.push(
                subtitle(id(SIDECAR), Language::ENGLISH, "External").with("format", "srt").with("key", key),
            );
        }
        Container::Flac => {}
        Container::Matroska => {
            streams.push(audio(id(2), 2, Language::GERMAN));
            streams.push(subtitle(id(3), Language::ENGLISH, "Embedded").with("index", 3));
            streams.push(subtitle(id(4), Language::GERMAN, "Embedded").with("index", 4));
        }
    }
    streams
}

/// The three ways in which Plex names a language.
#[derive(Clone, Copy)]
struct Language {
    name: &'static str,
    tag: &'static str,
    code: &'static str,
}

impl Language {
    const ENGLISH: Self = Self { name: "English", tag: "en", code: "eng" };
    const GERMAN: Self = Self { name: "Deutsch", tag: "de", code: "deu" };

    fn on(&self, node: Node) -> Node {
        node.with("language", self.name).with("languageTag", self.tag).with("languageCode", self.code)
    }
}

fn audio(id: u32, index: u32, language: Language) -> Node {
    let node =
        Node::new("Stream").with("id", id).with("streamType", 2).with("codec", "aac").with("index", index);
    language
        .on(node)
        .with("channels", 2)
        .with("audioChannelLayout", "stereo")
        .with("samplingRate", 48_000)
        .with("displayTitle", format!("{} (AAC Stereo)", language.name))
        .with("extendedDisplayTitle", format!("{} (AAC Stereo)", language.name))
}

fn subtitle(id: u32, language: Language, place: &str) -> Node {
    let node = Node::new("Stream").with("id", id).with("streamType", 3).with("codec", "srt");
    language.on(node).with("displayTitle", format!("{} (SRT {place})", language.name))
}

/// The chapters, of files that have them.
pub(crate) fn chapters(item: &Item) -> Vec<Node> {
    if !item.kind.is_video() || Container::of(item.number) == Container::Mp4 {
        return Vec::new();
    }
    let media = FIRST_PART + item.number.0;
    let numbered = CHAPTERS.iter().zip(1_u32..);
    numbered
        .map(|((title, start, end), index)| {
            Node::new("Chapter")
                .with("id", item.number.0 * STREAMS_PER_ITEM + index)
                .with("filter", format!("thumb={index}"))
                .with("index", index)
                .with("startTimeOffset", milliseconds(*start))
                .with("endTimeOffset", milliseconds(*end))
                .with("tag", *title)
                .with("thumb", format!("/library/media/{media}/chapterImages/{index}"))
        })
        .collect()
}

/// Intro and credits of an episode.
pub(crate) fn markers(item: &Item) -> Vec<Node> {
    if item.kind != ItemKind::Episode {
        return Vec::new();
    }
    let marker = |number: u32, kind: &'static str, start: u64, end: u64| {
        let id = item.number.0 * STREAMS_PER_ITEM + number;
        Node::new("Marker")
            .with("id", id)
            .with("type", kind)
            .with("startTimeOffset", start)
            .with("endTimeOffset", end)
            .one("Attributes", Node::new("Attributes").with("id", id).with("version", 5))
    };
    let end = milliseconds(Container::of(item.number).length());
    let credits = marker(7, "credits", end - 5_000, end).with("final", true);
    vec![marker(6, "intro", 5_000, 15_000), credits]
}

/// `ratingKey`s of items as one comma list.
pub(crate) fn rating_keys(items: &[ItemNumber]) -> String {
    items.iter().map(|item| rating_key(*item)).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_the_item() {
        assert_eq!(item_of_part(FIRST_PART + 7), Some(ItemNumber(7)));
        assert_eq!(item_of_part(12), None);
        assert_eq!(item_of_sidecar(8 * STREAMS_PER_ITEM + SIDECAR), Some(ItemNumber(8)));
        assert_eq!(item_of_sidecar(7 * STREAMS_PER_ITEM + SIDECAR), None, "Matroska has none");
        assert_eq!(item_of_sidecar(83), None);
    }
}
