//! From an address, typed or heard of in the network, to the server that answers there.
//!
//! A server that is not a source yet has nobody who has decided about its certificate. What a person accepts for it
//! while adding it travels with [`FoundServer`]: everything that is sent to it goes through [`FoundServer::pool`], and
//! the source takes it over before its first operation.

use std::time::Duration;

use futures::future::join_all;

use super::address::{base_of_page, candidates, encrypted, most_telling};
use super::{AuthService, host_name};
use crate::backends::{BackendError, Identified, IdentifyError, ServerIdentity, landing};
use crate::db::TrustedCertificate;
use crate::models::{MachineId, ServerUrl, Source, SourceId, SourceKind};
use crate::net::{CertificateFacts, ErrorKind, HttpPool, Reason, Trust, inspect_certificate};
use crate::services::core::connection::{ConnectionService, identify, pool_of_server};
use crate::services::discovery::Discovered;
use crate::services::trust::TrustService;
use crate::services::{AddressProblem, AppContext, Result, ServiceError};

/// A server that was found at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundServer {
    /// Plex or Jellyfin.
    pub kind: SourceKind,
    /// Where it answered.
    pub url: ServerUrl,
    /// Who it is.
    pub identity: ServerIdentity,
    /// How fast it answered.
    pub rtt: Duration,
    /// Certificates that a person has accepted for it; its source takes them over.
    pub(super) accepted: Vec<TrustedCertificate>,
    trust: Trust,
}

impl FoundServer {
    /// Its name, or else its host.
    pub fn name(&self) -> String {
        self.identity.name.clone().unwrap_or_else(|| host_name(&self.url))
    }

    /// The pool for what is sent to it: with the certificates that were accepted for it, and over new connections
    /// without encryption only when it has just said again who it is.
    pub(in crate::services) fn pool(&self, ctx: &AppContext) -> HttpPool {
        pool_of_server(
            &ctx.http.for_trust(self.trust.clone()),
            self.kind,
            &self.identity.machine_id,
            &self.url,
        )
    }
}

impl AuthService {
    /// Finds the server of a kind at what a person typed. Schemes and ports that may be meant are tried at
    /// the same time; `https` is preferred among those that answer.
    ///
    /// # Errors
    /// [`ServiceError::Address`] with the most telling reason.
    pub async fn find_server(ctx: &AppContext, kind: SourceKind, text: &str) -> Result<FoundServer> {
        Self::find_server_trusting(ctx, kind, text, &[]).await
    }

    /// The same, with certificates that the person has accepted for that host: those that
    /// [`AddressProblem::Certificate`] has told of.
    ///
    /// # Errors
    /// As [`Self::find_server`]; a server that shows another key than the accepted one is a problem again.
    pub async fn find_server_trusting(
        ctx: &AppContext,
        kind: SourceKind,
        text: &str,
        accepted: &[CertificateFacts],
    ) -> Result<FoundServer> {
        let urls = candidates(text, kind).map_err(ServiceError::Address)?;
        Finder { ctx, kind, expected: None, accepted }.best(urls).await
    }

    /// Finds a server that has been heard of in the network, at any of its addresses.
    ///
    /// # Errors
    /// As [`Self::find_server_trusting`], and for another server than the one that was heard of.
    pub async fn find_discovered(
        ctx: &AppContext,
        heard_of: &Discovered,
        accepted: &[CertificateFacts],
    ) -> Result<FoundServer> {
        let finder = Finder { ctx, kind: heard_of.kind, expected: Some(&heard_of.machine_id), accepted };
        finder.best(heard_of.addresses.clone()).await
    }

    /// The server of a source, for another user of it or a new sign-in: where it answers now, with the certificates
    /// of the source.
    ///
    /// # Errors
    /// `Offline`, or why its answer is not that of the source's server.
    pub async fn find_again(ctx: &AppContext, id: SourceId) -> Result<FoundServer> {
        let source = ctx.db.sources().get(id).await?;
        Self::server_of(ctx, &source).await
    }

    /// The server of a source, where it answers now and has just said who it is.
    pub(super) async fn server_of(ctx: &AppContext, source: &Source) -> Result<FoundServer> {
        let url = ConnectionService::select_best_connection(ctx, source.id).await?;
        let trust = TrustService::pins(ctx, source.id).await?;
        let found = identify(&ctx.http.for_trust(trust.clone()).fresh(), source.kind, &url)
            .await
            .map_err(|error| ServiceError::Address(AddressProblem::from(error)))?;
        if source.machine_id.as_ref() != Some(&found.identity.machine_id) {
            return Err(BackendError::new(ErrorKind::WrongServer, "sign in again").into());
        }
        let rtt = found.timings.round_trip();
        let accepted = TrustService::accepted(ctx, source.id).await?;
        Ok(FoundServer { kind: source.kind, url, identity: found.identity, rtt, accepted, trust })
    }
}

