//! Users of a Jellyfin: those it shows, several of them, signing in again.

use gnome_reel::models::{AuthStatus, SourceKind};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::{AuthService, SourceService};
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::catalogue::{ItemNumber, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::jellyfin::JellyfinServer;

use crate::support::{Bed, PASSWORD, USER, films};

async fn server() -> JellyfinServer {
    let mut catalogue = films(3);
    catalogue.initial_states.clear();
    let builder = JellyfinServer::builder().catalogue(catalogue).user(USER, PASSWORD);
    builder.user("Zoë \"the 2nd\", née Łuk", "pässwörd, \"quoted\"").user("open", "").start().await.unwrap()
}

async fn add(bed: &Bed, server: &JellyfinServer, name: &str, password: &str) -> gnome_reel::models::SourceId {
    AuthService::add_jellyfin(&bed.ctx, server.base_url(), name, &password.into()).await.unwrap()
}

/// From now on the server gives this id to whoever asks who it is.
fn call_itself(server: &JellyfinServer, id: &str) {
    let body = format!(
        r#"{{"Id":"{id}","Version":"10.11.4","ProductName":"Jellyfin Server",
            "ServerName":"Attic","StartupWizardCompleted":true}}"#
    );
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let answer = Fault::Status { code: 200, headers, body };
    server.faults().add(EVERY_CONNECTION, "/System/Info/Public", answer);
}

#[tokio::test]
async fn users_are_shown_before_a_sign_in_and_hidden_ones_can_be_typed() {
    let server = server().await;
    let bed = Bed::new().await;
    let found = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, server.base_url()).await.unwrap();
    let users = AuthService::public_users(&bed.ctx, &found).await.unwrap();
    let shown: Vec<(&str, bool)> = users.iter().map(|user| (user.name.as_str(), user.has_password)).collect();
    assert_eq!(shown, [(USER, true), ("Zoë \"the 2nd\", née Łuk", true), ("open", false)]);
    assert!(users.iter().all(|user| user.id == server.user_id(&user.name)));

    let pictured = r#"[{"Id":"9f0e","Name":"ana","PrimaryImageTag":"1c9d"},{"Id":"1"},17]"#;
    for (body, expected) in [(pictured, 1), ("[]", 0)] {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let answer = Fault::Status { code: 200, headers, body: body.to_owned() };
        server.faults().clear_all();
        server.faults().add(EVERY_CONNECTION, "/Users/Public", answer);
        let users = AuthService::public_users(&bed.ctx, &found).await.unwrap();
        assert_eq!(users.len(), expected);
        for user in users {
            let avatar = user.avatar.expect("a portrait");
            assert!(avatar.url.as_str().starts_with(server.base_url()), "{}", avatar.url);
            assert!(avatar.headers.iter().all(|(name, _)| *name != "authorization"));
        }
    }
    add(&bed, &server, USER, PASSWORD).await;
}

#[tokio::test]
async fn two_users_of_one_server_are_two_sources_that_know_nothing_of_each_other() {
    let server = server().await;
    let bed = Bed::new().await;
    let other = "Zoë \"the 2nd\", née Łuk";
    let watched = WatchState { played: true, ..WatchState::default() };
    server.set_watch_state(other, ItemNumber(1), watched);
    let first = add(&bed, &server, USER, PASSWORD).await;
    let second = add(&bed, &server, other, "pässwörd, \"quoted\"").await;
    let third = add(&bed, &server, "OPEN", "").await;
    let named = bed.ctx.db.sources().get(second).await.unwrap().name;
    assert_eq!(named, format!("Attic ({other})"), "told apart from the first");
    let mut devices = Vec::new();
    for id in [first, second, third] {
        bed.sync(id).await;
        devices.push(bed.ctx.db.sources().get(id).await.unwrap().device_id);
    }
    devices.sort_unstable();
    devices.dedup();
    assert_eq!(devices.len(), 3, "a device id for each user");
    let remote = server.item_id(ItemNumber(1));
    assert!(!bed.item(first, &remote).await.record.watch.watched);
    assert!(bed.item(second, &remote).await.record.watch.watched);

    SourceService::remove(&bed.ctx, second).await.unwrap();
    assert_eq!(server.tokens().len(), 2, "only the device of the removed one is signed out");
    bed.sync(first).await;
    bed.sync(third).await;
}

