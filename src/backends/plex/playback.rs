//! How an item is played, and telling where it is (`docs/protocols.md#plex-playback`).

use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use super::client::{Headers, SESSION};
use super::convert::Wanted;
use crate::backends::{
    BackendError, Delivery, ExternalSubtitle, Location, MediaRequest, NotDirect, Result, StreamProtocol,
    StreamSource,
};
use crate::models::{
    MediaDetails, MediaVersion, PlayMethod, PlaybackEvent, PlaybackReport, RemoteId, ServerUrl, StreamKind,
    UserRating,
};
use crate::net::{Call, ErrorKind, Method};

/// The name of the library among a server's services; every mark names it.
const LIBRARY: &str = "com.plexapp.plugins.library";

/// A version of an item, with its place among them.
///
/// # Errors
/// `NotFound` when there is no such version, or nothing to play at all.
pub(super) fn version<'a>(
    details: &'a MediaDetails,
    wanted: Option<&str>,
) -> Result<(usize, &'a MediaVersion)> {
    let mut versions = details.versions.iter().enumerate();
    let chosen = match wanted {
        Some(id) => versions.find(|(_, version)| version.id == id),
        None => versions.next(),
    };
    chosen.ok_or_else(|| BackendError::new(ErrorKind::NotFound, "find a version"))
}

/// A name for a playback.
pub(super) fn new_session() -> String {
    Uuid::new_v4().to_string()
}

/// Whether there is a picture to decide about: sound by itself always comes as it is.
pub(super) fn has_picture(version: &MediaVersion) -> bool {
    let has = |kind| version.streams.iter().any(|stream| stream.kind == kind);
    has(StreamKind::Video) || !has(StreamKind::Audio)
}

/// How to play a version: its file, or with `converted` what the server makes of it, and how.
///
/// # Errors
/// `Unsupported` when the server names another host.
pub(super) fn stream_source(
    base: &ServerUrl,
    headers: &Headers,
    wanted: &Wanted<'_>,
    converted: Option<(PlayMethod, Vec<NotDirect>)>,
) -> Result<StreamSource> {
    let chosen = wanted.version;
    let mut headers = headers.clone();
    headers.push((SESSION, SecretString::from(wanted.session)));
    let direct = Delivery::direct(chosen.bitrate, wanted.ask.quality);
    let (request, delivery) = match converted {
        None => (on_server(base, &headers, &chosen.location)?, direct),
        Some((method, reasons)) => {
            let url = wanted.start_call().url(base);
            let request = MediaRequest { url, headers: headers.clone() };
            (request, Delivery { method, reasons, protocol: StreamProtocol::Hls, ..direct })
        }
    };
    Ok(StreamSource {
        location: Location::Remote(request),
        version_id: chosen.id.clone(),
        container: chosen.container.clone(),
        duration: chosen.duration,
        subtitles: subtitles(base, &headers, chosen)?,
        play_session_id: Some(wanted.session.to_owned()),
        delivery,
    })
}

fn subtitles(base: &ServerUrl, headers: &Headers, version: &MediaVersion) -> Result<Vec<ExternalSubtitle>> {
    let beside = version.streams.iter().filter(|stream| stream.kind == StreamKind::Subtitle);
    beside
        .filter_map(|stream| Some((stream, stream.external.as_deref()?)))
        .map(|(stream, path)| {
            Ok(ExternalSubtitle {
                stream_id: stream.id.clone(),
                location: Location::Remote(on_server(base, headers, path)?),
                language: stream.language.clone(),
                title: stream.title.clone(),
            })
        })
        .collect()
}

/// The request for a path of this server. Addresses of other hosts are refused: they would get the token.
fn on_server(base: &ServerUrl, headers: &Headers, key: &str) -> Result<MediaRequest> {
    if !key.starts_with('/') {
        return Err(BackendError::unsupported("play what is stored elsewhere"));
    }
    let (path, query) = key.split_once('?').map_or((key, None), |(path, query)| (path, Some(query)));
    let mut url: Url = base.join(path);
    url.set_query(query);
    Ok(MediaRequest { url, headers: headers.clone() })
}

