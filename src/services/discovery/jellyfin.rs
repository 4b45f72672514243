//! Jellyfin's discovery (`docs/protocols.md#discovery`): a line of text by broadcast, an answer in JSON.

use std::net::IpAddr;

use serde::Deserialize;

use super::answer::{Answer, machine_id, name, of_sender};
use crate::models::{ServerUrl, SourceKind};

/// Where Jellyfin listens for the question.
pub(super) const PORT: u16 = 7359;
/// The question.
pub(super) const QUESTION: &str = "who is JellyfinServer?";

/// Jellyfin's usual port for HTTP.
const HTTP: u16 = 8096;
/// What `http` means without a port: somebody else in front of the server.
const IMPLIED: u16 = 80;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    address: String,
    id: String,
    name: Option<String>,
}

/// Reads an answer. The address that it names may be one for the outside, or of a container: the packet itself tells
/// where it came from.
pub(super) fn read(text: &str, sender: IpAddr) -> Option<Answer> {
    let wire: Wire = serde_json::from_str(text.trim()).ok()?;
    let machine_id = machine_id(&wire.id)?;
    let said: ServerUrl = wire.address.parse().ok()?;
    let path = said.join("").path().trim_end_matches('/').to_owned();
    let plain = !said.is_tls();
    let advertised = plain.then(|| said.port());
    let usual = (!plain || said.port() == IMPLIED).then_some(HTTP);
    let mut addresses = vec![said];
    for port in advertised.into_iter().chain(usual) {
        addresses.extend(of_sender(sender, port, &path).filter(|own| !addresses.contains(own)));
    }
    Some(Answer {
        kind: SourceKind::Jellyfin,
        machine_id,
        name: wire.name.as_deref().and_then(name),
        addresses,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read_at(address: &str) -> Vec<String> {
        let text = format!(r#"{{"Address":"{address}","Id":"4f3a","Name":"attic","EndpointAddress":null}}"#);
        let answer = read(&text, "192.0.2.20".parse().unwrap());
        answer.map(|answer| answer.addresses.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    #[test]
    fn the_sender_is_a_further_candidate() {
        for (said, addresses) in [
            ("http://192.0.2.20:8096", vec!["http://192.0.2.20:8096"]),
            ("http://172.18.0.3:8096", vec!["http://172.18.0.3:8096", "http://192.0.2.20:8096"]),
            ("http://172.18.0.3:9000/jf/", vec!["http://172.18.0.3:9000/jf", "http://192.0.2.20:9000/jf"]),
            ("https://media.example/jf", vec!["https://media.example/jf", "http://192.0.2.20:8096/jf"]),
            ("http://media.lan", vec!["http://media.lan", "http://192.0.2.20", "http://192.0.2.20:8096"]),
        ] {
            assert_eq!(read_at(said), addresses, "{said}");
        }
    }

    #[test]
    fn what_is_no_answer_is_ignored() {
        for address in ["", "attic", "ftp://192.0.2.20", "javascript:alert(1)", "http://192.0.2.20:99999"] {
            assert!(read_at(address).is_empty(), "{address}");
        }
        for text in [
            QUESTION,
            "{}",
            "[]",
            "null",
            r#"{"Address":"http://192.0.2.20:8096"}"#,
            r#"{"Id":"4f3a"}"#,
            r#"{"Address":null,"Id":"4f3a"}"#,
            r#"{"Address":"http://192.0.2.20:8096","Id":""}"#,
            r#"{"Address":"http://192.0.2.20:8096","Id":7}"#,
            r#"{"Address":"http://192.0.2.20:8096","Id":"4f3a""#,
        ] {
            assert_eq!(read(text, "192.0.2.20".parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_no_condition() {
        let text = r#"{"Address":"http://192.0.2.20:8096","Id":"4f3a","Name":null,"New":{"a":1}}"#;
        let answer = read(text, "192.0.2.20".parse().unwrap()).unwrap();
        assert_eq!((answer.name, answer.machine_id.as_str()), (None, "4f3a"));
    }
}
