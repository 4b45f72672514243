//! The networks of this machine, and whom to ask in each.
//!
//! Every IPv4 address of this machine gets a socket of its own: a broadcast and a multicast leave by the interface
//! that has the socket's address, so that all networks are asked and not only that of the default route.

use std::net::{Ipv4Addr, SocketAddrV4};

use if_addrs::IfAddr;
use tracing::debug;

use super::{Audience, jellyfin, plex};
use crate::models::SourceKind;

/// Most addresses of this machine that are asked from: one with containers can have hundreds.
const MOST_INTERFACES: usize = 16;

/// One IPv4 address of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interface {
    /// The address.
    pub(super) address: Ipv4Addr,
    /// How many of its bits are those of its network.
    pub(super) prefix: u8,
    /// Whether everybody in its network can be reached at once: not so in a tunnel.
    pub(super) broadcasts: bool,
}

/// What is sent from one address of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// Where the socket is bound.
    pub(super) from: Ipv4Addr,
    /// Whom to ask for which kind of server.
    pub(super) to: Vec<(SourceKind, SocketAddrV4)>,
}

/// The networks that this machine is in now.
pub(super) fn present() -> Vec<Interface> {
    let found = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        debug!(%error, "the interfaces of this machine are unknown");
        Vec::new()
    });
    found
        .into_iter()
        .filter_map(|found| match found.addr {
            IfAddr::V4(v4) => {
                let broadcasts = v4.broadcast.is_some() && !found.is_p2p;
                Some(Interface { address: v4.ip, prefix: v4.prefixlen, broadcasts })
            }
            IfAddr::V6(_) => None,
        })
        .collect()
}

/// Whom to ask from where.
pub(super) fn rounds(audience: &Audience, interfaces: &[Interface]) -> Vec<Round> {
    match audience {
        Audience::Network => everybody(interfaces),
        Audience::Only(chosen) => only(chosen),
    }
}

/// Whether two addresses are in one network that this machine is in as well, one in which everybody hears a broadcast.
pub(super) fn share_a_network(interfaces: &[Interface], one: Ipv4Addr, other: Ipv4Addr) -> bool {
    interfaces
        .iter()
        .filter(|interface| interface.broadcasts && !interface.address.is_loopback())
        .any(|interface| interface.holds(one) && interface.holds(other))
}

impl Interface {
    fn holds(self, address: Ipv4Addr) -> bool {
        self.prefix > 0 && (address.to_bits() ^ self.address.to_bits()) & !self.hosts() == 0
    }

    /// The address of everybody in its network. What the system says is not asked: an address that was given by hand
    /// often comes without.
    fn broadcast(self) -> Option<Ipv4Addr> {
        (1..=30).contains(&self.prefix).then(|| Ipv4Addr::from_bits(self.address.to_bits() | self.hosts()))
    }

    /// The bits that tell the hosts of its network apart.
    fn hosts(self) -> u32 {
        u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0)
    }
}

fn everybody(interfaces: &[Interface]) -> Vec<Round> {
    let rounds: Vec<Round> = interfaces.iter().copied().filter_map(round).take(MOST_INTERFACES).collect();
    if !rounds.is_empty() {
        return rounds;
    }
    // The system knows a way even where it does not tell us its interfaces.
    vec![Round { from: Ipv4Addr::UNSPECIFIED, to: ask_all(&[Ipv4Addr::BROADCAST]) }]
}

fn round(interface: Interface) -> Option<Round> {
    let from = interface.address;
    if from.is_loopback() {
        // Nobody broadcasts there, but a server may run on this machine.
        let ports = [(SourceKind::Jellyfin, jellyfin::PORT), (SourceKind::Plex, plex::PORT)];
        return Some(Round {
            from,
            to: ports.map(|(kind, port)| (kind, SocketAddrV4::new(from, port))).to_vec(),
        });
    }
    if !interface.broadcasts || from.is_unspecified() || from.is_link_local() {
        return None;
    }
    let all: Vec<Ipv4Addr> = [Ipv4Addr::BROADCAST].into_iter().chain(interface.broadcast()).collect();
    Some(Round { from, to: ask_all(&all) })
}

fn ask_all(broadcasts: &[Ipv4Addr]) -> Vec<(SourceKind, SocketAddrV4)> {
    let jellyfin = broadcasts.iter().map(|to| (SourceKind::Jellyfin, SocketAddrV4::new(*to, jellyfin::PORT)));
    let plex = [plex::GROUP].iter().chain(broadcasts);
    jellyfin.chain(plex.map(|to| (SourceKind::Plex, SocketAddrV4::new(*to, plex::PORT)))).collect()
}

