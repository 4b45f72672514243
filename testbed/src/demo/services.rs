//! Servers that run together until they are dropped.

use super::control::{Control, Server};
use super::{
    FAMILY, GUEST, JELLYFIN_PASSWORD, MEMBER, MEMBER_PIN, MEMBER_TOKENS, PLEX_ACCOUNT_TOKEN, PLEX_TOKEN,
    Ready, SHARED_TOKEN, USER,
};
use crate::catalogue::Catalogue;
use crate::catalogue::demo::{jellyfin_demo, plex_demo};
use crate::catalogue::generator::Recipe;
use crate::connection::{ConnectionPlan, Reach};
use crate::discovery::{Announcement, Responder};
use crate::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use crate::plex::PlexServer;
use crate::plex_tv::PlexTv;
use anyhow::Context as _;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

/// The id of the demo's Jellyfin: the same each time, so that an account that was added stays good.
const JELLYFIN_ID: &str = "5d0c2f9be7a14c6f8b3a90d27e41c6aa";
/// The name of the demo's Jellyfin.
const JELLYFIN_NAME: &str = "Attic";
/// The name of the demo's Plex Media Server.
const PLEX_NAME: &str = "Cellar";
/// The id of the Plex Media Server that a friend shares.
const SHARED_ID: &str = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";
/// Its name.
const SHARED_NAME: &str = "Cottage";
/// The demo's Jellyfin keeps a position in the samples too, which last a minute at most.
const SHORTEST_RESUMABLE: Duration = Duration::from_secs(10);

/// The library of generated films.
const MORE_FILMS: &str = "Archive";

/// The connection of the demo's Jellyfin that has TLS.
const TLS: &str = "jellyfin-tls";

/// Where a connection from outside listens.
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Where a relay listens.
const THIRD: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// Ports of the demo's servers; 0 takes any free one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DemoPorts {
    /// First connection of Jellyfin.
    pub jellyfin: u16,
    /// First connection of the Plex Media Server.
    pub plex: u16,
    /// plex.tv.
    pub plex_tv: u16,
}

/// Running servers and how to reach them.
///
/// Jellyfin has the connections `jellyfin-lan`, `jellyfin-wan` and, with TLS, `jellyfin-tls`, the Plex Media Server `plex-local`,
/// `plex-remote` and `plex-relay`, all on addresses of loopback, farther ones slower. The server that a friend
/// shares has `shared-remote`. The account at plex.tv belongs to a Home with one more user.
#[derive(Debug, Default)]
pub struct Services {
    ready: Ready,
    control: Option<Control>,
    jellyfin: Option<Arc<JellyfinServer>>,
    plex: Option<(Arc<PlexServer>, Arc<PlexTv>)>,
    shared: Option<Arc<PlexServer>>,
    responders: Vec<Responder>,
}

impl Services {
    /// Both servers of the demo, with plex.tv and the control. Jellyfin has this many generated films more, in a library
    /// of their own.
    ///
    /// # Errors
    /// When a port is taken or the sample videos cannot be made.
    pub async fn demo(ports: DemoPorts, more_films: usize) -> anyhow::Result<Self> {
        let mut services = Self::default();
        let catalogue = match more_films {
            0 => jellyfin_demo(),
            films => Recipe { films, series: 0, ..Recipe::default() }.add_to(jellyfin_demo(), MORE_FILMS),
        };
        let jellyfin = jellyfin(catalogue, ports.jellyfin).shortest_resumable(SHORTEST_RESUMABLE);
        services.start_jellyfin(jellyfin).await?;
        services.start_plex(plex_demo(), ports.plex, ports.plex_tv).await?;
        services.with_control()
    }

    /// A Jellyfin with this catalogue.
    ///
    /// # Errors
    /// When a port is taken or the sample videos cannot be made.
    pub async fn jellyfin(catalogue: Catalogue, port: u16) -> anyhow::Result<Self> {
        let mut services = Self::default();
        services.start_jellyfin(jellyfin(catalogue, port)).await?;
        Ok(services)
    }

    /// A Plex Media Server with this catalogue, and a plex.tv that knows it.
    ///
    /// # Errors
    /// When a port is taken or the sample videos cannot be made.
    pub async fn plex(catalogue: Catalogue, port: u16) -> anyhow::Result<Self> {
        let mut services = Self::default();
        services.start_plex(catalogue, port, 0).await?;
        Ok(services)
    }

    /// How to reach them.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Jellyfin, when it runs.
    pub fn jellyfin_server(&self) -> Option<&JellyfinServer> {
        self.jellyfin.as_deref()
    }

    /// The Plex Media Server, when it runs.
    pub fn plex_server(&self) -> Option<&PlexServer> {
        self.plex.as_ref().map(|(server, _)| &**server)
    }

    /// plex.tv, when it runs.
    pub fn plex_tv(&self) -> Option<&PlexTv> {
        self.plex.as_ref().map(|(_, plex_tv)| &**plex_tv)
    }

