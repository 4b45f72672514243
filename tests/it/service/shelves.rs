//! Collections, playlists and the servers' own rows; and titles that several sources have.

use std::time::Duration;

use chrono::Utc;
use gnome_reel::models::{ItemKind, ShelfKind, SourceId};
use gnome_reel::services::core::library::{HomeRowKind, ShelfCard};
use gnome_reel::services::core::search::SearchService;
use gnome_reel::services::core::{LibraryService, OutboxService, PlaybackService, Preferred, ShelfService};
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::{Catalogue, ItemNumber, ShelfKind as Kind, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault, Where};

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    shelves_arrive_with_their_items_in_order,
    only_a_shelf_that_changed_is_read_again,
    a_shelf_goes_only_when_a_complete_listing_says_so,
    many_shelves_are_read_in_several_syncs_or_when_opened,
    rows_of_the_server_are_there_while_it_is_not,
    a_failure_with_shelves_is_none_of_the_sync,
    a_place_that_is_forgotten_is_gone_at_the_server,
);

/// Six films with a collection and a playlist.
fn shelved() -> Catalogue {
    let mut catalogue = films(6);
    catalogue.add_shelf(Kind::Collection, "Harbour", &[3, 1, 2].map(ItemNumber));
    catalogue.add_shelf(Kind::Playlist, "Sunday", &[2, 5, 2, 1].map(ItemNumber));
    catalogue
}

/// Where collections are listed.
fn listing_of_collections(server: &Server) -> Where {
    match server {
        Server::Plex(_) => Where::path("/library/sections/1/collections"),
        Server::Jellyfin(_) => Where::path("/Items").query("includeItemTypes=BoxSet"),
    }
}

/// Requests for what stands on shelves.
fn readings(server: &Server) -> usize {
    let reads = |path: &str, query: &str| match server {
        Server::Plex(_) => path.ends_with("/items"),
        Server::Jellyfin(_) => query.contains("enableImages=false"),
    };
    server.recorder().requests().iter().filter(|request| reads(&request.path, &request.query)).count()
}

async fn collections(bed: &Bed) -> Vec<ShelfCard> {
    LibraryService::collections(&bed.ctx).await.unwrap()
}

/// The numbers of the films of the first collection, in order.
async fn in_collection(bed: &Bed, server: &Server) -> Vec<u32> {
    let id = collections(bed).await[0].shelf.id;
    let content = LibraryService::collection(&bed.ctx, id).await.unwrap();
    let remote = |number: u32| server.remote_id(ItemNumber(number));
    let number = |id: &str| (1..=99).find(|number| remote(*number) == id).unwrap();
    content.titles.iter().map(|card| number(card.item.record.remote_id.as_str())).collect()
}

async fn shelves_arrive_with_their_items_in_order(kind: ServerKind) {
    let server = Server::start(kind, shelved()).await;
    let (bed, id) = Bed::synced(&server).await;
    let found = collections(&bed).await;
    assert_eq!((found.len(), found[0].count), (1, 3));
    assert_eq!(found[0].shelf.record.title, "Harbour");
    assert!(found[0].picture().is_some());
    assert_eq!(in_collection(&bed, &server).await, [3, 1, 2]);
    let playlists = LibraryService::playlists(&bed.ctx).await.unwrap();
    let playlist = LibraryService::playlist(&bed.ctx, playlists[0].shelf.id).await.unwrap();
    let remotes: Vec<_> = playlist.items.iter().map(|item| item.record.remote_id.to_string()).collect();
    assert_eq!(remotes, [2, 5, 2, 1].map(|number| server.remote_id(ItemNumber(number))));
    assert!(playlist.duration > Duration::ZERO);
    assert_eq!(playlist.next().unwrap().id, playlist.items[0].id);
    let film = bed.item(id, &server.remote_id(ItemNumber(1))).await;
    let of_film = LibraryService::collections_of(&bed.ctx, film.id).await.unwrap();
    assert_eq!(of_film.len(), 1);
    let other = bed.item(id, &server.remote_id(ItemNumber(4))).await;
    assert!(LibraryService::collections_of(&bed.ctx, other.id).await.unwrap().is_empty());
    let search = async |text: &str| {
        let found = SearchService::local(&bed.ctx, text, 5).await.unwrap().shelves;
        let cards = found.into_iter().flat_map(|group| group.cards);
        cards.map(|card| (card.shelf.kind, card.shelf.record.title, card.count)).collect::<Vec<_>>()
    };
    assert_eq!(search("hàrb").await, [(ShelfKind::Collection, "Harbour".to_owned(), 3)]);
    assert_eq!(search("sunday").await, [(ShelfKind::Playlist, "Sunday".to_owned(), 4)]);
    assert!(search("arbour").await.is_empty());
}

