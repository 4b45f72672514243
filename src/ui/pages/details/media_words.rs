//! What files are made of, in words. Pure.

use gettextrs::gettext;

use crate::models::{MediaDetails, MediaStream, MediaVersion, StreamKind};
use crate::ui::text;

/// What versions are chosen by: `4K HDR10 · 58 GB`, with what else tells those apart that would be called alike.
pub(super) fn version_names(details: &MediaDetails) -> Vec<String> {
    let short: Vec<String> = details.versions.iter().map(version_name).collect();
    let is_shared = |name: &String| short.iter().filter(|other| *other == name).count() > 1;
    let names = details.versions.iter().zip(&short).enumerate();
    names
        .map(|(place, (version, name))| {
            if !is_shared(name) {
                return name.clone();
            }
            let more = version.name.clone().or_else(|| version.container.clone());
            let more = more.filter(|more| !name.contains(more.as_str()));
            format!("{name} · {}", more.unwrap_or_else(|| (place + 1).to_string()))
        })
        .collect()
}

fn version_name(version: &MediaVersion) -> String {
    let video = version.streams.iter().find(|stream| stream.kind == StreamKind::Video);
    let picture: Vec<String> = video
        .into_iter()
        .flat_map(|video| resolution(video).into_iter().chain(video.range.clone()))
        .collect();
    let picture = Some(picture.join(" ")).filter(|picture| !picture.is_empty());
    let name = picture.or_else(|| version.name.clone()).or_else(|| version.container.clone());
    let name = name.unwrap_or_else(|| gettext("File"));
    match version.size {
        Some(size) => format!("{name} · {}", gtk::glib::format_size(size)),
        None => name,
    }
}

/// `4K`, `1080p`, … of a picture.
pub(super) fn resolution(video: &MediaStream) -> Option<String> {
    Some(match (video.width?, video.height?) {
        (3000.., _) => "4K".to_owned(),
        (1800.., _) | (_, 1000..) => "1080p".to_owned(),
        (1200.., _) | (_, 700..) => "720p".to_owned(),
        (_, height) => format!("{height}p"),
    })
}

/// The lines about a version: name and value.
pub(super) fn version_lines(version: &MediaVersion, is_local: bool) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut add = |name: String, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    add(gettext("Container"), version.container.as_ref().map(|container| container.to_uppercase()));
    add(gettext("Size"), version.size.map(|size| gtk::glib::format_size(size).to_string()));
    add(gettext("Length"), version.duration.map(text::length));
    add(gettext("Bit Rate"), version.bitrate.map(bit_rate));
    add(gettext("File"), is_local.then(|| version.location.clone()));
    for stream in &version.streams {
        let name = match stream.kind {
            StreamKind::Video => gettext("Video"),
            // Translators: a sound track of a film
            StreamKind::Audio => gettext("Audio"),
            StreamKind::Subtitle => gettext("Subtitles"),
        };
        add(name, Some(stream_words(stream)).filter(|words| !words.is_empty()));
    }
    lines
}

/// `68 Mbit/s`, `640 kbit/s`.
fn bit_rate(bits: u64) -> String {
    const MEGA: u64 = 1_000_000;
    if bits >= 10 * MEGA {
        return gettext("{n} Mbit/s").replace("{n}", &(bits / MEGA).to_string());
    }
    if bits >= MEGA {
        let tenths = bits / (MEGA / 10);
        return gettext("{n} Mbit/s").replace("{n}", &format!("{}.{}", tenths / 10, tenths % 10));
    }
    gettext("{n} kbit/s").replace("{n}", &(bits / 1000).to_string())
}

fn stream_words(stream: &MediaStream) -> String {
    let mut words: Vec<String> = Vec::new();
    if stream.kind != StreamKind::Video {
        words.extend(stream.language.as_ref().map(|language| language.to_uppercase()));
    }
    words.extend(stream.codec.as_deref().map(codec));
    if let (Some(width), Some(height)) = (stream.width, stream.height) {
        words.push(format!("{width} × {height}"));
    }
    words.extend(stream.range.clone());
    words.extend(stream.channels.map(channels));
    if stream.forced {
        // Translators: subtitles for foreign parts only
        words.push(gettext("Forced"));
    }
    if stream.external.is_some() {
        // Translators: subtitles in a file beside the video
        words.push(gettext("External"));
    }
    words.join(" · ")
}

/// A codec as people write it.
fn codec(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "h264" | "avc" => "H.264".to_owned(),
        "hevc" | "h265" => "HEVC".to_owned(),
        "mpeg2video" => "MPEG-2".to_owned(),
        "eac3" => "Dolby Digital Plus".to_owned(),
        "ac3" => "Dolby Digital".to_owned(),
        "truehd" => "Dolby TrueHD".to_owned(),
        "subrip" | "srt" => "SRT".to_owned(),
        "pgssub" | "hdmv_pgs_subtitle" => "PGS".to_owned(),
        other => other.to_uppercase(),
    }
}

fn channels(count: u32) -> String {
    match count {
        1 => gettext("Mono"),
        2 => gettext("Stereo"),
        6 => "5.1".to_owned(),
        8 => "7.1".to_owned(),
        count => gettext("{n} channels").replace("{n}", &count.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(kind: StreamKind) -> MediaStream {
        MediaStream {
            kind,
            id: String::new(),
            codec: None,
            language: None,
            title: None,
            width: None,
            height: None,
            channels: None,
            range: None,
            default: false,
            forced: false,
            external: None,
        }
    }

    fn version(width: u32, height: u32, range: Option<&str>, size: Option<u64>) -> MediaVersion {
        let range = range.map(str::to_owned);
        let video =
            MediaStream { width: Some(width), height: Some(height), range, ..stream(StreamKind::Video) };
        MediaVersion { size, streams: vec![video], ..MediaVersion::default() }
    }

    #[test]
    fn versions_are_called_after_what_is_seen_of_them() {
        let mut details = MediaDetails {
            versions: vec![
                version(3840, 2160, Some("HDR10"), Some(58_000_000_000)),
                version(1920, 804, None, None),
                MediaVersion { container: Some("avi".to_owned()), ..MediaVersion::default() },
            ],
            ..MediaDetails::default()
        };
        let names = version_names(&details);
        assert_eq!(names[0].replace('\u{a0}', " "), "4K HDR10 · 58.0 GB");
        assert_eq!(names[1..], ["1080p", "avi"]);
        details.versions[2] =
            MediaVersion { name: Some("Cut".to_owned()), ..version(1920, 1080, None, None) };
        assert_eq!(version_names(&details)[1..], ["1080p · 2", "1080p · Cut"]);
    }

    #[test]
    fn streams_are_described_as_far_as_they_are_known() {
        let audio = MediaStream {
            codec: Some("eac3".to_owned()),
            language: Some("eng".to_owned()),
            channels: Some(6),
            ..stream(StreamKind::Audio)
        };
        let mut file = version(3840, 2160, Some("HLG"), None);
        file.streams.push(audio);
        file.streams.push(stream(StreamKind::Subtitle));
        file.bitrate = Some(1_230_000);
        file.location = "/films/a.mkv".to_owned();
        let lines = version_lines(&file, true);
        let shown: Vec<_> = lines.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(
            shown,
            [
                "Bit Rate: 1.2 Mbit/s",
                "File: /films/a.mkv",
                "Video: 3840 × 2160 · HLG",
                "Audio: ENG · Dolby Digital Plus · 5.1"
            ]
        );
        assert!(!version_lines(&file, false).iter().any(|(_, value)| value.contains("films")));
    }
}
