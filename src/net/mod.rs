//! HTTP to servers: the pool, one request, and what went wrong.
//!
//! The only place that names `reqwest`; its errors never leave (their text carries addresses). Everything
//! that talks to a server goes through [`ApiClient`], so that time limits, bounded bodies, redirects and
//! redaction are decided once. Policy about repeating and choosing lives beside it, not at call sites.

mod call;
mod client;
mod dns;
mod error;
mod fingerprint;
mod pool;
mod profile;
mod reply;

pub use call::{Call, Method};
pub use client::ApiClient;
pub use error::{ErrorClass, ErrorKind, NetError};
pub use fingerprint::network_fingerprint;
pub use pool::HttpPool;
pub use profile::Profile;
pub use reply::{Body, Reply, ReplyHead};
