//! Addresses that lead somewhere else, and what is asked again before a password goes there.

use gnome_reel::backends::ClientIdentity;
use gnome_reel::backends::jellyfin::sign_in;
use gnome_reel::models::{MachineId, SourceKind};
use gnome_reel::net::{ErrorKind, HttpPool};
use gnome_reel::services::core::AuthService;
use gnome_reel::services::discovery::Discovered;
use gnome_reel::services::{AddressProblem, ServiceError, SignInProblem};
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::faults::{EVERY_CONNECTION, Fault, RetryAfter};
use reel_testbed::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use reel_testbed::tls::Served;

use crate::support::{Bed, PASSWORD, Server, USER, carries_credential, films};

fn builder() -> JellyfinServerBuilder {
    JellyfinServer::builder().catalogue(films(2)).user(USER, PASSWORD)
}

/// A server below a path, behind a proxy that answers on `front` with the address of `back`, which is encrypted.
async fn behind_a_proxy() -> (JellyfinServer, String) {
    let front = ConnectionPlan::new("front", Reach::Local);
    let back = ConnectionPlan::new("back", Reach::Local).tls();
    let server = builder().base_path("/jelly").connection(front).connection(back).start().await.unwrap();
    let back = server.connection("back").unwrap();
    back.serve(Served::SelfSigned(1));
    let front = server.connection("front").unwrap();
    front.fault(moved(back.uri()));
    let question = "/jelly/System/Info/Public";
    front.fault_at(question, moved(&format!("{}{question}", back.uri())));
    let typed = front.uri().to_owned();
    (server, typed)
}

fn moved(to: &str) -> Fault {
    Fault::Status { code: 301, headers: vec![("location".to_owned(), to.to_owned())], body: String::new() }
}

#[tokio::test]
async fn a_proxy_leads_to_encryption_and_to_the_path_of_the_server() {
    for path in ["", "/", "/jelly", "/jelly/web/index.html#!/home"] {
        let (server, typed) = behind_a_proxy().await;
        let bed = Bed::new().await;
        let typed = format!("{typed}{path}");
        let refused = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, &typed).await;
        let Err(ServiceError::Address(AddressProblem::Certificate(facts))) = refused else {
            panic!("{typed}: {refused:?}")
        };
        let found =
            AuthService::find_server_trusting(&bed.ctx, SourceKind::Jellyfin, &typed, &[*facts]).await;
        let found = found.unwrap_or_else(|error| panic!("{typed}: {error:?}"));
        assert_eq!(found.url.to_string(), server.base_urls()[1], "{typed}");
        let id = AuthService::sign_in_jellyfin(&bed.ctx, &found, USER, &PASSWORD.into()).await.unwrap();
        bed.sync(id).await;
        assert_eq!(bed.items(id).await.len(), 2);
        let server = Server::Jellyfin(server);
        for request in server.recorder().on("front") {
            assert!(!carries_credential(&request, &server.secrets()), "{} at the front", request.path);
        }
    }
}

#[tokio::test]
async fn a_forgotten_path_is_found() {
    let server = builder().base_path("/media/jelly").start().await.unwrap();
    let root = server.base_url().replace("/media/jelly", "");
    let bed = Bed::new().await;
    for typed in [root.clone(), format!("{root}/web/"), format!("{root}/elsewhere")] {
        let found = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, &typed).await.unwrap();
        assert_eq!(found.url.to_string(), server.base_url(), "{typed}");
    }
    let other_kind = AuthService::find_server(&bed.ctx, SourceKind::Plex, &root).await.unwrap_err();
    assert!(matches!(
        other_kind,
        ServiceError::Address(AddressProblem::WebPage | AddressProblem::NotAServer)
    ));
}

