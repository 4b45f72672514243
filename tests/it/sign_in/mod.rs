//! Every way in, and staying in.

mod addresses;
mod certificates;
mod home;
mod household;
mod jellyfin;
mod order;
mod people;
mod plex_link;
mod quick_connect;
mod renewal;
mod resources;

use gnome_reel::models::SourceId;
use gnome_reel::services::core::AuthService;
use gnome_reel::services::core::auth::PlexAccount;
use gnome_reel::services::credentials::CredentialKey;
use reel_testbed::plex::PlexServer;
use reel_testbed::plex_tv::PlexTv;
use secrecy::ExposeSecret as _;

use crate::support::{Bed, TOKEN, USER, films};

/// What plex.tv knows the first account by.
pub const ACCOUNT: &str = "canary-account-token";

/// A server with three films; `number` tells it from others.
pub async fn plex_server(number: u8, users: &[(&str, &str)]) -> PlexServer {
    let mut catalogue = films(3);
    catalogue.initial_states.clear();
    let builder = PlexServer::builder()
        .catalogue(catalogue)
        .machine_id(&format!("{number:040x}"))
        .name(&format!("Server {number}"));
    users.iter().fold(builder, |builder, (name, token)| builder.user(name, token)).start().await.unwrap()
}

/// An app that asks this plex.tv.
pub async fn bed_with(tv: &PlexTv) -> Bed {
    let mut bed = Bed::new().await;
    bed.ctx.plex_tv = tv.base_url().parse().unwrap();
    bed
}

/// The first account with its servers.
pub async fn account(bed: &Bed) -> PlexAccount {
    AuthService::plex_account(&bed.ctx, &ACCOUNT.into()).await.unwrap()
}

/// One server of one account in use.
pub struct Plex {
    pub server: PlexServer,
    pub tv: PlexTv,
    pub bed: Bed,
    pub id: SourceId,
}

impl Plex {
    pub async fn synced() -> Self {
        let server = plex_server(1, &[(USER, TOKEN)]).await;
        let tv = PlexTv::builder().account(USER, ACCOUNT).server(server.listing()).start().await.unwrap();
        let bed = bed_with(&tv).await;
        let account = account(&bed).await;
        let id = AuthService::add_plex_server(&bed.ctx, &account, &account.servers[0]).await.unwrap();
        bed.sync(id).await;
        Self { server, tv, bed, id }
    }

    /// How often plex.tv was asked for the servers.
    pub fn lists(&self) -> usize {
        let requests = self.tv.recorder().requests();
        requests.iter().filter(|request| request.path == "/api/v2/resources").count()
    }
}

/// The stored token of a source.
pub async fn token(bed: &Bed, id: SourceId) -> String {
    bed.ctx.secrets.get(id).await.unwrap().unwrap().expose_secret().to_owned()
}

/// The stored token of an account.
pub async fn account_token(bed: &Bed, account: &str) -> Option<String> {
    let token = bed.ctx.secrets.get(CredentialKey::plex_account(account)).await.unwrap();
    token.map(|token| token.expose_secret().to_owned())
}
