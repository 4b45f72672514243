//! Clients of `reqwest`, one for each way to travel.

use std::sync::Arc;

use reqwest::redirect::Policy;
use rustls::ClientConfig;

use super::observe::{ObservedConnections, Observer};
use super::proxy::ProxyRoute;
use super::redirect::follow_within_host;
use super::stats::Counters;
use super::trust::Trust;
use crate::net::dns::Resolver;
use crate::net::error::{ErrorKind, NetError};
use crate::net::profile::{IDLE_PER_HOST, KEEP_ALIVE, TCP_USER_TIMEOUT, connect_timeout};
use crate::net::retry::SlowConnection;

/// Whether sockets are used again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::net) enum Sockets {
    /// From the pool, and back into it.
    #[default]
    Pooled,
    /// A new one for each request, so that a dead pooled one is not asked about itself.
    Fresh,
    /// A new one for each request, which another protocol takes over: HTTP/1.1 can hand a socket on, HTTP/2 cannot.
    Upgraded,
}

/// Who resolves names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::net) enum Names {
    /// The system.
    #[default]
    System,
    /// A `plex.direct` name says its address itself; others go to the system.
    Local,
}

/// What tells clients apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::net) struct ClientKey {
    pub(in crate::net) trust: Trust,
    pub(in crate::net) route: ProxyRoute,
    pub(in crate::net) sockets: Sockets,
    pub(in crate::net) names: Names,
    /// Decides how long opening a connection may take.
    pub(in crate::net) slow: SlowConnection,
}

/// Makes the client for a key.
pub(in crate::net) fn make_client(
    key: &ClientKey,
    tls: ClientConfig,
    observer: &Observer,
    counters: &Arc<Counters>,
) -> Result<reqwest::Client, NetError> {
    let idle_per_host = match key.sockets {
        Sockets::Pooled => IDLE_PER_HOST,
        Sockets::Fresh | Sockets::Upgraded => 0,
    };
    let mut tls = tls;
    if key.sockets == Sockets::Upgraded {
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    }
    let redirects = observer.clone();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("gnome-reel/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .connect_timeout(connect_timeout(key.slow))
        .pool_idle_timeout(KEEP_ALIVE)
        .pool_max_idle_per_host(idle_per_host)
        .tcp_user_timeout(TCP_USER_TIMEOUT)
        .tcp_nodelay(true)
        .dns_resolver(Resolver::new(key.names, observer.clone()))
        .connector_layer(ObservedConnections { observer: observer.clone(), counters: Arc::clone(counters) })
        .redirect(Policy::custom(move |attempt| follow_within_host(attempt, &redirects)))
        .referer(false)
        // Bodies are decompressed by `body`, which counts and bounds them.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_proxy();
    let builder = if key.sockets == Sockets::Upgraded { builder.http1_only() } else { builder };
    let builder = match &key.route {
        ProxyRoute::Direct => builder,
        ProxyRoute::Through(address) => builder.proxy(
            address
                .as_reqwest()
                .map_err(|_| NetError::new(ErrorKind::Invalid, "the address of the proxy cannot be used"))?,
        ),
    };
    builder.build().map_err(|_| NetError::new(ErrorKind::TlsProtocol, "no client could be made"))
}
