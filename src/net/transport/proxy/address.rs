//! The address of a proxy, with its credentials apart.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::net::error::{ErrorKind, NetError};

/// Schemes of proxies that can be used.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// Why a text is not the address of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProxy {
    /// It is not an address at all.
    #[error("the address of the proxy is not an address")]
    Malformed,
    /// Another kind of proxy.
    #[error("only HTTP and SOCKS5 proxies can be used")]
    Scheme,
    /// Port 0, or more than an address of a proxy: a path or a query.
    #[error("the address of the proxy must be a host and a port")]
    NotJustHost,
}

impl From<InvalidProxy> for NetError {
    fn from(problem: InvalidProxy) -> Self {
        Self::new(ErrorKind::Invalid, problem.to_string())
    }
}

/// Name and password at a proxy.
#[derive(Debug, Clone)]
pub struct ProxyCredentials {
    /// The name.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// Where a proxy is. Shows no credential.
#[derive(Clone)]
pub struct ProxyAddress {
    url: Url,
    credentials: Option<ProxyCredentials>,
}

impl ProxyAddress {
    /// The same proxy with these credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: ProxyCredentials) -> Self {
        Self { credentials: Some(credentials), ..self }
    }

    /// Name and password, where the address was written with them.
    pub fn credentials(&self) -> Option<&ProxyCredentials> {
        self.credentials.as_ref()
    }

    /// The same proxy without credentials.
    #[must_use]
    pub fn without_credentials(self) -> Self {
        Self { credentials: None, ..self }
    }

    /// The address, without credentials.
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    pub(in crate::net::transport) fn as_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        let proxy = reqwest::Proxy::all(self.url.clone())?;
        Ok(match &self.credentials {
            Some(ProxyCredentials { user, password }) => proxy.basic_auth(user, password.expose_secret()),
            None => proxy,
        })
    }

    fn user(&self) -> Option<&str> {
        self.credentials.as_ref().map(|credentials| credentials.user.as_str())
    }
}

impl FromStr for ProxyAddress {
    type Err = InvalidProxy;

    /// Reads `scheme://user:password@host:port`. Without a scheme it is an HTTP proxy, as the environment's variables
    /// are commonly written.
    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let text = text.trim();
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut url = Url::parse(&with_scheme).map_err(|_| InvalidProxy::Malformed)?;
        // GLib says `socks`.
        if url.scheme() == "socks" {
            url = Url::parse(&with_scheme.replacen("socks", "socks5", 1))
                .map_err(|_| InvalidProxy::Malformed)?;
        }
        if !SCHEMES.contains(&url.scheme()) {
            return Err(InvalidProxy::Scheme);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(InvalidProxy::Malformed);
        }
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !bare || url.port() == Some(0) {
            return Err(InvalidProxy::NotJustHost);
        }
        let credentials = credentials_in(&url);
        url.set_username("").map_err(|()| InvalidProxy::Malformed)?;
        url.set_password(None).map_err(|()| InvalidProxy::Malformed)?;
        Ok(Self { url, credentials })
    }
}

fn credentials_in(url: &Url) -> Option<ProxyCredentials> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (!url.username().is_empty()).then(|| ProxyCredentials {
        user: decoded(url.username()),
        password: decoded(url.password().unwrap_or_default()).into(),
    })
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for ProxyAddress {
    fn eq(&self, other: &Self) -> bool {
        let password = |address: &Self| {
            address.credentials.as_ref().map(|credentials| credentials.password.expose_secret().to_owned())
        };
        self.url == other.url && self.user() == other.user() && password(self) == password(other)
    }
}

impl Eq for ProxyAddress {}

impl Hash for ProxyAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.url.hash(state);
        self.user().hash(state);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_their_credentials_are_kept_apart() {
        let address: ProxyAddress = "http://ana:p%40ss@example.net:3128".parse().unwrap();
        assert_eq!(address.as_str(), "http://example.net:3128");
        assert_eq!(format!("{address:?}"), "http://example.net:3128");
        assert_eq!(address.credentials.unwrap().password.expose_secret(), "p@ss");
        let bare: ProxyAddress = "proxy:3128".parse().unwrap();
        assert_eq!(bare.as_str(), "http://proxy:3128");
        let socks: ProxyAddress = "socks://[::1]:1080".parse().unwrap();
        assert_eq!(socks.as_str(), "socks5://[::1]:1080");
        assert!(socks.credentials().is_none());
        let both: ProxyAddress = "http://ana:x@example.net:3128".parse().unwrap();
        assert_eq!(both.without_credentials(), "http://example.net:3128".parse().unwrap());
    }

    #[test]
    fn another_password_is_another_proxy() {
        let one: ProxyAddress = "http://ana:one@example.net".parse().unwrap();
        assert_eq!(one, "http://ana:one@example.net".parse().unwrap());
        assert_ne!(one, "http://ana:two@example.net".parse().unwrap());
    }

    #[test]
    fn nonsense_has_a_reason() {
        for (text, problem) in [
            ("", InvalidProxy::Malformed),
            ("   ", InvalidProxy::Malformed),
            ("http://", InvalidProxy::Malformed),
            ("proxy server", InvalidProxy::Malformed),
            ("http://proxy:99999", InvalidProxy::Malformed),
            ("ftp://proxy:21", InvalidProxy::Scheme),
            ("file:///etc/passwd", InvalidProxy::Scheme),
            ("javascript://x", InvalidProxy::Scheme),
            ("http://proxy:0", InvalidProxy::NotJustHost),
            ("http://proxy/path", InvalidProxy::NotJustHost),
            ("http://proxy/?q", InvalidProxy::NotJustHost),
        ] {
            assert_eq!(text.parse::<ProxyAddress>().unwrap_err(), problem, "{text}");
        }
        let error = NetError::from(InvalidProxy::Scheme);
        assert_eq!(
            (error.kind, error.detail()),
            (ErrorKind::Invalid, "only HTTP and SOCKS5 proxies can be used")
        );
    }
}
