//! Which network this machine is on: a hint for choosing, never a permission.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A short hash of the routes of this machine (default route and local prefixes). Two networks that look the
/// same here share their history, which is harmless.
pub async fn network_fingerprint() -> String {
    let v4 = tokio::fs::read_to_string("/proc/net/route").await.unwrap_or_default();
    let v6 = tokio::fs::read_to_string("/proc/net/ipv6_route").await.unwrap_or_default();
    fingerprint(&v4, &v6)
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
}
