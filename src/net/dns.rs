//! Name resolution with an error type of its own, because `reqwest` has no typed one.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A name that could not be resolved.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be resolved")]
pub(super) struct ResolveError;

/// The system's resolver.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| ResolveError)?.collect();
            if found.is_empty() {
                return Err(ResolveError.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
