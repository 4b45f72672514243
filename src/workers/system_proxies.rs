//! The proxies of the desktop: GNOME's setting, or the portal's word in a sandbox.

use async_trait::async_trait;
use gtk::gio::prelude::*;
use gtk::{gio, glib};
use tokio::sync::oneshot;
use tracing::warn;
use url::Url;

use crate::net::{EnvironmentProxies, ProxyResolver, ProxyRoute};

/// What GIO uses when nothing on the system knows about proxies.
const IGNORANT: &str = "GDummyProxyResolver";

/// Asks GIO on the main thread; where that knows nothing, the environment. Needs a running main loop.
#[derive(Debug)]
pub struct SystemProxies {
    environment: EnvironmentProxies,
}

impl Default for SystemProxies {
    fn default() -> Self {
        Self { environment: EnvironmentProxies::of_process() }
    }
}

#[async_trait]
impl ProxyResolver for SystemProxies {
    async fn resolve(&self, origin: &Url) -> Vec<ProxyRoute> {
        let (sender, answer) = oneshot::channel();
        let asked = origin.to_string();
        glib::MainContext::default().invoke(move || {
            glib::spawn_future_local(async move {
                // Nobody waits any more: nothing is lost.
                let _late = sender.send(ask(&asked).await);
            });
        });
        match answer.await {
            Ok(Some(routes)) => routes,
            _ => self.environment.resolve(origin).await,
        }
    }
}

/// GIO's answer; `None` when it knows nothing.
async fn ask(origin: &str) -> Option<Vec<ProxyRoute>> {
    let resolver = gio::ProxyResolver::default();
    if !resolver.is_supported() || resolver.type_().name() == IGNORANT {
        return None;
    }
    let found = resolver.lookup_future(origin).await;
    let found =
        found.inspect_err(|error| warn!(code = ?error.kind::<gio::IOErrorEnum>(), "no answer about proxies"));
    Some(found.ok()?.iter().filter_map(|uri| route(uri)).collect())
}

/// Reads one of GIO's addresses. Kinds of proxies that cannot be used are left out.
fn route(uri: &str) -> Option<ProxyRoute> {
    match uri {
        "direct://" => Some(ProxyRoute::Direct),
        _ => uri.parse().inspect_err(|problem| warn!(%problem, "left out")).ok().map(ProxyRoute::Through),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_gio_are_read() {
        assert_eq!(route("direct://"), Some(ProxyRoute::Direct));
        let through = |text: &str| Some(ProxyRoute::Through(text.parse().unwrap()));
        assert_eq!(route("http://proxy:3128"), through("http://proxy:3128"));
        assert_eq!(route("socks://proxy:1080"), through("socks5://proxy:1080"));
        assert_eq!(route("socks4a://proxy:1080"), None);
    }

    #[test]
    fn without_a_desktop_the_environment_answers() {
        let proxies = SystemProxies { environment: EnvironmentProxies::read(|_| Some("env:1".to_owned())) };
        let context = glib::MainContext::default();
        let answer = context.block_on(proxies.resolve(&"http://server.example".parse().unwrap()));
        let resolver = gio::ProxyResolver::default();
        if resolver.type_().name() == IGNORANT {
            assert_eq!(answer, [route("env:1").unwrap()]);
        } else {
            assert!(!answer.is_empty());
        }
    }
}
