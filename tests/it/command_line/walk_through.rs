//! What the README shows, and the shapes that machines rely on.

use std::fs;

use reel_testbed::catalogue::ItemNumber;
use reel_testbed::media::{Container, SampleVideos};
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;
use serde_json::Value;

use super::app::{App, assert_rows};
use crate::support::{PASSWORD, Server, ServerKind, TOKEN, USER, films};

const SOURCE: [&str; 6] = ["id", "name", "type", "state", "user", "url"];
const LIBRARY: [&str; 5] = ["id", "source_id", "title", "kind", "item_count"];
const ITEM: [&str; 14] = [
    "id",
    "source_id",
    "library_id",
    "remote_id",
    "kind",
    "title",
    "year",
    "season",
    "episode",
    "duration_ms",
    "position_ms",
    "watched",
    "favourite",
    "added_at",
];
const CONNECTION: [&str; 13] = [
    "source_id",
    "uri",
    "tier",
    "local",
    "relay",
    "tls",
    "available",
    "rtt_ms",
    "usual_ms",
    "score",
    "current",
    "pinned",
    "last_error",
];

async fn add_all(app: &App, jellyfin: &Server, plex: &Server) {
    let password = app.secret_file("password", PASSWORD);
    let file = password.to_str().unwrap();
    let url = jellyfin.url();
    let arguments =
        ["sources", "add", "jellyfin", "--url", &url, "--username", USER, "--password-file", file];
    assert!(app.print(&arguments).await.starts_with("Added Attic ("));

    let url = plex.url();
    let arguments = ["sources", "add", "plex", "--url", &url, "--token-file", "-"];
    let done = app.run_with(&arguments, TOKEN).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stderr.contains("file permissions only"), "{}", done.stderr);

    let folder = app.folder().join("films");
    fs::create_dir_all(&folder).unwrap();
    let videos = SampleVideos::prepare().await.unwrap();
    fs::copy(&videos.get(Container::Mp4).path, folder.join("Home Made (2020).mp4")).unwrap();
    let folder = folder.to_str().unwrap();
    app.print(&["sources", "add", "local", folder, "--name", "Films at home"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_adding_to_removing() {
    let jellyfin = Server::start(ServerKind::Jellyfin, films(6)).await;
    let plex = Server::start(ServerKind::Plex, films(4)).await;
    let app = App::new("off");
    add_all(&app, &jellyfin, &plex).await;

    let sources = app.json(&["sources", "list"]).await;
    assert_rows(&sources, &SOURCE);
    let kinds: Vec<&str> =
        sources.as_array().unwrap().iter().map(|row| row["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["jellyfin", "plex", "local"]);
    assert_eq!((&sources[0]["user"], &sources[0]["url"]), (&USER.into(), &jellyfin.url().into()));
    assert!(sources.as_array().unwrap().iter().all(|row| row["state"] == "online"));
    assert!(app.print(&["sources", "list"]).await.contains("Films at home"));

    let synced = app.json(&["sync"]).await;
    assert_rows(&synced, &["source_id", "name", "listed", "inserted", "updated", "removed", "skipped"]);
    let listed: Vec<u64> =
        synced.as_array().unwrap().iter().map(|row| row["inserted"].as_u64().unwrap()).collect();
    assert_eq!(listed, [6, 4, 1]);
    let only = sources[1]["id"].as_str().unwrap();
    assert_eq!(app.json(&["sync", only]).await.as_array().unwrap().len(), 1);

    let libraries = app.json(&["libraries"]).await;
    assert_rows(&libraries, &LIBRARY);
    let counts: Vec<u64> =
        libraries.as_array().unwrap().iter().map(|row| row["item_count"].as_u64().unwrap()).collect();
    assert_eq!(counts, [6, 4, 1]);

    let library = libraries[0]["id"].to_string();
    let items = app.json(&["items", &library, "--limit", "5", "--sort", "added"]).await;
    assert_rows(&items, &ITEM);
    assert_eq!(items.as_array().unwrap().len(), 5);
    let found = app.json(&["search", "home", "made"]).await;
    assert_rows(&found, &ITEM);
    assert_eq!(found[0]["title"], "Home Made");

    marks(&app, &jellyfin, &library).await;
    places(&app, &jellyfin, &library).await;

    let report = app.json(&["doctor"]).await;
    assert_eq!((report["items"].as_u64(), report["sources"].as_array().map(Vec::len)), (Some(11), Some(3)));
    for hidden in [USER, "Attic", "Films at home", "127.0.0.1", TOKEN] {
        assert!(!report.to_string().contains(hidden), "{hidden}");
    }

    app.print(&["sources", "rename", only, "Upstairs"]).await;
    assert_eq!(app.json(&["sources", "list"]).await[1]["name"], "Upstairs");
    app.print(&["sources", "remove", only]).await;
    assert_eq!(app.json(&["sources", "list"]).await.as_array().unwrap().len(), 2);
    assert_eq!(app.json(&["libraries"]).await.as_array().unwrap().len(), 2);
}

/// The item of the Jellyfin whose number is 1.
async fn first(app: &App, jellyfin: &Server, library: &str) -> String {
    let items = app.json(&["items", library]).await;
    let wanted = Value::from(jellyfin.remote_id(ItemNumber(1)));
    let item = items.as_array().unwrap().iter().find(|row| row["remote_id"] == wanted).unwrap();
    item["id"].to_string()
}

async fn marks(app: &App, jellyfin: &Server, library: &str) {
    let item = first(app, jellyfin, library).await;
    let said = app.print(&["progress", &item, "--position", "1200"]).await;
    assert_eq!(said.trim(), "Stored here and on Attic.");
    assert_eq!(jellyfin.watch_state(ItemNumber(1)).position.as_secs(), 1200);
    assert_eq!(app.json(&["progress", &item, "--favourite"]).await["favourite"], true);
    assert!(jellyfin.watch_state(ItemNumber(1)).favourite);
    assert_eq!(app.json(&["progress", &item, "--unfavourite"]).await["favourite"], false);
    assert_eq!(app.json(&["progress", &item, "--watched"]).await["watched"], true);
    assert!(jellyfin.watch_state(ItemNumber(1)).played);
    assert_eq!(app.json(&["progress", &item, "--unwatched"]).await["watched"], false);
    assert_eq!(app.json(&["outbox", "list"]).await, Value::Array(Vec::new()));

    // Away: it waits, can be looked at, and goes when the server is there again.
    jellyfin.go_away();
    let said = app.print(&["progress", &item, "--watched"]).await;
    assert!(said.contains("as soon as it can be reached"), "{said}");
    let waiting = app.json(&["outbox", "list"]).await;
    assert_rows(
        &waiting,
        &["operation", "source_id", "item_id", "change", "state", "attempts", "last_error"],
    );
    jellyfin.come_back();
    assert_eq!(app.json(&["outbox", "retry"]).await, Value::Array(Vec::new()));
    assert!(jellyfin.watch_state(ItemNumber(1)).played);

    jellyfin.go_away();
    app.print(&["progress", &item, "--unwatched"]).await;
    let waiting = app.json(&["outbox", "list"]).await;
    let operation = waiting[0]["operation"].as_str().unwrap();
    assert_eq!(app.json(&["outbox", "drop", operation]).await, Value::Array(Vec::new()));
    jellyfin.come_back();
    assert!(jellyfin.watch_state(ItemNumber(1)).played);
}

async fn places(app: &App, jellyfin: &Server, library: &str) {
    let item = first(app, jellyfin, library).await;
    let shown = app.json(&["show", &item]).await;
    assert_eq!(shown["remote_id"], jellyfin.remote_id(ItemNumber(1)));
    assert!(!shown["details"]["versions"].as_array().unwrap().is_empty());
    assert!(app.print(&["show", &item]).await.contains("Version"));

    let hidden = app.print(&["stream-url", &item]).await;
    assert!(hidden.contains(&jellyfin.url()) && hidden.contains("REDACTED"), "{hidden}");
    let Server::Jellyfin(server) = jellyfin else { return };
    let tokens = server.tokens();
    assert!(tokens.iter().all(|token| !hidden.contains(token)));
    let revealed = app.print(&["stream-url", &item, "--reveal"]).await;
    assert!(tokens.iter().any(|token| revealed.contains(token)));

    for arguments in [vec!["connections"], vec!["connections", "--probe"]] {
        let rows = app.json(&arguments).await;
        assert_rows(&rows, &CONNECTION);
        assert!(rows.as_array().unwrap().iter().all(|row| row["current"] == true && row["local"] == true));
    }
    assert!(app.json(&["connections", "--probe"]).await[0]["rule"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plex_account_is_added_by_a_code() {
    let server = PlexServer::builder().catalogue(films(2)).user(USER, TOKEN).start().await.unwrap();
    let tv = PlexTv::builder().account(USER, "canary-account").server(server.listing()).auto_approve(true);
    let tv = tv.start().await.unwrap();
    let app = App::new("off").with_plex_tv(tv.base_url());
    let done = app.run(&["sources", "add", "plex", "--server", "Cellar"]).await;
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("No matching Plex server found."), "{}", done.stderr);

    let done = app.run(&["sources", "add", "plex"]).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stderr.contains("enter the code"), "{}", done.stderr);
    assert_eq!(app.json(&["sources", "list"]).await[0]["name"], "Attic");
    assert_eq!(app.json(&["sync"]).await[0]["listed"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_is_found_at_an_added_address_and_another_server_is_not_added() {
    let jellyfin = Server::start(ServerKind::Jellyfin, films(2)).await;
    let other = reel_testbed::jellyfin::JellyfinServer::builder().machine_id("0b").start().await.unwrap();
    let app = App::new("off");
    let password = app.secret_file("password", PASSWORD);
    let url = jellyfin.url();
    let file = password.to_str().unwrap();
    app.print(&["sources", "add", "jellyfin", "--url", &url, "--username", USER, "--password-file", file])
        .await;
    let sources = app.json(&["sources", "list"]).await;
    let id = sources[0]["id"].as_str().unwrap();

    let second = jellyfin.urls().remove(1);
    let said = app.print(&["connections", "add", id, &second]).await;
    assert_eq!(said.trim(), format!("Attic is looked for at {second} too"));
    let refused = app.run(&["connections", "add", id, other.base_url()]).await;
    assert_ne!(refused.status, 0);
    let connections = app.json(&["connections"]).await;
    let mut known: Vec<&str> =
        connections.as_array().unwrap().iter().map(|row| row["uri"].as_str().unwrap()).collect();
    known.sort_unstable();
    let mut wanted = jellyfin.urls();
    wanted.sort_unstable();
    assert_eq!(known, wanted);
}
