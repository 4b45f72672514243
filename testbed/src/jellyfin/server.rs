//! Starting a pretended server, and looking into it while it runs.

use super::marks::SHORTEST_RESUMABLE;
use super::reports::PlaybackReport;
use super::routes::router;
use super::socket::News;
use super::state::{JellyfinState, Setup, User};
use super::version::Version;
use crate::catalogue::{Catalogue, Item, ItemNumber, WatchState};
use crate::connection::{Addresses, Connection, ConnectionPlan, Reach};
use crate::conversions::Converted;
use crate::faults::{Faults, Where};
use crate::media::SampleVideos;
use crate::record::Recorder;
use crate::tls::Authority;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The version of a server that claims to be the other product.
const EMBY_VERSION: &str = "4.8.10.0";

/// What a server is made from.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct JellyfinServerBuilder {
    setup: Setup,
    version: Option<String>,
    catalogue: Catalogue,
    users: Vec<(String, String)>,
    port: u16,
    connections: Vec<ConnectionPlan>,
    authority: Option<Authority>,
}

impl JellyfinServerBuilder {
    /// The server's id, 32 hex digits; a fixed one when not given.
    pub fn machine_id(mut self, machine_id: &str) -> Self {
        machine_id.clone_into(&mut self.setup.machine_id);
        self
    }

    /// Shown name.
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.setup.name);
        self
    }

    /// Version, as `10.10.7`: decides which routes there are.
    pub fn version(mut self, version: &str) -> Self {
        self.version = Some(version.to_owned());
        self
    }

    /// Whether it claims to be Emby, which answers the same paths.
    pub fn emby(mut self, emby: bool) -> Self {
        self.setup.emby = emby;
        self
    }

    /// A path before all others, as `/jellyfin`. What lies outside is led to the web client.
    pub fn base_path(mut self, base_path: &str) -> Self {
        let path = base_path.trim_matches('/');
        self.setup.base_path = if path.is_empty() { String::new() } else { format!("/{path}") };
        self
    }

    /// Whether a sign-in may be approved from elsewhere by a code; it may by default.
    pub fn quick_connect(mut self, enabled: bool) -> Self {
        self.setup.quick_connect = AtomicBool::new(enabled);
        self
    }

    /// The length from which an item keeps a position: 300 s unless an administrator chose another.
    pub fn shortest_resumable(mut self, length: Duration) -> Self {
        self.setup.shortest_resumable = length;
        self
    }

    /// What the server holds. Its first watch states are those of every user.
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// A user with a password, which may be empty.
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.users.push((name.to_owned(), password.to_owned()));
        self
    }

    /// Gives a user a portrait.
    pub fn portrait(mut self, user: &str) -> Self {
        self.setup.portraits.push(user.to_owned());
        self
    }

    /// The port of the first connection; any free one when not given.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// So many addresses more, all in the owner's network. For the recorder and for faults the first connection of
    /// a server is named `jellyfin`, the others `jellyfin-2`, `jellyfin-3`, …
    pub fn connections(mut self, connections: usize) -> Self {
        for _ in 0..connections {
            let name = match self.connections.len() {
                0 => "jellyfin".to_owned(),
                known => format!("jellyfin-{}", known + 1),
            };
            self.connections.push(ConnectionPlan::new(&name, Reach::Local));
        }
        self
    }

    /// One address more, as planned. Without any there is one, named `jellyfin`.
    pub fn connection(mut self, plan: ConnectionPlan) -> Self {
        self.connections.push(plan);
        self
    }

    /// Who signs the certificates of its TLS addresses; an authority of its own when not given.
    pub fn authority(mut self, authority: &Authority) -> Self {
        self.authority = Some(authority.clone());
        self
    }

    /// Listens on loopback. Makes the sample videos when this is their first use.
    pub async fn start(mut self) -> anyhow::Result<JellyfinServer> {
        if let Some(version) = self.version.as_deref().or(self.setup.emby.then_some(EMBY_VERSION)) {
            self.setup.version = Version::new(version);
        }
        if self.connections.is_empty() {
            self = self.connections(1);
        }
        if let Some(first) = self.connections.first_mut().filter(|_| self.port != 0) {
            first.port = self.port;
        }
        let base_path = self.setup.base_path.clone();
        let videos = SampleVideos::prepare().await?;
        let state = Arc::new(JellyfinState::new(self.setup, videos, self.catalogue, self.users));
        let addresses = Addresses::open(&router(Arc::clone(&state)), &self.connections, self.authority)?;
        let base_urls = addresses.all().map(|connection| format!("{}{base_path}", connection.uri()));
        Ok(JellyfinServer { state, base_urls: base_urls.collect(), addresses })
    }
}

/// A pretended server that runs until it is dropped.
#[derive(Debug)]
pub struct JellyfinServer {
    state: Arc<JellyfinState>,
    base_urls: Vec<String>,
    addresses: Addresses,
}

impl JellyfinServer {
    /// A server with an empty catalogue, no users and one connection.
    pub fn builder() -> JellyfinServerBuilder {
        JellyfinServerBuilder {
            setup: Setup {
                machine_id: "4f3a9c0d5b7e4c1f8a2b6d9e0c1f2a3b".to_owned(),
                name: "Attic".to_owned(),
                version: Version::new("10.11.4"),
                emby: false,
                quick_connect: AtomicBool::new(true),
                base_path: String::new(),
                portraits: Vec::new(),
                converts: AtomicBool::new(true),
                shortest_resumable: SHORTEST_RESUMABLE,
            },
            version: None,
            catalogue: Catalogue::default(),
            users: Vec::new(),
            port: 0,
            connections: Vec::new(),
            authority: None,
        }
    }