#[tokio::test]
async fn a_server_that_starts_says_so() {
    let server = builder().start().await.unwrap();
    let bed = Bed::new().await;
    let setup =
        r#"{"Id":"4f3a","Version":"10.11.0","ProductName":"Jellyfin Server","StartupWizardCompleted":false}"#;
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let answers = [
        Fault::unavailable(Some(RetryAfter::Text("005"))),
        Fault::Status { code: 200, headers, body: setup.to_owned() },
    ];
    for answer in answers {
        server.faults().clear_all();
        server.faults().add(EVERY_CONNECTION, "/", answer);
        let refused = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, server.base_url()).await;
        assert!(matches!(refused, Err(ServiceError::Address(AddressProblem::SettingUp))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_password_does_not_go_to_who_has_taken_the_address_over() {
    let server = builder().start().await.unwrap();
    let bed = Bed::new().await;
    let found = AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, server.base_url()).await.unwrap();
    let code = AuthService::start_quick_connect(&bed.ctx, &found).await.unwrap();
    let line = server.connections().next().unwrap();
    line.fault(Fault::Stranger("0000000000000000000000000000beef".to_owned()));
    line.reset_open();
    // An address does not change hands faster.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    server.recorder().clear();
    let refused = AuthService::sign_in_jellyfin(&bed.ctx, &found, USER, &PASSWORD.into()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::WrongServer);
    assert_eq!(server.recorder().count("/Users/AuthenticateByName"), 0, "the password stays here");
    let waiting = AuthService::wait_for_quick_connect(&bed.ctx, &code);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(500), waiting).await;
    assert!(waited.is_err(), "it goes on waiting");
    assert_eq!(
        server.recorder().count("/QuickConnect/Connect"),
        0,
        "nor does the secret of the code go there"
    );
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_was_heard_of_has_to_be_that_one() {
    let server = builder().start().await.unwrap();
    let bed = Bed::new().await;
    let heard_of = |id: &str, addresses: &[&str]| Discovered {
        kind: SourceKind::Jellyfin,
        machine_id: MachineId::new(id),
        name: "Attic".to_owned(),
        addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        sender: "127.0.0.1".parse().unwrap(),
    };
    let right = heard_of(server.machine_id(), &["http://127.0.0.1:9", server.base_url()]);
    let found = AuthService::find_discovered(&bed.ctx, &right, &[]).await.unwrap();
    assert_eq!(found.url.to_string(), server.base_url());
    let wrong = heard_of("another", &[server.base_url()]);
    let refused = AuthService::find_discovered(&bed.ctx, &wrong, &[]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::WrongServer);
    let nowhere = AuthService::find_discovered(&bed.ctx, &heard_of("x", &[]), &[]).await.unwrap_err();
    assert!(matches!(nowhere, ServiceError::Address(_)), "{nowhere:?}");
}

#[tokio::test]
async fn names_with_quotes_and_ten_thousand_characters_are_sent_as_they_are() {
    let long = format!("né\"e, {}", "ł".repeat(10_000));
    let server = builder().user(&long, &long).start().await.unwrap();
    let bed = Bed::new().await;
    let url = server.base_url();
    let id = AuthService::add_jellyfin(&bed.ctx, url, &long, &long.as_str().into()).await.unwrap();
    assert_eq!(bed.ctx.db.sources().get(id).await.unwrap().user.unwrap().name, long);
    bed.sync(id).await;
    for (name, password) in [(long.as_str(), "x"), ("x", long.as_str())] {
        let wrong = AuthService::add_jellyfin(&bed.ctx, url, name, &password.into()).await;
        assert!(matches!(wrong, Err(ServiceError::SignIn(SignInProblem::WrongPassword))), "{wrong:?}");
    }
    let device_name = format!("Ana’s \"living room\", 2nd=+%{}", "ł".repeat(500));
    let client = ClientIdentity { device_id: "device".to_owned(), device_name };
    let (pool, base) = (HttpPool::new().unwrap(), url.parse().unwrap());
    sign_in::with_password(&pool, &base, &client, USER, &PASSWORD.into()).await.unwrap();
}
