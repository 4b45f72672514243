//! plex.tv: signing in by PIN, the account, and its servers (`docs/protocols.md#plex-tv`).
//!
//! The account's token goes to plex.tv only; each server has a token of its own. A token is dead when the
//! account request answers 401 and only then: every other failure says nothing about it.

mod account;
mod home;
mod pins;
mod resources;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

pub use account::Account;
pub use home::HomeUser;
pub use pins::{Pin, PinState};
pub use resources::PlexServer;

use super::client::{api_client, headers};
use crate::backends::error::While as _;
use crate::backends::{BackendError, ClientIdentity, Result};
use crate::models::ServerUrl;
use crate::net::{ApiClient, Call, ErrorKind, HttpPool, Method};

/// Where the account service is, unless a test says otherwise.
pub const PLEX_TV: &str = "https://plex.tv";

/// The page on which a person approves a PIN, whatever the base is.
const APPROVAL_PAGE: &str = "https://app.plex.tv/auth";

/// The account service. Made for one task and dropped after it.
#[derive(Debug, Clone)]
pub struct PlexTv {
    pool: HttpPool,
    base: ServerUrl,
    client: ClientIdentity,
}

impl PlexTv {
    /// The service at `base`; see [`PLEX_TV`].
    pub fn new(pool: &HttpPool, base: ServerUrl, client: ClientIdentity) -> Self {
        Self { pool: pool.clone(), base, client }
    }

    /// Asks for a PIN for the [page](Self::auth_page) in a browser. Never repeated by itself.
    pub async fn create_pin(&self) -> Result<Pin> {
        self.new_pin(Call::post("/api/v2/pins").query("strong", true)).await
    }

    /// Asks for a PIN whose code is short enough to be typed at `plex.tv/link`. It lives shorter, too. Never
    /// repeated by itself.
    pub async fn create_short_pin(&self) -> Result<Pin> {
        self.new_pin(Call::post("/api/v2/pins")).await
    }

    async fn new_pin(&self, call: Call) -> Result<Pin> {
        let reply = self.api(None)?.send(call).await.context(pins::CREATING)?;
        pins::read(&reply.json().context(pins::CREATING)?, chrono::Utc::now())
    }

    /// The page to open in a browser.
    pub fn auth_page(&self, pin: &Pin) -> Url {
        // A constant always parses; the type wants another answer all the same.
        let mut url = Url::parse(APPROVAL_PAGE).unwrap_or_else(|_| self.base.join("auth"));
        url.set_fragment(Some(&pins::approval_fragment(pin, &self.client)));
        url
    }

    /// Looks whether a PIN was approved. Call it every two seconds.
    ///
    /// # Errors
    /// A failure to ask says nothing about the PIN: go on until [`PinState::Expired`].
    pub async fn poll_pin(&self, pin: &Pin) -> Result<PinState> {
        let call = Call::get("/api/v2/pins/{}").segment(pin.id.to_string());
        let reply = self.api(None)?.exchange(call).await;
        pins::state(reply, pin, chrono::Utc::now()).context(pins::POLLING)
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// `Unauthorized` means that the token is dead; no other kind does.
    pub async fn account(&self, token: &SecretString) -> Result<Account> {
        let reply = self.api(Some(token))?.send(Call::get("/api/v2/user")).await.context(account::READING)?;
        account::read(reply.json().context(account::READING)?)
    }

    /// The servers that the account may use, its own and shared ones, with all usable connections.
    pub async fn servers(&self, token: &SecretString) -> Result<Vec<PlexServer>> {
        let client = api_client(&self.pool, &self.resources_base(), &headers(&self.client, Some(token)))
            .context(resources::LISTING)?;
        let call = Call::get("/api/v2/resources")
            .query("includeHttps", 1)
            .query("includeRelay", 1)
            .query("includeIPv6", 1);
        let reply = client.send(call).await.context(resources::LISTING)?;
        Ok(resources::servers(&reply.json().context(resources::LISTING)?))
    }

    /// The users of the Home that the account belongs to.
    pub async fn home_users(&self, token: &SecretString) -> Result<Vec<HomeUser>> {
        let call = Call::get("/api/v2/home/users");
        let reply = self.api(Some(token))?.send(call).await.context(home::LISTING)?;
        Ok(home::users(&reply.json().context(home::LISTING)?))
    }

    /// Becomes a user of the Home: whose account it is, and its token for plex.tv. Never repeated by itself.
    ///
    /// # Errors
    /// `Unauthorized` or `Forbidden` for a wrong PIN; `Unauthorized` also when the token is dead.
    pub async fn switch_user(
        &self,
        token: &SecretString,
        uuid: &str,
        pin: Option<&SecretString>,
    ) -> Result<(Account, SecretString)> {
        let mut call = Call::post("/api/v2/home/users/{}/switch").segment(uuid);
        if let Some(pin) = pin {
            call = call.query("pin", pin.expose_secret());
        }
        let reply = self.api(Some(token))?.send(call).await.context(home::SWITCHING)?;
        let account = account::read(reply.json().context(home::SWITCHING)?)?;
        let switched: home::SwitchReply = reply.json().context(home::SWITCHING)?;
        let token = switched.token();
        Ok((account, token.ok_or_else(|| BackendError::new(ErrorKind::Decode, home::SWITCHING))?))
    }

    /// Makes the token invalid. One that is invalid already is no failure.
    pub async fn sign_out(&self, token: &SecretString) -> Result<()> {
        let doing = "sign out";
        let call = Call::new(Method::Delete, "/api/v2/users/signout");
        match self.api(Some(token))?.send(call).await {
            Err(error) if error.status == Some(401) => Ok(()),
            result => result.context(doing).map(drop),
        }
    }

    fn api(&self, token: Option<&SecretString>) -> Result<ApiClient> {
        api_client(&self.pool, &self.base, &headers(&self.client, token)).context("use plex.tv")
    }

    /// Resources of the real service live on a host of their own.
    fn resources_base(&self) -> ServerUrl {
        if self.base.as_str() == PLEX_TV {
            "https://clients.plex.tv".parse().unwrap_or_else(|_| self.base.clone())
        } else {
            self.base.clone()
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn tv(base: &str) -> PlexTv {
        let client = ClientIdentity { device_id: "5f2c".into(), device_name: "attic".into() };
        PlexTv::new(&HttpPool::new().unwrap(), base.parse().unwrap(), client)
    }

    #[test]
    fn resources_have_a_host_of_their_own() {
        assert_eq!(tv(PLEX_TV).resources_base().as_str(), "https://clients.plex.tv");
        assert_eq!(tv("http://127.0.0.1:9").resources_base().as_str(), "http://127.0.0.1:9");
    }

    #[test]
    fn the_approval_page_is_the_vendors_whatever_the_base() {
        let pin = Pin { id: 7, code: "a b&c".into(), expires_at: chrono::Utc::now() };
        let page = tv("http://127.0.0.1:9").auth_page(&pin);
        let expected = concat!(
            "https://app.plex.tv/auth#?clientID=5f2c&code=a%20b%26c&context%5Bdevice%5D%5Bproduct%5D=Reel",
            "&context%5Bdevice%5D%5Bversion%5D=",
            env!("CARGO_PKG_VERSION"),
            "&context%5Bdevice%5D%5Bplatform%5D=Linux&context%5Bdevice%5D%5BdeviceName%5D=attic"
        );
        assert_eq!(page.as_str(), expected);
    }
}
