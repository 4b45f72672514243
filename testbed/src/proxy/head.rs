//! The head of a request to a proxy.

use std::fmt::Write as _;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest head that is read.
const LONGEST: usize = 64 * 1024;

/// Method, target and headers, and what came after them.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: String,
    /// Host and port.
    pub(super) target: String,
    /// Path and query at the target; empty for a tunnel.
    path: String,
    headers: Vec<(String, String)>,
    /// The beginning of the body.
    pub(super) rest: Vec<u8>,
}

impl Head {
    /// Reads a head. `None` when the client went away first or spoke nonsense.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = bytes.split_off(end + 4);
                return Ok(Self::parse(&String::from_utf8_lossy(&bytes), rest));
            }
            if stream.read_buf(&mut bytes).await? == 0 || bytes.len() > LONGEST {
                return Ok(None);
            }
        }
    }

    fn parse(text: &str, rest: Vec<u8>) -> Option<Self> {
        let mut lines = text.trim_end().split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, asked) = (words.next()?.to_owned(), words.next()?);
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        if method == "CONNECT" {
            return Some(Self { method, target: asked.to_owned(), path: String::new(), headers, rest });
        }
        let url = url::Url::parse(asked).ok()?;
        let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        Some(Self { method, target, path, headers, rest })
    }

    pub(super) fn is_tunnel(&self) -> bool {
        self.method == "CONNECT"
    }

    pub(super) fn authorization(&self) -> Option<&str> {
        let header = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
        header.map(|(_, value)| value.as_str())
    }

    /// The head as the server gets it: in origin form, without what is meant for the proxy, for one request.
    pub(super) fn for_server(&self) -> String {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let ours = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.starts_with("proxy-") || name == "connection" || name == "keep-alive"
        };
        for (name, value) in self.headers.iter().filter(|(name, _)| !ours(name)) {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        text.push_str("connection: close\r\n\r\n");
        text
    }
}

/// The value of an `Authorization` with a user name and a password.
pub(super) fn basic(user: &str, password: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = "Basic ".to_owned();
    for three in format!("{user}:{password}").as_bytes().chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            let shown = digit <= three.len();
            text.push(if shown { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_written_as_base64() {
        assert_eq!(basic("ana", "secret"), "Basic YW5hOnNlY3JldA==");
        assert_eq!(basic("a", "b"), "Basic YTpi");
        assert_eq!(basic("ab", "cd"), "Basic YWI6Y2Q=");
    }

    #[test]
    fn a_request_in_absolute_form_becomes_the_servers() {
        let text = "GET http://[::1]:80/a?b=c HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic eA==\r\n\
            Connection: keep-alive\r\n\r\n";
        let head = Head::parse(text, Vec::new());
        let written = head.as_ref().map(Head::for_server);
        assert_eq!(written.as_deref(), Some("GET /a?b=c HTTP/1.1\r\nHost: x\r\nconnection: close\r\n\r\n"));
        assert_eq!(head.as_ref().map(|head| head.target.as_str()), Some("[::1]:80"));
        assert_eq!(head.as_ref().and_then(Head::authorization), Some("Basic eA=="));
    }
}
