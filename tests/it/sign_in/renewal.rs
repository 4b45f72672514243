//! A refused token is looked for anew, once, before a person is asked.

use std::sync::Arc;

use gnome_reel::models::AuthStatus;
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::{AuthService, BackendService};
use gnome_reel::services::credentials::{CredentialStore as _, MemoryStore, Secrets};
use gnome_reel::services::events::Event;
use gnome_reel::services::{ServiceError, SignInProblem};

use super::{ACCOUNT, Plex, account, account_token, plex_server, token};
use crate::support::{Bed, Server, ServerKind, USER, drain, films};

async fn status(plex: &Plex) -> AuthStatus {
    plex.bed.ctx.db.sources().get(plex.id).await.unwrap().auth_status
}

#[tokio::test]
async fn a_server_that_wants_another_token_gets_it_without_asking_anybody() {
    let plex = Plex::synced().await;
    let mut events = plex.bed.ctx.events.subscribe();
    plex.server.set_token(USER, "canary-token-new");
    let before = plex.lists();
    plex.bed.sync(plex.id).await;
    assert_eq!(plex.lists() - before, 1);
    assert_eq!(token(&plex.bed, plex.id).await, "canary-token-new");
    assert_eq!(status(&plex).await, AuthStatus::SignedIn);
    assert!(!drain(&mut events).contains(&Event::AuthRequired(plex.id)));
    assert!(plex.server.recorder().requests().iter().all(|request| !request.mentions(ACCOUNT)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_refusals_at_a_time_ask_once() {
    let plex = Plex::synced().await;
    plex.server.set_token(USER, "canary-token-new");
    let before = plex.lists();
    let tests = (0..8).map(|_| BackendService::test_connection(&plex.bed.ctx, plex.id));
    for result in futures::future::join_all(tests).await {
        result.unwrap();
    }
    assert_eq!(plex.lists() - before, 1);
}

#[tokio::test]
async fn nobody_is_signed_out_while_plex_tv_is_away() {
    let plex = Plex::synced().await;
    let mut events = plex.bed.ctx.events.subscribe();
    plex.server.set_token(USER, "canary-token-new");
    plex.tv.connection().off();
    assert_eq!(plex.bed.try_sync(plex.id).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!(status(&plex).await, AuthStatus::SignedIn);
    assert!(!drain(&mut events).contains(&Event::AuthRequired(plex.id)));
    plex.tv.connection().on();
    let summary = AuthService::refresh_plex_resources(&plex.bed.ctx).await.unwrap();
    assert_eq!(summary.changed, [plex.id]);
    plex.bed.sync(plex.id).await;
}

#[tokio::test]
async fn a_token_that_the_account_has_no_other_for_is_dead() {
    let plex = Plex::synced().await;
    let mut events = plex.bed.ctx.events.subscribe();
    plex.server.set_token(USER, "canary-token-new");
    plex.tv.remove_server(plex.server.machine_id());
    let before = plex.lists();
    for _ in 0..3 {
        assert_eq!(plex.bed.try_sync(plex.id).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(status(&plex).await, AuthStatus::SignInNeeded);
    assert_eq!(plex.lists() - before, 1, "plex.tv is not asked for each refusal");
    let asked = drain(&mut events).iter().filter(|event| **event == Event::AuthRequired(plex.id)).count();
    assert_eq!(asked, 1);
    assert_eq!(plex.bed.items(plex.id).await.len(), 3);
}

#[tokio::test]
async fn a_dead_account_is_signed_in_to_again_with_all_its_sources() {
    let plex = Plex::synced().await;
    let second = plex_server(2, &[(USER, "canary-second")]).await;
    plex.tv.put_server(second.listing());
    let first_account = account(&plex.bed).await;
    let other = first_account.servers.iter().find(|server| server.name == "Server 2").unwrap();
    let other = AuthService::add_plex_server(&plex.bed.ctx, &first_account, other).await.unwrap();
    let items = plex.bed.items(plex.id).await;

    plex.tv.revoke(ACCOUNT);
    plex.server.set_token(USER, "canary-token-new");
    second.set_token(USER, "canary-second-new");
    for id in [plex.id, other] {
        assert!(plex.bed.try_sync(id).await.is_err());
        assert_eq!(plex.bed.ctx.db.sources().get(id).await.unwrap().auth_status, AuthStatus::SignInNeeded);
    }
    let refreshed = AuthService::refresh_plex_source(&plex.bed.ctx, plex.id).await;
    let ended = matches!(refreshed, Err(ServiceError::SignIn(SignInProblem::AccountSignedOut)));
    assert!(ended, "{refreshed:?}");

    // The account has another token now, as after a PIN.
    let service = AuthService::plex_tv(&plex.bed.ctx);
    let pin = service.create_pin().await.unwrap();
    plex.tv.approve_pin(&pin.code);
    let fresh = AuthService::wait_for_pin(&service, &pin).await.unwrap();
    let fresh = AuthService::plex_account(&plex.bed.ctx, &fresh).await.unwrap();
    AuthService::sign_in_again_plex(&plex.bed.ctx, plex.id, &fresh).await.unwrap();
    for id in [plex.id, other] {
        plex.bed.sync(id).await;
    }
    assert_eq!(plex.bed.items(plex.id).await, items);
    assert_ne!(account_token(&plex.bed, &fresh.id).await.as_deref(), Some(ACCOUNT));
    assert_eq!(plex.bed.ctx.db.sources().list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn signing_in_again_wants_the_same_user_and_a_server_that_the_account_has() {
    let plex = Plex::synced().await;
    let mut other = account(&plex.bed).await;
    other.id = "somebody-else".to_owned();
    let result = AuthService::sign_in_again_plex(&plex.bed.ctx, plex.id, &other).await;
    assert!(matches!(result, Err(ServiceError::SignIn(SignInProblem::OtherUser))), "{result:?}");
    let mut without = account(&plex.bed).await;
    without.servers.clear();
    let result = AuthService::sign_in_again_plex(&plex.bed.ctx, plex.id, &without).await;
    assert!(matches!(result, Err(ServiceError::SignIn(SignInProblem::NoServer))), "{result:?}");
    plex.bed.sync(plex.id).await;
}

#[tokio::test]
async fn a_source_without_an_account_is_signed_in_to_again_by_a_token() {
    let server = Server::start(ServerKind::Plex, films(2)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.revoke();
    assert!(bed.try_sync(id).await.is_err());
    let wrong = AuthService::sign_in_again_plex_token(&bed.ctx, id, &"wrong".into()).await;
    assert!(matches!(wrong, Err(ServiceError::SignIn(SignInProblem::WrongToken))), "{wrong:?}");
    AuthService::sign_in_again_plex_token(&bed.ctx, id, &"canary-token-next".into()).await.unwrap();
    bed.sync(id).await;
}

#[tokio::test]
async fn a_sign_in_by_another_process_is_found_in_the_keyring() {
    let server = Server::start(ServerKind::Jellyfin, films(2)).await;
    let mut bed = Bed::new().await;
    let keyring = Arc::new(MemoryStore::default());
    let stores = (Arc::clone(&keyring), Arc::new(MemoryStore::default()));
    bed.ctx.secrets = Secrets::with_stores(stores.0, stores.1, bed.ctx.events.clone());
    let id = server.add_to(&bed.ctx).await.unwrap();
    bed.sync(id).await;
    let mut events = bed.ctx.events.subscribe();
    let Server::Jellyfin(jellyfin) = &server else { return };
    jellyfin.revoke_tokens();
    let elsewhere = Bed::new().await;
    let other = server.add_to(&elsewhere.ctx).await.unwrap();
    let fresh = elsewhere.ctx.secrets.get(other).await.unwrap().unwrap();
    keyring.set(&id.into(), &fresh).await.unwrap();
    bed.sync(id).await;
    assert!(!drain(&mut events).contains(&Event::AuthRequired(id)));
}

#[tokio::test]
async fn a_keyring_that_was_emptied_costs_nothing_while_the_app_runs() {
    let server = Server::start(ServerKind::Jellyfin, films(2)).await;
    let mut bed = Bed::new().await;
    let keyring = Arc::new(MemoryStore::default());
    let stores = (Arc::clone(&keyring), Arc::new(MemoryStore::default()));
    bed.ctx.secrets = Secrets::with_stores(stores.0, stores.1, bed.ctx.events.clone());
    let id = server.add_to(&bed.ctx).await.unwrap();
    keyring.remove(&id.into()).await.unwrap();
    bed.sync(id).await;
    // Another start of the app: the source is there, and signing in again is all it needs.
    let stores = (keyring, Arc::new(MemoryStore::default()));
    bed.ctx.secrets = Secrets::with_stores(stores.0, stores.1, bed.ctx.events.clone());
    let error = bed.try_sync(id).await.unwrap_err();
    assert!(matches!(error, ServiceError::SignedOut(known) if known == id), "{error:?}");
    assert_eq!(server.add_to(&bed.ctx).await.unwrap(), id);
    bed.sync(id).await;
}
