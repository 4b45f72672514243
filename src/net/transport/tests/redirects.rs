//! Where redirects lead, and what is never sent there.

use super::server::{Answer, Authority, Server};
use super::{get, pool, pool_trusting};

fn to(location: &str) -> Answer {
    Answer::new(302, &format!("location: {location}\r\n"), "")
}

#[tokio::test]
async fn within_the_host_they_are_followed() {
    let server =
        Server::http(|head| if head.starts_with("get /thing") { to("/other?x=1") } else { Answer::ok() })
            .await;
    let reply = get(&pool(), &server.url()).await.unwrap();
    assert_eq!(reply.head.status, 200);
    assert!(server.heads()[1].starts_with("get /other?x=1"), "{:?}", server.heads());
}

#[tokio::test]
async fn no_other_host_ever_gets_the_token() {
    let other = Server::http(|_| Answer::ok()).await;
    let port = other.address.port();
    for target in [
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
    ] {
        let server = Server::http(move |_| to(&target)).await;
        let reply = get(&pool(), &server.url()).await.unwrap();
        assert_eq!(reply.head.status, 302, "the redirect itself is the answer");
        assert!(reply.head.redirect_host.is_some());
    }
    assert!(other.heads().is_empty(), "{:?}", other.heads());
}

#[tokio::test]
async fn to_the_encrypted_side_of_the_host_but_not_back() {
    let authority = Authority::new();
    let identity = authority.signs("localhost", |_| {});
    let encrypted = Server::https(identity.config(&[]), |_| Answer::ok()).await;
    let target = encrypted.tls_url("localhost");
    let plain = Server::http(move |_| to(&target)).await;
    let pool = pool_trusting(authority.roots());
    let plain_url = format!("http://localhost:{}", plain.address.port());
    assert_eq!(get(&pool, &plain_url).await.unwrap().head.status, 200);
    assert!(encrypted.heads()[0].contains("x-token: canary"));

    let downgrading = Server::https(identity.config(&[]), move |_| to(&plain_url)).await;
    let asked = plain.heads().len();
    assert_eq!(get(&pool, &downgrading.tls_url("localhost")).await.unwrap().head.status, 302);
    assert_eq!(plain.heads().len(), asked);
}

#[tokio::test]
async fn a_circle_ends() {
    let server = Server::http(|_| to("/thing")).await;
    assert_eq!(get(&pool(), &server.url()).await.unwrap().head.status, 302);
    assert_eq!(server.heads().len(), 6, "the request and five redirects");
}
