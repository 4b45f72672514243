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
mod fingerprint;
mod pool;
mod profile;
pub mod rate;
mod reply;
pub mod retry;
pub mod tracker;

pub use activity::Activity;
pub use breaker::{CircuitBreaker, CircuitState};
pub use call::{Call, Method};
pub use client::ApiClient;
pub use error::{ErrorClass, ErrorKind, NetError};
pub use fingerprint::network_fingerprint;
pub use pool::HttpPool;
pub use profile::Profile;
pub use reply::{Body, Reply, ReplyHead};
pub use retry::{
    Failure, Repeat, RetryContext, RetryPolicy, RetryRegistry, RetryStep, SlowConnection, with_retry,
    with_retry_tracked,
};
pub use tracker::{ConnectionId, ConnectionManager, HealthReport};
