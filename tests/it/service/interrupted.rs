//! A sync may end at any moment, by a crash or because somebody wants it to, and the next one goes on. What somebody
//! looks at, waits for or plays comes first.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use gnome_reel::models::SourceId;
use gnome_reel::services::ServiceError;
use gnome_reel::services::core::BackendService;
use gnome_reel::services::core::sync::{SyncOptions, SyncService};
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::catalogue::{Item, ItemNumber};
use reel_testbed::faults::{EVERY_CONNECTION, Fault};
use reel_testbed::plex::PlexServer;
use reel_testbed::record::RecordedRequest;
use tokio::sync::broadcast::Receiver;

use crate::support::{Bed, Server, ServerKind, TOKEN, USER, drain, films};

on_both!(
    a_crash_after_any_page_loses_nothing_and_doubles_nothing,
    one_that_is_stopped_keeps_what_is_there_and_goes_on,
    a_server_that_changes_while_it_is_listed_is_known_in_the_end,
    a_whole_listing_of_what_is_known_changes_nothing,
    ten_bad_items_cost_ten_items,
    a_library_that_is_gone_goes_and_all_of_them_at_once_do_not,
    the_library_that_somebody_looks_at_comes_first,
    pages_come_one_at_a_time_while_something_plays,
);

/// Items in a page.
const PAGE: u64 = 500;

/// Waits until so many items are stored.
async fn stored(events: &mut Receiver<Event>, items: u64) {
    loop {
        if let Event::SyncProgress { items_synced, .. } = events.recv().await.unwrap()
            && items_synced >= items
        {
            return;
        }
    }
}

async fn titles(bed: &Bed, id: SourceId) -> BTreeMap<String, String> {
    let items = bed.items(id).await;
    items.into_iter().map(|item| (item.record.remote_id.to_string(), item.record.title)).collect()
}

async fn a_crash_after_any_page_loses_nothing_and_doubles_nothing(kind: ServerKind) {
    let catalogue = Recipe { films: 1100, series: 5, plain: true, ..Recipe::default() }.generate();
    let all = catalogue.all().count() as u64;
    let server = Server::start(kind, catalogue).await;
    let (whole, id) = Bed::synced(&server).await;
    let expected = titles(&whole, id).await;
    assert_eq!(expected.len() as u64, all);
    let mut reached = 0;
    while reached < all {
        let (bed, id) = Bed::with(&server).await;
        let mut events = bed.ctx.events.subscribe();
        let ctx = bed.ctx.clone();
        let running =
            tokio::spawn(async move { BackendService::sync_source(&ctx, id, SyncOptions::default()).await });
        stored(&mut events, reached).await;
        running.abort();
        let _ended = running.await;
        let summary = bed.sync(id).await;
        assert_eq!(summary.removed, 0, "after {reached}");
        assert_eq!(titles(&bed, id).await, expected, "after {reached}");
        assert!(bed.ctx.db.libraries().list(Some(id)).await.unwrap().iter().all(|library| library.complete));
        reached += PAGE;
    }
}

async fn one_that_is_stopped_keeps_what_is_there_and_goes_on(kind: ServerKind) {
    let server = Server::start(kind, films(2600)).await;
    let (bed, id) = Bed::with(&server).await;
    let path = server.listing_path(1);
    server.faults().add(EVERY_CONNECTION, &path, Fault::Delay(Duration::from_millis(100)));
    assert!(!SyncService::cancel(&bed.ctx, id), "there is none");
    let mut events = bed.ctx.events.subscribe();
    let ctx = bed.ctx.clone();
    let running =
        tokio::spawn(async move { BackendService::sync_source(&ctx, id, SyncOptions::default()).await });
    stored(&mut events, 2 * PAGE).await;
    assert!(SyncService::cancel(&bed.ctx, id));
    assert!(matches!(running.await.unwrap(), Err(ServiceError::Cancelled)));
    let told = drain(&mut events);
    assert!(told.contains(&Event::SyncCancelled(id)), "{told:?}");
    let failed = |event: &Event| matches!(event, Event::SyncFailed { .. } | Event::SyncCompleted { .. });
    assert!(!told.iter().any(failed), "{told:?}");
    let kept = bed.items(id).await.len();
    assert!((1000..2600).contains(&kept), "{kept}");
    server.come_back();
    let summary = bed.sync(id).await;
    assert!(summary.listed < 2600, "it did not begin anew: {summary:?}");
    assert_eq!((bed.items(id).await.len(), summary.removed), (2600, 0));
}

