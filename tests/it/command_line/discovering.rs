//! `gnome-reel discover`.

use reel_testbed::discovery::{Announcement, Responder};

use super::app::{App, assert_rows};
use crate::support::{PASSWORD, Server, ServerKind, USER, films};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_listed_and_which_of_them_were_added() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let Server::Jellyfin(jellyfin) = &server else { panic!("a Jellyfin was started") };
    let attic = Announcement::Jellyfin {
        id: jellyfin.machine_id().to_owned(),
        name: "Attic".to_owned(),
        address: server.url(),
    };
    let cellar =
        Announcement::Plex { id: "9c11".to_owned(), name: "Cellar".to_owned(), port: 32400, hash: None };
    let responders = [Responder::start(attic).await.unwrap(), Responder::start(cellar).await.unwrap()];
    let app = App::new("off").with_discovery(&responders.each_ref().map(Responder::target).join(","));

    let rows = app.json(&["discover"]).await;
    assert_rows(&rows, &["type", "name", "machine_id", "addresses", "sender", "source_ids"]);
    let names: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Attic", "Cellar"]);
    assert_eq!(rows[1]["addresses"][0], "http://127.0.0.1:32400");
    assert_eq!(rows[0]["source_ids"].as_array().unwrap().len(), 0);

    let password = app.secret_file("password", PASSWORD);
    let file = password.to_str().unwrap();
    let found = rows[0]["addresses"][0].as_str().unwrap();
    app.print(&["sources", "add", "jellyfin", "--url", found, "--username", USER, "--password-file", file])
        .await;
    let sources = app.json(&["sources", "list"]).await;
    let rows = app.json(&["discover"]).await;
    assert_eq!(rows[0]["source_ids"][0], sources[0]["id"]);
    let table = app.print(&["discover"]).await;
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["TYPE", "NAME", "ADDED", "ADDRESSES"]);
    assert_eq!(lines[1], ["jellyfin", "Attic", "yes", &server.url()]);
    assert_eq!(lines[2], ["plex", "Cellar", "no", "http://127.0.0.1:32400"]);
}

#[tokio::test]
async fn nobody_is_an_empty_list() {
    let app = App::new("off");
    assert_eq!(app.json(&["discover", "--for", "1"]).await, serde_json::json!([]));
    assert_eq!(app.print(&["discover"]).await, "TYPE  NAME  ADDED  ADDRESSES\n");
    let app = app.with_discovery("nonsense");
    let done = app.run(&["discover"]).await;
    assert_eq!((done.status, done.stdout.as_str()), (1, ""), "{}", done.stderr);
    for seconds in ["0", "-1", "1.5", "soon", "86401"] {
        assert_eq!(app.run(&["discover", "--for", seconds]).await.status, 2, "{seconds}");
    }
}
