//! What the player gets of a file that comes as it should.

use proptest::prelude::*;

use super::server::{Fate, PretendedServer};
use super::{CANARY, Stage, body, fetch};
use crate::backends::Location;
use crate::net::ErrorKind;
use crate::services::gateway::upstream::Place;

/// Bytes that are all different in their place.
pub(super) fn film(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect()
}

#[tokio::test]
async fn all_of_it_and_parts_of_it() {
    let stage = Stage::new(PretendedServer::new(film(10_000))).await;
    let reply = stage.open(None).await.unwrap();
    assert_eq!((reply.head.status, reply.head.content_length), (200, Some(10_000)));
    assert_eq!(reply.head.content_type.as_deref(), Some("video/x-matroska"));
    assert!(!reply.head.refuses_ranges);
    assert_eq!(body(reply).await.unwrap(), film(10_000));

    let reply = stage.open(Some("bytes=2500-2599")).await.unwrap();
    assert_eq!((reply.head.status, reply.head.content_length), (206, Some(100)));
    assert_eq!(reply.head.content_range.as_deref(), Some("bytes 2500-2599/10000"));
    assert_eq!(body(reply).await.unwrap(), film(10_000)[2500..2600]);
    assert_eq!(stage.read(Some("bytes=-10")).await, film(10_000)[9990..]);

    let reply = stage.open(Some("bytes=10000-")).await.unwrap();
    assert_eq!((reply.head.status, reply.head.content_range.as_deref()), (416, Some("bytes */10000")));
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_is_given_them() {
    let server = PretendedServer::new(film(10_000));
    server.state().ranges = false;
    let stage = Stage::new(server).await;
    let reply = stage.open(Some("bytes=2500-2599")).await.unwrap();
    assert_eq!((reply.head.status, reply.head.content_length), (206, Some(100)));
    assert_eq!(body(reply).await.unwrap(), film(10_000)[2500..2600]);
    assert!(stage.open(None).await.unwrap().head.refuses_ranges, "it costs all that comes before");
}

#[tokio::test]
async fn what_is_made_while_it_is_sent_has_no_length() {
    let server = PretendedServer::new(film(5000));
    (server.state().ranges, server.state().lengths) = (false, false);
    let stage = Stage::new(server).await;
    let reply = stage.open(Some("bytes=100-")).await.unwrap();
    assert_eq!((reply.head.status, reply.head.content_length), (200, None));
    assert_eq!(body(reply).await.unwrap(), film(5000));
}

#[tokio::test]
async fn the_player_is_given_addresses_of_this_machine_and_no_secret() {
    let stage = Stage::new(PretendedServer::new(film(10))).await;
    let mut urls = Vec::new();
    let locations = stage.stream.subtitles.iter().map(|subtitle| &subtitle.location);
    for location in locations.chain([&stage.stream.location]) {
        let Location::Remote(request) = location else { panic!("a file") };
        assert!(request.headers.is_empty());
        assert_eq!(request.url.host_str(), Some("127.0.0.1"));
        urls.push(request.url.to_string());
    }
    // Of another host with a header for it, nothing can be had.
    assert_eq!(urls.len(), 2, "{urls:?}");
    assert!(urls[0].ends_with("/1.srt") && urls[1].ends_with("/0.mkv"), "{urls:?}");
    let secret = stage.url().path_segments().unwrap().next().unwrap().to_owned();
    assert_eq!(secret.len(), 32);
    let shown = format!("{:?} {:?} {:?}", stage.gateway, stage.kept, stage.server.state().asked);
    for hidden in [CANARY, &secret] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(!urls.concat().contains(CANARY));
}

#[tokio::test]
async fn the_same_file_is_asked_for_with_its_own_headers() {
    let stage = Stage::new(PretendedServer::new(film(10))).await;
    stage.read(None).await;
    let asked = stage.server.state().asked.clone();
    assert_eq!(asked[0].headers[0].0, "x-plex-token");
    let Place::Server(target) = &asked[0].place else { panic!("elsewhere") };
    assert_eq!(target.at(&"http://x".parse().unwrap()).as_str(), "http://x/film.mkv?x=1");
}

#[tokio::test]
async fn failures_have_a_status_that_the_player_understands() {
    let table = [
        (ErrorKind::NotFound, ErrorKind::NotFound, 404),
        (ErrorKind::Unauthorized, ErrorKind::Forbidden, 403),
        (ErrorKind::Offline, ErrorKind::Server, 504),
        (ErrorKind::Decode, ErrorKind::Server, 502),
    ];
    let server = PretendedServer::new(film(10)).with(table.map(|(kind, ..)| Fate::Refused(kind)));
    let stage = Stage::new(server).await;
    for (kind, seen, status) in table {
        let error = stage.open(None).await.unwrap_err();
        assert_eq!((error.kind, error.status), (seen, Some(status)), "{kind:?}");
    }
    assert_eq!(stage.read(None).await, film(10), "and it goes on");
}

#[tokio::test]
async fn another_file_under_the_same_name_is_not_mixed_in() {
    let stage = Stage::new(PretendedServer::new(film(1000))).await;
    assert_eq!(stage.read(Some("bytes=0-99")).await, film(1000)[..100]);
    stage.server.state().validators.etag = Some("\"two\"".to_owned());
    assert_eq!(stage.open(Some("bytes=100-")).await.unwrap_err().status, Some(502));
}

#[tokio::test]
async fn nothing_is_left_of_a_playback_that_has_ended() {
    let stage = Stage::new(PretendedServer::new(film(1000)).with([Fate::Silent(1000 - 1)])).await;
    let mut reply = stage.open(None).await.unwrap();
    assert!(reply.body.chunk().await.unwrap().is_some());
    let Stage { gateway, kept, stream, .. } = stage;
    drop(kept);
    // Its connection is closed in the middle.
    assert!(reply.body.chunk().await.is_err());
    let Location::Remote(request) = &stream.location else { panic!("a file") };
    assert_eq!(fetch(&request.url, None).await.unwrap_err().kind, ErrorKind::NotFound);
    drop(gateway);
    let gone = fetch(&request.url, None).await.unwrap_err().kind;
    // A socket may be accepted by the system and closed by the program.
    assert!(matches!(gone, ErrorKind::Refused | ErrorKind::Reset), "{gone:?}");
}

fn any_range() -> impl Strategy<Value = String> {
    prop_oneof![
        (0u64..5000).prop_map(|first| format!("bytes={first}-")),
        (0u64..5000, 0u64..5000).prop_map(|(first, last)| format!("bytes={first}-{last}")),
        (0u64..5000).prop_map(|count| format!("bytes=-{count}")),
        Just("bytes=1-2,5-6".to_owned()),
        Just("lines=1-2".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_range_is_that_of_a_plain_file(length in 1usize..4000, range in any_range(), ranges in any::<bool>()) {
        let file = film(length);
        let (status, bytes) = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let server = PretendedServer::new(file.clone());
            server.state().ranges = ranges;
            let stage = Stage::new(server).await;
            let reply = stage.open(Some(&range)).await.unwrap();
            (reply.head.status, body(reply).await.unwrap())
        });
        let numbers: Vec<Option<usize>> = range
            .trim_start_matches("bytes=")
            .splitn(2, '-')
            .map(|number| number.parse().ok())
            .collect();
        let expected = match (range.starts_with("bytes="), numbers.as_slice()) {
            (true, [Some(first), Some(last)]) if first <= last => {
                Some(file.get(*first..(last + 1).min(length)))
            }
            (true, [Some(first), None]) if range.ends_with('-') => Some(file.get(*first..)),
            (true, [None, Some(count)]) => Some(file.get(length.saturating_sub(*count)..)),
            _ => None,
        };
        match expected {
            None => prop_assert_eq!((status, bytes), (200, file)),
            Some(Some(part)) if !part.is_empty() => prop_assert_eq!((status, bytes.as_slice()), (206, part)),
            Some(_) => prop_assert_eq!((status, bytes.len()), (416, 0)),
        }
    }
}
