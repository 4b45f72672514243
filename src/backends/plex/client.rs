//! The `X-Plex-*` headers (`docs/protocols.md#plex-headers`) and the client that sends them.

use secrecy::SecretString;

use crate::backends::ClientIdentity;
use crate::models::ServerUrl;
use crate::net::{ApiClient, HttpPool, NetError};

/// Header values of one request; the token may be among them.
pub(super) type Headers = Vec<(&'static str, SecretString)>;

/// The header that carries the token. The only place a token is ever put.
pub(super) const TOKEN: &str = "x-plex-token";

/// The header that names one playback.
pub(super) const SESSION: &str = "x-plex-session-identifier";

/// Sent for a machine without a name that can be sent.
const NAMELESS_DEVICE: &str = "Linux PC";

/// Who asks and, once known, with which token.
pub(super) fn headers(client: &ClientIdentity, token: Option<&SecretString>) -> Headers {
    let plain = |text: &str| SecretString::from(text);
    let mut headers = vec![
        ("x-plex-client-identifier", plain(&client.device_id)),
        ("x-plex-product", plain(ClientIdentity::PRODUCT)),
        ("x-plex-version", plain(ClientIdentity::VERSION)),
        ("x-plex-platform", plain("Linux")),
        ("x-plex-device", plain("PC")),
        ("x-plex-device-name", SecretString::from(device_name(&client.device_name))),
    ];
    headers.extend(token.map(|token| (TOKEN, token.clone())));
    headers
}

/// A client that asks for JSON and sends these headers with every request.
///
/// # Errors
/// `Invalid` when a value cannot be sent in a header.
pub(super) fn api_client(
    pool: &HttpPool,
    base: &ServerUrl,
    headers: &Headers,
) -> Result<ApiClient, NetError> {
    let client =
        ApiClient::new(pool, base.clone()).with_header("accept", &SecretString::from("application/json"))?;
    headers.iter().try_fold(client, |client, (name, value)| client.with_header(name, value))
}

/// The name without what is unsafe in a header: servers disagree about the encoding of anything but ASCII.
fn device_name(name: &str) -> String {
    let safe: String = name
        .trim()
        .chars()
        .map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '-' })
        .collect();
    if safe.chars().any(|letter| letter.is_ascii_alphanumeric()) { safe } else { NAMELESS_DEVICE.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn identity(device_name: &str) -> ClientIdentity {
        ClientIdentity { device_id: "5f2c".to_owned(), device_name: device_name.to_owned() }
    }

    fn value(headers: &Headers, wanted: &str) -> Option<String> {
        let found = headers.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.expose_secret().to_owned())
    }

    #[test]
    fn the_token_is_sent_only_when_there_is_one() {
        let without = headers(&identity("attic"), None);
        assert_eq!(value(&without, TOKEN), None);
        assert_eq!(value(&without, "x-plex-client-identifier").unwrap(), "5f2c");
        let with = headers(&identity("attic"), Some(&SecretString::from("Hg7F")));
        assert_eq!(value(&with, TOKEN).unwrap(), "Hg7F");
        assert!(!format!("{with:?}").contains("Hg7F"));
    }

    #[test]
    fn device_names_are_ascii() {
        for (name, sent) in [
            ("attic", "attic"),
            ("Küche", "K-che"),
            ("living room\n", "living room"),
            ("a\u{0}b", "a-b"),
            ("居間", "Linux PC"),
            ("", "Linux PC"),
        ] {
            assert_eq!(device_name(name), sent, "{name:?}");
        }
    }

    #[test]
    fn a_token_with_a_line_break_is_refused() {
        let pool = HttpPool::new().unwrap();
        let base = "http://127.0.0.1:1".parse().unwrap();
        let headers = headers(&identity("attic"), Some(&SecretString::from("a\nb")));
        assert!(api_client(&pool, &base, &headers).is_err());
    }
}
