//! Sources and the connections of the server behind each.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{InvalidId, LibraryKind, MachineId, ServerUrl, SourceId};

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
        }
    }

    /// Whether credentials may travel to it: encrypted, within this machine, or allowed by the user for this
    /// very address.
    pub fn may_carry_credentials(&self) -> bool {
        self.uri.is_tls() || self.uri.is_loopback() || self.typed || self.accepted
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
    /// The folder of a local source.
    pub folder: Option<PathBuf>,
    /// What the folder holds, when the user has said so.
    pub folder_kind: Option<LibraryKind>,
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
    /// The folder of a local source.
    pub folder: Option<PathBuf>,
    /// What the folder holds, when the user has said so.
    pub folder_kind: Option<LibraryKind>,
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
    }
}
