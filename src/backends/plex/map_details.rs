//! Details of an item: versions, streams, chapters, markers, people. Pure.

use std::time::Duration;

use super::dto::{Marker as MarkerDto, Media, Metadata, Stream, Tag};
use super::images::image_key;
use super::previews;
use crate::models::{
    Chapter, Credit, CreditRole, Marker, MarkerKind, MediaDetails, MediaStream, MediaVersion, RemoteId,
    StreamKind,
};

/// Everything but the item itself.
pub(super) fn details(item: &Metadata) -> MediaDetails {
    let mut media: Vec<&Media> = item.media.0.iter().collect();
    // Best first; among equals the server's order.
    media
        .sort_by_key(|media| std::cmp::Reverse((media.width.get(), media.height.get(), media.bitrate.get())));
    let is_photo = item.kind.text() == Some("photo");
    MediaDetails {
        versions: media.into_iter().filter_map(|media| version(media, is_photo)).collect(),
        chapters: chapters(item),
        markers: item.markers.0.iter().filter_map(marker).collect(),
        credits: credits(item),
        studios: item.studio.get().into_iter().collect(),
        extras: Vec::new(),
    }
}

/// Cast and crew, as far as the item tells them: a listing tells a few.
pub(super) fn credits(item: &Metadata) -> Vec<Credit> {
    let people = [
        (&item.roles, CreditRole::Actor),
        (&item.directors, CreditRole::Director),
        (&item.writers, CreditRole::Writer),
    ];
    people
        .into_iter()
        .flat_map(|(tags, role)| tags.0.iter().filter_map(move |tag| credit(tag, role)))
        .collect()
}

/// A version that can be played. Of one in several files the first file counts.
fn version(media: &Media, is_photo: bool) -> Option<MediaVersion> {
    let part = media.parts.0.iter().find(|part| part.key.text().is_some())?;
    let length = part.duration.get().or(media.duration.get());
    let mut streams: Vec<MediaStream> = part.streams.0.iter().filter_map(stream).collect();
    // A photo has no streams: the version says how large it is.
    if let (true, Some(width), Some(height)) = (is_photo, media.width.get(), media.height.get()) {
        streams.push(MediaStream::picture(width, height));
    }
    Some(MediaVersion {
        id: media.id.get()?,
        name: media.title.get().or_else(|| media.video_resolution.text().map(resolution)),
        container: part.container.get().or_else(|| media.container.get()),
        bitrate: media.bitrate.get().map(|kilobits| kilobits.saturating_mul(1000)),
        size: part.size.get(),
        duration: length.filter(|length| *length > 0).map(Duration::from_millis),
        location: part.key.get()?,
        tag: None,
        previews: previews::of_part(part),
        streams,
    })
}

/// `4k` → `4K`, `1080` → `1080p`, `sd` → `SD`.
fn resolution(label: &str) -> String {
    if label.bytes().all(|digit| digit.is_ascii_digit()) {
        format!("{label}p")
    } else {
        label.to_ascii_uppercase()
    }
}

fn stream(stream: &Stream) -> Option<MediaStream> {
    let kind = match stream.kind.get()? {
        1 => StreamKind::Video,
        2 => StreamKind::Audio,
        3 => StreamKind::Subtitle,
        _ => return None,
    };
    Some(MediaStream {
        kind,
        id: stream.id.get()?,
        codec: stream.codec.get().or_else(|| stream.format.get()),
        language: stream
            .language_code
            .get()
            .or_else(|| stream.language_tag.get())
            .or_else(|| stream.language.get()),
        title: stream.display_title.get().or_else(|| stream.title.get()),
        width: stream.width.get(),
        height: stream.height.get(),
        channels: stream.channels.get(),
        range: range(stream),
        default: stream.default.is_true(),
        forced: stream.forced.is_true(),
        external: stream.key.get().filter(|_| kind == StreamKind::Subtitle),
    })
}

/// A name for a dynamic range beyond the standard one.
fn range(stream: &Stream) -> Option<String> {
    let name = match stream.color_trc.text() {
        _ if stream.dolby_vision.is_true() => "Dolby Vision",
        Some("smpte2084") => "HDR10",
        Some("arib-std-b67") => "HLG",
        _ => return None,
    };
    Some(name.to_owned())
}

fn chapters(item: &Metadata) -> Vec<Chapter> {
    let chapters = item.chapters.0.iter().filter_map(|chapter| {
        let start = Duration::from_millis(chapter.start_time_offset.get()?);
        Some(Chapter { start, title: chapter.tag.get(), image: chapter.thumb.text().map(image_key) })
    });
    let mut chapters: Vec<_> = chapters.collect();
    chapters.sort_by_key(|chapter| chapter.start);
    chapters
}

fn marker(marker: &MarkerDto) -> Option<Marker> {
    let kind = match marker.kind.text()? {
        "intro" => MarkerKind::Intro,
        "credits" => MarkerKind::Credits,
        "commercial" => MarkerKind::Commercial,
        _ => return None,
    };
    let start = Duration::from_millis(marker.start_time_offset.get()?);
    let end = Duration::from_millis(marker.end_time_offset.get()?);
    (start < end).then_some(Marker { kind, start, end })
}

