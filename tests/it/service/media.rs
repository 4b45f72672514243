//! Videos and pictures: fetched with credentials in headers only, kept under names that say nothing.

use futures::future::join_all;
use gnome_reel::backends::{Location, MediaRequest};
use gnome_reel::models::{ImageRequest, ImageSize, Item, SourceId};
use gnome_reel::services::core::{BackendService, SourceService};
use gnome_reel::services::images::ImageService;
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::media::SampleVideos;
use secrecy::ExposeSecret as _;

use crate::support::{Bed, Server, ServerKind, films};

on_both!(
    a_stream_has_its_token_in_a_header,
    a_picture_is_fetched_once,
    a_page_is_no_picture,
    pictures_go_with_their_source,
);

const FILM: ItemNumber = ItemNumber(1);

async fn get(request: &MediaRequest, range: &str) -> reqwest::Response {
    let mut call = reqwest::Client::new().get(request.url.clone()).header("range", range);
    for (name, value) in &request.headers {
        call = call.header(*name, value.expose_secret());
    }
    call.send().await.unwrap()
}

async fn a_stream_has_its_token_in_a_header(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    let stream = BackendService::get_stream_url(&bed.ctx, item.id, None).await.unwrap();
    let Location::Remote(request) = stream.location else { panic!("a server's film is no file") };
    let url = request.url.to_string();
    assert!(url.starts_with(&server.url()), "{url}");
    for secret in server.secrets() {
        assert!(!url.contains(&secret), "{url}");
    }
    assert!(!format!("{request:?}").contains("canary-token"));

    let reply = get(&request, "bytes=1000-1999").await;
    assert_eq!(reply.status(), 206);
    let part = reply.bytes().await.unwrap();
    let sample = SampleVideos::prepare().await.unwrap().of(FILM).clone();
    let file = std::fs::read(&sample.path).unwrap();
    assert_eq!(part.as_ref(), &file[1000..2000]);
    assert_eq!(stream.container.as_deref(), Some(sample.container.extension()));
}

fn poster(item: &Item) -> ImageRequest {
    ImageRequest { key: item.record.images.primary.clone().unwrap(), size: ImageSize::Small }
}

async fn with_film(server: &Server) -> (Bed, SourceId, Item) {
    let (bed, id) = Bed::synced(server).await;
    let item = bed.item(id, &server.remote_id(FILM)).await;
    server.recorder().clear();
    (bed, id, item)
}

fn fetches(server: &Server) -> usize {
    let is_picture = |path: &str| path.contains("/Images/") || path.starts_with("/photo/");
    server.recorder().requests().iter().filter(|request| is_picture(&request.path)).count()
}

async fn a_picture_is_fetched_once(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let request = poster(&item);
    let files = join_all((0..8).map(|_| ImageService::file(&bed.ctx, id, &request))).await;
    let path = files[0].as_ref().unwrap().clone();
    assert!(files.iter().all(|file| file.as_ref().unwrap() == &path));
    assert_eq!(fetches(&server), 1);
    assert!(std::fs::metadata(&path).unwrap().len() > 100);

    let name = path.strip_prefix(bed.folder.path()).unwrap().to_str().unwrap().to_owned();
    let host = server.url().replace("http://", "");
    for hidden in [host, "127.0.0.1".to_owned()].into_iter().chain(server.secrets()) {
        assert!(!name.contains(&hidden), "{name}");
    }
    // What is on disk needs no server.
    server.go_away();
    assert_eq!(ImageService::file(&bed.ctx, id, &request).await.unwrap(), path);
}

async fn a_page_is_no_picture(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let page = Fault::Status { code: 200, headers: Vec::new(), body: "Please sign in".to_owned() };
    for path in ["/photo/", "/Items/"] {
        server.faults().add(EVERY_CONNECTION, path, page.clone());
    }
    assert!(ImageService::file(&bed.ctx, id, &poster(&item)).await.is_err());
    server.come_back();
    ImageService::file(&bed.ctx, id, &poster(&item)).await.unwrap();
}

async fn pictures_go_with_their_source(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, item) = with_film(&server).await;
    let path = ImageService::file(&bed.ctx, id, &poster(&item)).await.unwrap();
    SourceService::remove(&bed.ctx, id).await.unwrap();
    assert!(!path.exists());
    assert!(bed.ctx.db.sources().list().await.unwrap().is_empty());
    assert!(bed.ctx.secrets.get(id).await.unwrap().is_none());
    assert!(bed.ctx.db.items().get(item.id).await.is_err());
    if let Server::Jellyfin(jellyfin) = &server {
        assert!(jellyfin.tokens().is_empty(), "the server was asked to forget the token");
    }
}
