//! A source that is about to be looked at: with its candidates on this network and somebody to ask them.

use super::candidates::candidates;
use super::policy::Candidate;
use super::probe::{HttpProber, prober};
use crate::models::{Source, SourceId};
use crate::net::LocalNetwork;
use crate::services::trust::TrustService;
use crate::services::{AppContext, Result};

/// What a race and a check begin with.
pub(super) struct Subject {
    /// The source as it is stored.
    pub source: Source,
    /// Its addresses that can be tried, best first.
    pub candidates: Vec<Candidate>,
    /// Who asks them.
    pub prober: HttpProber,
    /// Most attempts in flight.
    pub parallel: usize,
}

impl Subject {
    /// Reads all of it.
    pub(super) async fn load(ctx: &AppContext, source_id: SourceId, network: &LocalNetwork) -> Result<Self> {
        let source = ctx.db.sources().get(source_id).await?;
        let stats = ctx.db.stats().list(source_id, &network.fingerprint).await?;
        let tuning = ctx.connections.tuning();
        let candidates = candidates(&source.connections, &stats, network, tuning.relay_allowed);
        let prober = prober(&TrustService::pool(ctx, source_id).await?, &source);
        Ok(Self { source, candidates, prober, parallel: tuning.parallel })
    }
}
