//! Proxies from the environment: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case.

use std::env;
use std::net::IpAddr;

use async_trait::async_trait;
use tracing::warn;
use url::{Host, Url};

use super::{ProxyAddress, ProxyResolver, ProxyRoute};

/// What the environment says, read once.
#[derive(Debug, Clone, Default)]
pub struct EnvironmentProxies {
    http: Option<ProxyAddress>,
    https: Option<ProxyAddress>,
    except: Vec<Exception>,
}

/// An entry of `no_proxy`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exception {
    /// `*`
    Everything,
    /// `10.0.0.0/8`; a single address has all its bits.
    Network(IpAddr, u8),
    /// `example.org`, `.example.org`, `example.org:8080`: the domain and all below it, maybe of one port only.
    Domain(String, Option<u16>),
}

impl EnvironmentProxies {
    /// Reads the environment of this process.
    pub fn of_process() -> Self {
        Self::read(|name| env::var(name).ok())
    }

    /// Reads variables from anywhere. What is no proxy is left out with a warning.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| {
            let lower = variable(name).filter(|value| !value.trim().is_empty());
            lower.or_else(|| variable(&name.to_uppercase()).filter(|value| !value.trim().is_empty()))
        };
        let proxy = |name: &str| {
            value(name).or_else(|| value("all_proxy")).and_then(|text| {
                let read = text.parse::<ProxyAddress>();
                read.inspect_err(|problem| warn!(variable = name, %problem, "left out")).ok()
            })
        };
        let except = value("no_proxy").unwrap_or_default();
        Self {
            http: proxy("http_proxy"),
            https: proxy("https_proxy"),
            except: except.split([',', ' ']).filter_map(Exception::read).collect(),
        }
    }
}

#[async_trait]
impl ProxyResolver for EnvironmentProxies {
    async fn resolve(&self, origin: &Url) -> Vec<ProxyRoute> {
        let proxy = if origin.scheme() == "https" { &self.https } else { &self.http };
        match proxy {
            Some(proxy) if !self.except.iter().any(|exception| exception.matches(origin)) => {
                vec![ProxyRoute::Through(proxy.clone())]
            }
            _ => vec![ProxyRoute::Direct],
        }
    }
}

impl Exception {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return None;
        }
        if text == "*" {
            return Some(Self::Everything);
        }
        if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Some(Self::Network(address, bits(address)));
        }
        if let Some((address, length)) = text.split_once('/') {
            let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse::<u8>().ok()?);
            return (length <= bits(address)).then_some(Self::Network(address, length));
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (text.as_str(), None),
        };
        let name = name.trim_start_matches('*').trim_matches('.');
        (!name.is_empty()).then(|| Self::Domain(name.to_owned(), port))
    }

    fn matches(&self, url: &Url) -> bool {
        match (self, url.host()) {
            (Self::Everything, _) => true,
            (Self::Network(network, length), Some(Host::Ipv4(address))) => {
                shares_prefix(*network, address.into(), *length)
            }
            (Self::Network(network, length), Some(Host::Ipv6(address))) => {
                shares_prefix(*network, address.into(), *length)
            }
            (Self::Domain(domain, port), Some(host)) => {
                let host = host.to_string().trim_end_matches('.').to_ascii_lowercase();
                let rest = host.strip_suffix(domain.as_str());
                let below = rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && port.is_none_or(|port| url.port_or_known_default() == Some(port))
            }
            _ => false,
        }
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Whether the first `length` bits of two addresses of the same family are the same.
pub(in crate::net) fn shares_prefix(network: IpAddr, address: IpAddr, length: u8) -> bool {
    let high = |value: u128, all: u32| value.checked_shr(all.saturating_sub(length.into())).unwrap_or(0);
    match (network, address) {
        (IpAddr::V4(one), IpAddr::V4(two)) => {
            high(one.to_bits().into(), 32) == high(two.to_bits().into(), 32)
        }
        (IpAddr::V6(one), IpAddr::V6(two)) => high(one.to_bits(), 128) == high(two.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    async fn resolve(variables: &[(&str, &str)], url: &str) -> String {
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        match EnvironmentProxies::read(read).resolve(&url.parse().unwrap()).await.remove(0) {
            ProxyRoute::Direct => "direct".to_owned(),
            ProxyRoute::Through(address) => address.as_str().to_owned(),
        }
    }

    #[tokio::test]
    async fn each_scheme_has_its_variable_and_lower_case_wins() {
        let variables = [("http_proxy", "one:1"), ("HTTP_PROXY", "two:2"), ("HTTPS_PROXY", "http://three:3")];
        assert_eq!(resolve(&variables, "http://a.example").await, "http://one:1");
        assert_eq!(resolve(&variables, "https://a.example").await, "http://three:3");
        let all = [("all_proxy", "socks5://four:4"), ("http_proxy", " ")];
        assert_eq!(resolve(&all, "http://a.example").await, "socks5://four:4");
        assert_eq!(resolve(&[], "http://a.example").await, "direct");
        assert_eq!(resolve(&[("http_proxy", "ftp://x")], "http://a.example").await, "direct");
    }

    #[tokio::test]
    async fn exceptions_are_domains_networks_and_ports() {
        let variables = [
            ("all_proxy", "p:1"),
            (
                "NO_PROXY",
                "example.org, .dot.example,10.0.0.0/8 port.example:8096,2001:db8::/32,192.0.2.1,bad/99",
            ),
        ];
        for url in [
            "http://example.org",
            "https://www.example.org",
            "http://x.dot.example",
            "http://10.200.0.1",
            "http://port.example:8096",
            "http://[2001:db8:1::1]",
            "http://192.0.2.1",
        ] {
            assert_eq!(resolve(&variables, url).await, "direct", "{url}");
        }
        for url in ["http://notexample.org", "http://11.0.0.1", "http://port.example", "http://192.0.2.2"] {
            assert_eq!(resolve(&variables, url).await, "http://p:1", "{url}");
        }
        assert_eq!(resolve(&[("all_proxy", "p:1"), ("no_proxy", "*")], "http://a.example").await, "direct");
    }

    #[test]
    fn prefixes_of_all_lengths() {
        let shared =
            |one: &str, two: &str, length| shares_prefix(one.parse().unwrap(), two.parse().unwrap(), length);
        assert!(shared("1.2.3.4", "255.0.0.0", 0));
        assert!(shared("::", "ffff::", 0));
        assert!(shared("1.2.3.4", "1.2.3.5", 31));
        assert!(!shared("1.2.3.4", "1.2.3.5", 32));
        assert!(!shared("1.2.3.4", "::1", 0));
    }
}
