//! Accounts, PINs and servers of the pretended plex.tv.

use crate::plex::ServerListing;
use chrono::{DateTime, Duration, Utc};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One person of a Plex Home. The first of a plex.tv is its administrator.
#[derive(Debug, Clone)]
pub struct Account {
    /// Number, as the old routes want it.
    pub id: u64,
    /// Id, as the v2 routes want it.
    pub uuid: String,
    /// Name to sign in with; the same at the servers.
    pub username: String,
    /// Number that protects the account in the Home.
    pub pin: Option<String>,
    /// The first token of the account.
    pub token: String,
}

impl Account {
    /// An account whose ids follow from its place in the Home.
    pub(crate) fn new(place: usize, username: &str, token: &str, pin: Option<&str>) -> Self {
        let place = u64::try_from(place).unwrap_or_default();
        Self {
            id: 5_550_001 + place,
            uuid: format!("aa11bb22cc33{place:04x}"),
            username: username.to_owned(),
            pin: pin.map(str::to_owned),
            token: token.to_owned(),
        }
    }
}

/// A request to link a device.
#[derive(Debug, Clone)]
pub(crate) struct Pin {
    pub(crate) id: u64,
    pub(crate) code: String,
    pub(crate) client: String,
    pub(crate) product: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) token: Option<String>,
}

/// Everything that changes while plex.tv runs.
#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) accounts: Vec<Account>,
    pub(crate) servers: Vec<Shared>,
    /// Nobody is told of the servers.
    pub(crate) hidden: bool,
    /// Living tokens, each with the place of its account.
    tokens: Vec<(String, usize)>,
    pins: Vec<Pin>,
    issued: u64,
}

/// A server in the lists of the accounts that it knows.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) listing: ServerListing,
    pub(crate) owned: bool,
    pub(crate) presence: bool,
}

/// The state behind the routes.
#[derive(Debug)]
pub(crate) struct TvState {
    inner: Mutex<Inner>,
    pub(crate) auto_approve: AtomicBool,
    pub(crate) strong_life: Duration,
}

/// A short PIN lives half as long as a strong one.
const SHORT_PIN_DIVISOR: i32 = 2;

impl TvState {
    pub(crate) fn new(
        accounts: Vec<Account>,
        servers: Vec<Shared>,
        auto_approve: bool,
        life: Duration,
    ) -> Self {
        let tokens =
            accounts.iter().enumerate().map(|(place, account)| (account.token.clone(), place)).collect();
        let inner = Inner { accounts, servers, tokens, ..Inner::default() };
        Self { inner: Mutex::new(inner), auto_approve: AtomicBool::new(auto_approve), strong_life: life }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a PIN for a client: 25 characters when strong, else 4.
    pub(crate) fn new_pin(&self, client: &str, product: &str, strong: bool) -> Pin {
        let mut inner = self.lock();
        inner.issued += 1;
        let life = if strong { self.strong_life } else { self.strong_life / SHORT_PIN_DIVISOR };
        let characters: Vec<char> = "abcdefghijklmnopqrstuvwxyz0123456789".chars().collect();
        let length = if strong { 25 } else { 4 };
        let now = Utc::now();
        let pin = Pin {
            id: 1_122_334_455 + inner.issued,
            code: std::iter::repeat_with(|| fastrand::choice(&characters)).flatten().take(length).collect(),
            client: client.to_owned(),
            product: product.to_owned(),
            created: now,
            expires: now + life,
            token: None,
        };
        inner.pins.push(pin.clone());
        pin
    }

    /// The PIN with this id, when the same client asks and it has not expired. In a demonstration it is
    /// approved by being looked at.
    pub(crate) fn poll(&self, id: u64, client: &str) -> Option<Pin> {
        let mut inner = self.lock();
        let now = Utc::now();
        inner.pins.retain(|pin| pin.expires > now);
        let found = inner.pins.iter().find(|pin| pin.id == id && pin.client == client)?;
        let code = found.code.clone();
        if self.auto_approve.load(Ordering::Relaxed) && found.token.is_none() {
            inner.approve(&code, 0);
        }
        inner.pins.iter().find(|pin| pin.id == id).cloned()
    }
}

impl Inner {
    /// Gives the PIN a token of an account; false when there is no such PIN or account.
    pub(crate) fn approve(&mut self, code: &str, account: usize) -> bool {
        let Some(token) = self.token_for(account) else { return false };
        match self.pins.iter_mut().find(|pin| pin.code == code) {
            Some(pin) => {
                pin.token = Some(token);
                true
            }
            None => false,
        }
    }

    /// Makes the PIN expire now.
    pub(crate) fn expire(&mut self, code: &str) {
        self.pins.retain(|pin| pin.code != code);
    }

    /// Codes of the PINs that wait for approval.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.pins.iter().filter(|pin| pin.token.is_none()).map(|pin| pin.code.clone()).collect()
    }

    /// A living token of an account: its first one, or a new one when that was revoked.
    pub(crate) fn token_for(&mut self, account: usize) -> Option<String> {
        let first = self.accounts.get(account)?.token.clone();
        if let Some((token, _)) = self.tokens.iter().find(|(_, owner)| *owner == account) {
            return Some(token.clone());
        }
        self.issued += 1;
        let token = format!("{first}-{}", self.issued);
        self.tokens.push((token.clone(), account));
        Some(token)
    }

    /// The account that a token belongs to.
    pub(crate) fn account_of(&self, token: &str) -> Option<usize> {
        self.tokens.iter().find(|(known, _)| known == token).map(|(_, account)| *account)
    }

    /// Ends every token.
    pub(crate) fn revoke_all(&mut self) {
        self.tokens.clear();
    }

    /// Ends a token; false when it was not alive.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let before = self.tokens.len();
        self.tokens.retain(|(known, _)| known != token);
        self.tokens.len() < before
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn state(auto_approve: bool) -> TvState {
        TvState::new(
            vec![Account::new(0, "ana", "first", None)],
            Vec::new(),
            auto_approve,
            Duration::seconds(1800),
        )
    }

    #[test]
    fn a_pin_belongs_to_the_client_that_made_it() {
        let state = state(false);
        let pin = state.new_pin("one", "Reel", true);
        assert_eq!(pin.code.len(), 25);
        assert!(state.poll(pin.id, "two").is_none());
        assert!(state.poll(pin.id, "one").unwrap().token.is_none());
        assert!(state.lock().approve(&pin.code, 0));
        assert_eq!(state.poll(pin.id, "one").unwrap().token.as_deref(), Some("first"));
    }

    #[test]
    fn a_demonstration_approves_by_itself() {
        let state = state(true);
        let pin = state.new_pin("one", "Reel", false);
        assert!(state.poll(pin.id, "one").unwrap().token.is_some());
    }

    #[test]
    fn after_signing_out_the_next_token_is_another() {
        let state = state(false);
        let mut inner = state.lock();
        assert!(inner.revoke("first"));
        assert_eq!(inner.account_of("first"), None);
        let next = inner.token_for(0).unwrap();
        assert_ne!(next, "first");
        assert_eq!(inner.account_of(&next), Some(0));
    }
}
