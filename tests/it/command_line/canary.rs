//! A log of everything holds no credential, no title and no name.

use reel_testbed::catalogue::Catalogue;
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::proxy::Proxy;

use super::app::App;
use crate::support::{PASSWORD, Server, ServerKind, TOKEN, USER, films};

/// Stands in every title, summary and name of the catalogue.
const TITLE: &str = "canarytitle";

fn catalogue() -> Catalogue {
    let mut catalogue = films(8);
    for item in catalogue.items.iter_mut().flatten() {
        item.title = format!("{TITLE} {}", item.number.0);
        item.sort_title.clone_from(&item.title);
        item.summary = Some(format!("About {TITLE}"));
        for person in &mut item.people {
            person.name = format!("{TITLE} {}", person.name);
        }
    }
    catalogue
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plex() {
    say_nothing(ServerKind::Plex).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jellyfin() {
    say_nothing(ServerKind::Jellyfin).await;
}

async fn say_nothing(kind: ServerKind) {
    let server = Server::start(kind, catalogue()).await;
    let app = App::new("trace");
    let url = server.url();
    let (mut log, mut printed) = (String::new(), String::new());
    let mut run = async |arguments: &[&str], stdin: &str| {
        let done = app.run_with(arguments, stdin).await;
        log.push_str(&done.stderr);
        printed.push_str(&done.stdout);
        done
    };
    match kind {
        ServerKind::Plex => run(&["sources", "add", "plex", "--url", &url, "--token-file", "-"], TOKEN).await,
        ServerKind::Jellyfin => {
            run(&["sources", "add", "jellyfin", "--url", &url, "--username", USER], "canary-password-wrong")
                .await;
            run(&["sources", "add", "jellyfin", "--url", &url, "--username", USER], PASSWORD).await
        }
    };
    assert_eq!(run(&["sync"], "").await.status, 0);
    let items = run(&["items", "1", "--json"], "").await.stdout;
    let items: serde_json::Value = serde_json::from_str(&items).unwrap();
    let item = items[0]["id"].to_string();
    let done = run(&["progress", &item, "--position", "900"], "").await;
    assert_eq!(done.status, 0);
    for arguments in [
        vec!["progress", &item, "--watched"],
        vec!["show", &item],
        vec!["search", TITLE],
        vec!["stream-url", &item],
        vec!["connections", "--probe"],
        vec!["doctor"],
    ] {
        assert_eq!(run(&arguments, "").await.status, 0, "{arguments:?}");
    }
    // Every way to fail: nonsense, a problem, nobody there, not allowed any more.
    for fault in [Fault::Garbage, Fault::status(500), Fault::Html, Fault::Close] {
        server.faults().add(EVERY_CONNECTION, &server.listing_path(1), fault);
        assert_eq!(run(&["sync"], "").await.status, 1);
        server.come_back();
    }
    server.go_away();
    run(&["show", &item], "").await;
    run(&["progress", &item, "--position", "1200"], "").await;
    run(&["stream-url", &item], "").await;
    server.come_back();
    let secrets = server.secrets();
    server.revoke();
    assert_eq!(run(&["sync"], "").await.status, 1);

    // The canaries are alive: what was asked for has them, and the log is one.
    assert!(printed.contains(TITLE));
    assert!(log.contains("TRACE") && log.contains("DEBUG") && log.len() > 10_000);
    let hidden = secrets.into_iter().chain(["canary-password-wrong".to_owned()]);
    for secret in hidden {
        assert!(!log.contains(&secret), "{}", line_with(&log, &secret));
        assert!(!printed.contains(&secret));
    }
    for private in [TITLE, USER] {
        assert!(!log.contains(private), "{}", line_with(&log, private));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_of_a_proxy() {
    const HOST: &str = "media.example.invalid";
    const SECRET: &str = "canary-proxy-password-Kx2";
    let plain = ConnectionPlan::new("plain", Reach::Remote).host(HOST);
    let server = Server::start_at(ServerKind::Jellyfin, catalogue(), vec![plain]).await;
    let proxy = Proxy::with_password("canary-proxy-user", SECRET).unwrap();
    proxy.resolve(HOST, server.connection("plain").address());
    let address = proxy.connection().address();
    let app = App::new("trace").with_proxy(&format!("http://canary-proxy-user:{SECRET}@{address}"));
    let add = ["sources", "add", "jellyfin", "--url", &server.url(), "--username", USER];
    let done = app.run_with(&add, PASSWORD).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    let sent = proxy.requests();
    let header = sent[0].authorization.clone().unwrap();
    assert!(sent.iter().all(|request| request.status == 200));
    for secret in [SECRET, "canary-proxy-user", header.trim_start_matches("Basic ")] {
        assert!(!done.stderr.contains(secret), "{}", line_with(&done.stderr, secret));
        assert!(!done.stdout.contains(secret));
    }
    assert!(done.stderr.contains("TRACE"));
}

fn line_with<'a>(log: &'a str, text: &str) -> &'a str {
    log.lines().find(|line| line.contains(text)).unwrap_or_default()
}
