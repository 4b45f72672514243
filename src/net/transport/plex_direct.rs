//! Names below `plex.direct`: they say the address that they stand for.
//!
//! `192-168-1-20.HASH.plex.direct` is a public name for a private address, so that a server at home can have a
//! certificate. Routers that protect against DNS rebinding refuse such answers; the address in the name makes
//! the question unnecessary. The name stays what TLS checks, so that a wrong address harms nobody.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What every such name ends in.
const SUFFIX: &str = ".plex.direct";
/// Hexadecimal digits of the label that belongs to the server.
const HASH_LENGTH: usize = 32;

/// The address that a `plex.direct` name stands for. Strict: one label of an address with dashes, one label of 32
/// hexadecimal digits, and nothing else; and only addresses of one host.
pub fn plex_direct_address(host: &str) -> Option<IpAddr> {
    let host = host.to_ascii_lowercase();
    let (label, hash) = host.strip_suffix(SUFFIX)?.split_once('.')?;
    let is_hash = hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let made_of = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    if !is_hash || !label.bytes().all(made_of) {
        return None;
    }
    let v4 = label.replace('-', ".").parse::<Ipv4Addr>().map(IpAddr::V4);
    let address = v4.or_else(|_| label.replace('-', ":").parse::<Ipv6Addr>().map(IpAddr::V6)).ok()?;
    stands_for_a_host(address).then_some(address)
}

fn stands_for_a_host(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(address.is_unspecified() || address.is_multicast() || is_broadcast)
}

/// Whether a host belongs to Plex itself: its certificates are always checked by the platform, never by a pin.
pub(super) fn is_of_plex(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    ["plex.tv", "plex.direct"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef";

    fn address(label: &str) -> Option<String> {
        plex_direct_address(&format!("{label}.{HASH}.plex.direct")).map(|address| address.to_string())
    }

    #[test]
    fn the_first_label_is_the_address() {
        assert_eq!(address("192-168-1-20").unwrap(), "192.168.1.20");
        assert_eq!(address("2001-db8-0-0-1-2-3-4").unwrap(), "2001:db8::1:2:3:4");
        assert_eq!(address("fd00--5").unwrap(), "fd00::5");
        let shouted = format!("10-0-0-1.{}.PLEX.DIRECT", HASH.to_uppercase());
        assert_eq!(plex_direct_address(&shouted), Some("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn nothing_else_is_an_address() {
        for label in [
            "",
            "attic",
            "192-168-1",
            "192-168-1-256",
            "192-168-1-1-1",
            "192-168-01-1",
            "0-0-0-0",
            "224-0-0-1",
            "255-255-255-255",
            "--",
            "1:2:3:4",
            "1.2.3.4",
        ] {
            assert_eq!(address(label), None, "{label}");
        }
        for host in [
            "192-168-1-20.plex.direct".to_owned(),
            format!("192-168-1-20.{HASH}"),
            format!("192-168-1-20.{HASH}0.plex.direct"),
            format!("192-168-1-20.{}g.plex.direct", &HASH[1..]),
            format!("192-168-1-20.a.{HASH}.plex.direct"),
            format!("192-168-1-20.{HASH}.plex.direct.example.org"),
            format!("192-168-1-20.{HASH}.notplex.direct"),
        ] {
            assert_eq!(plex_direct_address(&host), None, "{host}");
        }
    }

    #[test]
    fn hosts_of_plex_are_known() {
        for host in ["plex.tv", "clients.plex.tv", "1-2-3-4.x.plex.direct", "PLEX.TV."] {
            assert!(is_of_plex(host), "{host}");
        }
        for host in ["notplex.tv", "plex.tv.example.org", "attic", "example.org"] {
            assert!(!is_of_plex(host), "{host}");
        }
    }
}
