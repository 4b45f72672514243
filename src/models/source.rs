//! Sources and the connections of the server behind each.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Folder, InvalidId, MachineId, NewFolder, ServerUrl, SourceId};

/// What stands behind a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A Plex Media Server.
    Plex,
    /// A Jellyfin server.
    Jellyfin,
    /// A folder of this machine.
    Local,
}

impl SourceKind {
    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plex => "plex",
            Self::Jellyfin => "jellyfin",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SourceKind {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text {
            "plex" => Ok(Self::Plex),
            "jellyfin" => Ok(Self::Jellyfin),
            "local" => Ok(Self::Local),
            _ => Err(InvalidId::of("source type")),
        }
    }
}

/// Whether the credentials of a source are good, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AuthStatus {
    /// Nothing speaks against them.
    #[default]
    SignedIn,
    /// A verified server said that the token is dead: a person must sign in again.
    SignInNeeded,
}

/// The server's user that a source belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUser {
    /// The server's id of the user.
    pub id: String,
    /// The user's shown name.
    pub name: String,
}

/// How near a connection is. Nearer tiers are preferred whatever their latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// In the same network.
    Local,
    /// Directly, over the internet.
    Remote,
    /// Through a relay of the vendor: limited quality, last resort.
    Relay,
}

impl Tier {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
            Self::Relay => "relay",
        }
    }
}

/// How far an address is trusted that somebody in the local network has told of. Such a message proves nothing, and
/// neither does TLS to a host that only the message has named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learnt {
    /// No credential goes there unless the user says so.
    Unproven,
    /// As good as an address that was there before: `services::discovery` says when.
    Covered,
}

/// One address of a server. The field names are those of the stored JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the field names of the stored JSON")]
pub struct ServerConnection {
    /// Base address.
    pub uri: ServerUrl,
    /// Said to be in the server's own network.
    pub local: bool,
    /// Goes through a relay.
    pub relay: bool,
    /// The score of the last check: lower is better, 10 000 and more is unavailable.
    #[serde(default)]
    pub priority: i32,
    /// Whether the last check reached the server.
    #[serde(default)]
    pub is_available: bool,
    /// Round-trip time of the last successful check, in milliseconds.
    #[serde(default)]
    pub response_time_ms: Option<u32>,
    /// Typed by the user: kept when the server's own list changes.
    #[serde(default)]
    pub typed: bool,
    /// The user allows requests with credentials to this address although it is not encrypted.
    #[serde(default)]
    pub accepted: bool,
    /// The user wants this one whenever it answers.
    #[serde(default)]
    pub pinned: bool,
    /// Learnt from an answer in the local network, and from nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<Learnt>,
}

impl ServerConnection {
    /// An address that has not been checked.
    pub fn new(uri: ServerUrl, tier: Tier) -> Self {
        Self {
            uri,
            local: tier == Tier::Local,
            relay: tier == Tier::Relay,
            priority: 0,
            is_available: false,
            response_time_ms: None,
            typed: false,
            accepted: false,
            pinned: false,
            learnt: None,
        }
    }

    /// Whether credentials may travel to it: encrypted, within this machine, or allowed by the user for this
    /// very address. What was only learnt in the local network has to be covered by one of these.
    pub fn may_carry_credentials(&self) -> bool {
        let by_itself = match self.learnt {
            None => self.uri.is_tls() || self.uri.is_loopback(),
            Some(Learnt::Covered) => true,
            Some(Learnt::Unproven) => false,
        };
        by_itself || self.is_chosen()
    }

    /// Whether the user has chosen this very address.
    pub fn is_chosen(&self) -> bool {
        self.typed || self.accepted
    }

    /// How near it is.
    pub fn tier(&self) -> Tier {
        match (self.relay, self.local) {
            (true, _) => Tier::Relay,
            (false, true) => Tier::Local,
            (false, false) => Tier::Remote,
        }
    }
}

/// All known addresses of a server: the JSON of the column `sources.connections`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ConnectionList {
    /// The addresses, in the order of the server's list.
    pub connections: Vec<ServerConnection>,
    /// When they were last checked.
    #[serde(default)]
    pub last_check: Option<DateTime<Utc>>,
}