/// The report of a running playback (`docs/protocols.md#plex-timeline`).
pub(super) fn timeline(item: &RemoteId, report: &PlaybackReport) -> Call {
    let state = match report.event {
        PlaybackEvent::Started | PlaybackEvent::Playing => "playing",
        PlaybackEvent::Paused => "paused",
        PlaybackEvent::Stopped => "stopped",
    };
    let call = Call::post("/:/timeline")
        .query("ratingKey", item)
        .query("key", format!("/library/metadata/{item}"))
        .query("identifier", LIBRARY)
        .query("state", state)
        .query("time", report.position.as_millis())
        .query("hasMDE", 1);
    match report.duration {
        Some(duration) => call.query("duration", duration.as_millis()),
        None => call,
    }
}

/// Stores a position without a playback. `None` for the position 0, with which the server does nothing.
pub(super) fn progress(item: &RemoteId, report: &PlaybackReport) -> Option<Call> {
    let milliseconds = report.position.as_millis();
    (milliseconds > 0).then(|| {
        Call::get("/:/progress")
            .query("key", item)
            .query("identifier", LIBRARY)
            .query("time", milliseconds)
            .query("state", "stopped")
    })
}

/// Marks an item, and everything below it, as watched or not (`docs/protocols.md#plex-marks`).
pub(super) fn mark(item: &RemoteId, watched: bool) -> Call {
    let template = if watched { "/:/scrobble" } else { "/:/unscrobble" };
    Call::new(Method::Put, template).query("identifier", LIBRARY).query("key", item)
}

/// What takes a rating back.
const NOT_RATED: i16 = -1;

