//! Which network this machine is on, and what else is in it: a hint for choosing, never a permission.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha2::{Digest as _, Sha256};
use url::Host;

use super::transport::{plex_direct_address, shares_prefix};
use crate::models::ServerUrl;

/// The network around this machine, as its routes tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalNetwork {
    /// A short hash of the default route and the local prefixes. Two networks that look the same here share
    /// their history, which is harmless.
    pub fingerprint: String,
    prefixes: Vec<Prefix>,
}

impl LocalNetwork {
    /// Reads the kernel's tables of routes; they count as empty where there are none.
    pub async fn now() -> Self {
        let v4 = tokio::fs::read_to_string("/proc/net/route").await.unwrap_or_default();
        let v6 = tokio::fs::read_to_string("/proc/net/ipv6_route").await.unwrap_or_default();
        Self::of_routes(&v4, &v6)
    }

    fn of_routes(v4: &str, v6: &str) -> Self {
        Self { fingerprint: fingerprint(v4, v6), prefixes: prefixes(v4, v6) }
    }

    /// Whether it is known that this machine reaches an address only through a gateway. Not known without
    /// routes, and of names that do not say their address.
    pub fn is_outside(&self, url: &ServerUrl) -> bool {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address).to_canonical()),
            Some(Host::Domain(name)) => plex_direct_address(name).map(|address| address.to_canonical()),
            None => None,
        };
        let Some(address) = address else { return false };
        let is_link_local = match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => address.is_unicast_link_local(),
        };
        let is_here = address.is_loopback() || is_link_local;
        !self.prefixes.is_empty() && !is_here && !self.prefixes.iter().any(|prefix| prefix.contains(address))
    }
}

/// A network: all addresses with the same beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Prefix {
    address: IpAddr,
    length: u8,
}

impl Prefix {
    fn contains(self, address: IpAddr) -> bool {
        shares_prefix(self.address, address, self.length)
    }
}

/// The networks that this machine is in: those that it reaches without a gateway.
fn prefixes(v4: &str, v6: &str) -> Vec<Prefix> {
    let v4 = v4.lines().skip(1).filter_map(prefix_v4);
    let mut found: Vec<Prefix> = v4.chain(v6.lines().filter_map(prefix_v6)).collect();
    found.dedup();
    found
}

/// Interface, destination, gateway, …, mask: the addresses as the machine has them in memory.
fn prefix_v4(line: &str) -> Option<Prefix> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let bytes = |column: usize| Some(u32::from_str_radix(columns.get(column)?, 16).ok()?.to_ne_bytes());
    let (address, gateway, mask) = (Ipv4Addr::from(bytes(1)?), bytes(2)?, bytes(7)?);
    let length = u8::try_from(u32::from_be_bytes(mask).leading_ones()).ok()?;
    let is_usable = gateway == [0; 4] && length > 0 && !address.is_loopback();
    is_usable.then_some(Prefix { address: address.into(), length })
}

/// Destination, its length, source, its length, next hop, …, interface.
fn prefix_v6(line: &str) -> Option<Prefix> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let bits = |column: usize| u128::from_str_radix(columns.get(column)?, 16).ok();
    let (address, hop) = (Ipv6Addr::from_bits(bits(0)?), bits(4)?);
    let length = u8::from_str_radix(columns.get(1)?, 16).ok()?;
    // Single addresses are this machine's own, and link-local ones are the same everywhere.
    let is_network = (1..128).contains(&length) && hop == 0 && columns.get(9) != Some(&"lo");
    let is_usable = is_network && !address.is_unicast_link_local() && !address.is_multicast();
    is_usable.then_some(Prefix { address: address.into(), length })
}

/// Hashes interface, destination, gateway and mask of each route: what changes with the network, and not the
/// counters beside them.
fn fingerprint(v4: &str, v6: &str) -> String {
    let v4_fields = [0, 1, 2, 7];
    let v6_fields = [0, 1, 4, 9];
    let mut routes: Vec<String> = v4
        .lines()
        .skip(1)
        .map(|line| pick(line, &v4_fields))
        .chain(v6.lines().map(|line| pick(line, &v6_fields)))
        .collect();
    routes.sort();
    let digest = Sha256::digest(routes.join("\n"));
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn pick(line: &str, fields: &[usize]) -> String {
    let columns: Vec<&str> = line.split_whitespace().collect();
    fields.iter().filter_map(|field| columns.get(*field).copied()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const HEAD: &str =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    #[test]
    fn counters_do_not_matter_and_gateways_do() {
        let home = format!("{HEAD}wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n");
        let busy = format!("{HEAD}wlan0\t00000000\t0101A8C0\t0003\t7\t99\t600\t00000000\t0\t0\t0\n");
        let away = format!("{HEAD}wlan0\t00000000\t0101000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n");
        assert_eq!(fingerprint(&home, ""), fingerprint(&busy, ""));
        assert_ne!(fingerprint(&home, ""), fingerprint(&away, ""));
        assert_ne!(fingerprint("", ""), "");
    }

    #[test]
    fn networks_without_a_gateway_are_local() {
        let v4 = format!(
            "{HEAD}wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n\
             wlan0\t0000000A\t0101A8C0\t0003\t0\t0\t600\t000000FF\t0\t0\t0\n\
             wlan0\t{:08X}\t00000000\t0001\t0\t0\t600\t{:08X}\t0\t0\t0\nbad line\n",
            u32::from_ne_bytes([192, 168, 0, 0]),
            u32::from_ne_bytes([255, 255, 252, 0]),
        );
        let zero = "0".repeat(32);
        let line = |destination: &str, length, interface| {
            format!(
                "{destination} {length} {zero} 00 {zero} 00000100 00000001 00000000 00000001 {interface}\n"
            )
        };
        let v6 = [
            line("20010db8000100000000000000000000", "40", "wlan0"),
            line("fe800000000000000000000000000000", "40", "wlan0"),
            line("ff000000000000000000000000000000", "08", "wlan0"),
            line(&zero, "00", "lo"),
        ];
        let network = LocalNetwork::of_routes(&v4, &v6.concat());
        assert_eq!(network.prefixes.len(), 2, "{network:?}");
        let outside = |host: &str| network.is_outside(&format!("http://{host}:8096").parse().unwrap());
        let plex = |label: &str| format!("{label}.0123456789abcdef0123456789abcdef.plex.direct");
        let (near, far) = (plex("192-168-1-20"), plex("10-0-0-1"));
        let here = ["192.168.3.255", "192.168.0.1", "[2001:db8:1::7]", "[::ffff:192.168.1.1]", &near];
        // Of a name nobody knows where it is; this machine itself is in no network.
        for host in here.into_iter().chain(["nas.lan", "127.0.0.1", "[::1]", "169.254.7.7"]) {
            assert!(!outside(host), "{host}");
        }
        for host in ["192.168.4.1", "10.0.0.1", "[2001:db8:2::7]", &far] {
            assert!(outside(host), "{host}");
        }
        assert!(!LocalNetwork::default().is_outside(&"http://10.0.0.1".parse().unwrap()), "nothing is known");
    }
}
