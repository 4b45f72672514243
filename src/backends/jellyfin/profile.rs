//! What this machine can play, as Jellyfin reads it (`docs/protocols.md#jellyfin-playback`). Pure.

use serde_json::{Value, json};

use crate::backends::StreamAsk;
use crate::models::{Decoders, Quality, SubtitleCodec, VideoDecoder};

/// Bits per second that count as "no limit". Without a number the server assumes 8 Mbit/s and offers no
/// original above it.
const NO_BITRATE_LIMIT: u32 = 1_000_000_000;
/// Bits per second of sound that is converted by itself.
const SOUND_BITS: u32 = 320_000;
/// Channels of converted sound: as many as a living room has.
const MOST_CHANNELS: &str = "6";

/// Codecs that a transport stream carries and this machine may get unchanged in one.
const IN_TRANSPORT_STREAM: [&str; 1] = ["h264"];
/// The same for fragments of MP4, which newer codecs need.
const IN_FRAGMENTS: [&str; 4] = ["h264", "hevc", "av1", "vp9"];
/// Sound that goes unchanged in both.
const SOUND_IN_SEGMENTS: [&str; 4] = ["aac", "mp3", "ac3", "eac3"];

/// Text subtitles as files beside the video: the player draws them itself.
const BESIDE: [&str; 4] = ["srt", "ass", "ssa", "vtt"];
/// Drawn subtitles: in the file where there is a decoder, else drawn into the picture by the server.
const DRAWN: [(SubtitleCodec, &[&str]); 2] =
    [(SubtitleCodec::Pgs, &["pgssub"]), (SubtitleCodec::VobSub, &["dvdsub", "dvbsub"])];

/// Bits per second at most.
pub(super) fn most_bits(quality: Quality) -> u32 {
    quality.bits().unwrap_or(NO_BITRATE_LIMIT)
}

/// The profile for what is asked.
pub(super) fn device_profile(ask: &StreamAsk) -> Value {
    let (decoders, most) = (&*ask.decoders, most_bits(ask.quality));
    json!({
        "Name": "Reel",
        "MaxStreamingBitrate": most,
        "MaxStaticBitrate": most,
        "MusicStreamingTranscodingBitrate": most.min(SOUND_BITS),
        "DirectPlayProfiles": direct_profiles(decoders),
        "TranscodingProfiles": conversions(decoders),
        "ContainerProfiles": [],
        "CodecProfiles": codec_profiles(decoders, ask.quality),
        "SubtitleProfiles": subtitle_profiles(decoders),
    })
}

fn direct_profiles(decoders: &Decoders) -> Value {
    let audio = decoders.audio_names().join(",");
    json!([
        {
            "Type": "Video",
            "Container": decoders.container_names(true).join(","),
            "VideoCodec": decoders.video_names().join(","),
            "AudioCodec": audio,
        },
        { "Type": "Audio", "Container": decoders.container_names(false).join(","), "AudioCodec": audio },
    ])
}

/// What the server may make of a file. A picture that is listed goes on unchanged where it can.
fn conversions(decoders: &Decoders) -> Value {
    let (video, audio) = (decoders.video_names(), decoders.audio_names());
    let known = |wanted: &[&'static str], of: &[&'static str]| {
        let names: Vec<&str> = wanted.iter().filter(|name| of.contains(name)).copied().collect();
        names.join(",")
    };
    let sound = known(&SOUND_IN_SEGMENTS, &audio);
    let segments = |container: &str, video: String| {
        json!({
            "Type": "Video",
            "Container": container,
            "Protocol": "hls",
            "Context": "Streaming",
            "VideoCodec": video,
            "AudioCodec": sound,
            "MaxAudioChannels": MOST_CHANNELS,
            "MinSegments": 1,
            "BreakOnNonKeyFrames": false,
            "CopyTimestamps": false,
            "EnableSubtitlesInManifest": false,
        })
    };
    json!([
        segments("ts", known(&IN_TRANSPORT_STREAM, &video)),
        segments("mp4", known(&IN_FRAGMENTS, &video)),
        {
            "Type": "Audio",
            "Container": "mp3",
            "Protocol": "http",
            "Context": "Streaming",
            "AudioCodec": "mp3",
            "MaxAudioChannels": "2",
        },
    ])
}

fn codec_profiles(decoders: &Decoders, quality: Quality) -> Vec<Value> {
    let mut profiles: Vec<Value> = decoders.video.iter().map(of_codec).collect();
    if let Some(height) = quality.height() {
        profiles.push(json!({ "Type": "Video", "Conditions": [at_most("Height", height)] }));
    }
    profiles
}

