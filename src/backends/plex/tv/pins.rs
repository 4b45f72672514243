//! PINs: a person approves this installation in a browser (`docs/protocols.md#plex-pin`).

use std::fmt;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use crate::backends::plex::scalar::Loose;
use crate::backends::{BackendError, ClientIdentity, Result};
use crate::net::{ErrorKind, NetError, Reply};

pub(super) const CREATING: &str = "ask for a PIN";
pub(super) const POLLING: &str = "look at the PIN";

/// How long a PIN lives when the service does not say: half of its usual life.
const USUAL_LIFE: TimeDelta = TimeDelta::minutes(15);

/// A PIN that waits for approval.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its number.
    pub id: u64,
    /// What the approval page is opened with.
    pub code: String,
    /// When it ends, by this machine's clock.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Pin {
    /// Without the code: whoever has it can be approved.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pin").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What became of a PIN.
#[derive(Debug, Clone)]
pub enum PinState {
    /// Nobody approved it yet.
    Waiting,
    /// It was approved: the account's token.
    Approved(SecretString),
    /// It ended without approval.
    Expired,
}

/// The answers about a PIN. They tell where the person is, too: that is not read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PinReply {
    id: Loose<u64>,
    code: Loose<String>,
    /// Seconds.
    expires_in: Loose<i64>,
    expires_at: Loose<String>,
    auth_token: Loose<String>,
}

/// A new PIN. The rest of its life counts from now, so that a wrong clock does no harm.
pub(super) fn read(reply: &PinReply, now: DateTime<Utc>) -> Result<Pin> {
    let (Some(id), Some(code)) = (reply.id.get(), reply.code.get()) else {
        return Err(BackendError::new(ErrorKind::Decode, CREATING));
    };
    let life = reply.expires_in.get().and_then(TimeDelta::try_seconds);
    let ends = life.and_then(|life| now.checked_add_signed(life));
    let named = || reply.expires_at.text().and_then(|text| text.parse().ok());
    Ok(Pin { id, code, expires_at: ends.or_else(named).unwrap_or(now + USUAL_LIFE) })
}

/// What an answer, or none, says about a PIN.
pub(super) fn state(
    reply: Result<Reply, NetError>,
    pin: &Pin,
    now: DateTime<Utc>,
) -> Result<PinState, NetError> {
    match reply.and_then(|reply| answered(&reply)) {
        Ok(PinState::Approved(token)) => Ok(PinState::Approved(token)),
        // The service may be away until the PIN has ended.
        _ if now >= pin.expires_at => Ok(PinState::Expired),
        other => other,
    }
}

fn answered(reply: &Reply) -> Result<PinState, NetError> {
    match reply.head.status {
        200..=299 => {
            let token = reply.json::<PinReply>()?.auth_token.get();
            Ok(token.map_or(PinState::Waiting, |token| PinState::Approved(SecretString::from(token))))
        }
        404 | 410 => Ok(PinState::Expired),
        status => Err(NetError::from_status(status, reply.head.retry_after)),
    }
}

/// What follows the `#` of the approval page, encoded.
pub(super) fn approval_fragment(pin: &Pin, client: &ClientIdentity) -> String {
    let mut fragment = String::from("?");
    let values = [
        ("clientID", client.device_id.as_str()),
        ("code", pin.code.as_str()),
        ("context[device][product]", ClientIdentity::PRODUCT),
        ("context[device][version]", ClientIdentity::VERSION),
        ("context[device][platform]", "Linux"),
        ("context[device][deviceName]", client.device_name.as_str()),
    ];
    for (place, (name, value)) in values.into_iter().enumerate() {
        if place > 0 {
            fragment.push('&');
        }
        encode(&mut fragment, name);
        fragment.push('=');
        encode(&mut fragment, value);
    }
    fragment
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
fn encode(target: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                target.push(char::from(byte));
            }
            // Writing into a text cannot fail.
            _ => drop(write!(target, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::net::ReplyHead;

    const NEW: &str = include_str!("../../../../tests/fixtures/plex-api-0.0.12/pins_new.json");
    const LINKED: &str = include_str!("../../../../tests/fixtures/plex-api-0.0.12/pins_linked.json");

    fn noon() -> DateTime<Utc> {
        "2025-01-02T12:00:00Z".parse().unwrap()
    }

    fn pin() -> Pin {
        read(&serde_json::from_str(NEW).unwrap(), noon()).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "what an exchange gives")]
    fn reply(status: u16, body: &str) -> Result<Reply, NetError> {
        let head = ReplyHead {
            status,
            content_type: Some("application/json".to_owned()),
            date: None,
            retry_after: None,
            redirect_host: None,
            address: None,
            latency: Duration::ZERO,
            timings: crate::net::Timings::default(),
            validators: crate::net::Validators::default(),
        };
        Ok(Reply { head, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn a_new_pin_counts_its_life_from_now() {
        let pin = pin();
        assert_eq!((pin.id, pin.code.as_str()), (111_222_333, "CODE"));
        assert_eq!(pin.expires_at, noon() + TimeDelta::seconds(900));
        assert!(!format!("{pin:?}").contains("CODE"));
    }

    #[test]
    fn the_end_may_be_named_or_unknown() {
        let read_text = |text: &str| read(&serde_json::from_str(text).unwrap(), noon());
        let named = read_text(r#"{"id":"7","code":"c","expiresAt":"2025-01-02T12:30:00Z"}"#).unwrap();
        assert_eq!(named.expires_at, noon() + TimeDelta::minutes(30));
        assert_eq!(read_text(r#"{"id":7,"code":"c"}"#).unwrap().expires_at, noon() + USUAL_LIFE);
        assert_eq!(read_text(r#"{"id":7}"#).unwrap_err().kind(), ErrorKind::Decode);
    }

    #[test]
    fn answers_say_what_became_of_a_pin() {
        let pin = pin();
        let late = pin.expires_at;
        assert!(matches!(state(reply(200, NEW), &pin, noon()), Ok(PinState::Waiting)));
        assert!(matches!(state(reply(200, NEW), &pin, late), Ok(PinState::Expired)));
        assert!(matches!(state(reply(404, "{}"), &pin, noon()), Ok(PinState::Expired)));
        let approved = state(reply(200, LINKED), &pin, noon()).unwrap();
        assert!(!format!("{approved:?}").contains("auth_token"));
        assert!(matches!(approved, PinState::Approved(token) if token.expose_secret() == "auth_token"));
    }

    #[test]
    fn a_failure_to_ask_is_not_an_answer() {
        let pin = pin();
        for (status, kind) in
            [(429, ErrorKind::RateLimited), (502, ErrorKind::Server), (401, ErrorKind::Unauthorized)]
        {
            assert_eq!(state(reply(status, "{}"), &pin, noon()).unwrap_err().kind, kind);
        }
        assert!(matches!(state(reply(502, ""), &pin, pin.expires_at), Ok(PinState::Expired)));
        let unreachable = NetError::new(ErrorKind::Unreachable, "");
        assert!(state(Err(unreachable), &pin, noon()).is_err());
        let portal = state(reply(200, "<html></html>"), &pin, noon()).unwrap_err();
        assert_eq!(portal.kind, ErrorKind::CaptivePortal);
    }
}
