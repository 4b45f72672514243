//! A sync brings what the server has, says how far it is, and does nothing twice.

use gnome_reel::models::ItemKind;
use gnome_reel::services::core::{BackendService, LibraryService};
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Catalogue, ItemKind as Kind, ItemNumber};
use reel_testbed::faults::EVERY_CONNECTION;

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    everything_arrives,
    progress_has_a_total,
    a_second_sync_changes_nothing,
    a_change_arrives,
    unpleasant_items_arrive,
    a_broken_item_is_left_out,
    details_are_stored,
);

fn with_series() -> Catalogue {
    Recipe { films: 30, series: 3, seasons: 2, episodes: 4, plain: true, ..Recipe::default() }.generate()
}

fn of_kind(catalogue: &Catalogue, kind: Kind) -> usize {
    catalogue.all().filter(|item| item.kind == kind).count()
}

async fn everything_arrives(kind: ServerKind) {
    let catalogue = with_series();
    let server = Server::start(kind, catalogue.clone()).await;
    let (bed, id) = Bed::with(&server).await;
    let summary = bed.sync(id).await;
    let items = bed.items(id).await;
    for (ours, theirs) in [
        (ItemKind::Movie, Kind::Film),
        (ItemKind::Series, Kind::Series),
        (ItemKind::Season, Kind::Season),
        (ItemKind::Episode, Kind::Episode),
    ] {
        let stored = items.iter().filter(|item| item.record.kind == ours).count();
        assert_eq!(stored, of_kind(&catalogue, theirs), "{ours:?}");
    }
    let all = u64::try_from(catalogue.all().count()).unwrap();
    assert_eq!((summary.listed, summary.inserted, summary.removed, summary.skipped), (all, all, 0, 0));
    // Episodes hang in seasons, seasons in series.
    for item in &items {
        let below = matches!(item.record.kind, ItemKind::Season | ItemKind::Episode);
        assert_eq!((item.parent_id.is_some(), item.series_id.is_some()), (below, below), "{item:?}");
    }
    let libraries = bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    let counts: Vec<u32> = libraries.iter().map(|library| library.item_count).collect();
    assert_eq!(counts, [30, 3]);
    assert!(
        libraries.iter().all(|library| library.complete && library.unwatched_count == library.item_count)
    );
    assert!(bed.ctx.db.sources().get(id).await.unwrap().last_sync.is_some());
}

async fn progress_has_a_total(kind: ServerKind) {
    let server = Server::start(kind, films(1200)).await;
    let (bed, id) = Bed::with(&server).await;
    let mut events = bed.ctx.events.subscribe();
    let summary = bed.sync(id).await;
    let events = drain(&mut events);
    let progress: Vec<(u64, Option<u64>)> = events
        .iter()
        .filter_map(|event| match event {
            Event::SyncProgress { items_synced, total_items, .. } => Some((*items_synced, *total_items)),
            _ => None,
        })
        .collect();
    let total = Some(1200);
    assert_eq!(progress, [(0, total), (500, total), (1000, total), (1200, total)]);
    let of_sync = |event: &&Event| {
        matches!(event, Event::SyncStarted(_) | Event::SyncCompleted { .. } | Event::SyncFailed { .. })
    };
    let around: Vec<&Event> = events.iter().filter(of_sync).collect();
    assert_eq!(around, [&Event::SyncStarted(id), &Event::SyncCompleted { source_id: id, result: summary }]);
}

async fn a_second_sync_changes_nothing(kind: ServerKind) {
    let server = Server::start(kind, with_series()).await;
    let (bed, id) = Bed::synced(&server).await;
    let before = bed.items(id).await;
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0));
    assert_eq!(bed.items(id).await, before);
}

async fn a_change_arrives(kind: ServerKind) {
    let server = Server::start(kind, films(5)).await;
    let (bed, id) = Bed::synced(&server).await;
    let change = |catalogue: &mut Catalogue| {
        let item = catalogue.items[1].as_mut().unwrap();
        "Renamed".clone_into(&mut item.title);
        item.updated = chrono::Utc::now();
    };
    match &server {
        Server::Plex(plex) => plex.change_catalogue(change),
        Server::Jellyfin(jellyfin) => jellyfin.change_catalogue(change),
    }
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated), (0, 1));
    let item = bed.item(id, &server.remote_id(ItemNumber(2))).await;
    assert_eq!(item.record.title, "Renamed");
    let found = LibraryService::search(&bed.ctx, "renam", 10).await.unwrap();
    assert_eq!(found.iter().map(|card| card.item.id).collect::<Vec<_>>(), [item.id]);
}

async fn unpleasant_items_arrive(kind: ServerKind) {
    let catalogue = Recipe { films: 200, series: 6, ..Recipe::default() }.generate();
    let server = Server::start(kind, catalogue.clone()).await;
    let (bed, id) = Bed::with(&server).await;
    let summary = bed.sync(id).await;
    let items = bed.items(id).await;
    let episodes = items.iter().filter(|item| item.record.kind == ItemKind::Episode).count();
    assert_eq!(episodes, of_kind(&catalogue, Kind::Episode));
    let stored = u64::try_from(items.len()).unwrap();
    assert_eq!(summary.listed, stored + summary.skipped);
    let longest = items.iter().map(|item| item.record.title.chars().count()).max();
    assert!(longest >= Some(250), "the long titles are there: {longest:?}");
}

async fn a_broken_item_is_left_out(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::with(&server).await;
    let good = server.film_json("1001", "Whole");
    let page = server.page(3, &[&good, r#"{"Type":"Movie","type":"movie"}"#, "7"]);
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), page);
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.skipped), (1, 2));
    assert_eq!(bed.items(id).await[0].record.title, "Whole");

    // A listing with holes is no reason to remove anything.
    server.come_back();
    bed.sync(id).await;
    let before = bed.items(id).await.len();
    let page = server.page(1, &["7"]);
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), page);
    assert_eq!(bed.sync(id).await.removed, 0);
    assert_eq!(bed.items(id).await.len(), before);
}

async fn details_are_stored(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = bed.item(id, &server.remote_id(ItemNumber(1))).await;
    assert_eq!(LibraryService::details(&bed.ctx, item.id).await.unwrap(), None);
    let fetched = BackendService::get_details(&bed.ctx, item.id).await.unwrap();
    let (stored, _) = LibraryService::details(&bed.ctx, item.id).await.unwrap().unwrap();
    assert_eq!(stored, fetched.details);
    assert!(!stored.versions.is_empty() && !stored.versions[0].streams.is_empty());
    assert!(!stored.credits.is_empty());
}