fn only(chosen: &[(SourceKind, SocketAddrV4)]) -> Vec<Round> {
    let (near, far): (Vec<_>, Vec<_>) = chosen.iter().copied().partition(|(_, to)| to.ip().is_loopback());
    [(Ipv4Addr::LOCALHOST, near), (Ipv4Addr::UNSPECIFIED, far)]
        .into_iter()
        .filter(|(_, to)| !to.is_empty())
        .map(|(from, to)| Round { from, to })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn interface(address: &str, prefix: u8) -> Interface {
        Interface { address: address.parse().unwrap(), prefix, broadcasts: true }
    }

    fn tunnel(address: &str, prefix: u8) -> Interface {
        Interface { broadcasts: false, ..interface(address, prefix) }
    }

    fn told(rounds: &[Round]) -> Vec<(String, Vec<String>)> {
        let one = |(kind, to): &(SourceKind, SocketAddrV4)| format!("{kind} {to}");
        rounds.iter().map(|round| (round.from.to_string(), round.to.iter().map(one).collect())).collect()
    }

    #[test]
    fn every_network_is_asked_from_its_own_address() {
        let interfaces = [tunnel("127.0.0.1", 8), interface("192.168.1.7", 24), interface("10.1.2.3", 16)];
        let expected = [
            ("127.0.0.1", vec!["jellyfin 127.0.0.1:7359", "plex 127.0.0.1:32414"]),
            (
                "192.168.1.7",
                vec![
                    "jellyfin 255.255.255.255:7359",
                    "jellyfin 192.168.1.255:7359",
                    "plex 239.0.0.250:32414",
                    "plex 255.255.255.255:32414",
                    "plex 192.168.1.255:32414",
                ],
            ),
            (
                "10.1.2.3",
                vec![
                    "jellyfin 255.255.255.255:7359",
                    "jellyfin 10.1.255.255:7359",
                    "plex 239.0.0.250:32414",
                    "plex 255.255.255.255:32414",
                    "plex 10.1.255.255:32414",
                ],
            ),
        ];
        let expected: Vec<(String, Vec<String>)> = expected
            .map(|(from, to)| (from.to_owned(), to.into_iter().map(str::to_owned).collect()))
            .to_vec();
        assert_eq!(told(&rounds(&Audience::Network, &interfaces)), expected);
    }

    #[test]
    fn tunnels_and_addresses_without_a_network_are_left_out() {
        let interfaces = [
            tunnel("10.8.0.2", 24),
            interface("169.254.7.7", 16),
            interface("0.0.0.0", 0),
            interface("192.0.2.1", 32),
        ];
        let rounds = rounds(&Audience::Network, &interfaces);
        assert_eq!(rounds.len(), 1);
        assert_eq!((rounds[0].from, rounds[0].to.len()), ("192.0.2.1".parse().unwrap(), 3));
    }

    #[test]
    fn a_hundred_interfaces_are_cut_and_none_is_a_guess() {
        let many: Vec<Interface> = (0..100).map(|n| interface(&format!("172.16.{n}.1"), 24)).collect();
        assert_eq!(rounds(&Audience::Network, &many).len(), MOST_INTERFACES);
        let guess = rounds(&Audience::Network, &[]);
        assert_eq!((guess.len(), guess[0].from), (1, Ipv4Addr::UNSPECIFIED));
    }

    #[test]
    fn only_who_was_chosen_is_asked_and_nobody_means_nobody() {
        let here = interface("192.168.1.7", 24);
        let chosen = "jellyfin=127.0.0.1:1,plex=192.0.2.9:2".parse().unwrap();
        let expected = [
            ("127.0.0.1".to_owned(), vec!["jellyfin 127.0.0.1:1".to_owned()]),
            ("0.0.0.0".to_owned(), vec!["plex 192.0.2.9:2".to_owned()]),
        ];
        assert_eq!(told(&rounds(&chosen, &[here])), expected);
        assert!(rounds(&Audience::nobody(), &[here]).is_empty());
    }

    #[test]
    fn a_shared_network_is_one_that_this_machine_is_in() {
        let here = [
            interface("127.0.0.1", 8),
            interface("192.168.1.7", 24),
            tunnel("10.8.0.2", 24),
            interface("192.0.2.1", 0),
        ];
        let share =
            |one: &str, other: &str| share_a_network(&here, one.parse().unwrap(), other.parse().unwrap());
        assert!(share("192.168.1.20", "192.168.1.200"));
        assert!(!share("192.168.1.20", "192.168.2.20"));
        assert!(!share("192.168.2.20", "192.168.2.21"), "not our network");
        assert!(!share("10.8.0.5", "10.8.0.6"), "a tunnel");
        assert!(!share("127.0.0.1", "127.0.0.2"), "this machine");
        assert!(!share("198.51.100.1", "203.0.113.9"), "the whole world");
    }
}
