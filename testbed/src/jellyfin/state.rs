//! The state behind every connection of one pretended server.
//!
//! Who needs both locks takes the catalogue first and the users second.

use super::authorization::Device;
use super::ids::{Ids, Named, secret};
use super::marks::Marks;
use super::quick_connect::Codes;
use super::reports::PlaybackReport;
use super::socket::{Listeners, News};
use super::version::Version;
use crate::catalogue::{Catalogue, Item, ItemNumber, Library, Snapshot};
use crate::conversions::Conversions;
use crate::media::SampleVideos;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// What does not change while the server runs.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) machine_id: String,
    pub(crate) name: String,
    pub(crate) version: Version,
    /// Whether it claims to be the other product that answers the same paths.
    pub(crate) emby: bool,
    pub(crate) quick_connect: AtomicBool,
    /// `/jellyfin`, or empty.
    pub(crate) base_path: String,
    /// Names of users who have a portrait.
    pub(crate) portraits: Vec<String>,
    /// Whether its users may have files converted.
    pub(crate) converts: AtomicBool,
    /// Items shorter than this keep no position.
    pub(crate) shortest_resumable: Duration,
}

/// One person who may use the server.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) password: String,
    pub(crate) disabled: bool,
    /// Numbers of the libraries that the user may not see.
    pub(crate) hidden: Vec<u32>,
    pub(crate) marks: Marks,
}

/// A user's place among the users; none is ever removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UserPlace(pub(crate) usize);

/// A token, for one user on one device.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) secret: String,
    pub(crate) user: UserPlace,
    pub(crate) device: Device,
}

/// Everything that the routes share.
#[derive(Debug)]
pub(crate) struct JellyfinState {
    pub(crate) setup: Setup,
    pub(crate) ids: Ids,
    pub(crate) videos: SampleVideos,
    catalogue: RwLock<Catalogue>,
    users: RwLock<Vec<User>>,
    tokens: Mutex<Vec<Token>>,
    codes: Mutex<Codes>,
    orders: Mutex<HashMap<String, Arc<Vec<ItemNumber>>>>,
    reports: Mutex<Vec<PlaybackReport>>,
    pub(crate) conversions: Conversions,
    pub(crate) listeners: Listeners,
}

impl JellyfinState {
    pub(crate) fn new(
        setup: Setup,
        videos: SampleVideos,
        catalogue: Catalogue,
        users: Vec<(String, String)>,
    ) -> Self {
        let ids = Ids::of_server(&setup.machine_id);
        let users = users.into_iter().map(|(name, password)| User {
            id: ids.user(&name),
            marks: Marks::starting_with(catalogue.initial_states.clone()),
            name,
            password,
            ..User::default()
        });
        Self {
            users: RwLock::new(users.collect()),
            setup,
            ids,
            videos,
            catalogue: RwLock::new(catalogue),
            tokens: Mutex::default(),
            codes: Mutex::default(),
            orders: Mutex::default(),
            reports: Mutex::default(),
            conversions: Conversions::default(),
            listeners: Listeners::default(),
        }
    }

