//! Is this a Plex Media Server, and which (`docs/protocols.md#plex-identity`)?

use std::time::Duration;

use super::dto::{Container, Envelope};
use crate::backends::ServerIdentity;
use crate::models::{MachineId, ServerUrl};
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Profile, Reply};
use secrecy::SecretString;

/// Why an address is not that of a usable server.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdentifyError {
    /// A web page: a wrong path, or a login page in front of the server.
    #[error("a web page answered")]
    WebPage,
    /// Something that is no Plex Media Server.
    #[error("not a Plex Media Server")]
    NotAServer,
    /// It is a server that starts, or changes its database after an update.
    #[error("the server is in maintenance")]
    Maintenance {
        /// When it may be asked again.
        retry_after: Option<Duration>,
    },
    /// The address leads to another host, which is not followed.
    #[error("redirected to another host")]
    RedirectedTo {
        /// The other host.
        host: String,
    },
    /// No usable answer.
    #[error(transparent)]
    Net(#[from] NetError),
}

impl IdentifyError {
    /// The kind that decides whether another connection is tried.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::WebPage | Self::RedirectedTo { .. } => ErrorKind::CaptivePortal,
            Self::NotAServer => ErrorKind::WrongServer,
            Self::Maintenance { .. } => ErrorKind::Server,
            Self::Net(error) => error.kind,
        }
    }
}

/// Asks who is there, without any credential and without saying who asks. Answers with the identity and the
/// time to the first byte.
pub async fn identify(
    pool: &HttpPool,
    base: &ServerUrl,
) -> Result<(ServerIdentity, Duration), IdentifyError> {
    let client =
        ApiClient::new(pool, base.clone()).with_header("accept", &SecretString::from("application/json"))?;
    let reply = client.exchange(Call::get("/identity").profile(Profile::Probe)).await?;
    Ok((classify(&reply)?, reply.head.latency))
}

/// What an answer to the identity request means.
fn classify(reply: &Reply) -> Result<ServerIdentity, IdentifyError> {
    let retry_after = reply.head.retry_after;
    match reply.head.status {
        200..=299 => read(reply),
        300..=399 => Err(match &reply.head.redirect_host {
            Some(host) => IdentifyError::RedirectedTo { host: host.clone() },
            None => IdentifyError::NotAServer,
        }),
        503 if is_maintenance(&reply.body) => Err(IdentifyError::Maintenance { retry_after }),
        // The route needs no credential: whoever asks for one stands in front of the server, or is another.
        status @ (400..=407 | 409..=424) => {
            tracing::debug!(status, "the identity request was refused");
            Err(if reply.head.is_html() { IdentifyError::WebPage } else { IdentifyError::NotAServer })
        }
        status => Err(NetError::from_status(status, retry_after).into()),
    }
}

fn read(reply: &Reply) -> Result<ServerIdentity, IdentifyError> {
    let envelope: Envelope = reply.json().map_err(|error| match error.kind {
        ErrorKind::CaptivePortal => IdentifyError::WebPage,
        _ => IdentifyError::NotAServer,
    })?;
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
    use super::*;
    use crate::net::ReplyHead;

    fn reply(status: u16, content_type: &str, body: &str) -> Reply {
        let head = ReplyHead {
            status,
            content_type: Some(content_type.to_owned()),
            date: None,
            retry_after: Some(Duration::from_secs(20)),
            redirect_host: (status == 302).then(|| "login.example.org".to_owned()),
            latency: Duration::from_millis(4),
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
            (503, "text/xml", maintenance, "Maintenance"),
            (503, "text/html", page, "Net"),
            (502, "text/html", page, "Net"),
            (429, "text/html", page, "Net"),
        ] {
            let error = classify(&reply(status, content_type, body)).unwrap_err();
            let name = match error {
                IdentifyError::WebPage => "WebPage",
                IdentifyError::NotAServer => "NotAServer",
                IdentifyError::Maintenance { retry_after } => {
                    assert_eq!(retry_after, Some(Duration::from_secs(20)));
                    "Maintenance"
                }
                IdentifyError::RedirectedTo { host } => {
                    assert_eq!(host, "login.example.org");
                    "RedirectedTo"
                }
                IdentifyError::Net(_) => "Net",
            };
            assert_eq!(name, expected, "{status} {body}");
        }
    }
}
