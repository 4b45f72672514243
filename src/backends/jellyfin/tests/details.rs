//! Details and streams.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{film, source};
use crate::backends::jellyfin::dto::{ItemDto, SegmentsDto};
use crate::backends::jellyfin::{map_details, playback};
use crate::backends::{BackendError, Location, MediaRequest, NotDirect, StreamAsk, StreamSource};
use crate::models::{CreditRole, MarkerKind, MediaDetails, PlayMethod, RemoteId, ServerUrl, StreamKind};
use crate::net::ErrorKind;

fn details(segments: &Value) -> MediaDetails {
    let dto: ItemDto = serde_json::from_value(film()).unwrap();
    let segments: SegmentsDto = serde_json::from_value(json!({ "Items": segments })).unwrap();
    map_details::details(&dto, &segments.items.0)
}

#[test]
fn versions_and_streams() {
    let details = details(&json!([]));
    let [version] = details.versions.as_slice() else { panic!("one version") };
    assert_eq!((version.id.as_str(), version.tag.as_deref()), ("5e7c", Some("c4ca")));
    assert_eq!((version.size, version.bitrate), (Some(9_123_456_789), Some(10_665_000)));
    let streams: Vec<_> =
        version.streams.iter().map(|s| (s.kind, s.id.as_str(), s.codec.as_deref().unwrap())).collect();
    assert_eq!(
        streams,
        [
            (StreamKind::Video, "0", "hevc"),
            (StreamKind::Audio, "1", "eac3"),
            (StreamKind::Subtitle, "3", "subrip"),
            (StreamKind::Subtitle, "4", "ass"),
            (StreamKind::Subtitle, "6", "webvtt"),
        ]
    );
    assert_eq!((version.streams[0].width, version.streams[0].height), (Some(1920), Some(804)));
    assert_eq!((version.streams[1].channels, version.streams[1].default), (Some(6), true));
    assert!(version.streams[2].forced && version.streams[2].external.is_none());
    assert_eq!(version.streams[3].external.as_deref(), Some("/Videos/0a1b/5e7c/Subtitles/4/Stream.ass"));
}

#[test]
fn people_chapters_and_studios() {
    let details = details(&json!([]));
    let credits: Vec<_> = details
        .credits
        .iter()
        .map(|credit| (credit.name.as_str(), credit.role, credit.character.as_deref()))
        .collect();
    assert_eq!(
        credits,
        [
            ("Ada Mir", CreditRole::Actor, Some("Keeper")),
            ("Jo Ruiz", CreditRole::Director, None),
            ("Li Wen", CreditRole::Other, None),
        ]
    );
    assert_eq!(details.credits[0].image.as_ref().unwrap().as_str(), "11ff/Primary/0/99aa");
    assert_eq!(details.studios, ["North Pier"]);
    assert_eq!(details.chapters[1].start, Duration::from_mins(5));
}

#[test]
fn only_stretches_with_a_meaning_become_markers() {
    let details = details(&json!([
        {"Type": "Intro", "StartTicks": 305_000_000, "EndTicks": 1_190_000_000},
        {"Type": "Outro", "StartTicks": 60_000_000_000_i64, "EndTicks": 68_000_000_000_i64},
        {"Type": "Recap", "StartTicks": 0, "EndTicks": 300_000_000},
        {"Type": "Unknown", "StartTicks": 1, "EndTicks": 2},
        {"Type": "Intro", "StartTicks": 50, "EndTicks": 50},
        {"Type": "Intro"}
    ]));
    let markers: Vec<_> = details.markers.iter().map(|marker| (marker.kind, marker.start)).collect();
    assert_eq!(
        markers,
        [
            (MarkerKind::Intro, Duration::from_millis(30_500)),
            (MarkerKind::Credits, Duration::from_mins(100)),
            (MarkerKind::Recap, Duration::ZERO),
        ]
    );
}