/// Looks for one server at several addresses.
struct Finder<'a> {
    ctx: &'a AppContext,
    kind: SourceKind,
    /// Who it has to be; anybody when a person typed the address.
    expected: Option<&'a MachineId>,
    accepted: &'a [CertificateFacts],
}

impl Finder<'_> {
    /// The first that answers, an encrypted one if there is any.
    async fn best(&self, urls: Vec<ServerUrl>) -> Result<FoundServer> {
        let mut problems = Vec::new();
        let mut found: Option<FoundServer> = None;
        for answer in join_all(urls.into_iter().map(|url| self.look(url))).await {
            match answer {
                Ok(server) if found.as_ref().is_none_or(|best| !best.url.is_tls() && server.url.is_tls()) => {
                    found = Some(server);
                }
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        found.ok_or_else(|| ServiceError::Address(most_telling(problems)))
    }

    /// Who answers at an address, or where that address leads to.
    async fn look(&self, url: ServerUrl) -> Result<FoundServer, AddressProblem> {
        let accepted = self.accepted_for(&url);
        let trust =
            Trust::accepting([host_name(&url)], accepted.iter().map(|facts| (&facts.host, facts.key)));
        // Sockets of their own: a pooled one may lead to somebody who has had the address before.
        let pool = self.ctx.http.for_trust(trust.clone()).fresh();
        let error = match identify(&pool, self.kind, &url).await {
            Ok(Identified { moved_to: None, identity, timings }) => {
                return self.found(url, identity, timings.round_trip(), trust);
            }
            Ok(Identified { moved_to: Some(base), .. }) => return self.look_there(&pool, base, trust).await,
            Err(error) => error,
        };
        let is_beside = matches!(error, IdentifyError::WebPage | IdentifyError::NotAServer);
        if is_beside
            && let Some(base) = landing(&pool, &url).await.map(base_of_page).filter(|base| *base != url)
        {
            let there = self.look_there(&pool, base, trust).await;
            return there.map_err(|_| AddressProblem::from(error));
        }
        match error {
            IdentifyError::Net(error) if error.kind == ErrorKind::TlsCertificate => {
                Err(self.certificate(&pool, &encrypted(&url, error.encrypted_port)).await)
            }
            other => Err(other.into()),
        }
    }

    /// The same at the address where another has led to, and no further.
    async fn look_there(
        &self,
        pool: &HttpPool,
        url: ServerUrl,
        trust: Trust,
    ) -> Result<FoundServer, AddressProblem> {
        let Identified { identity, timings, moved_to } = identify(pool, self.kind, &url).await?;
        if moved_to.is_some() {
            return Err(AddressProblem::Redirected);
        }
        self.found(url, identity, timings.round_trip(), trust)
    }

    fn found(
        &self,
        url: ServerUrl,
        identity: ServerIdentity,
        rtt: Duration,
        trust: Trust,
    ) -> Result<FoundServer, AddressProblem> {
        if self.expected.is_some_and(|expected| *expected != identity.machine_id) {
            return Err(AddressProblem::Unreachable(ErrorKind::WrongServer));
        }
        let accepted = if url.is_tls() { self.accepted_for(&url) } else { Vec::new() };
        let now = self.ctx.clock.now();
        let accepted = accepted.into_iter().map(|facts| TrustService::decision(facts, now)).collect();
        Ok(FoundServer { kind: self.kind, url, identity, rtt, accepted, trust })
    }

    /// What is in the way of trusting a server, for the person who may decide about it.
    async fn certificate(&self, pool: &HttpPool, shown_at: &ServerUrl) -> AddressProblem {
        let undecidable = AddressProblem::Unreachable(ErrorKind::TlsCertificate);
        let host = host_name(shown_at);
        if !Trust::may_accept(std::slice::from_ref(&host), &host) {
            return undecidable;
        }
        match inspect_certificate(pool, shown_at).await {
            Ok(facts) if facts.reason != Reason::Trusted => AddressProblem::Certificate(Box::new(facts)),
            _ => undecidable,
        }
    }

    /// The accepted certificates that are for the host of an address.
    fn accepted_for(&self, url: &ServerUrl) -> Vec<&CertificateFacts> {
        let hosts = [host_name(url)];
        self.accepted.iter().filter(|facts| Trust::may_accept(&hosts, &facts.host)).collect()
    }
}
