//! What a client that trusts the test authority makes of every certificate.

use super::Served;
use crate::connection::{Connection, ConnectionPlan, Reach};
use crate::faults::Fault;
use crate::jellyfin::JellyfinServer;
use crate::plex::PlexServer;
use reqwest::{Certificate, Client, StatusCode, Version};
use std::error::Error;
use std::time::Duration;
use tokio::time::timeout;

/// How long to see that nothing comes.
const SHORTLY: Duration = Duration::from_millis(150);

fn plan() -> ConnectionPlan {
    ConnectionPlan::new("lan", Reach::Local).tls()
}

fn client(authority: &super::Authority) -> Client {
    let authority = Certificate::from_pem(authority.pem().as_bytes()).unwrap();
    Client::builder().tls_certs_only([authority]).build().unwrap()
}

/// The whole chain of an error, as the classification of an app would walk it.
fn chain(error: &reqwest::Error) -> String {
    let first: &dyn Error = error;
    let chain = std::iter::successors(Some(first), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn identity(client: &Client, connection: &Connection) -> Result<StatusCode, String> {
    let answer = client.get(format!("{}/identity", connection.uri())).send().await;
    answer.map(|answer| answer.status()).map_err(|error| chain(&error))
}

#[tokio::test]
async fn every_bad_certificate_is_refused_for_its_own_reason() {
    let server = PlexServer::builder().connection(plan()).start().await.unwrap();
    let (lan, authority) = (server.connection("lan").unwrap(), server.authority().unwrap());
    assert!(lan.uri().starts_with("https://127.0.0.1:"));
    assert_eq!(identity(&client(authority), lan).await, Ok(StatusCode::OK));
    for (served, reason) in [
        (Served::SelfSigned(1), "UnknownIssuer"),
        (Served::Expired, "expired"),
        (Served::OtherName, "not valid for name"),
        (Served::Plain, "corrupt"),
    ] {
        lan.serve(served);
        let error = identity(&client(authority), lan).await.unwrap_err();
        let known = error.to_lowercase().contains(&reason.to_lowercase());
        assert!(
            known || served == Served::SelfSigned(1) && error.contains("certificate"),
            "{served:?}: {error}"
        );
    }
    let plain = lan.uri().replace("https", "http");
    assert_eq!(Client::new().get(format!("{plain}/identity")).send().await.unwrap().status(), 200);
    lan.on();
    assert_eq!(identity(&client(authority), lan).await, Ok(StatusCode::OK));
    assert_eq!(lan.requests().len(), 3, "no request was sent over a bad certificate");
}

#[tokio::test]
async fn a_self_signed_certificate_stays_until_another_is_chosen() {
    let server = JellyfinServer::builder().connection(plan()).start().await.unwrap();
    let lan = server.connection("lan").unwrap();
    let shown = |number| {
        lan.serve(Served::SelfSigned(number));
        lan.certificate().unwrap()
    };
    let (first, second, again) = (shown(1), shown(2), shown(1));
    assert_ne!(first, second);
    assert_eq!(first, again);
}

#[tokio::test]
async fn servers_may_share_an_authority() {
    let authority = super::Authority::new().unwrap();
    let plex = PlexServer::builder().connection(plan()).authority(&authority).start().await.unwrap();
    let host = plan().host("localhost");
    let jellyfin = JellyfinServer::builder().connection(host).authority(&authority).start().await.unwrap();
    let client = client(&authority);
    assert_eq!(identity(&client, plex.connection("lan").unwrap()).await, Ok(StatusCode::OK));
    let url = format!("{}/System/Info/Public", jellyfin.base_url());
    assert!(url.starts_with("https://localhost:"));
    assert_eq!(client.get(url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_address_may_offer_http2_and_still_freezes_and_breaks() {
    let server = PlexServer::builder().connection(plan().http2()).start().await.unwrap();
    let lan = server.connection("lan").unwrap();
    let client = client(server.authority().unwrap());
    let url = format!("{}/identity", lan.uri());
    assert_eq!(client.get(&url).send().await.unwrap().version(), Version::HTTP_2);
    lan.fault_times("/", Fault::Close, 1);
    assert!(client.get(&url).send().await.is_err());
    client.get(&url).send().await.unwrap();
    lan.freeze_open();
    assert!(timeout(SHORTLY, client.get(&url).send()).await.is_err());
    assert_eq!(lan.accepted(), 2, "the request waits on the socket that froze");
}
