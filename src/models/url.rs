//! The base address of a server, as a type that cannot show a secret.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A text that is not an `http` or `https` address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address")]
pub struct InvalidUrl;

/// Base address of a server: `http` or `https`, a host, maybe a port and a path; never a user name,
/// password, query or fragment, so that it can be shown, stored and logged.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(Url);

impl ServerUrl {
    /// Whether requests travel in TLS.
    pub fn is_tls(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host: a name or an address.
    pub fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    /// Whether it leads to this machine itself.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Whether a connection to it can be tried at all: a port, and an address that stands for one host. Link-local
    /// addresses mean nothing without an interface, which an address in a list does not have.
    pub fn is_dialable(&self) -> bool {
        let possible = match self.0.host() {
            Some(Host::Ipv4(address)) => {
                !(address.is_unspecified()
                    || address.is_link_local()
                    || address.is_broadcast()
                    || address.is_multicast())
            }
            Some(Host::Ipv6(address)) => {
                !(address.is_unspecified() || address.is_unicast_link_local() || address.is_multicast())
            }
            Some(Host::Domain(_)) => true,
            None => false,
        };
        possible && self.port() != 0
    }

    /// The port, given or implied by the scheme.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Appends `path` to the base path. A base like `https://host/jellyfin` keeps its path, which joining
    /// two URLs would lose.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{}", path.trim_start_matches('/')));
        url
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

impl TryFrom<Url> for ServerUrl {
    type Error = InvalidUrl;

    /// Drops user name, password, query and fragment.
    fn try_from(mut url: Url) -> Result<Self, InvalidUrl> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(InvalidUrl);
        }
        url.set_query(None);
        url.set_fragment(None);
        url.set_username("").map_err(|()| InvalidUrl)?;
        url.set_password(None).map_err(|()| InvalidUrl)?;
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl FromStr for ServerUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        Url::parse(text.trim()).map_err(|_| InvalidUrl)?.try_into()
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = InvalidUrl;

    fn try_from(text: String) -> Result<Self, InvalidUrl> {
        text.parse()
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.as_str().to_owned()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn join_keeps_the_base_path() {
        let base: ServerUrl = "https://media.example.org/jellyfin/".parse().unwrap();
        assert_eq!(base.join("/Items").as_str(), "https://media.example.org/jellyfin/Items");
        let bare: ServerUrl = "http://10.0.0.2:8096".parse().unwrap();
        assert_eq!(bare.join("Items").as_str(), "http://10.0.0.2:8096/Items");
    }

    #[test]
    fn secrets_in_an_address_are_dropped() {
        let url: ServerUrl = "https://ana:hunter2@host/?X-Plex-Token=abc#x".parse().unwrap();
        assert_eq!(url.to_string(), "https://host");
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in ["ftp://host", "file:///etc", "attic", "http://", ""] {
            assert_eq!(text.parse::<ServerUrl>(), Err(InvalidUrl), "{text}");
        }
    }

    #[test]
    fn addresses_that_stand_for_no_host_are_not_dialled() {
        let dialable = |text: &str| text.parse::<ServerUrl>().unwrap().is_dialable();
        for text in
            ["http://10.0.0.2:8096", "https://[2001:db8::1]:32400", "https://a.example", "http://127.0.0.1:1"]
        {
            assert!(dialable(text), "{text}");
        }
        for text in [
            "http://0.0.0.0:8096",
            "http://[::]:8096",
            "http://169.254.3.4:32400",
            "http://[fe80::1]:32400",
            "http://255.255.255.255",
            "http://224.0.0.1",
            "http://10.0.0.2:0",
        ] {
            assert!(!dialable(text), "{text}");
        }
        assert!("http://10.0.0.2:99999".parse::<ServerUrl>().is_err());
        assert!("ftp://10.0.0.2".parse::<ServerUrl>().is_err());
    }
}
