//! What Jellyfin converts for us: where it is, why, and how it is kept and ended
//! (`docs/protocols.md#jellyfin-playback`). Pure.

use url::Url;

use super::dto::MediaSourceDto;
use crate::backends::{Delivery, NotDirect, StreamAsk, StreamProtocol};
use crate::models::{PlayMethod, ServerUrl};
use crate::net::{Call, Method, Profile};

/// Names under which servers put the token into addresses.
const TOKEN_NAMES: [&str; 2] = ["api_key", "apikey"];

/// Address and delivery of a version that is converted; `None` when the server does not offer it.
pub(super) fn conversion(
    base: &ServerUrl,
    source: &MediaSourceDto,
    ask: &StreamAsk,
) -> Option<(Url, Delivery)> {
    let offered = source.transcoding_url.text()?;
    let url = address(base, offered)?;
    let reasons = reasons(&url, ask);
    let is_hls = source.transcoding_sub_protocol.text().is_some_and(|word| word.eq_ignore_ascii_case("hls"));
    let delivery = Delivery {
        method: method(&reasons, ask),
        reasons,
        protocol: if is_hls
            || url.path().rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("m3u8"))
        {
            StreamProtocol::Hls
        } else {
            StreamProtocol::File
        },
        file_bits: source.bitrate.0.and_then(|bits| u64::try_from(bits).ok()),
        quality: ask.quality,
    };
    Some((url, delivery))
}

/// The address as offered, below this connection's base and without the token: that goes into a header.
fn address(base: &ServerUrl, offered: &str) -> Option<Url> {
    // Another host would get the token.
    let offered = offered.strip_prefix('/').filter(|rest| !rest.starts_with('/'))?;
    let (path, query) = offered.split_once('?').unwrap_or((offered, ""));
    let mut url = base.join(path);
    let is_token = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        TOKEN_NAMES.iter().any(|token| name.eq_ignore_ascii_case(token))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_token(pair)).collect();
    url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    Some(url)
}

/// Why the file does not come as it is, from what the server writes into the address.
fn reasons(url: &Url, ask: &StreamAsk) -> Vec<NotDirect> {
    if ask.force_transcode {
        return vec![NotDirect::Failed];
    }
    let told = url.query_pairs().find(|(name, _)| name.eq_ignore_ascii_case("TranscodeReasons"));
    let told = told.map(|(_, words)| words.into_owned()).unwrap_or_default();
    let mut reasons: Vec<NotDirect> =
        told.split([',', ' ', '|']).filter(|word| !word.is_empty()).map(reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if reasons.is_empty() { vec![NotDirect::Server] } else { reasons }
}

fn reason(word: &str) -> NotDirect {
    match word {
        "ContainerNotSupported" => NotDirect::Container,
        "VideoCodecNotSupported" => NotDirect::VideoCodec,
        "SubtitleCodecNotSupported" => NotDirect::Subtitles,
        "ContainerBitrateExceedsLimit" | "VideoBitrateNotSupported" | "AudioBitrateNotSupported" => {
            NotDirect::Bitrate
        }
        _ if word.starts_with("Audio") || word == "SecondaryAudioNotSupported" => NotDirect::AudioCodec,
        _ if word.starts_with("Video")
            || matches!(
                word,
                "RefFramesNotSupported" | "AnamorphicVideoNotSupported" | "InterlacedVideoNotSupported"
            ) =>
        {
            NotDirect::VideoLimits
        }
        _ => NotDirect::Server,
    }
}

/// The picture is copied when nothing but the container or the sound is in the way.
fn method(reasons: &[NotDirect], ask: &StreamAsk) -> PlayMethod {
    let is_copied = |reason: &NotDirect| matches!(reason, NotDirect::Container | NotDirect::AudioCodec);
    if !ask.force_transcode && reasons.iter().all(is_copied) {
        PlayMethod::Remux
    } else {
        PlayMethod::Transcode
    }
}

/// Keeps up what is converted for a playback.
pub(super) fn keep_call(session: &str) -> Call {
    Call::post("/Sessions/Playing/Ping").query("playSessionId", session).profile(Profile::Background)
}

/// Ends what is converted for a playback.
pub(super) fn end_call(device_id: &str, session: &str) -> Call {
    Call::new(Method::Delete, "/Videos/ActiveEncodings")
        .query("deviceId", device_id)
        .query("playSessionId", session)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use NotDirect::{AudioCodec, Bitrate, Container, Failed, Server, Subtitles, VideoCodec, VideoLimits};

    fn base() -> ServerUrl {
        "https://media.example.org/jellyfin".parse().unwrap()
    }

    #[test]
    fn the_address_is_used_as_offered_without_its_token() {
        let offered =
            "/videos/0a1b/master.m3u8?&DeviceId=b2f7&ApiKey=canary&PlaySessionId=e7a1&api_key=canary&X=a%2Cb";
        let url = address(&base(), offered).unwrap();
        let expected = "https://media.example.org/jellyfin/videos/0a1b/master.m3u8?DeviceId=b2f7&PlaySessionId=e7a1&X=a%2Cb";
        assert_eq!(url.as_str(), expected);
        assert_eq!(address(&base(), "//evil.example/videos/x"), None);
        assert_eq!(address(&base(), "https://evil.example/videos/x"), None);
        assert_eq!(address(&base(), "/videos/x?ApiKey=1").unwrap().query(), None);
    }

    #[test]
    fn what_stands_in_the_way_decides_between_copying_and_converting() {
        let judge = |words: &str, force_transcode: bool| {
            let url = Url::parse(&format!("http://attic/master.m3u8?TranscodeReasons={words}")).unwrap();
            let ask = StreamAsk { force_transcode, ..StreamAsk::default() };
            let reasons = reasons(&url, &ask);
            (method(&reasons, &ask), reasons)
        };
        for (words, method, expected) in [
            ("ContainerNotSupported", PlayMethod::Remux, vec![Container]),
            ("ContainerNotSupported,AudioCodecNotSupported", PlayMethod::Remux, vec![Container, AudioCodec]),
            ("AudioChannelsNotSupported", PlayMethod::Remux, vec![AudioCodec]),
            (
                "VideoCodecNotSupported,AudioCodecNotSupported",
                PlayMethod::Transcode,
                vec![VideoCodec, AudioCodec],
            ),
            ("VideoBitDepthNotSupported", PlayMethod::Transcode, vec![VideoLimits]),
            ("ContainerBitrateExceedsLimit", PlayMethod::Transcode, vec![Bitrate]),
            ("SubtitleCodecNotSupported", PlayMethod::Transcode, vec![Subtitles]),
            ("SomethingNew", PlayMethod::Transcode, vec![Server]),
            ("", PlayMethod::Transcode, vec![Server]),
        ] {
            assert_eq!(judge(words, false), (method, expected), "{words}");
        }
        assert_eq!(judge("ContainerNotSupported", true), (PlayMethod::Transcode, vec![Failed]));
    }
}