impl ConnectionList {
    /// Takes back the cover of learnt addresses without encryption when the user allows none of that kind any more.
    pub fn uncover(&mut self) {
        let plain = |known: &ServerConnection| !known.uri.is_tls() && !known.uri.is_loopback();
        if !self.connections.iter().any(|known| plain(known) && known.is_chosen()) {
            for known in self.connections.iter_mut().filter(|known| plain(known) && known.learnt.is_some()) {
                known.learnt = Some(Learnt::Unproven);
            }
        }
    }
}

/// One source as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// What stands behind it.
    pub kind: SourceKind,
    /// Shown name.
    pub name: String,
    /// The connection in use; `None` for a folder.
    pub connection_url: Option<ServerUrl>,
    /// All connections of the server.
    pub connections: ConnectionList,
    /// The server's identity; `None` for a folder.
    pub machine_id: Option<MachineId>,
    /// The server's user.
    pub user: Option<SourceUser>,
    /// The id under which this installation shows itself to the server for this account.
    pub device_id: String,
    /// The folders of a local source, in the order in which they were added.
    pub folders: Vec<Folder>,
    /// Whether a sign-in is needed.
    pub auth_status: AuthStatus,
    /// Whether the last check reached it.
    pub is_online: bool,
    /// Whether it takes part at all.
    pub enabled: bool,
    /// When its last complete sync ended.
    pub last_sync: Option<DateTime<Utc>>,
    /// Its place in the user's order.
    pub position: i32,
}

/// What is needed to store a new source.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSource {
    /// What stands behind it.
    pub kind: SourceKind,
    /// Shown name.
    pub name: String,
    /// The first connection to use.
    pub connection_url: Option<ServerUrl>,
    /// All connections of the server.
    pub connections: ConnectionList,
    /// The server's identity.
    pub machine_id: Option<MachineId>,
    /// The server's user.
    pub user: Option<SourceUser>,
    /// The id under which this installation shows itself.
    pub device_id: String,
    /// The folders of a local source.
    pub folders: Vec<NewFolder>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_older_versions_is_read() {
        let json = r#"{"connections":[{"uri":"https://192.168.1.100:32400","protocol":"https",
            "address":"192.168.1.100","port":32400,"local":true,"relay":false,"priority":-1000,
            "is_available":true,"response_time_ms":45}],"last_check":"2024-01-15T10:30:00Z"}"#;
        let list: ConnectionList = serde_json::from_str(json).unwrap();
        assert_eq!(list.connections[0].tier(), Tier::Local);
        assert_eq!(list.connections[0].response_time_ms, Some(45));
        assert!(list.last_check.is_some());
        assert_eq!(list.connections[0].learnt, None);
    }

    fn learnt(uri: &str, learnt: Learnt) -> ServerConnection {
        ServerConnection { learnt: Some(learnt), ..ServerConnection::new(uri.parse().unwrap(), Tier::Local) }
    }

    #[test]
    fn credentials_go_where_something_or_somebody_vouches() {
        let mut plain = ServerConnection::new("http://192.0.2.4:8096".parse().unwrap(), Tier::Local);
        assert!(!plain.may_carry_credentials());
        plain.accepted = true;
        assert!(plain.may_carry_credentials());
        for uri in ["http://192.0.2.4:8096", "https://a.example", "http://127.0.0.1:8096"] {
            let mut connection = learnt(uri, Learnt::Unproven);
            assert!(!connection.may_carry_credentials(), "{uri}");
            connection.accepted = true;
            assert!(connection.may_carry_credentials(), "{uri}");
            assert!(learnt(uri, Learnt::Covered).may_carry_credentials(), "{uri}");
        }
    }

    #[test]
    fn without_an_allowed_address_nothing_is_covered_by_it() {
        let mut chosen = ServerConnection::new("http://192.0.2.4:8096".parse().unwrap(), Tier::Local);
        chosen.typed = true;
        let moved = learnt("http://192.0.2.5:8096", Learnt::Covered);
        let proven = learnt("https://a.example", Learnt::Covered);
        let mut list = ConnectionList { connections: vec![chosen, moved, proven], last_check: None };
        list.uncover();
        assert!(list.connections.iter().all(ServerConnection::may_carry_credentials));
        list.connections.remove(0);
        list.uncover();
        let usable: Vec<bool> =
            list.connections.iter().map(ServerConnection::may_carry_credentials).collect();
        assert_eq!(usable, [false, true]);
    }
}
