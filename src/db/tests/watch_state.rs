//! What a server says of the user's state against what the user did here.

use std::time::Duration;

use super::*;
use crate::models::{OperationId, OutboxChange, WatchState};

const NINE: Duration = Duration::from_mins(9);

fn state(watched: bool, played: Option<i64>) -> WatchState {
    WatchState { watched, last_played_at: played.map(minute), ..WatchState::default() }
}

fn watched_film(watched: bool, played: Option<i64>) -> ItemRecord {
    ItemRecord { watch: state(watched, played), ..film("f1", "Alien") }
}

fn left_at(position: Duration, at: i64) -> OutboxChange {
    OutboxChange::Position { position, duration: None, at: minute(at) }
}

fn mark(watched: bool, at: i64) -> OutboxChange {
    OutboxChange::Watched { watched, at: minute(at) }
}

/// A series of one season as a server lists it when nothing of it was watched.
fn counted_series(seasons: &[u32]) -> Vec<ItemRecord> {
    let mut records = whole_series("show", 1, seasons);
    let episodes = Some(seasons.iter().sum());
    for record in records.iter_mut().filter(|record| record.kind != ItemKind::Episode) {
        (record.unwatched_children, record.child_count) = (episodes, episodes);
    }
    records
}

async fn change(fixture: &Fixture, place: Place, remote: &str, change: OutboxChange) -> Option<OperationId> {
    let id = fixture.id(place, remote).await;
    fixture.db.outbox().apply_change(id, &change, minute(100)).await.unwrap()
}

#[tokio::test]
async fn a_server_says_what_was_watched() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[watched_film(false, None)]).await;
    fixture.list(place, &[watched_film(true, Some(5))]).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch, state(true, Some(5)));
    fixture.list(place, &[watched_film(false, None)]).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch, state(false, None));
}

#[tokio::test]
async fn a_waiting_change_is_what_the_user_sees() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[watched_film(false, Some(1))]).await;
    let operation = change(&fixture, place, "f1", left_at(NINE, 10)).await.unwrap();
    let server = ItemRecord { title: "Aliens".to_owned(), ..watched_film(true, Some(50)) };
    fixture.list(place, std::slice::from_ref(&server)).await;
    let stored = fixture.item(place, "f1").await.record;
    assert_eq!((stored.title.as_str(), stored.watch.position, stored.watch.watched), ("Aliens", NINE, false));

    // The server had something newer: the change is dropped, and the same listing brings the server's state.
    fixture.db.outbox().complete(operation).await.unwrap();
    assert_eq!(fixture.list(place, std::slice::from_ref(&server)).await.updated, 1);
    assert_eq!(fixture.item(place, "f1").await.record.watch, server.watch);
    assert_eq!(fixture.list(place, &[server]).await.unchanged, 1);
}

#[tokio::test]
async fn a_waiting_mark_of_a_series_holds_for_its_episodes() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = counted_series(&[2]);
    fixture.list(place, &records).await;
    change(&fixture, place, "show", mark(true, 10)).await;
    for record in &mut records {
        record.summary = Some("New words".to_owned());
    }
    fixture.list(place, &records).await;
    for remote in ["show", "show/1", "show/1/1", "show/1/2"] {
        let stored = fixture.item(place, remote).await.record;
        assert!(stored.watch.watched, "{remote}");
        assert_eq!(stored.summary.as_deref(), Some("New words"));
    }
    assert_eq!(fixture.item(place, "show").await.record.unwatched_children, Some(0));
}

#[tokio::test]
async fn a_waiting_mark_of_an_episode_holds_for_the_counts_above() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = counted_series(&[2]);
    fixture.list(place, &records).await;
    change(&fixture, place, "show/1/1", mark(true, 10)).await;
    for record in &mut records {
        record.summary = Some("New words".to_owned());
    }
    fixture.list(place, &records).await;
    for remote in ["show", "show/1"] {
        assert_eq!(fixture.item(place, remote).await.record.unwatched_children, Some(1), "{remote}");
    }
}

#[tokio::test]
async fn what_is_newer_here_stays() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &[watched_film(false, Some(1))]).await;
    let operation = change(&fixture, place, "f1", left_at(NINE, 10)).await.unwrap();
    fixture.db.outbox().complete(operation).await.unwrap();
    // A listing that was asked for before the delivery.
    fixture.list(place, &[watched_film(true, Some(8))]).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch.position, NINE);
    fixture.list(place, &[watched_film(true, Some(11))]).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch, state(true, Some(11)));
}

