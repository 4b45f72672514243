//! Through a proxy that wants a password: said in words, given to it alone, and kept with the credentials.

use std::fs;

use gnome_reel::net::{ErrorKind, ProxyChoice};
use gnome_reel::services::core::{AuthService, ConnectionService};
use gnome_reel::services::proxy::ProxySetting;
use gnome_reel::services::{AddressProblem, ProxyService, ServiceError};
use gnome_reel::ui::error_text;
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::proxy::Proxy;

use crate::support::{Bed, PASSWORD, Server, ServerKind, USER, films, soon};

/// A name that only the proxy knows.
const HOST: &str = "media.example.invalid";
const SECRET: &str = "canary-proxy-password-3Kx";

/// A Jellyfin behind a proxy: without TLS and with.
async fn behind_proxy() -> (Server, Proxy) {
    let plain = ConnectionPlan::new("plain", Reach::Remote).host(HOST);
    let server = Server::start_at(ServerKind::Jellyfin, films(2), vec![plain]).await;
    let proxy = Proxy::with_password("ana", SECRET).unwrap();
    proxy.resolve(HOST, server.connection("plain").address());
    (server, proxy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_gets_its_password_from_the_credentials_and_nothing_else_holds_it() {
    let (server, proxy) = behind_proxy().await;
    let bed = Bed::new().await;
    let ctx = &bed.ctx;
    let written = format!("http://ana:{SECRET}@{}", proxy.connection().address());
    let (address, user) =
        ProxyService::take_out(ctx, &written.parse().unwrap()).await.unwrap().expect("it has credentials");
    let settings = format!("{} {user}", address.as_str());
    assert!(!settings.contains(SECRET), "{settings}");

    ctx.http.set_proxy(ProxyService::choice(ctx, &ProxySetting::Manual { address, user }).await);
    let id = soon(AuthService::add_jellyfin(ctx, &server.url(), USER, &PASSWORD.into())).await.unwrap();
    bed.sync(id).await;
    assert!(proxy.requests().iter().all(|request| request.status == 200 && request.authorization.is_some()));
    for request in server.recorder().requests() {
        assert!(request.header("proxy-authorization").is_none() && !request.mentions(SECRET), "{request:?}");
    }
    let files = walkdir::WalkDir::new(bed.folder.path()).into_iter().map(Result::unwrap);
    for file in files.filter(|entry| entry.file_type().is_file()) {
        let bytes = fs::read(file.path()).unwrap();
        let held = bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(!held, "{} holds the password", file.path().display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_without_its_password_is_named_in_the_sentence() {
    let (server, proxy) = behind_proxy().await;
    let bed = Bed::new().await;
    let ctx = &bed.ctx;
    ctx.http.set_proxy(ProxyChoice::Manual(proxy.uri().parse().unwrap()));
    for url in [server.url(), server.url().replace("http:", "https:")] {
        let refused = soon(AuthService::add_jellyfin(ctx, &url, USER, &PASSWORD.into())).await.unwrap_err();
        let wanted = AddressProblem::Unreachable(ErrorKind::ProxyAuthentication);
        assert!(
            matches!(&refused, ServiceError::Address(problem) if *problem == wanted),
            "{url}: {refused:?}"
        );
        assert_eq!(error_text::sentence(&refused), "The proxy wants a name and a password.");
    }
    assert!(server.recorder().requests().is_empty());

    // A source that worked before says the same.
    let setting = ProxySetting::Manual { address: proxy.uri().parse().unwrap(), user: "ana".to_owned() };
    let address = proxy.uri().parse().unwrap();
    ProxyService::set_password(ctx, &address, &SECRET.into()).await.unwrap();
    ctx.http.set_proxy(ProxyService::choice(ctx, &setting).await);
    let id = soon(AuthService::add_jellyfin(ctx, &server.url(), USER, &PASSWORD.into())).await.unwrap();
    ProxyService::set_password(ctx, &address, &"wrong".into()).await.unwrap();
    ctx.http.set_proxy(ProxyService::choice(ctx, &setting).await);
    bed.forget_choice(id).await;
    let asked = proxy.requests().len();
    let refused = soon(ConnectionService::select_best_connection(ctx, id)).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Offline(ErrorKind::ProxyAuthentication)), "{refused:?}");
    assert_eq!(error_text::sentence(&refused), "The proxy wants a name and a password.");
    assert_eq!(proxy.requests().len(), asked + 1, "a wrong password is not tried again and again");
}
