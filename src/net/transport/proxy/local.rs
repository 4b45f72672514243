//! Which addresses are of this machine or of the local network.

use std::net::{IpAddr, Ipv4Addr};

use url::{Host, Url};

use crate::net::transport::plex_direct::plex_direct_address;

/// Ends of names that no public name server knows (RFC 6762, RFC 8375).
const LOCAL_DOMAINS: [&str; 2] = [".local", ".home.arpa"];

/// Whether an address is that of this machine.
pub(in crate::net::transport) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => is_localhost(name),
        None => false,
    }
}

/// Whether a proxy outside of the local network could not reach an address: private ones, those of link and machine,
/// and names without a public meaning.
pub(in crate::net) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.to_canonical()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            is_localhost(&name)
                || !name.contains('.')
                || LOCAL_DOMAINS.iter().any(|domain| name.ends_with(domain))
                || plex_direct_address(&name).is_some_and(is_private)
        }
        None => false,
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared(address)
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// 100.64.0.0/10 (RFC 6598): private networks between machines use it, and no server on the internet has it.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && second & 0b1100_0000 == 64
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_network_knows_is_local() {
        for url in [
            "http://127.0.0.1:1",
            "http://localhost",
            "http://192.168.1.5:8096",
            "http://10.1.2.3",
            "http://172.31.0.1",
            "http://169.254.1.1",
            "http://100.101.102.103",
            "http://[::1]",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://[::ffff:192.168.1.1]",
            "http://nas:8096",
            "http://nas.local",
            "http://nas.home.arpa",
            "https://192-168-1-5.0123456789abcdef0123456789abcdef.plex.direct:32400",
        ] {
            assert!(is_local(&url.parse().unwrap()), "{url}");
        }
        for url in [
            "https://plex.tv",
            "http://172.32.0.1",
            "http://100.63.0.1",
            "http://100.128.0.1",
            "http://[2001:db8::1]",
            "http://notlocal.example",
            "https://203-0-113-7.0123456789abcdef0123456789abcdef.plex.direct:32400",
        ] {
            assert!(!is_local(&url.parse().unwrap()), "{url}");
        }
    }
}
