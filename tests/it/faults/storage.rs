//! What goes wrong on this machine: plex.tv away, a process that is killed.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gnome_reel::db::Database;
use gnome_reel::services::clock::Clock;
use gnome_reel::services::core::{AuthService, BackendService, OutboxService};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::command_line::app::App;
use crate::support::{Bed, PASSWORD, Scene, Server, ServerKind, TOKEN, USER, films};

on_both!(killed_in_a_sync_loses_and_doubles_nothing, killed_in_a_delivery_loses_and_doubles_nothing,);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plex_tv_down_and_the_server_up() {
    let scene = Scene::start(ServerKind::Plex).await;
    // Nothing of plex.tv answers in a test; whatever needs it says so, and nothing else does.
    let mut ctx = scene.bed.ctx.clone();
    ctx.plex_tv = "http://127.0.0.1:9".parse().unwrap();
    BackendService::test_connection(&ctx, scene.id).await.unwrap();
    scene.bed.sync(scene.id).await;
    scene.operate().await.unwrap();
    assert!(AuthService::plex_tv(&ctx).account(&TOKEN.into()).await.is_err());
}

/// An app on the command line with a source, and the address and place of its database.
async fn app_with(server: &Server) -> App {
    let app = App::new("off");
    let secret = app.secret_file("secret", if matches!(server, Server::Plex(_)) { TOKEN } else { PASSWORD });
    let (url, file) = (server.url(), secret.to_str().unwrap().to_owned());
    match server {
        Server::Plex(_) => app.print(&["sources", "add", "plex", "--url", &url, "--token-file", &file]).await,
        Server::Jellyfin(_) => {
            let user = ["--username", USER, "--password-file", &file];
            app.print(&[&["sources", "add", "jellyfin", "--url", &url], &user[..]].concat()).await
        }
    };
    app
}

async fn stored(app: &App) -> Vec<String> {
    let libraries = app.json(&["libraries"]).await;
    let mut found = Vec::new();
    for library in libraries.as_array().unwrap() {
        let id = library["id"].to_string();
        let items = app.json(&["items", &id, "--limit", "10000"]).await;
        found.extend(items.as_array().unwrap().iter().map(|item| item["remote_id"].to_string()));
    }
    found
}

async fn killed_in_a_sync_loses_and_doubles_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(1500)).await;
    let app = app_with(&server).await;
    for wait in [15, 40, 80, 120, 180, 260] {
        app.run_and_kill(&["sync"], Duration::from_millis(wait)).await;
    }
    app.print(&["sync"]).await;
    let mut found = stored(&app).await;
    assert_eq!(found.len(), 1500);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 1500, "nothing is there twice");
    // Killed once more, with everything there: nothing may go.
    app.run_and_kill(&["sync", "--full"], Duration::from_millis(100)).await;
    assert_eq!(stored(&app).await.len(), 1500);
}

async fn killed_in_a_delivery_loses_and_doubles_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let app = app_with(&server).await;
    app.print(&["sync"]).await;
    let library = app.json(&["libraries"]).await[0]["id"].to_string();
    let item = app.json(&["items", &library]).await[0]["id"].to_string();
    // The server takes its time, so that the process dies with the request under way.
    for path in ["/:/scrobble", "/UserPlayedItems", "/Users/"] {
        server.faults().add(EVERY_CONNECTION, path, Fault::Silence);
    }
    app.run_and_kill(&["progress", &item, "--watched"], Duration::from_millis(700)).await;
    assert_eq!(app.json(&["show", &item]).await["watched"], true, "what the user did is there");
    assert_eq!(app.json(&["outbox", "list"]).await.as_array().unwrap().len(), 1, "and waits");

    // The next start, when the lease of the dead process is over.
    server.faults().clear_all();
    let bed = Bed::new().await;
    let mut ctx = bed.ctx.clone();
    ctx.db = Database::open(&app.folder().join("data/gnome-reel/reel.db")).await.unwrap();
    ctx.clock = Clock::from_fn(|| Utc::now() + TimeDelta::minutes(2));
    let id = ctx.db.sources().list().await.unwrap()[0].id;
    let token = match &server {
        Server::Plex(_) => TOKEN.to_owned(),
        Server::Jellyfin(jellyfin) => jellyfin.tokens().remove(0),
    };
    ctx.secrets.set(id, &token.into()).await.unwrap();
    assert_eq!(OutboxService::drain(&ctx, id).await.unwrap().delivered, 1);
    let watched = (1..=3).filter(|number| server.watch_state(ItemNumber(*number)).played).count();
    assert_eq!(watched, 1);
    assert!(OutboxService::list(&ctx, None).await.unwrap().is_empty());
}