async fn a_server_that_changes_while_it_is_listed_is_known_in_the_end(kind: ServerKind) {
    let server = Server::start(kind, films(1600)).await;
    let (bed, id) = Bed::with(&server).await;
    let path = server.listing_path(1);
    server.faults().add(EVERY_CONNECTION, &path, Fault::Delay(Duration::from_millis(30)));
    let mut events = bed.ctx.events.subscribe();
    let ctx = bed.ctx.clone();
    let running =
        tokio::spawn(async move { BackendService::sync_source(&ctx, id, SyncOptions::default()).await });
    stored(&mut events, PAGE).await;
    server.change_catalogue(|catalogue| {
        (1..=40).for_each(|number| catalogue.remove(ItemNumber(number)));
        let model = catalogue.items[100].clone().unwrap();
        catalogue.add(|number| Item { number, title: "A First One".to_owned(), ..model });
    });
    let _may_fail = running.await.unwrap();
    server.come_back();
    bed.sync(id).await;
    bed.a_day_passes(id).await;
    bed.sync(id).await;
    let known = titles(&bed, id).await;
    assert_eq!(known.len(), 1600 - 40 + 1);
    assert!(!known.contains_key(&server.remote_id(ItemNumber(7))));
}

async fn a_whole_listing_of_what_is_known_changes_nothing(kind: ServerKind) {
    let catalogue = Recipe { films: 700, series: 10, plain: true, ..Recipe::default() }.generate();
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    bed.a_day_passes(id).await;
    let mut events = bed.ctx.events.subscribe();
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0));
    assert!(summary.listed > 700);
    let changed = |event: &Event| matches!(event, Event::ItemsChanged { .. });
    assert!(!drain(&mut events).iter().any(changed), "nobody has to look");
}

