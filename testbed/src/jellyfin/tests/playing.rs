//! Playing, reporting and marking.

use super::super::PlaybackEvent;
use super::*;
use crate::catalogue::ItemNumber;
use crate::catalogue::sample::{EPISODE, FILM, SERIES};
use std::time::Duration;

const TICKS_PER_MINUTE: u64 = 600_000_000;

#[tokio::test]
async fn a_film_is_played_from_its_address() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(FILM);
    let info = session.post(&format!("/Items/{id}/PlaybackInfo"), &json!({ "EnableDirectPlay": true })).await;
    let info: Value = info.json().await.unwrap();
    let source = &info["MediaSources"][0];
    assert_eq!(
        (source["SupportsDirectPlay"].as_bool(), info["PlaySessionId"].is_string()),
        (Some(true), true)
    );
    let url = format!("{}/Videos/{id}/stream?static=true", session.server.base_url());
    let part = Client::new().get(&url).header("Range", "bytes=0-99").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.bytes().await.unwrap().len()), (206, 100));
    let head = Client::new().head(&url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], source["Size"].to_string());
    let other = json!({ "mediaSourceId": session.server.item_id(ItemNumber(1)) });
    let none: Value = session.post(&format!("/Items/{id}/PlaybackInfo"), &other).await.json().await.unwrap();
    assert_eq!(none["ErrorCode"], "NoCompatibleStream");
}

#[tokio::test]
async fn subtitles_come_from_their_stream() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(FILM);
    let base = session.server.base_url();
    let details = session.get(&format!("/Items/{id}")).await;
    let offered = details["MediaSources"][0]["MediaStreams"][2]["DeliveryUrl"].as_str().unwrap();
    for (path, start) in [
        (offered.to_owned(), "1\n00:00"),
        (format!("/Videos/{id}/{id}/Subtitles/2/Stream.srt"), "1\n00:00"),
        (format!("/Videos/{id}/{id}/Subtitles/2/0/Stream.vtt"), "WEBVTT"),
    ] {
        let text = reqwest::get(format!("{base}{path}")).await.unwrap().text().await.unwrap();
        assert!(text.starts_with(start), "{path}: {text}");
    }
    let wrong = reqwest::get(format!("{base}/Videos/{id}/{id}/Subtitles/7/Stream.srt")).await.unwrap();
    assert_eq!(wrong.status(), 404);
}

#[tokio::test]
async fn a_playback_leaves_a_position() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(FILM);
    let report = |minutes: u64| json!({ "ItemId": id, "PositionTicks": minutes * TICKS_PER_MINUTE });
    for (path, minutes) in [("", 0), ("/Progress", 20), ("/Stopped", 40)] {
        let reply = session.post(&format!("/Sessions/Playing{path}"), &report(minutes)).await;
        assert_eq!(reply.status(), 204);
    }
    let state = session.server.watch_state("ana", FILM);
    assert_eq!((state.position, state.played, state.play_count), (Duration::from_mins(40), false, 1));
    let failed = json!({ "ItemId": id, "PositionTicks": 0, "Failed": true });
    session.post("/Sessions/Playing/Stopped", &failed).await;
    assert_eq!(session.server.watch_state("ana", FILM).position, Duration::from_mins(40));
    session.post("/Sessions/Playing/Stopped", &report(95)).await;
    assert!(session.server.watch_state("ana", FILM).played);
    let reports = session.server.reports();
    assert_eq!((reports.len(), reports[2].event, reports[2].item), (5, PlaybackEvent::Stopped, Some(FILM)));
    assert_eq!(session.server.watch_state("ben", FILM), crate::catalogue::WatchState::default());
}

#[tokio::test]
async fn marks_answer_with_what_is_so_now() {
    let session = Session::begin(builder()).await;
    let series = session.server.item_id(SERIES);
    let mark = async |method: Method, path: String| -> Value {
        session.send(method, &path).await.json().await.unwrap()
    };
    let path = format!("/UserPlayedItems/{series}?datePlayed=2025-01-02T03:04:05Z");
    let data = mark(Method::POST, path).await;
    assert_eq!((data["Played"].as_bool(), data["UnplayedItemCount"].as_u64()), (Some(true), Some(0)));
    let state = session.server.watch_state("ana", EPISODE);
    assert_eq!((state.played, state.last_played.unwrap().timestamp()), (true, 1_735_787_045));
    let data = mark(Method::DELETE, format!("/UserPlayedItems/{}", session.server.item_id(EPISODE))).await;
    assert_eq!(data["Played"], false);
    assert_eq!(session.get(&format!("/UserItems/{series}/UserData")).await["UnplayedItemCount"], 1);
    let data = mark(Method::POST, format!("/UserFavoriteItems/{series}")).await;
    assert_eq!(data["IsFavorite"], true);
    let gone = session.send(Method::POST, "/UserPlayedItems/0123").await;
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn written_user_data_keeps_the_members_that_are_not_named() {
    let session = Session::begin(builder()).await;
    let path = format!("/UserItems/{}/UserData", session.server.item_id(FILM));
    session.post(&path, &json!({ "IsFavorite": true })).await;
    let body = json!({ "PlaybackPositionTicks": 50 * TICKS_PER_MINUTE, "LastPlayedDate": "2025-01-02T03:04:05.678Z" });
    let data: Value = session.post(&path, &body).await.json().await.unwrap();
    assert_eq!((data["IsFavorite"].as_bool(), data["PlayedPercentage"].as_f64()), (Some(true), Some(50.0)));
    assert_eq!(data["LastPlayedDate"], "2025-01-02T03:04:05.6780000Z");
}

#[tokio::test]
async fn pictures_need_no_token_and_last() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(FILM);
    let base = session.server.base_url();
    for path in [format!("Items/{id}/Images/Primary"), format!("Items/{id}/Images/Backdrop/0")] {
        let reply = reqwest::get(format!("{base}/{path}?tag=1&maxWidth=60")).await.unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        assert_eq!(reply.headers()["cache-control"], "public, max-age=31536000");
        assert!(reply.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
    for path in [format!("Items/{id}/Images/Backdrop/1"), format!("Items/{id}/Images/Logo")] {
        assert_eq!(reqwest::get(format!("{base}/{path}")).await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn an_episode_has_segments() {
    let session = Session::begin(builder()).await;
    let id = session.server.item_id(EPISODE);
    let path = format!("/MediaSegments/{id}?includeSegmentTypes=Intro&includeSegmentTypes=Outro");
    assert_eq!(session.get(&path).await["TotalRecordCount"], 2);
    let comma = session.get(&format!("/MediaSegments/{id}?includeSegmentTypes=Intro,Outro")).await;
    assert_eq!(comma["TotalRecordCount"], 0);
}
