//! Plex and Jellyfin behind one face, so that a test is written once.

use gnome_reel::models::SourceId;
use gnome_reel::services::core::AuthService;
use gnome_reel::services::{AppContext, Result};
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Catalogue, ItemNumber, WatchState};
use reel_testbed::connection::{Connection, ConnectionPlan};
use reel_testbed::faults::{EVERY_CONNECTION, Fault, Faults, Where};
use reel_testbed::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use reel_testbed::plex::{PlexServer, PlexServerBuilder, rating_key};
use reel_testbed::record::{RecordedRequest, Recorder};

/// The user of both servers.
pub const USER: &str = "canary-user-ana";
/// The user's password at a Jellyfin.
pub const PASSWORD: &str = "canary-password-7Qz";
/// The user's token at a Plex.
pub const TOKEN: &str = "canary-token-Hg7F";

/// Which kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// A Plex Media Server.
    Plex,
    /// A Jellyfin.
    Jellyfin,
}

/// A server of the testbed.
pub enum Server {
    /// A Plex Media Server.
    Plex(PlexServer),
    /// A Jellyfin.
    Jellyfin(JellyfinServer),
}

/// A catalogue of that many films, and nothing that breaks clients.
pub fn films(count: usize) -> Catalogue {
    Recipe { films: count, series: 0, plain: true, ..Recipe::default() }.generate()
}

impl Server {
    /// A server with two addresses.
    pub async fn start(kind: ServerKind, mut catalogue: Catalogue) -> Self {
        // Tests say what was watched.
        catalogue.initial_states.clear();
        match kind {
            ServerKind::Plex => {
                let builder = PlexServer::builder().catalogue(catalogue).user(USER, TOKEN);
                Self::Plex(builder.local("first").local("second").start().await.unwrap())
            }
            ServerKind::Jellyfin => {
                let builder = JellyfinServer::builder().catalogue(catalogue).user(USER, PASSWORD);
                Self::Jellyfin(builder.connections(2).start().await.unwrap())
            }
        }
    }

    /// A server with the given addresses.
    pub async fn start_at(kind: ServerKind, mut catalogue: Catalogue, plans: Vec<ConnectionPlan>) -> Self {
        catalogue.initial_states.clear();
        match kind {
            ServerKind::Plex => {
                let builder = PlexServer::builder().catalogue(catalogue).user(USER, TOKEN);
                let builder = plans.into_iter().fold(builder, PlexServerBuilder::connection);
                Self::Plex(builder.start().await.unwrap())
            }
            ServerKind::Jellyfin => {
                let builder = JellyfinServer::builder().catalogue(catalogue).user(USER, PASSWORD);
                let builder = plans.into_iter().fold(builder, JellyfinServerBuilder::connection);
                Self::Jellyfin(builder.start().await.unwrap())
            }
        }
    }

    /// One of its addresses, to be switched.
    pub fn connection(&self, name: &str) -> &Connection {
        let found = match self {
            Self::Plex(plex) => plex.connection(name),
            Self::Jellyfin(jellyfin) => jellyfin.connection(name),
        };
        found.expect("a connection of this name")
    }

    /// All of its addresses, to be switched.
    pub fn connections(&self) -> Vec<&Connection> {
        match self {
            Self::Plex(plex) => plex.switches().collect(),
            Self::Jellyfin(jellyfin) => jellyfin.connections().collect(),
        }
    }

    /// Requests that need a library.
    pub fn library_requests(&self, number: u32) -> Where {
        match self {
            Self::Plex(plex) => plex.library_requests(number),
            Self::Jellyfin(jellyfin) => jellyfin.library_requests(number),
        }
    }

