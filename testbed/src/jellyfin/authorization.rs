//! Who asks: the `Authorization` header, its older forms, and the token in the query.

use super::ids::plain;
use super::parameters::Parameters;
use super::reply::{bad_request, unauthorized};
use super::state::{JellyfinState, UserPlace};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a client says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) client: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) version: String,
}

impl Device {
    fn is_complete(&self) -> bool {
        [&self.client, &self.name, &self.id, &self.version].iter().all(|value| !value.is_empty())
    }
}

/// The device of a request without a token, as signing in needs it: all four values, else 400.
#[derive(Debug, Clone)]
pub(crate) struct Newcomer(pub(crate) Device);

impl FromRequestParts<Arc<JellyfinState>> for Newcomer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<JellyfinState>) -> Result<Self, Response> {
        let (device, _) = read(&parts.headers, &Parameters::of(&parts.uri), legacy(state));
        if device.is_complete() { Ok(Self(device)) } else { Err(bad_request()) }
    }
}

/// A request with a living token. Others get 401 before their route runs, and 403 who asks for another user.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: UserPlace,
    pub(crate) token: String,
    pub(crate) device: Device,
    pub(crate) parameters: Parameters,
}

impl FromRequestParts<Arc<JellyfinState>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<JellyfinState>) -> Result<Self, Response> {
        let parameters = Parameters::of(&parts.uri);
        let (device, token) = read(&parts.headers, &parameters, legacy(state));
        let token = token.ok_or_else(unauthorized)?;
        let user = {
            let mut tokens = state.tokens();
            let known = tokens.iter_mut().find(|known| known.secret == token).ok_or_else(unauthorized)?;
            if device.is_complete() && device.id == known.device.id {
                known.device = device.clone();
            }
            known.user
        };
        let (id, disabled) = match state.users().get(user.0) {
            Some(user) => (user.id.clone(), user.disabled),
            None => return Err(unauthorized()),
        };
        if disabled {
            return Err(unauthorized());
        }
        if parameters.get("userId").is_some_and(|asked| plain(asked) != id) {
            return Err(StatusCode::FORBIDDEN.into_response());
        }
        Ok(Self { user, token, device, parameters })
    }
}

fn legacy(state: &JellyfinState) -> bool {
    state.setup.version.takes_legacy_authorization()
}

/// The device and the token of a request. `legacy` allows the older headers and the older parameter.
fn read(headers: &HeaderMap, parameters: &Parameters, legacy: bool) -> (Device, Option<String>) {
    let text = |name: &str| headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let header = text("authorization").or_else(|| text("x-emby-authorization").filter(|_| legacy));
    let pairs = header.map(|header| header_pairs(header, legacy)).unwrap_or_default();
    let value = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let device = Device {
        client: value("Client"),
        name: value("Device"),
        id: value("DeviceId"),
        version: value("Version"),
    };
    let older = || text("x-emby-token").or_else(|| text("x-mediabrowser-token")).filter(|_| legacy);
    let token = Some(value("Token"))
        .filter(|token| !token.is_empty())
        .or_else(|| older().map(str::to_owned))
        .or_else(|| query_token(parameters, legacy));
    (device, token)
}

/// `ApiKey`, or where it is allowed still `api_key`.
fn query_token(parameters: &Parameters, legacy: bool) -> Option<String> {
    let older = || parameters.get("api_key").filter(|_| legacy);
    parameters.get("ApiKey").or_else(older).map(str::to_owned)
}

/// The pairs after the scheme; none after a scheme that is another's.
fn header_pairs(header: &str, legacy: bool) -> Vec<(String, String)> {
    let Some((scheme, rest)) = header.split_once(' ') else { return Vec::new() };
    let ours = scheme.eq_ignore_ascii_case("MediaBrowser") || legacy && scheme.eq_ignore_ascii_case("Emby");
    if !ours {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (place, character) in rest.char_indices().chain([(rest.len(), ',')]) {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted || place == rest.len() => {
                pairs.extend(rest.get(start..place).and_then(pair));
                start = place + 1;
            }
            _ => {}
        }
    }
    pairs
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    // Values are encoded as in a form: a plus sign is a space.
    let spaced = value.trim().trim_matches('"').replace('+', " ");
    let value = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
    Some((name.trim().to_owned(), value))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &str, legacy: bool) -> (Device, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        read(&headers, &Parameters::default(), legacy)
    }

    #[test]
    fn values_are_encoded_as_in_a_form() {
        let header = "MediaBrowser Client=\"Example%20Player\", Device=\"B%C3%BCro+%222%22%2C left, desk\",\
                      DeviceId=\"b2f7\" , Version=\"0.4.1\", Token=\"6d1c\"";
        let (device, token) = of("authorization", header, false);
        assert_eq!(
            (device.client.as_str(), device.name.as_str()),
            ("Example Player", "Büro \"2\", left, desk")
        );
        assert!(device.is_complete());
        assert_eq!(token.as_deref(), Some("6d1c"));
    }

    #[test]
    fn another_scheme_hides_the_token() {
        for header in ["Basic Token=\"6d1c\"", "Bearer 6d1c", "MediaBrowser", "6d1c"] {
            assert_eq!(of("authorization", header, true).1, None, "{header}");
        }
    }

    #[test]
    fn older_forms_end_with_their_switch() {
        for (name, value) in [("authorization", "Emby Token=\"6d1c\""), ("x-emby-token", "6d1c")] {
            assert_eq!(of(name, value, true).1.as_deref(), Some("6d1c"));
            assert_eq!(of(name, value, false).1, None);
        }
    }
}
