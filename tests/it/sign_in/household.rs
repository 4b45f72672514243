//! A household as there are many: two servers of a Plex account with a Home, a Jellyfin that was found in the network,
//! one behind a path with a certificate of its own, and a disk with films. Then everything goes away in turn.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt as _;
use gnome_reel::models::{AuthStatus, SourceId, SourceKind};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::{AuthService, BackendService, SourceService};
use gnome_reel::services::credentials::{
    CredentialError, CredentialKey, CredentialStore, FileStore, Secrets,
};
use gnome_reel::services::{AddressProblem, DiscoveryService, ServiceError};
use reel_testbed::connection::{ConnectionPlan, Reach};
use reel_testbed::discovery::{Announcement, Responder};
use reel_testbed::jellyfin::JellyfinServer;
use reel_testbed::plex_tv::PlexTv;
use reel_testbed::tls::Served;
use secrecy::SecretString;

use super::{ACCOUNT, account, bed_with, plex_server};
use crate::support::{Bed, PASSWORD, Server, ServerKind, USER, films, soon};

const KID: &str = "canary-account-kid";
const KID_TOKENS: [&str; 2] = ["canary-server-kid-one", "canary-server-kid-two"];
/// The id of the Jellyfin behind a path.
const FAR: &str = "fafafafafafafafafafafafafafafafa";
const OTHER_PASSWORD: &str = "canary-password-behind-the-path";

/// A keyring that does not answer any more.
struct Dead;

#[async_trait]
impl CredentialStore for Dead {
    async fn get(&self, _key: &CredentialKey) -> Result<Option<SecretString>, CredentialError> {
        Err(CredentialError::NoAnswer)
    }

    async fn set(&self, _key: &CredentialKey, _token: &SecretString) -> Result<(), CredentialError> {
        Err(CredentialError::NoAnswer)
    }

    async fn remove(&self, _key: &CredentialKey) -> Result<(), CredentialError> {
        Err(CredentialError::NoAnswer)
    }

    fn name(&self) -> &'static str {
        "dead"
    }
}

struct Household {
    bed: Bed,
    tv: Option<PlexTv>,
    servers: [Server; 4],
    ids: Vec<SourceId>,
    _responder: Responder,
}

impl Household {
    async fn move_in() -> Self {
        let attic = plex_server(1, &[(USER, "canary-server-one"), ("kid", KID_TOKENS[0])]).await;
        let cellar = plex_server(2, &[(USER, "canary-server-two"), ("kid", KID_TOKENS[1])]).await;
        let tv = PlexTv::builder().account(USER, ACCOUNT).protected_account("kid", KID, "1234");
        let tv = tv.server(attic.listing()).server(cellar.listing()).start().await.unwrap();
        let mut bed = bed_with(&tv).await;

        let owner = account(&bed).await;
        let users = AuthService::plex_home_users(&bed.ctx, &owner).await.unwrap();
        let kid =
            AuthService::switch_plex_user(&bed.ctx, &owner, &users[1], Some(&"1234".into())).await.unwrap();
        let added = AuthService::add_plex_servers(&bed.ctx, &kid, &kid.servers).await.unwrap();
        let mut ids: Vec<SourceId> = added.into_iter().map(Result::unwrap).collect();

        let Server::Jellyfin(near) = Server::start(ServerKind::Jellyfin, films(3)).await else {
            unreachable!()
        };
        let announcement = Announcement::Jellyfin {
            id: near.machine_id().to_owned(),
            name: "Near".to_owned(),
            address: near.base_url().to_owned(),
        };
        let responder = Responder::start(announcement).await.unwrap();
        bed.ctx.discovery = responder.target().parse().unwrap();
        let mut heard = std::pin::pin!(DiscoveryService::search(&bed.ctx, Duration::MAX));
        let heard = soon(heard.next()).await.unwrap();
        let found = AuthService::find_discovered(&bed.ctx, &heard, &[]).await.unwrap();
        ids.push(AuthService::sign_in_jellyfin(&bed.ctx, &found, USER, &PASSWORD.into()).await.unwrap());

        let far = JellyfinServer::builder().machine_id(FAR).catalogue(films(3)).user(USER, OTHER_PASSWORD);
        let front = ConnectionPlan::new("front", Reach::Remote).tls();
        let far = far.base_path("/media/jelly").connection(front).start().await.unwrap();
        far.connection("front").unwrap().serve(Served::SelfSigned(1));
        let (jellyfin, address) = (SourceKind::Jellyfin, far.base_url());
        let in_the_way = AuthService::find_server(&bed.ctx, jellyfin, address).await.unwrap_err();
        let ServiceError::Address(AddressProblem::Certificate(facts)) = in_the_way else {
            panic!("{in_the_way:?}")
        };
        let found = AuthService::find_server_trusting(&bed.ctx, jellyfin, address, &[*facts]).await.unwrap();
        let password = OTHER_PASSWORD.into();
        ids.push(AuthService::sign_in_jellyfin(&bed.ctx, &found, USER, &password).await.unwrap());

        let disk = bed.folder.path().join("usb");
        fs::create_dir(&disk).unwrap();
        for title in ["Alien (1979)", "Brazil (1985)", "Casablanca (1942)"] {
            fs::write(disk.join(format!("{title}.mkv")), title).unwrap();
        }
        ids.push(SourceService::add_folder(&bed.ctx, &disk, Some("Disk"), None).await.unwrap());
        let servers =
            [Server::Plex(attic), Server::Plex(cellar), Server::Jellyfin(near), Server::Jellyfin(far)];
        let household = Self { bed, tv: Some(tv), servers, ids, _responder: responder };
        for id in &household.ids {
            household.bed.sync(*id).await;
        }
        household.assert_whole().await;
        household
    }

