//! Whether a client's profile allows a source as it is, and what is made of it otherwise.

use super::user_data::Members;
use serde_json::{Value, json};

/// What is asked of a playback, from its body.
#[derive(Debug)]
pub(crate) struct Wishes<'a> {
    profile: Option<&'a Value>,
    most_bits: u64,
    direct: bool,
    converted: bool,
    copied: bool,
}

/// Who asks, for the address of what is converted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) item: &'a str,
    pub(crate) device: &'a str,
    pub(crate) token: &'a str,
    pub(crate) session: &'a str,
}

impl<'a> Wishes<'a> {
    pub(crate) fn read(body: &'a Members) -> Self {
        let flag = |name: &str| body.flag(name).unwrap_or(true);
        Self {
            profile: body.get("DeviceProfile"),
            // What the server assumes when nobody says a number.
            most_bits: body.number("MaxStreamingBitrate").unwrap_or(8_000_000),
            direct: flag("EnableDirectPlay"),
            converted: flag("EnableTranscoding"),
            copied: flag("AllowVideoStreamCopy"),
        }
    }

    /// Writes into a source how it can be played.
    pub(crate) fn decide(&self, source: &mut Value, asker: Asker<'_>, may_convert: bool) {
        // Without a profile everything goes as it is.
        let Some(profile) = self.profile else { return };
        let reasons = self.reasons(profile, source);
        let direct = reasons.is_empty() && self.direct;
        let address = (!direct && self.converted && may_convert)
            .then(|| self.address(profile, source, asker, &reasons));
        let Some(object) = source.as_object_mut() else { return };
        for flag in ["SupportsDirectPlay", "SupportsDirectStream"] {
            object.insert(flag.to_owned(), json!(direct));
        }
        object.insert("SupportsTranscoding".to_owned(), json!(may_convert));
        if let Some(address) = address.flatten() {
            object.insert("TranscodingUrl".to_owned(), json!(address));
            object.insert("TranscodingSubProtocol".to_owned(), json!("hls"));
            object.insert("TranscodingContainer".to_owned(), json!("ts"));
        }
    }

    fn reasons(&self, profile: &Value, source: &Value) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        let (video, audio) = (stream(source, "Video"), stream(source, "Audio"));
        let kind = if video.is_some() { "Video" } else { "Audio" };
        let profiles: Vec<&Value> = profile["DirectPlayProfiles"]
            .as_array()
            .map(|all| all.iter().filter(|one| one["Type"] == kind).collect())
            .unwrap_or_default();
        let any = |name: &str, value: &Value| profiles.iter().any(|one| lists(&one[name], value));
        if !any("Container", &source["Container"]) {
            reasons.push("ContainerNotSupported");
        }
        if let Some(video) = video {
            if !any("VideoCodec", &video["Codec"]) {
                reasons.push("VideoCodecNotSupported");
            }
            for (property, field, reason) in [
                ("VideoBitDepth", "BitDepth", "VideoBitDepthNotSupported"),
                ("Height", "Height", "VideoResolutionNotSupported"),
            ] {
                if exceeds(profile, video, property, field) {
                    reasons.push(reason);
                }
            }
        }
        if audio.is_some_and(|audio| !any("AudioCodec", &audio["Codec"])) {
            reasons.push("AudioCodecNotSupported");
        }
        let limit = profile["MaxStreamingBitrate"].as_u64().unwrap_or(u64::MAX).min(self.most_bits);
        if source["Bitrate"].as_u64().is_some_and(|bits| bits > limit) {
            reasons.push("ContainerBitrateExceedsLimit");
        }
        reasons
    }

    /// Where it is converted, with the odd beginning of the query that the server writes.
    fn address(&self, profile: &Value, source: &Value, asker: Asker<'_>, reasons: &[&str]) -> Option<String> {
        let made = profile["TranscodingProfiles"].as_array()?;
        made.iter().find(|one| one["Type"] == "Video" && one["Protocol"] == "hls")?;
        let Asker { item, device, token, session } = asker;
        let id = source["Id"].as_str().unwrap_or_default();
        let bits = profile["MaxStreamingBitrate"].as_u64().unwrap_or(self.most_bits).min(self.most_bits);
        Some(format!(
            "/videos/{item}/master.m3u8?&DeviceId={device}&MediaSourceId={id}&VideoCodec=h264&AudioCodec=aac&VideoBitrate={bits}&AllowVideoStreamCopy={}&PlaySessionId={session}&ApiKey={token}&TranscodeReasons={}",
            self.copied,
            reasons.join(",")
        ))
    }
}

fn stream<'a>(source: &'a Value, kind: &str) -> Option<&'a Value> {
    source["MediaStreams"].as_array()?.iter().find(|stream| stream["Type"] == kind)
}

/// Whether a list with commas has a word; a list that is not there has all.
fn lists(list: &Value, word: &Value) -> bool {
    let (Some(list), Some(word)) = (list.as_str(), word.as_str()) else { return true };
    list.is_empty() || list.split(',').any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a stream has more of something than a condition for its codec allows.
fn exceeds(profile: &Value, stream: &Value, property: &str, field: &str) -> bool {
    let Some(value) = stream[field].as_u64() else { return false };
    let all = profile["CodecProfiles"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_codec = all.iter().filter(|one| one["Type"] == "Video" && lists(&one["Codec"], &stream["Codec"]));
    let conditions = of_codec.filter_map(|one| one["Conditions"].as_array()).flatten();
    conditions
        .filter(|one| one["Condition"] == "LessThanEqual" && one["Property"] == property)
        .filter_map(|one| one["Value"].as_str()?.parse::<u64>().ok())
        .any(|limit| value > limit)
}
