//! The state behind every connection of one pretended Media Server.
//!
//! Who needs both locks takes the catalogue first and the users second.

use super::item::{Detail, Writer};
use super::listing::Order;
use super::marks::{Marks, PlaybackState};
use super::notifications::Listeners;
use crate::catalogue::{Catalogue, ItemNumber, Snapshot};
use crate::conversions::Conversions;
use crate::media::SampleVideos;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// `ratingKey` of an item is its number plus this.
pub const FIRST_RATING_KEY: u32 = 1000;

/// One person who may use the server, with the token that the server knows them by.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) marks: Marks,
}

/// One report of a playback, as it arrived at `/:/timeline`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineReport {
    /// Name of the user whose token was used.
    pub user: String,
    /// The item.
    pub item: ItemNumber,
    /// What the player is doing.
    pub state: PlaybackState,
    /// Where it is.
    pub position: Duration,
    /// `X-Plex-Client-Identifier` of the player.
    pub client: Option<String>,
    /// `X-Plex-Session-Identifier` of the playback.
    pub session: Option<String>,
    /// Whether the report was made while offline and sent later.
    pub offline: bool,
}

/// Everything that the routes share.
#[derive(Debug)]
pub(crate) struct PlexState {
    pub(crate) machine_id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) ignores_date_filters: bool,
    pub(crate) videos: SampleVideos,
    catalogue: RwLock<Catalogue>,
    users: RwLock<Vec<User>>,
    orders: Mutex<HashMap<Order, Arc<Vec<ItemNumber>>>>,
    reports: Mutex<Vec<TimelineReport>>,
    pub(crate) conversions: Conversions,
    changes: AtomicU64,
    pub(crate) listeners: Listeners,
}

impl PlexState {
    pub(crate) fn new(
        machine_id: String,
        name: String,
        version: String,
        ignores_date_filters: bool,
        videos: SampleVideos,
        catalogue: Catalogue,
        users: Vec<(String, String)>,
    ) -> Self {
        let users = users
            .into_iter()
            .map(|(name, token)| {
                let marks = Marks::starting_with(catalogue.initial_states.clone());
                User { name, token, marks }
            })
            .collect();
        Self {
            machine_id,
            name,
            version,
            ignores_date_filters,
            videos,
            catalogue: RwLock::new(catalogue),
            users: RwLock::new(users),
            orders: Mutex::default(),
            reports: Mutex::default(),
            conversions: Conversions::default(),
            changes: AtomicU64::new(1),
            listeners: Listeners::default(),
        }
    }

    pub(crate) fn catalogue(&self) -> RwLockReadGuard<'_, Catalogue> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the catalogue; every section counts as changed afterwards.
    pub(crate) fn change_catalogue<T>(&self, change: impl FnOnce(&mut Catalogue) -> T) -> T {
        let mut catalogue = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        let before = self.listeners.is_anybody_there().then(|| Snapshot::of(&catalogue));
        let result = change(&mut catalogue);
        lock(&self.orders).clear();
        self.changes.fetch_add(1, Ordering::Relaxed);
        let difference = before.map(|before| before.difference(&catalogue));
        if let Some(difference) = difference.filter(|difference| !difference.is_empty()) {
            self.listeners.differs(&difference);
        }
        result
    }

    /// Tells whoever listens that something was done with an item, or with what is in it.
    pub(crate) fn tell_of(&self, item: ItemNumber) {
        let catalogue = self.catalogue();
        let section = catalogue.item(item).map_or(0, |item| item.library);
        self.listeners.touched(catalogue.leaves(item).into_iter().map(|leaf| (leaf, section)));
    }

    /// The counter that `contentChangedAt` shows.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    pub(crate) fn users(&self) -> RwLockReadGuard<'_, Vec<User>> {
        self.users.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn users_mut(&self) -> RwLockWriteGuard<'_, Vec<User>> {
        self.users.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Name of the user who has this token.
    pub(crate) fn user_of(&self, token: &str) -> Option<String> {
        self.users().iter().find(|user| user.token == token).map(|user| user.name.clone())
    }

    /// Gives a user another token; an unknown user is added.
    pub(crate) fn set_token(&self, name: &str, token: &str) {
        let first = self.catalogue().initial_states.clone();
        let mut users = self.users_mut();
        if let Some(user) = users.iter_mut().find(|user| user.name == name) {
            token.clone_into(&mut user.token);
        } else {
            let marks = Marks::starting_with(first);
            users.push(User { name: name.to_owned(), token: token.to_owned(), marks });
        }
    }

    /// A copy of one user's marks would be dear in a large library: this lends them.
    pub(crate) fn with_marks<T>(&self, user: &str, read: impl FnOnce(&Marks) -> T) -> T {
        let users = self.users();
        match users.iter().find(|candidate| candidate.name == user) {
            Some(user) => read(&user.marks),
            None => read(&Marks::default()),
        }
    }

    /// Writes items of the catalogue for the user of these marks.
    pub(crate) fn writer<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        marks: &'a Marks,
        detail: Detail,
    ) -> Writer<'a> {
        Writer { catalogue, marks, videos: &self.videos, detail }
    }

    /// Changes one user's marks; an unknown user is left alone.
    pub(crate) fn change_marks<T: Default>(&self, user: &str, change: impl FnOnce(&mut Marks) -> T) -> T {
        self.users_mut()
            .iter_mut()
            .find(|candidate| candidate.name == user)
            .map(|user| change(&mut user.marks))
            .unwrap_or_default()
    }

    /// The items in an order that no user's marks change, from memory or made by `sort`.
    pub(crate) fn ordered(
        &self,
        order: &Order,
        sort: impl FnOnce() -> Vec<ItemNumber>,
    ) -> Arc<Vec<ItemNumber>> {
        if let Some(known) = lock(&self.orders).get(order) {
            return Arc::clone(known);
        }
        let sorted = Arc::new(sort());
        lock(&self.orders).insert(order.clone(), Arc::clone(&sorted));
        sorted
    }

    pub(crate) fn reports(&self) -> MutexGuard<'_, Vec<TimelineReport>> {
        lock(&self.reports)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The `ratingKey` of an item.
pub fn rating_key(item: ItemNumber) -> String {
    (FIRST_RATING_KEY + item.0).to_string()
}

/// The item that a `ratingKey` names.
pub fn item_number(rating_key: &str) -> Option<ItemNumber> {
    rating_key.parse::<u32>().ok()?.checked_sub(FIRST_RATING_KEY).filter(|number| *number > 0).map(ItemNumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rating_keys_go_there_and_back() {
        assert_eq!(rating_key(ItemNumber(49)), "1049");
        assert_eq!(item_number("1049"), Some(ItemNumber(49)));
        for wrong in ["", "1000", "12", "-5", "film"] {
            assert_eq!(item_number(wrong), None, "{wrong}");
        }
    }
}
