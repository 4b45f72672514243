//! Only a listing that is complete and agrees with itself removes anything.

use gnome_reel::net::ErrorKind;
use gnome_reel::services::events::Event;
use reel_testbed::catalogue::ItemNumber;
use reel_testbed::catalogue::generator::Recipe;
use reel_testbed::faults::{EVERY_CONNECTION, Fault};

use crate::support::{Bed, Server, ServerKind, drain, films};

on_both!(
    a_deleted_item_goes,
    an_emptied_library_is_looked_at_twice,
    an_empty_answer_by_mistake_removes_nothing,
    a_short_listing_removes_nothing,
    a_failing_page_removes_nothing,
);

async fn a_deleted_item_goes(kind: ServerKind) {
    let server = Server::start(kind, films(4)).await;
    let (bed, id) = Bed::synced(&server).await;
    server.remove_item(ItemNumber(2));
    assert_eq!(bed.sync(id).await.removed, 1);
    let left: Vec<String> =
        bed.items(id).await.iter().map(|item| item.record.remote_id.to_string()).collect();
    assert_eq!(left.len(), 3);
    assert!(!left.contains(&server.remote_id(ItemNumber(2))));
}

async fn an_emptied_library_is_looked_at_twice(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    for number in 1..=30 {
        server.remove_item(ItemNumber(number));
    }
    bed.a_day_passes(id).await;
    server.recorder().clear();
    assert_eq!(bed.sync(id).await.removed, 30);
    assert!(bed.items(id).await.is_empty());
    // Counted once, listed twice.
    assert_eq!(server.listings(1), 3);
}

async fn an_empty_answer_by_mistake_removes_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(30)).await;
    let (bed, id) = Bed::synced(&server).await;
    let path = server.listing_path(1);
    // The count and the first listing; the second listing tells the truth.
    server.faults().add_times(EVERY_CONNECTION, &path, server.page(0, &[]), 2);
    assert_eq!(bed.sync(id).await.removed, 0);
    assert_eq!(bed.items(id).await.len(), 30);
}

async fn a_short_listing_removes_nothing(kind: ServerKind) {
    let server = Server::start(kind, films(10)).await;
    let (bed, id) = Bed::synced(&server).await;
    let film = server.film_json(&server.remote_id(ItemNumber(1)), "One");
    server.faults().add(EVERY_CONNECTION, &server.listing_path(1), server.page(10, &[&film]));
    assert_eq!(bed.sync(id).await.removed, 0);
    assert_eq!(bed.items(id).await.len(), 10);
}

async fn a_failing_page_removes_nothing(kind: ServerKind) {
    let catalogue = Recipe { films: 10, series: 2, plain: true, ..Recipe::default() }.generate();
    let all = catalogue.all().count();
    let series = catalogue.all().find(|item| item.library == 2).unwrap().number;
    let server = Server::start(kind, catalogue).await;
    let (bed, id) = Bed::synced(&server).await;
    server.remove_item(series);
    server.remove_item(ItemNumber(1));
    let truncated = Fault::Status {
        code: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: r#"{"MediaContainer":{"size":1,"totalSize":"#.to_owned(),
    };
    for (fault, wanted) in [
        (Fault::status(500), ErrorKind::Server),
        (Fault::status(404), ErrorKind::NotFound),
        (Fault::Garbage, ErrorKind::Decode),
        (truncated, ErrorKind::Decode),
        (Fault::Html, ErrorKind::CaptivePortal),
        (Fault::Close, ErrorKind::Reset),
    ] {
        let mut events = bed.ctx.events.subscribe();
        server.faults().add(EVERY_CONNECTION, &server.listing_path(2), fault.clone());
        let result = bed.try_sync(id).await;
        server.come_back();
        let failed = |event: &Event| matches!(event, Event::SyncFailed { .. });
        let published = drain(&mut events).iter().any(failed);
        match result {
            // One library that is not visible is not the end of the others.
            Ok(_) => assert_eq!(wanted, ErrorKind::NotFound),
            Err(error) => assert_eq!((error.kind(), published), (wanted, true), "{fault:?}"),
        }
        let left = bed.items(id).await.len();
        // The films before may have been completed; of the series nothing may go.
        assert!(left >= all - 1, "{fault:?} removed {}", all - left);
    }
    bed.forget_choice(id).await;
    bed.sync(id).await;
    assert!(bed.items(id).await.len() < all - 1);
}
