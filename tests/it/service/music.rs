//! Music, photos and home videos come whole, are kept fresh, and play.

use std::time::Duration;

use chrono::Utc;
use gnome_reel::backends::{Location, MediaRequest};
use gnome_reel::models::{
    Item, ItemKind, Library, LibraryKind, PlayMethod, PlaybackEvent, PlaybackReport, SourceId,
};
use gnome_reel::services::core::library::{HomeRowKind, ItemQuery};
use gnome_reel::services::core::{BackendService, LibraryService, PlaybackService};
use reel_testbed::catalogue::demo::jellyfin_demo;
use reel_testbed::catalogue::{Catalogue, ItemKind as Kind, ItemNumber};
use secrecy::ExposeSecret as _;

use crate::support::{Bed, Server, ServerKind};

mod folders;

on_both!(
    an_album_has_its_tracks_in_order,
    photos_lie_in_their_folders,
    nothing_is_asked_for_each_album,
    a_second_sync_changes_nothing,
    a_new_album_arrives_and_one_that_is_gone_goes,
    a_track_plays_as_sound,
    a_song_that_was_heard_counts_at_the_server,
    new_albums_are_on_the_home_page,
);

/// The catalogue of the demo: it has a library of each kind.
async fn synced(kind: ServerKind) -> (Server, Bed, SourceId) {
    let server = Server::start(kind, jellyfin_demo()).await;
    let (bed, id) = Bed::synced(&server).await;
    (server, bed, id)
}

async fn library(bed: &Bed, id: SourceId, kind: LibraryKind) -> Library {
    let libraries = bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    libraries.into_iter().find(|library| library.kind == kind).expect("a library of this kind")
}

/// What stands in the grid of a library.
async fn grid(bed: &Bed, library: &Library) -> Vec<Item> {
    let kinds = library.kind.top_kinds().to_vec();
    let query = ItemQuery { kinds, limit: 1000, ..ItemQuery::library(library.id) };
    LibraryService::items(&bed.ctx, &query).await.unwrap()
}

fn titles(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.record.title.as_str()).collect()
}

fn number(catalogue: &Catalogue, kind: Kind, title: &str) -> ItemNumber {
    let found = catalogue.all().find(|item| item.kind == kind && item.title == title);
    found.expect("a title of the demo").number
}

async fn find(server: &Server, bed: &Bed, id: SourceId, kind: Kind, title: &str) -> Item {
    bed.item(id, &server.remote_id(number(&jellyfin_demo(), kind, title))).await
}

async fn an_album_has_its_tracks_in_order(kind: ServerKind) {
    let (server, bed, id) = synced(kind).await;
    let music = library(&bed, id, LibraryKind::Music).await;
    assert_eq!((music.item_count, music.unwatched_count), (4, 0), "albums, and nothing to be watched");
    let shown = grid(&bed, &music).await;
    assert!(shown.iter().all(|item| item.record.kind == ItemKind::Album), "{shown:#?}");

    let album = find(&server, &bed, id, Kind::Album, "High Water").await;
    assert_eq!(album.record.series_title.as_deref(), Some("The Slow Ferries"));
    assert_eq!((album.record.year, album.record.unwatched_children), (Some(2021), None));
    let tracks = LibraryService::tracks_of(&bed.ctx, &album).await.unwrap();
    let places: Vec<_> = tracks.iter().map(|track| (track.record.season, track.record.episode)).collect();
    let disc = |disc, track| (Some(disc), Some(track));
    assert_eq!(places, [disc(1, 1), disc(1, 2), disc(1, 3), disc(1, 4), disc(2, 1), disc(2, 2)]);
    assert!(
        tracks.iter().all(|track| track.record.duration.is_some() && track.record.kind == ItemKind::Track)
    );
    assert!(tracks.iter().all(|track| track.record.images.primary == album.record.images.primary));

    let artists = LibraryService::artists(&bed.ctx, music.id).await.unwrap();
    assert_eq!(titles(&artists), ["Ada Mir Trio", "Nordlicht Orchester", "The Slow Ferries"]);
    let ferries = find(&server, &bed, id, Kind::Artist, "The Slow Ferries").await;
    let albums = LibraryService::albums_of(&bed.ctx, ferries.id).await.unwrap();
    assert_eq!(titles(&albums), ["Low Water", "High Water"], "by year");
    let all = LibraryService::tracks_of(&bed.ctx, &ferries).await.unwrap();
    assert_eq!(all.len(), 10);
    assert_eq!(all[0].record.title, "Salt Wind");
}