fn play(info: Value, version: Option<&str>) -> Result<StreamSource, BackendError> {
    let base: ServerUrl = "https://media.example.org/jellyfin".parse().unwrap();
    let authorization = SecretString::from(r#"MediaBrowser Token="6d1c""#);
    let asker = playback::Asker { base: &base, device_id: "b2f7", authorization: &authorization };
    let ask = StreamAsk::original(version);
    playback::source(&asker, &RemoteId::new("0a1b"), &ask, &serde_json::from_value(info).unwrap())
}

fn remote(location: &Location) -> &MediaRequest {
    match location {
        Location::Remote(request) => request,
        Location::File(_) => panic!("a server's file"),
    }
}

#[test]
fn the_token_is_in_the_header_and_not_in_the_address() {
    let stream = play(json!({"MediaSources": [source()], "PlaySessionId": "e7a1"}), None).unwrap();
    let request = remote(&stream.location);
    assert_eq!(
        request.url.as_str(),
        "https://media.example.org/jellyfin/Videos/0a1b/stream?static=true&mediaSourceId=5e7c&deviceId=b2f7\
         &playSessionId=e7a1&tag=c4ca"
    );
    let (name, value) = &request.headers[0];
    assert_eq!((*name, value.expose_secret()), ("authorization", r#"MediaBrowser Token="6d1c""#));
    assert_eq!(stream.version_id, "5e7c");
    assert_eq!(stream.container.as_deref(), Some("mkv"));
    assert_eq!(stream.duration, Some(Duration::from_millis(6_843_008)));
    assert_eq!(stream.play_session_id.as_deref(), Some("e7a1"));
    assert!(!format!("{stream:?}").contains("6d1c"));
}

#[test]
fn text_subtitles_beside_the_video_are_offered() {
    let stream = play(json!({"MediaSources": [source()]}), None).unwrap();
    let [file, elsewhere] = stream.subtitles.as_slice() else { panic!("two") };
    assert_eq!((file.stream_id.as_str(), file.language.as_deref()), ("4", Some("ger")));
    assert_eq!(
        remote(&file.location).url.as_str(),
        "https://media.example.org/jellyfin/Videos/0a1b/5e7c/Subtitles/4/Stream.ass"
    );
    assert_eq!(remote(&file.location).headers.len(), 1);
    assert_eq!(remote(&elsewhere.location).url.as_str(), "https://subs.example.org/6.vtt");
    assert!(remote(&elsewhere.location).headers.is_empty(), "no credential goes to another host");
}

#[test]
fn the_version_is_chosen() {
    let two = json!({"MediaSources": [
        {"Id": "disc", "SupportsDirectPlay": false}, {"Id": "file", "SupportsDirectPlay": true}
    ]});
    assert_eq!(play(two.clone(), None).unwrap().version_id, "file");
    assert_eq!(play(two.clone(), Some("file")).unwrap().version_id, "file");
    assert_eq!(play(two.clone(), Some("disc")).unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(play(two, Some("gone")).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn what_is_converted_comes_from_where_the_server_says_with_all_its_text_beside() {
    let mut converted = source();
    converted["SupportsDirectPlay"] = json!(false);
    converted["TranscodingSubProtocol"] = json!("hls");
    converted["TranscodingUrl"] = json!(
        "/videos/0a1b/master.m3u8?&ApiKey=canary&PlaySessionId=e7a1&TranscodeReasons=VideoCodecNotSupported"
    );
    let stream = play(json!({"MediaSources": [converted], "PlaySessionId": "e7a1"}), None).unwrap();
    assert_eq!(
        remote(&stream.location).url.as_str(),
        "https://media.example.org/jellyfin/videos/0a1b/master.m3u8?PlaySessionId=e7a1\
         &TranscodeReasons=VideoCodecNotSupported"
    );
    assert_eq!(remote(&stream.location).headers.len(), 1, "the token is there");
    assert_eq!(stream.delivery.method, PlayMethod::Transcode);
    assert_eq!(stream.delivery.reasons, [NotDirect::VideoCodec]);
    let direct = play(json!({"MediaSources": [source()]}), None).unwrap();
    assert!(stream.subtitles.len() > direct.subtitles.len(), "text inside of the file is given as files");
}

#[test]
fn refusals_have_kinds() {
    for (info, kind) in [
        (json!({"ErrorCode": "NotAllowed"}), ErrorKind::Forbidden),
        (json!({"ErrorCode": "RateLimitExceeded"}), ErrorKind::RateLimited),
        (json!({"ErrorCode": "NoCompatibleStream"}), ErrorKind::Unsupported),
        (json!({"MediaSources": []}), ErrorKind::NotFound),
        (json!({"MediaSources": [{"Id": "disc"}]}), ErrorKind::Unsupported),
    ] {
        assert_eq!(play(info.clone(), None).unwrap_err().kind(), kind, "{info}");
    }
}
