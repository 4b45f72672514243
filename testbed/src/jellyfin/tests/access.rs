//! Signing in and who may ask what.

use super::*;
use reqwest::redirect::Policy;

#[tokio::test]
async fn a_sign_in_is_refused_for_its_reason() {
    let server = builder().start().await.unwrap();
    for (name, password, device, status) in [
        ("ANA", "secret", DEVICE, 200),
        ("ben", "", DEVICE, 200),
        ("ana", "wrong", DEVICE, 401),
        ("eve", "secret", DEVICE, 401),
        ("", "secret", DEVICE, 400),
        ("ana", "secret", "MediaBrowser Client=\"Test\", DeviceId=\"d1\", Version=\"1\"", 400),
    ] {
        let reply = sign_in(&server, name, password, device).await;
        assert_eq!(reply.status(), status, "{name} {password} {device}");
    }
    server.disable_user("ana", true);
    assert_eq!(sign_in(&server, "ana", "secret", DEVICE).await.status(), 403);
}

#[tokio::test]
async fn a_newer_sign_in_on_the_device_ends_the_older_token() {
    let session = Session::begin(builder()).await;
    assert_eq!(session.get("/Users/Me").await["Name"], "ana");
    sign_in(&session.server, "ben", "", DEVICE).await;
    assert_eq!(session.status("/Users/Me").await, 200, "another user's token stays");
    sign_in(&session.server, "ana", "secret", DEVICE).await;
    assert_eq!(session.status("/Users/Me").await, 401);
}

#[tokio::test]
async fn without_a_living_token_there_is_only_what_is_public() {
    let session = Session::begin(builder()).await;
    let base = session.server.base_url();
    for path in ["/UserViews", "/Items", "/System/Info", "/Users/Me", "/Shows/NextUp", "/Persons"] {
        assert_eq!(reqwest::get(format!("{base}{path}")).await.unwrap().status(), 401, "{path}");
    }
    for path in ["/System/Info/Public", "/System/Ping", "/Users/Public", "/QuickConnect/Enabled"] {
        assert_eq!(reqwest::get(format!("{base}{path}")).await.unwrap().status(), 200, "{path}");
    }
    let keyed = reqwest::get(format!("{base}/UserViews?ApiKey={}", session.token)).await.unwrap();
    assert_eq!(keyed.status(), 200);
    let other = format!("/Items?userId={}", session.server.user_id("ben"));
    assert_eq!(session.status(&other).await, 403);
    session.server.revoke_tokens();
    assert_eq!(session.status("/UserViews").await, 401);
}

#[tokio::test]
async fn signing_out_ends_the_token() {
    let session = Session::begin(builder()).await;
    assert_eq!(session.send(Method::POST, "/Sessions/Logout").await.status(), 204);
    assert_eq!(session.status("/Users/Me").await, 401);
}

#[tokio::test]
async fn a_code_signs_in_once_it_is_approved() {
    let server = builder().start().await.unwrap();
    let (client, base) = (Client::new(), server.base_url());
    let url = format!("{base}/QuickConnect/Initiate");
    let begun: Value =
        client.post(url).header("Authorization", DEVICE).send().await.unwrap().json().await.unwrap();
    let (code, secret) = (begun["Code"].as_str().unwrap(), begun["Secret"].as_str().unwrap());
    assert_eq!((code.len(), secret.len()), (6, 64));
    let poll = format!("{base}/QuickConnect/Connect?secret={secret}");
    let state: Value = reqwest::get(&poll).await.unwrap().json().await.unwrap();
    assert_eq!(state["Authenticated"], false);
    assert!(!server.approve_quick_connect("none", "ana") && server.approve_quick_connect(code, "ana"));
    let state: Value = reqwest::get(&poll).await.unwrap().json().await.unwrap();
    assert_eq!(state["Authenticated"], true);
    let url = format!("{base}/Users/AuthenticateWithQuickConnect");
    let reply = client.post(url).json(&json!({ "Secret": secret })).send().await.unwrap();
    assert_eq!(reply.json::<Value>().await.unwrap()["User"]["Name"], "ana");
    let unknown = reqwest::get(format!("{base}/QuickConnect/Connect?secret=none")).await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn outside_the_base_path_lies_the_web_client() {
    let server = builder().base_path("jellyfin/").connections(2).start().await.unwrap();
    assert_eq!(server.base_urls().len(), 2);
    for base in server.base_urls() {
        let info = reqwest::get(format!("{base}/System/Info/Public")).await.unwrap();
        assert_eq!(info.json::<Value>().await.unwrap()["Id"], server.machine_id());
        let root = base.strip_suffix("/jellyfin").unwrap();
        let outside = Client::builder().redirect(Policy::none()).build().unwrap();
        let reply = outside.get(format!("{root}/System/Info/Public")).send().await.unwrap();
        assert_eq!(
            (reply.status().as_u16(), &reply.headers()["location"]),
            (302, &"/jellyfin/web/".parse().unwrap())
        );
        let page = reqwest::get(format!("{root}/System/Info/Public")).await.unwrap();
        assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn versions_differ_in_their_routes() {
    for (version, views, segments) in [("10.8.13", 404, 404), ("10.9.11", 200, 404), ("10.10.7", 200, 200)] {
        let session = Session::begin(builder().version(version)).await;
        assert_eq!(session.status("/UserViews").await, views, "{version}");
        let film = session.server.item_id(crate::catalogue::sample::FILM);
        assert_eq!(session.status(&format!("/MediaSegments/{film}")).await, segments, "{version}");
    }
    let emby = builder().emby(true).start().await.unwrap();
    let info = reqwest::get(format!("{}/System/Info/Public", emby.base_url())).await.unwrap();
    let info: Value = info.json().await.unwrap();
    assert!(info.get("ProductName").is_none() && info["Version"].as_str().unwrap().starts_with("4."));
}