/// Rates an item from 0 to 10, which is in half stars (`docs/protocols.md#plex-marks`).
pub(super) fn rate(item: &RemoteId, rating: Option<UserRating>) -> Call {
    let number = rating.map_or(NOT_RATED, |rating| i16::from(rating.half_stars()));
    Call::new(Method::Put, "/:/rate").query("identifier", LIBRARY).query("key", item).query("rating", number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::time::Duration;

    use chrono::Utc;
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::backends::StreamAsk;
    use crate::backends::plex::client::TOKEN;
    use crate::models::MediaStream;

    const TOKEN_TEXT: &str = "Hg7F-canary";

    fn base() -> ServerUrl {
        "https://media.example.org/plex".parse().unwrap()
    }

    fn headers() -> Headers {
        vec![(TOKEN, SecretString::from(TOKEN_TEXT))]
    }

    fn details() -> MediaDetails {
        let subtitle = MediaStream {
            kind: StreamKind::Subtitle,
            id: "281".to_owned(),
            codec: Some("srt".to_owned()),
            language: Some("eng".to_owned()),
            title: None,
            width: None,
            height: None,
            channels: None,
            range: None,
            default: false,
            forced: false,
            external: Some("/library/streams/281".to_owned()),
        };
        let inside = MediaStream { id: "282".to_owned(), external: None, ..subtitle.clone() };
        let version = |id: &str, streams| MediaVersion {
            id: id.to_owned(),
            container: Some("mkv".to_owned()),
            location: format!("/library/parts/{id}/17/file.mkv"),
            streams,
            ..MediaVersion::default()
        };
        let versions = vec![version("827", vec![subtitle, inside]), version("828", Vec::new())];
        MediaDetails { versions, ..MediaDetails::default() }
    }

    fn remote(location: &Location) -> &MediaRequest {
        match location {
            Location::Remote(request) => request,
            Location::File(_) => panic!("a file"),
        }
    }

    fn report(event: PlaybackEvent, position: u64) -> PlaybackReport {
        PlaybackReport {
            event,
            position: Duration::from_millis(position),
            duration: Some(Duration::from_mins(90)),
            at: Utc::now(),
            version_id: None,
            play_session_id: None,
            method: PlayMethod::Direct,
        }
    }

    fn stream_with(
        details: &MediaDetails,
        version: Option<&str>,
        converted: Option<(PlayMethod, Vec<NotDirect>)>,
    ) -> Result<StreamSource> {
        let (ask, item) = (StreamAsk::original(version), RemoteId::new("1049"));
        let (place, version) = super::version(details, ask.version.as_deref())?;
        let wanted = Wanted { item: &item, place, version, ask: &ask, session: "s-1" };
        stream_source(&base(), &headers(), &wanted, converted)
    }

    fn stream(details: &MediaDetails, version: Option<&str>) -> Result<StreamSource> {
        stream_with(details, version, None)
    }

    #[test]
    fn what_is_converted_comes_as_a_playlist_without_a_token() {
        let converted = Some((PlayMethod::Transcode, vec![NotDirect::VideoCodec]));
        let source = stream_with(&details(), Some("828"), converted).unwrap();
        let url = &remote(&source.location).url;
        assert_eq!(url.path(), "/plex/video/:/transcode/universal/start.m3u8");
        assert!(url.query().unwrap().contains("mediaIndex=1"));
        assert!(!url.as_str().contains(TOKEN_TEXT));
        assert_eq!(source.delivery.protocol, StreamProtocol::Hls);
        assert_eq!(source.play_session_id.as_deref(), Some("s-1"), "what keeps it and ends it");
    }

    #[test]
    fn sound_by_itself_is_not_decided_about() {
        let mut version = details().versions.remove(0);
        assert!(has_picture(&version), "nothing is known of its picture");
        version.streams = vec![MediaStream { kind: StreamKind::Audio, ..version.streams[0].clone() }];
        assert!(!has_picture(&version));
    }

    #[test]
    fn the_token_is_in_a_header_and_never_in_the_address() {
        let source = stream(&details(), None).unwrap();
        let request = remote(&source.location);
        assert_eq!(request.url.as_str(), "https://media.example.org/plex/library/parts/827/17/file.mkv");
        let token = request.headers.iter().find(|(name, _)| *name == TOKEN).unwrap();
        assert_eq!(token.1.expose_secret(), TOKEN_TEXT);
        assert!(!format!("{source:?}").contains(TOKEN_TEXT));
        let session = request.headers.iter().find(|(name, _)| *name == SESSION).unwrap();
        assert_eq!(Some(session.1.expose_secret()), source.play_session_id.as_deref());
    }

    #[test]
    fn only_subtitles_beside_the_video_are_external() {
        let source = stream(&details(), Some("827")).unwrap();
        let ids: Vec<_> = source.subtitles.iter().map(|subtitle| subtitle.stream_id.as_str()).collect();
        assert_eq!(ids, ["281"]);
        let url = remote(&source.subtitles[0].location).url.as_str();
        assert_eq!(url, "https://media.example.org/plex/library/streams/281");
    }

    #[test]
    fn versions_are_chosen_by_id() {
        assert_eq!(stream(&details(), Some("828")).unwrap().version_id, "828");
        let gone = stream(&details(), Some("1")).unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound);
        let nothing = stream(&MediaDetails::default(), None).unwrap_err();
        assert_eq!(nothing.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn the_token_does_not_follow_a_part_to_another_host() {
        let mut details = details();
        details.versions[0].location = "https://elsewhere.example.org/file.mkv".to_owned();
        let refused = stream(&details, None).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn reports_name_state_and_place() {
        let item = RemoteId::new("1049");
        for (event, state) in [
            (PlaybackEvent::Started, "playing"),
            (PlaybackEvent::Playing, "playing"),
            (PlaybackEvent::Paused, "paused"),
            (PlaybackEvent::Stopped, "stopped"),
        ] {
            let url = timeline(&item, &report(event, 75_000)).url(&base());
            assert_eq!(
                url.as_str(),
                format!(
                    "https://media.example.org/plex/:/timeline?ratingKey=1049&key=%2Flibrary%2Fmetadata%2F1049\
                     &identifier=com.plexapp.plugins.library&state={state}&time=75000&hasMDE=1&duration=5400000"
                )
            );
        }
    }

    #[test]
    fn the_position_zero_is_not_sent() {
        let item = RemoteId::new("1049");
        assert!(progress(&item, &report(PlaybackEvent::Stopped, 0)).is_none());
        let url = progress(&item, &report(PlaybackEvent::Stopped, 4_000)).unwrap().url(&base());
        assert!(url.as_str().ends_with(
            "/:/progress?key=1049&identifier=com.plexapp.plugins.library&time=4000&state=stopped"
        ));
    }
}