async fn photos_lie_in_their_folders(kind: ServerKind) {
    let (server, bed, id) = synced(kind).await;
    let photos = library(&bed, id, LibraryKind::Photos).await;
    let mut shown = grid(&bed, &photos).await;
    shown.sort_by_key(|item| (item.record.kind == ItemKind::Photo, item.record.title.clone()));
    assert_eq!(titles(&shown), ["Garden", "Holidays", "Mountains", "Self-portrait with a bicycle"]);
    let outer = find(&server, &bed, id, Kind::PhotoAlbum, "Holidays").await;
    let inside = LibraryService::photos_in(&bed.ctx, outer.id).await.unwrap();
    assert_eq!(titles(&inside), ["A Week on the Coast"]);
    let coast = LibraryService::photos_in(&bed.ctx, inside[0].id).await.unwrap();
    assert_eq!(titles(&coast), ["Ferry", "Lighthouse", "Dunes", "The long pier", "Gulls", "Last evening"]);
    assert_eq!(coast[0].record.release_date.unwrap().to_string(), "2022-07-10");
    let beside = LibraryService::photos_beside(&bed.ctx, &coast[2]).await.unwrap();
    assert_eq!(beside, coast.iter().map(|photo| photo.id).collect::<Vec<_>>());
    // A photo in no folder stands beside the others that lie in none.
    let alone = LibraryService::photos_beside(&bed.ctx, shown.last().unwrap()).await.unwrap();
    assert_eq!(alone, [shown.last().unwrap().id]);
}

async fn nothing_is_asked_for_each_album(kind: ServerKind) {
    let (server, _bed, _id) = synced(kind).await;
    let requests = server.recorder().requests();
    let single = |path: &str| path.contains("/children") || path.contains("/allLeaves");
    assert!(!requests.iter().any(|request| single(&request.path)));
    // Of each kind of each library its number and one page, a few around them, and collections, playlists and hubs.
    let kinds: usize = [1, 3, 3, 3, 2].iter().sum();
    assert!(requests.len() <= 2 * kinds + 24, "{} requests", requests.len());
}

async fn a_second_sync_changes_nothing(kind: ServerKind) {
    let (_server, bed, id) = synced(kind).await;
    let before = bed.items(id).await;
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0), "{summary:?}");
    bed.a_day_passes(id).await;
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0), "{summary:?}");
    assert_eq!(bed.items(id).await, before);
}

async fn a_new_album_arrives_and_one_that_is_gone_goes(kind: ServerKind) {
    let (server, bed, id) = synced(kind).await;
    let artist = number(&jellyfin_demo(), Kind::Artist, "Ada Mir Trio");
    let (album, track) = server.change_catalogue(|catalogue| {
        let model = |catalogue: &Catalogue, kind, title| {
            catalogue.item(number(catalogue, kind, title)).unwrap().clone()
        };
        let (album, track) =
            (model(catalogue, Kind::Album, "Low Water"), model(catalogue, Kind::Track, "Salt Wind"));
        let now = Utc::now();
        let new = |number, title: &str, parent, model| reel_testbed::catalogue::Item {
            number,
            title: title.to_owned(),
            parent: Some(parent),
            added: now,
            updated: now,
            ..model
        };
        let album = catalogue.add(|number| new(number, "Encore", artist, album));
        (album, catalogue.add(|number| new(number, "Once More", album, track)))
    });
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (2, 0), "{summary:?}");
    let (album, track) =
        (bed.item(id, &server.remote_id(album)).await, bed.item(id, &server.remote_id(track)).await);
    let artist = bed.item(id, &server.remote_id(artist)).await;
    assert_eq!((album.parent_id, track.parent_id), (Some(artist.id), Some(album.id)));

    let gone = number(&jellyfin_demo(), Kind::Album, "High Water");
    server.remove_item(gone);
    assert_eq!(bed.sync(id).await.removed, 7, "the album and its tracks");
}

