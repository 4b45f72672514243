//! What the user trusts beyond the platform's certificate store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::certificate::KeyPin;
use super::plex_direct::is_of_plex;

/// The certificates that a source's servers may show. Cheap to clone.
///
/// The platform's store always comes first. Where it says no, a key that the user has accepted for one address of
/// the source is good for all addresses of that source, and for no other host; never for Plex's own.
///
/// API, pictures and streams share this decision: requests through an `HttpPool` made with
/// [`HttpPool::for_trust`](crate::net::HttpPool::for_trust).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Trust {
    accepted: Option<Arc<Accepted>>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Accepted {
    hosts: BTreeSet<String>,
    keys: BTreeMap<String, KeyPin>,
}

/// What accepted keys say about a certificate that the platform does not trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Its key was accepted.
    Accepted,
    /// Another key was accepted for this host.
    Changed,
    /// Nothing was accepted for this host.
    Unknown,
}

impl Trust {
    /// Only what the platform trusts.
    pub fn platform() -> Self {
        Self::default()
    }

    /// Also the keys accepted for hosts of a source: each with the host that showed it. `hosts` are all hosts of that
    /// source.
    pub fn accepting(
        hosts: impl IntoIterator<Item = impl AsRef<str>>,
        keys: impl IntoIterator<Item = (impl AsRef<str>, KeyPin)>,
    ) -> Self {
        let keys: BTreeMap<String, KeyPin> =
            keys.into_iter().map(|(host, key)| (normal(host.as_ref()), key)).collect();
        if keys.is_empty() {
            return Self::platform();
        }
        let hosts = hosts.into_iter().map(|host| normal(host.as_ref())).collect();
        Self { accepted: Some(Arc::new(Accepted { hosts, keys })) }
    }

    /// Whether the user may accept a key for a host at all: one of the source's, and not Plex's own.
    pub fn may_accept(hosts: &[String], host: &str) -> bool {
        let host = normal(host);
        hosts.iter().any(|known| normal(known) == host) && !is_of_plex(&host)
    }

    /// Whether nothing was accepted.
    pub fn is_platform_only(&self) -> bool {
        self.accepted.is_none()
    }

    /// Whether a certificate in DER, which the platform does not trust, was accepted for a host.
    pub fn accepts(&self, host: &str, der: &[u8]) -> bool {
        self.judge(host, der) == Judgement::Accepted
    }

    pub(super) fn judge(&self, host: &str, der: &[u8]) -> Judgement {
        let host = normal(host);
        let Some(accepted) = &self.accepted else { return Judgement::Unknown };
        if !accepted.hosts.contains(&host) || is_of_plex(&host) {
            return Judgement::Unknown;
        }
        match KeyPin::of(der) {
            Some(key) if accepted.keys.values().any(|known| *known == key) => Judgement::Accepted,
            _ if accepted.keys.contains_key(&host) => Judgement::Changed,
            _ => Judgement::Unknown,
        }
    }
}

/// A host as TLS names it: lower case, no brackets, no dot at its end.
pub(super) fn normal(host: &str) -> String {
    host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn certificate() -> (Vec<u8>, KeyPin) {
        let made = rcgen::generate_simple_self_signed(["attic.example".to_owned()]).unwrap();
        let der = made.cert.der().to_vec();
        let pin = KeyPin::of(&der).unwrap();
        (der, pin)
    }

    #[test]
    fn an_accepted_key_is_good_for_the_hosts_of_its_source_only() {
        let (der, pin) = certificate();
        let trust =
            Trust::accepting(["attic.example", "192.0.2.7", "[2001:db8::1]"], [("Attic.Example.", pin)]);
        assert!(trust.accepts("attic.example", &der));
        assert!(trust.accepts("192.0.2.7", &der));
        assert!(trust.accepts("2001:db8::1", &der));
        assert!(!trust.accepts("other.example", &der));
        assert!(!Trust::platform().accepts("attic.example", &der));
    }

    #[test]
    fn another_key_is_a_change_where_one_was_accepted() {
        let (_, pin) = certificate();
        let (stranger, _) = certificate();
        let trust = Trust::accepting(["attic.example", "192.0.2.7"], [("attic.example", pin)]);
        assert_eq!(trust.judge("attic.example", &stranger), Judgement::Changed);
        assert_eq!(trust.judge("192.0.2.7", &stranger), Judgement::Unknown);
        assert_eq!(trust.judge("attic.example", b"no certificate"), Judgement::Changed);
    }

    #[test]
    fn plex_is_never_pinned() {
        let (der, pin) = certificate();
        let hosts = ["plex.tv", "192-168-1-5.0123456789abcdef0123456789abcdef.plex.direct"];
        let trust = Trust::accepting(hosts, hosts.map(|host| (host, pin)));
        assert!(hosts.iter().all(|host| !trust.accepts(host, &der)));
    }
}
