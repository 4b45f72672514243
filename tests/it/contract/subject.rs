//! One backend of each kind, over the same few titles.

use std::any::Any;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use gnome_reel::backends::jellyfin::JellyfinBackend;
use gnome_reel::backends::local::{FolderLooks, FolderSpec, LocalBackend};
use gnome_reel::backends::plex::PlexBackend;
use gnome_reel::backends::{
    AuthProvider, ClientIdentity, LibraryRecord, MediaBackend, PageRequest, jellyfin,
};
use gnome_reel::models::{ItemKind, ItemRecord, LibraryKind, RemoteId, ServerUrl};
use gnome_reel::net::HttpPool;
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::media::{Container, SampleVideos};

use crate::support::{PASSWORD, Server, ServerKind, TOKEN, USER};

/// Films of every subject.
pub const FILMS: usize = 7;
/// A picture of one point.
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x56\xc7\x2f\x0d\0\0\0\0IEND\xaeB`\x82";

/// A backend with what keeps it alive.
pub struct Subject {
    /// The backend.
    pub backend: Arc<dyn MediaBackend>,
    /// An id that it does not know, of its own form.
    pub unknown: RemoteId,
    /// Whether there is a server behind it.
    pub is_server: bool,
    _alive: Box<dyn Any + Send>,
}

impl Subject {
    /// A backend over seven films and two series of two seasons.
    pub async fn plex() -> Self {
        let server = server(ServerKind::Plex).await;
        let auth = AuthProvider::Plex { token: TOKEN.into(), client: client() };
        let backend = PlexBackend::from_auth(&auth, &url(&server), &HttpPool::new().unwrap()).unwrap();
        let unknown = RemoteId::new("999999");
        Self { backend: Arc::new(backend), unknown, is_server: true, _alive: Box::new(server) }
    }

    /// As [`Subject::plex`].
    pub async fn jellyfin() -> Self {
        let server = server(ServerKind::Jellyfin).await;
        let pool = HttpPool::new().unwrap();
        let base = url(&server);
        let signed_in =
            jellyfin::sign_in::with_password(&pool, &base, &client(), USER, &PASSWORD.into()).await.unwrap();
        let auth =
            AuthProvider::Jellyfin { token: signed_in.token, user_id: signed_in.user_id, client: client() };
        let backend = JellyfinBackend::from_auth(&auth, &base, &pool).unwrap();
        let unknown = RemoteId::new("f".repeat(32));
        Self { backend: Arc::new(backend), unknown, is_server: true, _alive: Box::new(server) }
    }

    /// As [`Subject::plex`].
    pub async fn local() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (films, cache) = (folder.path().join("films"), folder.path().join("cache"));
        fill(&films).await;
        let backend = LocalBackend::from_auth(
            &AuthProvider::Local,
            vec![FolderSpec::new(films, None)],
            &cache,
            &FolderLooks::default(),
        )
        .unwrap();
        let unknown = RemoteId::new("no-such-item");
        Self { backend: Arc::new(backend), unknown, is_server: false, _alive: Box::new(folder) }
    }

    /// Every item of a kind, in one page.
    pub async fn all(&self, library: &LibraryRecord, kind: ItemKind) -> Vec<ItemRecord> {
        let page = PageRequest { start: 0, limit: 500 };
        self.backend.items(library, kind, page).await.unwrap().items
    }

    /// Some film with a picture.
    pub async fn film(&self) -> ItemRecord {
        for library in self.backend.libraries().await.unwrap() {
            if matches!(library.kind, LibraryKind::Movies | LibraryKind::Mixed) {
                let films = self.all(&library, ItemKind::Movie).await;
                return films.into_iter().find(|film| film.images.primary.is_some()).unwrap();
            }
        }
        panic!("there is no library of films")
    }
}

fn client() -> ClientIdentity {
    ClientIdentity { device_id: "contract".to_owned(), device_name: "Contract".to_owned() }
}

fn url(server: &Server) -> ServerUrl {
    server.url().parse().unwrap()
}

async fn server(kind: ServerKind) -> Server {
    let recipe =
        Recipe { films: FILMS, series: 2, seasons: 2, episodes: 3, plain: true, ..Recipe::default() };
    Server::start(kind, recipe.generate()).await
}

async fn fill(folder: &Path) {
    let videos = SampleVideos::prepare().await.unwrap();
    let put = |name: String| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(&videos.get(Container::Mp4).path, path).unwrap();
    };
    for number in 1..=FILMS {
        put(format!("Film {number} (200{number})/Film {number} (200{number}).mp4"));
        fs::write(folder.join(format!("Film {number} (200{number})/poster.png")), PICTURE).unwrap();
    }
    for series in ["Lighthouse", "Orchard"] {
        for (season, episode) in (1..=2).flat_map(|season| (1..=3).map(move |episode| (season, episode))) {
            put(format!("{series}/Season 0{season}/{series} S0{season}E0{episode}.mp4"));
        }
    }
}

/// The bytes that a stream of any subject begins with: those of one of the samples.
pub async fn sample_beginnings() -> [Vec<u8>; 2] {
    let videos = SampleVideos::prepare().await.unwrap();
    [ItemNumber(1), ItemNumber(2)].map(|item| fs::read(&videos.of(item).path).unwrap()[..1000].to_vec())
}
