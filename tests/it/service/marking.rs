//! Many titles are marked at once, and it can be taken back.

use std::time::Duration;

use gnome_reel::models::{ItemFilter, ItemQuery, Library, LibraryKind, MediaId, Resolution, SourceId};
use gnome_reel::services::core::marking::Mark;
use gnome_reel::services::core::{BrowseService, MarkService, OutboxService, PlaybackService};
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::generator::generate;

use crate::support::{Bed, Server, ServerKind, drain};

on_both!(
    many_titles_are_marked_and_it_is_taken_back,
    a_series_gets_back_what_each_episode_was,
    resolutions_come_with_the_listing,
);

async fn shelf(kind: ServerKind) -> (Server, Bed, SourceId) {
    let server = Server::start(kind, generate(3, 260, 2)).await;
    let (bed, id) = Bed::synced(&server).await;
    (server, bed, id)
}

async fn library(bed: &Bed, id: SourceId, kind: LibraryKind) -> Library {
    let libraries = bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    libraries.into_iter().find(|library| library.kind == kind).unwrap()
}

async fn unwatched(bed: &Bed, library: &Library) -> Vec<MediaId> {
    let filter = ItemFilter { unwatched: true, ..ItemFilter::default() };
    let query = ItemQuery { filter, ..ItemQuery::library(library.id) };
    BrowseService::ids(&bed.ctx, &query).await.unwrap()
}

async fn many_titles_are_marked_and_it_is_taken_back(kind: ServerKind) {
    let (_server, bed, id) = shelf(kind).await;
    let films = library(&bed, id, LibraryKind::Movies).await;
    let before = unwatched(&bed, &films).await;
    PlaybackService::set_position(&bed.ctx, before[7], Duration::from_mins(12)).await.unwrap();
    let all = BrowseService::ids(&bed.ctx, &ItemQuery::library(films.id)).await.unwrap();
    let mut events = bed.ctx.events.subscribe();
    let unmark = MarkService::mark(&bed.ctx, &all, Mark::Watched(true)).await.unwrap();
    assert!(unwatched(&bed, &films).await.is_empty());
    // Those that were watched before do not count, and wait for no server.
    assert_eq!(unmark.count() as usize, before.len());
    assert_eq!(OutboxService::list(&bed.ctx, Some(id)).await.unwrap().len(), before.len());
    // A few events for all of them.
    let told = drain(&mut events);
    let changed = told.iter().filter(|event| matches!(event, Event::ItemsChanged { .. })).count();
    assert!((1..=2).contains(&changed), "{changed}");

    MarkService::take_back(&bed.ctx, &unmark).await.unwrap();
    assert_eq!(unwatched(&bed, &films).await, before);
    let item = bed.ctx.db.items().get(before[7]).await.unwrap();
    assert_eq!(item.record.watch.position, Duration::from_mins(12));
}

async fn a_series_gets_back_what_each_episode_was(kind: ServerKind) {
    let (_server, bed, id) = shelf(kind).await;
    let shows = library(&bed, id, LibraryKind::Shows).await;
    let series = BrowseService::ids(&bed.ctx, &ItemQuery::library(shows.id)).await.unwrap()[0];
    let episodes = async || bed.ctx.db.items().episodes(series).await.unwrap();
    let first = episodes().await[0].id;
    PlaybackService::set_watched(&bed.ctx, first, true).await.unwrap();
    let watched = |items: Vec<gnome_reel::models::Item>| {
        items.iter().filter(|item| item.record.watch.watched).map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(watched(episodes().await), [first]);
    let unmark = MarkService::mark(&bed.ctx, &[series], Mark::Watched(true)).await.unwrap();
    assert_eq!(unmark.count(), 1);
    assert_eq!(watched(episodes().await).len(), episodes().await.len());
    MarkService::take_back(&bed.ctx, &unmark).await.unwrap();
    assert_eq!(watched(episodes().await), [first]);
    let item = bed.ctx.db.items().get(series).await.unwrap();
    assert!(!item.record.watch.watched);
    let favourite = MarkService::mark(&bed.ctx, &[series], Mark::Favourite(true)).await.unwrap();
    assert_eq!(favourite.count(), 1);
    let again = MarkService::mark(&bed.ctx, &[series], Mark::Favourite(true)).await.unwrap();
    assert!(again.is_empty());
}

async fn resolutions_come_with_the_listing(kind: ServerKind) {
    let (_server, bed, id) = shelf(kind).await;
    let films = library(&bed, id, LibraryKind::Movies).await;
    let facets = BrowseService::facets(&bed.ctx, &ItemQuery::library(films.id)).await.unwrap();
    let classes: Vec<_> = facets.resolutions.iter().map(|(class, _)| *class).collect();
    assert_eq!(classes, [Resolution::Uhd, Resolution::FullHd, Resolution::Hd, Resolution::Sd]);
    let all: u32 = facets.resolutions.iter().map(|(_, count)| count).sum();
    assert_eq!(all, films.item_count);
}
