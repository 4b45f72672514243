//! What may arrive at a socket that asked for servers.

use std::net::UdpSocket;
use std::time::Duration;

use futures::StreamExt as _;
use gnome_reel::services::DiscoveryService;
use gnome_reel::services::discovery::{Discovered, MOST_PER_SENDER, USUAL_LENGTH};
use reel_testbed::discovery::{Announcement, Manner, Responder};

use crate::support::{Bed, soon};

fn attic(address: &str) -> Announcement {
    let [id, name, address] = ["4f3a", "Attic", address].map(str::to_owned);
    Announcement::Jellyfin { id, name, address }
}

fn cellar() -> Announcement {
    Announcement::Plex { id: "9c11".to_owned(), name: "Cellar".to_owned(), port: 32400, hash: None }
}

/// What is found of a responder in a manner until a condition holds.
async fn found(
    announcement: Announcement,
    manner: Manner,
    enough: impl Fn(&[Discovered]) -> bool,
) -> Vec<Discovered> {
    let responder = Responder::start(announcement).await.unwrap();
    responder.set_manner(manner);
    let mut bed = Bed::new().await;
    bed.ctx.discovery = responder.target().parse().unwrap();
    let mut answers = std::pin::pin!(DiscoveryService::search(&bed.ctx, Duration::MAX));
    let mut found = Vec::new();
    while !enough(&found) {
        found.push(soon(answers.next()).await.unwrap());
    }
    found
}

#[tokio::test]
async fn garbage_and_the_largest_datagram_are_passed_over() {
    for manner in [Manner::Garbage, Manner::Huge] {
        for (announcement, name) in [(attic("http://127.0.0.1:8096"), "Attic"), (cellar(), "Cellar")] {
            let found = found(announcement, manner, |found| !found.is_empty()).await;
            assert_eq!(found[0].name, name, "{manner:?}");
        }
    }
}

#[tokio::test]
async fn a_sender_of_hundreds_of_servers_is_believed_a_few() {
    for announcement in [attic("http://127.0.0.1:8096"), cellar()] {
        let responder = Responder::start(announcement).await.unwrap();
        responder.set_manner(Manner::Many(300));
        let mut bed = Bed::new().await;
        bed.ctx.discovery = responder.target().parse().unwrap();
        let found: Vec<_> = DiscoveryService::search(&bed.ctx, USUAL_LENGTH).collect().await;
        assert_eq!(found.len(), MOST_PER_SENDER);
    }
}

#[tokio::test]
async fn what_a_name_does_to_a_terminal_is_left_out() {
    let name = "\u{1b}]0;owned\u{7}At\u{202e}tic\n\"quoted\", ünïcode".to_owned();
    let [id, address] = ["4f3a", "http://127.0.0.1:8096"].map(str::to_owned);
    let found =
        found(Announcement::Jellyfin { id, name, address }, Manner::Proper, |found| !found.is_empty()).await;
    assert_eq!(found[0].name, "]0;ownedAttic\"quoted\", ünïcode");
}

#[tokio::test]
async fn an_address_that_is_none_leaves_only_the_senders() {
    let with_password = ["http://user:", "secret@169.254.1.1:8096?api_key=x"].concat();
    for address in ["http://0.0.0.0:8096", &with_password] {
        let found = found(attic(address), Manner::Proper, |found| !found.is_empty()).await;
        let uris: Vec<&str> = found[0].addresses.iter().map(gnome_reel::models::ServerUrl::as_str).collect();
        assert_eq!(uris, ["http://127.0.0.1:8096"], "{address}");
    }
}

#[tokio::test]
async fn a_flood_does_not_keep_the_search_from_ending() {
    let victim = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut bed = Bed::new().await;
    bed.ctx.discovery = format!("jellyfin={}", victim.local_addr().unwrap()).parse().unwrap();
    let flood = std::thread::spawn(move || {
        let mut buffer = [0; 64];
        let (_, asker) = victim.recv_from(&mut buffer).unwrap();
        // Until nobody listens there any more, or long after.
        (0..200_000).take_while(|_| victim.send_to(b"{\"Id\":", asker).is_ok()).count()
    });
    let found =
        soon(DiscoveryService::search(&bed.ctx, Duration::from_millis(300)).collect::<Vec<_>>()).await;
    assert!(found.is_empty());
    assert!(flood.join().unwrap() > 0);
}
