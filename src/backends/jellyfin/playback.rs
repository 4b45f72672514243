//! Playing directly, and telling where it stands (`docs/protocols.md#jellyfin-playback`).

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::client::AUTHORIZATION;
use super::dto::{MediaSourceDto, MediaStreamDto, PlaybackInfoDto};
use super::map::{duration, ticks};
use super::map_details::subtitle_format;
use crate::backends::{
    BackendError, Delivery, ExternalSubtitle, Location, MediaRequest, Result, StreamSource,
};
use crate::models::{PlayMethod, PlaybackEvent, PlaybackReport, Quality, RemoteId, ServerUrl};
use crate::net::{Call, ErrorKind, Profile, Trust};

/// Bits per second that count as "no limit". Without a number the server assumes 8 Mbit/s and offers no
/// original above it.
const NO_BITRATE_LIMIT: u32 = 1_000_000_000;

const PLAY: &str = "play item";

/// Where a stream is asked from, and as whom.
pub(super) struct Asker<'a> {
    /// The connection's base address.
    pub(super) base: &'a ServerUrl,
    /// Names the session that plays.
    pub(super) device_id: &'a str,
    /// Value of the header that carries the token.
    pub(super) authorization: &'a SecretString,
}

/// Asks how an item can be played by a player that takes every format as it is.
pub(super) fn info_call(user_id: &str, item: &RemoteId, version: Option<&str>) -> Call {
    let mut body = json!({
        "UserId": user_id,
        "MaxStreamingBitrate": NO_BITRATE_LIMIT,
        "EnableDirectPlay": true,
        "EnableDirectStream": true,
        "EnableTranscoding": false,
        "AutoOpenLiveStream": false,
        "DeviceProfile": {
            "Name": "Reel",
            "MaxStreamingBitrate": NO_BITRATE_LIMIT,
            "MaxStaticBitrate": NO_BITRATE_LIMIT,
            // Without containers and codecs a profile matches everything.
            "DirectPlayProfiles": [{ "Type": "Video" }, { "Type": "Audio" }],
            "TranscodingProfiles": [],
            "ContainerProfiles": [],
            "CodecProfiles": [],
            "SubtitleProfiles": subtitle_profiles(),
        },
    });
    if let (Some(version), Some(members)) = (version, body.as_object_mut()) {
        members.insert("MediaSourceId".to_owned(), Value::from(version));
    }
    Call::post("/Items/{}/PlaybackInfo").segment(item.as_str()).query("userId", user_id).json(body)
}

fn subtitle_profiles() -> Vec<Value> {
    let external =
        ["srt", "ass", "ssa", "vtt"].map(|format| json!({ "Format": format, "Method": "External" }));
    let inside = ["srt", "subrip", "ass", "ssa", "vtt", "pgssub", "dvdsub", "dvbsub"]
        .map(|format| json!({ "Format": format, "Method": "Embed" }));
    external.into_iter().chain(inside).collect()
}

/// Chooses the version and says where its bytes are. The token is in the header and never in the address;
/// addresses that the server offers hold it, so none of them is used.
///
/// # Errors
/// `NotFound` without that version, `Forbidden` when the user may not play, `Unsupported` when the server
/// will not give the file as it is.
pub(super) fn source(
    asker: &Asker<'_>,
    item: &RemoteId,
    version: Option<&str>,
    info: &PlaybackInfoDto,
) -> Result<StreamSource> {
    match info.error_code.text() {
        None => {}
        Some("NotAllowed") => return Err(BackendError::new(ErrorKind::Forbidden, PLAY)),
        Some("RateLimitExceeded") => return Err(BackendError::new(ErrorKind::RateLimited, PLAY)),
        // A version that the server does not have is refused in the same words as one that it will not give.
        Some(_) if version.is_some() && info.media_sources.0.is_empty() => {
            return Err(BackendError::new(ErrorKind::NotFound, PLAY));
        }
        Some(_) => return Err(BackendError::unsupported(PLAY)),
    }
    let mut sources = info.media_sources.0.iter().filter(|source| source.id.text().is_some()).peekable();
    if sources.peek().is_none() {
        return Err(BackendError::new(ErrorKind::NotFound, PLAY));
    }
    let chosen = match version {
        Some(wanted) => sources
            .find(|source| source.id.text() == Some(wanted))
            .ok_or_else(|| BackendError::new(ErrorKind::NotFound, PLAY))
            .map(|source| Some(source).filter(|source| is_direct(source)))?,
        None => sources.find(|source| is_direct(source)),
    };
    let chosen = chosen.ok_or_else(|| BackendError::unsupported(PLAY))?;
    let version_id = chosen.id.owned().unwrap_or_default();
    let session = info.play_session_id.owned();
    let streams = chosen.media_streams.0.iter();
    let template = if is_audio(chosen) { "/Audio/{}/stream" } else { "/Videos/{}/stream" };
    let call = static_call(template, asker, item, &version_id, chosen.etag.text(), session.as_deref());
    Ok(StreamSource {
        location: asker.location(call.url(asker.base)),
        subtitles: streams.filter_map(|stream| subtitle(asker, item, &version_id, stream)).collect(),
        version_id,
        container: chosen.container.owned(),
        duration: duration(&chosen.run_time_ticks),
        play_session_id: session,
        trust: Trust::platform(),
        delivery: Delivery::direct(
            chosen.bitrate.0.and_then(|bits| u64::try_from(bits).ok()),
            Quality::Original,
        ),
    })
}

