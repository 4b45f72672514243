//! The stored answer "use this connection now": read before every operation, renewed by real traffic.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::trace;

use super::policy::{self, Rule};
use crate::db::Verdict;
use crate::models::{ServerUrl, Source, SourceId};
use crate::services::{AppContext, Result};

/// A connection to use, with what is needed to notice that it has become silent.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Which one.
    pub uri: ServerUrl,
    /// Its round-trip time, as far as known.
    pub rtt: Duration,
}

/// The connection by the verdict of this network: valid, or expired so recently that it is still used at once.
pub(super) async fn current(
    ctx: &AppContext,
    source_id: SourceId,
    fingerprint: &str,
) -> Result<Option<Chosen>> {
    Ok(ctx.db.verdicts().get(source_id, fingerprint).await?.and_then(|verdict| usable(ctx, verdict)))
}

/// A source with the connection to use by its verdict, in one read.
pub(super) async fn with_source(ctx: &AppContext, source_id: SourceId) -> Result<(Source, Option<Chosen>)> {
    let fingerprint = ctx.connections.fingerprint().await;
    let (source, verdict) = ctx.db.sources().get_with_verdict(source_id, &fingerprint).await?;
    Ok((source, verdict.and_then(|verdict| usable(ctx, verdict))))
}

fn usable(ctx: &AppContext, verdict: Verdict) -> Option<Chosen> {
    is_usable(&verdict, ctx.clock.now()).then(|| {
        trace!(source_id = %verdict.source, uri = %verdict.uri, rule = ?Rule::Verdict, "verdict is valid");
        Chosen { uri: verdict.uri, rtt: verdict.rtt }
    })
}

fn is_usable(verdict: &Verdict, now: DateTime<Utc>) -> bool {
    // A clock that was put back makes a decision of the future: as old as can be.
    verdict.decided_at <= now && verdict.expires_at + policy::VERDICT_GRACE > now
}

/// A real success is as good as a race; written at most every [`policy::RENEWAL_INTERVAL`].
pub(super) async fn renew(ctx: &AppContext, source_id: SourceId, uri: &ServerUrl) -> Result<bool> {
    if !ctx.connections.renewal_is_due(source_id, uri) {
        return Ok(false);
    }
    let fingerprint = ctx.connections.fingerprint().await;
    let Some(verdict) = ctx.db.verdicts().get(source_id, &fingerprint).await? else { return Ok(true) };
    let expires_at = ctx.clock.now() + policy::VERDICT_VALIDITY;
    if verdict.uri == *uri && verdict.expires_at < expires_at {
        ctx.db.verdicts().put(&Verdict { expires_at, ..verdict }).await?;
    }
    Ok(true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn verdict(decided_at: i64) -> Verdict {
        let decided_at = DateTime::from_timestamp(decided_at, 0).unwrap();
        Verdict {
            source: SourceId::random(),
            fingerprint: "home".to_owned(),
            uri: "https://a.example".parse().unwrap(),
            score: 1,
            rtt: Duration::from_millis(5),
            decided_at,
            expires_at: decided_at + policy::VERDICT_VALIDITY,
        }
    }

    #[test]
    fn a_verdict_is_used_for_its_validity_and_the_grace_after_it() {
        let end = 1000 + (policy::VERDICT_VALIDITY + policy::VERDICT_GRACE).as_secs().cast_signed();
        for (now, usable) in [(1000, true), (1029, true), (1031, true), (end - 1, true), (end, false)] {
            let now = DateTime::from_timestamp(now, 0).unwrap();
            assert_eq!(is_usable(&verdict(1000), now), usable, "{now}");
        }
    }

    #[test]
    fn a_clock_that_jumps_back_does_not_make_a_verdict_last_for_years() {
        assert!(!is_usable(&verdict(1_000_000), DateTime::from_timestamp(1000, 0).unwrap()));
    }
}
