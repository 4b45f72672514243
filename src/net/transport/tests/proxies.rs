//! Through proxies, and past those that are down.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use url::Url;

use super::server::{Answer, Authority, Server, Then};
use super::{get, pool, pool_trusting};
use crate::net::{ErrorKind, ProxyAddress, ProxyChoice, ProxyCredentials, ProxyResolver, ProxyRoute};

/// Nothing listens there.
const DEAD: &str = "http://127.0.0.1:1";

fn address(text: &str) -> ProxyAddress {
    text.parse().unwrap()
}

fn with_credentials(proxy: &Server) -> ProxyChoice {
    let credentials = ProxyCredentials { user: "ana".to_owned(), password: "secret".to_owned().into() };
    ProxyChoice::Manual(address(&proxy.url()).with_credentials(credentials))
}

/// `ana:secret`
const AUTHORIZATION: &str = "proxy-authorization: basic yw5honnly3jlda==";

#[tokio::test]
async fn a_plain_request_goes_through_the_proxy_with_its_credentials() {
    let proxy = Server::http(|_| Answer::ok()).await;
    let pool = pool();
    pool.set_proxy(with_credentials(&proxy));
    assert_eq!(get(&pool, "http://server.example").await.unwrap().head.status, 200);
    let head = &proxy.heads()[0];
    assert!(head.starts_with("get http://server.example/thing"), "{head}");
    assert!(head.contains(AUTHORIZATION), "{head}");
    assert_eq!(pool.stats().through_proxy, 1);
}

#[tokio::test]
async fn an_encrypted_one_goes_through_a_tunnel_and_the_proxy_sees_nothing_of_it() {
    let authority = Authority::new();
    let identity = authority.signs("server.example", |_| {});
    let server = Server::https(identity.config(&[]), |_| Answer::ok()).await;
    let target = server.address;
    let proxy = Server::http(move |_| Answer::raw("HTTP/1.1 200 OK\r\n\r\n", Then::Tunnel(target))).await;
    let pool = pool_trusting(authority.roots());
    pool.set_proxy(with_credentials(&proxy));
    assert_eq!(get(&pool, "https://server.example").await.unwrap().head.status, 200);
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("connect server.example:443") && heads[0].contains(AUTHORIZATION),
        "{heads:?}"
    );
    assert!(!heads.concat().contains("canary"));
    assert!(server.heads()[0].contains("x-token: canary"));
    assert!(!server.heads()[0].contains("proxy-authorization"));
}

#[tokio::test]
async fn a_proxy_that_is_down_is_told_apart_from_a_server_that_is() {
    let pool = pool();
    let refused = get(&pool, DEAD).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Refused);
    pool.set_proxy(ProxyChoice::Manual(address(DEAD)));
    for url in ["http://server.example", "https://server.example"] {
        let refused = get(&pool, url).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Proxy, "{url}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_says_so() {
    let proxy =
        Server::http(|_| Answer::new(407, "proxy-authenticate: Basic\r\nconnection: close\r\n", "")).await;
    let pool = pool();
    pool.set_proxy(ProxyChoice::Manual(address(&proxy.url())));
    let error = get(&pool, "http://server.example").await.unwrap_err();
    assert_eq!((error.status, error.kind), (Some(407), ErrorKind::ProxyAuthentication));
    // Of a tunnel the library keeps the status, and gives its own kind of error.
    let error = get(&pool, "https://server.example").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ProxyAuthentication);
}

#[tokio::test]
async fn a_tunnel_that_fails_otherwise_is_no_matter_of_passwords() {
    for refusal in ["HTTP/1.1 403 X\r\n\r\n", "HTTP/1.1 502 X\r\n\r\n", "nonsense\r\n\r\n"] {
        let proxy = Server::http(move |_| Answer::raw(refusal, Then::Close)).await;
        let pool = pool();
        pool.set_proxy(ProxyChoice::Manual(address(&proxy.url())));
        let error = get(&pool, "https://server.example").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Proxy, "{refusal}");
    }
}

#[tokio::test]
async fn a_certificate_behind_a_proxy_is_the_servers_matter() {
    let identity = Authority::new().signs("server.example", |_| {});
    let server = Server::https(identity.config(&[]), |_| Answer::ok()).await;
    let target = server.address;
    let proxy = Server::http(move |_| Answer::raw("HTTP/1.1 200 OK\r\n\r\n", Then::Tunnel(target))).await;
    let pool = pool();
    pool.set_proxy(ProxyChoice::Manual(address(&proxy.url())));
    let error = get(&pool, "https://server.example").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TlsCertificate);
    let url = "https://server.example".parse().unwrap();
    let facts = crate::net::inspect_certificate(&pool, &url).await.unwrap();
    assert_eq!(
        (facts.host.as_str(), facts.names.as_slice()),
        ("server.example", &["server.example".to_owned()][..])
    );
}

#[derive(Default)]
struct System {
    routes: Vec<ProxyRoute>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl ProxyResolver for System {
    async fn resolve(&self, origin: &Url) -> Vec<ProxyRoute> {
        self.asked.lock().unwrap().push(origin.to_string());
        self.routes.clone()
    }
}

#[tokio::test]
async fn the_systems_ways_are_tried_in_order_and_remembered() {
    let proxy = Server::http(|_| Answer::ok()).await;
    let system = System {
        routes: vec![ProxyRoute::Through(address(DEAD)), ProxyRoute::Through(address(&proxy.url()))],
        ..System::default()
    };
    let asked = Arc::clone(&system.asked);
    let pool = pool();
    pool.set_proxy(ProxyChoice::System);
    pool.set_proxy_resolver(Arc::new(system));
    get(&pool, "http://server.example:8096").await.unwrap();
    get(&pool, "http://server.example:8096").await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["http://server.example:8096/"], "once, and nothing but the origin");
    get(&pool, &Server::http(|_| Answer::ok()).await.url()).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1, "this machine is not the proxy's matter");
    assert_eq!(proxy.heads().len(), 2);
}

#[tokio::test]
async fn names_that_say_their_address_never_go_through_a_proxy() {
    let pool = pool();
    pool.set_proxy(ProxyChoice::Manual(address(DEAD)));
    let server = Server::http(|_| Answer::ok()).await;
    let name = "127-0-0-1.0123456789abcdef0123456789abcdef.plex.direct";
    let url = format!("http://{name}:{}", server.address.port());
    assert_eq!(get(&pool, &url).await.unwrap_err().kind, ErrorKind::Proxy);
    assert_eq!(get(&pool.resolving_locally(), &url).await.unwrap().head.status, 200);
}

#[tokio::test]
async fn no_secret_shows() {
    let pool = pool();
    pool.set_proxy(with_credentials(&Server::http(|_| Answer::ok()).await));
    let shown = format!("{pool:?} {:?}", with_credentials(&Server::http(|_| Answer::ok()).await));
    assert!(!shown.contains("secret") && !shown.contains("ana"), "{shown}");
}
