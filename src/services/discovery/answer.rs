//! One datagram, read with suspicion.

use std::net::IpAddr;

use super::{jellyfin, plex};
use crate::models::{MachineId, ServerUrl, SourceKind};

/// Longest datagram that is read, in bytes: real answers have a few hundred.
pub(super) const MOST_BYTES: usize = 4096;
/// Longest machine id in bytes: real ones have 32 and 40.
const MOST_ID: usize = 128;
/// Longest name that is shown, in characters.
const MOST_NAME: usize = 100;
/// Longest address in bytes.
const MOST_ADDRESS: usize = 300;

/// What one server has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// What answers.
    pub(super) kind: SourceKind,
    /// Who answers, as it says.
    pub(super) machine_id: MachineId,
    /// Its name for people.
    pub(super) name: Option<String>,
    /// Where it may be: what it says itself first, then what its packet says.
    pub(super) addresses: Vec<ServerUrl>,
}

/// Reads a datagram. `None` for everything that is not the answer of a server.
pub(super) fn read(datagram: &[u8], sender: IpAddr) -> Option<Answer> {
    if datagram.len() > MOST_BYTES {
        return None;
    }
    let text = std::str::from_utf8(datagram).ok()?;
    let mut answer =
        if text.starts_with("HTTP/") { plex::read(text, sender) } else { jellyfin::read(text, sender) }?;
    answer.addresses.retain(|address| is_possible(address, sender));
    (!answer.addresses.is_empty()).then_some(answer)
}

/// Whether an address can be that of a server who sent from `sender`. Nobody else may point at this machine itself,
/// where addresses are trusted more than others.
fn is_possible(address: &ServerUrl, sender: IpAddr) -> bool {
    let short = address.as_str().len() <= MOST_ADDRESS;
    short && address.is_dialable() && (sender.is_loopback() || !address.is_loopback())
}

/// An id that can be one: not empty, printable, of a bearable length.
pub(super) fn machine_id(text: &str) -> Option<MachineId> {
    let text = text.trim();
    let good = !text.is_empty() && text.len() <= MOST_ID && text.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| MachineId::new(text))
}

/// A name that can be shown on one line, in a window and in a terminal.
pub(super) fn name(text: &str) -> Option<String> {
    let shown: String =
        text.chars().filter(|c| !c.is_control() && !is_direction_mark(*c)).take(MOST_NAME).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// Marks that turn the direction of what follows them, also behind the name.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The address without encryption at which a packet's sender may have its server.
pub(super) fn of_sender(sender: IpAddr, port: u16, path: &str) -> Option<ServerUrl> {
    let host = match sender {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    format!("http://{host}:{port}{path}").parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    const LAN: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 20));

    fn jellyfin_at(address: &str) -> Vec<u8> {
        format!(r#"{{"Address":"{address}","Id":"4f3a","Name":"attic"}}"#).into_bytes()
    }

    fn addresses(datagram: &[u8], sender: IpAddr) -> Vec<String> {
        read(datagram, sender)
            .map(|answer| answer.addresses.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    #[test]
    fn nobody_else_points_at_this_machine() {
        let datagram = jellyfin_at("http://127.0.0.1:8096");
        assert_eq!(addresses(&datagram, LAN), ["http://192.0.2.20:8096"]);
        assert_eq!(addresses(&datagram, Ipv4Addr::LOCALHOST.into()), ["http://127.0.0.1:8096"]);
        assert_eq!(addresses(&jellyfin_at("http://localhost:1"), LAN), ["http://192.0.2.20:1"]);
    }

    #[test]
    fn addresses_that_stand_for_no_host_are_left_out() {
        for address in ["http://0.0.0.0:8096", "http://169.254.1.1:8096", "http://255.255.255.255:8096"] {
            assert_eq!(addresses(&jellyfin_at(address), LAN), ["http://192.0.2.20:8096"], "{address}");
        }
    }

    #[test]
    fn too_much_and_what_is_no_text_is_ignored() {
        let padded = |bytes: usize| {
            let mut datagram = jellyfin_at("http://192.0.2.20:8096");
            datagram.resize(bytes, b' ');
            datagram
        };
        assert!(read(&padded(MOST_BYTES), LAN).is_some());
        assert_eq!(read(&padded(MOST_BYTES + 1), LAN), None);
        assert_eq!(read(&vec![b'{'; 65_507], LAN), None);
        assert_eq!(read(b"HTTP/1.0 200 OK\r\nName: \xff\xfe\r\n", LAN), None);
        assert_eq!(read(b"", LAN), None);
        let long = jellyfin_at(&format!("http://192.0.2.20:8096/{}", "x".repeat(MOST_ADDRESS)));
        assert_eq!(read(&long, LAN), None);
    }

    #[test]
    fn ids_and_names_are_harmless() {
        for id in ["", "  ", "two words", "tab\tin", "é", &"x".repeat(MOST_ID + 1)] {
            assert_eq!(machine_id(id), None, "{id:?}");
        }
        assert_eq!(machine_id(" 4f3a "), Some(MachineId::new("4f3a")));
        assert_eq!(name("\u{1b}[31mAt\u{202e}tic\r\n").as_deref(), Some("[31mAttic"));
        assert_eq!(name(" \t "), None);
        assert_eq!(name(&"é".repeat(500)).unwrap().chars().count(), MOST_NAME);
    }

    proptest! {
        #[test]
        fn any_datagram_is_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600), http in any::<bool>()) {
            let head: &[u8] = if http { b"HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\n" } else { b"{\"Id\":" };
            let datagram = [head, &bytes].concat();
            if let Some(answer) = read(&datagram, LAN) {
                prop_assert!(!answer.addresses.is_empty());
                prop_assert!(answer.addresses.iter().all(|address| address.is_dialable() && !address.is_loopback()));
            }
        }
    }
}
