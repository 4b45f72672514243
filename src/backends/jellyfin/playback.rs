//! How a title is played, and telling where it stands (`docs/protocols.md#jellyfin-playback`).

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::client::AUTHORIZATION;
use super::converted::conversion;
use super::dto::{MediaSourceDto, MediaStreamDto, PlaybackInfoDto};
use super::map::{duration, ticks};
use super::map_details::subtitle_format;
use super::profile;
use crate::backends::{
    BackendError, Delivery, ExternalSubtitle, Location, MediaRequest, Result, StreamAsk, StreamSource,
};
use crate::models::{PlayMethod, PlaybackEvent, PlaybackReport, RemoteId, ServerUrl};
use crate::net::{Call, ErrorKind, Profile};

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

/// Asks how an item can be played on this machine.
pub(super) fn info_call(user_id: &str, item: &RemoteId, ask: &StreamAsk) -> Call {
    let as_it_is = !ask.force_transcode;
    let mut body = json!({
        "UserId": user_id,
        "MaxStreamingBitrate": profile::most_bits(ask.quality),
        "StartTimeTicks": ticks(ask.start),
        // Unless somebody wants subtitles the server must not draw any into the picture.
        "SubtitleStreamIndex": index(ask.subtitle_stream.as_deref()).unwrap_or(-1),
        "EnableDirectPlay": as_it_is,
        "EnableDirectStream": as_it_is,
        "EnableTranscoding": true,
        "AllowVideoStreamCopy": as_it_is,
        "AllowAudioStreamCopy": as_it_is,
        "AutoOpenLiveStream": false,
        "AlwaysBurnInSubtitleWhenTranscoding": false,
        "DeviceProfile": profile::device_profile(ask),
    });
    if let Some(members) = body.as_object_mut() {
        if let Some(version) = &ask.version {
            members.insert("MediaSourceId".to_owned(), Value::from(version.as_str()));
        }
        if let Some(audio) = index(ask.audio_stream.as_deref()) {
            members.insert("AudioStreamIndex".to_owned(), Value::from(audio));
        }
    }
    Call::post("/Items/{}/PlaybackInfo").segment(item.as_str()).query("userId", user_id).json(body)
}

/// The number by which the server calls a stream.
fn index(stream: Option<&str>) -> Option<i64> {
    stream?.parse().ok()
}

/// Chooses the version and says where its bytes are. The token is in the header and never in the address.
///
/// # Errors
/// `NotFound` without that version, `Forbidden` when the user may not play, `Unsupported` when the server neither gives
/// the file as it is nor converts it.
pub(super) fn source(
    asker: &Asker<'_>,
    item: &RemoteId,
    ask: &StreamAsk,
    info: &PlaybackInfoDto,
) -> Result<StreamSource> {
    let version = ask.version.as_deref();
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
    let of_version = |source: &&MediaSourceDto| match (source.id.text(), version) {
        (Some(id), Some(wanted)) => id == wanted,
        (id, None) => id.is_some(),
        (None, Some(_)) => false,
    };
    let sources: Vec<&MediaSourceDto> = info.media_sources.0.iter().filter(of_version).collect();
    if sources.is_empty() {
        return Err(BackendError::new(ErrorKind::NotFound, PLAY));
    }
    let session = info.play_session_id.owned();
    let direct = sources.iter().find(|source| !ask.force_transcode && is_direct(source));
    if let Some(chosen) = direct {
        let version_id = chosen.id.owned().unwrap_or_default();
        let template = if is_audio(chosen) { "/Audio/{}/stream" } else { "/Videos/{}/stream" };
        let call = static_call(template, asker, item, &version_id, chosen.etag.text(), session.as_deref());
        let bits = chosen.bitrate.0.and_then(|bits| u64::try_from(bits).ok());
        let delivery = Delivery::direct(bits, ask.quality);
        return Ok(as_source(asker, item, chosen, call.url(asker.base), delivery, session));
    }
    let mut converted =
        sources.iter().filter_map(|source| Some((source, conversion(asker.base, source, ask)?)));
    let (chosen, (url, delivery)) = converted.next().ok_or_else(|| BackendError::unsupported(PLAY))?;
    Ok(as_source(asker, item, chosen, url, delivery, session))
}

fn as_source(
    asker: &Asker<'_>,
    item: &RemoteId,
    chosen: &MediaSourceDto,
    url: Url,
    delivery: Delivery,
    session: Option<String>,
) -> StreamSource {
    let version_id = chosen.id.owned().unwrap_or_default();
    let streams = chosen.media_streams.0.iter();
    // What is converted has no text inside: the server gives every one as a file.
    let all = delivery.is_converted();
    StreamSource {
        location: asker.location(url),
        subtitles: streams.filter_map(|stream| subtitle(asker, item, &version_id, stream, all)).collect(),
        version_id,
        container: chosen.container.owned(),
        duration: duration(&chosen.run_time_ticks),
        play_session_id: session,
        delivery,
    }
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

/// A text subtitle file beside the video, and with `all` one inside of it. Drawn ones cannot be had this way.
fn subtitle(
    asker: &Asker<'_>,
    item: &RemoteId,
    version: &str,
    stream: &MediaStreamDto,
    all: bool,
) -> Option<ExternalSubtitle> {
    if stream.kind.text() != Some("Subtitle") || !(all || stream.is_external.is_true()) {
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
