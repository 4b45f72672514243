//! Starting a pretended plex.tv, and acting in it as the user at the browser would.

use super::routes::router;
use super::state::{Account, Shared, TvState};
use crate::connection::{Addresses, Connection, ConnectionPlan, Reach};
use crate::faults::Faults;
use crate::plex::ServerListing;
use crate::record::Recorder;
use chrono::Duration;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How long a strong PIN lives.
const STRONG_PIN_LIFE: Duration = Duration::seconds(1800);

/// Name of its connection.
const NAME: &str = "plex.tv";

/// What a plex.tv is made from.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct PlexTvBuilder {
    accounts: Vec<Account>,
    servers: Vec<Shared>,
    auto_approve: bool,
    pin_life: Duration,
    port: u16,
}

impl PlexTvBuilder {
    /// An account with its first token. The first account is the administrator of the Home, the others are
    /// its members.
    pub fn account(mut self, username: &str, token: &str) -> Self {
        self.accounts.push(Account::new(self.accounts.len(), username, token, None));
        self
    }

    /// A member of the Home that a number protects.
    pub fn protected_account(mut self, username: &str, token: &str, pin: &str) -> Self {
        self.accounts.push(Account::new(self.accounts.len(), username, token, Some(pin)));
        self
    }

    /// A server of the first account. Accounts see it when the server has a user of their name.
    pub fn server(self, listing: ServerListing) -> Self {
        self.share(listing, true)
    }

    /// A server that somebody else shares with the accounts.
    pub fn shared_server(self, listing: ServerListing) -> Self {
        self.share(listing, false)
    }

    fn share(mut self, listing: ServerListing, owned: bool) -> Self {
        self.servers.push(Shared { listing, owned, presence: true });
        self
    }

    /// Approves every PIN when it is first looked at: for demonstrations.
    pub fn auto_approve(mut self, auto_approve: bool) -> Self {
        self.auto_approve = auto_approve;
        self
    }

    /// How long a strong PIN lives; half an hour when not given.
    pub fn pin_life(mut self, life: Duration) -> Self {
        self.pin_life = life;
        self
    }

    /// The port; any free one when not given.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on loopback.
    #[expect(clippy::unused_async, reason = "as the other servers are started")]
    pub async fn start(self) -> io::Result<PlexTv> {
        let state = Arc::new(TvState::new(self.accounts, self.servers, self.auto_approve, self.pin_life));
        let plan = ConnectionPlan::new(NAME, Reach::Remote).port(self.port);
        let addresses = Addresses::open(&router(Arc::clone(&state)), &[plan], None)?;
        let connection = addresses.named(NAME).cloned().ok_or(io::ErrorKind::NotFound)?;
        Ok(PlexTv { state, connection, addresses })
    }
}

/// A pretended plex.tv that runs until it is dropped.
#[derive(Debug)]
pub struct PlexTv {
    state: Arc<TvState>,
    connection: Connection,
    addresses: Addresses,
}

impl PlexTv {
    /// A plex.tv without accounts and servers.
    pub fn builder() -> PlexTvBuilder {
        PlexTvBuilder {
            accounts: Vec::new(),
            servers: Vec::new(),
            auto_approve: false,
            pin_life: STRONG_PIN_LIFE,
            port: 0,
        }
    }

    /// Its address: stands for `https://plex.tv` and `https://clients.plex.tv`.
    pub fn base_url(&self) -> &str {
        self.connection.uri()
    }

    /// Its one connection, to be switched: off is plex.tv that is down.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Requests that arrived.
    pub fn recorder(&self) -> &Recorder {
        &self.addresses.recorder
    }

    /// Faults; the connection is named `plex.tv`.
    pub fn faults(&self) -> &Faults {
        &self.addresses.faults
    }

    /// Codes of the PINs that wait to be approved, oldest first.
    pub fn waiting_pins(&self) -> Vec<String> {
        self.state.lock().waiting()
    }

    /// Whether every PIN is approved when it is looked at.
    pub fn set_auto_approve(&self, auto_approve: bool) {
        self.state.auto_approve.store(auto_approve, Ordering::Relaxed);
    }

    /// Approves a PIN for the first account, as the user does in the browser; false when there is none.
    pub fn approve_pin(&self, code: &str) -> bool {
        self.state.lock().approve(code, 0)
    }

    /// Approves a PIN for the account of this name.
    pub fn approve_pin_as(&self, code: &str, username: &str) -> bool {
        let mut inner = self.state.lock();
        let account = inner.accounts.iter().position(|account| account.username == username);
        account.is_some_and(|account| inner.approve(code, account))
    }

    /// Makes a PIN expire now.
    pub fn expire_pin(&self, code: &str) {
        self.state.lock().expire(code);
    }

    /// Ends a token of an account, as a password change elsewhere does; false when it was not alive.
    pub fn revoke(&self, token: &str) -> bool {
        self.state.lock().revoke(token)
    }

    /// Ends every token of every account.
    pub fn revoke_all(&self) {
        self.state.lock().revoke_all();
    }

    /// The accounts, the administrator first.
    pub fn accounts(&self) -> Vec<Account> {
        self.state.lock().accounts.clone()
    }

    /// Adds a server of the first account, or replaces what is known of it (its addresses, say).
    pub fn put_server(&self, listing: ServerListing) {
        let mut inner = self.state.lock();
        inner.servers.retain(|server| server.listing.machine_id != listing.machine_id);
        inner.servers.push(Shared { listing, owned: true, presence: true });
    }

    /// Whether the lists of all accounts are empty.
    pub fn hide_servers(&self, hidden: bool) {
        self.state.lock().hidden = hidden;
    }

    /// Takes a server from the lists of all accounts.
    pub fn remove_server(&self, machine_id: &str) {
        self.state.lock().servers.retain(|server| server.listing.machine_id != machine_id);
    }

    /// Says of a server whether it is online.
    pub fn set_presence(&self, machine_id: &str, presence: bool) {
        let mut inner = self.state.lock();
        let found = inner.servers.iter_mut().find(|server| server.listing.machine_id == machine_id);
        if let Some(server) = found {
            server.presence = presence;
        }
    }
}
