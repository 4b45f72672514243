//! Name resolution with an error type of its own, because `reqwest` has no typed one.

use std::net::SocketAddr;
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::transport::{Names, Observer, plex_direct_address};

/// A name that could not be resolved.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be resolved")]
pub(super) struct ResolveError;

/// Asks the system, or the name itself.
pub(super) struct Resolver {
    names: Names,
    observer: Observer,
}

impl Resolver {
    pub(super) fn new(names: Names, observer: Observer) -> Self {
        Self { names, observer }
    }

    fn said_by_name(&self, name: &str) -> Option<SocketAddr> {
        match self.names {
            Names::System => None,
            Names::Local => plex_direct_address(name).map(|address| (address, 0).into()),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        if let Some(address) = self.said_by_name(name.as_str()) {
            return Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) });
        }
        let observer = self.observer.clone();
        Box::pin(async move {
            let begin = Instant::now();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            observer.note(|opening| opening.dns = Some(begin.elapsed()));
            let found: Vec<SocketAddr> = found.map_err(|_| ResolveError)?.collect();
            if found.is_empty() {
                return Err(ResolveError.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
