//! The pooled HTTP client.

use std::sync::Arc;

use reqwest::redirect::{Attempt, Policy};

use super::activity::Activity;
use super::dns::SystemResolver;
use super::error::{ErrorKind, NetError};
use super::profile::{CONNECT_TIMEOUT, IDLE_PER_HOST, KEEP_ALIVE, MOST_REDIRECTS, TCP_USER_TIMEOUT};
use super::rate::RateLimiter;

/// Origins that serve everybody and are asked at a modest rate from the first request on.
const BUCKETED: [&str; 2] = ["https://plex.tv", "https://clients.plex.tv"];

/// Pooled connections to all servers. Cheap to clone; all clones share the pool.
#[derive(Debug, Clone)]
pub struct HttpPool {
    pub(super) client: reqwest::Client,
    /// Opens a socket for each request: for questions about a connection itself.
    unpooled: reqwest::Client,
    pub(super) activity: Option<Activity>,
    pub(super) limiter: RateLimiter,
}

impl HttpPool {
    /// A new pool.
    ///
    /// # Errors
    /// `TlsProtocol` when the platform's certificate store cannot be read.
    pub fn new() -> Result<Self, NetError> {
        let build = |idle_per_host| {
            reqwest::Client::builder()
                .user_agent(concat!("gnome-reel/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(KEEP_ALIVE)
                .pool_max_idle_per_host(idle_per_host)
                .tcp_user_timeout(TCP_USER_TIMEOUT)
                .tcp_nodelay(true)
                .dns_resolver(Arc::new(SystemResolver))
                .redirect(Policy::custom(follow_within_host))
                .referer(false)
                .build()
                .map_err(|error| NetError::new(ErrorKind::TlsProtocol, error.to_string()))
        };
        Ok(Self {
            client: build(IDLE_PER_HOST)?,
            unpooled: build(0)?,
            activity: None,
            limiter: RateLimiter::new(BUCKETED),
        })
    }

    /// Who holds requests back.
    pub fn limiter(&self) -> &RateLimiter {
        &self.limiter
    }

    /// The same pool, whose requests are watched.
    #[must_use]
    pub fn watched(&self, activity: &Activity) -> Self {
        Self { activity: Some(activity.clone()), ..self.clone() }
    }

    /// Opens a new socket for each request, so that a dead pooled one is not asked about itself.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { client: self.unpooled.clone(), ..self.clone() }
    }
}

/// Follows a redirect only within the same host and never from `https` to `http`: headers may carry
/// credentials, and a redirect to elsewhere is a login page or another server.
fn follow_within_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let Some(previous) = attempt.previous().last() else { return attempt.stop() };
    let next = attempt.url();
    let same_host = next.host_str() == previous.host_str();
    let same_port = next.port_or_known_default() == previous.port_or_known_default();
    let upgrade = previous.scheme() == "http" && next.scheme() == "https";
    let same_scheme = previous.scheme() == next.scheme();
    if same_host && ((same_scheme && same_port) || upgrade) && attempt.previous().len() <= MOST_REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}
