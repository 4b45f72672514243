//! Switching the connections of running servers from outside, over plain HTTP on loopback.
//!
//! `GET /connections` lists them, `POST /connections/{name}/{state}` switches one, all of a server
//! (`jellyfin`, `plex`, `plex.tv`, `shared`) or `all`, and lists what it switched. Answers are JSON; a refusal is a
//! line of text.
//!
//! `POST /account/{what}` is what happens at plex.tv: `hold` has PINs wait for approval, `approve` approves those that
//! wait, `expire` ends them, `release` has every PIN approved by itself again; `hide` takes all servers from the lists
//! of the accounts, `show` brings them back. The answer is how many PINs wait.

use super::state::State as Switched;
use crate::connection::{Addresses, Connection, ConnectionPlan, Reach};
use crate::plex_tv::PlexTv;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::ValueEnum as _;
use serde::{Deserialize, Serialize};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// The name that stands for every connection.
const ALL: &str = "all";

/// A connection and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// Its server: `jellyfin`, `plex`, `plex.tv` or `shared`.
    pub server: String,
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: Switched,
    /// Its address.
    pub address: String,
}

/// The switches of a server before they can be reached.
pub(super) struct Server {
    name: &'static str,
    connections: Vec<Connection>,
    sign_out: Box<dyn Fn() + Send + Sync>,
}

impl Server {
    pub(super) fn new<'a>(
        name: &'static str,
        connections: impl Iterator<Item = &'a Connection>,
        sign_out: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self { name, connections: connections.cloned().collect(), sign_out: Box::new(sign_out) }
    }
}

impl Server {
    fn has(&self, connection: &str) -> bool {
        self.connections.iter().any(|known| known.name() == connection)
    }
}

/// The usual round trip of a connection of the demo, by where it lies.
fn distance(reach: Reach) -> Duration {
    match reach {
        Reach::Local => Duration::ZERO,
        Reach::Remote => Duration::from_millis(10),
        Reach::Relay => Duration::from_millis(30),
    }
}

/// The control of running servers, until it is dropped.
#[derive(Debug)]
pub(super) struct Control(Addresses);

impl Control {
    /// Listens on any free port. Gives every connection its usual distance.
    pub(super) fn open(servers: Vec<Server>, plex_tv: Option<Weak<PlexTv>>) -> io::Result<Self> {
        let states = Mutex::new(Vec::new());
        let board = Arc::new(Board { servers, plex_tv, states });
        for (_, connection) in board.named(ALL) {
            connection.set_round_trip(distance(connection.reach()));
        }
        let router = Router::new()
            .route("/connections", get(list))
            .route("/connections/{name}/{state}", post(switch))
            .route("/account/{what}", post(account))
            .with_state(board);
        Addresses::open(&router, &[ConnectionPlan::new("control", Reach::Local)], None).map(Self)
    }

    pub(super) fn uri(&self) -> Option<&str> {
        self.0.all().next().map(Connection::uri)
    }
}

struct Board {
    servers: Vec<Server>,
    plex_tv: Option<Weak<PlexTv>>,
    /// Names of connections that were switched, with their state.
    states: Mutex<Vec<(String, Switched)>>,
}

impl Board {
    /// Connections by their own name, their server's or [`ALL`].
    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Server, &'a Connection)> {
        let all = self
            .servers
            .iter()
            .flat_map(|server| server.connections.iter().map(move |connection| (server, connection)));
        all.filter(move |(server, connection)| [ALL, server.name, connection.name()].contains(&name))
    }

    fn shown(&self, name: &str) -> Vec<Switch> {
        let states = self.states();
        let state = |name: &str| states.iter().find(|(known, _)| known == name).map(|(_, state)| *state);
        let row = |(server, connection): (&Server, &Connection)| Switch {
            server: server.name.to_owned(),
            name: connection.name().to_owned(),
            state: state(connection.name()).unwrap_or_default(),
            address: connection.uri().to_owned(),
        };
        self.named(name).map(row).collect()
    }

    fn switch(&self, name: &str, state: Switched) -> Result<(), String> {
        let whole: Vec<&Server> =
            self.servers.iter().filter(|server| [ALL, server.name].contains(&name)).collect();
        if self.named(name).next().is_none() {
            return Err(format!("there is no connection {name}; there are {}", self.names()));
        }
        if matches!(state, Switched::RelayOnly | Switched::SignOut) && whole.is_empty() {
            return Err(format!("{state} is for a server, not for the connection {name}"));
        }
        if state == Switched::SignOut {
            for server in whole {
                (server.sign_out)();
            }
            return Ok(());
        }
        let relayed = self.named(name).any(|(_, connection)| connection.reach() == Reach::Relay);
        if state == Switched::RelayOnly && !relayed {
            return Err(format!("{name} has no relay"));
        }
        let has_tls = |connection: &Connection| connection.certificate().is_some();
        if state.served().is_some() && !self.named(name).any(|(_, connection)| has_tls(connection)) {
            return Err(format!("{name} has no TLS"));
        }
        let concerned = |connection: &Connection| state.served().is_none() || has_tls(connection);
        for (_, connection) in self.named(name).filter(|(_, connection)| concerned(connection)) {
            state.apply(connection, distance(connection.reach()));
            let is = match state {
                Switched::RelayOnly if connection.reach() == Reach::Relay => Switched::On,
                Switched::RelayOnly => Switched::Off,
                other => other,
            };
            let mut states = self.states();
            states.retain(|(known, _)| known != connection.name());
            states.push((connection.name().to_owned(), is));
        }
        Ok(())
    }

    fn names(&self) -> String {
        let connections = self.named(ALL).map(|(_, connection)| connection.name());
        let servers = self.servers.iter().map(|server| server.name);
        // plex.tv is both a server and its connection.
        let servers = servers.filter(|name| self.servers.iter().all(|server| !server.has(name)));
        connections.chain(servers).chain([ALL]).collect::<Vec<_>>().join(", ")
    }

    fn states(&self) -> MutexGuard<'_, Vec<(String, Switched)>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn list(State(board): State<Arc<Board>>) -> Json<Vec<Switch>> {
    Json(board.shown(ALL))
}

async fn switch(State(board): State<Arc<Board>>, Path((name, state)): Path<(String, String)>) -> Response {
    let Ok(state) = Switched::from_str(&state, true) else {
        return (StatusCode::BAD_REQUEST, format!("there is no state {state}")).into_response();
    };
    match board.switch(&name, state) {
        Ok(()) => Json(board.shown(&name)).into_response(),
        Err(reason) => (StatusCode::BAD_REQUEST, reason).into_response(),
    }
}

async fn account(State(board): State<Arc<Board>>, Path(what): Path<String>) -> Response {
    let Some(plex_tv) = board.plex_tv.as_ref().and_then(Weak::upgrade) else {
        return (StatusCode::NOT_FOUND, "there is no plex.tv").into_response();
    };
    match what.as_str() {
        "hold" => plex_tv.set_auto_approve(false),
        "release" => plex_tv.set_auto_approve(true),
        "approve" => plex_tv.waiting_pins().iter().for_each(|code| {
            plex_tv.approve_pin(code);
        }),
        "expire" => plex_tv.waiting_pins().iter().for_each(|code| plex_tv.expire_pin(code)),
        "hide" => plex_tv.hide_servers(true),
        "show" => plex_tv.hide_servers(false),
        _ => return (StatusCode::BAD_REQUEST, format!("plex.tv cannot {what}")).into_response(),
    }
    Json(plex_tv.waiting_pins().len()).into_response()
}
