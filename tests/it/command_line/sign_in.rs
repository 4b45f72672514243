//! Signing in, in every way that the command line has.

use std::time::Duration;

use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;
use reel_testbed::tls::Served;

use super::app::{App, Done};
use crate::support::{PASSWORD, Server, ServerKind, TOKEN, USER, films, soon};

/// Runs a command, and approves the code that it shows.
async fn with_code(app: &App, server: &JellyfinServer, arguments: &[&str]) -> Done {
    let approve = async {
        loop {
            if let Some(code) = server.waiting_codes().first() {
                server.approve_quick_connect(code, USER);
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(futures::future::join(app.run(arguments), approve)).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jellyfin_by_quick_connect_and_again() {
    let server = JellyfinServer::builder().catalogue(films(2)).user(USER, PASSWORD).start().await.unwrap();
    let app = App::new("off");
    let url = server.base_url();
    let done =
        with_code(&app, &server, &["sources", "add", "jellyfin", "--url", url, "--quick-connect"]).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stderr.contains("Confirm the code"), "{}", done.stderr);
    let sources = app.json(&["sources", "list"]).await;
    let id = sources[0]["id"].as_str().unwrap();
    assert_eq!(sources[0]["user"], USER);
    assert_eq!(app.json(&["sync"]).await[0]["listed"], 2);

    server.revoke_tokens();
    assert_eq!(app.run(&["sync"]).await.status, 1);
    assert_eq!(app.json(&["sources", "list"]).await[0]["state"], "sign_in_needed");
    let done = with_code(&app, &server, &["sources", "sign-in", id, "--quick-connect"]).await;
    assert_eq!(done.status, 0, "{}", done.stderr);
    server.revoke_tokens();
    assert_eq!(app.run(&["sync"]).await.status, 1);
    let file = app.secret_file("password", PASSWORD);
    app.print(&["sources", "sign-in", id, "--password-file", file.to_str().unwrap()]).await;
    app.print(&["sync"]).await;
    assert_eq!(app.json(&["sources", "list"]).await.as_array().unwrap().len(), 1);

    server.switch_quick_connect(false);
    let done = app.run(&["sources", "sign-in", id, "--quick-connect"]).await;
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("does not offer Quick Connect"), "{}", done.stderr);
}

async fn plex(number: u8, name: &str, kid: bool) -> PlexServer {
    let builder = PlexServer::builder().catalogue(films(2)).name(name).machine_id(&format!("{number:040x}"));
    let builder = builder.user(USER, &format!("{TOKEN}-{number}"));
    let builder = if kid { builder.user("kid", &format!("canary-kid-{number}")) } else { builder };
    builder.start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_of_a_plex_account_by_name_by_user_and_all() {
    let (attic, cellar, shared) =
        (plex(1, "Attic", true).await, plex(2, "Cellar", false).await, plex(3, "Ana’s", false).await);
    let tv = PlexTv::builder().account(USER, "canary-account").protected_account("kid", "canary-kid", "1234");
    let tv = tv.server(attic.listing()).server(cellar.listing()).shared_server(shared.listing());
    let tv = tv.auto_approve(true).start().await.unwrap();
    let app = App::new("off").with_plex_tv(tv.base_url());

    app.print(&["sources", "add", "plex", "--server", "Cellar", "--server", "Ana’s"]).await;
    let names = async || {
        let sources = app.json(&["sources", "list"]).await;
        let name = |row: &serde_json::Value| row["name"].as_str().unwrap().to_owned();
        sources.as_array().unwrap().iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Cellar", "Ana’s"]);
    let done = app.run(&["sources", "add", "plex"]).await;
    assert!(done.stderr.contains("was added before"), "{}", done.stderr);
    assert_eq!(names().await, ["Cellar", "Ana’s", "Attic"], "those of others only when asked for");

    let wrong = app.secret_file("wrong", "9999");
    let right = app.secret_file("right", "1234");
    let kid = ["sources", "add", "plex", "--home-user", "kid", "--home-pin-file"];
    let done = app.run(&[&kid[..], &[wrong.to_str().unwrap()]].concat()).await;
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("The PIN is wrong."), "{}", done.stderr);
    app.print(&[&kid[..], &[right.to_str().unwrap()]].concat()).await;
    let sources = app.json(&["sources", "list"]).await;
    assert_eq!((&sources[3]["name"], &sources[3]["user"]), (&"Attic".into(), &"kid".into()));

    let id = sources[3]["id"].as_str().unwrap();
    app.print(&["sources", "sign-in", id, "--home-pin-file", right.to_str().unwrap()]).await;
    app.print(&["sources", "move", id, "1"]).await;
    assert_eq!(app.json(&["sources", "list"]).await[0]["id"], id);

    app.print(&["sources", "disable", id]).await;
    assert_eq!(app.json(&["sources", "list"]).await[0]["state"], "off");
    assert_eq!(app.json(&["sync"]).await.as_array().unwrap().len(), 3);
    assert_eq!(app.run(&["sync", id]).await.status, 1);
    app.print(&["sources", "enable", id]).await;
    assert_eq!(app.json(&["sources", "list"]).await[0]["state"], "online");

    cellar.set_token(USER, "canary-cellar-new");
    let refreshed = app.json(&["sources", "refresh"]).await;
    assert_eq!(refreshed["changed"].as_array().unwrap().len(), 1);
    tv.remove_server(cellar.machine_id());
    let done = app.run(&["sources", "refresh"]).await;
    assert_eq!(done.status, 0);
    assert!(done.stderr.contains("Cellar: No matching Plex server found."), "{}", done.stderr);
    tv.connection().off();
    assert_eq!(app.run(&["sources", "refresh"]).await.status, 1);
    assert_eq!(app.json(&["sync"]).await.as_array().unwrap().len(), 4, "everything works without plex.tv");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_user_of_a_server_beside_the_first_and_in_its_place() {
    let server = plex(1, "Attic", true).await;
    let tv = PlexTv::builder().account(USER, "canary-account").protected_account("kid", "canary-kid", "1234");
    let tv = tv.server(server.listing()).auto_approve(true).start().await.unwrap();
    let jellyfin = JellyfinServer::builder().catalogue(films(2)).user(USER, PASSWORD).user("guest", "");
    let jellyfin = jellyfin.start().await.unwrap();
    let app = App::new("off").with_plex_tv(tv.base_url());
    app.print(&["sources", "add", "plex"]).await;
    let password = app.secret_file("password", PASSWORD);
    let user = ["--username", USER, "--password-file", password.to_str().unwrap()];
    app.print(&[&["sources", "add", "jellyfin", "--url", jellyfin.base_url()], &user[..]].concat()).await;
    let rows = async || {
        let sources = app.json(&["sources", "list"]).await;
        let row = |row: &serde_json::Value| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("type"), text("user"), row["state"] == "online")
        };
        sources.as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    let row = |kind: &str, user: &str, takes_part: bool| (kind.to_owned(), user.to_owned(), takes_part);
    let id =
        async |place: usize| app.json(&["sources", "list"]).await[place]["id"].as_str().unwrap().to_owned();

    let first = id(0).await;
    let pin = app.secret_file("pin", "1234");
    let kid = ["--home-user", "kid", "--home-pin-file", pin.to_str().unwrap()];
    let said = app.print(&[&["sources", "add-user", &first, "--switch"], &kid[..]].concat()).await;
    assert!(said.starts_with("Added Attic ("), "{said}");
    let expected = [("plex", "kid", true), ("plex", USER, false), ("jellyfin", USER, true)];
    assert_eq!(rows().await, expected.map(|(kind, user, takes_part)| row(kind, user, takes_part)));

    let second = id(2).await;
    let empty = app.secret_file("empty", "");
    let guest = ["--username", "guest", "--password-file", empty.to_str().unwrap()];
    app.print(&[&["sources", "add-user", &second], &guest[..]].concat()).await;
    assert_eq!(rows().await[2..], [row("jellyfin", USER, true), row("jellyfin", "guest", true)]);
    let done = app.run(&[&["sources", "add-user", &second], &guest[..]].concat()).await;
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("was added before"), "{}", done.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_accepted_by_its_fingerprint() {
    for kind in [ServerKind::Jellyfin, ServerKind::Plex] {
        let plan = ConnectionPlan::new("lan", Reach::Local).tls();
        let server = Server::start_at(kind, films(2), vec![plan]).await;
        server.connection("lan").serve(Served::SelfSigned(1));
        let app = App::new("off");
        let secret = app.secret_file("secret", if kind == ServerKind::Plex { TOKEN } else { PASSWORD });
        let (url, secret) = (server.url(), secret.to_str().unwrap().to_owned());
        let add: Vec<&str> = match kind {
            ServerKind::Plex => vec!["sources", "add", "plex", "--url", &url, "--token-file", &secret],
            ServerKind::Jellyfin => {
                let add = ["sources", "add", "jellyfin", "--url", &url, "--username", USER];
                [&add[..], &["--password-file", &secret]].concat()
            }
        };
        let done = app.run(&add).await;
        assert_eq!(done.status, 1);
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        assert!(done.stderr.contains("certificate is not trusted"), "{}", done.stderr);
        let fingerprint = done.stderr.trim().rsplit("--accept-certificate ").next().unwrap().to_owned();
        assert_eq!(fingerprint.len(), 32 * 3 - 1, "{}", done.stderr);
        let other = fingerprint.replace(['0', '1', '2', '3'], "F");
        let done = app.run(&[&add[..], &["--accept-certificate", &other]].concat()).await;
        assert_eq!(done.status, 1, "{}", done.stdout);
        assert!(done.stderr.contains(&fingerprint), "{}", done.stderr);
        assert!(server.recorder().requests().is_empty());

        let bare = fingerprint.replace(':', "").to_lowercase();
        app.print(&[&add[..], &["--accept-certificate", &bare]].concat()).await;
        assert_eq!(app.json(&["sync"]).await[0]["listed"], 2);
        server.connection("lan").serve(Served::SelfSigned(2));
        assert_eq!(app.run(&["sync"]).await.status, 1, "another certificate is another decision");
    }
}
