//! Which addresses are learnt, and which may get a credential.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::models::{MachineId, SourceKind, Tier};

const HASH: &str = "0123456789abcdef0123456789abcdef";
const OTHER_HASH: &str = "ffffffffffffffffffffffffffffffff";

fn network() -> [Interface; 1] {
    [Interface { address: Ipv4Addr::new(192, 168, 1, 7), prefix: 24, broadcasts: true }]
}

fn connection(uri: &str) -> ServerConnection {
    ServerConnection::new(uri.parse().unwrap(), Tier::Local)
}

fn typed(uri: &str) -> ServerConnection {
    ServerConnection { typed: true, ..connection(uri) }
}

fn list(connections: &[ServerConnection]) -> ConnectionList {
    ConnectionList { connections: connections.to_vec(), last_check: None }
}

fn found(addresses: &[&str]) -> Discovered {
    Discovered {
        kind: SourceKind::Plex,
        machine_id: MachineId::new("a"),
        name: "Attic".to_owned(),
        addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        sender: Ipv4Addr::new(192, 168, 1, 20).into(),
    }
}

/// How an address is learnt by a source with these connections.
fn learnt(connections: &[ServerConnection], address: &str) -> Option<Learnt> {
    let mut list = list(connections);
    assert!(merge(&mut list, &found(&[address]), &network()));
    list.connections.last().unwrap().learnt
}

#[test]
fn without_encryption_the_network_of_a_chosen_address_is_covered() {
    let cases = [
        (typed("http://192.168.1.20:8096"), Some(Learnt::Covered)),
        (
            ServerConnection { accepted: true, ..connection("http://192.168.1.20:8096") },
            Some(Learnt::Covered),
        ),
        (connection("http://192.168.1.20:8096"), Some(Learnt::Unproven)),
        (typed("https://192.168.1.20:8920"), Some(Learnt::Unproven)),
        (typed("http://192.168.2.20:8096"), Some(Learnt::Unproven)),
        (typed("http://203.0.113.5:8096"), Some(Learnt::Unproven)),
        (typed("http://attic.lan:8096"), Some(Learnt::Unproven)),
    ];
    for (known, expected) in cases {
        let told = format!("{} chosen: {}", known.uri, known.is_chosen());
        assert_eq!(learnt(&[known], "http://192.168.1.50:8096"), expected, "{told}");
    }
    let chosen = [typed("http://192.168.1.20:8096")];
    for elsewhere in
        ["http://192.168.2.50:8096", "http://203.0.113.5:8096", "http://evil.example", "http://[fd00::1]:1"]
    {
        assert_eq!(learnt(&chosen, elsewhere), Some(Learnt::Unproven), "{elsewhere}");
    }
}

#[test]
fn encryption_alone_covers_nothing() {
    let direct = |ip: &str, hash: &str| format!("https://{ip}.{hash}.plex.direct:32400");
    let known = [connection(&direct("192-168-1-20", HASH)), typed("https://media.example")];
    for (address, expected) in [
        ("https://evil.example".to_owned(), Learnt::Unproven),
        ("https://media.example.evil.example".to_owned(), Learnt::Unproven),
        ("https://media.example:8920/jf".to_owned(), Learnt::Covered),
        (direct("192-168-1-50", HASH), Learnt::Covered),
        (direct("192-168-1-50", OTHER_HASH), Learnt::Unproven),
    ] {
        assert_eq!(learnt(&known, &address), Some(expected), "{address}");
    }
}

#[test]
fn what_was_learnt_covers_nothing_else() {
    let mut list = list(&[connection("https://known.example")]);
    assert!(merge(&mut list, &found(&["https://evil.example", "https://evil.example:444"]), &network()));
    let hash = format!("https://192-168-1-50.{OTHER_HASH}.plex.direct:32400");
    assert!(merge(&mut list, &found(&[&hash, &hash.replace("-50", "-51")]), &network()));
    assert!(list.connections[1..].iter().all(|known| known.learnt == Some(Learnt::Unproven)), "{list:?}");
}

#[test]
fn only_what_is_new_is_a_change() {
    let mut list = list(&[typed("http://192.168.1.20:8096")]);
    assert!(!merge(&mut list, &found(&["http://192.168.1.20:8096"]), &network()));
    let moved = found(&["http://192.168.1.50:8096"]);
    assert!(merge(&mut list, &moved, &network()));
    let after = list.clone();
    assert!(!merge(&mut list, &moved, &network()));
    assert_eq!(list, after);
    assert!(list.connections[1].tier() == Tier::Local && !list.connections[1].is_chosen());
}

#[test]
fn what_was_unproven_can_become_covered_and_not_the_other_way() {
    let mut list = list(&[connection("https://known.example")]);
    let moved = found(&["http://192.168.1.50:8096"]);
    assert!(merge(&mut list, &moved, &network()));
    assert!(!list.connections[1].may_carry_credentials());
    list.connections.push(typed("http://192.168.1.20:8096"));
    assert!(merge(&mut list, &moved, &network()));
    assert!(list.connections[1].may_carry_credentials());
    assert!(!merge(&mut list, &moved, &[]), "on another network");
    assert!(list.connections[1].may_carry_credentials());
}

#[test]
fn a_source_learns_a_few_addresses_and_keeps_what_works() {
    let mut list = list(&[typed("http://192.168.1.20:8096")]);
    let address = |n: usize| format!("http://192.168.1.{n}:8096");
    for n in 100..200 {
        assert!(merge(&mut list, &found(&[&address(n)]), &network()));
    }
    assert_eq!(list.connections.len(), 1 + MOST_LEARNT);
    assert!(list.connections[0].typed);
    assert_eq!(list.connections.last().unwrap().uri.as_str(), address(199));
    for known in &mut list.connections {
        known.is_available = true;
    }
    assert!(!merge(&mut list, &found(&[&address(201)]), &network()), "those that answer stay");
    list.connections[3].is_available = false;
    list.connections[3].pinned = true;
    assert!(!merge(&mut list, &found(&[&address(201)]), &network()), "a wanted one stays");
    list.connections[3].pinned = false;
    assert!(merge(&mut list, &found(&[&address(201)]), &network()));
}
