//! What a change does to items here.

use std::time::Duration;

use super::*;
use crate::db::DbErrorKind;
use crate::models::OutboxChange;

fn mark(watched: bool, at: i64) -> OutboxChange {
    OutboxChange::Watched { watched, at: minute(at) }
}

async fn change(fixture: &Fixture, place: Place, remote: &str, change: OutboxChange) {
    let id = fixture.id(place, remote).await;
    fixture.db.outbox().apply_change(id, &change, minute(100)).await.unwrap();
}

/// Watched, and episodes left to watch, of items.
async fn states(fixture: &Fixture, place: Place, names: &[&str]) -> Vec<(bool, Option<u32>)> {
    let mut states = Vec::new();
    for remote in names {
        let record = fixture.item(place, remote).await.record;
        states.push((record.watch.watched, record.unwatched_children));
    }
    states
}

async fn two_seasons() -> (Fixture, Place) {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = whole_series("show", 1, &[2, 3]);
    for record in &mut records {
        let count = match record.remote_id.as_str() {
            "show" => Some(5),
            "show/1" => Some(2),
            "show/2" => Some(3),
            _ => None,
        };
        (record.unwatched_children, record.child_count) = (count, count);
    }
    records.extend(whole_series("other", 1, &[1]));
    fixture.list(place, &records).await;
    (fixture, place)
}

#[tokio::test]
async fn a_position_says_where_and_when() {
    let (fixture, place) = two_seasons().await;
    let position = Duration::from_millis(90_500);
    let left = OutboxChange::Position { position, duration: Some(Duration::from_mins(40)), at: minute(7) };
    change(&fixture, place, "show/1/1", left).await;
    let watch = fixture.item(place, "show/1/1").await.record.watch;
    assert_eq!((watch.position, watch.last_played_at), (position, Some(minute(7))));
    assert!(!watch.watched);
    assert_eq!(states(&fixture, place, &["show/1", "show"]).await, [(false, Some(2)), (false, Some(5))]);
}

#[tokio::test]
async fn a_watched_episode_is_counted_above() {
    let (fixture, place) = two_seasons().await;
    let position = Duration::from_mins(1);
    let left = OutboxChange::Position { position, duration: None, at: minute(7) };
    change(&fixture, place, "show/1/1", left).await;
    change(&fixture, place, "show/1/1", mark(true, 8)).await;
    let watch = fixture.item(place, "show/1/1").await.record.watch;
    assert_eq!((watch.watched, watch.position, watch.play_count), (true, Duration::ZERO, 1));
    assert_eq!(watch.last_played_at, Some(minute(8)));
    assert_eq!(states(&fixture, place, &["show/1", "show"]).await, [(false, Some(1)), (false, Some(4))]);

    change(&fixture, place, "show/1/2", mark(true, 9)).await;
    assert_eq!(states(&fixture, place, &["show/1", "show"]).await, [(true, Some(0)), (false, Some(3))]);

    change(&fixture, place, "show/1/1", mark(false, 10)).await;
    let watch = fixture.item(place, "show/1/1").await.record.watch;
    assert_eq!((watch.watched, watch.play_count, watch.last_played_at), (false, 0, Some(minute(8))));
    assert_eq!(states(&fixture, place, &["show/1", "show"]).await, [(false, Some(1)), (false, Some(4))]);
}

#[tokio::test]
async fn a_watched_season_is_all_of_it() {
    let (fixture, place) = two_seasons().await;
    change(&fixture, place, "show/2", mark(true, 8)).await;
    let names = ["show/2/1", "show/2/2", "show/2/3", "show/2", "show/1/1", "show/1", "show"];
    let wanted = [
        (true, None),
        (true, None),
        (true, None),
        (true, Some(0)),
        (false, None),
        (false, Some(2)),
        (false, Some(2)),
    ];
    assert_eq!(states(&fixture, place, &names).await, wanted);
}

#[tokio::test]
async fn a_watched_series_is_all_of_it_and_nothing_else() {
    let (fixture, place) = two_seasons().await;
    change(&fixture, place, "show", mark(true, 8)).await;
    let names = ["show", "show/1", "show/2", "show/1/1", "show/2/3", "other", "other/1/1"];
    let all = [(true, Some(0)); 3].into_iter().chain([(true, None); 2]).chain([(false, None); 2]);
    assert_eq!(states(&fixture, place, &names).await, all.collect::<Vec<_>>());

    change(&fixture, place, "show", mark(false, 9)).await;
    let wanted = [(false, Some(5)), (false, Some(2)), (false, Some(3)), (false, None), (false, None)];
    assert_eq!(states(&fixture, place, &names[..5]).await, wanted);
    assert_eq!(fixture.db.outbox().count_pending().await.unwrap(), 1, "one change, not one of each episode");
}

#[tokio::test]
async fn marking_a_series_does_not_say_that_old_episodes_were_played_now() {
    let (fixture, place) = two_seasons().await;
    change(&fixture, place, "show/1/1", mark(true, 3)).await;
    change(&fixture, place, "show", mark(true, 8)).await;
    let played = |item: Item| item.record.watch.last_played_at;
    assert_eq!(played(fixture.item(place, "show/1/1").await), Some(minute(3)));
    assert_eq!(played(fixture.item(place, "show/1/2").await), Some(minute(8)));
}

#[tokio::test]
async fn a_change_of_an_unknown_item_changes_nothing() {
    let (fixture, _) = two_seasons().await;
    let outbox = fixture.db.outbox();
    let failed = outbox.apply_change(MediaId(999), &mark(true, 1), minute(1)).await.unwrap_err();
    assert_eq!(failed.kind(), DbErrorKind::NotFound);
    assert_eq!(outbox.count_pending().await.unwrap(), 0);
    // The transaction is over: the next one does not wait for it.
    fixture.db.sources().insert(&new_source(SourceKind::Plex, "Next")).await.unwrap();
}

#[tokio::test]
async fn change_and_outbox_row_come_together_or_not_at_all() {
    let (fixture, place) = two_seasons().await;
    let id = fixture.id(place, "show/1/1").await;
    fixture
        .db
        .write("CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'full'); END", [])
        .await
        .unwrap();
    fixture.db.outbox().apply_change(id, &mark(true, 1), minute(1)).await.unwrap_err();
    assert_eq!(states(&fixture, place, &["show/1/1", "show"]).await, [(false, None), (false, Some(5))]);
}
