//! HTTP to servers: the pool, one request, and what went wrong.
//!
//! The only place that names `reqwest`; its errors never leave (their text carries addresses). Everything
//! that talks to a server goes through [`ApiClient`], so that time limits, bounded bodies, redirects and
//! redaction are decided once. Policy about repeating and choosing lives beside it, not at call sites.

mod activity;
mod breaker;
mod call;
mod client;
mod dns;
mod error;
mod local_network;
mod media;
mod network;
mod pool;
mod profile;
pub mod rate;
mod reply;
pub mod retry;
pub mod tracker;
mod transport;
mod validators;
mod web_socket;

pub use activity::Activity;
pub use breaker::{CircuitBreaker, CircuitState};
pub use call::{Call, Method};
pub use client::ApiClient;
pub use error::{ErrorClass, ErrorKind, NetError};
pub use local_network::LocalNetwork;
pub use media::{MediaBody, MediaCall, MediaHead, MediaReply};
pub use network::{ClockGap, NetworkChange, NetworkChanges, NetworkConnectivity, NetworkState, NetworkWatch};
pub use pool::{HttpPool, Renewal};
pub use profile::Profile;
pub use reply::{Body, Reply, ReplyHead, Timings};
pub use retry::{
    Failure, Repeat, RetryContext, RetryPolicy, RetryRegistry, RetryStep, SlowConnection, with_retry,
    with_retry_tracked,
};
pub use tracker::{ConnectionId, ConnectionManager, HealthReport};
pub use transport::{
    CertificateFacts, EnvironmentProxies, IdentityGuard, InvalidPin, InvalidProxy, KeyPin, ProxyAddress,
    ProxyChoice, ProxyCredentials, ProxyResolver, ProxyRoute, Reason, TransportStats, Trust,
    inspect_certificate, plex_direct_address,
};
pub use validators::Validators;
pub use web_socket::{Frame, WebSocket};