async fn only_a_shelf_that_changed_is_read_again(kind: ServerKind) {
    let server = Server::start(kind, shelved()).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut events = bed.ctx.events.subscribe();
    server.recorder().clear();
    bed.sync(id).await;
    assert_eq!(readings(&server), 0);
    let told = drain(&mut events);
    assert!(!told.contains(&Event::ShelvesChanged(id)), "nothing changed: {told:?}");
    server.change_catalogue(|catalogue| catalogue.fill_shelf(1, &[2, 3, 6].map(ItemNumber)));
    bed.sync(id).await;
    assert_eq!(readings(&server), 1);
    assert_eq!(in_collection(&bed, &server).await, [2, 3, 6]);
    assert!(drain(&mut events).contains(&Event::ShelvesChanged(id)));
}

async fn a_shelf_goes_only_when_a_complete_listing_says_so(kind: ServerKind) {
    let server = Server::start(kind, shelved()).await;
    let (bed, id) = Bed::synced(&server).await;
    server.change_catalogue(|catalogue| catalogue.remove_shelf(1));
    // One that cannot be read may be the one that is missing.
    let page = server.page(1, &[r#"{"title":"no id","Name":"no id"}"#]);
    server.faults().add(EVERY_CONNECTION, listing_of_collections(&server), page);
    bed.sync(id).await;
    assert_eq!(collections(&bed).await.len(), 1);
    server.come_back();
    server.faults().add(EVERY_CONNECTION, listing_of_collections(&server), Fault::status(404));
    bed.sync(id).await;
    assert_eq!(collections(&bed).await.len(), 1);
    server.come_back();
    bed.sync(id).await;
    assert!(collections(&bed).await.is_empty());
    assert_eq!(bed.items(id).await.len(), 6, "what stood on it stays");
}

async fn many_shelves_are_read_in_several_syncs_or_when_opened(kind: ServerKind) {
    let mut catalogue = films(6);
    for number in 0..60 {
        catalogue.add_shelf(Kind::Collection, &format!("Set {number:02}"), &[ItemNumber(1 + number % 6)]);
    }
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    assert_eq!(readings(&server), 50);
    let all = collections(&bed).await;
    let waiting: Vec<_> = all.iter().filter(|card| !card.shelf.is_read).collect();
    assert_eq!((all.len(), waiting.len()), (60, 10), "those that wait are shown, too");
    ShelfService::refresh(&bed.ctx, waiting[3].shelf.id).await.unwrap();
    let opened = LibraryService::collection(&bed.ctx, waiting[3].shelf.id).await.unwrap();
    assert_eq!(opened.titles.len(), 1);
    bed.sync(id).await;
    assert_eq!(readings(&server), 60);
    assert!(collections(&bed).await.iter().all(|card| card.shelf.is_read && card.count == 1));
}

async fn rows_of_the_server_are_there_while_it_is_not(kind: ServerKind) {
    let server = Server::start(kind, films(8)).await;
    let seen =
        WatchState { played: true, play_count: 1, last_played: Some(Utc::now()), ..WatchState::default() };
    server.set_watch_state(ItemNumber(1), seen);
    let (bed, id) = Bed::synced(&server).await;
    server.go_away();
    let rows = LibraryService::home(&bed.ctx).await.unwrap();
    let hubs: Vec<_> = rows.iter().filter(|row| matches!(row.kind, HomeRowKind::Hub(_))).collect();
    assert!(!hubs.is_empty() && hubs.iter().all(|hub| !hub.cards.is_empty() && hub.title.is_some()));
    let stored = bed.ctx.db.shelves().list(ShelfKind::Hub).await.unwrap();
    let repeated = |title: &str| title.contains("Continue") || title.contains("Recently");
    assert!(!stored.iter().any(|hub| repeated(&hub.record.title)), "{stored:?}");
    assert!(bed.try_sync(id).await.is_err());
    assert_eq!(bed.ctx.db.shelves().list(ShelfKind::Hub).await.unwrap(), stored);
    let whole = LibraryService::whole_row(&bed.ctx, hubs[0].kind).await.unwrap().unwrap();
    assert_eq!(whole.title, hubs[0].title);
}

async fn a_failure_with_shelves_is_none_of_the_sync(kind: ServerKind) {
    let server = Server::start(kind, shelved()).await;
    for path in ["/playlists", "/hubs/promoted", "/Movies/Recommendations", "/Items/Suggestions"] {
        server.faults().add(EVERY_CONNECTION, path, Fault::status(403));
    }
    server.faults().add(EVERY_CONNECTION, listing_of_collections(&server), Fault::status(403));
    let (bed, id) = Bed::synced(&server).await;
    assert_eq!(bed.items(id).await.len(), 6);
    assert!(collections(&bed).await.is_empty());
    server.come_back();
    bed.sync(id).await;
    assert_eq!(collections(&bed).await.len(), 1);
}

async fn a_place_that_is_forgotten_is_gone_at_the_server(kind: ServerKind) {
    let server = Server::start(kind, films(4)).await;
    let position = Duration::from_mins(20);
    let begun = WatchState { position, last_played: Some(Utc::now()), ..WatchState::default() };
    server.set_watch_state(ItemNumber(1), begun.clone());
    server.set_watch_state(ItemNumber(2), WatchState { played: true, play_count: 1, ..begun });
    let (bed, id) = Bed::synced(&server).await;
    for number in [1, 2].map(ItemNumber) {
        let item = bed.item(id, &server.remote_id(number)).await;
        PlaybackService::forget_place(&bed.ctx, item.id).await.unwrap();
    }
    OutboxService::drain(&bed.ctx, id).await.unwrap();
    assert_eq!(OutboxService::list(&bed.ctx, Some(id)).await.unwrap(), []);
    for number in [1, 2].map(ItemNumber) {
        let state = server.watch_state(number);
        assert_eq!((state.position, state.played), (Duration::ZERO, number.0 == 2), "{number:?}");
    }
    bed.sync(id).await;
    assert!(LibraryService::home_row(&bed.ctx, HomeRowKind::ContinueWatching).await.unwrap().is_none());
}

/// A Plex and a Jellyfin with the same films and the same collection, both synced.
async fn two() -> (Bed, [Server; 2], [SourceId; 2]) {
    let servers = [
        Server::start(ServerKind::Plex, shelved()).await,
        Server::start(ServerKind::Jellyfin, shelved()).await,
    ];
    let (bed, first) = Bed::synced(&servers[0]).await;
    let second = servers[1].add_to(&bed.ctx).await.unwrap();
    bed.sync(second).await;
    (bed, servers, [first, second])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_of_two_servers_is_one_everywhere() {
    let (bed, servers, ids) = two().await;
    let film = bed.item(ids[0], &servers[0].remote_id(ItemNumber(1))).await;
    let copies = LibraryService::copies(&bed.ctx, film.id).await.unwrap();
    assert_eq!(copies.len(), 2);
    let found = collections(&bed).await;
    assert_eq!((found.len(), found[0].copies.len()), (1, 1));
    let content = LibraryService::collection(&bed.ctx, found[0].copies[0]).await.unwrap();
    assert_eq!(content.titles.len(), 3);
    assert_eq!(LibraryService::collections_of(&bed.ctx, film.id).await.unwrap().len(), 1);
    let playlists = LibraryService::playlists(&bed.ctx).await.unwrap();
    assert_eq!(playlists.len(), 2, "playlists are their servers' own");

    PlaybackService::set_title_watched(&bed.ctx, film.id, true).await.unwrap();
    PlaybackService::set_title_favourite(&bed.ctx, film.id, true).await.unwrap();
    for (server, id) in servers.iter().zip(ids) {
        OutboxService::drain(&bed.ctx, id).await.unwrap();
        assert!(server.watch_state(ItemNumber(1)).played);
    }
    let favourites = LibraryService::favourites_by_kind(&bed.ctx).await.unwrap();
    let [(ItemKind::Movie, cards)] = favourites.as_slice() else { unreachable!("{favourites:?}") };
    assert_eq!((cards.len(), cards[0].copies.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_copy_plays_where_a_server_is_away() {
    let (bed, servers, ids) = two().await;
    let film = bed.item(ids[0], &servers[0].remote_id(ItemNumber(1))).await;
    let play = |preferred| PlaybackService::prepare_title(&bed.ctx, film.id, preferred, false);
    assert_eq!(play(Preferred::Asked).await.unwrap().item.source_id, ids[0]);
    // It goes on where the title was left last, wherever that was.
    let other = bed.item(ids[1], &servers[1].remote_id(ItemNumber(1))).await;
    PlaybackService::set_position(&bed.ctx, other.id, Duration::from_mins(7)).await.unwrap();
    let playable = play(Preferred::Asked).await.unwrap();
    assert_eq!((playable.item.source_id, playable.start), (ids[0], Duration::from_mins(7)));
    servers[0].go_away();
    // Nobody knows yet that it is away.
    assert_eq!(play(Preferred::Asked).await.unwrap().item.source_id, ids[1]);
    assert_eq!(play(Preferred::Nearest).await.unwrap().item.source_id, ids[1]);
    servers[1].go_away();
    assert!(play(Preferred::Nearest).await.is_err());
}
