//! After the first time a sync asks for what changed, and notices everything all the same.

use chrono::{TimeDelta, Utc};
use gnome_reel::models::ItemKind;
use gnome_reel::services::core::LibraryService;
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Catalogue, ItemKind as Kind, ItemNumber, WatchState};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, asks_for_shelves, drain, films};

on_both!(
    nothing_new_costs_a_few_requests,
    a_new_film_arrives_without_a_listing,
    a_film_that_is_gone_goes,
    one_that_came_while_another_went_is_noticed,
    what_was_watched_elsewhere_arrives,
    an_episode_watched_elsewhere_is_counted_in_its_series,
    a_mark_that_was_taken_back_shows_after_a_day,
    a_change_here_that_waits_is_kept,
    an_interrupted_first_sync_goes_on,
    an_error_among_the_changes_loses_nothing,
);

/// Requests for pages of the first library; counting its items is none.
fn pages(server: &Server) -> usize {
    let path = server.listing_path(1);
    let counts = |query: &str| query.contains("limit=0") || query.contains("X-Plex-Container-Size=0");
    let requests = server.recorder().requests();
    requests
        .iter()
        .filter(|request| request.path == path && !counts(&request.query) && !asks_for_shelves(request))
        .count()
}

async fn nothing_new_costs_a_few_requests(kind: ServerKind) {
    let server = Server::start(kind, films(3000)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.recorder().clear();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0));
    let requests = server.recorder().requests();
    // A connection that is slow to answer has to say that it is there, and is asked once more.
    let is_probe = |path: &str| path == "/identity" || path == "/System/Info/Public";
    let probes = requests.iter().filter(|request| is_probe(&request.path)).count();
    let asked = requests.len();
    assert!(asked <= 10 + 2 * probes, "{asked} requests for a library that has not changed");
    assert!(summary.listed < 600, "{summary:?}");
}

async fn a_new_film_arrives_without_a_listing(kind: ServerKind) {
    let server = Server::start(kind, films(3000)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut events = bed.ctx.events.subscribe();
    let number = server.change_catalogue(|catalogue| {
        let model = catalogue.items[0].clone().unwrap();
        let now = Utc::now();
        catalogue.add(|number| reel_testbed::catalogue::Item {
            number,
            title: "Quite New".to_owned(),
            added: now,
            updated: now,
            ..model
        })
    });
    server.recorder().clear();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (1, 0), "{summary:?}");
    assert!(pages(&server) <= 5, "{} pages for one film", pages(&server));
    let item = bed.item(id, &server.remote_id(number)).await;
    let told = drain(&mut events);
    let changed = Event::ItemsChanged { source_id: id, ids: [item.id].as_slice().into() };
    assert!(told.contains(&changed), "{told:?}");
    // The numbers agree again: no listing the next time either.
    server.recorder().clear();
    bed.sync(id).await;
    assert!(pages(&server) <= 5);
}

