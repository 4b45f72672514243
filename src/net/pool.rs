//! The door to the network: pooled clients, seen with one source's trust and ways.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Request, Response};
use tokio::time::Instant;
use tracing::{debug, info, warn};
use url::Url;

use super::activity::Activity;
use super::error::{ErrorKind, NetError};
use super::rate::RateLimiter;
use super::retry::SlowConnection;
use super::transport::{
    ClientKey, Counters, EnvironmentProxies, Generation, Generations, IdentityGuard, Names, Observer,
    Opening, Proofs, ProxyChoice, ProxyResolver, ProxyRoute, ProxySettings, Reason, ResponseCache, Sockets,
    TlsSetup, TransportStats, Trust, is_local, make_client, plex_direct_address,
};
use crate::models::{ServerUrl, SourceId};

/// Origins that serve everybody and are asked at a modest rate from the first request on.
const BUCKETED: [&str; 2] = ["https://plex.tv", "https://clients.plex.tv"];
/// How long the system's answer about an origin is believed: a changed setting is noticed within a minute.
const ROUTE_AGE: Duration = Duration::from_mins(1);
/// A resolver that runs a script from the network may hang.
const ROUTE_PATIENCE: Duration = Duration::from_secs(2);
/// What a proxy answers that wants to know who we are.
const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// Pooled connections to all servers. Cheap to clone; all clones and views share the pool.
#[derive(Clone)]
pub struct HttpPool {
    pub(super) shared: Arc<Shared>,
    pub(super) view: View,
    pub(super) activity: Option<Activity>,
    guard: Option<Arc<dyn IdentityGuard>>,
    pub(super) limiter: RateLimiter,
}

impl fmt::Debug for HttpPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpPool").field("view", &self.view).finish_non_exhaustive()
    }
}

/// What all views share.
pub(super) struct Shared {
    pub(super) tls: TlsSetup,
    pub(super) observer: Observer,
    pub(super) counters: Arc<Counters>,
    pub(super) cache: ResponseCache,
    generations: Generations<ClientKey, reqwest::Client>,
    proxies: RwLock<ProxySettings>,
    proofs: Proofs,
    slow: RwLock<SlowConnection>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// What one view of the pool differs in.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) trust: Trust,
    pub(super) scope: Option<SourceId>,
    sockets: Sockets,
    names: Names,
}

impl View {
    pub(super) fn key(&self, route: ProxyRoute, slow: SlowConnection) -> ClientKey {
        ClientKey { trust: self.trust.clone(), route, sockets: self.sockets, names: self.names, slow }
    }
}

/// Why a generation of clients ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// This machine is in another network, or has another way to it.
    NetworkChanged,
    /// It was asleep.
    Resumed,
    /// Another proxy is to be used.
    ProxyChanged,
}

/// The head of an answer, and what it took to get there.
pub(super) struct Sent {
    pub(super) response: Response,
    pub(super) opening: Opening,
}

impl HttpPool {
    /// A new pool that trusts the platform and takes proxies from the environment.
    ///
    /// # Errors
    /// `TlsProtocol` when TLS cannot be used at all.
    pub fn new() -> Result<Self, NetError> {
        Self::with_tls(TlsSetup::of_platform())
    }

    pub(super) fn with_tls(tls: TlsSetup) -> Result<Self, NetError> {
        // Made early, so that the first request does not wait for it, and a system without TLS is noticed now.
        tls.configuration(&Trust::platform())?;
        let system = Arc::new(EnvironmentProxies::of_process());
        let shared = Shared {
            tls,
            observer: Observer::default(),
            counters: Arc::default(),
            cache: ResponseCache::default(),
            generations: Generations::default(),
            proofs: Proofs::default(),
            slow: RwLock::default(),
            proxies: RwLock::new(ProxySettings { choice: ProxyChoice::System, system }),
        };
        Ok(Self {
            shared: Arc::new(shared),
            view: View::default(),
            activity: None,
            guard: None,
            limiter: RateLimiter::new(BUCKETED),
        })
    }