    /// Five sources, signed in, with three titles each.
    async fn assert_whole(&self) {
        let sources = self.bed.ctx.db.sources().list().await.unwrap();
        assert_eq!(sources.iter().map(|source| source.id).collect::<Vec<_>>(), self.ids);
        for source in sources {
            assert_eq!(source.auth_status, AuthStatus::SignedIn, "{}", source.name);
            assert_eq!(self.bed.items(source.id).await.len(), 3, "{}", source.name);
        }
    }

    /// Everything that each server was sent was its own, and nothing came before it had said who it is.
    fn assert_nothing_leaked(&self) {
        let mut own: Vec<Vec<String>> = KID_TOKENS.map(|token| vec![token.to_owned()]).into_iter().collect();
        for (server, password) in self.servers[2..].iter().zip([PASSWORD, OTHER_PASSWORD]) {
            let Server::Jellyfin(jellyfin) = server else { unreachable!() };
            own.push([jellyfin.tokens(), vec![password.to_owned()]].concat());
        }
        let accounts = [ACCOUNT.to_owned(), KID.to_owned()];
        for (place, server) in self.servers.iter().enumerate() {
            server.assert_identity_first();
            let others =
                own.iter().enumerate().filter(|(other, _)| *other != place).flat_map(|(_, secrets)| secrets);
            for secret in others.chain(&accounts) {
                let told = server.recorder().requests().into_iter().find(|request| request.mentions(secret));
                assert!(
                    told.is_none(),
                    "server {place} was told {secret}: {:?}",
                    told.map(|request| request.path)
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_sources_lose_nothing_while_everything_goes_away_in_turn() {
    let mut home = Household::move_in().await;
    home.assert_nothing_leaked();

    // plex.tv.
    home.tv = None;
    for id in home.ids.clone() {
        home.bed.sync(id).await;
        BackendService::test_connection(&home.bed.ctx, id).await.unwrap();
    }
    home.assert_whole().await;

    // The keyring, with nothing of it in memory: the folder goes on, and the servers say what is wrong.
    let file = FileStore::new(home.bed.folder.path().join("credentials.json"));
    let mut ctx = home.bed.ctx.clone();
    ctx.secrets = Secrets::with_stores(Arc::new(Dead), Arc::new(file), ctx.events.clone());
    for (place, id) in home.ids.iter().enumerate() {
        let outcome = BackendService::test_connection(&ctx, *id).await;
        let expected = (place < 4).then_some(ErrorKind::Credentials);
        assert_eq!(outcome.err().map(|error| error.kind()), expected, "source {place}");
    }
    home.assert_whole().await;

    // A server.
    for connection in home.servers[2].connections() {
        connection.off();
    }
    assert!(home.bed.try_sync(home.ids[2]).await.is_err());
    home.assert_whole().await;
    for place in [0, 1, 3, 4] {
        home.bed.sync(home.ids[place]).await;
    }

    // And back.
    for connection in home.servers[2].connections() {
        connection.on();
    }
    for id in home.ids.clone() {
        home.bed.sync(id).await;
    }
    home.assert_whole().await;
    home.assert_nothing_leaked();
}
