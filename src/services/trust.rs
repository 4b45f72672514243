//! Certificates that the user trusts beyond the platform's store.
//!
//! One decision for everything that talks to a source: [`TrustService::pool`] gives the pool for its API, its
//! pictures and what plays.

use chrono::{DateTime, Utc};
use tracing::info;
use url::Host;

use super::events::Event;
use super::{AppContext, Result, ServiceError};
use crate::db::TrustedCertificate;
use crate::models::{ServerUrl, Source, SourceId};
use crate::net::{
    CertificateFacts, ErrorKind, HttpPool, KeyPin, NetError, Reason, Trust, inspect_certificate,
};

/// Trust in servers' certificates.
#[derive(Debug)]
pub struct TrustService;

impl TrustService {
    /// What a source's servers may show: keys accepted for any of its hosts, at any of its hosts. Of a source that is not
    /// stored, the platform's store only.
    pub async fn pins(ctx: &AppContext, source: SourceId) -> Result<Trust> {
        if ctx.connections.is_platform_only(source) {
            return Ok(Trust::platform());
        }
        let stored = ctx.db.trust().list(source).await?;
        if stored.is_empty() {
            ctx.connections.set_platform_only(source, true);
            return Ok(Trust::platform());
        }
        let source = ctx.db.sources().get(source).await?;
        Ok(trust(&hosts(&source), &stored))
    }

    /// The context's pool as a source sees it: with its trust, and with its own remembered answers.
    pub async fn pool(ctx: &AppContext, source: SourceId) -> Result<HttpPool> {
        Ok(ctx.http.for_trust(Self::pins(ctx, source).await?).for_source(source))
    }

    /// The certificates that were accepted for a source.
    pub async fn accepted(ctx: &AppContext, source: SourceId) -> Result<Vec<TrustedCertificate>> {
        Ok(ctx.db.trust().list(source).await?)
    }

    /// Looks at the certificate of an address, for the dialog. No request is sent.
    ///
    /// # Errors
    /// A network kind when no certificate was shown.
    pub async fn inspect(ctx: &AppContext, source: SourceId, url: &ServerUrl) -> Result<CertificateFacts> {
        let pool = ctx.http.for_trust(Self::pins(ctx, source).await?);
        Ok(inspect_certificate(&pool, url).await?)
    }

    /// The user accepts a key for a host of a source, in place of another that was accepted for that host.
    ///
    /// # Errors
    /// `Invalid` for a host that is not of the source, for Plex's own, and for a certificate that is trusted anyway.
    pub async fn accept(ctx: &AppContext, source: SourceId, facts: &CertificateFacts) -> Result<()> {
        let hosts = hosts(&ctx.db.sources().get(source).await?);
        let invalid = |detail| NetError::new(ErrorKind::Invalid, detail);
        if facts.reason == Reason::Trusted {
            return Err(invalid("the certificate is trusted already").into());
        }
        if !Trust::may_accept(&hosts, &facts.host) {
            return Err(invalid("no certificate can be accepted for this host").into());
        }
        info!(source_id = %source, reason = ?facts.reason, "certificate accepted");
        Self::take_over(ctx, source, &[Self::decision(facts, ctx.clock.now())]).await
    }

    /// The decision for a certificate, as it is stored.
    pub(super) fn decision(facts: &CertificateFacts, at: DateTime<Utc>) -> TrustedCertificate {
        TrustedCertificate {
            host: facts.host.clone(),
            spki_sha256: facts.key.to_string(),
            names: facts.names.clone(),
            not_after: facts.not_after,
            accepted_at: at,
        }
    }

    /// Stores for a source what was decided before it was one, each in place of another for the same host.
    pub(super) async fn take_over(
        ctx: &AppContext,
        source: SourceId,
        decided: &[TrustedCertificate],
    ) -> Result<()> {
        for certificate in decided {
            ctx.db.trust().put(source, certificate).await?;
            ctx.connections.set_platform_only(source, false);
            info!(source_id = %source, key = %certificate.spki_sha256, "key trusted");
        }
        Ok(())
    }

    /// Everything that was accepted, with whose it is, in the user's order of sources.
    pub async fn everything(ctx: &AppContext) -> Result<Vec<(Source, TrustedCertificate)>> {
        let mut all = Vec::new();
        for source in ctx.db.sources().list().await? {
            let accepted = ctx.db.trust().list(source.id).await?;
            all.extend(accepted.into_iter().map(|certificate| (source.clone(), certificate)));
        }
        Ok(all)
    }

    /// Takes back what was accepted for one host of a source, or for all of them. From now on no new connection
    /// trusts it: what was chosen with that trust is chosen anew.
    ///
    /// # Errors
    /// `Unknown` when there is nothing to take back.
    pub async fn forget(ctx: &AppContext, source: SourceId, host: Option<&str>) -> Result<()> {
        if !ctx.db.trust().remove(source, host).await? {
            return Err(ServiceError::Unknown("certificate"));
        }
        info!(source_id = %source, whole_source = host.is_none(), "accepted certificates taken back");
        ctx.db.verdicts().remove(source).await?;
        ctx.connections.verdict_ended(source);
        ctx.events.publish(Event::SourceChanged(source));
        Ok(())
    }
}

/// Every host of a source, as TLS names it.
fn hosts(source: &Source) -> Vec<String> {
    let listed = source.connections.connections.iter().map(|connection| &connection.uri);
    listed.chain(&source.connection_url).filter_map(host).collect()
}

fn host(url: &ServerUrl) -> Option<String> {
    url.host().map(|host| match host {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    })
}

fn trust(hosts: &[String], stored: &[TrustedCertificate]) -> Trust {
    // A pin that cannot be read is none: the user is asked again.
    let keys =
        stored.iter().filter_map(|stored| Some((&stored.host, stored.spki_sha256.parse::<KeyPin>().ok()?)));
    Trust::accepting(hosts, keys)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
