//! One playback: its secret path, and what may be asked for below it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use super::identity::Identity;
use super::upstream::{Place, Upstream};
use crate::backends::{MediaRequest, MediaTarget};
use crate::models::ServerUrl;

/// Bytes of the path: 128 bits cannot be guessed.
const PATH_BYTES: usize = 16;
/// Most things that can be asked for: ten times the parts of a day of television.
const MOST_RESOURCES: usize = 200_000;

/// Something that can be asked for.
pub(super) struct Resource {
    /// Its place in the session, for the log.
    pub(super) number: usize,
    /// Its name below the session's path.
    pub(super) name: String,
    /// Where it comes from.
    pub(super) place: Place,
    /// Headers for the server.
    pub(super) headers: Vec<(&'static str, SecretString)>,
    /// Whether it is one file for the whole playback; of a part of a transcode the next request may get another.
    is_one_file: bool,
    known: Mutex<Known>,
}

/// What was seen of it.
#[derive(Default)]
struct Known {
    identity: Option<Identity>,
    is_playlist: bool,
}

impl Resource {
    /// Whether it has shown itself to be a playlist.
    pub(super) fn is_playlist(&self) -> bool {
        lock(&self.known).is_playlist
    }

    /// It is a playlist.
    pub(super) fn mark_playlist(&self) {
        lock(&self.known).is_playlist = true;
    }

    /// Whether an answer is of the file that earlier ones were of.
    pub(super) fn agrees(&self, identity: &Identity) -> bool {
        if !self.is_one_file {
            return true;
        }
        let mut known = lock(&self.known);
        known.identity.get_or_insert_with(|| identity.clone()).is_same(identity)
    }

    /// The file that it was so far.
    pub(super) fn identity(&self) -> Option<Identity> {
        lock(&self.known).identity.clone()
    }
}

/// One playback.
pub(super) struct Session {
    /// Counts from 1, for the log.
    pub(super) number: u64,
    /// The secret.
    pub(super) path: String,
    /// Where the bytes come from.
    pub(super) upstream: Arc<dyn Upstream>,
    resources: Mutex<Resources>,
    /// Connections of the player by their number; `None` when it is over.
    guests: Mutex<Option<HashMap<u64, CancellationToken>>>,
}

#[derive(Default)]
struct Resources {
    list: Vec<Arc<Resource>>,
    numbers: HashMap<Place, usize>,
}

impl fmt::Debug for Session {
    /// Leaves out the path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Session {
    /// A playback of which nothing can be asked for yet.
    pub(super) fn new(number: u64, upstream: Arc<dyn Upstream>) -> Self {
        let guests = Mutex::new(Some(HashMap::new()));
        Self { number, path: secret(), upstream, resources: Mutex::default(), guests }
    }

    /// Adds what a player may ask for; it is one file. Below one of `bases` it is the server's, else another host's,
    /// which must need no header.
    pub(super) fn add(&self, request: &MediaRequest, bases: &[ServerUrl]) -> Option<Arc<Resource>> {
        let target = bases
            .iter()
            .filter_map(|base| Some((base.as_str().len(), MediaTarget::of(&request.url, base)?)))
            .max_by_key(|(length, _)| *length);
        let place = match target {
            Some((_, target)) => Place::Server(target),
            None if request.headers.is_empty() => Place::Elsewhere(request.url.clone()),
            None => return None,
        };
        self.insert(place, request.headers.clone(), true)
    }

    /// Adds what a playlist names, which came from `url` over a connection. What is not of the same server is refused.
    pub(super) fn add_part(
        &self,
        address: &str,
        url: &Url,
        connection: &ServerUrl,
        headers: &[(&'static str, SecretString)],
    ) -> Option<Arc<Resource>> {
        let target = MediaTarget::of(&url.join(address).ok()?, connection)?;
        self.insert(Place::Server(target), headers.to_vec(), false)
    }

    fn insert(
        &self,
        place: Place,
        headers: Vec<(&'static str, SecretString)>,
        is_one_file: bool,
    ) -> Option<Arc<Resource>> {
        let mut resources = lock(&self.resources);
        if let Some(known) = resources.numbers.get(&place).and_then(|number| resources.list.get(*number)) {
            return Some(Arc::clone(known));
        }
        let number = resources.list.len();
        if number == MOST_RESOURCES {
            return None;
        }
        let name = match &place {
            Place::Server(target) => match target.extension() {
                Some(extension) => format!("{number}.{extension}"),
                None => number.to_string(),
            },
            Place::Elsewhere(_) => number.to_string(),
        };
        resources.numbers.insert(place.clone(), number);
        let known = Mutex::default();
        let resource = Arc::new(Resource { number, name, place, headers, is_one_file, known });
        resources.list.push(Arc::clone(&resource));
        Some(resource)
    }

    /// What has this name.
    pub(super) fn resource(&self, name: &str) -> Option<Arc<Resource>> {
        let number: usize = name.split('.').next()?.parse().ok()?;
        lock(&self.resources).list.get(number).filter(|resource| resource.name == name).cloned()
    }

    /// A connection of the player asks for something; `false` when the playback is over.
    fn admit(&self, guest: u64, gone: &CancellationToken) -> bool {
        let mut guests = lock(&self.guests);
        guests.as_mut().map(|guests| guests.entry(guest).or_insert_with(|| gone.clone())).is_some()
    }

    fn close(&self) {
        for gone in lock(&self.guests).take().unwrap_or_default().into_values() {
            gone.cancel();
        }
    }

    fn forget(&self, guest: u64) {
        if let Some(guests) = lock(&self.guests).as_mut() {
            guests.remove(&guest);
        }
    }
}

/// Every playback that is open.
#[derive(Default)]
pub(super) struct Sessions {
    open: Mutex<HashMap<String, Arc<Session>>>,
}

impl fmt::Debug for Sessions {
    /// Leaves out the paths.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("open", &lock(&self.open).len()).finish_non_exhaustive()
    }
}

impl Sessions {
    /// Opens one.
    pub(super) fn insert(&self, session: Arc<Session>) {
        lock(&self.open).insert(session.path.clone(), session);
    }

    /// Ends one: its path leads nowhere, and the player's connections to it are closed.
    pub(super) fn remove(&self, session: &Session) {
        lock(&self.open).remove(&session.path);
        session.close();
    }

    /// The playback of a path, for a connection of the player, which goes when the playback does.
    pub(super) fn visit(&self, path: &str, guest: u64, gone: &CancellationToken) -> Option<Arc<Session>> {
        let session = lock(&self.open).get(path).cloned()?;
        session.admit(guest, gone).then_some(session)
    }

    /// A connection of the player has ended.
    pub(super) fn left(&self, guest: u64) {
        for session in lock(&self.open).values() {
            session.forget(guest);
        }
    }
}

/// A path that nobody can guess: two random numbers of 122 bits, made into one of 128.
fn secret() -> String {
    let digest = Sha256::new().chain_update(Uuid::new_v4()).chain_update(Uuid::new_v4()).finalize();
    let number = digest.iter().take(PATH_BYTES).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("{number:032x}")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
