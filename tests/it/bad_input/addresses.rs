//! Addresses that are none, or of something else, and sign-ins that are refused.

use gnome_reel::models::SourceKind;
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::AuthService;
use gnome_reel::services::{AddressProblem, ServiceError, SignInProblem};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use reel_testbed::plex_tv::PlexTv;

use super::{assert_untouched, sentence};
use crate::support::{Bed, PASSWORD, Server, ServerKind, TOKEN, USER, carries_credential, films};

const KINDS: [ServerKind; 2] = [ServerKind::Plex, ServerKind::Jellyfin];

/// Tries to add a source of a kind at an address; tells why the address was refused.
async fn refused(kind: ServerKind, url: &str) -> AddressProblem {
    let bed = Bed::new().await;
    let error = match kind {
        ServerKind::Plex => AuthService::add_plex_by_token(&bed.ctx, url, &TOKEN.into()).await,
        ServerKind::Jellyfin => AuthService::add_jellyfin(&bed.ctx, url, USER, &PASSWORD.into()).await,
    }
    .unwrap_err();
    sentence(&error);
    assert_untouched(&bed).await;
    match error {
        ServiceError::Address(problem) => problem,
        other => panic!("{other:?}"),
    }
}

/// As [`refused`], by a server with a fault; it must not have seen a credential.
async fn refused_with(kind: ServerKind, fault: Fault) -> AddressProblem {
    let server = Server::start(kind, films(1)).await;
    server.faults().add(EVERY_CONNECTION, "/", fault);
    let problem = refused(kind, &server.url()).await;
    assert_no_credential(&server);
    problem
}

fn assert_no_credential(server: &Server) {
    let requests = server.recorder().requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(!carries_credential(&request, &server.secrets()), "{request:?}");
    }
}