    /// The addresses with the base path and without a slash at their end, one for each connection.
    pub fn base_urls(&self) -> Vec<String> {
        self.base_urls.clone()
    }

    /// The first of them.
    pub fn base_url(&self) -> &str {
        self.base_urls.first().map(String::as_str).unwrap_or_default()
    }

    /// A connection by its name.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.addresses.named(name)
    }

    /// All connections, in the order in which they were planned.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.addresses.all()
    }

    /// Who signed the certificates of its TLS addresses; `None` when it has none.
    pub fn authority(&self) -> Option<&Authority> {
        self.addresses.authority.as_ref()
    }

    /// The requests that are about one library, for faults.
    pub fn library_requests(&self, number: u32) -> Where {
        Where::default().query(&format!("parentId={}", self.library_id(number)))
    }

    /// The server's id.
    pub fn machine_id(&self) -> &str {
        &self.state.setup.machine_id
    }

    /// Requests that arrived, on all connections.
    pub fn recorder(&self) -> &Recorder {
        &self.addresses.recorder
    }

    /// Faults, by name of connection.
    pub fn faults(&self) -> &Faults {
        &self.addresses.faults
    }

    /// The id of an item at this server.
    pub fn item_id(&self, item: ItemNumber) -> String {
        self.state.ids.item(item)
    }

    /// The id of a library at this server.
    pub fn library_id(&self, number: u32) -> String {
        self.state.ids.library(number)
    }

    /// The id of a user at this server.
    pub fn user_id(&self, user: &str) -> String {
        self.state.ids.user(user)
    }

    /// What a user did with an item; the default for an unknown user.
    pub fn watch_state(&self, user: &str, item: ItemNumber) -> WatchState {
        let users = self.state.users();
        let user = users.iter().find(|known| known.name == user);
        user.map(|user| user.marks.state(item)).unwrap_or_default()
    }

    /// Puts a state in place, as if the user had done it elsewhere.
    pub fn set_watch_state(&self, user: &str, item: ItemNumber, state: WatchState) {
        self.change_user(user, |user| user.marks.set_state(item, state));
        if let Some(place) = self.state.user_named(user) {
            self.state.tell_of(place, item);
        }
    }

    /// Clients that listen to what happens.
    pub fn open_sockets(&self) -> usize {
        self.state.listeners.open()
    }

    /// Signs of life that came from them so far.
    pub fn signs_of_life(&self) -> usize {
        self.state.listeners.signs_of_life()
    }

    /// Says something to all of them, whatever it means.
    pub fn say(&self, text: &str) {
        self.state.listeners.tell(News::Raw(text.into()));
    }

    /// What became of conversions.
    pub fn converted(&self) -> Converted {
        self.state.conversions.all()
    }

    /// Whether users may have files converted.
    pub fn allow_conversion(&self, allowed: bool) {
        self.state.setup.converts.store(allowed, Ordering::Relaxed);
    }

    /// Reports of playbacks, oldest first.
    pub fn reports(&self) -> Vec<PlaybackReport> {
        self.state.reports().clone()
    }

    /// Deletes an item and everything below it.
    pub fn remove_item(&self, item: ItemNumber) {
        self.state.change_catalogue(|catalogue| catalogue.remove(item));
    }

    /// Adds an item.
    pub fn add_item(&self, make: impl FnOnce(ItemNumber) -> Item) -> ItemNumber {
        self.state.change_catalogue(|catalogue| catalogue.add(make))
    }

    /// Changes anything in the catalogue.
    pub fn change_catalogue<T>(&self, change: impl FnOnce(&mut Catalogue) -> T) -> T {
        self.state.change_catalogue(change)
    }

    /// Whether a user may see a library; asking for a hidden one is refused with 401.
    pub fn hide_library(&self, user: &str, number: u32, hide: bool) {
        self.change_user(user, |user| {
            user.hidden.retain(|hidden| *hidden != number);
            if hide {
                user.hidden.push(number);
            }
        });
    }

    /// Whether an account is closed: its tokens are dead and a new sign-in gets 403.
    pub fn disable_user(&self, user: &str, disabled: bool) {
        self.change_user(user, |user| user.disabled = disabled);
    }

    /// Approves a sign-in by its six digits, as a user who is signed in elsewhere. `false` for an unknown code.
    pub fn approve_quick_connect(&self, code: &str, user: &str) -> bool {
        let Some(user) = self.state.user_named(user) else { return false };
        self.state.codes().approve(code, user)
    }

    /// Switches Quick Connect on or off while codes wait.
    pub fn switch_quick_connect(&self, enabled: bool) {
        self.state.setup.quick_connect.store(enabled, Ordering::Relaxed);
    }

    /// The codes that wait for approval, oldest first.
    pub fn waiting_codes(&self) -> Vec<String> {
        self.state.codes().waiting()
    }

    /// Makes every code expire now.
    pub fn expire_codes(&self) {
        self.state.codes().expire();
    }

    /// Tokens that are alive.
    pub fn tokens(&self) -> Vec<String> {
        self.state.tokens().iter().map(|token| token.secret.clone()).collect()
    }

    /// Ends every token.
    pub fn revoke_tokens(&self) {
        self.state.tokens().clear();
    }

    fn change_user(&self, user: &str, change: impl FnOnce(&mut User)) {
        if let Some(place) = self.state.user_named(user) {
            self.state.change_user(place, change);
        }
    }
}