    pub(crate) fn catalogue(&self) -> RwLockReadGuard<'_, Catalogue> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change_catalogue<T>(&self, change: impl FnOnce(&mut Catalogue) -> T) -> T {
        let mut catalogue = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        let before = self.listeners.is_anybody_there().then(|| Snapshot::of(&catalogue));
        let result = change(&mut catalogue);
        lock(&self.orders).clear();
        let difference = before.map(|before| before.difference(&catalogue));
        if let Some(difference) = difference.filter(|difference| !difference.is_empty()) {
            self.listeners.tell(News::Library(Arc::new(difference)));
        }
        result
    }

    /// Tells a user's clients that something was done with an item: with what is in it, and what it is in.
    pub(crate) fn tell_of(&self, user: UserPlace, item: ItemNumber) {
        let catalogue = self.catalogue();
        let mut items = catalogue.leaves(item);
        let mut next = Some(item);
        while let Some(number) = next {
            items.push(number);
            next = catalogue.item(number).and_then(|item| item.parent);
        }
        drop(catalogue);
        self.listeners.tell(News::UserData(user, items));
    }

    pub(crate) fn users(&self) -> RwLockReadGuard<'_, Vec<User>> {
        self.users.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn users_mut(&self) -> RwLockWriteGuard<'_, Vec<User>> {
        self.users.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user of this name; names have no case.
    pub(crate) fn user_named(&self, name: &str) -> Option<UserPlace> {
        let wanted = name.to_lowercase();
        self.users().iter().position(|user| user.name.to_lowercase() == wanted).map(UserPlace)
    }

    pub(crate) fn change_user<T: Default>(&self, place: UserPlace, change: impl FnOnce(&mut User) -> T) -> T {
        self.users_mut().get_mut(place.0).map(change).unwrap_or_default()
    }

    /// Lends the catalogue as a user sees it.
    pub(crate) fn read<T>(&self, place: UserPlace, read: impl FnOnce(&View<'_>) -> T) -> T {
        let (catalogue, users) = (self.catalogue(), self.users());
        let nobody = User::default();
        let user = users.get(place.0).unwrap_or(&nobody);
        read(&View { state: self, catalogue: &catalogue, user })
    }

    /// Changes a user's marks, with the catalogue at hand.
    pub(crate) fn mark<T: Default>(
        &self,
        place: UserPlace,
        change: impl FnOnce(&Catalogue, &mut Marks) -> T,
    ) -> T {
        let catalogue = self.catalogue();
        self.change_user(place, |user| change(&catalogue, &mut user.marks))
    }

    /// A new token. An older one of this user for the same device ends.
    pub(crate) fn issue_token(&self, user: UserPlace, device: Device) -> String {
        let mut tokens = lock(&self.tokens);
        tokens.retain(|token| token.user != user || token.device.id != device.id);
        let secret = secret();
        tokens.push(Token { secret: secret.clone(), user, device });
        secret
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Vec<Token>> {
        lock(&self.tokens)
    }

    pub(crate) fn codes(&self) -> MutexGuard<'_, Codes> {
        lock(&self.codes)
    }

    pub(crate) fn reports(&self) -> MutexGuard<'_, Vec<PlaybackReport>> {
        lock(&self.reports)
    }

    /// The items in an order that no user's marks change, from memory or made by `sort`.
    pub(crate) fn ordered(
        &self,
        order: String,
        sort: impl FnOnce() -> Vec<ItemNumber>,
    ) -> Arc<Vec<ItemNumber>> {
        if let Some(known) = lock(&self.orders).get(&order) {
            return Arc::clone(known);
        }
        let sorted = Arc::new(sort());
        lock(&self.orders).insert(order, Arc::clone(&sorted));
        sorted
    }
}

/// The catalogue as one user sees it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) state: &'a JellyfinState,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) user: &'a User,
}

impl<'a> View<'a> {
    pub(crate) fn marks(&self) -> &'a Marks {
        &self.user.marks
    }

    pub(crate) fn ids(&self) -> &'a Ids {
        &self.state.ids
    }

    pub(crate) fn may_see(&self, library: u32) -> bool {
        !self.user.hidden.contains(&library)
    }

    pub(crate) fn libraries(&self) -> impl Iterator<Item = &'a Library> + use<'_, 'a> {
        self.catalogue.libraries.iter().filter(|library| self.may_see(library.number))
    }

    /// The item that an id names, if it exists and the user may see it.
    pub(crate) fn item(&self, id: &str) -> Option<&'a Item> {
        match self.ids().read(id)? {
            Named::Item(number) => self.visible(number),
            Named::Library(_) => None,
        }
    }

    pub(crate) fn visible(&self, number: ItemNumber) -> Option<&'a Item> {
        self.catalogue.item(number).filter(|item| self.may_see(item.library))
    }

    pub(crate) fn parent(&self, item: &Item) -> Option<&'a Item> {
        self.catalogue.item(item.parent?)
    }

    /// The series of an episode or a season.
    pub(crate) fn series(&self, item: &Item) -> Option<&'a Item> {
        let parent = self.parent(item)?;
        self.parent(parent).or(Some(parent))
    }

    /// The files at or below an item that were not played.
    pub(crate) fn unplayed(&self, item: &Item) -> usize {
        let below = self.catalogue.leaves(item.number);
        below.iter().filter(|leaf| !self.marks().known(**leaf).is_some_and(|state| state.played)).count()
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
