//! What a backend needs to know of credentials and of this installation.

use secrecy::SecretString;

/// How this installation shows itself to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientIdentity {
    /// Stable random id for (installation, account).
    pub device_id: String,
    /// Name of this machine, as the user would know it.
    pub device_name: String,
}

impl ClientIdentity {
    /// The product name that servers show.
    pub const PRODUCT: &'static str = "Reel";
    /// The version that servers show.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");
}

/// Credentials of a source in the form its backend wants.
#[derive(Debug, Clone)]
pub enum AuthProvider {
    /// The server's own token.
    Plex {
        /// The token for this server and user.
        token: SecretString,
        /// How this installation shows itself.
        client: ClientIdentity,
    },
    /// A user's token.
    Jellyfin {
        /// The access token.
        token: SecretString,
        /// The user's id at the server.
        user_id: String,
        /// How this installation shows itself.
        client: ClientIdentity,
    },
    /// A folder needs none.
    Local,
}
