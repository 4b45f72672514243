//! What the server makes of a title that does not come as it is: the question, the decision, keeping and ending it
//! (`docs/protocols.md#plex-transcoding`). Pure.

use serde::Deserialize;

use super::scalar::{Loose, Many};
use crate::backends::{NotDirect, StreamAsk};
use crate::models::{Decoders, MediaVersion, PlayMethod, RemoteId, StreamKind, VideoCodec, Way};
use crate::net::{Call, ErrorKind, Profile};

/// Codecs of pictures that a transport stream carries.
const IN_SEGMENTS: [&str; 2] = ["h264", "hevc"];
/// The same for sound.
const SOUND_IN_SEGMENTS: [&str; 4] = ["aac", "mp3", "ac3", "eac3"];

/// The decisions that begin so are failures: 1 is well, 2 for want of bandwidth and the like, 3 no direct play, 4 no
/// conversion.
const WELL: u32 = 1;

/// One playback to be decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The item.
    pub(super) item: &'a RemoteId,
    /// The version's place among those of the item.
    pub(super) place: usize,
    /// The version.
    pub(super) version: &'a MediaVersion,
    /// What is asked.
    pub(super) ask: &'a StreamAsk,
    /// Names the playback.
    pub(super) session: &'a str,
}

impl Wanted<'_> {
    /// Whether the file may come as it is.
    pub(super) fn may_be_direct(&self) -> bool {
        !self.ask.force_transcode && self.ask.quality.allows(self.version.bitrate, height(self.version))
    }

    /// Whether a failed question means that the server knows no such question, and the file can be played without it.
    pub(super) fn is_unknown(&self, kind: ErrorKind) -> bool {
        let knows_not = matches!(kind, ErrorKind::NotFound | ErrorKind::Client | ErrorKind::Decode);
        let container = self.version.container.as_deref();
        knows_not && self.may_be_direct() && container.is_none_or(|name| self.ask.decoders.reads(name))
    }

    /// The question how it will be played.
    pub(super) fn decision_call(&self) -> Call {
        self.parameters(Call::get("/video/:/transcode/universal/decision"))
    }

    /// The playlist of what is converted; the same parameters as the question.
    pub(super) fn start_call(&self) -> Call {
        self.parameters(Call::get("/video/:/transcode/universal/start.m3u8"))
    }

    fn parameters(&self, call: Call) -> Call {
        let ask = self.ask;
        let flag = |flag: bool| u8::from(flag);
        let mut call = call
            .query("path", format!("/library/metadata/{}", self.item))
            .query("mediaIndex", self.place)
            .query("partIndex", 0)
            .query("protocol", "hls")
            .query("transcodeSessionId", self.session)
            // The older name of the same.
            .query("session", self.session)
            .query("directPlay", flag(self.may_be_direct()))
            .query("directStream", flag(!ask.force_transcode))
            .query("directStreamAudio", flag(!ask.force_transcode))
            .query("offset", ask.start.as_secs())
            .query("videoQuality", 100)
            .query("fastSeek", 1)
            .query("autoAdjustQuality", 0)
            .query("location", if matches!(ask.way, None | Some(Way::Home)) { "lan" } else { "wan" })
            // Unless somebody wants subtitles none are drawn into the picture.
            .query("subtitles", if ask.subtitle_stream.is_some() { "burn" } else { "none" });
        if let (Some(bits), Some(height)) = (ask.quality.bits(), ask.quality.height()) {
            let kilobits = bits / 1000;
            call = call
                .query("videoBitrate", kilobits)
                .query("maxVideoBitrate", kilobits)
                .query("videoResolution", format!("{}x{height}", height * 16 / 9));
        }
        if let Some(audio) = &ask.audio_stream {
            call = call.query("audioStreamID", audio);
        }
        if let Some(subtitle) = &ask.subtitle_stream {
            call = call.query("subtitleStreamID", subtitle);
        }
        call.query("X-Plex-Client-Profile-Name", "generic")
            .query("X-Plex-Client-Profile-Extra", profile(&ask.decoders))
    }
}

fn height(version: &MediaVersion) -> Option<u32> {
    version.streams.iter().find(|stream| stream.kind == StreamKind::Video)?.height
}

