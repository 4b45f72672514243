//! What really travels, against a server that gives prepared answers.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::film;
use crate::backends::jellyfin::{JellyfinBackend, identify, sign_in};
use crate::backends::{
    AuthProvider, ClientIdentity, Identified, IdentifyError, LibraryRecord, MediaBackend as _, PageRequest,
};
use crate::models::{ItemKind, LibraryKind, PlayMethod, PlaybackEvent, PlaybackReport, RemoteId, ServerUrl};
use crate::net::{ErrorKind, HttpPool};

const TOKEN: &str = "6d1c8f0a";

/// Gives one prepared answer per request, and tells what was asked.
struct Server {
    base: ServerUrl,
    requests: JoinHandle<Vec<String>>,
}

impl Server {
    async fn start(answers: Vec<(&'static str, Value)>) -> Self {
        let text = |body: Value| match body {
            Value::String(page) => page,
            Value::Null => String::new(),
            json => json.to_string(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/base", listener.local_addr().unwrap()).parse().unwrap();
        let requests = tokio::spawn(async move {
            let mut requests = Vec::new();
            for (head, body) in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                requests.push(read_request(&mut stream).await);
                let body = text(body);
                let reply = format!(
                    "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(reply.as_bytes()).await.unwrap();
            }
            requests
        });
        Self { base, requests }
    }

    fn backend(&self) -> JellyfinBackend {
        let auth = AuthProvider::Jellyfin {
            token: SecretString::from(TOKEN),
            user_id: "9f0e".to_owned(),
            client: client(),
        };
        JellyfinBackend::from_auth(&auth, &self.base, &HttpPool::new().unwrap()).unwrap()
    }

    /// The requests, once all answers are given.
    async fn requests(self) -> Vec<String> {
        self.requests.await.unwrap()
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length:").map(|value| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        assert!(count > 0, "the request broke off");
    }
}

fn client() -> ClientIdentity {
    ClientIdentity { device_id: "b2f7".to_owned(), device_name: "Küche".to_owned() }
}

fn report(event: PlaybackEvent) -> PlaybackReport {
    PlaybackReport {
        event,
        position: Duration::from_mins(1),
        duration: None,
        at: "2025-01-02T03:04:05Z".parse().unwrap(),
        version_id: Some("5e7c".to_owned()),
        play_session_id: Some("e7a1".to_owned()),
        method: PlayMethod::Direct,
    }
}

fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

const JSON: &str = "200 OK\r\nContent-Type: application/json; charset=utf-8";

#[tokio::test]
async fn identity_is_asked_without_credentials() {
    let info =
        json!({"ServerName": "attic", "Version": "10.11.4", "ProductName": "Jellyfin Server", "Id": "4f3a"});
    let server = Server::start(vec![(JSON, info)]).await;
    let Identified { identity, timings, .. } =
        identify(&HttpPool::new().unwrap(), &server.base).await.unwrap();
    assert_eq!(identity.machine_id.as_str(), "4f3a");
    assert!(timings.ttfb > Duration::ZERO);
    let requests = server.requests().await;
    assert!(requests[0].starts_with("GET /base/System/Info/Public HTTP/1.1"));
    assert!(!requests[0].to_ascii_lowercase().contains("authorization"));
}

#[tokio::test]
async fn a_redirect_to_another_host_is_told_and_not_followed() {
    let found = "302 Found\r\nLocation: http://login.example.org:9/page?next=secret";
    let server = Server::start(vec![(found, Value::Null)]).await;
    match identify(&HttpPool::new().unwrap(), &server.base).await {
        Err(IdentifyError::RedirectedTo { host }) => assert_eq!(host, "login.example.org"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn sign_in_sends_the_password_once_and_no_token() {
    let user = json!({"User": {"Id": "9f0e", "Name": "ana"}, "AccessToken": TOKEN, "ServerId": "4f3a"});
    let server = Server::start(vec![(JSON, user), ("401 Unauthorized", Value::Null)]).await;
    let pool = HttpPool::new().unwrap();
    let password = SecretString::from("p\"ß");
    let session = sign_in::with_password(&pool, &server.base, &client(), "ana", &password).await.unwrap();
    assert_eq!(session.user_id, "9f0e");
    let refused = sign_in::with_password(&pool, &server.base, &client(), "ana", &password).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized);
    assert!(!format!("{refused:?} {refused}").contains("ana"));

    let requests = server.requests().await;
    assert!(requests[0].starts_with("POST /base/Users/AuthenticateByName HTTP/1.1"));
    assert!(
        requests[0]
            .contains(r#"authorization: MediaBrowser Client="Reel", Device="K%C3%BCche", DeviceId="b2f7""#)
    );
    assert!(!requests[0].contains("Token="));
    assert_eq!(body(&requests[0]), json!({"Username": "ana", "Pw": "p\"ß"}));
}

#[tokio::test]
async fn a_listing_is_read_with_the_token() {
    let page = json!({"Items": [film()], "TotalRecordCount": 1, "StartIndex": 0});
    let server = Server::start(vec![(JSON, page)]).await;
    let library = LibraryRecord::new(RemoteId::new("f137"), LibraryKind::Movies, "Films");
    let wanted = PageRequest { start: 0, limit: 500 };
    let page = server.backend().items(&library, ItemKind::Movie, wanted).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    let requests = server.requests().await;
    assert!(requests[0].contains(r#"Token="6d1c8f0a""#));
    let line = requests[0].lines().next().unwrap();
    assert!(line.contains("parentId=f137") && !line.contains(TOKEN));
}

#[tokio::test]
async fn garbage_changes_nothing() {
    let page = "<!DOCTYPE html><title>Welcome to the network</title>";
    let html = "200 OK\r\nContent-Type: text/html";
    let server = Server::start(vec![
        (JSON, json!("{\"Items\": [")),
        (JSON, json!({"TotalRecordCount": 0})),
        (html, json!(page)),
        ("401 Unauthorized", json!("ana may not see Films")),
        ("503 Service Unavailable\r\nRetry-After: 005", json!(page)),
    ])
    .await;
    let backend = server.backend();
    for kind in [
        ErrorKind::Decode,
        ErrorKind::Decode,
        ErrorKind::CaptivePortal,
        ErrorKind::Unauthorized,
        ErrorKind::Server,
    ] {
        let error = backend.libraries().await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!error.to_string().contains("Films"));
    }
}

#[tokio::test]
async fn details_do_without_segments() {
    let server =
        Server::start(vec![(JSON, film()), ("404 Not Found", json!("Error processing request."))]).await;
    let details = server.backend().details(&RemoteId::new("0a1b")).await.unwrap();
    assert_eq!(details.item.title, "The Lantern");
    assert_eq!(details.details.versions.len(), 1);
    assert!(details.details.markers.is_empty());
    let requests = server.requests().await;
    assert!(requests[0].starts_with("GET /base/Items/0a1b?userId=9f0e "));
    let kinds = ["Intro", "Outro", "Recap", "Preview", "Commercial"]
        .map(|kind| format!("includeSegmentTypes={kind}"));
    assert!(requests[1].starts_with(&format!("GET /base/MediaSegments/0a1b?{} ", kinds.join("&"))));
}

#[tokio::test]
async fn a_dead_token_is_told() {
    let server = Server::start(vec![("401 Unauthorized", Value::Null), (JSON, json!({"Id": "9f0e"}))]).await;
    let backend = server.backend();
    assert_eq!(backend.test_connection().await.unwrap_err().kind(), ErrorKind::Unauthorized);
    backend.test_connection().await.unwrap();
}

#[tokio::test]
async fn every_report_names_the_position() {
    let empty = ("204 No Content", Value::Null);
    let events =
        [PlaybackEvent::Started, PlaybackEvent::Playing, PlaybackEvent::Paused, PlaybackEvent::Stopped];
    let server = Server::start(vec![empty; 5]).await;
    let (backend, item) = (server.backend(), RemoteId::new("0a1b"));
    for event in events {
        backend.report_playback(&item, &report(event)).await.unwrap();
    }
    backend.set_position(&item, &report(PlaybackEvent::Stopped)).await.unwrap();

    let requests = server.requests().await;
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.split(' ').nth(1).unwrap(), body(request)["IsPaused"].as_bool()))
        .collect();
    assert_eq!(
        seen,
        [
            ("/base/Sessions/Playing", Some(false)),
            ("/base/Sessions/Playing/Progress", Some(false)),
            ("/base/Sessions/Playing/Progress", Some(true)),
            ("/base/Sessions/Playing/Stopped", None),
            ("/base/UserItems/0a1b/UserData?userId=9f0e", None),
        ]
    );
    for request in &requests[..4] {
        assert_eq!(body(request)["PositionTicks"], 600_000_000);
        assert_eq!(body(request)["PlaySessionId"], "e7a1");
    }
    assert_eq!(
        body(&requests[4]),
        json!({"PlaybackPositionTicks": 600_000_000, "LastPlayedDate": "2025-01-02T03:04:05.000Z"})
    );
}
