//! Playlists: every address becomes one of the gateway's, and nothing of other hosts is fetched.

use url::Url;

use super::server::{Fate, PretendedServer};
use super::{CANARY, Stage, body, fetch};
use crate::net::ErrorKind;
use crate::services::gateway::upstream::Place;

const PLAYLIST: &str = "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"key?api_key=canary-token-Gw4Y\"\n\
    #EXTINF:3,\nparts/0.ts?api_key=canary-token-Gw4Y&x=1\n#EXTINF:3,\n/transcode/parts/1.ts\n\
    #EXTINF:3,\nhttp://lan:32400/parts/2.m4s\n#EXTINF:3,\nhttp://evil.example/3.ts\n\
    #EXTINF:3,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n";

async fn stage() -> Stage {
    let server = PretendedServer::new(PLAYLIST);
    server.state().content_type = "application/octet-stream".to_owned();
    Stage::playing(server, "http://lan:32400/transcode/start.m3u8?session=1").await
}

#[tokio::test]
async fn every_address_is_one_of_the_gateway() {
    let stage = stage().await;
    let reply = stage.open(None).await.unwrap();
    assert_eq!(reply.head.content_type.as_deref(), Some("application/vnd.apple.mpegurl"));
    let text = String::from_utf8(body(reply).await.unwrap()).unwrap();
    assert!(!text.contains(CANARY) && !text.contains("lan") && !text.contains("evil"), "{text}");
    let parts: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(parts, ["3.ts", "4.ts", "5.m4s", "refused", "refused"]);
    assert!(text.contains("URI=\"2\""), "{text}");

    {
        let mut state = stage.server.state();
        state.file = b"a part".to_vec();
    }
    for (name, expected) in [
        ("2", "http://x/transcode/key"),
        ("3.ts", "http://x/transcode/parts/0.ts?x=1"),
        ("4.ts", "http://x/transcode/parts/1.ts"),
        ("5.m4s", "http://x/parts/2.m4s"),
    ] {
        let url: Url = stage.url().join(name).unwrap();
        assert_eq!(body(fetch(&url, None).await.unwrap()).await.unwrap(), b"a part");
        let asked = stage.server.state().asked.last().unwrap().clone();
        let Place::Server(target) = asked.place else { panic!("elsewhere") };
        assert_eq!(target.at(&"http://x".parse().unwrap()).as_str(), expected);
        assert_eq!(asked.headers.len(), 1, "with the headers of the playback");
    }
    let before = stage.server.ranges().len();
    let refused = stage.url().join("refused").unwrap();
    assert_eq!(fetch(&refused, None).await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(stage.server.ranges().len(), before);
}

#[tokio::test]
async fn a_playlist_that_is_read_again_has_the_same_names() {
    let stage = stage().await;
    let first = stage.read(None).await;
    assert_eq!(stage.read(None).await, first);
}

#[tokio::test]
async fn a_playlist_is_whole_whatever_part_of_it_is_asked_for() {
    let stage = stage().await;
    let whole = stage.read(Some("bytes=0-")).await;
    assert_eq!(stage.read(Some("bytes=5-9")).await, whole);
    assert_eq!(stage.server.ranges().last().unwrap(), &None);
}

#[tokio::test]
async fn a_playlist_that_breaks_is_completed() {
    let server = PretendedServer::new(PLAYLIST).with([Fate::Cut(100)]);
    let broken = Stage::playing(server, "http://lan:32400/transcode/start.m3u8?session=1").await;
    assert_eq!(broken.read(None).await, stage().await.read(None).await);
}

#[tokio::test]
async fn parts_of_a_transcode_may_become_others() {
    let stage = stage().await;
    stage.read(None).await;
    let part = stage.url().join("3.ts").unwrap();
    for (file, etag) in [("one", "\"a\""), ("another", "\"b\"")] {
        {
            let mut state = stage.server.state();
            (state.file, state.validators.etag) = (file.into(), Some(etag.to_owned()));
        }
        assert_eq!(body(fetch(&part, None).await.unwrap()).await.unwrap(), file.as_bytes());
    }
}
