//! Several users of one Plex server, tokens that are for one server only, and life without plex.tv.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gnome_reel::models::{AuthStatus, SourceId};
use gnome_reel::services::core::monitor::{self, MonitorInput};
use gnome_reel::services::core::{AuthService, BackendService, PlaybackService, SourceService};
use gnome_reel::services::credentials::{
    CredentialError, CredentialKey, CredentialStore, MemoryStore, Secrets,
};
use gnome_reel::services::images::ImageService;
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::catalogue::{ItemNumber, WatchState};
use reel_testbed::plex::{PlexServer, rating_key};
use reel_testbed::plex_tv::PlexTv;
use secrecy::SecretString;

use super::{ACCOUNT, Plex, account, bed_with, plex_server, token};
use crate::support::{Bed, Server, ServerKind, TOKEN, USER, films, soon};

const KID: &str = "canary-account-kid";
const KID_TOKEN: &str = "canary-server-kid";

/// An account with a Home, its server as a source.
async fn home() -> (PlexServer, PlexTv, Bed, SourceId) {
    let server = plex_server(1, &[(USER, TOKEN), ("kid", KID_TOKEN)]).await;
    let tv = PlexTv::builder().account(USER, ACCOUNT).protected_account("kid", KID, "1234");
    let tv = tv.server(server.listing()).start().await.unwrap();
    let bed = bed_with(&tv).await;
    let owner = account(&bed).await;
    let id = AuthService::add_plex_server(&bed.ctx, &owner, &owner.servers[0]).await.unwrap();
    (server, tv, bed, id)
}

async fn order(bed: &Bed) -> Vec<SourceId> {
    SourceService::list(&bed.ctx).await.unwrap().iter().map(|source| source.id).collect()
}

#[tokio::test]
async fn another_user_of_the_home_is_added_beside_and_stands_in() {
    let (server, _tv, bed, first) = home().await;
    server.set_watch_state(KID_TOKEN, ItemNumber(1), WatchState { played: true, ..WatchState::default() });
    bed.sync(first).await;
    let items = bed.items(first).await;
    let folder = bed.folder.path().join("films");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("A Film (2020).mkv"), "x").unwrap();
    let last = SourceService::add_folder(&bed.ctx, &folder, None, None).await.unwrap();

    let owner = AuthService::plex_account_of(&bed.ctx, first).await.unwrap();
    let users = AuthService::plex_home_users(&bed.ctx, &owner).await.unwrap();
    let kid = AuthService::switch_plex_user(&bed.ctx, &owner, &users[1], Some(&"1234".into())).await.unwrap();
    let second = AuthService::add_plex_user(&bed.ctx, first, &kid).await.unwrap();
    assert_eq!(order(&bed).await, [first, last, second]);
    assert_eq!((token(&bed, first).await, token(&bed, second).await), (TOKEN.into(), KID_TOKEN.into()));

    SourceService::stand_in(&bed.ctx, second, first).await.unwrap();
    assert_eq!(order(&bed).await, [second, first, last]);
    assert!(!bed.ctx.db.sources().get(first).await.unwrap().enabled);
    assert_eq!(bed.items(first).await, items, "the first keeps everything");
    bed.sync(second).await;
    assert!(bed.item(second, &rating_key(ItemNumber(1))).await.record.watch.watched);

    // Back again: nobody has to sign in for that.
    SourceService::set_enabled(&bed.ctx, first, true).await.unwrap();
    SourceService::stand_in(&bed.ctx, first, second).await.unwrap();
    assert_eq!(order(&bed).await[0], first);
    bed.sync(first).await;
    for wrong in [(first, first), (last, first)] {
        assert!(SourceService::stand_in(&bed.ctx, wrong.0, wrong.1).await.is_err(), "not of one server");
    }
}

#[tokio::test]
async fn an_account_without_the_server_is_no_other_user_of_it() {
    let (_server, tv, bed, id) = home().await;
    let mut owner = AuthService::plex_account_of(&bed.ctx, id).await.unwrap();
    owner.servers.clear();
    let refused = AuthService::add_plex_user(&bed.ctx, id, &owner).await;
    assert!(matches!(refused, Err(ServiceError::SignIn(SignInProblem::NoServer))), "{refused:?}");
    tv.revoke(ACCOUNT);
    let ended = AuthService::plex_account_of(&bed.ctx, id).await;
    assert!(matches!(ended, Err(ServiceError::SignIn(SignInProblem::AccountSignedOut))), "{ended:?}");
    tv.connection().off();
    let away = AuthService::plex_account_of(&bed.ctx, id).await.unwrap_err();
    assert!(!matches!(away, ServiceError::SignIn(_)), "plex.tv that is away says nothing: {away:?}");
}

#[tokio::test]
async fn the_pictures_of_a_home_are_fetched_without_a_credential() {
    let (_server, tv, bed, _id) = home().await;
    let users = AuthService::plex_home_users(&bed.ctx, &account(&bed).await).await.unwrap();
    tv.recorder().clear();
    for user in &users {
        let picture = AuthService::plex_portrait(&bed.ctx, user).expect("an address");
        assert!(ImageService::passing(&bed.ctx.http, &picture).await.is_some());
    }
    let requests = tv.recorder().requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.header("x-plex-token").is_none()));
    assert!(requests.iter().all(|request| !request.mentions(ACCOUNT)));
    for text in ["", "javascript:alert(1)", "file:///etc/passwd", "http://example.org/a.png"] {
        let mut user = users[0].clone();
        user.picture = Some(text.to_owned());
        assert!(AuthService::plex_portrait(&bed.ctx, &user).is_none(), "{text}");
    }
}

