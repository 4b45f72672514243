//! Sources in the user's hands: their order, off and on, gone; and a trust that is taken back.

use gnome_reel::backends::Location;
use gnome_reel::models::{
    ConnectionList, ImageRequest, ImageSize, ServerConnection, ServerUrl, SourceId, Tier,
};
use gnome_reel::net::ErrorKind;
use gnome_reel::services::core::{
    BackendService, LibraryService, OutboxService, PlaybackService, SourceService,
};
use gnome_reel::services::events::Event;
use gnome_reel::services::images::ImageService;
use gnome_reel::services::trust::TrustService;
use gnome_reel::services::{AppContext, ServiceError};
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::connection::{ConnectionPlan, Link, Reach};
use reel_testbed::tls::Served;

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    what_is_off_is_hidden_everywhere_and_comes_back_with_its_places,
    a_removal_does_not_wait_for_a_server_that_is_silent,
    a_removal_works_while_the_server_is_down,
    a_certificate_that_is_taken_back_is_refused_at_once,
);

const FILM: ItemNumber = ItemNumber(1);

async fn what_is_off_is_hidden_everywhere_and_comes_back_with_its_places(kind: ServerKind) {
    let server = Server::start(kind, films(4)).await;
    let (bed, id) = Bed::synced(&server).await;
    let ctx = &bed.ctx;
    let film = bed.item(id, &server.remote_id(FILM)).await;
    let place = film.record.duration.unwrap() / 2;
    PlaybackService::set_position(ctx, film.id, place).await.unwrap();
    PlaybackService::set_favourite(ctx, film.id, true).await.unwrap();
    let library = ctx.db.libraries().list(Some(id)).await.unwrap()[0].id;
    let shown = async || {
        [
            !LibraryService::home(ctx).await.unwrap().is_empty(),
            !LibraryService::search(ctx, &film.record.title, 10).await.unwrap().is_empty(),
            !LibraryService::favourites(ctx).await.unwrap().is_empty(),
            LibraryService::library(ctx, library).await.is_ok(),
            LibraryService::sources(ctx).await.unwrap()[0].is_shown(),
        ]
    };
    assert_eq!(shown().await, [true; 5]);
    let stored = bed.items(id).await;
    let waiting = OutboxService::list(ctx, Some(id)).await.unwrap().len();
    assert!(waiting > 0);

    SourceService::set_enabled(ctx, id, false).await.unwrap();
    server.recorder().clear();
    assert_eq!(shown().await, [false; 5]);
    let error = BackendService::get_details(ctx, film.id).await.unwrap_err();
    assert!(matches!(error, ServiceError::Disabled(_)), "{error:?}");
    assert_eq!(OutboxService::drain(ctx, id).await.unwrap().delivered, 0);
    assert!(server.recorder().requests().is_empty(), "nobody was asked");
    assert_eq!(OutboxService::list(ctx, Some(id)).await.unwrap().len(), waiting, "nothing is lost");
    assert_eq!(LibraryService::sources(ctx).await.unwrap()[0].libraries[0].item_count, 4);

    SourceService::set_enabled(ctx, id, true).await.unwrap();
    assert_eq!(shown().await, [true; 5]);
    assert_eq!(bed.items(id).await, stored);
    assert_eq!(bed.item(id, &server.remote_id(FILM)).await.record.watch.position, place);
    OutboxService::retry_all(ctx).await.unwrap();
    OutboxService::drain(ctx, id).await.unwrap();
    assert_eq!(server.watch_state(FILM).position, place);
}

/// A source with everything that can be kept of one: items, a change that waits, a picture, a token.
async fn full(server: &Server) -> (Bed, SourceId, std::path::PathBuf) {
    let (bed, id) = Bed::synced(server).await;
    let film = bed.item(id, &server.remote_id(FILM)).await;
    PlaybackService::set_watched(&bed.ctx, film.id, true).await.unwrap();
    let key = film.record.images.primary.clone().unwrap();
    let request = ImageRequest { key, size: ImageSize::Small };
    let picture = ImageService::file(&bed.ctx, id, &request).await.unwrap();
    (bed, id, picture)
}

async fn assert_gone(ctx: &AppContext, id: SourceId, picture: &std::path::Path) {
    assert!(ctx.db.sources().list().await.unwrap().is_empty());
    assert!(ctx.db.libraries().list(None).await.unwrap().is_empty());
    assert_eq!(ctx.db.outbox().count_pending().await.unwrap(), 0);
    assert!(ctx.secrets.get(id).await.unwrap().is_none());
    assert!(!picture.exists());
}

async fn a_removal_does_not_wait_for_a_server_that_is_silent(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, picture) = full(&server).await;
    for connection in server.connections() {
        connection.reset_open();
        connection.set_link(Link::Silent);
    }
    let accepted = || server.connections().iter().map(|connection| connection.accepted()).sum::<usize>();
    let before = accepted();
    let mut events = bed.ctx.events.subscribe();
    let ctx = bed.ctx.clone();
    let removing = tokio::spawn(async move { SourceService::remove(&ctx, id).await });
    // A Jellyfin is told of it, and may stay silent; by then everything is done.
    while kind == ServerKind::Jellyfin && accepted() == before {
        tokio::task::yield_now().await;
    }
    if kind == ServerKind::Plex {
        removing.await.unwrap().unwrap();
    } else {
        removing.abort();
    }
    assert!(drain(&mut events).contains(&Event::SourceRemoved(id)));
    assert_gone(&bed.ctx, id, &picture).await;
}

