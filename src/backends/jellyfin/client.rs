//! The `Authorization` header (`docs/protocols.md#jellyfin-authorization`) and the client that sends it.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};

use crate::backends::ClientIdentity;
use crate::models::ServerUrl;
use crate::net::{ApiClient, HttpPool, NetError};

/// The header that carries who asks and, once known, the token. The only place a token is ever put.
pub(super) const AUTHORIZATION: &str = "authorization";

/// Sent for a machine without a name: before a sign-in the server refuses an empty one.
const NAMELESS_DEVICE: &str = "Linux";

/// A client for one server; with a token for all that needs one.
///
/// # Errors
/// `Invalid` when a value cannot be sent in a header, which the encoding rules out.
pub(super) fn api_client(
    pool: &HttpPool,
    base: &ServerUrl,
    client: &ClientIdentity,
    token: Option<&SecretString>,
) -> Result<ApiClient, NetError> {
    ApiClient::new(pool, base.clone())
        .with_header("accept", &SecretString::from("application/json"))?
        .with_header(AUTHORIZATION, &authorization(client, token))
}

/// The value of the header. All four names are sent always: before a sign-in a missing one is refused.
pub(super) fn authorization(client: &ClientIdentity, token: Option<&SecretString>) -> SecretString {
    let device = match client.device_name.trim() {
        "" => NAMELESS_DEVICE,
        name => name,
    };
    let mut value = format!(
        r#"MediaBrowser Client="{}", Device="{}", DeviceId="{}", Version="{}""#,
        encode(ClientIdentity::PRODUCT),
        encode(device),
        encode(&client.device_id),
        encode(ClientIdentity::VERSION),
    );
    if let Some(token) = token {
        let _ = write!(value, r#", Token="{}""#, encode(token.expose_secret()));
    }
    SecretString::from(value)
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3. The server decodes values in the form
/// style, in which `+` is a space, and splits at commas and quotes.
fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(device_name: &str) -> ClientIdentity {
        ClientIdentity { device_id: "b2f7".to_owned(), device_name: device_name.to_owned() }
    }

    #[test]
    fn values_are_encoded_strictly() {
        for (plain, encoded) in [
            ("Living room", "Living%20room"),
            ("Küche", "K%C3%BCche"),
            (r#"the "box", 2nd"#, "the%20%22box%22%2C%202nd"),
            ("a+b=c", "a%2Bb%3Dc"),
            ("100%", "100%25"),
            ("line\r\nbreak", "line%0D%0Abreak"),
            ("plain-._~", "plain-._~"),
        ] {
            assert_eq!(encode(plain), encoded);
        }
    }

    #[test]
    fn the_header_names_everything_that_is_required() {
        let version = ClientIdentity::VERSION;
        assert_eq!(
            authorization(&identity("attic"), None).expose_secret(),
            format!(r#"MediaBrowser Client="Reel", Device="attic", DeviceId="b2f7", Version="{version}""#)
        );
        let with_token = authorization(&identity(" "), Some(&SecretString::from("6d+1c")));
        assert_eq!(
            with_token.expose_secret(),
            format!(
                r#"MediaBrowser Client="Reel", Device="Linux", DeviceId="b2f7", Version="{version}", Token="6d%2B1c""#
            )
        );
    }

    #[test]
    fn debug_hides_the_token() {
        let value = authorization(&identity("attic"), Some(&SecretString::from("6d1c")));
        assert!(!format!("{value:?}").contains("6d1c"));
    }
}
