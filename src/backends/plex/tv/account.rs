//! The account behind a token.

use serde::Deserialize;

use crate::backends::plex::scalar::Loose;
use crate::backends::{BackendError, Result};
use crate::net::ErrorKind;

pub(super) const READING: &str = "read the account";

/// An account of plex.tv, or a user of its Home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub uuid: String,
    /// The name to show.
    pub name: String,
    /// Its picture: an address to be fetched without a token.
    pub picture: Option<String>,
    /// Whether it belongs to a Home with several users.
    pub home: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AccountReply {
    uuid: Loose<String>,
    friendly_name: Loose<String>,
    title: Loose<String>,
    username: Loose<String>,
    thumb: Loose<String>,
    home: Loose<bool>,
}

/// The account; `Decode` without an id.
#[expect(clippy::needless_pass_by_value, reason = "the reply is used up")]
pub(super) fn read(reply: AccountReply) -> Result<Account> {
    let uuid = reply.uuid.get().ok_or_else(|| BackendError::new(ErrorKind::Decode, READING))?;
    let name = reply.friendly_name.get().or_else(|| reply.title.get()).or_else(|| reply.username.get());
    Ok(Account {
        name: name.unwrap_or_else(|| uuid.clone()),
        uuid,
        picture: reply.thumb.get(),
        home: reply.home.is_true(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const FREE: &str = include_str!("../../../../tests/fixtures/plex-api-0.0.12/user_info_free.json");

    #[test]
    fn an_account_is_read() {
        let account = read(serde_json::from_str(FREE).unwrap()).unwrap();
        assert_eq!(account.uuid, "212acf24b07315e5");
        assert_eq!(account.name, "user@example.com");
        assert!(!account.home);
    }

    #[test]
    fn the_friendly_name_wins_and_an_id_is_needed() {
        let account = |text: &str| read(serde_json::from_str(text).unwrap());
        let named = account(r#"{"uuid":"aa11","friendlyName":"Ana","username":"ana99","home":"1"}"#).unwrap();
        assert_eq!((named.name.as_str(), named.home), ("Ana", true));
        assert_eq!(account(r#"{"uuid":"aa11"}"#).unwrap().name, "aa11");
        assert_eq!(account(r#"{"username":"ana"}"#).unwrap_err().kind(), ErrorKind::Decode);
    }
}
