//! Plex's discovery, called GDM (`docs/protocols.md#discovery`): the head of an HTTP request by multicast, the head of
//! a reply as the answer.

use std::net::{IpAddr, Ipv4Addr};

use super::answer::{Answer, machine_id, name, of_sender};
use crate::models::{ServerUrl, SourceKind};

/// Where servers listen for the question; players listen elsewhere.
pub(super) const PORT: u16 = 32414;
/// The multicast group of servers.
pub(super) const GROUP: Ipv4Addr = Ipv4Addr::new(239, 0, 0, 250);
/// The question.
pub(super) const QUESTION: &str = "M-SEARCH * HTTP/1.1\r\n\r\n";

/// What a server says that it is; players say something else.
const SERVER: &str = "plex/media-server";
/// Most lines that are read.
const MOST_LINES: usize = 64;
/// Length of the part of a `plex.direct` name that belongs to the server.
const HASH: usize = 32;

/// Reads an answer. It names a port; the address is that of the packet.
pub(super) fn read(text: &str, sender: IpAddr) -> Option<Answer> {
    let mut lines = text.lines();
    if lines.next()?.split_whitespace().nth(1) != Some("200") {
        return None;
    }
    let headers: Vec<(&str, &str)> = lines.take(MOST_LINES).filter_map(|line| line.split_once(':')).collect();
    let header = |wanted: &str| {
        let found = headers.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim())
    };
    if header("Content-Type") != Some(SERVER) {
        return None;
    }
    let port: u16 = header("Port")?.parse().ok()?;
    let direct = header("Host").and_then(server_hash_of_answer).and_then(|hash| by_name(sender, port, hash));
    Some(Answer {
        kind: SourceKind::Plex,
        machine_id: machine_id(header("Resource-Identifier")?)?,
        name: header("Name").and_then(name),
        addresses: direct.into_iter().chain(of_sender(sender, port, "")).collect(),
    })
}

/// The part of a server's name that its certificate is for: `<hash>.plex.direct` in an answer.
fn server_hash_of_answer(host: &str) -> Option<&str> {
    host.strip_suffix(".plex.direct").filter(|hash| is_hash(hash))
}

/// The same part of an address: `<ip>.<hash>.plex.direct`.
pub(super) fn server_hash(address: &ServerUrl) -> Option<String> {
    let url::Host::Domain(domain) = address.host()? else { return None };
    let (_, hash) = domain.strip_suffix(".plex.direct")?.split_once('.')?;
    is_hash(hash).then(|| hash.to_owned())
}

fn is_hash(text: &str) -> bool {
    text.len() == HASH && text.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
}

/// The encrypted address: a public name for the sender's address, which the server has a certificate for.
fn by_name(sender: IpAddr, port: u16, hash: &str) -> Option<ServerUrl> {
    let IpAddr::V4(address) = sender else { return None };
    format!("https://{}.{hash}.plex.direct:{port}", address.to_string().replace('.', "-")).parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ANSWER: &str = "HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\n\
        Host: 0123456789abcdef0123456789abcdef.plex.direct\r\nName: Attic: the upper one\r\nPort: 32400\r\n\
        Resource-Identifier: 9c1185a5\r\nUpdated-At: 1735786545\r\nVersion: 1.43.2.10687-563d026ea\r\n";

    fn read_text(text: &str) -> Option<Answer> {
        read(text, "192.0.2.20".parse().unwrap())
    }

    fn addresses(text: &str) -> Vec<String> {
        read_text(text).unwrap().addresses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_answer_is_read() {
        let answer = read_text(ANSWER).unwrap();
        assert_eq!((answer.kind, answer.machine_id.as_str()), (SourceKind::Plex, "9c1185a5"));
        assert_eq!(answer.name.as_deref(), Some("Attic: the upper one"));
        let direct = "https://192-0-2-20.0123456789abcdef0123456789abcdef.plex.direct:32400";
        assert_eq!(addresses(ANSWER), [direct, "http://192.0.2.20:32400"]);
        assert_eq!(
            server_hash(&direct.parse().unwrap()).as_deref(),
            Some("0123456789abcdef0123456789abcdef")
        );
    }

    #[test]
    fn a_name_that_is_not_the_servers_is_not_used() {
        for host in
            ["evil.example", "x.plex.direct", "0123456789abcdef0123456789abcdef.plex.direct.evil.example"]
        {
            let text = ANSWER.replace("0123456789abcdef0123456789abcdef.plex.direct", host);
            assert_eq!(addresses(&text), ["http://192.0.2.20:32400"], "{host}");
        }
        for address in ["https://192-0-2-20.plex.direct", "https://a.b.c.plex.direct", "https://192.0.2.20"] {
            assert_eq!(server_hash(&address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn what_is_no_answer_of_a_server_is_ignored() {
        for (part, other) in [
            ("200 OK", "404 Not Found"),
            ("plex/media-server", "plex/media-player"),
            ("Resource-Identifier: 9c1185a5", "Resource-Identifier:"),
            ("Resource-Identifier", "Other-Identifier"),
            ("Port: 32400", "Port: 99999"),
            ("Port: 32400", "Port: -1"),
            ("Port: 32400\r\n", ""),
        ] {
            assert_eq!(read_text(&ANSWER.replace(part, other)), None, "{other}");
        }
        assert_eq!(read_text("HTTP/1.0"), None);
        assert_eq!(read_text(QUESTION), None);
        let late = format!("HTTP/1.0 200 OK\r\n{}{}", "A: b\r\n".repeat(MOST_LINES), &ANSWER[17..]);
        assert_eq!(read_text(&late), None);
    }
}
