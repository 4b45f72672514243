//! plex.tv over HTTP.

use super::PlexTv;
use crate::plex::PlexServer;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;

const OWNER: &str = "canary-plex-token-account";

async fn servers() -> (PlexServer, PlexTv) {
    let server = PlexServer::builder().user("ana", "canary-server-ana").user("kid", "canary-server-kid");
    let server = server.local("lan").relay("relay").start().await.unwrap();
    let tv = PlexTv::builder().account("ana", OWNER).protected_account("kid", "canary-kid", "1234");
    let tv = tv.server(server.listing()).start().await.unwrap();
    (server, tv)
}

async fn send(tv: &PlexTv, method: Method, path: &str, client: &str, token: &str) -> Response {
    let request = Client::new().request(method, format!("{}{path}", tv.base_url()));
    let request = request.header("Accept", "application/json").header("X-Plex-Token", token);
    request.header("X-Plex-Client-Identifier", client).send().await.unwrap()
}

async fn json(tv: &PlexTv, method: Method, path: &str, token: &str) -> Value {
    send(tv, method, path, "test", token).await.json().await.unwrap()
}

#[tokio::test]
async fn a_pin_is_approved_for_the_client_that_asked() {
    let (_server, tv) = servers().await;
    let made = send(&tv, Method::POST, "/api/v2/pins?strong=true", "test", "").await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let pin: Value = made.json().await.unwrap();
    assert_eq!(pin["authToken"], Value::Null);
    let (code, path) = (pin["code"].as_str().unwrap(), format!("/api/v2/pins/{}", pin["id"]));
    assert_eq!(tv.waiting_pins(), [code]);
    assert_eq!(send(&tv, Method::GET, &path, "another", "").await.status(), StatusCode::NOT_FOUND);
    assert!(tv.approve_pin(code));
    assert_eq!(json(&tv, Method::GET, &path, "").await["authToken"], OWNER);
    tv.expire_pin(code);
    assert_eq!(send(&tv, Method::GET, &path, "test", "").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_pin_needs_to_know_its_client() {
    let (_server, tv) = servers().await;
    let reply = Client::new().post(format!("{}/api/v2/pins", tv.base_url())).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_a_dead_token_is_refused() {
    let (_server, tv) = servers().await;
    assert_eq!(json(&tv, Method::GET, "/api/v2/user", OWNER).await["username"], "ana");
    assert_eq!(
        send(&tv, Method::DELETE, "/api/v2/users/signout", "test", OWNER).await.status(),
        StatusCode::NO_CONTENT
    );
    let refused = send(&tv, Method::GET, "/api/v2/user", "test", OWNER).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["code"], 1001);
}

#[tokio::test]
async fn every_user_has_tokens_of_their_own() {
    let (server, tv) = servers().await;
    let path = "/api/v2/resources?includeHttps=1&includeRelay=1";
    let all = json(&tv, Method::GET, path, OWNER).await;
    assert_eq!(all[0]["clientIdentifier"], server.machine_id());
    assert_eq!(
        (all[0]["accessToken"].as_str(), all[0]["owned"].as_bool()),
        (Some("canary-server-ana"), Some(true))
    );
    assert_eq!(all[0]["connections"][0]["uri"], server.base_url());
    assert!(!all[1]["provides"].as_str().unwrap().contains("server"), "a player stands beside it");
    assert_eq!(json(&tv, Method::GET, path, "canary-kid").await[0]["accessToken"], "canary-server-kid");
    let direct = json(&tv, Method::GET, "/api/v2/resources", OWNER).await;
    assert_eq!(direct[0]["connections"].as_array().unwrap().len(), 1, "the relay only when asked for");
}

#[tokio::test]
async fn switching_wants_the_right_id_and_the_pin() {
    let (_server, tv) = servers().await;
    let users = json(&tv, Method::GET, "/api/v2/home/users", OWNER).await["users"].clone();
    let (id, uuid) = (users[1]["id"].to_string(), users[1]["uuid"].as_str().unwrap().to_owned());
    let new = |who: &str, pin: &str| format!("/api/v2/home/users/{who}/switch?pin={pin}");
    let old = |who: &str| format!("/api/home/users/{who}/switch?pin=1234");
    assert_eq!(json(&tv, Method::POST, &new(&uuid, "1234"), OWNER).await["authToken"], "canary-kid");
    for (path, status) in [
        (new(&uuid, "9999"), StatusCode::UNAUTHORIZED),
        (new(&id, "1234"), StatusCode::NOT_FOUND),
        (old(&uuid), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(send(&tv, Method::POST, &path, "test", OWNER).await.status(), status, "{path}");
    }
    let xml = send(&tv, Method::POST, &old(&id), "test", OWNER).await.text().await.unwrap();
    assert!(xml.contains("authenticationToken=\"canary-kid\""), "XML whatever was asked for: {xml}");
    let list = send(&tv, Method::GET, "/api/home/users", "test", OWNER).await.text().await.unwrap();
    assert!(list.contains("<User id=") && list.contains("protected=\"1\""), "{list}");
}

#[tokio::test]
async fn users_of_a_home_have_pictures_for_anybody() {
    let (_server, tv) = servers().await;
    let home = json(&tv, Method::GET, "/api/v2/home/users", OWNER).await;
    let pictures: Vec<&str> =
        home["users"].as_array().unwrap().iter().map(|user| user["thumb"].as_str().unwrap()).collect();
    assert_eq!(pictures.len(), 2);
    assert_ne!(pictures[0], pictures[1]);
    for picture in pictures {
        let reply = reqwest::get(picture).await.unwrap();
        assert_eq!(
            (reply.status(), &reply.headers()["content-type"]),
            (StatusCode::OK, &"image/png".parse().unwrap())
        );
        assert!(reply.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
    let nobody = send(&tv, Method::GET, "/users/nobody/avatar", "test", "").await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
}
