//! What a token is kept for.

use crate::models::SourceId;
use crate::net::ProxyAddress;

/// The name of an entry in a credential store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialKey(String);

impl CredentialKey {
    /// The token of an account of plex.tv, or of a user of its Home. It is for plex.tv and never for a server.
    pub fn plex_account(id: &str) -> Self {
        Self(format!("plex-account:{id}"))
    }

    /// The password at a proxy. It is for the proxy at this address and for no other.
    pub fn proxy(address: &ProxyAddress) -> Self {
        Self(format!("proxy:{}", address.as_str()))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_proxy_holds_its_address_and_no_credential() {
        let address: ProxyAddress = "http://ana:secret@example.org:3128/".parse().unwrap();
        assert_eq!(CredentialKey::proxy(&address).as_str(), "proxy:http://example.org:3128");
    }
}