#[tokio::test]
async fn a_shared_server_refuses_the_accounts_token_and_accepts_its_own() {
    let shared = plex_server(2, &[(USER, "canary-shared-token")]).await;
    let tv = PlexTv::builder().account(USER, ACCOUNT).shared_server(shared.listing()).start().await.unwrap();
    let bed = bed_with(&tv).await;
    let refused = AuthService::add_plex_by_token(&bed.ctx, shared.base_url(), &ACCOUNT.into()).await;
    assert!(matches!(refused, Err(ServiceError::SignIn(SignInProblem::WrongToken))), "{refused:?}");
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());

    shared.recorder().clear();
    let friend = account(&bed).await;
    assert!(!friend.servers[0].owned && friend.servers[0].source_title.is_some());
    let id = AuthService::add_plex_server(&bed.ctx, &friend, &friend.servers[0]).await.unwrap();
    bed.sync(id).await;
    assert_eq!(token(&bed, id).await, "canary-shared-token");
    assert!(shared.recorder().requests().iter().all(|request| !request.mentions(ACCOUNT)));
}

#[tokio::test]
async fn a_source_without_an_account_has_no_list_and_that_is_no_failure() {
    let server = Server::start(ServerKind::Plex, films(2)).await;
    let tv = PlexTv::builder().account(USER, ACCOUNT).start().await.unwrap();
    let bed = bed_with(&tv).await;
    let id = server.add_to(&bed.ctx).await.unwrap();
    AuthService::refresh_plex_source(&bed.ctx, id).await.unwrap();
    let summary = AuthService::refresh_plex_resources(&bed.ctx).await.unwrap();
    assert_eq!(summary.unlisted, [id]);
    assert!(summary.changed.is_empty() && summary.missing.is_empty() && summary.failures.is_empty());
    let ended = AuthService::plex_account_of(&bed.ctx, id).await;
    assert!(matches!(ended, Err(ServiceError::SignIn(SignInProblem::AccountSignedOut))), "{ended:?}");
    assert_eq!(tv.recorder().requests().len(), 0, "plex.tv does not hear of it");
    bed.sync(id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plex_tv_is_needed_for_nothing_once_signed_in() {
    let plex = Plex::synced().await;
    plex.tv.connection().off();
    let (bed, ctx) = (&plex.bed, &plex.bed.ctx);
    // The next start asks the account, too; it does not answer.
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let watching = tokio::spawn(monitor::run(ctx.clone(), receiver));
    inputs.send(MonitorInput::Start).unwrap();
    bed.forget_choice(plex.id).await;
    bed.sync(plex.id).await;
    let item = bed.item(plex.id, &rating_key(ItemNumber(1))).await.id;
    BackendService::get_details(ctx, item).await.unwrap();
    PlaybackService::prepare(ctx, item, None, false).await.unwrap();
    SourceService::set_enabled(ctx, plex.id, false).await.unwrap();
    SourceService::set_enabled(ctx, plex.id, true).await.unwrap();
    bed.sync(plex.id).await;
    let source = ctx.db.sources().get(plex.id).await.unwrap();
    assert_eq!((source.auth_status, source.is_online), (AuthStatus::SignedIn, true));
    SourceService::remove(ctx, plex.id).await.unwrap();
    drop(inputs);
    soon(watching).await.unwrap();
}

/// A keyring that somebody ends while the app runs.
#[derive(Default)]
struct Mortal {
    entries: MemoryStore,
    is_dead: AtomicBool,
}

impl Mortal {
    fn answer(&self) -> Result<(), CredentialError> {
        if self.is_dead.load(Ordering::SeqCst) { Err(CredentialError::NoAnswer) } else { Ok(()) }
    }
}

#[async_trait]
impl CredentialStore for Mortal {
    async fn get(&self, key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        self.answer()?;
        self.entries.get(key).await
    }

    async fn set(&self, key: &CredentialKey, token: &SecretString) -> Result<(), CredentialError> {
        self.answer()?;
        self.entries.set(key, token).await
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), CredentialError> {
        self.answer()?;
        self.entries.remove(key).await
    }

    fn name(&self) -> &'static str {
        "mortal"
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyring_that_dies_between_start_and_use_costs_nothing() {
    let mut plex = Plex::synced().await;
    let keyring = Arc::new(Mortal::default());
    for key in [plex.id.into(), CredentialKey::plex_account(&account(&plex.bed).await.id)] {
        let token = plex.bed.ctx.secrets.get(key.clone()).await.unwrap().unwrap();
        keyring.set(&key, &token).await.unwrap();
    }
    // Another start: nothing is in memory until the monitor has read it.
    let stores = (Arc::clone(&keyring), Arc::new(MemoryStore::default()));
    plex.bed.ctx.secrets = Secrets::with_stores(stores.0, stores.1, plex.bed.ctx.events.clone());
    let before = plex.lists();
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let watching = tokio::spawn(monitor::run(plex.bed.ctx.clone(), receiver));
    inputs.send(MonitorInput::Start).unwrap();
    soon(async {
        while plex.lists() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    keyring.is_dead.store(true, Ordering::SeqCst);
    plex.bed.sync(plex.id).await;
    AuthService::refresh_plex_resources(&plex.bed.ctx).await.unwrap();
    // Even another token of the server is good for as long as the app runs.
    plex.server.set_token(USER, "canary-token-new");
    plex.bed.sync(plex.id).await;
    let source = plex.bed.ctx.db.sources().get(plex.id).await.unwrap();
    assert_eq!(source.auth_status, AuthStatus::SignedIn);
    drop(inputs);
    soon(watching).await.unwrap();
}