fn of_codec(decoder: &VideoDecoder) -> Value {
    let mut conditions = vec![at_most("VideoBitDepth", u32::from(decoder.bit_depth))];
    conditions.extend(decoder.max_height.map(|height| at_most("Height", height)));
    json!({ "Type": "Video", "Codec": decoder.codec.name(), "Conditions": conditions })
}

/// A file that does not tell is let through.
fn at_most(property: &str, value: u32) -> Value {
    json!({
        "Condition": "LessThanEqual",
        "Property": property,
        "Value": value.to_string(),
        "IsRequired": false,
    })
}

fn subtitle_profiles(decoders: &Decoders) -> Vec<Value> {
    let profile = |format: &&str, method: &str| json!({ "Format": format, "Method": method });
    let mut profiles: Vec<Value> = BESIDE.iter().map(|format| profile(format, "External")).collect();
    let inside = decoders.subtitles.iter().flat_map(|codec| codec.names());
    profiles.extend(inside.map(|format| profile(format, "Embed")));
    for (codec, formats) in DRAWN {
        let method = if decoders.subtitles.contains(&codec) { "Embed" } else { "Encode" };
        profiles.extend(formats.iter().map(|format| profile(format, method)));
    }
    profiles
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::models::{AudioCodec, Container, VideoCodec};

    fn ask(quality: Quality) -> StreamAsk {
        let decoders = Decoders {
            containers: [Container::Matroska, Container::Flac].into(),
            video: vec![
                VideoDecoder::software(VideoCodec::H264, 8),
                VideoDecoder { max_height: Some(2160), ..VideoDecoder::software(VideoCodec::Hevc, 10) },
            ],
            audio: [AudioCodec::Aac, AudioCodec::Flac].into(),
            subtitles: [SubtitleCodec::Text].into(),
        };
        StreamAsk { decoders: Arc::new(decoders), quality, ..StreamAsk::default() }
    }

    #[test]
    fn only_what_this_machine_decodes_is_promised() {
        let profile = device_profile(&ask(Quality::Original));
        assert_eq!(profile["MaxStreamingBitrate"], NO_BITRATE_LIMIT);
        let direct = &profile["DirectPlayProfiles"];
        assert_eq!(direct[0]["Container"], "mkv,webm,mka");
        assert_eq!(direct[0]["VideoCodec"], "h264,hevc");
        assert_eq!(direct[0]["AudioCodec"], "aac,flac");
        assert_eq!(direct[1]["Container"], "mkv,webm,mka,flac");
        let made = &profile["TranscodingProfiles"];
        assert_eq!((&made[0]["Container"], &made[0]["VideoCodec"]), (&json!("ts"), &json!("h264")));
        assert_eq!((&made[1]["Container"], &made[1]["VideoCodec"]), (&json!("mp4"), &json!("h264,hevc")));
        assert_eq!(made[0]["AudioCodec"], "aac");
    }

    #[test]
    fn depth_and_size_of_a_decoder_are_conditions() {
        let profile = device_profile(&ask(Quality::Original));
        let of = |codec: &str| {
            let all = profile["CodecProfiles"].as_array().unwrap();
            all.iter().find(|one| one["Codec"] == codec).unwrap()["Conditions"].clone()
        };
        assert_eq!(of("h264"), json!([at_most("VideoBitDepth", 8)]));
        assert_eq!(of("hevc"), json!([at_most("VideoBitDepth", 10), at_most("Height", 2160)]));
    }

    #[test]
    fn a_limit_holds_for_files_and_conversions() {
        let profile = device_profile(&ask(Quality::from_kilobits(4000)));
        assert_eq!(profile["MaxStreamingBitrate"], 4_000_000);
        assert_eq!(profile["MaxStaticBitrate"], 4_000_000);
        let conditions = profile["CodecProfiles"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(conditions, json!({ "Type": "Video", "Conditions": [at_most("Height", 720)] }));
    }

    #[test]
    fn drawn_subtitles_without_a_decoder_are_drawn_by_the_server() {
        let method = |ask: &StreamAsk, format: &str| -> Vec<String> {
            let profiles = subtitle_profiles(&ask.decoders);
            let of = profiles.iter().filter(|one| one["Format"] == format);
            of.map(|one| one["Method"].as_str().unwrap().to_owned()).collect()
        };
        let without = ask(Quality::Original);
        assert_eq!(method(&without, "pgssub"), ["Encode"]);
        assert_eq!(method(&without, "srt"), ["External", "Embed"]);
        let mut decoders = Decoders::clone(&without.decoders);
        decoders.subtitles.insert(SubtitleCodec::Pgs);
        let with = StreamAsk { decoders: Arc::new(decoders), ..without };
        assert!(!method(&with, "pgssub").contains(&"Encode".to_owned()));
    }
}