#[tokio::test]
async fn adding_a_source_once_more_leaves_it_signed_in() {
    let server = server().await;
    let bed = Bed::new().await;
    let id = add(&bed, &server, USER, PASSWORD).await;
    let again =
        AuthService::add_jellyfin(&bed.ctx, server.base_url(), &USER.to_uppercase(), &PASSWORD.into()).await;
    assert!(matches!(again, Err(ServiceError::Duplicate(known)) if known == id), "{again:?}");
    assert_eq!(server.tokens().len(), 1, "no token is left over");
    bed.sync(id).await;
}

#[tokio::test]
async fn signing_in_again_keeps_source_and_device_and_wants_the_same_user() {
    let server = server().await;
    let bed = Bed::new().await;
    let id = add(&bed, &server, USER, PASSWORD).await;
    bed.sync(id).await;
    let (before, items) = (bed.ctx.db.sources().get(id).await.unwrap(), bed.items(id).await);
    server.revoke_tokens();
    bed.try_sync(id).await.unwrap_err();

    let wrong = AuthService::sign_in_again_jellyfin(&bed.ctx, id, USER, &"wrong".into()).await;
    assert!(matches!(wrong, Err(ServiceError::SignIn(SignInProblem::WrongPassword))), "{wrong:?}");
    let other = AuthService::sign_in_again_jellyfin(&bed.ctx, id, "open", &"".into()).await;
    assert!(matches!(other, Err(ServiceError::SignIn(SignInProblem::OtherUser))), "{other:?}");
    assert!(server.tokens().is_empty(), "the other user's token is given back");
    assert_eq!(bed.ctx.db.sources().get(id).await.unwrap().auth_status, AuthStatus::SignInNeeded);

    AuthService::sign_in_again_jellyfin(&bed.ctx, id, USER, &PASSWORD.into()).await.unwrap();
    bed.sync(id).await;
    let after = bed.ctx.db.sources().get(id).await.unwrap();
    assert_eq!((after.device_id, after.auth_status), (before.device_id, AuthStatus::SignedIn));
    assert_eq!(bed.items(id).await, items);
    assert_eq!(bed.ctx.db.sources().list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_signs_in_to_another_machine_at_the_same_address() {
    let server = server().await;
    let bed = Bed::new().await;
    let id = add(&bed, &server, USER, PASSWORD).await;
    server.revoke_tokens();
    bed.try_sync(id).await.unwrap_err();
    call_itself(&server, "stranger");
    server.recorder().clear();
    AuthService::sign_in_again_jellyfin(&bed.ctx, id, USER, &PASSWORD.into()).await.unwrap_err();
    assert_eq!(server.recorder().count("/Users/AuthenticateByName"), 0, "the password stays here");
}

#[tokio::test]
async fn a_server_that_is_another_at_each_question_is_not_added() {
    let server = server().await;
    let bed = Bed::new().await;
    call_itself(&server, "stranger");
    let added = AuthService::add_jellyfin(&bed.ctx, server.base_url(), USER, &PASSWORD.into()).await;
    assert_eq!(added.unwrap_err().kind(), ErrorKind::WrongServer);
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn every_version_from_10_9_to_12_is_signed_in_to_synced_and_caught_up_with() {
    for version in ["10.9.0", "10.9.11", "10.10.7", "10.11.4", "12.0.0"] {
        let builder = JellyfinServer::builder().catalogue(films(3)).user(USER, PASSWORD).version(version);
        let server = builder.start().await.unwrap();
        let bed = Bed::new().await;
        let id = add(&bed, &server, USER, PASSWORD).await;
        assert_eq!(bed.sync(id).await.inserted, 3, "{version}");
        // The second time goes by what changed.
        bed.sync(id).await;
        assert_eq!(bed.items(id).await.len(), 3, "{version}");
    }
}
