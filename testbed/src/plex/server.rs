//! Starting a pretended Media Server, and looking into it while it runs.

use super::marks::PlaybackState;
use super::routes::router;
use super::state::{PlexState, TimelineReport};
use crate::catalogue::{Catalogue, Item, ItemNumber, WatchState};
use crate::connection::{Addresses, Connection, ConnectionPlan, Reach};
use crate::conversions::Converted;
use crate::faults::{Faults, Where};
use crate::media::SampleVideos;
use crate::record::Recorder;
use crate::tls::Authority;
use std::io;
use std::sync::Arc;

/// How a server is reached: an address of its own, with faults of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConnection {
    /// Name in the recorder and for faults.
    pub name: String,
    /// `http://127.0.0.1:…`.
    pub uri: String,
    /// What plex.tv says: in the owner's network.
    pub local: bool,
    /// What plex.tv says: through the vendor's relay.
    pub relay: bool,
}

impl ServerConnection {
    fn of(connection: &Connection) -> Self {
        Self {
            name: connection.name().to_owned(),
            uri: connection.uri().to_owned(),
            local: connection.reach() == Reach::Local,
            relay: connection.reach() == Reach::Relay,
        }
    }
}

/// What plex.tv knows of a server.
#[derive(Debug, Clone)]
pub struct ServerListing {
    /// The machine identifier.
    pub machine_id: String,
    /// Shown name.
    pub name: String,
    /// Version of the server.
    pub version: String,
    /// Its connections.
    pub connections: Vec<ServerConnection>,
    state: Arc<PlexState>,
}

impl ServerListing {
    /// The token by which the server knows a user; `None` when it does not.
    pub fn token_of(&self, user: &str) -> Option<String> {
        self.state.users().iter().find(|known| known.name == user).map(|known| known.token.clone())
    }
}

/// What a server is made from.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct PlexServerBuilder {
    machine_id: String,
    name: String,
    version: String,
    ignores_date_filters: bool,
    catalogue: Catalogue,
    users: Vec<(String, String)>,
    connections: Vec<ConnectionPlan>,
    port: u16,
    authority: Option<Authority>,
}

impl PlexServerBuilder {
    /// The machine identifier; a fixed one when not given.
    pub fn machine_id(mut self, machine_id: &str) -> Self {
        machine_id.clone_into(&mut self.machine_id);
        self
    }

    /// Shown name.
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Version, as `1.43.3.10828-…`.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// What the server holds.
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// The token of the owner, whose name is `demo` unless [`user`](Self::user) named one before.
    pub fn token(self, token: &str) -> Self {
        self.user("demo", token)
    }

    /// A user with a token of their own. The name is the one of their plex.tv account.
    pub fn user(mut self, name: &str, token: &str) -> Self {
        self.users.push((name.to_owned(), token.to_owned()));
        self
    }

    /// Whether date and number cutoffs in filters are obeyed. They are ignored by default, as a real server
    /// was seen to do.
    pub fn obeys_date_filters(mut self, obeys: bool) -> Self {
        self.ignores_date_filters = !obeys;
        self
    }

    /// A connection in the owner's network. Without any there is one, named `plex`.
    pub fn local(self, name: &str) -> Self {
        self.connection(ConnectionPlan::new(name, Reach::Local))
    }

    /// A connection from outside.
    pub fn remote(self, name: &str) -> Self {
        self.connection(ConnectionPlan::new(name, Reach::Remote))
    }

    /// A connection through the vendor's relay.
    pub fn relay(self, name: &str) -> Self {
        self.connection(ConnectionPlan::new(name, Reach::Relay))
    }

    /// A connection as planned.
    pub fn connection(mut self, plan: ConnectionPlan) -> Self {
        self.connections.push(plan);
        self
    }

    /// Who signs the certificates of its TLS addresses; an authority of its own when not given.
    pub fn authority(mut self, authority: &Authority) -> Self {
        self.authority = Some(authority.clone());
        self
    }

    /// The port of the first connection; any free one when not given.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on loopback. Makes the sample videos when this is their first use.
    pub async fn start(mut self) -> io::Result<PlexServer> {
        if self.connections.is_empty() {
            self = self.local("plex");
        }
        if let Some(first) = self.connections.first_mut().filter(|_| self.port != 0) {
            first.port = self.port;
        }
        let state = Arc::new(PlexState::new(
            self.machine_id,
            self.name,
            self.version,
            self.ignores_date_filters,
            SampleVideos::prepare().await?,
            self.catalogue,
            self.users,
        ));
        let addresses = Addresses::open(&router(Arc::clone(&state)), &self.connections, self.authority)?;
        let connections = addresses.all().map(ServerConnection::of).collect();
        Ok(PlexServer { state, connections, addresses })
    }
}