fn credit(tag: &Tag, role: CreditRole) -> Option<Credit> {
    Some(Credit {
        name: tag.name.get()?,
        role,
        character: tag.role.get().filter(|_| role == CreditRole::Actor),
        image: tag.thumb.text().map(image_key),
        person: tag.id.get().map(RemoteId::new),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn film() -> Metadata {
        serde_json::from_value(json!({
            "ratingKey": "1049", "type": "movie", "title": "The Lantern", "studio": "North Pier",
            "Media": [
                {"id": 828, "width": 720, "height": 304, "videoResolution": "sd",
                 "Part": [{"id": 828, "key": "/library/parts/828/1/file.avi"}]},
                {"id": "827", "duration": 6_843_008, "bitrate": "10665", "width": 3840, "height": "1608",
                 "videoResolution": "4k", "container": "mkv", "Part": [
                    {"id": 827, "key": "/library/parts/827/1710015000/file.mkv", "duration": 6_800_000,
                     "size": 9_123_456_789_u64, "container": "mkv", "Stream": [
                        {"id": 279, "streamType": 1, "default": true, "codec": "hevc", "width": 3840, "height": 1608},
                        {"id": 280, "streamType": 2, "default": "1", "codec": "eac3", "channels": 6,
                         "languageTag": "en", "languageCode": "eng", "displayTitle": "English (EAC3 5.1)"},
                        {"id": 281, "streamType": 3, "codec": "srt", "key": "/library/streams/281", "forced": 1,
                         "languageCode": "eng", "displayTitle": "English Forced (SRT External)"},
                        {"id": 282, "streamType": 4, "codec": "lrc"}, {"streamType": 2}, "broken"]},
                    {"id": 829, "key": "/library/parts/829/1710015000/file.mkv"}]},
                {"id": 830, "Part": []}],
            "Chapter": [{"startTimeOffset": 100_100, "tag": "Two"}, {"startTimeOffset": 0, "tag": ""}, {}],
            "Marker": [{"type": "intro", "startTimeOffset": 30_500, "endTimeOffset": 119_000},
                {"type": "credits", "startTimeOffset": 6_600_000, "endTimeOffset": 6_843_008, "final": true},
                {"type": "commercial", "startTimeOffset": 1, "endTimeOffset": 2},
                {"type": "resume", "startTimeOffset": 1, "endTimeOffset": 2},
                {"type": "intro", "startTimeOffset": 5}],
            "Role": [{"tag": "Ada Mir", "role": "Keeper", "thumb": "https://metadata-static.plex.tv/p/1.jpg", "id": "4"},
                {"tag": " "}],
            "Director": [{"tag": "Jo Ruiz", "id": 2}], "Writer": {"tag": "Jo Ruiz"}
        }))
        .unwrap()
    }

    #[test]
    fn versions_come_best_first_and_only_when_playable() {
        let details = details(&film());
        let names: Vec<_> = details.versions.iter().map(|version| version.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["4K", "SD"]);
        let best = &details.versions[0];
        assert_eq!(best.id, "827");
        assert_eq!(best.location, "/library/parts/827/1710015000/file.mkv");
        assert_eq!(best.bitrate, Some(10_665_000));
        assert_eq!(best.size, Some(9_123_456_789));
        assert_eq!(best.duration, Some(Duration::from_secs(6800)));
    }

    #[test]
    fn streams_are_told_apart() {
        let details = details(&film());
        let streams = &details.versions[0].streams;
        let kinds: Vec<_> = streams.iter().map(|stream| (stream.kind, stream.id.as_str())).collect();
        let expected =
            [(StreamKind::Video, "279"), (StreamKind::Audio, "280"), (StreamKind::Subtitle, "281")];
        assert_eq!(kinds, expected);
        assert_eq!(streams[1].language.as_deref(), Some("eng"));
        assert!(streams[1].default && !streams[1].forced);
        assert_eq!(streams[1].channels, Some(6));
        assert!(streams[2].forced);
        assert_eq!(streams[2].external.as_deref(), Some("/library/streams/281"));
    }

    #[test]
    fn chapters_markers_and_people() {
        let details = details(&film());
        let starts: Vec<_> = details.chapters.iter().map(|chapter| chapter.start.as_millis()).collect();
        assert_eq!(starts, [0, 100_100]);
        assert_eq!(details.chapters[0].title, None);
        let kinds: Vec<_> = details.markers.iter().map(|marker| marker.kind).collect();
        assert_eq!(kinds, [MarkerKind::Intro, MarkerKind::Credits, MarkerKind::Commercial]);
        let people: Vec<_> =
            details.credits.iter().map(|credit| (credit.name.as_str(), credit.role)).collect();
        let expected = [
            ("Ada Mir", CreditRole::Actor),
            ("Jo Ruiz", CreditRole::Director),
            ("Jo Ruiz", CreditRole::Writer),
        ];
        assert_eq!(people, expected);
        assert_eq!(details.credits[0].character.as_deref(), Some("Keeper"));
        assert_eq!(details.studios, ["North Pier"]);
    }

    #[test]
    fn resolutions_have_names() {
        for (label, name) in [("4k", "4K"), ("1080", "1080p"), ("sd", "SD"), ("576", "576p")] {
            assert_eq!(resolution(label), name);
        }
    }
}