async fn a_film_that_is_gone_goes(kind: ServerKind) {
    let server = Server::start(kind, films(700)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.remove_item(ItemNumber(5));
    assert_eq!(bed.sync(id).await.removed, 1);
    assert_eq!(bed.items(id).await.len(), 699);
    assert_eq!(bed.sync(id).await.removed, 0);
}

async fn one_that_came_while_another_went_is_noticed(kind: ServerKind) {
    let server = Server::start(kind, films(700)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.change_catalogue(|catalogue| {
        let model = catalogue.items[0].clone().unwrap();
        catalogue.remove(ItemNumber(5));
        let now = Utc::now();
        catalogue.add(|number| reel_testbed::catalogue::Item { number, added: now, updated: now, ..model });
    });
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (1, 1), "{summary:?}");
    assert_eq!(bed.items(id).await.len(), 700);
}

fn played(minutes_ago: i64) -> WatchState {
    let last_played = Some(Utc::now() - TimeDelta::minutes(minutes_ago));
    WatchState { played: true, play_count: 1, last_played, ..WatchState::default() }
}

async fn what_was_watched_elsewhere_arrives(kind: ServerKind) {
    let server = Server::start(kind, films(1200)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.set_watch_state(ItemNumber(7), played(0));
    let position = std::time::Duration::from_mins(20);
    let begun = WatchState { position, last_played: Some(Utc::now()), ..WatchState::default() };
    server.set_watch_state(ItemNumber(9), begun);
    server.recorder().clear();
    bed.sync(id).await;
    assert!(pages(&server) <= 5, "{}", pages(&server));
    assert!(bed.item(id, &server.remote_id(ItemNumber(7))).await.record.watch.watched);
    assert_eq!(bed.item(id, &server.remote_id(ItemNumber(9))).await.record.watch.position, position);
}

fn series() -> Catalogue {
    Recipe { films: 0, series: 2, seasons: 2, episodes: 3, plain: true, ..Recipe::default() }.generate()
}

async fn an_episode_watched_elsewhere_is_counted_in_its_series(kind: ServerKind) {
    let catalogue = series();
    let episode = catalogue.all().find(|item| item.kind == Kind::Episode).unwrap().number;
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = bed.item(id, &server.remote_id(episode)).await;
    let above = [item.parent_id.unwrap(), item.series_id.unwrap()];
    let mut left = Vec::new();
    for id in above {
        left.push(LibraryService::item(&bed.ctx, id).await.unwrap().record.unwatched_children.unwrap());
    }
    assert_eq!(left, [3, 6]);
    server.set_watch_state(episode, played(0));
    bed.sync(id).await;
    for (id, before) in above.into_iter().zip(left) {
        let now = LibraryService::item(&bed.ctx, id).await.unwrap().record.unwatched_children;
        assert_eq!(now, Some(before - 1));
    }
}

async fn a_mark_that_was_taken_back_shows_after_a_day(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    server.set_watch_state(ItemNumber(3), played(60 * 24));
    let (bed, id) = Bed::synced(&server).await;
    let remote = server.remote_id(ItemNumber(3));
    assert!(bed.item(id, &remote).await.record.watch.watched);
    server.set_watch_state(ItemNumber(3), WatchState::default());
    bed.a_day_passes(id).await;
    bed.sync(id).await;
    assert!(!bed.item(id, &remote).await.record.watch.watched);
}

async fn a_change_here_that_waits_is_kept(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    let item = bed.item(id, &server.remote_id(ItemNumber(3))).await;
    let now = bed.ctx.clock.now();
    let change = gnome_reel::models::OutboxChange::Watched { watched: false, at: now };
    bed.ctx.db.outbox().apply_change(item.id, &change, now).await.unwrap();
    server.set_watch_state(ItemNumber(3), played(0));
    bed.sync(id).await;
    let stored = LibraryService::item(&bed.ctx, item.id).await.unwrap();
    assert!(!stored.record.watch.watched, "what waits here is what the user sees");
}

async fn an_interrupted_first_sync_goes_on(kind: ServerKind) {
    let server = Server::start(kind, films(2600)).await;
    let (bed, id) = Bed::with(&server).await;
    // The fourth page fails, and goes on failing for this run.
    let place = server.page_requests(1, 1500);
    server.faults().add(EVERY_CONNECTION, place, Fault::status(404));
    assert!(bed.try_sync(id).await.is_err() || bed.items(id).await.len() < 2600);
    let stored = bed.items(id).await.len();
    assert!((500..2600).contains(&stored), "{stored}");
    assert!(!bed.ctx.db.libraries().list(Some(id)).await.unwrap()[0].complete);

    server.come_back();
    server.recorder().clear();
    let summary = bed.sync(id).await;
    assert_eq!(bed.items(id).await.len(), 2600);
    assert_eq!(summary.removed, 0);
    assert!(summary.listed < 2600, "it did not begin anew: {summary:?}");
    assert!(bed.ctx.db.libraries().list(Some(id)).await.unwrap()[0].complete);
    let kinds = bed.items(id).await.iter().filter(|item| item.record.kind == ItemKind::Movie).count();
    assert_eq!(kinds, 2600);
}

async fn an_error_among_the_changes_loses_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), Fault::status(404));
    let _may_fail = bed.try_sync(id).await;
    assert_eq!(bed.items(id).await.len(), 30);
    server.come_back();
    let page = server.page(0, &[]);
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), page);
    // Everything seems to be gone: a listing that says so twice is believed.
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.removed), (0, 30));
}
