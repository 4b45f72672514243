//! What a token is kept for.

use crate::models::SourceId;

/// The name of an entry in a credential store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialKey(String);

impl CredentialKey {
    /// The token of an account of plex.tv, or of a user of its Home. It is for plex.tv and never for a server.
    pub fn plex_account(id: &str) -> Self {
        Self(format!("plex-account:{id}"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SourceId> for CredentialKey {
    /// The token of a source, for its server only.
    fn from(source: SourceId) -> Self {
        Self(source.to_string())
    }
}