    /// Which proxy the user has asked for, in a word.
    pub fn proxy_word(&self) -> &'static str {
        match self.shared.proxies.read().unwrap_or_else(PoisonError::into_inner).choice {
            ProxyChoice::System => "the system's",
            ProxyChoice::Manual(_) => "set by the user",
            ProxyChoice::None => "none",
        }
    }

    /// Who holds requests back.
    pub fn limiter(&self) -> &RateLimiter {
        &self.limiter
    }

    /// The same pool, whose requests are watched.
    #[must_use]
    pub fn watched(&self, activity: &Activity) -> Self {
        Self { activity: Some(activity.clone()), ..self.clone() }
    }

    /// The same pool for requests that carry a credential: over a new connection without encryption they go only
    /// where the guard has just been told by the server who it is.
    #[must_use]
    pub fn guarded(&self, guard: Arc<dyn IdentityGuard>) -> Self {
        Self { guard: Some(guard), ..self.clone() }
    }

    /// The expected server has just said who it is at this address.
    pub fn note_proof(&self, base: &ServerUrl) {
        self.shared.proofs.note(base.join("").origin().ascii_serialization());
    }

    /// Opens a new socket for each request, so that a dead pooled one is not asked about itself.
    #[must_use]
    pub fn fresh(&self) -> Self {
        self.seen(|view| view.sockets = Sockets::Fresh)
    }

    /// Opens a new socket for each request, which another protocol may take over.
    pub(super) fn upgrading(&self) -> Self {
        self.seen(|view| view.sockets = Sockets::Upgraded)
    }

    /// Trusts what the user has accepted for a source, too.
    #[must_use]
    pub fn for_trust(&self, trust: Trust) -> Self {
        self.seen(|view| view.trust = trust)
    }

    /// Remembers answers to calls that allow it, for this source.
    #[must_use]
    pub fn for_source(&self, source: SourceId) -> Self {
        self.seen(|view| view.scope = Some(source))
    }

    /// Takes the address of a `plex.direct` name from the name itself, without DNS and without a proxy. The name
    /// that TLS checks stays. For other names nothing changes.
    #[must_use]
    pub fn resolving_locally(&self) -> Self {
        self.seen(|view| view.names = Names::Local)
    }

    /// What this view trusts: the same decision for API, pictures and streams.
    pub fn trust(&self) -> &Trust {
        &self.view.trust
    }

    /// Begins a new generation of clients and gives its number. Requests under way end on the old one; later ones
    /// meet none of its sockets.
    pub fn renew_generation(&self, reason: Renewal) -> u64 {
        let generation = self.shared.generations.renew();
        info!(?reason, generation, "new generation of clients");
        generation
    }

    /// The number of the generation in use, from 1.
    pub fn generation(&self) -> u64 {
        self.shared.generations.current().number
    }

    /// Sets how patient the user wants every request to be. Those under way keep their limits.
    pub fn set_slow(&self, slow: SlowConnection) {
        *self.shared.slow.write().unwrap_or_else(PoisonError::into_inner) = slow;
    }

    /// How patient every request is.
    pub fn slow(&self) -> SlowConnection {
        *self.shared.slow.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what the user has chosen about proxies, and tells whether that is another choice.
    pub fn set_proxy(&self, choice: ProxyChoice) -> bool {
        let mut proxies = self.shared.proxies.write().unwrap_or_else(PoisonError::into_inner);
        if proxies.choice == choice {
            return false;
        }
        proxies.choice = choice;
        drop(proxies);
        self.renew_generation(Renewal::ProxyChanged);
        true
    }

    /// Sets who knows the system's proxies.
    pub fn set_proxy_resolver(&self, system: Arc<dyn ProxyResolver>) {
        self.shared.proxies.write().unwrap_or_else(PoisonError::into_inner).system = system;
        self.renew_generation(Renewal::ProxyChanged);
    }

    /// Forgets the answers that are remembered of a source: it was removed, or its user signed out.
    pub fn forget_answers(&self, source: SourceId) {
        self.shared.cache.forget(source);
    }

    /// What the pool has done so far.
    pub fn stats(&self) -> TransportStats {
        self.shared.counters.snapshot(self.generation())
    }

    /// The ways to an address, the first to be tried first; never none.
    pub(super) async fn routes(&self, url: &Url) -> Vec<ProxyRoute> {
        let is_plex_direct = || url.host_str().is_some_and(|host| plex_direct_address(host).is_some());
        if self.view.names == Names::Local && is_plex_direct() && is_local(url) {
            return vec![ProxyRoute::Direct];
        }
        let generation = self.shared.generations.current();
        let origin = url.origin().ascii_serialization();
        if let Some(known) = generation.routes(&origin, Instant::now().checked_sub(ROUTE_AGE)) {
            return known;
        }
        let routes = self.ask_for_routes(&origin).await;
        generation.remember_routes(&origin, &routes);
        routes
    }

    async fn ask_for_routes(&self, origin: &str) -> Vec<ProxyRoute> {
        let settings = self.shared.proxies.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Ok(origin) = Url::parse(origin) else { return vec![ProxyRoute::Direct] };
        let asked = tokio::time::timeout(ROUTE_PATIENCE, settings.routes(&origin)).await;
        asked.unwrap_or_else(|_| {
            warn!("the system does not say which proxy to use");
            vec![ProxyRoute::Direct]
        })
    }

    /// Sends a request, and gives the head of its answer. When a proxy cannot be reached, the next way is tried: nothing
    /// of the request was sent yet.
    pub(super) async fn execute(&self, request: Request) -> Result<Sent, NetError> {
        let mut failure = NetError::new(ErrorKind::Unreachable, "there is no way to the server");
        for route in self.routes(request.url()).await {
            let copy = request.try_clone();
            let copy =
                copy.ok_or_else(|| NetError::new(ErrorKind::Invalid, "a request cannot be repeated"))?;
            let key = self.view.key(route, self.slow());
            let client = self.client(&self.shared.generations.current(), &key)?;
            let (result, opening) = self.try_once(&client, copy).await;
            if opening.refused {
                let again = request.try_clone();
                let again =
                    again.ok_or_else(|| NetError::new(ErrorKind::Invalid, "a request cannot be repeated"))?;
                self.prove(request.url()).await?;
                let (result, opening) = self.try_once(&client, again).await;
                let response = result.map_err(|error| self.failure(&error, &key.route))?;
                return self.accept(Sent { response, opening }, &key.route);
            }
            match result {
                Ok(response) => return self.accept(Sent { response, opening }, &key.route),
                Err(error) => {
                    self.shared.proofs.forget(&request.url().origin().ascii_serialization());
                    failure = self.failure(&error, &key.route);
                    failure.encrypted_port = opening.encrypted_port;
                    if !matches!(failure.kind, ErrorKind::Proxy | ErrorKind::ProxyAuthentication) {
                        break;
                    }
                    debug!(detail = failure.detail(), "the proxy did not work");
                }
            }
        }
        Err(failure)
    }

    /// Sends it; over open sockets only where a new one could lead to a stranger.
    async fn try_once(
        &self,
        client: &reqwest::Client,
        request: Request,
    ) -> (reqwest::Result<Response>, Opening) {
        let url = request.url();
        let only_open_sockets = self.guard.is_some()
            && url.scheme() == "http"
            && !self.shared.proofs.is_fresh(&url.origin().ascii_serialization());
        let start = Opening { only_open_sockets, ..Opening::default() };
        self.shared.observer.watch(start, client.execute(request)).await
    }

    async fn prove(&self, url: &Url) -> Result<(), NetError> {
        let origin = url.origin().ascii_serialization();
        if let Some(guard) = &self.guard {
            debug!("a new connection without encryption: asking who is there");
            guard.prove(&origin).await?;
        }
        self.shared.proofs.note(origin);
        Ok(())
    }

    fn client(
        &self,
        generation: &Generation<ClientKey, reqwest::Client>,
        key: &ClientKey,
    ) -> Result<reqwest::Client, NetError> {
        generation.client(key, || {
            let tls = self.shared.tls.configuration(&key.trust)?;
            make_client(key, tls, &self.shared.observer, &self.shared.counters)
        })
    }

    fn accept(&self, sent: Sent, route: &ProxyRoute) -> Result<Sent, NetError> {
        let through_proxy = *route != ProxyRoute::Direct;
        let is_reused = sent.opening == Opening::default();
        self.shared.counters.answered(sent.response.version(), is_reused, through_proxy);
        if through_proxy && sent.response.status().as_u16() == PROXY_AUTHENTICATION_REQUIRED {
            return Err(NetError::from_status(PROXY_AUTHENTICATION_REQUIRED, None));
        }
        Ok(sent)
    }

    /// The typed failure of a request by a way.
    #[expect(clippy::unused_self, reason = "asked of a pool, where the way belongs")]
    pub(super) fn failure(&self, error: &reqwest::Error, route: &ProxyRoute) -> NetError {
        let mut failure = NetError::from_reqwest(error);
        if let Some(reason) = Reason::in_causes(error) {
            // The text of the TLS library names hosts.
            failure = NetError::new(ErrorKind::TlsCertificate, reason.detail());
        }
        let says_more = matches!(
            failure.kind,
            ErrorKind::TlsCertificate | ErrorKind::TlsProtocol | ErrorKind::ProxyAuthentication
        );
        if *route != ProxyRoute::Direct && error.is_connect() && !says_more {
            failure.kind = ErrorKind::Proxy;
        }
        failure
    }

    fn seen(&self, change: impl FnOnce(&mut View)) -> Self {
        let mut pool = self.clone();
        change(&mut pool.view);
        pool
    }
}
