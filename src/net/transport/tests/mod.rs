//! The transport over real sockets of this machine.
#![allow(clippy::unwrap_used, reason = "tests")]

mod bodies;
mod cache;
mod generations;
mod patience;
mod proxies;
mod redirects;
mod server;
mod trust;

use secrecy::SecretString;

use super::TlsSetup;
use crate::models::ServerUrl;
use crate::net::{ApiClient, Call, HttpPool, NetError, Reply};

/// A pool that trusts these issuers and asks nobody for proxies.
fn pool_trusting(roots: rustls::RootCertStore) -> HttpPool {
    let pool = HttpPool::with_tls(TlsSetup::with_roots(roots)).unwrap();
    pool.set_proxy(super::ProxyChoice::None);
    pool
}

fn pool() -> HttpPool {
    pool_trusting(rustls::RootCertStore::empty())
}

/// A client with a token, at an address.
fn client(pool: &HttpPool, base: &str) -> ApiClient {
    let base: ServerUrl = base.parse().unwrap();
    ApiClient::new(pool, base).with_header("x-token", &SecretString::from("canary")).unwrap()
}

async fn get(pool: &HttpPool, base: &str) -> Result<Reply, NetError> {
    client(pool, base).exchange(Call::get("/thing")).await
}