fn is_direct(source: &MediaSourceDto) -> bool {
    source.supports_direct_play.is_true()
}

/// Whether there is sound and no video: a cover inside of the file is no video.
fn is_audio(source: &MediaSourceDto) -> bool {
    let has = |kind: &str| source.media_streams.0.iter().any(|stream| stream.kind.text() == Some(kind));
    has("Audio") && !has("Video")
}

fn static_call(
    template: &'static str,
    asker: &Asker<'_>,
    item: &RemoteId,
    version: &str,
    tag: Option<&str>,
    session: Option<&str>,
) -> Call {
    let mut call = Call::get(template)
        .segment(item.as_str())
        .query("static", true)
        .query("mediaSourceId", version)
        .query("deviceId", asker.device_id);
    if let Some(session) = session {
        call = call.query("playSessionId", session);
    }
    if let Some(tag) = tag {
        call = call.query("tag", tag);
    }
    call
}

/// A text subtitle file beside the video. Drawn ones cannot be had this way.
fn subtitle(
    asker: &Asker<'_>,
    item: &RemoteId,
    version: &str,
    stream: &MediaStreamDto,
) -> Option<ExternalSubtitle> {
    if stream.kind.text() != Some("Subtitle") || !stream.is_external.is_true() {
        return None;
    }
    let stream_id = stream.index.count()?.to_string();
    let location = if stream.is_external_url.is_true() {
        elsewhere(stream.delivery_url.text()?)?
    } else {
        let codec = stream.codec.owned().map(|codec| codec.to_ascii_lowercase());
        let template = match subtitle_format(codec.as_deref(), &stream.is_text_subtitle_stream)? {
            "ass" => "/Videos/{}/{}/Subtitles/{}/Stream.ass",
            "ssa" => "/Videos/{}/{}/Subtitles/{}/Stream.ssa",
            "vtt" => "/Videos/{}/{}/Subtitles/{}/Stream.vtt",
            _ => "/Videos/{}/{}/Subtitles/{}/Stream.srt",
        };
        let call = Call::get(template).segment(item.as_str()).segment(version).segment(stream_id.as_str());
        asker.location(call.url(asker.base))
    };
    Some(ExternalSubtitle {
        stream_id,
        location,
        language: stream.language.owned(),
        title: stream.display_title.owned().or_else(|| stream.title.owned()),
    })
}

/// Subtitles on another host: no credential goes there.
fn elsewhere(address: &str) -> Option<Location> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(Location::Remote(MediaRequest { url, headers: Vec::new() }))
}

impl Asker<'_> {
    fn location(&self, url: Url) -> Location {
        let headers = vec![(AUTHORIZATION, self.authorization.clone())];
        Location::Remote(MediaRequest { url, headers })
    }
}

/// Tells a position. It is always named: a stop without one counts as played to the end.
pub(super) fn report_call(item: &RemoteId, report: &PlaybackReport) -> Call {
    let template = match report.event {
        PlaybackEvent::Started => "/Sessions/Playing",
        PlaybackEvent::Playing | PlaybackEvent::Paused => "/Sessions/Playing/Progress",
        PlaybackEvent::Stopped => "/Sessions/Playing/Stopped",
    };
    let mut body = json!({ "ItemId": item.as_str(), "PositionTicks": ticks(report.position) });
    if let Some(members) = body.as_object_mut() {
        if let Some(version) = &report.version_id {
            members.insert("MediaSourceId".to_owned(), Value::from(version.as_str()));
        }
        if let Some(session) = &report.play_session_id {
            members.insert("PlaySessionId".to_owned(), Value::from(session.as_str()));
        }
        if report.event == PlaybackEvent::Stopped {
            members.insert("Failed".to_owned(), Value::from(false));
        } else {
            members.insert("CanSeek".to_owned(), Value::from(true));
            members.insert("IsPaused".to_owned(), Value::from(report.event == PlaybackEvent::Paused));
            members.insert("PlayMethod".to_owned(), Value::from(method_name(report.method)));
        }
    }
    Call::post(template).json(body).profile(Profile::Background)
}

/// The server's word for a way to play.
fn method_name(method: PlayMethod) -> &'static str {
    match method {
        PlayMethod::Direct => "DirectPlay",
        PlayMethod::Remux => "DirectStream",
        PlayMethod::Transcode => "Transcode",
    }
}