async fn get(request: &MediaRequest) -> reqwest::Response {
    let mut call = reqwest::Client::new().get(request.url.clone()).header("range", "bytes=0-99");
    for (name, value) in &request.headers {
        call = call.header(*name, value.expose_secret());
    }
    call.send().await.unwrap()
}

async fn a_track_plays_as_sound(kind: ServerKind) {
    let (server, bed, id) = synced(kind).await;
    // Of an album its first track plays.
    let album = find(&server, &bed, id, Kind::Album, "Low Water").await;
    let playable = PlaybackService::prepare(&bed.ctx, album.id, None, false).await.unwrap();
    assert_eq!(playable.item.record.title, "Salt Wind");
    let Location::Remote(request) = playable.source.location else { panic!("a server's track is no file") };
    let reply = get(&request).await;
    assert_eq!(reply.status(), 206);
    assert!(reply.bytes().await.unwrap().starts_with(b"fLaC"));
}

async fn a_song_that_was_heard_counts_at_the_server(kind: ServerKind) {
    let (server, bed, id) = synced(kind).await;
    let song = number(&jellyfin_demo(), Kind::Track, "Last Train");
    let item = bed.item(id, &server.remote_id(song)).await;
    let report = |event, position| PlaybackReport {
        event,
        position,
        duration: None,
        at: Utc::now(),
        version_id: None,
        play_session_id: None,
        method: PlayMethod::Direct,
    };
    let middle = Duration::from_mins(1);
    PlaybackService::report(&bed.ctx, item.id, report(PlaybackEvent::Playing, middle)).await.unwrap();
    let stored = bed.item(id, &server.remote_id(song)).await;
    assert_eq!(stored.record.watch.position, Duration::ZERO, "a song has no place");
    let end = item.record.duration.unwrap();
    PlaybackService::report(&bed.ctx, item.id, report(PlaybackEvent::Stopped, end)).await.unwrap();
    assert!(server.watch_state(song).played);
    assert!(bed.item(id, &server.remote_id(song)).await.record.watch.watched);
}

async fn new_albums_are_on_the_home_page(kind: ServerKind) {
    let (_server, bed, _id) = synced(kind).await;
    let row = LibraryService::home_row(&bed.ctx, HomeRowKind::RecentMusic).await.unwrap().unwrap();
    let cards = row.cards;
    assert_eq!(cards.len(), 4);
    assert!(cards.is_sorted_by_key(|card| std::cmp::Reverse(card.item.record.added_at)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_videos_of_a_jellyfin_stand_beside_photos() {
    let (server, bed, id) = synced(ServerKind::Jellyfin).await;
    let videos = library(&bed, id, LibraryKind::HomeVideos).await;
    let shown = grid(&bed, &videos).await;
    assert_eq!(
        titles(&shown),
        ["Beach, first day", "Birthday", "Birthday at the lake", "The dog meets snow"]
    );
    assert_eq!(videos.unwatched_count, 3, "a photo cannot be watched");
    let folder = find(&server, &bed, id, Kind::PhotoAlbum, "Birthday").await;
    assert_eq!(LibraryService::photos_in(&bed.ctx, folder.id).await.unwrap().len(), 3);
    let video = shown.iter().find(|item| item.record.kind == ItemKind::Video).unwrap();
    BackendService::get_details(&bed.ctx, video.id).await.unwrap();
}
