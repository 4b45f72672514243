//! Every fault as a plain client meets it, at both servers.

use super::{EVERY_CONNECTION, Fault, Faults, RetryAfter, Where};
use crate::catalogue::generator::Recipe;
use crate::catalogue::{Catalogue, LibraryKind};
use crate::jellyfin::JellyfinServer;
use crate::plex::PlexServer;
use crate::record::Recorder;
use reqwest::{Client, Response, redirect};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long to see that nothing comes.
const SHORTLY: Duration = Duration::from_millis(150);
/// Films of the library, which is a page.
const FILMS: usize = 500;

/// Either server, with a path that lists 500 films.
enum Subject {
    Plex(PlexServer),
    Jellyfin(JellyfinServer, String),
}

impl Subject {
    async fn both() -> [Self; 2] {
        let films = || Recipe { films: FILMS, series: 0, plain: true, ..Recipe::default() }.generate();
        let plex = PlexServer::builder().catalogue(films()).token("canary").start().await.unwrap();
        let jellyfin = JellyfinServer::builder().catalogue(films()).user("ana", "").start().await.unwrap();
        let device = "MediaBrowser Client=\"Test\", Device=\"Desk\", DeviceId=\"d1\", Version=\"1\"";
        let sign_in = Client::new()
            .post(format!("{}/Users/AuthenticateByName", jellyfin.base_url()))
            .header("Authorization", device)
            .json(&serde_json::json!({ "Username": "ana", "Pw": "" }));
        let session: Value = sign_in.send().await.unwrap().json().await.unwrap();
        let token = session["AccessToken"].as_str().unwrap();
        jellyfin.recorder().clear();
        [Self::Plex(plex), Self::Jellyfin(jellyfin, token.to_owned())]
    }

    fn faults(&self) -> &Faults {
        match self {
            Self::Plex(plex) => plex.faults(),
            Self::Jellyfin(jellyfin, _) => jellyfin.faults(),
        }
    }

    fn recorder(&self) -> &Recorder {
        match self {
            Self::Plex(plex) => plex.recorder(),
            Self::Jellyfin(jellyfin, _) => jellyfin.recorder(),
        }
    }

    fn base_url(&self) -> &str {
        match self {
            Self::Plex(plex) => plex.base_url(),
            Self::Jellyfin(jellyfin, _) => jellyfin.base_url(),
        }
    }

    fn library(&self, number: u32) -> Where {
        match self {
            Self::Plex(plex) => plex.library_requests(number),
            Self::Jellyfin(jellyfin, _) => jellyfin.library_requests(number),
        }
    }

    fn identity(&self) -> &'static str {
        match self {
            Self::Plex(_) => "/identity",
            Self::Jellyfin(..) => "/System/Info/Public",
        }
    }

    fn listing(&self, library: u32) -> String {
        match self {
            Self::Plex(_) => format!("/library/sections/{library}/all?X-Plex-Token=canary"),
            Self::Jellyfin(jellyfin, token) => {
                let library = jellyfin.library_id(library);
                format!("/Items?parentId={library}&recursive=true&ApiKey={token}")
            }
        }
    }

    fn items<'a>(&self, page: &'a Value) -> &'a Vec<Value> {
        let items = match self {
            Self::Plex(_) => &page["MediaContainer"]["Metadata"],
            Self::Jellyfin(..) => &page["Items"],
        };
        items.as_array().unwrap()
    }

    async fn get(&self, path: &str) -> reqwest::Result<Response> {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        client.get(format!("{}{path}", self.base_url())).header("accept", "application/json").send().await
    }

    async fn list(&self) -> reqwest::Result<Response> {
        self.get(&self.listing(1)).await
    }

    /// The listing with a fault, and nothing of the fault afterwards.
    async fn with(&self, fault: Fault) -> reqwest::Result<Response> {
        self.faults().add_times(EVERY_CONNECTION, "/", fault, 1);
        self.list().await
    }
}