#[tokio::test]
async fn a_servers_rounding_is_not_older() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[watched_film(false, Some(1))]).await;
    let at = minute(10) + TimeDelta::milliseconds(900);
    let here = OutboxChange::Position { position: NINE, duration: None, at };
    let operation = change(&fixture, place, "f1", here).await.unwrap();
    fixture.db.outbox().complete(operation).await.unwrap();
    fixture.list(place, &[watched_film(true, Some(10))]).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch, state(true, Some(10)));
}

#[tokio::test]
async fn a_change_that_was_given_up_does_not_stay_for_ever() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[watched_film(true, None)]).await;
    let operation = change(&fixture, place, "f1", mark(false, 10)).await.unwrap();
    fixture.db.outbox().drop_row(operation).await.unwrap();
    assert!(!fixture.item(place, "f1").await.record.watch.watched);
    fixture.list(place, &[watched_film(true, None)]).await;
    assert!(fixture.item(place, "f1").await.record.watch.watched);
}

#[tokio::test]
async fn a_stuck_change_gives_way_to_the_server() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[watched_film(true, None)]).await;
    let operation = change(&fixture, place, "f1", mark(false, 10)).await.unwrap();
    let outbox = fixture.db.outbox();
    let lease = Duration::from_mins(1);
    assert_eq!(outbox.lease(place.source, "app", minute(11), lease, 1).await.unwrap().len(), 1);
    outbox.stuck(operation, "app", "Refused").await.unwrap();
    fixture.list(place, &[watched_film(true, Some(1))]).await;
    assert!(fixture.item(place, "f1").await.record.watch.watched);
}

#[tokio::test]
async fn a_folder_keeps_no_state_of_its_own() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    fixture.list(place, &[watched_film(false, None)]).await;
    assert_eq!(change(&fixture, place, "f1", left_at(NINE, 10)).await, None);
    change(&fixture, place, "f1", OutboxChange::Favourite { favourite: true }).await;
    let scanned = ItemRecord { summary: Some("New words".to_owned()), ..watched_film(false, None) };
    fixture.list(place, &[scanned]).await;
    let stored = fixture.item(place, "f1").await.record;
    assert_eq!((stored.watch.position, stored.watch.favourite), (NINE, Some(true)));
    assert_eq!(stored.summary.as_deref(), Some("New words"));
    assert_eq!(fixture.db.outbox().count_pending().await.unwrap(), 0);
}

#[tokio::test]
async fn a_new_episode_in_a_folder_is_one_more_to_watch() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    fixture.list(place, &whole_series("show", 1, &[2])).await;
    change(&fixture, place, "show", mark(true, 10)).await;
    assert!(fixture.item(place, "show").await.record.watch.watched);

    fixture.list(place, &whole_series("show", 1, &[3])).await;
    for remote in ["show", "show/1"] {
        let stored = fixture.item(place, remote).await.record;
        assert_eq!((stored.unwatched_children, stored.child_count), (Some(1), Some(3)), "{remote}");
        assert!(!stored.watch.watched, "{remote}");
    }

    let (_, listing) = fixture.listing(place, &whole_series("show", 1, &[2])).await;
    assert_eq!(fixture.db.items().remove_unseen(&listing).await.unwrap(), 1);
    for remote in ["show", "show/1"] {
        let stored = fixture.item(place, remote).await.record;
        assert_eq!((stored.unwatched_children, stored.child_count), (Some(0), Some(2)), "{remote}");
        assert!(stored.watch.watched, "{remote}");
    }
}

#[tokio::test]
async fn favourites_of_a_server_without_any_are_kept() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[watched_film(false, None)]).await;
    let heart = OutboxChange::Favourite { favourite: true };
    let operation = change(&fixture, place, "f1", heart).await.unwrap();
    fixture.db.outbox().complete(operation).await.unwrap();
    fixture.list(place, &[watched_film(true, Some(5))]).await;
    let watch = fixture.item(place, "f1").await.record.watch;
    assert_eq!((watch.favourite, watch.watched), (Some(true), true));
}

#[tokio::test]
async fn a_waiting_favourite_stays_and_holds_nothing_else() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let server = |favourite, watched| {
        let watch = WatchState { favourite: Some(favourite), watched, ..WatchState::default() };
        [ItemRecord { watch, ..film("f1", "Alien") }]
    };
    fixture.list(place, &server(false, false)).await;
    let heart = OutboxChange::Favourite { favourite: true };
    let operation = change(&fixture, place, "f1", heart).await.unwrap();
    fixture.list(place, &server(false, true)).await;
    let watch = fixture.item(place, "f1").await.record.watch;
    assert_eq!((watch.favourite, watch.watched), (Some(true), true));
    fixture.db.outbox().complete(operation).await.unwrap();
    fixture.list(place, &server(false, true)).await;
    assert_eq!(fixture.item(place, "f1").await.record.watch.favourite, Some(false));
}
