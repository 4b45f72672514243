//! Ways to a server through a proxy: which one, and who knows.
//!
//! What the user has chosen is a [`ProxyChoice`]. With the system's setting, a [`ProxyResolver`] is asked for each
//! origin: the environment's variables in the core, GNOME's setting in the window. Addresses of this machine and
//! of the local network are reached directly, whatever a resolver says.

mod address;
mod environment;
mod local;

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

pub use address::{InvalidProxy, ProxyAddress, ProxyCredentials};
pub use environment::EnvironmentProxies;
pub(in crate::net) use environment::shares_prefix;
pub(in crate::net) use local::is_local;
pub(super) use local::is_loopback;

/// What the user has chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// What the system says.
    #[default]
    System,
    /// This one, for everything but this machine itself.
    Manual(ProxyAddress),
    /// None, whatever the system says.
    None,
}

/// One way to an origin.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProxyRoute {
    /// Without a proxy.
    Direct,
    /// Through this proxy.
    Through(ProxyAddress),
}

/// Knows the system's setting.
#[async_trait]
pub trait ProxyResolver: Send + Sync {
    /// The ways to an address, the first to be tried first. The address is that of an origin: it has no path,
    /// query or user.
    async fn resolve(&self, origin: &Url) -> Vec<ProxyRoute>;
}

/// The choice together with who answers for the system.
#[derive(Clone)]
pub(in crate::net) struct ProxySettings {
    pub(in crate::net) choice: ProxyChoice,
    pub(in crate::net) system: Arc<dyn ProxyResolver>,
}

impl ProxySettings {
    /// The ways to an origin; never none.
    pub(in crate::net) async fn routes(&self, origin: &Url) -> Vec<ProxyRoute> {
        let routes = match &self.choice {
            ProxyChoice::Manual(address) if !is_loopback(origin) => {
                vec![ProxyRoute::Through(address.clone())]
            }
            ProxyChoice::System if !is_local(origin) => self.system.resolve(origin).await,
            _ => Vec::new(),
        };
        if routes.is_empty() { vec![ProxyRoute::Direct] } else { routes }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    struct Everything;

    #[async_trait]
    impl ProxyResolver for Everything {
        async fn resolve(&self, _origin: &Url) -> Vec<ProxyRoute> {
            vec![ProxyRoute::Through("http://system.example:1".parse().unwrap()), ProxyRoute::Direct]
        }
    }

    async fn first(choice: ProxyChoice, origin: &str) -> ProxyRoute {
        let settings = ProxySettings { choice, system: Arc::new(Everything) };
        settings.routes(&origin.parse().unwrap()).await.remove(0)
    }

    #[tokio::test]
    async fn the_choice_decides_and_local_addresses_bypass_the_systems() {
        let manual: ProxyAddress = "http://mine.example:2".parse().unwrap();
        let system = ProxyRoute::Through("http://system.example:1".parse().unwrap());
        assert_eq!(first(ProxyChoice::System, "https://plex.tv").await, system);
        assert_eq!(first(ProxyChoice::System, "http://192.168.1.5:8096").await, ProxyRoute::Direct);
        assert_eq!(first(ProxyChoice::None, "https://plex.tv").await, ProxyRoute::Direct);
        let through = ProxyRoute::Through(manual.clone());
        assert_eq!(first(ProxyChoice::Manual(manual.clone()), "http://192.168.1.5:8096").await, through);
        assert_eq!(first(ProxyChoice::Manual(manual), "http://127.0.0.1:1").await, ProxyRoute::Direct);
    }
}
