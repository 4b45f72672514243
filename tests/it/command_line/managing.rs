//! Addresses, accepted certificates, and what is off.

use super::app::App;
use crate::support::{PASSWORD, Server, ServerKind, USER, films};

/// An app with a synced Jellyfin, and its id.
async fn with_attic(server: &Server) -> (App, String) {
    let app = App::new("off");
    let add = ["sources", "add", "jellyfin", "--url", &server.url(), "--username", USER];
    assert_eq!(app.run_with(&add, PASSWORD).await.status, 0);
    app.print(&["sync"]).await;
    let id = app.json(&["sources", "list"]).await[0]["id"].as_str().unwrap().to_owned();
    (app, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_added_accepted_and_removed() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let (app, id) = with_attic(&server).await;
    let second = server.urls().remove(1);
    let known = async || app.json(&["connections"]).await.as_array().unwrap().len();

    let refused = app.run(&["connections", "remove", &id, &second]).await;
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("no such address that you have added"), "{}", refused.stderr);
    let refused = app.run(&["connections", "accept", &id, &second]).await;
    assert!(refused.stderr.contains("This source has no such address."), "{}", refused.stderr);
    let refused = app.run(&["connections", "remove", &id, "no address"]).await;
    assert!(refused.stderr.contains("This is not an address."), "{}", refused.stderr);

    assert_eq!(app.json(&["connections", "add", &id, &second]).await["address"], second.as_str());
    assert_eq!(known().await, 2);
    app.print(&["connections", "accept", &id, &second]).await;
    app.print(&["connections", "remove", &id, &second]).await;
    assert_eq!(known().await, 1);
    assert_eq!(app.run(&["connections", "--probe", "add", &id, &second]).await.status, 2, "one or the other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_nothing_to_take_back_where_nothing_was_accepted() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let (app, id) = with_attic(&server).await;
    assert_eq!(app.json(&["trust", "list"]).await, serde_json::json!([]));
    let refused = app.run(&["trust", "forget", &id]).await;
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("no accepted certificate"), "{}", refused.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_off_is_listed_among_the_sources_only() {
    let server = Server::start(ServerKind::Jellyfin, films(2)).await;
    let (app, id) = with_attic(&server).await;
    let library = app.json(&["libraries"]).await[0]["id"].to_string();
    let title = app.json(&["items", &library]).await[0]["title"].as_str().unwrap().to_owned();
    let count = async |arguments: &[&str]| app.json(arguments).await.as_array().unwrap().len();
    assert!(count(&["search", &title]).await > 0);

    app.print(&["sources", "disable", &id]).await;
    assert_eq!(app.json(&["sources", "list"]).await[0]["state"], "off");
    assert_eq!(count(&["libraries"]).await, 0);
    assert_eq!(count(&["search", &title]).await, 0);
    assert_eq!(app.run(&["items", &library]).await.status, 1);

    app.print(&["sources", "enable", &id]).await;
    assert_eq!(count(&["libraries"]).await, 1);
    assert_eq!(count(&["items", &library]).await, 2);
}