#[tokio::test]
async fn portals_lead_elsewhere_or_show_a_page() {
    for subject in Subject::both().await {
        let answer = subject.with(Fault::portal_redirect()).await.unwrap();
        assert_eq!(answer.status(), 302);
        assert_eq!(answer.headers()["location"], "http://portal.example.invalid/login");
        for (fault, status) in [(Fault::Html, 200), (Fault::portal_required(), 511)] {
            let answer = subject.with(fault).await.unwrap();
            assert_eq!(answer.status(), status);
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
            assert!(answer.text().await.unwrap().contains("<form>"));
        }
        assert_eq!(subject.list().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn waits_are_asked_for_in_every_form() {
    for subject in Subject::both().await {
        let wait = |answer: Response| answer.headers()["retry-after"].to_str().unwrap().to_owned();
        let answer = subject.with(Fault::rate_limited(Some(RetryAfter::Seconds(7)))).await.unwrap();
        assert_eq!((answer.status().as_u16(), wait(answer)), (429, "7".to_owned()));
        let ahead = RetryAfter::Date(Duration::from_hours(1));
        let date = wait(subject.with(Fault::rate_limited(Some(ahead))).await.unwrap());
        assert!(date.ends_with(" GMT"), "{date}");
        let absurd = subject.with(Fault::rate_limited(Some(RetryAfter::Text("-1")))).await.unwrap();
        assert_eq!(wait(absurd), "-1");
        let infinite = subject.with(Fault::rate_limited(Some(RetryAfter::Text("∞")))).await.unwrap();
        assert_eq!(infinite.headers()["retry-after"].as_bytes(), "∞".as_bytes());
        assert!(
            !subject.with(Fault::rate_limited(None)).await.unwrap().headers().contains_key("retry-after")
        );
        let answer = subject.with(Fault::unavailable(Some(RetryAfter::Seconds(3)))).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "3"));
        assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
        let limited = subject.with(Fault::limits(0, 30)).await.unwrap();
        assert_eq!(limited.headers()["x-ratelimit-remaining"], "0");
        assert_eq!(limited.headers()["x-ratelimit-reset"], "30");
        let page: Value = limited.json().await.unwrap();
        assert_eq!(subject.items(&page).len(), FILMS);
    }
}

#[tokio::test]
async fn a_burst_ends() {
    for subject in Subject::both().await {
        subject.faults().add_times(EVERY_CONNECTION, "/", Fault::status(502), 3);
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(subject.list().await.unwrap().status().as_u16());
        }
        assert_eq!(seen, [502, 502, 502, 200]);
    }
}

#[tokio::test]
async fn one_library_is_refused_and_the_other_is_not() {
    let two = || {
        let mut catalogue = Catalogue::default();
        catalogue.add_library(LibraryKind::Films, "First");
        catalogue.add_library(LibraryKind::Films, "Second");
        catalogue
    };
    for subject in Subject::both().await {
        match &subject {
            Subject::Plex(plex) => plex.change_catalogue(|catalogue| *catalogue = two()),
            Subject::Jellyfin(jellyfin, _) => jellyfin.change_catalogue(|catalogue| *catalogue = two()),
        }
        subject.faults().add(EVERY_CONNECTION, subject.library(2), Fault::status(401));
        assert_eq!(subject.get(&subject.listing(1)).await.unwrap().status(), 200);
        assert_eq!(subject.get(&subject.listing(2)).await.unwrap().status(), 401);
    }
}

#[tokio::test]
async fn a_stranger_says_who_it_is_and_takes_nothing() {
    for subject in Subject::both().await {
        subject.faults().add(EVERY_CONNECTION, "/", Fault::Stranger("0123456789abcdef".to_owned()));
        let who = subject.get(subject.identity()).await.unwrap().text().await.unwrap();
        assert!(who.contains("0123456789abcdef"), "{who}");
        assert_eq!(subject.list().await.unwrap().status(), 401);
        let seen: Vec<bool> =
            subject.recorder().requests().iter().map(|request| !request.credentials().is_empty()).collect();
        assert_eq!(seen, [false, true], "what came with a credential is told");
    }
}

