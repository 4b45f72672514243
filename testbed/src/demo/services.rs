//! Servers that run together until they are dropped.

use super::{JELLYFIN_PASSWORD, PLEX_ACCOUNT_TOKEN, PLEX_TOKEN, Ready, USER};
use crate::catalogue::Catalogue;
use crate::catalogue::demo::{jellyfin_demo, plex_demo};
use crate::jellyfin::{JellyfinServer, JellyfinServerBuilder};
use crate::plex::PlexServer;
use crate::plex_tv::PlexTv;
use anyhow::Context as _;
use std::time::Duration;

/// The id of the demo's Jellyfin: the same each time, so that an account that was added stays good.
const JELLYFIN_ID: &str = "5d0c2f9be7a14c6f8b3a90d27e41c6aa";
/// The demo's Jellyfin keeps a position in the samples too, which last a minute at most.
const SHORTEST_RESUMABLE: Duration = Duration::from_secs(10);

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
#[derive(Debug, Default)]
pub struct Services {
    ready: Ready,
    jellyfin: Option<JellyfinServer>,
    plex: Option<(PlexServer, PlexTv)>,
}

impl Services {
    /// Both servers of the demo, with plex.tv.
    ///
    /// # Errors
    /// When a port is taken or the sample videos cannot be made.
    pub async fn demo(ports: DemoPorts) -> anyhow::Result<Self> {
        let mut services = Self::default();
        let jellyfin = jellyfin(jellyfin_demo(), ports.jellyfin).shortest_resumable(SHORTEST_RESUMABLE);
        services.start_jellyfin(jellyfin).await?;
        services.start_plex(plex_demo(), ports.plex, ports.plex_tv).await?;
        Ok(services)
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
        self.jellyfin.as_ref()
    }

    /// The Plex Media Server, when it runs.
    pub fn plex_server(&self) -> Option<&PlexServer> {
        self.plex.as_ref().map(|(server, _)| server)
    }

    /// plex.tv, when it runs.
    pub fn plex_tv(&self) -> Option<&PlexTv> {
        self.plex.as_ref().map(|(_, plex_tv)| plex_tv)
    }

    async fn start_jellyfin(&mut self, builder: JellyfinServerBuilder) -> anyhow::Result<()> {
        let server = builder.start().await.context("starting Jellyfin")?;
        self.ready.jellyfin_url = Some(server.base_url().to_owned());
        self.ready.jellyfin_urls = server.base_urls();
        self.ready.jellyfin_username = Some(USER.to_owned());
        self.ready.jellyfin_password = Some(JELLYFIN_PASSWORD.to_owned());
        self.jellyfin = Some(server);
        Ok(())
    }

    async fn start_plex(&mut self, catalogue: Catalogue, port: u16, tv_port: u16) -> anyhow::Result<()> {
        let server = PlexServer::builder()
            .name("Cellar")
            .catalogue(catalogue)
            .user(USER, PLEX_TOKEN)
            .local("plex-local")
            .remote("plex-remote")
            .port(port)
            .start()
            .await
            .context("starting the Plex Media Server")?;
        let plex_tv = PlexTv::builder()
            .account(USER, PLEX_ACCOUNT_TOKEN)
            .server(server.listing())
            .auto_approve(true)
            .port(tv_port)
            .start()
            .await
            .context("starting plex.tv")?;
        self.ready.plex_url = Some(server.base_url().to_owned());
        self.ready.plex_urls = server.connections().iter().map(|connection| connection.uri.clone()).collect();
        self.ready.plex_token = Some(PLEX_TOKEN.to_owned());
        self.ready.plex_tv_url = Some(plex_tv.base_url().to_owned());
        self.plex = Some((server, plex_tv));
        Ok(())
    }
}

fn jellyfin(catalogue: Catalogue, port: u16) -> JellyfinServerBuilder {
    JellyfinServer::builder()
        .name("Attic")
        .machine_id(JELLYFIN_ID)
        .version("10.11.4")
        .catalogue(catalogue)
        .user(USER, JELLYFIN_PASSWORD)
        .port(port)
        .connections(2)
}
