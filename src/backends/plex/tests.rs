//! The backend against a server of canned answers: what is sent, and what becomes of what comes back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::tv::{PinState, PlexTv};
use super::*;
use crate::backends::ClientIdentity;
use crate::models::{ImageKey, ImageSize, LibraryKind, PlayMethod, PlaybackEvent};

const TOKEN: &str = "canary-token";

/// Answers every request with the next canned answer and remembers the head of each.
struct Canned {
    base: ServerUrl,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Canned {
    async fn serve(answers: Vec<(u16, &'static str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            for (status, body) in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read(&mut byte).await.unwrap() == 0 {
                        break;
                    }
                    head.push(byte[0]);
                }
                heads.lock().unwrap().push(String::from_utf8_lossy(&head).to_lowercase());
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { base, seen, task }
    }

    fn backend(&self) -> PlexBackend {
        let auth = AuthProvider::Plex { token: SecretString::from(TOKEN), client: client() };
        PlexBackend::from_auth(&auth, &self.base, &HttpPool::new().unwrap()).unwrap()
    }

    fn tv(&self) -> PlexTv {
        PlexTv::new(&HttpPool::new().unwrap(), self.base.clone(), client())
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn first_line(&self) -> String {
        self.requests()[0].lines().next().unwrap().to_owned()
    }
}

fn client() -> ClientIdentity {
    ClientIdentity { device_id: "5f2c".to_owned(), device_name: "attic".to_owned() }
}

fn film() -> RemoteId {
    RemoteId::new("1049")
}

fn report(position: u64) -> PlaybackReport {
    PlaybackReport {
        event: PlaybackEvent::Paused,
        position: Duration::from_millis(position),
        duration: None,
        at: Utc::now(),
        version_id: None,
        play_session_id: Some("session-1".to_owned()),
        method: PlayMethod::Direct,
    }
}

#[tokio::test]
async fn the_identity_request_carries_no_credential_and_no_name() {
    let body = r#"{"MediaContainer":{"machineIdentifier":"9c11","version":"1.43.2"}}"#;
    let server = Canned::serve(vec![(200, body)]).await;
    let crate::backends::Identified { identity, timings, .. } =
        identity::identify(&HttpPool::new().unwrap(), &server.base).await.unwrap();
    assert_eq!(identity.machine_id.as_str(), "9c11");
    assert!(timings.ttfb > Duration::ZERO);
    let request = server.requests().remove(0);
    assert!(request.starts_with("get /identity http/1.1"));
    assert!(request.contains("accept: application/json"));
    assert!(!request.contains("x-plex"));
}

#[tokio::test]
async fn every_request_says_who_asks_and_keeps_the_token_out_of_the_address() {
    let server = Canned::serve(vec![(200, r#"{"MediaContainer":{"machineIdentifier":"9c11"}}"#)]).await;
    let backend = server.backend();
    assert!(!format!("{backend:?}").contains(TOKEN));
    backend.test_connection().await.unwrap();
    let request = server.requests().remove(0);
    assert!(request.contains("x-plex-token: canary-token"));
    assert!(request.contains("x-plex-client-identifier: 5f2c"));
    assert!(request.contains("x-plex-product: reel"));
    assert!(!server.first_line().contains(TOKEN));
}

#[tokio::test]
async fn the_token_is_checked_at_a_plex_server_only() {
    let root = r#"{"MediaContainer":{"friendlyName":"Attic","machineIdentifier":"9c11","version":"1.43"}}"#;
    let server =
        Canned::serve(vec![(200, root), (401, "<html></html>"), (200, r#"{"MediaContainer":{}}"#)]).await;
    let backend = server.backend();
    assert_eq!(backend.server_identity().await.unwrap().name.as_deref(), Some("Attic"));
    assert_eq!(backend.test_connection().await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!(backend.test_connection().await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn failures_have_kinds_whatever_the_body() {
    let page = "<html><head><title>Unauthorized</title></head></html>";
    let maintenance = r#"<Response code="503" title="Maintenance"/>"#;
    for (status, body, kind) in [
        (401, page, ErrorKind::Unauthorized),
        (404, page, ErrorKind::NotFound),
        (503, maintenance, ErrorKind::Server),
        (200, page, ErrorKind::CaptivePortal),
        (200, r#"{"hello":1}"#, ErrorKind::Decode),
        (200, "", ErrorKind::Decode),
    ] {
        let server = Canned::serve(vec![(status, body)]).await;
        assert_eq!(server.backend().libraries().await.unwrap_err().kind(), kind, "{status} {body}");
    }
}

#[tokio::test]
async fn libraries_and_items_are_listed() {
    let sections =
        r#"{"MediaContainer":{"size":2,"Directory":[{"key":"1","type":"movie","title":"Films"},7]}}"#;
    let films = r#"{"MediaContainer":{"size":1,"offset":0,"totalSize":9,"Metadata":[
        {"ratingKey":"1049","type":"movie","title":"The Lantern"}]}}"#;
    let server = Canned::serve(vec![(200, sections), (200, films)]).await;
    let libraries = server.backend().libraries().await.unwrap();
    assert_eq!(libraries.len(), 1);
    assert_eq!(libraries[0].kind, LibraryKind::Movies);
    let page = PageRequest { start: 0, limit: 1 };
    let page = server.backend().items(&libraries[0], ItemKind::Movie, page).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, Some(9)));
}

#[tokio::test]
async fn an_item_that_is_gone_is_not_found() {
    let server = Canned::serve(vec![(200, r#"{"MediaContainer":{"size":0}}"#), (404, "")]).await;
    assert_eq!(server.backend().details(&film()).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(server.backend().watch_state(&film()).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_stream_is_the_part_of_the_details() {
    let details = r#"{"MediaContainer":{"Metadata":[{"ratingKey":"1049","type":"movie","title":"x","Media":[
        {"id":827,"container":"mkv","Part":[{"id":827,"key":"/library/parts/827/17/a b.mkv"}]}]}]}}"#;
    // A server that knows no decisions gives the file.
    let server = Canned::serve(vec![(200, details), (404, "")]).await;
    let source = server.backend().stream(&film(), &StreamAsk::original(None)).await.unwrap();
    let Location::Remote(request) = source.location else { panic!("a file") };
    assert_eq!(request.url.path(), "/library/parts/827/17/a%20b.mkv");
    assert!(server.first_line().starts_with("get /library/metadata/1049?includeguids=1"));
}

#[tokio::test]
async fn reports_and_marks_are_sent() {
    let server = Canned::serve(vec![(200, ""), (200, ""), (200, ""), (200, "")]).await;
    let backend = server.backend();
    backend.report_playback(&film(), &report(75_000)).await.unwrap();
    backend.set_position(&film(), &report(5_000)).await.unwrap();
    backend.set_watched(&film(), true, Utc::now()).await.unwrap();
    backend.set_watched(&film(), false, Utc::now()).await.unwrap();
    assert_eq!(backend.set_favourite(&film(), true).await.unwrap_err().kind(), ErrorKind::Unsupported);
    let requests = server.requests();
    let starts: Vec<_> = requests.iter().map(|head| head.split('?').next().unwrap()).collect();
    assert_eq!(starts, ["post /:/timeline", "get /:/progress", "put /:/scrobble", "put /:/unscrobble"]);
    assert!(requests[0].contains("x-plex-session-identifier: session-1"));
    assert!(requests[0].contains("state=paused&time=75000"));
}

#[tokio::test]
async fn a_place_is_taken_back_with_the_mark_that_was_there() {
    for (state, sent) in [
        (r#""viewOffset":5000"#, Some("put /:/unscrobble")),
        (r#""viewOffset":5000,"viewCount":2"#, Some("put /:/scrobble")),
        (r#""viewCount":1"#, None),
    ] {
        let item = format!(
            r#"{{"MediaContainer":{{"size":1,"Metadata":[{{"ratingKey":"1049","type":"movie",{state}}}]}}}}"#
        );
        let server = Canned::serve(vec![(200, item.leak()), (200, "")]).await;
        server.backend().set_position(&film(), &report(0)).await.unwrap();
        let requests = server.requests();
        assert_eq!(requests.get(1).map(|head| head.split('?').next().unwrap()), sent, "{state}");
    }
}

#[tokio::test]
async fn a_search_without_anything_to_search_is_empty() {
    let server = Canned::serve(vec![(404, "")]).await;
    assert!(server.backend().search("lantern", 5).await.unwrap().is_empty());
    assert!(server.backend().search("  ", 5).await.unwrap().is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn images_are_resized_by_the_server() {
    let server = Canned::serve(Vec::new()).await;
    let request = ImageRequest { key: ImageKey::new("/library/metadata/1/thumb/2"), size: ImageSize::Small };
    let Location::Remote(request) = server.backend().image(&request).unwrap() else { panic!("a file") };
    assert_eq!(request.url.path(), "/photo/:/transcode");
    assert!(request.url.query().unwrap().contains("width=240"));
    assert!(!request.url.as_str().contains(TOKEN));
}

#[tokio::test]
async fn credentials_of_others_are_refused() {
    let base = "http://127.0.0.1:1".parse().unwrap();
    let refused = PlexBackend::from_auth(&AuthProvider::Local, &base, &HttpPool::new().unwrap());
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn a_pin_expires_without_an_answer_too() {
    let server = Canned::serve(vec![(201, r#"{"id":7,"code":"abcd","expiresIn":0}"#)]).await;
    let pin = server.tv().create_pin().await.unwrap();
    // Nobody listens any more.
    let tv = server.tv();
    drop(server);
    assert!(matches!(tv.poll_pin(&pin).await, Ok(PinState::Expired)));
}

#[tokio::test]
async fn a_sign_in_from_the_pin_to_the_servers() {
    let server = Canned::serve(vec![
        (201, r#"{"id":7,"code":"abcd","expiresIn":1800,"authToken":null}"#),
        (200, r#"{"id":7,"code":"abcd","authToken":null}"#),
        (502, "<html></html>"),
        (200, r#"{"id":7,"code":"abcd","authToken":"account-token"}"#),
        (200, r#"{"uuid":"aa11","title":"Ana"}"#),
        (200, r#"[{"name":"Attic","provides":"server","clientIdentifier":"9c11","accessToken":"server-token"}]"#),
        (204, ""),
        (401, r#"{"errors":[]}"#),
    ])
    .await;
    let tv = server.tv();
    let pin = tv.create_pin().await.unwrap();
    assert!(matches!(tv.poll_pin(&pin).await, Ok(PinState::Waiting)));
    assert_eq!(tv.poll_pin(&pin).await.unwrap_err().kind(), ErrorKind::Server);
    let Ok(PinState::Approved(token)) = tv.poll_pin(&pin).await else { panic!("not approved") };
    assert_eq!(tv.account(&token).await.unwrap().name, "Ana");
    assert_eq!(tv.servers(&token).await.unwrap()[0].name, "Attic");
    tv.sign_out(&token).await.unwrap();
    assert_eq!(tv.account(&token).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    let requests = server.requests();
    assert!(requests[..4].iter().all(|head| !head.contains("x-plex-token")));
    assert!(requests[4..].iter().all(|head| head.contains("x-plex-token: account-token")));
    assert!(requests[6].starts_with("delete /api/v2/users/signout"));
}
