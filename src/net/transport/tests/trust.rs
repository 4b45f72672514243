//! Who is believed to be the server.

use super::server::{Answer, Authority, Identity, Server};
use super::{get, pool, pool_trusting};
use crate::net::{ErrorKind, HttpPool, KeyPin, Reason, Trust, inspect_certificate};

const PLEX: &str = "127-0-0-1.0123456789abcdef0123456789abcdef.plex.direct";

async fn server(identity: &Identity) -> Server {
    Server::https(identity.config(&[]), |_| Answer::ok()).await
}

fn pin(identity: &Identity) -> KeyPin {
    KeyPin::of(&identity.certificate).unwrap()
}

async fn reason(pool: &HttpPool, url: &str) -> Reason {
    inspect_certificate(pool, &url.parse().unwrap()).await.unwrap().reason
}

#[tokio::test]
async fn the_platforms_store_is_enough_and_http2_is_agreed_on() {
    let authority = Authority::new();
    let identity = authority.signs("localhost", |_| {});
    let server = Server::https(identity.config(&[b"h2", b"http/1.1"]), |_| Answer::ok()).await;
    let pool = pool_trusting(authority.roots());
    let url = server.tls_url("localhost");
    assert_eq!(get(&pool, &url).await.unwrap().head.status, 200);
    assert_eq!(get(&pool, &url).await.unwrap().head.status, 200);
    let stats = pool.stats();
    assert_eq!((stats.http2, stats.http1, stats.opened, stats.reused), (2, 0, 1, 1));
    assert!(server.heads()[0].starts_with("HTTP/2"), "{:?}", server.heads());
    assert_eq!(reason(&pool, &url).await, Reason::Trusted);
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_shown_and_then_accepted() {
    let identity = Identity::self_signed("localhost");
    let server = server(&identity).await;
    let (pool, url) = (pool(), server.tls_url("localhost"));

    let error = get(&pool, &url).await.unwrap_err();
    assert_eq!(
        (error.kind, error.detail()),
        (ErrorKind::TlsCertificate, "the issuer of the certificate is not known")
    );

    let facts = inspect_certificate(&pool, &url.parse().unwrap()).await.unwrap();
    assert_eq!(
        (facts.reason, facts.host.as_str(), facts.key),
        (Reason::SelfSigned, "localhost", pin(&identity))
    );
    assert_eq!(facts.names, ["localhost"]);
    assert!(server.heads().is_empty(), "no byte of a request before the user's word");

    let trusting = pool.for_trust(Trust::accepting(["localhost"], [(facts.host, facts.key)]));
    assert_eq!(get(&trusting, &url).await.unwrap().head.status, 200);
    assert!(get(&pool, &url).await.is_err(), "other sources do not trust it");
    let elsewhere = get(&trusting, &server.tls_url("127.0.0.1")).await.unwrap_err();
    assert_eq!(elsewhere.kind, ErrorKind::TlsCertificate, "a host that is not of the source");
}

#[tokio::test]
async fn a_changed_key_fails_hard_with_its_own_text() {
    let server = server(&Identity::self_signed("localhost")).await;
    let before = pin(&Identity::self_signed("localhost"));
    let pool = pool().for_trust(Trust::accepting(["localhost", "127.0.0.1"], [("localhost", before)]));
    let url = server.tls_url("localhost");
    let error = get(&pool, &url).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TlsCertificate);
    assert_eq!(error.detail(), "the key of the server is not the one that was accepted");
    assert_eq!(reason(&pool, &url).await, Reason::Changed);
    assert!(server.heads().is_empty());
}

#[tokio::test]
async fn a_certificate_without_its_key_is_worth_nothing() {
    let victim = Identity::self_signed("localhost");
    let thief = Identity { certificate: victim.certificate.clone(), key: Identity::self_signed("x").key };
    let server = server(&thief).await;
    let url = server.tls_url("localhost");
    let pool = pool().for_trust(Trust::accepting(["localhost"], [("localhost", pin(&victim))]));
    assert!(
        get(&pool, &url).await.is_err(),
        "signatures of the handshake are checked for accepted keys, too"
    );
    assert!(inspect_certificate(&pool, &url.parse().unwrap()).await.is_err(), "nothing to accept");
    assert!(server.heads().is_empty());
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_reason() {
    let authority = Authority::new();
    let trusting = pool_trusting(authority.roots());
    let past =
        |identity: &mut rcgen::CertificateParams| identity.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let future =
        |identity: &mut rcgen::CertificateParams| identity.not_before = rcgen::date_time_ymd(4000, 1, 1);
    for (identity, expected) in [
        (authority.signs("localhost", past), Reason::Expired),
        (authority.signs("localhost", future), Reason::NotYetValid),
        (authority.signs("other.example", |_| {}), Reason::WrongName),
        (Authority::named("Stranger").signs("localhost", |_| {}), Reason::UnknownIssuer),
    ] {
        let server = server(&identity).await;
        let url = server.tls_url("localhost");
        assert_eq!(reason(&trusting, &url).await, expected);
        let error = get(&trusting, &url).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TlsCertificate, "{expected:?}");
        assert!(!error.detail().contains("localhost") && !error.detail().contains("example"), "{error}");
    }
}

#[tokio::test]
async fn names_of_plex_are_resolved_by_themselves_and_never_pinned() {
    let authority = Authority::new();
    let good = server(&authority.signs(PLEX, |_| {})).await;
    let pool = pool_trusting(authority.roots()).resolving_locally();
    assert_eq!(get(&pool, &good.tls_url(PLEX)).await.unwrap().head.status, 200, "the name stays in TLS");
    assert!(good.heads()[0].contains(&format!("host: {PLEX}:")), "{:?}", good.heads());

    let identity = Identity::self_signed(PLEX);
    let pinned = server(&identity).await;
    let trusting = pool.for_trust(Trust::accepting([PLEX], [(PLEX, pin(&identity))]));
    let error = get(&trusting, &pinned.tls_url(PLEX)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TlsCertificate);
}

#[tokio::test]
async fn no_certificate_is_no_fact() {
    let plain = Server::chatty().await;
    let inspect =
        async |url: String| inspect_certificate(&pool(), &url.parse().unwrap()).await.unwrap_err().kind;
    assert_eq!(inspect(plain.tls_url("localhost")).await, ErrorKind::TlsProtocol, "plain HTTP answers");
    assert_eq!(inspect(plain.url()).await, ErrorKind::Invalid);
    assert_eq!(inspect("https://127.0.0.1:1".to_owned()).await, ErrorKind::Refused);
}
