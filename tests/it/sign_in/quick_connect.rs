//! A code that is approved elsewhere.

use std::time::Duration;

use gnome_reel::models::{AuthStatus, SourceKind};
use gnome_reel::services::core::AuthService;
use gnome_reel::services::core::auth::{FoundServer, QuickConnect};
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::jellyfin::JellyfinServer;

use crate::support::{Bed, PASSWORD, Server, USER, films, soon};

async fn scene() -> (JellyfinServer, Bed, FoundServer) {
    let server = JellyfinServer::builder().catalogue(films(2)).user(USER, PASSWORD).user("other", "");
    let server = server.start().await.unwrap();
    let bed = Bed::new().await;
    let found = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, server.base_url()).await.unwrap();
    (server, bed, found)
}

async fn begin(bed: &Bed, found: &FoundServer) -> QuickConnect {
    AuthService::start_quick_connect(&bed.ctx, found).await.unwrap()
}

fn problem<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> SignInProblem {
    match result.unwrap_err() {
        ServiceError::SignIn(problem) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_approved_code_adds_a_source() {
    let (server, bed, found) = scene().await;
    assert!(AuthService::offers_quick_connect(&bed.ctx, &found).await.unwrap());
    let code = begin(&bed, &found).await;
    assert_eq!(server.waiting_codes(), [code.code()]);
    assert_eq!(code.code().len(), 6);
    assert!(code.remaining() > Duration::from_mins(9));
    assert!(!format!("{code:?}").contains(code.code()));
    assert!(server.approve_quick_connect(code.code(), USER));
    let id = AuthService::wait_for_quick_connect(&bed.ctx, &code).await.unwrap();
    bed.sync(id).await;
    let source = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!(source.user.unwrap().name, USER);
    assert_eq!(bed.items(id).await.len(), 2);
    Server::Jellyfin(server).assert_identity_first();
}

#[tokio::test]
async fn a_code_that_ends_adds_nothing() {
    let (server, bed, found) = scene().await;
    let code = begin(&bed, &found).await;
    server.expire_codes();
    let waited = AuthService::wait_for_quick_connect(&bed.ctx, &code).await;
    assert_eq!(problem(waited), SignInProblem::CodeExpired);
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_may_not_offer_it_or_no_longer() {
    let (server, bed, found) = scene().await;
    let code = begin(&bed, &found).await;
    server.switch_quick_connect(false);
    let waited = AuthService::wait_for_quick_connect(&bed.ctx, &code).await;
    assert_eq!(problem(waited), SignInProblem::QuickConnectDisabled);
    assert!(!AuthService::offers_quick_connect(&bed.ctx, &found).await.unwrap());
    let begun = AuthService::start_quick_connect(&bed.ctx, &found).await;
    assert_eq!(problem(begun), SignInProblem::QuickConnectDisabled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_approved_while_the_network_is_away_is_good() {
    let (server, bed, found) = scene().await;
    let code = begin(&bed, &found).await;
    let line = server.connections().next().unwrap();
    line.off();
    let (ctx, waiting) = (bed.ctx.clone(), code.clone());
    let waiting = tokio::spawn(async move { AuthService::wait_for_quick_connect(&ctx, &waiting).await });
    assert!(server.approve_quick_connect(code.code(), USER));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "trouble of the network ends nothing");
    line.on();
    soon(waiting).await.unwrap().unwrap();
}

#[tokio::test]
async fn signing_in_again_keeps_source_and_device_and_wants_the_same_user() {
    let (server, bed, found) = scene().await;
    let code = begin(&bed, &found).await;
    server.approve_quick_connect(code.code(), USER);
    let id = AuthService::wait_for_quick_connect(&bed.ctx, &code).await.unwrap();
    bed.sync(id).await;
    let before = bed.ctx.db.sources().get(id).await.unwrap();
    server.revoke_tokens();
    bed.try_sync(id).await.unwrap_err();

    let code = AuthService::start_quick_connect_again(&bed.ctx, id).await.unwrap();
    server.approve_quick_connect(code.code(), "other");
    let waited = AuthService::wait_for_quick_connect(&bed.ctx, &code).await;
    assert_eq!(problem(waited), SignInProblem::OtherUser);
    assert!(server.tokens().is_empty(), "the other user's token is given back");

    let code = AuthService::start_quick_connect_again(&bed.ctx, id).await.unwrap();
    server.approve_quick_connect(code.code(), USER);
    assert_eq!(AuthService::wait_for_quick_connect(&bed.ctx, &code).await.unwrap(), id);
    let after = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!((after.device_id, after.auth_status), (before.device_id, AuthStatus::SignedIn));
    bed.sync(id).await;
}

#[tokio::test]
async fn a_user_who_is_there_already_is_not_signed_out_by_a_second_code() {
    let (server, bed, found) = scene().await;
    let password = PASSWORD.into();
    let id = AuthService::sign_in_jellyfin(&bed.ctx, &found, USER, &password).await.unwrap();
    let code = begin(&bed, &found).await;
    server.approve_quick_connect(code.code(), USER);
    let again = AuthService::wait_for_quick_connect(&bed.ctx, &code).await;
    assert!(matches!(again, Err(ServiceError::Duplicate(known)) if known == id), "{again:?}");
    assert_eq!(server.tokens().len(), 1, "the second token is given back");
    bed.sync(id).await;
}