#[tokio::test]
async fn json_is_deep_wrong_or_has_one_bad_item() {
    for subject in Subject::both().await {
        let deep = subject.with(Fault::Nested(10_000)).await.unwrap().text().await.unwrap();
        assert_eq!(deep.len(), 20_000);
        assert!(serde_json::from_str::<Value>(&deep).is_err(), "deeper than a parser goes");
        let wrong: Value = subject.with(Fault::WrongTypes).await.unwrap().json().await.unwrap();
        assert!(wrong["Items"].is_string() || wrong["MediaContainer"]["Metadata"].is_string());
        let whole: Value = subject.list().await.unwrap().json().await.unwrap();
        let page: Value = subject.with(Fault::BadItem).await.unwrap().json().await.unwrap();
        let differing =
            subject.items(&page).iter().zip(subject.items(&whole)).filter(|(one, other)| one != other);
        assert_eq!(subject.items(&page).len(), FILMS);
        assert_eq!(differing.count(), 1);
    }
}

#[tokio::test]
async fn bodies_end_too_soon() {
    for subject in Subject::both().await {
        let cut = subject.with(Fault::LengthTooLarge).await.unwrap();
        assert!(cut.text().await.is_err(), "fewer bytes than said");
        let short = subject.with(Fault::LengthTooSmall).await.unwrap().text().await.unwrap();
        let whole = subject.list().await.unwrap().text().await.unwrap();
        assert!(short.len() < whole.len() && whole.starts_with(&short));
        let packed = subject.with(Fault::TruncatedGzip).await.unwrap();
        assert!(packed.text().await.is_err(), "reqwest unpacks, and meets the end");
        let stalled = subject.with(Fault::Stall).await.unwrap();
        assert!(timeout(SHORTLY, stalled.text()).await.is_err());
    }
}

#[tokio::test]
async fn bodies_do_not_end() {
    for subject in Subject::both().await {
        let mut endless = subject.with(Fault::Endless).await.unwrap();
        let mut read = 0;
        while read < 4 * 1024 * 1024 {
            read += endless.chunk().await.unwrap().unwrap().len();
        }
        let gigabyte = subject.with(Fault::Huge(1 << 30)).await.unwrap();
        assert_eq!(gigabyte.content_length(), Some(1 << 30));
        drop(gigabyte);
        let some = subject.with(Fault::Huge(100_000)).await.unwrap().text().await.unwrap();
        assert_eq!(some.len(), 100_000);
        assert!(serde_json::from_str::<Value>(&some).is_ok());
    }
}

#[tokio::test]
async fn an_answer_comes_byte_by_byte() {
    const INTERVAL: Duration = Duration::from_millis(5);
    for subject in Subject::both().await {
        let start = Instant::now();
        subject.faults().add_times(EVERY_CONNECTION, "/", Fault::SlowBody(INTERVAL), 1);
        let answer = subject.get(subject.identity()).await.unwrap();
        let length = u32::try_from(answer.text().await.unwrap().len()).unwrap();
        assert!(start.elapsed() >= INTERVAL * (length - 1), "{:?} for {length}", start.elapsed());

        subject.faults().add_times(EVERY_CONNECTION, "/", Fault::SlowAnswer(INTERVAL), 1);
        let address = subject.base_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", subject.identity());
        stream.write_all(request.as_bytes()).await.unwrap();
        let start = Instant::now();
        let mut head = [0; 17];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK\r\n");
        assert!(start.elapsed() >= INTERVAL * 15, "headers too: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_request_gets_no_answer() {
    for subject in Subject::both().await {
        assert!(timeout(SHORTLY, subject.with(Fault::Silence)).await.is_err());
        assert!(subject.with(Fault::Close).await.is_err());
        let address = subject.base_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        subject.faults().add_times(EVERY_CONNECTION, "/", Fault::Reset, 1);
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let met = stream.read(&mut [0]).await.unwrap_err();
        assert_eq!(met.kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(subject.list().await.unwrap().status(), 200);
        let delayed = Instant::now();
        subject.with(Fault::Delay(SHORTLY)).await.unwrap();
        assert!(delayed.elapsed() >= SHORTLY);
    }
}

#[tokio::test]
async fn refusals_say_nothing_else() {
    for subject in Subject::both().await {
        for code in [401, 403, 404] {
            let answer = subject.with(Fault::status(code)).await.unwrap();
            assert_eq!(answer.status().as_u16(), code);
            assert!(answer.text().await.unwrap().is_empty());
        }
        let garbage = subject.with(Fault::Garbage).await.unwrap();
        assert!(garbage.json::<Value>().await.is_err());
    }
}
