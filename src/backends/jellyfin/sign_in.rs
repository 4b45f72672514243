//! Getting a token and giving it back (`docs/protocols.md#jellyfin-sign-in`).
//!
//! A password is exchanged for a token and forgotten. A refused one is never sent again by itself: some
//! servers lock an account after three tries. The caller has checked the server's identity before.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tracing::debug;

use super::client::api_client;
use super::dto::{AuthenticationDto, UserDto};
use super::images;
use super::tolerant::object;
use crate::backends::error::While as _;
use crate::backends::{BackendError, ClientIdentity, Result};
use crate::models::{ImageKey, MachineId, ServerUrl};
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, Method};

pub(super) const SIGN_IN: &str = "sign in";

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub struct Session {
    /// The user's token for this device. It does not expire by itself.
    pub token: SecretString,
    /// The server's id of the user.
    pub user_id: String,
    /// The name as the server writes it.
    pub user_name: String,
    /// The server that gave the token.
    pub server: MachineId,
}

/// A user that the server shows before a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUser {
    /// The server's id of the user.
    pub id: String,
    /// Shown name, and the name to sign in with.
    pub name: String,
    /// Portrait, to be fetched by [`super::image_request`].
    pub image: Option<ImageKey>,
    /// Whether a password is asked for.
    pub has_password: bool,
}

/// Signs in with name and password; the password may be empty. An older token of this user for the same
/// device id ends by it.
///
/// # Errors
/// `Unauthorized` for a wrong name or password, `Forbidden` for a user who may not, from here or now,
/// `Invalid` without a name.
pub async fn with_password(
    pool: &HttpPool,
    base: &ServerUrl,
    client: &ClientIdentity,
    name: &str,
    password: &SecretString,
) -> Result<Session> {
    if name.trim().is_empty() {
        return Err(BackendError::new(ErrorKind::Invalid, SIGN_IN));
    }
    let body = json!({ "Username": name, "Pw": password.expose_secret() });
    let api = api_client(pool, base, client, None).context(SIGN_IN)?;
    let reply = api.send(Call::post("/Users/AuthenticateByName").json(body)).await.context(SIGN_IN)?;
    session(reply.json().context(SIGN_IN)?)
}

/// Reads what every way of signing in answers with.
pub(super) fn session(dto: AuthenticationDto) -> Result<Session> {
    let user = dto.user.0.unwrap_or_default();
    let server = dto.server_id.owned().or_else(|| user.server_id.owned());
    match (dto.access_token.owned(), user.id.owned(), server) {
        (Some(token), Some(user_id), Some(server)) => Ok(Session {
            token: SecretString::from(token),
            user_name: user.name.owned().unwrap_or_default(),
            user_id,
            server: MachineId::new(server),
        }),
        _ => Err(BackendError::new(ErrorKind::Decode, SIGN_IN)),
    }
}

/// The users that the server shows to anybody: maybe none, so that typing a name stays possible.
///
/// # Errors
/// A network kind, or `Decode`.
pub async fn public_users(pool: &HttpPool, base: &ServerUrl) -> Result<Vec<PublicUser>> {
    let context = "list users";
    let reply = ApiClient::new(pool, base.clone()).send(Call::get("/Users/Public")).await.context(context)?;
    let entries: Vec<Value> = reply.json().context(context)?;
    Ok(entries.into_iter().filter_map(public_user).collect())
}

fn public_user(entry: Value) -> Option<PublicUser> {
    let dto: UserDto = object(entry)?;
    Some(PublicUser {
        id: dto.id.owned()?,
        name: dto.name.owned()?,
        image: images::of_user(&dto.id, &dto.primary_image_tag),
        has_password: dto.has_password.0.unwrap_or(true),
    })
}

/// Ends the token at the server, if it can be reached. The local secret goes whatever comes of it.
pub async fn sign_out(pool: &HttpPool, base: &ServerUrl, client: &ClientIdentity, token: &SecretString) {
    let result = match api_client(pool, base, client, Some(token)) {
        Ok(api) => api.send(Call::new(Method::Post, "/Sessions/Logout")).await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = result {
        debug!(kind = ?error.kind, "sign-out did not reach the server");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(json: Value) -> Result<Session> {
        session(serde_json::from_value(json).unwrap())
    }

    #[test]
    fn a_session_needs_token_user_and_server() {
        let session = read(json!({
            "User": {"Name": "ana", "ServerId": "4f3a", "Id": "9f0e", "Policy": {"IsAdministrator": false}},
            "SessionInfo": {"Id": "a1b2"}, "AccessToken": "6d1c", "ServerId": "4f3a"
        }))
        .unwrap();
        assert_eq!((session.user_id.as_str(), session.user_name.as_str()), ("9f0e", "ana"));
        assert_eq!(session.token.expose_secret(), "6d1c");
        assert_eq!(session.server, MachineId::new("4f3a"));
        for broken in [
            json!({}),
            json!({"User": {"Id": "9f0e"}, "ServerId": "4f3a"}),
            json!({"AccessToken": "6d1c", "ServerId": "4f3a"}),
            json!({"User": {"Id": "9f0e"}, "AccessToken": "6d1c"}),
        ] {
            assert_eq!(read(broken).unwrap_err().kind(), ErrorKind::Decode);
        }
    }

    #[test]
    fn debug_hides_the_token() {
        let session = Session {
            token: SecretString::from("6d1c"),
            user_id: "9f0e".to_owned(),
            user_name: "ana".to_owned(),
            server: MachineId::new("4f3a"),
        };
        assert!(!format!("{session:?}").contains("6d1c"));
    }

    #[test]
    fn a_user_without_name_is_left_out() {
        assert_eq!(public_user(json!({"Id": "1"})), None);
        let ana = public_user(
            json!({"Name": "ana", "Id": "9f0e", "PrimaryImageTag": "1c9d", "HasPassword": false}),
        );
        let ana = ana.unwrap();
        assert_eq!(ana.image.unwrap().as_str(), "9f0e/User/0/1c9d");
        assert!(!ana.has_password);
    }
}
