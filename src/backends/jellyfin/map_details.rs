//! Details of an item as the app's own types: versions, streams, chapters, markers, people. Pure.

use super::dto::{ChapterDto, ItemDto, MediaSourceDto, MediaStreamDto, PersonDto, SegmentDto};
use super::images;
use super::map::{duration, remote};
use super::previews;
use super::tolerant::Maybe;
use crate::models::{
    Chapter, Credit, CreditRole, Marker, MarkerKind, MediaDetails, MediaStream, MediaVersion, StreamKind,
};

/// Maps what only the request for one item gives; markers come from a request of their own.
pub(super) fn details(dto: &ItemDto, segments: &[SegmentDto]) -> MediaDetails {
    let versions = dto.media_sources.0.iter().filter_map(|source| version(dto, source));
    MediaDetails {
        versions: versions.chain(photo(dto)).collect(),
        chapters: dto
            .chapters
            .0
            .iter()
            .zip(0..)
            .map(|(chapter, place)| self::chapter(dto, chapter, place))
            .collect(),
        markers: segments.iter().filter_map(marker).collect(),
        credits: dto.people.0.iter().filter_map(credit).collect(),
        studios: dto.studios.0.iter().filter_map(|studio| studio.name.owned()).collect(),
        extras: Vec::new(),
    }
}

/// A photo has no sources: the item itself says how large it is.
fn photo(dto: &ItemDto) -> Option<MediaVersion> {
    let (width, height) = (dto.width.count()?, dto.height.count()?);
    if dto.kind.text() != Some("Photo") {
        return None;
    }
    let id = dto.id.owned()?;
    Some(MediaVersion { streams: vec![MediaStream::picture(width, height)], id, ..MediaVersion::default() })
}

fn version(item: &ItemDto, dto: &MediaSourceDto) -> Option<MediaVersion> {
    let id = dto.id.owned()?;
    let streams = dto.media_streams.0.iter();
    Some(MediaVersion {
        streams: streams.filter_map(|stream| self::stream(item.id.text()?, &id, stream)).collect(),
        previews: previews::of_version(item, &id, dto.etag.text()),
        id,
        name: dto.name.owned(),
        container: dto.container.owned(),
        bitrate: dto.bitrate.0.and_then(|bits| u64::try_from(bits).ok()),
        size: dto.size.0.and_then(|bytes| u64::try_from(bytes).ok()),
        duration: duration(&dto.run_time_ticks),
        location: String::new(),
        tag: dto.etag.owned(),
    })
}

/// Maps a stream of a version of an item; `None` for pictures, data and lyrics in the file, and for drawn
/// subtitles beside it, which the server cannot give.
fn stream(item: &str, version: &str, dto: &MediaStreamDto) -> Option<MediaStream> {
    let kind = match dto.kind.text()? {
        "Video" => StreamKind::Video,
        "Audio" => StreamKind::Audio,
        "Subtitle" => StreamKind::Subtitle,
        _ => return None,
    };
    let id = dto.index.count()?.to_string();
    let codec = dto.codec.owned().map(|codec| codec.to_ascii_lowercase());
    let external = if dto.is_external.is_true() && kind == StreamKind::Subtitle {
        let format = subtitle_format(codec.as_deref(), &dto.is_text_subtitle_stream)?;
        Some(format!("/Videos/{item}/{version}/Subtitles/{id}/Stream.{format}"))
    } else {
        None
    };
    Some(MediaStream {
        kind,
        id,
        codec,
        language: dto.language.owned().filter(|language| language != "und"),
        title: dto.display_title.owned().or_else(|| dto.title.owned()),
        width: dto.width.count(),
        height: dto.height.count(),
        channels: dto.channels.count(),
        range: dto.video_range_type.text().and_then(range),
        default: dto.is_default.is_true(),
        forced: dto.is_forced.is_true(),
        external,
    })
}

/// A name for a dynamic range beyond the standard one.
fn range(word: &str) -> Option<String> {
    let name = match word {
        "HDR10" => "HDR10",
        "HDR10Plus" => "HDR10+",
        "HLG" => "HLG",
        _ if word.starts_with("DOVI") => "Dolby Vision",
        _ => return None,
    };
    Some(name.to_owned())
}

fn chapter(item: &ItemDto, dto: &ChapterDto, place: u32) -> Chapter {
    Chapter {
        start: duration(&dto.start_position_ticks).unwrap_or_default(),
        title: dto.name.owned(),
        image: images::of_chapter(&item.id, place, &dto.image_tag),
    }
}

fn marker(dto: &SegmentDto) -> Option<Marker> {
    let kind = match dto.kind.text()? {
        "Intro" => MarkerKind::Intro,
        "Outro" => MarkerKind::Credits,
        "Recap" => MarkerKind::Recap,
        "Commercial" => MarkerKind::Commercial,
        "Preview" => MarkerKind::Preview,
        _ => return None,
    };
    let (start, end) = (duration(&dto.start_ticks).unwrap_or_default(), duration(&dto.end_ticks)?);
    (start < end).then_some(Marker { kind, start, end })
}

fn credit(dto: &PersonDto) -> Option<Credit> {
    let role = match dto.kind.text().unwrap_or_default() {
        "Actor" | "GuestStar" => CreditRole::Actor,
        "Director" => CreditRole::Director,
        "Writer" => CreditRole::Writer,
        _ => CreditRole::Other,
    };
    Some(Credit {
        name: dto.name.owned()?,
        role,
        character: dto.role.owned().filter(|_| role == CreditRole::Actor),
        image: images::of_person(&dto.id, &dto.primary_image_tag),
        person: remote(&dto.id),
    })
}

/// The file ending under which the server gives a text subtitle stream; `None` for drawn ones.
pub(super) fn subtitle_format(codec: Option<&str>, text: &Maybe<bool>) -> Option<&'static str> {
    match codec {
        Some("ass") => Some("ass"),
        Some("ssa") => Some("ssa"),
        Some("vtt" | "webvtt") => Some("vtt"),
        Some("srt" | "subrip") => Some("srt"),
        // Any other text is converted by the server.
        _ => text.is_true().then_some("srt"),
    }
}