    /// The path of the identity request.
    pub fn identity_path(&self) -> &'static str {
        match self {
            Self::Plex(_) => "/identity",
            Self::Jellyfin(_) => "/System/Info/Public",
        }
    }

    /// The first address.
    pub fn url(&self) -> String {
        self.urls().remove(0)
    }

    /// All addresses.
    pub fn urls(&self) -> Vec<String> {
        match self {
            Self::Plex(plex) => plex.connections().iter().map(|connection| connection.uri.clone()).collect(),
            Self::Jellyfin(jellyfin) => jellyfin.base_urls(),
        }
    }

    /// What recorder and faults call the first address.
    pub fn first(&self) -> &'static str {
        match self {
            Self::Plex(_) => "first",
            Self::Jellyfin(_) => "jellyfin",
        }
    }

    /// Signs in by the first address.
    pub async fn add_to(&self, ctx: &AppContext) -> Result<SourceId> {
        match self {
            Self::Plex(_) => AuthService::add_plex_by_token(ctx, &self.url(), &TOKEN.into()).await,
            Self::Jellyfin(_) => AuthService::add_jellyfin(ctx, &self.url(), USER, &PASSWORD.into()).await,
        }
    }

    /// The requests that arrived.
    pub fn recorder(&self) -> &Recorder {
        match self {
            Self::Plex(plex) => plex.recorder(),
            Self::Jellyfin(jellyfin) => jellyfin.recorder(),
        }
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        match self {
            Self::Plex(plex) => plex.faults(),
            Self::Jellyfin(jellyfin) => jellyfin.faults(),
        }
    }

    /// Takes the server off the network, as far as a client can tell.
    pub fn go_away(&self) {
        self.faults().add(EVERY_CONNECTION, "/", Fault::Close);
    }

    /// Undoes every fault.
    pub fn come_back(&self) {
        self.faults().clear_all();
    }

    /// The path that lists a library.
    pub fn listing_path(&self, library: u32) -> String {
        match self {
            Self::Plex(_) => format!("/library/sections/{library}/all"),
            Self::Jellyfin(_) => "/Items".to_owned(),
        }
    }

    /// How often a library was listed or counted.
    pub fn listings(&self, library: u32) -> usize {
        let path = self.listing_path(library);
        let of_items = |request: &&RecordedRequest| request.path == path && !asks_for_shelves(request);
        self.recorder().requests().iter().filter(of_items).count()
    }

    /// An answer of this server: a page that says `total` and holds the given items.
    pub fn page(&self, total: u32, items: &[&str]) -> Fault {
        let items_json = items.join(",");
        let body = match self {
            Self::Plex(_) => format!(
                r#"{{"MediaContainer":{{"size":{},"totalSize":{total},"offset":0,"Metadata":[{items_json}]}}}}"#,
                items.len()
            ),
            Self::Jellyfin(_) => {
                format!(r#"{{"Items":[{items_json}],"TotalRecordCount":{total},"StartIndex":0}}"#)
            }
        };
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Fault::Status { code: 200, headers, body }
    }

    /// A film as this server writes it.
    pub fn film_json(&self, id: &str, title: &str) -> String {
        match self {
            Self::Plex(_) => format!(r#"{{"ratingKey":"{id}","type":"movie","title":"{title}"}}"#),
            Self::Jellyfin(_) => format!(r#"{{"Id":"{id}","Type":"Movie","Name":"{title}"}}"#),
        }
    }

    /// What the server calls an item.
    pub fn remote_id(&self, item: ItemNumber) -> String {
        match self {
            Self::Plex(_) => rating_key(item),
            Self::Jellyfin(jellyfin) => jellyfin.item_id(item),
        }
    }

    /// What the user did with an item.
    pub fn watch_state(&self, item: ItemNumber) -> WatchState {
        match self {
            Self::Plex(plex) => plex.watch_state(TOKEN, item),
            Self::Jellyfin(jellyfin) => jellyfin.watch_state(USER, item),
        }
    }

    /// Puts a state in place, as another app of the user would.
    pub fn set_watch_state(&self, item: ItemNumber, state: WatchState) {
        match self {
            Self::Plex(plex) => plex.set_watch_state(TOKEN, item, state),
            Self::Jellyfin(jellyfin) => jellyfin.set_watch_state(USER, item, state),
        }
    }

    /// Changes anything in the catalogue.
    pub fn change_catalogue<T>(&self, change: impl FnOnce(&mut Catalogue) -> T) -> T {
        match self {
            Self::Plex(plex) => plex.change_catalogue(change),
            Self::Jellyfin(jellyfin) => jellyfin.change_catalogue(change),
        }
    }

    /// Requests for the page of a library that begins at an item.
    pub fn page_requests(&self, library: u32, start: u32) -> Where {
        let start = match self {
            Self::Plex(_) => format!("X-Plex-Container-Start={start}"),
            Self::Jellyfin(_) => format!("startIndex={start}"),
        };
        Where::path(&self.listing_path(library)).query(&start)
    }

    /// Deletes an item.
    pub fn remove_item(&self, item: ItemNumber) {
        match self {
            Self::Plex(plex) => plex.remove_item(item),
            Self::Jellyfin(jellyfin) => jellyfin.remove_item(item),
        }
    }

    /// Ends the user's token.
    pub fn revoke(&self) {
        match self {
            Self::Plex(plex) => plex.set_token(USER, "canary-token-next"),
            Self::Jellyfin(jellyfin) => jellyfin.revoke_tokens(),
        }
    }

    /// Every secret that this server knows now.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![PASSWORD.to_owned(), TOKEN.to_owned()];
        if let Self::Jellyfin(jellyfin) = self {
            secrets.extend(jellyfin.tokens());
        }
        secrets
    }

    /// Fails when a credential came over a connection before the server had said there who it is.
    pub fn assert_identity_first(&self) {
        let identity = self.identity_path();
        let requests = self.recorder().requests();
        let secrets = self.secrets();
        for (place, request) in requests.iter().enumerate() {
            if !carries_credential(request, &secrets) {
                continue;
            }
            let proved = requests[..place].iter().any(|before| {
                before.connection == request.connection
                    && before.path.ends_with(identity)
                    && before.status == Some(200)
            });
            assert!(proved, "a credential before identity: {} on {}", request.path, request.connection);
        }
    }
}

/// Whether a request is for collections or playlists: a Jellyfin lists them as it lists a library.
pub fn asks_for_shelves(request: &RecordedRequest) -> bool {
    ["BoxSet", "Playlist"].iter().any(|kind| request.query.contains(&format!("includeItemTypes={kind}")))
}

/// Whether a request carries a credential, or a header for one.
pub fn carries_credential(request: &RecordedRequest, secrets: &[String]) -> bool {
    let headers =
        ["authorization", "x-emby-authorization", "x-emby-token", "x-mediabrowser-token", "x-plex-token"];
    headers.iter().any(|name| request.header(name).is_some())
        || secrets.iter().any(|secret| request.mentions(secret))
}