/// A pretended Media Server that runs until it is dropped.
#[derive(Debug)]
pub struct PlexServer {
    state: Arc<PlexState>,
    connections: Vec<ServerConnection>,
    addresses: Addresses,
}

impl PlexServer {
    /// A server with an empty catalogue and no users.
    pub fn builder() -> PlexServerBuilder {
        PlexServerBuilder {
            machine_id: "9c1185a5c5e9fc54612808977ee8f548b2258d31".to_owned(),
            name: "Attic".to_owned(),
            version: "1.43.3.10828-0a1b2c3d4".to_owned(),
            ignores_date_filters: true,
            catalogue: Catalogue::default(),
            users: Vec::new(),
            connections: Vec::new(),
            port: 0,
            authority: None,
        }
    }

    /// The address of the first connection, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.connections.first().map(|connection| connection.uri.as_str()).unwrap_or_default()
    }

    /// All connections, as plex.tv lists them.
    pub fn connections(&self) -> &[ServerConnection] {
        &self.connections
    }

    /// A connection by its name, to be switched.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.addresses.named(name)
    }

    /// All connections, to be switched.
    pub fn switches(&self) -> impl Iterator<Item = &Connection> {
        self.addresses.all()
    }

    /// Ends one connection: it refuses from now on, and the server's list leaves it out.
    pub fn close(&mut self, name: &str) {
        self.connections.retain(|connection| connection.name != name);
        if let Some(connection) = self.connection(name) {
            connection.off();
        }
    }

    /// Who signed the certificates of its TLS addresses; `None` when it has none.
    pub fn authority(&self) -> Option<&Authority> {
        self.addresses.authority.as_ref()
    }

    /// The requests that are about one library, for faults.
    pub fn library_requests(&self, number: u32) -> Where {
        Where::path(&format!("/library/sections/{number}/"))
    }

    /// What plex.tv has to know.
    pub fn listing(&self) -> ServerListing {
        ServerListing {
            machine_id: self.state.machine_id.clone(),
            name: self.state.name.clone(),
            version: self.state.version.clone(),
            connections: self.connections.clone(),
            state: Arc::clone(&self.state),
        }
    }

    /// The machine identifier.
    pub fn machine_id(&self) -> &str {
        &self.state.machine_id
    }

    /// Requests that arrived, on all connections.
    pub fn recorder(&self) -> &Recorder {
        &self.addresses.recorder
    }

    /// Faults, by name of connection.
    pub fn faults(&self) -> &Faults {
        &self.addresses.faults
    }

    /// What the user with this token did with an item.
    pub fn watch_state(&self, token: &str, item: ItemNumber) -> WatchState {
        let user = self.state.user_of(token).unwrap_or_default();
        self.state.with_marks(&user, |marks| marks.state(item))
    }

    /// The rating that the user with this token gave, 0 to 10.
    pub fn rating(&self, token: &str, item: ItemNumber) -> Option<f64> {
        let user = self.state.user_of(token)?;
        self.state.with_marks(&user, |marks| marks.rating(item))
    }

    /// Puts a state in place, as if the user had done it elsewhere.
    pub fn set_watch_state(&self, token: &str, item: ItemNumber, state: WatchState) {
        let user = self.state.user_of(token).unwrap_or_default();
        self.state.change_marks(&user, |marks| marks.set_state(item, state));
        self.state.tell_of(item);
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
        self.state.listeners.tell(text);
    }

    /// What became of conversions.
    pub fn converted(&self) -> Converted {
        self.state.conversions.all()
    }

    /// Reports of playbacks, oldest first.
    pub fn timeline(&self) -> Vec<TimelineReport> {
        self.state.reports().clone()
    }

    /// The last report about an item, as state and position in ms.
    pub fn last_report(&self, item: ItemNumber) -> Option<(PlaybackState, u128)> {
        let reports = self.state.reports();
        let last = reports.iter().rev().find(|report| report.item == item)?;
        Some((last.state, last.position.as_millis()))
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

    /// Gives a user another token; the old one gets 401 from now on. An unknown user is added.
    pub fn set_token(&self, user: &str, token: &str) {
        self.state.set_token(user, token);
    }
}