async fn ten_bad_items_cost_ten_items(kind: ServerKind) {
    let server = Server::start(kind, films(3)).await;
    let (bed, id) = Bed::synced(&server).await;
    let mut items: Vec<String> =
        (0..490).map(|number| server.film_json(&format!("90{number}"), &format!("Film {number}"))).collect();
    for (place, bad) in
        (0..10).zip(["7", "null", "[]", r#"{"Type":"Movie","type":"movie"}"#, r#""x""#].iter().cycle())
    {
        items.insert(place * 49, (*bad).to_owned());
    }
    let texts: Vec<&str> = items.iter().map(String::as_str).collect();
    bed.a_day_passes(id).await;
    let path = server.listing_path(1);
    server.faults().add(EVERY_CONNECTION, &path, server.page(500, &texts));
    let summary = bed.sync(id).await;
    assert_eq!((summary.inserted, summary.skipped, summary.removed), (490, 10, 0), "{summary:?}");
    assert_eq!(bed.items(id).await.len(), 493);
}

async fn a_library_that_is_gone_goes_and_all_of_them_at_once_do_not(kind: ServerKind) {
    let catalogue = Recipe { films: 30, series: 2, plain: true, ..Recipe::default() }.generate();
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    server.change_catalogue(|catalogue| catalogue.libraries.retain(|library| library.number == 1));
    bed.sync(id).await;
    assert_eq!(
        (bed.ctx.db.libraries().list(Some(id)).await.unwrap().len(), bed.items(id).await.len()),
        (1, 30)
    );
    // A server that is starting, or that has shut us out, lists none.
    server.change_catalogue(|catalogue| catalogue.libraries.clear());
    let _may_fail = bed.try_sync(id).await;
    assert_eq!(bed.items(id).await.len(), 30);
}

async fn the_library_that_somebody_looks_at_comes_first(kind: ServerKind) {
    let catalogue = Recipe { films: 4000, series: 3, plain: true, ..Recipe::default() }.generate();
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::with(&server).await;
    for library in [1, 2] {
        let requests = server.library_requests(library);
        server.faults().add(EVERY_CONNECTION, requests, Fault::Delay(Duration::from_millis(150)));
    }
    let mut events = bed.ctx.events.subscribe();
    let ctx = bed.ctx.clone();
    let running =
        tokio::spawn(async move { BackendService::sync_source(&ctx, id, SyncOptions::default()).await });
    stored(&mut events, PAGE).await;
    let libraries = async || bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    let series = libraries().await[1].id;
    SyncService::library(&bed.ctx, series).await.unwrap();
    let now = libraries().await;
    assert!(now[1].complete && !now[0].complete, "{now:?}");
    assert!(now[0].item_count < 4000);
    // While it was read, nothing else was asked for: only what was under way already came to its end.
    let pages = |number: u32| first_arrivals(&server, |request| is_of(&server, request, number));
    let (first, last) = (pages(2)[0], *pages(2).last().unwrap());
    let between = pages(1).into_iter().filter(|at| *at > first && *at < last).count();
    assert!(
        last - first >= Duration::from_millis(300) && between == 0,
        "{between} pages in {:?}",
        last - first
    );
    // What is being read already needs nobody to ask.
    SyncService::library(&bed.ctx, now[0].id).await.unwrap();
    let summary = running.await.unwrap().unwrap();
    assert_eq!(summary.removed, 0);
    assert!(libraries().await.iter().all(|library| library.complete));
    let told = drain(&mut events);
    let ends = told.iter().filter(|event| matches!(event, Event::SyncCompleted { .. })).count();
    assert_eq!(ends, 1, "one sync is shown");
}

/// When each page was asked for first: what is answered late is asked for twice.
fn first_arrivals(server: &Server, wanted: impl Fn(&RecordedRequest) -> bool) -> Vec<Instant> {
    let counts = |query: &str| query.contains("limit=0") || query.contains("Container-Size=0");
    let mut seen = HashSet::new();
    let requests = server.recorder().requests();
    let pages = requests.into_iter().filter(|request| wanted(request) && !counts(&request.query));
    pages.filter(|request| seen.insert(request.query.clone())).map(|request| request.at).collect()
}

/// Whether a request is about a library.
fn is_of(server: &Server, request: &RecordedRequest, library: u32) -> bool {
    match server {
        Server::Plex(_) => request.path.starts_with(&format!("/library/sections/{library}/")),
        Server::Jellyfin(jellyfin) => {
            request.query.contains(&format!("parentId={}", jellyfin.library_id(library)))
        }
    }
}

async fn pages_come_one_at_a_time_while_something_plays(kind: ServerKind) {
    const DELAY: Duration = Duration::from_millis(120);
    let server = Server::start(kind, films(2600)).await;
    let (bed, id) = Bed::with(&server).await;
    let path = server.listing_path(1);
    server.faults().add(EVERY_CONNECTION, &path, Fault::Delay(DELAY));
    bed.ctx.courtesy.playing(id, true);
    bed.sync(id).await;
    let at = first_arrivals(&server, |request| request.path == path && is_of(&server, request, 1));
    assert_eq!(at.len(), 6);
    // One after the other, with a rest between them.
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= DELAY + DELAY / 2), "{at:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sources_with_the_same_ids_know_nothing_of_each_other() {
    let start = async |machine: &str, films: usize| {
        let mut catalogue = crate::support::films(films);
        catalogue.initial_states.clear();
        let builder = PlexServer::builder().machine_id(machine).catalogue(catalogue).user(USER, TOKEN);
        Server::Plex(builder.local("first").start().await.unwrap())
    };
    let one = start("1111111111111111111111111111111111111111", 30).await;
    let two = start("2222222222222222222222222222222222222222", 40).await;
    let (bed, first) = Bed::synced(&one).await;
    let second = two.add_to(&bed.ctx).await.unwrap();
    bed.sync(second).await;
    assert_eq!((bed.items(first).await.len(), bed.items(second).await.len()), (30, 40));
    assert_eq!(one.remote_id(ItemNumber(3)), two.remote_id(ItemNumber(3)));
    one.remove_item(ItemNumber(3));
    assert_eq!(bed.sync(first).await.removed, 1);
    assert_eq!(bed.sync(second).await.removed, 0);
    assert_eq!((bed.items(first).await.len(), bed.items(second).await.len()), (29, 40));
}
