//! Which network this machine is on: a hint for choosing, never a permission.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha2::{Digest as _, Sha256};

use super::transport::shares_prefix;

/// A short hash of the routes of this machine (default route and local prefixes). Two networks that look the
/// same here share their history, which is harmless.
pub async fn network_fingerprint() -> String {
    let (v4, v6) = routes().await;
    fingerprint(&v4, &v6)
}

/// The networks that this machine is in: those that it reaches without a gateway.
pub async fn local_prefixes() -> Vec<LocalPrefix> {
    let (v4, v6) = routes().await;
    prefixes(&v4, &v6)
}

/// The kernel's tables of routes; empty where there are none.
async fn routes() -> (String, String) {
    let v4 = tokio::fs::read_to_string("/proc/net/route").await.unwrap_or_default();
    let v6 = tokio::fs::read_to_string("/proc/net/ipv6_route").await.unwrap_or_default();
    (v4, v6)
}

/// A network: all addresses with the same beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalPrefix {
    address: IpAddr,
    length: u8,
}

impl LocalPrefix {
    /// Whether an address is in this network.
    pub fn contains(&self, address: IpAddr) -> bool {
        shares_prefix(self.address, address.to_canonical(), self.length)
    }
}

fn prefixes(v4: &str, v6: &str) -> Vec<LocalPrefix> {
    let v4 = v4.lines().skip(1).filter_map(prefix_v4);
    let mut found: Vec<LocalPrefix> = v4.chain(v6.lines().filter_map(prefix_v6)).collect();
    found.dedup();
    found
}

/// Interface, destination, gateway, …, mask: the addresses as the machine has them in memory.
fn prefix_v4(line: &str) -> Option<LocalPrefix> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let bytes = |column: usize| Some(u32::from_str_radix(columns.get(column)?, 16).ok()?.to_ne_bytes());
    let (address, gateway, mask) = (Ipv4Addr::from(bytes(1)?), bytes(2)?, bytes(7)?);
    let length = u8::try_from(u32::from_be_bytes(mask).leading_ones()).ok()?;
    let is_usable = gateway == [0; 4] && length > 0 && !address.is_loopback();
    is_usable.then_some(LocalPrefix { address: address.into(), length })
}

/// Destination, its length, source, its length, next hop, …, interface.
fn prefix_v6(line: &str) -> Option<LocalPrefix> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let bits = |column: usize| u128::from_str_radix(columns.get(column)?, 16).ok();
    let (address, hop) = (Ipv6Addr::from_bits(bits(0)?), bits(4)?);
    let length = u8::from_str_radix(columns.get(1)?, 16).ok()?;
    // Single addresses are this machine's own, and link-local ones are the same everywhere.
    let is_network = (1..128).contains(&length) && hop == 0 && columns.get(9) != Some(&"lo");
    let is_usable = is_network && !address.is_unicast_link_local() && !address.is_multicast();
    is_usable.then_some(LocalPrefix { address: address.into(), length })
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
        let found = prefixes(&v4, &v6.concat());
        assert_eq!(found.len(), 2, "{found:?}");
        let inside = |address: &str| found.iter().any(|prefix| prefix.contains(address.parse().unwrap()));
        for address in ["192.168.3.255", "192.168.0.1", "2001:db8:1::7", "::ffff:192.168.1.1"] {
            assert!(inside(address), "{address}");
        }
        for address in ["192.168.4.1", "10.0.0.1", "2001:db8:2::7", "fe80::1"] {
            assert!(!inside(address), "{address}");
        }
    }
}
