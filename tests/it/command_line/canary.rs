//! A log of everything holds no credential, no title and no name.

use reel_testbed::catalogue::Catalogue;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

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

fn line_with<'a>(log: &'a str, text: &str) -> &'a str {
    log.lines().find(|line| line.contains(text)).unwrap_or_default()
}