    /// Opens the control. It does not keep the servers: they end with the services.
    fn with_control(mut self) -> anyhow::Result<Self> {
        let mut servers = Vec::new();
        if let Some(jellyfin) = &self.jellyfin {
            let server = Arc::downgrade(jellyfin);
            servers.push(Server::new("jellyfin", jellyfin.connections(), move || {
                server.upgrade().iter().for_each(|server| server.revoke_tokens());
            }));
        }
        if let Some((plex, plex_tv)) = &self.plex {
            let server = Arc::downgrade(plex);
            servers.push(Server::new("plex", plex.switches(), move || {
                server.upgrade().iter().for_each(|server| end_tokens(server));
            }));
            let server = Arc::downgrade(plex_tv);
            servers.push(Server::new("plex.tv", std::iter::once(plex_tv.connection()), move || {
                server.upgrade().iter().for_each(|server| server.revoke_all());
            }));
        }
        if let Some(shared) = &self.shared {
            let server = Arc::downgrade(shared);
            servers.push(Server::new("shared", shared.switches(), move || {
                server.upgrade().iter().for_each(|server| end_tokens(server));
            }));
        }
        let plex_tv = self.plex.as_ref().map(|(_, plex_tv)| Arc::downgrade(plex_tv));
        let control = Control::open(servers, plex_tv).context("starting the control")?;
        self.ready.control_url = control.uri().map(str::to_owned);
        self.control = Some(control);
        Ok(self)
    }

    async fn start_jellyfin(&mut self, builder: JellyfinServerBuilder) -> anyhow::Result<()> {
        let server = builder.start().await.context("starting Jellyfin")?;
        self.ready.jellyfin_url = Some(server.base_url().to_owned());
        self.ready.jellyfin_urls = server.base_urls();
        self.ready.jellyfin_tls_url = server.connection(TLS).map(|connection| connection.uri().to_owned());
        self.ready.jellyfin_authority = server.authority().map(|authority| authority.pem().to_owned());
        self.ready.jellyfin_username = Some(USER.to_owned());
        self.ready.jellyfin_password = Some(JELLYFIN_PASSWORD.to_owned());
        let announcement = Announcement::Jellyfin {
            id: server.machine_id().to_owned(),
            name: JELLYFIN_NAME.to_owned(),
            address: server.base_url().to_owned(),
        };
        self.answer(announcement).await?;
        self.jellyfin = Some(Arc::new(server));
        Ok(())
    }

    /// Answers who looks for a server.
    async fn answer(&mut self, announcement: Announcement) -> anyhow::Result<()> {
        let responder = Responder::start(announcement).await.context("answering who looks for servers")?;
        let others = self.ready.discovery.take().map(|others| format!("{others},")).unwrap_or_default();
        self.ready.discovery = Some(others + &responder.target());
        self.responders.push(responder);
        Ok(())
    }

    async fn start_plex(&mut self, catalogue: Catalogue, port: u16, tv_port: u16) -> anyhow::Result<()> {
        let server = PlexServer::builder()
            .name(PLEX_NAME)
            .catalogue(catalogue)
            .user(USER, PLEX_TOKEN)
            .user(MEMBER, MEMBER_TOKENS[0])
            .local("plex-local")
            .connection(ConnectionPlan::new("plex-remote", Reach::Remote).at(SECOND))
            .connection(ConnectionPlan::new("plex-relay", Reach::Relay).at(THIRD))
            .port(port)
            .start()
            .await
            .context("starting the Plex Media Server")?;
        let catalogue = Recipe { films: 12, series: 1, plain: true, ..Recipe::default() }.generate();
        let shared = PlexServer::builder()
            .name(SHARED_NAME)
            .machine_id(SHARED_ID)
            .catalogue(catalogue)
            .user(USER, SHARED_TOKEN)
            .user(MEMBER, MEMBER_TOKENS[1])
            .connection(ConnectionPlan::new("shared-remote", Reach::Remote).at(SECOND))
            .start()
            .await
            .context("starting the shared Plex Media Server")?;
        let plex_tv = PlexTv::builder()
            .account(USER, PLEX_ACCOUNT_TOKEN)
            .protected_account(MEMBER, MEMBER_TOKENS[2], MEMBER_PIN)
            .server(server.listing())
            .shared_server(shared.listing())
            .auto_approve(true)
            .port(tv_port)
            .start()
            .await
            .context("starting plex.tv")?;
        self.ready.plex_url = Some(server.base_url().to_owned());
        self.ready.plex_urls = server.connections().iter().map(|connection| connection.uri.clone()).collect();
        self.ready.plex_token = Some(PLEX_TOKEN.to_owned());
        self.ready.plex_tv_url = Some(plex_tv.base_url().to_owned());
        let port = url::Url::parse(server.base_url())?.port_or_known_default().unwrap_or_default();
        let [id, name] = [server.machine_id(), PLEX_NAME].map(str::to_owned);
        self.answer(Announcement::Plex { id, name, port, hash: None }).await?;
        self.plex = Some((Arc::new(server), Arc::new(plex_tv)));
        self.shared = Some(Arc::new(shared));
        Ok(())
    }
}

fn jellyfin(catalogue: Catalogue, port: u16) -> JellyfinServerBuilder {
    JellyfinServer::builder()
        .name(JELLYFIN_NAME)
        .machine_id(JELLYFIN_ID)
        .version("10.11.4")
        // As an administrator may set it: the samples are short.
        .shortest_resumable(Duration::from_secs(20))
        .catalogue(catalogue)
        .user(USER, JELLYFIN_PASSWORD)
        .user(GUEST, "")
        .portrait(FAMILY)
        .user(FAMILY, JELLYFIN_PASSWORD)
        .connection(ConnectionPlan::new("jellyfin-lan", Reach::Local))
        .connection(ConnectionPlan::new("jellyfin-wan", Reach::Remote).at(SECOND))
        .connection(ConnectionPlan::new(TLS, Reach::Local).tls())
        .port(port)
}

/// Gives everybody another token: the ones that are known are dead.
fn end_tokens(server: &PlexServer) {
    for user in [USER, MEMBER] {
        server.set_token(user, &format!("{PLEX_TOKEN}-{}", uuid::Uuid::new_v4().simple()));
    }
}
