//! Who may ask.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Stage;
use super::files::film;
use super::server::PretendedServer;

/// What comes back for a text; empty when the connection is closed without a word.
async fn say(stage: &Stage, text: &str) -> String {
    let port = stage.url().port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    let _reset = stream.read_to_end(&mut reply).await;
    String::from_utf8_lossy(&reply).into_owned()
}

async fn stage() -> Stage {
    Stage::new(PretendedServer::new(film(100))).await
}

/// A request with everything right, to be changed.
struct Knock<'a> {
    method: &'a str,
    path: String,
    host: String,
    more: &'a str,
}

impl Knock<'_> {
    fn right(stage: &Stage) -> Self {
        let url = stage.url();
        let host = format!("127.0.0.1:{}", url.port().unwrap());
        Self { method: "GET", path: url.path().to_owned(), host, more: "" }
    }

    async fn status(&self, stage: &Stage) -> u16 {
        let Self { method, path, host, more } = self;
        let text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        let reply = say(stage, &text).await;
        if reply.starts_with("HTTP/1.1 4") {
            assert!(reply.ends_with("\r\n\r\n"), "nothing is told: {reply}");
        }
        reply.split(' ').nth(1).unwrap_or("0").parse().unwrap()
    }
}

#[tokio::test]
async fn the_right_address_is_answered() {
    let stage = stage().await;
    assert_eq!(Knock::right(&stage).status(&stage).await, 200);
    assert_eq!(Knock { method: "HEAD", ..Knock::right(&stage) }.status(&stage).await, 200);
    assert_eq!(stage.server.ranges().len(), 2);
}

#[tokio::test]
async fn a_head_says_the_length_and_sends_nothing() {
    let stage = stage().await;
    let Knock { path, host, .. } = Knock::right(&stage);
    let reply =
        say(&stage, &format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
    assert!(reply.to_ascii_lowercase().contains("content-length: 100\r\n"), "{reply}");
    assert!(reply.ends_with("\r\n\r\n"), "{reply}");
}

#[tokio::test]
async fn other_paths_lead_nowhere() {
    let stage = stage().await;
    let right = Knock::right(&stage).path;
    let (secret, name) = right[1..].split_once('/').unwrap();
    for path in [
        "/".to_owned(),
        format!("/{secret}"),
        format!("/{secret}/"),
        format!("/{secret}/0"),
        format!("/{secret}/0.mkv/"),
        format!("/{secret}/00.mkv"),
        format!("/{secret}/7.mkv"),
        format!("/{}/{name}", "0".repeat(32)),
        format!("/{}/{name}", secret.to_uppercase()),
        format!("/{}/{name}", &secret[1..]),
        format!("//{secret}/{name}"),
        format!("{right}?x=1"),
    ] {
        let knock = Knock { path: path.clone(), ..Knock::right(&stage) };
        let expected = if path == right { 200 } else { 404 };
        assert_eq!(knock.status(&stage).await, expected, "{path}");
    }
    assert_eq!(stage.server.ranges().len(), 0, "no server was asked");
}

#[tokio::test]
async fn other_hosts_methods_and_web_pages_are_refused() {
    let stage = stage().await;
    let port = stage.url().port().unwrap();
    let absolute = stage.url().to_string();
    let hosts =
        [format!("localhost:{port}"), "127.0.0.1".to_owned(), format!("evil.example:{port}"), String::new()];
    for host in hosts {
        assert_eq!(Knock { host: host.clone(), ..Knock::right(&stage) }.status(&stage).await, 421, "{host}");
    }
    let twice = format!("Host: 127.0.0.1:{port}\r\n");
    assert!(Knock { more: &twice, ..Knock::right(&stage) }.status(&stage).await >= 400);
    for origin in ["Origin: https://evil.example\r\n", "Origin: null\r\n", "origin: http://127.0.0.1\r\n"] {
        assert_eq!(Knock { more: origin, ..Knock::right(&stage) }.status(&stage).await, 403, "{origin}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        assert_eq!(Knock { method, ..Knock::right(&stage) }.status(&stage).await, 405, "{method}");
    }
    assert_eq!(Knock { path: absolute, ..Knock::right(&stage) }.status(&stage).await, 404);
    assert_eq!(stage.server.ranges().len(), 0, "no server was asked");
}

#[tokio::test]
async fn what_is_no_http_is_hung_up_on() {
    let stage = stage().await;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(1_000_000));
    for text in ["\r\n\r\nhello\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET\r\n\r\n", &long] {
        let reply = say(&stage, text).await;
        assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{reply}");
    }
    assert_eq!(Knock::right(&stage).status(&stage).await, 200, "others are not disturbed");
}
