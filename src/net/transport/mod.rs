//! How requests travel: generations of clients, trust, proxies, local names, bodies, and what is counted of it all.
//!
//! [`HttpPool`](super::HttpPool) is the door; nothing here is used past it but the types that its views are made
//! with. What decides where an operation goes is not here but in `services/core/connection`.
//!
//! A client of `reqwest` is made for each [`ClientKey`] on first use and lives as long as its generation. A new
//! generation begins when the network changes: requests under way end on their old client, and no later one meets a
//! socket of the network that was left.

mod body;
mod cache;
mod certificate;
mod clients;
mod generation;
mod inspect;
mod observe;
mod plex_direct;
mod proof;
mod proxy;
mod redirect;
mod stats;
mod tls;
mod trust;
mod verifier;

#[cfg(test)]
mod tests;

pub(super) use body::{ACCEPTED_ENCODINGS, Bounds, read_body};
pub(super) use cache::{CacheKey, Remembered, ResponseCache};
pub(super) use clients::{ClientKey, Names, Sockets, make_client};
pub(super) use generation::{Generation, Generations};
pub(super) use observe::{Observer, Opening};
pub(super) use proof::Proofs;
pub(super) use proxy::{ProxySettings, is_local, shares_prefix};
pub(super) use stats::Counters;
pub(super) use tls::TlsSetup;

pub use certificate::{CertificateFacts, InvalidPin, KeyPin, Reason};
pub use inspect::inspect_certificate;
pub use plex_direct::plex_direct_address;
pub use proof::IdentityGuard;
pub use proxy::{
    EnvironmentProxies, InvalidProxy, ProxyAddress, ProxyChoice, ProxyCredentials, ProxyResolver, ProxyRoute,
};
pub use stats::TransportStats;
pub use trust::Trust;
