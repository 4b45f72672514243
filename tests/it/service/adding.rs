//! From what a person types to a stored source.

use std::path::Path;

use gnome_reel::models::{ServerConnection, SourceKind, Tier};
use gnome_reel::services::core::AuthService;
use gnome_reel::services::events::Event;
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;
use secrecy::ExposeSecret as _;

use crate::support::{Bed, PASSWORD, Server, ServerKind, TOKEN, USER, drain, films};

on_both!(a_server_becomes_a_source, the_same_source_is_not_added_twice, no_secret_is_on_disk);

async fn a_server_becomes_a_source(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let bed = Bed::new().await;
    let mut events = bed.ctx.events.subscribe();
    let id = server.add_to(&bed.ctx).await.unwrap();
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!(source.name, "Attic");
    assert!(source.is_online && source.machine_id.is_some());
    assert_eq!(source.connection_url.map(|url| url.to_string()), Some(server.url()));
    assert_eq!(source.connections.connections.len(), 1);
    let (wanted, user) = match kind {
        ServerKind::Plex => (SourceKind::Plex, None),
        ServerKind::Jellyfin => (SourceKind::Jellyfin, Some(USER)),
    };
    assert_eq!((source.kind, source.user.as_ref().map(|user| user.name.as_str())), (wanted, user));
    let token = bed.ctx.secrets.get(id).await.unwrap().unwrap();
    assert!(server.secrets().contains(&token.expose_secret().to_owned()));
    assert_ne!(token.expose_secret(), PASSWORD);
    assert!(drain(&mut events).contains(&Event::SourceAdded(id)));
    server.assert_identity_first();
}

async fn the_same_source_is_not_added_twice(kind: ServerKind) {
    let server = Server::start(kind, films(1)).await;
    let (bed, id) = Bed::with(&server).await;
    let again = server.add_to(&bed.ctx).await.unwrap_err();
    assert!(matches!(again, ServiceError::Duplicate(known) if known == id), "{again:?}");
    assert_eq!(bed.ctx.db.sources().list().await.unwrap().len(), 1);
}

async fn no_secret_is_on_disk(kind: ServerKind) {
    let server = Server::start(kind, films(5)).await;
    let (bed, _) = Bed::synced(&server).await;
    assert_not_in_files(bed.folder.path(), &server.secrets());
}

/// The credentials are in memory here: in no file at all may they be found.
fn assert_not_in_files(folder: &Path, secrets: &[String]) {
    let mut looked_at = 0;
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
        if !entry.file_type().is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        looked_at += bytes.len();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "a secret is in {}", entry.path().display());
        }
    }
    assert!(looked_at > 0);
}

const ACCOUNT_TOKEN: &str = "canary-account-token";

async fn account() -> (PlexServer, PlexTv, Bed) {
    let server = PlexServer::builder().catalogue(films(3)).user(USER, TOKEN);
    let server = server.local("lan").remote("wan").relay("relay").start().await.unwrap();
    let tv = PlexTv::builder().account(USER, ACCOUNT_TOKEN).server(server.listing()).start().await.unwrap();
    let mut bed = Bed::new().await;
    bed.ctx.plex_tv = tv.base_url().parse().unwrap();
    (server, tv, bed)
}

#[tokio::test]
async fn a_plex_account_is_linked_by_a_pin() {
    let (server, tv, bed) = account().await;
    let service = AuthService::plex_tv(&bed.ctx);
    let pin = service.create_pin().await.unwrap();
    assert!(service.auth_page(&pin).to_string().contains(&pin.code));
    assert!(tv.approve_pin(&pin.code));
    let token = AuthService::wait_for_pin(&service, &pin).await.unwrap();
    let account = AuthService::plex_account(&bed.ctx, &token).await.unwrap();
    assert_eq!(account.servers.len(), 1);
    let id = AuthService::add_plex_server(&bed.ctx, &account, &account.servers[0]).await.unwrap();
    bed.sync(id).await;
    assert_eq!(bed.items(id).await.len(), 3);

    let source = bed.ctx.db.sources().get(id).await.unwrap();
    let tiers: Vec<Tier> = source.connections.connections.iter().map(ServerConnection::tier).collect();
    assert!([Tier::Local, Tier::Remote, Tier::Relay].iter().all(|tier| tiers.contains(tier)), "{tiers:?}");
    assert_eq!(source.connection_url.unwrap().to_string(), server.base_url());
    // Each side gets its own token and never the other's.
    assert_eq!(bed.ctx.secrets.get(id).await.unwrap().unwrap().expose_secret(), TOKEN);
    assert!(server.recorder().requests().iter().all(|request| !request.mentions(ACCOUNT_TOKEN)));
    assert!(tv.recorder().requests().iter().all(|request| !request.mentions(TOKEN)));
    Server::Plex(server).assert_identity_first();
}

#[tokio::test]
async fn a_pin_that_ends_adds_nothing() {
    let (_server, tv, bed) = account().await;
    let service = AuthService::plex_tv(&bed.ctx);
    let pin = service.create_pin().await.unwrap();
    tv.expire_pin(&pin.code);
    let error = AuthService::wait_for_pin(&service, &pin).await.unwrap_err();
    assert!(matches!(error, ServiceError::SignIn(SignInProblem::CodeExpired)), "{error:?}");
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
}
