//! The users of a Home, and becoming one of them (`docs/protocols.md#plex-home`).

use secrecy::SecretString;
use serde::Deserialize;

use crate::backends::plex::scalar::{Loose, Many};

pub(super) const LISTING: &str = "list the users of the Home";
pub(super) const SWITCHING: &str = "switch the user of the Home";

/// A user of a Home.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, as plex.tv tells them")]
pub struct HomeUser {
    /// Its id.
    pub uuid: String,
    /// The name to show.
    pub name: String,
    /// Its picture: an address to be fetched without a token.
    pub picture: Option<String>,
    /// Whether a PIN is asked for.
    pub protected: bool,
    /// Whether it is the account that the Home belongs to.
    pub admin: bool,
    /// Whether it is an account of its own that visits.
    pub guest: bool,
    /// Whether it sees a part only.
    pub restricted: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct HomeReply {
    users: Many<UserReply>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct UserReply {
    uuid: Loose<String>,
    friendly_name: Loose<String>,
    title: Loose<String>,
    username: Loose<String>,
    thumb: Loose<String>,
    protected: Loose<bool>,
    admin: Loose<bool>,
    guest: Loose<bool>,
    restricted: Loose<bool>,
}

/// What a switch answers with, besides the account itself.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SwitchReply {
    auth_token: Loose<String>,
}

impl SwitchReply {
    /// The token of the user for plex.tv.
    pub(super) fn token(&self) -> Option<SecretString> {
        self.auth_token.get().map(SecretString::from)
    }
}

/// The users, those without an id left out.
pub(super) fn users(reply: &HomeReply) -> Vec<HomeUser> {
    reply.users.0.iter().filter_map(user).collect()
}

fn user(reply: &UserReply) -> Option<HomeUser> {
    let uuid = reply.uuid.get()?;
    let name = reply.friendly_name.get().or_else(|| reply.title.get()).or_else(|| reply.username.get());
    Some(HomeUser {
        name: name.unwrap_or_else(|| uuid.clone()),
        uuid,
        picture: reply.thumb.get(),
        protected: reply.protected.is_true(),
        admin: reply.admin.is_true(),
        guest: reply.guest.is_true(),
        restricted: reply.restricted.is_true(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn users_are_read_and_those_without_an_id_left_out() {
        let reply: HomeReply = serde_json::from_str(
            r#"{"id":1,"name":"Home","users":[
                {"id":5550001,"uuid":"aa11","title":"Ana","username":"ana","admin":true,"protected":"1","thumb":""},
                {"id":5550002,"title":"No uuid"}, 17,
                {"uuid":"bb22","restricted":true,"title":null}
            ]}"#,
        )
        .unwrap();
        let users = users(&reply);
        assert_eq!(users.len(), 2);
        assert_eq!((users[0].name.as_str(), users[0].protected, users[0].admin), ("Ana", true, true));
        assert_eq!((users[1].name.as_str(), users[1].restricted, users[1].protected), ("bb22", true, false));
    }

    #[test]
    fn a_home_without_users_is_empty() {
        for text in ["{}", r#"{"users":null}"#] {
            assert!(users(&serde_json::from_str(text).unwrap()).is_empty(), "{text}");
        }
    }
}
