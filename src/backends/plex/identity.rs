//! Is this a Plex Media Server, and which (`docs/protocols.md#plex-identity`)?

use super::dto::{Container, Envelope};
use crate::backends::identify::{check_status, unreadable};
use crate::backends::{Identified, IdentifyError, ServerIdentity};
use crate::models::{MachineId, ServerUrl};
use crate::net::{ApiClient, Call, HttpPool, Profile, Reply};
use secrecy::SecretString;

const QUESTION: &str = "/identity";

/// Asks who is there, without any credential and without saying who asks. Answers with the identity and the
/// time to the first byte.
pub async fn identify(pool: &HttpPool, base: &ServerUrl) -> Result<Identified, IdentifyError> {
    let client =
        ApiClient::new(pool, base.clone()).with_header("accept", &SecretString::from("application/json"))?;
    let reply = client.exchange(Call::get(QUESTION).profile(Profile::Probe)).await?;
    Ok(Identified::new(classify(&reply)?, &reply, base, QUESTION))
}

/// What an answer to the identity request means.
fn classify(reply: &Reply) -> Result<ServerIdentity, IdentifyError> {
    if reply.head.status == 503 && is_maintenance(&reply.body) {
        return Err(IdentifyError::NotReady { retry_after: reply.head.retry_after });
    }
    check_status(reply)?;
    let envelope: Envelope = reply.json().map_err(|error| unreadable(&error))?;
    of_container(&envelope.container).ok_or(IdentifyError::NotAServer)
}

/// The identity in an answer; `None` when it has none.
pub(super) fn of_container(container: &Container) -> Option<ServerIdentity> {
    Some(ServerIdentity {
        machine_id: MachineId::new(container.machine_identifier.get()?),
        name: container.friendly_name.get(),
        version: container.version.get().unwrap_or_default(),
    })
}

/// `<Response code="503" title="Maintenance" …/>`: XML even though JSON was asked for. A proxy without its
/// server answers with a web page.
fn is_maintenance(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    let start = &start[..start.len().min(512)];
    start.windows(b"<Response".len()).any(|part| part == b"<Response")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::net::ReplyHead;

    fn reply(status: u16, content_type: &str, body: &str) -> Reply {
        let head = ReplyHead {
            status,
            content_type: Some(content_type.to_owned()),
            date: None,
            retry_after: Some(Duration::from_secs(20)),
            redirect_host: (status == 302).then(|| "login.example.org".to_owned()),
            address: None,
            latency: Duration::from_millis(4),
            timings: crate::net::Timings::default(),
            validators: crate::net::Validators::default(),
        };
        Reply { head, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_server_says_who_it_is() {
        let body =
            r#"{"MediaContainer":{"size":0,"claimed":true,"machineIdentifier":"9c11","version":"1.43.2"}}"#;
        for content_type in ["application/json", "text/html"] {
            let identity = classify(&reply(200, content_type, body)).unwrap();
            assert_eq!(identity.machine_id, MachineId::new("9c11"));
            assert_eq!(identity.version, "1.43.2");
            assert_eq!(identity.name, None);
        }
    }

    #[test]
    fn other_answers_are_told_apart() {
        let page = "<html><body>Sign in</body></html>";
        let maintenance = r#"<?xml version="1.0"?><Response code="503" title="Maintenance" status="x"/>"#;
        for (status, content_type, body, expected) in [
            (200, "text/html", page, "WebPage"),
            (200, "application/json", page, "WebPage"),
            (200, "application/json", r#"{"Id":"4f3a","Version":"10.11.4"}"#, "NotAServer"),
            (200, "application/json", r#"{"MediaContainer":{"size":0}}"#, "NotAServer"),
            (200, "application/json", "[]", "NotAServer"),
            (200, "application/json", "", "NotAServer"),
            (401, "text/html", page, "WebPage"),
            (404, "application/json", "{}", "NotAServer"),
            (302, "text/html", page, "RedirectedTo"),
            (304, "text/html", "", "NotAServer"),
            (503, "text/xml", maintenance, "NotReady"),
            (503, "text/html", page, "Net"),
            (502, "text/html", page, "Net"),
            (429, "text/html", page, "Net"),
        ] {
            let error = classify(&reply(status, content_type, body)).unwrap_err();
            let name = match error {
                IdentifyError::WebPage => "WebPage",
                IdentifyError::NotAServer => "NotAServer",
                IdentifyError::NotReady { retry_after } => {
                    assert_eq!(retry_after, Some(Duration::from_secs(20)));
                    "NotReady"
                }
                IdentifyError::RedirectedTo { host } => {
                    assert_eq!(host, "login.example.org");
                    "RedirectedTo"
                }
                IdentifyError::Net(_) => "Net",
                other => panic!("{other:?}"),
            };
            assert_eq!(name, expected, "{status} {body}");
        }
    }
}