async fn a_removal_works_while_the_server_is_down(kind: ServerKind) {
    let server = Server::start(kind, films(2)).await;
    let (bed, id, picture) = full(&server).await;
    for connection in server.connections() {
        connection.off();
    }
    SourceService::remove(&bed.ctx, id).await.unwrap();
    assert_gone(&bed.ctx, id, &picture).await;
}

async fn a_certificate_that_is_taken_back_is_refused_at_once(kind: ServerKind) {
    let plans =
        vec![ConnectionPlan::new("plain", Reach::Local), ConnectionPlan::new("secure", Reach::Local).tls()];
    let server = Server::start_at(kind, films(3), plans).await;
    let secure = server.connection("secure");
    secure.serve(Served::SelfSigned(1));
    let (bed, id) = Bed::synced(&server).await;
    let ctx = &bed.ctx;
    let url: ServerUrl = secure.uri().parse().unwrap();
    let only = vec![ServerConnection::new(url.clone(), Tier::Local)];
    ctx.db.sources().edit_connections(id, |list| list.connections = only).await.unwrap();
    ctx.db.sources().set_connection_url(id, &url).await.unwrap();
    bed.forget_choice(id).await;
    let facts = TrustService::inspect(ctx, id, &url).await.unwrap();
    TrustService::accept(ctx, id, &facts).await.unwrap();

    let film = bed.item(id, &server.remote_id(FILM)).await;
    let poster = async |number| {
        let film = bed.item(id, &server.remote_id(ItemNumber(number))).await;
        let key = film.record.images.primary.unwrap();
        ImageService::file(ctx, id, &ImageRequest { key, size: ImageSize::Small }).await
    };
    BackendService::get_details(ctx, film.id).await.unwrap();
    poster(1).await.unwrap();
    let stream = BackendService::get_stream_url(ctx, film.id, None).await.unwrap();
    let (stream, _kept) = ctx.gateway.open(ctx, id, stream).await.unwrap();
    let Location::Remote(request) = &stream.location else { panic!("a server's film is no file") };
    assert_eq!(reqwest::get(request.url.clone()).await.unwrap().status(), 200);
    assert!(!server.recorder().on("secure").is_empty());

    TrustService::forget(ctx, id, Some(&facts.host)).await.unwrap();
    server.recorder().clear();
    for failed in [
        BackendService::get_details(ctx, film.id).await.map(drop).unwrap_err(),
        poster(2).await.map(drop).unwrap_err(),
        BackendService::get_stream_url(ctx, film.id, None).await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(failed, ServiceError::Offline(ErrorKind::TlsCertificate)), "{failed:?}");
    }
    assert!(server.recorder().requests().is_empty(), "nothing was sent");
    assert!(TrustService::pins(ctx, id).await.unwrap().is_platform_only());
}

#[tokio::test]
async fn the_order_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let names = async |ctx: &AppContext| {
        let sources = SourceService::list(ctx).await.unwrap();
        sources.into_iter().map(|source| source.name).collect::<Vec<_>>()
    };
    let ctx = AppContext::open_below(folder.path()).await.unwrap();
    let mut ids = Vec::new();
    for name in ["Attic", "Cellar", "Films"] {
        let films = folder.path().join(name);
        std::fs::create_dir(&films).unwrap();
        std::fs::write(films.join("A Film (2020).mkv"), "x").unwrap();
        ids.push(SourceService::add_folder(&ctx, &films, None, None).await.unwrap());
    }
    let mut events = ctx.events.subscribe();
    SourceService::move_to(&ctx, ids[2], 0).await.unwrap();
    SourceService::move_to(&ctx, ids[0], 7).await.unwrap();
    assert_eq!(events.recv().await.unwrap(), Event::SourceChanged(ids[2]));
    assert_eq!(names(&ctx).await, ["Films", "Cellar", "Attic"]);
    drop(ctx);
    let again = AppContext::open_below(folder.path()).await.unwrap();
    assert_eq!(names(&again).await, ["Films", "Cellar", "Attic"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_addresses_of_ones_own_are_taken_back_and_only_known_ones_accepted() {
    let server = Server::start(ServerKind::Jellyfin, films(1)).await;
    let (bed, id) = Bed::with(&server).await;
    let second: ServerUrl = server.urls()[1].parse().unwrap();
    let unknown = async |done: gnome_reel::services::Result<()>| {
        matches!(done.unwrap_err(), ServiceError::Unknown("address" | "connection"))
    };
    assert!(unknown(SourceService::remove_address(&bed.ctx, id, &second).await).await);
    assert!(unknown(SourceService::accept_unencrypted(&bed.ctx, id, &second).await).await);
    SourceService::add_address(&bed.ctx, id, &server.urls()[1]).await.unwrap();
    SourceService::accept_unencrypted(&bed.ctx, id, &second).await.unwrap();
    SourceService::remove_address(&bed.ctx, id, &second).await.unwrap();
    let left = SourceService::get(&bed.ctx, id).await.unwrap().connections.connections;
    assert_eq!(left.len(), 1);

    // One that the server tells of would come back.
    let told = |list: &mut ConnectionList| list.connections[0].typed = false;
    bed.ctx.db.sources().edit_connections(id, told).await.unwrap();
    let first: ServerUrl = server.url().parse().unwrap();
    assert!(unknown(SourceService::remove_address(&bed.ctx, id, &first).await).await);
}
