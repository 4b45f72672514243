//! The users of a Plex Home, and several servers of an account.

use gnome_reel::models::SourceId;
use gnome_reel::services::core::{AuthService, SourceService};
use gnome_reel::services::{ServiceError, SignInProblem};
use reel_testbed::catalogue::{ItemNumber, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::plex::{PlexServer, rating_key};
use reel_testbed::plex_tv::PlexTv;

use super::{ACCOUNT, Plex, account, account_token, bed_with, plex_server, token};
use crate::support::{Bed, TOKEN, USER};

const KID: &str = "canary-account-kid";
const KID_TOKEN: &str = "canary-server-kid";

async fn home() -> (PlexServer, PlexTv, Bed) {
    let server = plex_server(1, &[(USER, TOKEN), ("kid", KID_TOKEN)]).await;
    let tv = PlexTv::builder().account(USER, ACCOUNT).protected_account("kid", KID, "1234");
    let tv = tv.server(server.listing()).start().await.unwrap();
    let bed = bed_with(&tv).await;
    (server, tv, bed)
}

#[tokio::test]
async fn a_wrong_pin_is_asked_for_again_and_the_right_one_gives_the_users_servers() {
    let (server, tv, bed) = home().await;
    server.set_watch_state(KID_TOKEN, ItemNumber(1), WatchState { played: true, ..WatchState::default() });
    let owner = account(&bed).await;
    let users = AuthService::plex_home_users(&bed.ctx, &owner).await.unwrap();
    let shown: Vec<(&str, bool, bool)> =
        users.iter().map(|user| (user.name.as_str(), user.protected, user.admin)).collect();
    assert_eq!(shown, [(USER, false, true), ("kid", true, false)]);

    for pin in [Some("9999"), Some("12\u{0}34&x=ü"), None] {
        let pin = pin.map(Into::into);
        let wrong = AuthService::switch_plex_user(&bed.ctx, &owner, &users[1], pin.as_ref()).await;
        assert!(matches!(wrong, Err(ServiceError::SignIn(SignInProblem::WrongPin))), "{wrong:?}");
    }
    let kid = AuthService::switch_plex_user(&bed.ctx, &owner, &users[1], Some(&"1234".into())).await.unwrap();
    assert_eq!((kid.id.as_str(), kid.name.as_str()), (users[1].uuid.as_str(), "kid"));

    let mine = AuthService::add_plex_server(&bed.ctx, &owner, &owner.servers[0]).await.unwrap();
    let theirs = AuthService::add_plex_server(&bed.ctx, &kid, &kid.servers[0]).await.unwrap();
    assert_eq!((token(&bed, mine).await, token(&bed, theirs).await), (TOKEN.into(), KID_TOKEN.into()));
    assert_eq!(account_token(&bed, &kid.id).await.as_deref(), Some(KID));
    bed.sync(mine).await;
    bed.sync(theirs).await;
    let film = rating_key(ItemNumber(1));
    assert!(!bed.item(mine, &film).await.record.watch.watched);
    assert!(bed.item(theirs, &film).await.record.watch.watched);
    for secret in [ACCOUNT, KID] {
        assert!(server.recorder().requests().iter().all(|request| !request.mentions(secret)));
    }
    for secret in [TOKEN, KID_TOKEN] {
        assert!(tv.recorder().requests().iter().all(|request| !request.mentions(secret)));
    }
}

#[tokio::test]
async fn a_dead_account_is_not_a_wrong_pin() {
    let (_server, tv, bed) = home().await;
    let owner = account(&bed).await;
    let users = AuthService::plex_home_users(&bed.ctx, &owner).await.unwrap();
    tv.revoke(ACCOUNT);
    let dead = AuthService::switch_plex_user(&bed.ctx, &owner, &users[1], Some(&"1234".into())).await;
    assert!(matches!(dead, Err(ServiceError::SignIn(SignInProblem::AccountSignedOut))), "{dead:?}");
}

#[tokio::test]
async fn an_account_without_a_home_has_no_users_to_choose_from() {
    let plex = Plex::synced().await;
    let account = account(&plex.bed).await;
    assert!(AuthService::plex_home_users(&plex.bed.ctx, &account).await.unwrap().is_empty());
    let asked = plex.tv.recorder().requests();
    assert!(asked.iter().all(|request| !request.path.contains("/home/users")));
}

#[tokio::test]
async fn servers_with_the_same_item_ids_are_kept_apart_each_with_its_own_token() {
    let own = plex_server(1, &[(USER, TOKEN)]).await;
    let shared = plex_server(2, &[(USER, "canary-shared-token")]).await;
    shared.set_watch_state(
        "canary-shared-token",
        ItemNumber(1),
        WatchState { played: true, ..WatchState::default() },
    );
    let tv = PlexTv::builder().account(USER, ACCOUNT).shared_server(shared.listing()).server(own.listing());
    let tv = tv.start().await.unwrap();
    let bed = bed_with(&tv).await;
    let account = account(&bed).await;
    let names: Vec<&str> = account.servers.iter().map(|server| server.name.as_str()).collect();
    assert_eq!(names, ["Server 1", "Server 2"], "owned ones first");
    let added = AuthService::add_plex_servers(&bed.ctx, &account, &account.servers).await.unwrap();
    let ids: Vec<SourceId> = added.into_iter().map(Result::unwrap).collect();
    for id in &ids {
        bed.sync(*id).await;
        assert_eq!(bed.items(*id).await.len(), 3);
    }
    let film = rating_key(ItemNumber(1));
    assert!(!bed.item(ids[0], &film).await.record.watch.watched);
    assert!(bed.item(ids[1], &film).await.record.watch.watched);
    assert_eq!(token(&bed, ids[1]).await, "canary-shared-token");
    for server in [&own, &shared] {
        assert!(server.recorder().requests().iter().all(|request| !request.mentions(ACCOUNT)));
    }
    // One that is there already does not stop the others, and nothing chosen is nothing found.
    let again = AuthService::add_plex_servers(&bed.ctx, &account, &account.servers).await.unwrap();
    assert!(again.iter().all(|added| matches!(added, Err(ServiceError::Duplicate(_)))), "{again:?}");
    let none = AuthService::add_plex_servers(&bed.ctx, &account, &[]).await;
    assert!(matches!(none, Err(ServiceError::SignIn(SignInProblem::NoServer))), "{none:?}");
}

#[tokio::test]
async fn a_list_of_five_hundred_servers_is_read_and_one_of_them_added() {
    let plex = Plex::synced().await;
    let long = "n".repeat(10_000);
    let resources: Vec<serde_json::Value> = (0..500)
        .map(|number| {
            serde_json::json!({
                "name": format!("{long} {number}"), "provides": "server", "owned": number % 2 == 0,
                "publicAddressMatches": true,
                "clientIdentifier": format!("machine-{number}"), "accessToken": format!("token-{number}"),
                "connections": [{"uri": "javascript:alert(1)"}, {"uri": "file:///etc/passwd"},
                    {"uri": "http://127.0.0.1:9", "local": true}],
            })
        })
        .collect();
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let body = serde_json::to_string(&resources).unwrap();
    plex.tv.faults().add(EVERY_CONNECTION, "/api/v2/resources", Fault::Status { code: 200, headers, body });
    let account = account(&plex.bed).await;
    assert_eq!(account.servers.len(), 500);
    assert!(account.servers.iter().all(|server| server.connections.len() == 1));
    let id = AuthService::add_plex_server(&plex.bed.ctx, &account, &account.servers[7]).await.unwrap();
    assert!(!plex.bed.ctx.db.sources().get(id).await.unwrap().is_online);
    assert_eq!(plex.bed.ctx.db.sources().list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_account_is_signed_out_with_its_last_source() {
    let (_server, tv, bed) = home().await;
    let second = plex_server(2, &[(USER, "canary-second")]).await;
    tv.put_server(second.listing());
    let owner = account(&bed).await;
    let added = AuthService::add_plex_servers(&bed.ctx, &owner, &owner.servers).await.unwrap();
    let ids: Vec<SourceId> = added.into_iter().map(Result::unwrap).collect();
    SourceService::remove(&bed.ctx, ids[0]).await.unwrap();
    assert_eq!(account_token(&bed, &owner.id).await.as_deref(), Some(ACCOUNT));
    account(&bed).await;
    SourceService::remove(&bed.ctx, ids[1]).await.unwrap();
    assert_eq!(account_token(&bed, &owner.id).await, None);
    let gone = AuthService::plex_account(&bed.ctx, &ACCOUNT.into()).await;
    assert!(matches!(gone, Err(ServiceError::SignIn(SignInProblem::WrongToken))), "{gone:?}");
}