/// What this machine plays, as additions to the server's profile of a player that plays nothing.
pub(super) fn profile(decoders: &Decoders) -> String {
    let (video, audio) = (decoders.video_names(), decoders.audio_names());
    let known = |wanted: &[&'static str], of: &[&'static str]| {
        let names: Vec<&str> = wanted.iter().filter(|name| of.contains(name)).copied().collect();
        names.join(",")
    };
    let containers = decoders.container_names(true);
    let mut directives: Vec<String> = containers
        .iter()
        .map(|container| {
            format!(
                "add-direct-play-profile(type=videoProfile&container={container}&videoCodec={}&audioCodec={}&subtitleCodec=*)",
                video.join(","),
                audio.join(",")
            )
        })
        .collect();
    directives.push(format!(
        "add-transcode-target(type=videoProfile&context=streaming&protocol=hls&container=mpegts&videoCodec={}&audioCodec={}&replace=true)",
        known(&IN_SEGMENTS, &video),
        known(&SOUND_IN_SEGMENTS, &audio)
    ));
    for decoder in &decoders.video {
        let scope = decoder.codec.name();
        let limit = |name: &str, value: u32| {
            format!(
                "add-limitation(scope=videoCodec&scopeName={scope}&type=upperBound&name={name}&value={value}&replace=true)"
            )
        };
        if matches!(decoder.codec, VideoCodec::H264 | VideoCodec::Hevc | VideoCodec::Av1 | VideoCodec::Vp9) {
            directives.push(limit("video.bitDepth", u32::from(decoder.bit_depth)));
        }
        directives.extend(decoder.max_height.map(|height| limit("video.height", height)));
    }
    directives.join("+")
}

/// The answer to the question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionEnvelope {
    #[serde(rename = "MediaContainer")]
    pub(super) container: Decision,
}

/// What the server has decided.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Decision {
    general_decision_code: Loose<u32>,
    direct_play_decision_code: Loose<u32>,
    transcode_decision_code: Loose<u32>,
    #[serde(rename = "Metadata")]
    metadata: Many<DecidedItem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecidedItem {
    #[serde(rename = "Media")]
    media: Many<DecidedMedia>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecidedMedia {
    selected: Loose<bool>,
    #[serde(rename = "Part")]
    parts: Many<DecidedPart>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecidedPart {
    decision: Loose<String>,
    #[serde(rename = "Stream")]
    streams: Many<DecidedStream>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DecidedStream {
    stream_type: Loose<u32>,
    decision: Loose<String>,
}

/// How it will be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it is.
    Direct,
    /// Converted, for these reasons.
    Converted(PlayMethod, Vec<NotDirect>),
    /// The server has no way.
    Never,
}

impl Decision {
    /// What it means for what was wanted.
    pub(super) fn verdict(&self, wanted: &Wanted<'_>) -> Verdict {
        let part = self.part();
        let word = part.and_then(|part| part.decision.text()).unwrap_or_default();
        let is_well = |code: &Loose<u32>| code.get().map(|code| code / 1000 == WELL);
        if is_well(&self.general_decision_code) == Some(false) {
            return Verdict::Never;
        }
        let says_direct =
            word == "directplay" || word.is_empty() && is_well(&self.direct_play_decision_code) == Some(true);
        if says_direct && wanted.may_be_direct() {
            return Verdict::Direct;
        }
        if is_well(&self.transcode_decision_code) == Some(false) || part.is_none() {
            return Verdict::Never;
        }
        let decision = |kind: u32| {
            let streams = part.map(|part| part.streams.0.as_slice()).unwrap_or_default();
            let mut of_kind = streams.iter().filter(move |stream| stream.stream_type.get() == Some(kind));
            of_kind.find_map(|stream| stream.decision.text()).unwrap_or_default()
        };
        let (video, audio, subtitles) = (decision(1), decision(2), decision(3));
        let is_copied = video == "copy" && subtitles != "burn";
        let method = if is_copied { PlayMethod::Remux } else { PlayMethod::Transcode };
        Verdict::Converted(method, reasons(wanted, video, audio, subtitles))
    }

    /// The part that was chosen.
    fn part(&self) -> Option<&DecidedPart> {
        let media = &self.metadata.0.first()?.media.0;
        let chosen = media.iter().find(|media| media.selected.is_true()).or_else(|| media.first())?;
        chosen.parts.0.first()
    }
}

fn reasons(wanted: &Wanted<'_>, video: &str, audio: &str, subtitles: &str) -> Vec<NotDirect> {
    if wanted.ask.force_transcode {
        return vec![NotDirect::Failed];
    }
    if !wanted.may_be_direct() {
        return vec![NotDirect::Bitrate];
    }
    let mut reasons = Vec::new();
    reasons.extend((video == "transcode").then_some(NotDirect::VideoCodec));
    reasons.extend((audio == "transcode").then_some(NotDirect::AudioCodec));
    reasons.extend((subtitles == "burn").then_some(NotDirect::Subtitles));
    if reasons.is_empty() { vec![NotDirect::Container] } else { reasons }
}

/// Keeps up what is converted for a playback.
pub(super) fn keep_call(session: &str) -> Call {
    Call::get("/video/:/transcode/universal/ping").query("session", session).profile(Profile::Background)
}

/// Ends what is converted for a playback.
pub(super) fn end_call(session: &str) -> Call {
    Call::get("/video/:/transcode/universal/stop").query("session", session)
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
