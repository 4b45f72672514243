//! What a client sees of every link. "Nothing comes" is waited for only shortly: a slow machine cannot make
//! something come.

use super::{Connection, ConnectionPlan, Link, Reach};
use crate::jellyfin::JellyfinServer;
use crate::plex::PlexServer;
use reqwest::{Client, StatusCode};
use std::io::ErrorKind;
use std::net::Ipv6Addr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// How long to see that nothing comes.
const SHORTLY: Duration = Duration::from_millis(150);
/// Only a hang takes longer.
const CEILING: Duration = Duration::from_mins(1);

async fn plex(plan: ConnectionPlan) -> (PlexServer, Connection) {
    let server = PlexServer::builder().connection(plan).start().await.unwrap();
    let connection = server.switches().next().unwrap().clone();
    (server, connection)
}

fn lan() -> ConnectionPlan {
    ConnectionPlan::new("lan", Reach::Local)
}

async fn identity(client: &Client, connection: &Connection) -> reqwest::Result<StatusCode> {
    let url = format!("{}/identity", connection.uri());
    let answer = timeout(CEILING, client.get(url).send()).await.expect("it ended")?;
    let status = answer.status();
    // The body too, so that the socket goes back to the pool.
    answer.bytes().await.map(|_| status)
}

/// Whether a request gets no answer for a while.
async fn hangs(client: &Client, connection: &Connection) -> bool {
    let url = format!("{}/identity", connection.uri());
    timeout(SHORTLY, client.get(url).send()).await.is_err()
}

#[tokio::test]
async fn an_address_that_is_off_refuses_and_comes_back_at_its_port() {
    let (_server, lan) = plex(lan()).await;
    let client = Client::new();
    assert_eq!(identity(&client, &lan).await.unwrap(), 200);
    for _ in 0..3 {
        lan.off();
        assert_eq!(lan.link(), Link::Refused);
        let refused = TcpStream::connect(lan.address()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert!(identity(&client, &lan).await.is_err(), "the pooled socket is dead too");
        lan.on();
        assert_eq!(identity(&client, &lan).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn a_port_that_is_off_stays_taken_until_the_server_ends() {
    let (server, lan) = plex(lan()).await;
    lan.off();
    let other = TcpSocket::new_v4().unwrap();
    assert!(other.bind(lan.address()).is_err());
    let second = ConnectionPlan::new("second", Reach::Local).port(lan.address().port());
    lan.on();
    assert!(PlexServer::builder().connection(second).start().await.is_err());
    drop(server);
    lan.on();
    let refused = TcpStream::connect(lan.address()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert!(std::net::TcpListener::bind(lan.address()).is_ok());
}

#[tokio::test]
async fn a_silent_address_accepts_and_answers_when_it_is_back() {
    let (_server, lan) = plex(lan()).await;
    let client = Client::new();
    identity(&client, &lan).await.unwrap();
    lan.set_link(Link::Silent);
    assert!(hangs(&client, &lan).await, "the pooled socket is silent");
    assert!(hangs(&Client::new(), &lan).await, "a new one too");
    let mut fresh = TcpStream::connect(lan.address()).await.unwrap();
    fresh.write_all(b"GET /identity HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut byte = [0];
    assert!(timeout(SHORTLY, fresh.read(&mut byte)).await.is_err());
    lan.on();
    assert_eq!(timeout(CEILING, fresh.read(&mut byte)).await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn a_black_hole_does_not_even_accept() {
    let six = lan().at(Ipv6Addr::LOCALHOST);
    for plan in [lan(), six] {
        let (_server, lan) = plex(plan).await;
        let client = Client::new();
        assert_eq!(identity(&client, &lan).await.unwrap(), 200);
        lan.set_link(Link::BlackHole);
        assert!(timeout(SHORTLY, TcpStream::connect(lan.address())).await.is_err());
        assert!(hangs(&client, &lan).await, "the pooled socket is silent");
        lan.on();
        assert_eq!(identity(&Client::new(), &lan).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn an_address_that_resets_does_so_to_new_and_open_sockets() {
    let (_server, lan) = plex(lan()).await;
    let mut open = TcpStream::connect(lan.address()).await.unwrap();
    identity(&Client::new(), &lan).await.unwrap();
    lan.set_link(Link::Reset);
    let mut fresh = TcpStream::connect(lan.address()).await.unwrap();
    for stream in [&mut open, &mut fresh] {
        let met = timeout(CEILING, stream.read(&mut [0])).await.unwrap();
        assert_eq!(met.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn only_open_sockets_freeze_or_break() {
    let (_server, lan) = plex(lan()).await;
    let pooled = Client::new();
    identity(&pooled, &lan).await.unwrap();
    lan.freeze_open();
    assert!(hangs(&pooled, &lan).await);
    assert_eq!(identity(&Client::new(), &lan).await.unwrap(), 200);
    let mut open = TcpStream::connect(lan.address()).await.unwrap();
    // Another request makes sure that the one before was accepted.
    identity(&Client::new(), &lan).await.unwrap();
    lan.reset_open();
    let met = timeout(CEILING, open.read(&mut [0])).await.unwrap();
    assert_eq!(met.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(identity(&Client::new(), &lan).await.unwrap(), 200);
}

#[tokio::test]
async fn distance_costs_a_round_trip_a_turn() {
    const ROUND_TRIP: Duration = Duration::from_millis(120);
    let (_server, lan) = plex(lan()).await;
    lan.set_round_trip(ROUND_TRIP);
    let client = Client::new();
    let mut took = Vec::new();
    for _ in 0..2 {
        let start = Instant::now();
        identity(&client, &lan).await.unwrap();
        took.push(start.elapsed());
    }
    assert!(took[0] >= 2 * ROUND_TRIP, "handshake and request: {took:?}");
    assert!(took[1] >= ROUND_TRIP, "only the request: {took:?}");
    assert!(took[1] < took[0], "{took:?}");
    assert_eq!(lan.accepted(), 1);
}

#[tokio::test]
async fn a_flapping_address_comes_and_goes_until_it_is_switched() {
    let (_server, lan) = plex(lan()).await;
    lan.flap(Duration::from_millis(20));
    let watch = async {
        let mut seen = Vec::new();
        while seen.len() < 4 {
            let open = TcpStream::connect(lan.address()).await.is_ok();
            if seen.last() != Some(&open) {
                seen.push(open);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(CEILING, watch).await.unwrap();
    lan.off();
    let end = Instant::now() + SHORTLY;
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(lan.link(), Link::Refused);
    }
}

#[tokio::test]
async fn connections_of_a_server_are_switched_apart() {
    let builder = JellyfinServer::builder().base_path("/jf").connection(lan());
    let away = ConnectionPlan::new("wan", Reach::Remote).at([127, 0, 0, 2]);
    let server = builder.connection(away).start().await.unwrap();
    server.connection("lan").unwrap().off();
    let reached: Vec<bool> =
        futures::future::join_all(server.base_urls().into_iter().map(|url| async move {
            Client::new().get(format!("{url}/System/Info/Public")).send().await.is_ok()
        }))
        .await;
    assert_eq!(reached, [false, true]);
    let wan = server.connection("wan").unwrap();
    assert!(wan.uri().starts_with("http://127.0.0.2:"));
    assert_eq!(wan.requests().len(), 1);
    assert!(server.connection("lan").unwrap().requests().is_empty());
    assert!(wan.bytes_sent() > 0);
}
