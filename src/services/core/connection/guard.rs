//! The door for requests with credentials: a source's view of the pool, which asks who is there before it opens a
//! connection without encryption.

use std::sync::Arc;

use async_trait::async_trait;

use super::probe::{HttpProber, Prober as _, prober};
use crate::models::{MachineId, ServerUrl, Source, SourceKind};
use crate::net::{HttpPool, IdentityGuard, NetError};
use crate::services::trust::TrustService;
use crate::services::{AppContext, Result};

/// The pool for everything that is sent to a source in its user's name.
pub(in crate::services) async fn pool(ctx: &AppContext, source: &Source) -> Result<HttpPool> {
    let addresses = source.connections.connections.iter().map(|known| known.uri.clone());
    let addresses = addresses.chain(source.connection_url.clone()).collect();
    let trusted = TrustService::pool(ctx, source.id).await?;
    let guard = SourceGuard { prober: prober(&trusted, source), addresses };
    Ok(trusted.guarded(Arc::new(guard)))
}

/// The pool for what is sent to a server that is no source yet, at the address where it was found.
pub(in crate::services) fn pool_of_server(
    trusted: &HttpPool,
    kind: SourceKind,
    machine_id: &MachineId,
    url: &ServerUrl,
) -> HttpPool {
    let prober = HttpProber::new(&trusted.fresh(), kind, Some(machine_id.clone()));
    trusted.guarded(Arc::new(SourceGuard { prober, addresses: vec![url.clone()] }))
}

/// Asks the server of a source who it is.
struct SourceGuard {
    prober: HttpProber,
    addresses: Vec<ServerUrl>,
}

#[async_trait]
impl IdentityGuard for SourceGuard {
    async fn prove(&self, origin: &str) -> std::result::Result<(), NetError> {
        let at_origin = |address: &&ServerUrl| address.join("").origin().ascii_serialization() == origin;
        let address = self.addresses.iter().find(at_origin);
        let address = address.ok_or_else(|| {
            NetError::new(crate::net::ErrorKind::WrongServer, "not an address of this source")
        })?;
        let proved = self.prober.probe(address).await;
        proved.map(drop).map_err(|kind| NetError::new(kind, "the server did not say who it is"))
    }
}
