//! Quick Connect: a person who is signed in elsewhere approves a code (`docs/protocols.md#jellyfin-sign-in`).
//!
//! The caller has checked the server's identity before. Nothing here is repeated by itself.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::client::api_client;
use super::dto::AuthenticationDto;
use super::sign_in::{SIGN_IN, Session, session};
use super::tolerant::Maybe;
use crate::backends::error::While as _;
use crate::backends::{BackendError, ClientIdentity, Result};
use crate::models::ServerUrl;
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, NetError, Reply};

const BEGIN: &str = "ask for a code";
const POLL: &str = "look at the code";

/// A code that waits for approval.
#[derive(Clone)]
pub struct Code {
    /// What a person types where they are signed in: six digits.
    pub code: String,
    /// What the approval is asked for with.
    secret: SecretString,
}

impl fmt::Debug for Code {
    /// Without the code: whoever has it can be approved.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// Nobody approved it yet.
    Waiting,
    /// It was approved: [`sign_in`] gives the session.
    Approved,
    /// It ended without approval.
    Expired,
    /// The administrator has switched Quick Connect off meanwhile.
    Disabled,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct RequestDto {
    authenticated: Maybe<bool>,
    secret: Maybe<String>,
    code: Maybe<String>,
}

/// Whether the server offers it. One that does not know the question does not.
///
/// # Errors
/// A network kind.
pub async fn is_enabled(pool: &HttpPool, base: &ServerUrl) -> Result<bool> {
    let call = Call::get("/QuickConnect/Enabled");
    match ApiClient::new(pool, base.clone()).send(call).await {
        Ok(reply) => Ok(reply.json().unwrap_or(false)),
        Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Unauthorized) => Ok(false),
        Err(error) => Err(error).context("look for Quick Connect"),
    }
}

/// Asks for a code.
///
/// # Errors
/// `Unauthorized` when the server does not offer it.
pub async fn begin(pool: &HttpPool, base: &ServerUrl, client: &ClientIdentity) -> Result<Code> {
    let api = api_client(pool, base, client, None).context(BEGIN)?;
    let reply = api.send(Call::post("/QuickConnect/Initiate")).await.context(BEGIN)?;
    let request: RequestDto = reply.json().context(BEGIN)?;
    match (request.code.owned(), request.secret.owned()) {
        (Some(code), Some(secret)) => Ok(Code { code, secret: SecretString::from(secret) }),
        _ => Err(BackendError::new(ErrorKind::Decode, BEGIN)),
    }
}

/// Looks whether a code was approved.
///
/// # Errors
/// A failure to ask says nothing about the code.
pub async fn poll(
    pool: &HttpPool,
    base: &ServerUrl,
    client: &ClientIdentity,
    code: &Code,
) -> Result<CodeState> {
    let api = api_client(pool, base, client, None).context(POLL)?;
    let call = Call::get("/QuickConnect/Connect").query("secret", code.secret.expose_secret());
    let reply = api.exchange(call).await.context(POLL)?;
    state(&reply).context(POLL)
}

fn state(reply: &Reply) -> Result<CodeState, NetError> {
    match reply.head.status {
        200..=299 => {
            let approved = reply.json::<RequestDto>()?.authenticated.0.unwrap_or(false);
            Ok(if approved { CodeState::Approved } else { CodeState::Waiting })
        }
        401 => Ok(CodeState::Disabled),
        404 => Ok(CodeState::Expired),
        status => Err(NetError::from_status(status, reply.head.retry_after)),
    }
}

/// Signs in with an approved code. An older token of the user for the same device id ends by it.
///
/// # Errors
/// `Forbidden` for a user who may not, `NotFound` or `Unauthorized` for a code that is no longer good.
pub async fn sign_in(
    pool: &HttpPool,
    base: &ServerUrl,
    client: &ClientIdentity,
    code: &Code,
) -> Result<Session> {
    let body = json!({ "Secret": code.secret.expose_secret() });
    let api = api_client(pool, base, client, None).context(SIGN_IN)?;
    let call = Call::post("/Users/AuthenticateWithQuickConnect").json(body);
    let reply = api.send(call).await.context(SIGN_IN)?;
    session(reply.json::<AuthenticationDto>().context(SIGN_IN)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::net::ReplyHead;

    fn reply(status: u16, body: &str) -> Reply {
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
        Reply { head, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn answers_say_what_became_of_a_code() {
        for (status, body, wanted) in [
            (200, r#"{"Authenticated":false,"Secret":"7B","Code":"402913"}"#, CodeState::Waiting),
            (200, r#"{"Authenticated":true}"#, CodeState::Approved),
            (200, r#"{"Authenticated":"perhaps"}"#, CodeState::Waiting),
            (404, "", CodeState::Expired),
            (401, "", CodeState::Disabled),
        ] {
            assert_eq!(state(&reply(status, body)).unwrap(), wanted, "{status} {body}");
        }
        for status in [400, 429, 502] {
            assert!(state(&reply(status, "")).is_err(), "{status} says nothing about the code");
        }
        assert!(state(&reply(200, "<html></html>")).is_err());
    }

    #[test]
    fn debug_hides_code_and_secret() {
        let code = Code { code: "402913".to_owned(), secret: SecretString::from("7B1E") };
        assert_eq!(format!("{code:?}"), "Code");
    }
}
