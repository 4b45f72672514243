//! The Media Server over HTTP.

use super::{PlaybackState, PlexServer, rating_key};
use crate::catalogue::sample::sample;
use crate::catalogue::{Catalogue, ItemKind, ItemNumber, WatchState};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;

const TOKEN: &str = "canary-plex-token-server";
const FILM: ItemNumber = ItemNumber(1);
const SHOW: ItemNumber = ItemNumber(6);

async fn server() -> PlexServer {
    PlexServer::builder().catalogue(sample()).token(TOKEN).start().await.unwrap()
}

async fn send(server: &PlexServer, method: Method, path: &str) -> Response {
    let request = Client::new().request(method, format!("{}{path}", server.base_url()));
    let request = request.header("Accept", "application/json").header("X-Plex-Token", TOKEN);
    request.header("X-Plex-Client-Identifier", "test").send().await.unwrap()
}

async fn get(server: &PlexServer, path: &str) -> Value {
    let reply = send(server, Method::GET, path).await;
    assert_eq!(reply.status(), StatusCode::OK, "{path}");
    reply.json::<Value>().await.unwrap()["MediaContainer"].clone()
}

async fn status(server: &PlexServer, path: &str) -> StatusCode {
    send(server, Method::GET, path).await.status()
}

fn keys(container: &Value) -> Vec<&str> {
    let rows = container["Metadata"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| row["ratingKey"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_but_the_identity_wants_a_token() {
    let server = server().await;
    let client = Client::new();
    for path in [
        "/",
        "/library/sections",
        "/library/sections/1/all",
        "/library/metadata/1001",
        "/hubs",
        "/nothing",
        "/photo/:/transcode",
        "/library/metadata/1001/thumb/1",
        "/library/parts/5001/1/file.mkv",
        "/:/timeline",
    ] {
        for token in [None, Some("wrong")] {
            let request = client.get(format!("{}{path}", server.base_url()));
            let request = token.iter().fold(request, |request, token| request.header("X-Plex-Token", *token));
            let reply = request.send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(reply.headers()["content-type"], "text/html");
        }
    }
    let identity = client.get(format!("{}/identity", server.base_url())).send().await.unwrap();
    assert!(
        identity.text().await.unwrap().contains(&format!("machineIdentifier=\"{}\"", server.machine_id()))
    );
}

#[tokio::test]
async fn a_token_may_stand_in_the_query() {
    let server = server().await;
    let url = format!("{}/library/sections?X-Plex-Token={TOKEN}", server.base_url());
    assert_eq!(Client::new().get(url).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn pages_are_cut_and_counted() {
    let server = server().await;
    let path = "/library/sections/1/all?type=1&X-Plex-Container-Start=2&X-Plex-Container-Size=2";
    let reply = send(&server, Method::GET, path).await;
    assert_eq!(reply.headers()["X-Plex-Container-Total-Size"], "5");
    let page = reply.json::<Value>().await.unwrap()["MediaContainer"].clone();
    assert_eq!(
        (page["offset"].as_u64(), page["totalSize"].as_u64(), keys(&page).len()),
        (Some(2), Some(5), 2)
    );
    let count = get(&server, "/library/sections/1/all?X-Plex-Container-Size=0").await;
    assert_eq!((count["totalSize"].as_u64(), count.get("Metadata")), (Some(5), None));
    let whole = get(&server, "/library/sections/1/all").await;
    assert_eq!((keys(&whole).len(), whole.get("totalSize")), (5, None), "an unpaged reply has no total");
}

#[tokio::test]
async fn levels_orders_and_filters_work_and_cutoffs_do_not() {
    let server = server().await;
    assert_eq!(keys(&get(&server, "/library/sections/2/all").await), [rating_key(SHOW)]);
    assert_eq!(keys(&get(&server, "/library/sections/2/all?type=4").await).len(), 4);
    let newest = get(&server, "/library/sections/1/all?sort=addedAt:desc").await;
    assert_eq!(keys(&newest), ["1005", "1004", "1003", "1002", "1001"]);
    let by_title = get(&server, "/library/sections/1/all?sort=titleSort").await;
    assert_eq!(keys(&by_title)[0], "1005");
    server.set_watch_state(TOKEN, FILM, WatchState { played: true, play_count: 1, ..WatchState::default() });
    assert_eq!(keys(&get(&server, "/library/sections/1/all?unwatched=0").await), ["1001"]);
    assert_eq!(keys(&get(&server, "/library/sections/1/all?unwatched=1").await).len(), 4);
    let cutoff = "/library/sections/1/all?updatedAt%3E%3E=1700000700";
    assert_eq!(keys(&get(&server, cutoff).await).len(), 5, "the real server ignores it with 200");
    let obeying = PlexServer::builder().catalogue(sample()).token(TOKEN).obeys_date_filters(true);
    assert_eq!(keys(&get(&obeying.start().await.unwrap(), cutoff).await).len(), 2);
}

#[tokio::test]
async fn details_come_for_one_or_several_and_both_forms_agree() {
    let server = server().await;
    let film = get(&server, "/library/metadata/1001?includeChapters=1").await["Metadata"][0].clone();
    assert_eq!(film["Media"][0]["Part"][0]["Stream"][0]["streamType"], 1);
    assert_eq!(
        (film["Guid"][0]["id"].as_str(), film["Role"][0]["role"].as_str()),
        (Some("imdb://tt0000001"), Some("Keeper"))
    );
    assert_eq!(film["Chapter"].as_array().unwrap().len(), 3);
    assert!(film.get("Marker").is_none() && film.get("viewCount").is_none());
    assert_eq!(keys(&get(&server, "/library/metadata/1003,99999,1001").await), ["1003", "1001"]);
    let trimmed =
        get(&server, "/library/metadata/1001?excludeElements=Media,Role&excludeFields=summary").await;
    let trimmed = &trimmed["Metadata"][0];
    assert!(
        trimmed.get("Media").is_none() && trimmed.get("summary").is_none() && trimmed.get("Genre").is_some()
    );
    let url = format!("{}/library/metadata/1003", server.base_url());
    let xml =
        Client::new().get(url).header("X-Plex-Token", TOKEN).send().await.unwrap().text().await.unwrap();
    assert!(
        xml.contains("<Video ratingKey=\"1003\"") && xml.contains("title=\"Salt &amp; &lt;Smoke&gt;\""),
        "{xml}"
    );
    assert_eq!(status(&server, "/library/metadata/99999").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_show_lists_its_seasons_and_episodes() {
    let server = server().await;
    let seasons = get(&server, "/library/metadata/1006/children").await;
    assert_eq!(keys(&seasons).len(), 2);
    assert_eq!(seasons["Directory"][0]["title"], "All episodes");
    assert!(
        get(&server, "/library/metadata/1006/children?excludeAllLeaves=1").await.get("Directory").is_none()
    );
    assert_eq!(keys(&get(&server, "/library/metadata/1006/allLeaves").await).len(), 4);
    let episodes = get(&server, "/library/metadata/1007/children").await;
    assert_eq!(episodes["grandparentRatingKey"], 1006, "a number on the container");
    assert_eq!(episodes["Metadata"][0]["grandparentRatingKey"], "1006", "text on the item");
}

#[tokio::test]
async fn reports_and_marks_change_the_state_of_the_user() {
    let server = server().await;
    let report = "/:/timeline?ratingKey=1001&key=/library/metadata/1001&duration=6000000";
    let reply = send(&server, Method::POST, &format!("{report}&state=playing&time=75000")).await;
    let reply = reply.json::<Value>().await.unwrap();
    assert_eq!(reply["MediaContainer"]["viewOffset"], 75_000);
    assert_eq!(server.watch_state(TOKEN, FILM).position, Duration::from_secs(75));
    assert_eq!(server.last_report(FILM), Some((PlaybackState::Running, 75_000)));
    let ongoing = get(&server, "/hubs/continueWatching").await;
    assert_eq!(ongoing["Hub"][0]["Metadata"][0]["ratingKey"], "1001");
    assert_eq!(status(&server, &format!("{report}&state=stopped&time=5900000")).await, StatusCode::OK);
    assert!(server.watch_state(TOKEN, FILM).played);
    for wrong in ["/:/timeline?state=playing&time=1", "/:/scrobble?key=1001"] {
        assert_eq!(status(&server, wrong).await, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let of_show = "?identifier=com.plexapp.plugins.library&key=1006";
    assert_eq!(send(&server, Method::PUT, &format!("/:/scrobble{of_show}")).await.status(), StatusCode::OK);
    let show = get(&server, "/library/metadata/1006").await["Metadata"][0].clone();
    assert_eq!((show["viewedLeafCount"].as_u64(), show["leafCount"].as_u64()), (Some(4), Some(4)));
    send(&server, Method::PUT, &format!("/:/unscrobble{of_show}")).await;
    assert!(!server.watch_state(TOKEN, ItemNumber(8)).played);
    send(&server, Method::PUT, "/:/rate?identifier=com.plexapp.plugins.library&key=1001&rating=8").await;
    assert_eq!(server.rating(TOKEN, FILM), Some(8.0));
}

#[tokio::test]
async fn what_is_removed_is_gone() {
    let server = server().await;
    let before = get(&server, "/library/sections").await["Directory"][1]["contentChangedAt"].clone();
    server.remove_item(SHOW);
    assert_eq!(status(&server, "/library/metadata/1008").await, StatusCode::NOT_FOUND);
    let rest = get(&server, "/library/sections/2/all?type=4&X-Plex-Container-Size=10").await;
    assert_eq!((rest["totalSize"].as_u64(), rest.get("Metadata")), (Some(0), None));
    assert_ne!(get(&server, "/library/sections").await["Directory"][1]["contentChangedAt"], before);
}

#[tokio::test]
async fn pictures_and_files_are_served() {
    let server = server().await;
    assert_eq!(status(&server, "/library/metadata/1001/thumb/1").await, StatusCode::OK);
    assert_eq!(status(&server, "/library/metadata/1001/art/1").await, StatusCode::NOT_FOUND, "it has none");
    let small = "/photo/:/transcode?url=%2Flibrary%2Fmetadata%2F1001%2Fthumb%2F1&width=60&height=90";
    let reply = send(&server, Method::GET, small).await;
    assert_eq!(
        (reply.status(), reply.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "image/png")
    );
    assert_eq!(
        status(&server, "/photo/:/transcode?url=%2Fnothing&width=60&height=90").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(status(&server, "/photo/:/transcode?url=%2Fnothing").await, StatusCode::BAD_REQUEST);
    let film = get(&server, "/library/metadata/1001").await["Metadata"][0].clone();
    let part = film["Media"][0]["Part"][0]["key"].as_str().unwrap();
    let request = Client::new().get(format!("{}{part}", server.base_url())).header("X-Plex-Token", TOKEN);
    let reply = request.header("Range", "bytes=10-19").send().await.unwrap();
    assert_eq!((reply.status(), reply.bytes().await.unwrap().len()), (StatusCode::PARTIAL_CONTENT, 10));
    assert_eq!(status(&server, "/library/parts/9999/1/file.mkv").await, StatusCode::NOT_FOUND);
    assert_eq!(status(&server, "/library/streams/13").await, StatusCode::NOT_IMPLEMENTED, "inside the file");
    let subtitle = send(&server, Method::GET, "/library/streams/29").await.text().await.unwrap();
    assert!(subtitle.contains("-->"), "{subtitle}");
}

#[tokio::test]
async fn search_finds_by_kind_and_people() {
    let server = server().await;
    let found = get(&server, "/hubs/search?query=lan").await;
    assert_eq!(found["Hub"][0]["Metadata"][0]["title"], "Lantern");
    assert_eq!(found["Hub"][1].get("Metadata"), None, "an empty list is left out");
    let people = get(&server, "/hubs/search?query=ada").await;
    assert_eq!(people["Hub"][4]["Directory"][0]["tag"], "Ada Mir");
    let scored = get(&server, "/library/search?query=tide&searchTypes=tv").await;
    assert_eq!(scored["SearchResult"][0]["Metadata"]["type"], "show");
    assert_eq!(status(&server, "/hubs/search").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn connections_share_the_state_and_are_told_apart() {
    let builder = PlexServer::builder().catalogue(Catalogue::default()).token(TOKEN).user("kid", "other");
    let mut server = builder.local("lan").remote("wan").relay("relay").start().await.unwrap();
    let uris: Vec<String> = server.connections().iter().map(|connection| connection.uri.clone()).collect();
    for uri in &uris {
        let reply = Client::new().get(format!("{uri}/identity")).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
    }
    let seen: Vec<String> =
        server.recorder().requests().into_iter().map(|request| request.connection).collect();
    assert_eq!(seen, ["lan", "wan", "relay"]);
    server.close("wan");
    assert!(Client::new().get(format!("{}/identity", uris[1])).send().await.is_err());
    let listing = server.listing();
    assert_eq!((listing.connections.len(), listing.token_of("kid")), (2, Some("other".to_owned())));
    server.set_token("kid", "newer");
    assert_eq!(listing.token_of("kid").as_deref(), Some("newer"));
}

#[test]
fn the_sample_has_every_kind() {
    let catalogue = sample();
    for kind in [ItemKind::Film, ItemKind::Series, ItemKind::Season, ItemKind::Episode] {
        assert!(catalogue.all().any(|item| item.kind == kind));
    }
}
