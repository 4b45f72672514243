//! How the command line ends when something is wrong: a status, and one line.

use std::fs;

use super::app::{App, Done};
use crate::support::{PASSWORD, Server, ServerKind, TOKEN, USER, films};

const NO_ID: &str = "00000000-0000-4000-8000-000000000000";

/// It failed, said so on one line, and printed nothing.
fn assert_failed(done: &Done, sentence: &str) {
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert_eq!(done.stderr, format!("gnome-reel: {sentence}\n"));
    assert_eq!(done.stdout, "");
}

#[tokio::test]
async fn help_is_no_failure() {
    let app = App::new("off");
    for arguments in [vec!["--help"], vec!["--version"], vec!["sources", "--help"], vec!["help", "sync"]] {
        let done = app.run(&arguments).await;
        assert_eq!((done.status, done.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(!done.stdout.is_empty());
    }
    assert!(fs::read_dir(app.folder()).unwrap().next().is_none(), "asking for help writes nothing");
}

#[tokio::test]
async fn wrong_usage_is_2() {
    let app = App::new("off");
    for arguments in [
        vec!["no-such-command"],
        vec!["sources"],
        vec!["sources", "add"],
        vec!["sources", "add", "jellyfin", "--url", "http://a"],
        vec!["sources", "add", "plex", "--url", "http://a"],
        vec!["sources", "add", "plex", "--token-file", "-"],
        vec!["sources", "add", "plex", "--token", "secret"],
        vec!["sources", "add", "jellyfin", "--url", "a", "--username", "b", "--password", "secret"],
        vec!["sources", "remove", "not-an-id"],
        vec!["items"],
        vec!["items", "x"],
        vec!["items", "1", "--sort", "colour"],
        vec!["search"],
        vec!["progress", "1"],
        vec!["progress", "1", "--watched", "--unwatched"],
        vec!["progress", "1", "--position", "-5"],
        vec!["outbox", "drop", "x"],
    ] {
        let done = app.run(&arguments).await;
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!done.stderr.is_empty());
    }
}

#[tokio::test]
async fn what_is_not_there_is_1() {
    let app = App::new("off");
    for arguments in [
        vec!["items", "1"],
        vec!["show", "1"],
        vec!["stream-url", "1"],
        vec!["progress", "1", "--watched"],
        vec!["sources", "remove", NO_ID],
        vec!["sources", "rename", NO_ID, "x"],
        vec!["outbox", "drop", NO_ID],
    ] {
        assert_failed(&app.run(&arguments).await, "There is nothing with this id.");
    }
    assert_failed(&app.run(&["sync", NO_ID]).await, "There is no source with this id.");
    let missing = app.run(&["sources", "add", "local", "/does/not/exist"]).await;
    assert_failed(&missing, "This folder does not exist.");
    for list in ["sources list", "libraries", "search x", "connections", "outbox list", "sync"] {
        let arguments: Vec<&str> = list.split(' ').chain(["--json"]).collect();
        assert_eq!(app.print(&arguments).await.trim(), "[]", "{list}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_sign_ins_say_why() {
    let app = App::new("off");
    let jellyfin = Server::start(ServerKind::Jellyfin, films(1)).await;
    let plex = Server::start(ServerKind::Plex, films(1)).await;
    let url = jellyfin.url();
    let arguments = ["sources", "add", "jellyfin", "--url", &url, "--username", USER];
    assert_failed(&app.run_with(&arguments, "wrong").await, "The user name or password is wrong.");
    let arguments = ["sources", "add", "plex", "--url", &url, "--token-file", "-"];
    let other = app.run_with(&arguments, TOKEN).await;
    assert_failed(&other, "Something answers at this address, but it is not this kind of server.");
    let url = plex.url();
    let arguments = ["sources", "add", "plex", "--url", &url, "--token-file", "-"];
    assert_failed(&app.run_with(&arguments, "wrong").await, "The server does not accept this token.");
    let arguments = ["sources", "add", "jellyfin", "--url", "no address", "--username", USER];
    assert_failed(&app.run_with(&arguments, PASSWORD).await, "This is not an address.");
    assert_eq!(app.print(&["sources", "list", "--json"]).await.trim(), "[]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_source_that_fails_does_not_stop_the_others() {
    let app = App::new("off");
    let (away, there) = (
        Server::start(ServerKind::Plex, films(2)).await,
        Server::start(ServerKind::Jellyfin, films(3)).await,
    );
    let url = away.url();
    app.run_with(&["sources", "add", "plex", "--url", &url, "--token-file", "-"], TOKEN).await;
    let url = there.url();
    app.run_with(&["sources", "add", "jellyfin", "--url", &url, "--username", USER], PASSWORD).await;
    away.go_away();
    let done = app.run(&["sync", "--json"]).await;
    assert_eq!(done.status, 1);
    let rows: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["listed"]), (1, &3.into()));
    let lines: Vec<&str> = done.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("gnome-reel: Attic: ") && lines[1].contains("1 of 2"), "{lines:?}");
}

#[tokio::test]
async fn a_damaged_database_is_named_and_kept() {
    let app = App::new("off");
    let file = app.folder().join("data/gnome-reel/reel.db");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let bytes = b"no database ".repeat(1000);
    fs::write(&file, &bytes).unwrap();
    let sentence = "The library’s database is damaged. It was kept; move it away to begin with an empty one.";
    assert_failed(&app.run(&["libraries"]).await, sentence);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    // The report is for exactly this.
    assert!(app.print(&["doctor"]).await.contains("damaged"));
}