#[tokio::test]
async fn malformed() {
    for kind in KINDS {
        for text in
            ["", "   ", "two words", "ftp://host", "http://", "http://[::zz]", "://", "http://a:99999"]
        {
            assert_eq!(refused(kind, text).await, AddressProblem::Malformed, "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_dead_host() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for kind in KINDS {
        assert_eq!(refused(kind, &url).await, AddressProblem::Unreachable(ErrorKind::Refused));
        let problem = refused(kind, "http://no-such-host.invalid:8096").await;
        assert!(matches!(problem, AddressProblem::Unreachable(_)), "{problem:?}");
    }
}

#[tokio::test]
async fn a_silent_host() {
    for kind in KINDS {
        let problem = refused_with(kind, Fault::Silence).await;
        assert_eq!(problem, AddressProblem::Unreachable(ErrorKind::ReadTimeout));
    }
}

#[tokio::test]
async fn a_host_that_hangs_up() {
    for kind in KINDS {
        assert_eq!(refused_with(kind, Fault::Close).await, AddressProblem::Unreachable(ErrorKind::Reset));
    }
}

#[tokio::test]
async fn a_web_page() {
    for kind in KINDS {
        assert_eq!(refused_with(kind, Fault::Html).await, AddressProblem::WebPage);
    }
}

#[tokio::test]
async fn no_media_server() {
    let json = Fault::Status {
        code: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: r#"{"hello": "world"}"#.to_owned(),
    };
    for kind in KINDS {
        assert_eq!(refused_with(kind, json.clone()).await, AddressProblem::NotAServer);
        assert_eq!(refused_with(kind, Fault::Garbage).await, AddressProblem::NotAServer);
        assert_eq!(refused_with(kind, Fault::status(404)).await, AddressProblem::NotAServer);
    }
}

#[tokio::test]
async fn a_server_of_the_other_kind() {
    for (kind, other) in [(ServerKind::Plex, ServerKind::Jellyfin), (ServerKind::Jellyfin, ServerKind::Plex)]
    {
        let server = Server::start(other, films(1)).await;
        let problem = refused(kind, &server.url()).await;
        assert!(matches!(problem, AddressProblem::NotAServer | AddressProblem::WebPage), "{problem:?}");
        assert_no_credential(&server);
    }
}

#[tokio::test]
async fn another_place() {
    let headers = vec![("location".to_owned(), "http://elsewhere.invalid/".to_owned())];
    for kind in KINDS {
        let fault = Fault::Status { code: 302, headers: headers.clone(), body: String::new() };
        assert_eq!(refused_with(kind, fault).await, AddressProblem::Redirected);
    }
}

#[tokio::test]
async fn a_server_with_a_problem() {
    for kind in KINDS {
        let problem = refused_with(kind, Fault::status(502)).await;
        assert_eq!(problem, AddressProblem::Unreachable(ErrorKind::Server));
    }
}

async fn jellyfin(change: impl FnOnce(JellyfinServerBuilder) -> JellyfinServerBuilder) -> Server {
    let builder = JellyfinServer::builder().catalogue(films(1)).user(USER, PASSWORD);
    Server::Jellyfin(change(builder).start().await.unwrap())
}

#[tokio::test]
async fn an_emby() {
    let server = jellyfin(|builder| builder.emby(true)).await;
    assert_eq!(refused(ServerKind::Jellyfin, &server.url()).await, AddressProblem::Emby);
    assert_no_credential(&server);
}

#[tokio::test]
async fn a_jellyfin_that_is_too_old() {
    let server = jellyfin(|builder| builder.version("10.8.13")).await;
    let version = "10.8.13".to_owned();
    let problem = refused(ServerKind::Jellyfin, &server.url()).await;
    assert_eq!(problem, AddressProblem::TooOld { version });
    assert!(sentence(&ServiceError::Address(problem)).contains("10.8.13"));
    assert_no_credential(&server);
    // The oldest that is good enough.
    let server = jellyfin(|builder| builder.version("10.9.0")).await;
    server.add_to(&Bed::new().await.ctx).await.unwrap();
}

#[tokio::test]
async fn a_base_path() {
    let server = jellyfin(|builder| builder.base_path("/jellyfin")).await;
    let elsewhere = server.url().replace("127.0.0.1", "localhost.");
    let problem = refused(ServerKind::Plex, &elsewhere).await;
    assert!(matches!(problem, AddressProblem::WebPage | AddressProblem::NotAServer), "{problem:?}");
    let bed = Bed::new().await;
    AuthService::find_server(&bed.ctx, SourceKind::Jellyfin, &server.url()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let bed = Bed::new().await;
    for (user, password) in [(USER, "wrong"), ("nobody", PASSWORD), (USER, "")] {
        let error =
            AuthService::add_jellyfin(&bed.ctx, &server.url(), user, &password.into()).await.unwrap_err();
        assert!(matches!(error, ServiceError::SignIn(SignInProblem::WrongPassword)), "{error:?}");
        sentence(&error);
        assert_untouched(&bed).await;
    }
}

#[tokio::test]
async fn a_closed_account() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let Server::Jellyfin(jellyfin) = &server else { return };
    jellyfin.disable_user(USER, true);
    let bed = Bed::new().await;
    let error = server.add_to(&bed.ctx).await.unwrap_err();
    assert!(matches!(error, ServiceError::SignIn(SignInProblem::NotAllowed)), "{error:?}");
    sentence(&error);
    assert_untouched(&bed).await;
}

#[tokio::test]
async fn a_wrong_token() {
    let server = Server::start(ServerKind::Plex, films(1)).await;
    let bed = Bed::new().await;
    for token in ["wrong", ""] {
        let error = AuthService::add_plex_by_token(&bed.ctx, &server.url(), &token.into()).await.unwrap_err();
        assert!(matches!(error, ServiceError::SignIn(SignInProblem::WrongToken)), "{error:?}");
        sentence(&error);
        assert_untouched(&bed).await;
    }
}

#[tokio::test]
async fn a_token_of_the_account_that_is_dead() {
    let tv = PlexTv::builder().account(USER, TOKEN).start().await.unwrap();
    let mut bed = Bed::new().await;
    bed.ctx.plex_tv = tv.base_url().parse().unwrap();
    tv.revoke(TOKEN);
    let error = AuthService::plex_account(&bed.ctx, &TOKEN.into()).await.unwrap_err();
    assert!(matches!(error, ServiceError::SignIn(SignInProblem::WrongToken)), "{error:?}");
    sentence(&error);
    assert_untouched(&bed).await;
}

#[tokio::test]
async fn sentences_differ() {
    let problems = [
        AddressProblem::Malformed,
        AddressProblem::NotAServer,
        AddressProblem::WebPage,
        AddressProblem::Emby,
        AddressProblem::TooOld { version: "10.8".to_owned() },
        AddressProblem::SettingUp,
        AddressProblem::Redirected,
        AddressProblem::Unreachable(ErrorKind::Refused),
        AddressProblem::Unreachable(ErrorKind::Dns),
        AddressProblem::Unreachable(ErrorKind::ReadTimeout),
    ];
    let texts: std::collections::BTreeSet<String> =
        problems.iter().map(|problem| sentence(&ServiceError::Address(problem.clone()))).collect();
    assert_eq!(texts.len(), problems.len());
}
