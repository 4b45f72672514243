//! Changes on their way to servers.

use std::time::Duration;

use super::*;
use crate::db::{DbErrorKind, OutboxRow, OutboxState};
use crate::models::{OperationId, OutboxChange, UserRating, WatchState};

const LEASE: Duration = Duration::from_mins(1);

/// A database with films `a`, `b` and `c`.
struct Queue {
    fixture: Fixture,
    place: Place,
}

impl Queue {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let place = fixture.place(SourceKind::Jellyfin).await;
        fixture.list(place, &[film("a", "A"), film("b", "B"), film("c", "C")]).await;
        Self { fixture, place }
    }

    async fn put(&self, remote: &str, change: &OutboxChange) -> OperationId {
        let id = self.fixture.id(self.place, remote).await;
        self.fixture.db.outbox().apply_change(id, change, minute(0)).await.unwrap().unwrap()
    }

    async fn rows(&self) -> Vec<OutboxRow> {
        self.fixture.db.outbox().list(Some(self.place.source)).await.unwrap()
    }

    /// What an owner gets at a minute.
    async fn lease(&self, owner: &str, at: i64) -> Vec<OperationId> {
        let outbox = self.fixture.db.outbox();
        let rows = outbox.lease(self.place.source, owner, minute(at), LEASE, 10).await.unwrap();
        assert!(rows.iter().all(|row| row.state == OutboxState::Leased));
        rows.into_iter().map(|row| row.op_id).collect()
    }
}

fn ids(rows: &[OutboxRow]) -> Vec<OperationId> {
    rows.iter().map(|row| row.op_id).collect()
}

fn left(seconds: u64) -> OutboxChange {
    OutboxChange::Position { position: Duration::from_secs(seconds), duration: None, at: minute(0) }
}

fn mark(watched: bool) -> OutboxChange {
    OutboxChange::Watched { watched, at: minute(0) }
}

fn heart(favourite: bool) -> OutboxChange {
    OutboxChange::Favourite { favourite }
}

#[tokio::test]
async fn a_row_says_what_to_tell_whom() {
    let queue = Queue::new().await;
    let change = OutboxChange::Position {
        position: Duration::from_millis(90_500),
        duration: Some(Duration::from_mins(100)),
        at: minute(3),
    };
    let operation = queue.put("b", &change).await;
    let rows = queue.rows().await;
    let row = &rows[0];
    assert_eq!((row.op_id, &row.change, row.remote_id.as_str()), (operation, &change, "b"));
    assert_eq!((row.source_id, row.item_id), (queue.place.source, queue.fixture.id(queue.place, "b").await));
    assert_eq!((row.state, row.attempts, &row.last_error), (OutboxState::Pending, 0, &None));
    assert_eq!(row.created_at, minute(0));
    assert!(row.not_before <= minute(0));
    let base = queue.fixture.number("SELECT base_state ->> 'position_ms' FROM outbox").await;
    assert_eq!(base, 0, "the state before the change");
}

#[tokio::test]
async fn a_waiting_change_of_the_same_kind_is_replaced() {
    let queue = Queue::new().await;
    queue.put("a", &left(10)).await;
    let heart_id = queue.put("a", &heart(true)).await;
    let other = queue.put("b", &left(10)).await;
    let newer = queue.put("a", &left(20)).await;
    assert_eq!(ids(&queue.rows().await), [heart_id, other, newer]);

    let watched = queue.put("a", &mark(true)).await;
    assert_eq!(ids(&queue.rows().await), [heart_id, other, watched], "a mark replaces positions, too");
    let again = queue.put("a", &left(5)).await;
    assert_eq!(
        ids(&queue.rows().await),
        [heart_id, other, watched, again],
        "watched once more from the start"
    );
    let unwatched = queue.put("a", &mark(false)).await;
    let heartless = queue.put("a", &heart(false)).await;
    assert_eq!(ids(&queue.rows().await), [other, unwatched, heartless]);
    assert_eq!(queue.fixture.db.outbox().count_pending().await.unwrap(), 3);
}

#[tokio::test]
async fn a_change_being_delivered_is_followed_not_replaced() {
    let queue = Queue::new().await;
    let first = queue.put("a", &left(10)).await;
    assert_eq!(queue.lease("app", 1).await, [first]);
    let second = queue.put("a", &left(20)).await;
    assert_eq!(ids(&queue.rows().await), [first, second]);
    assert!(queue.lease("app", 1).await.is_empty(), "not before the first is through");
    queue.fixture.db.outbox().complete(first).await.unwrap();
    assert_eq!(queue.lease("app", 1).await, [second]);
}

#[tokio::test]
async fn one_of_an_item_at_a_time_in_the_order_of_the_changes() {
    let queue = Queue::new().await;
    let a1 = queue.put("a", &heart(true)).await;
    let b1 = queue.put("b", &left(1)).await;
    let a2 = queue.put("a", &mark(true)).await;
    let c1 = queue.put("c", &left(1)).await;
    let outbox = queue.fixture.db.outbox();
    let two = outbox.lease(queue.place.source, "app", minute(1), LEASE, 2).await.unwrap();
    assert_eq!(ids(&two), [a1, b1], "the oldest first");
    assert_eq!(queue.lease("app", 1).await, [c1]);
    // The first of `a` has to wait, and the second with it.
    outbox.fail(a1, "app", minute(5), "Timeout").await.unwrap();
    assert!(queue.lease("app", 1).await.is_empty());
    assert_eq!(queue.lease("app", 5).await, [a1, b1, c1], "leases have run out meanwhile");
    outbox.complete(a1).await.unwrap();
    assert_eq!(queue.lease("app", 5).await, [a2]);
}

#[tokio::test]
async fn other_sources_are_not_touched() {
    let queue = Queue::new().await;
    let operation = queue.put("a", &left(1)).await;
    let other = queue.fixture.place(SourceKind::Plex).await;
    let outbox = queue.fixture.db.outbox();
    assert!(outbox.lease(other.source, "app", minute(1), LEASE, 10).await.unwrap().is_empty());
    assert!(outbox.list(Some(other.source)).await.unwrap().is_empty());
    assert_eq!(ids(&outbox.list(None).await.unwrap()), [operation]);
}

#[tokio::test]
async fn a_lease_keeps_others_away_until_it_runs_out() {
    let queue = Queue::new().await;
    let operation = queue.put("a", &left(1)).await;
    assert_eq!(queue.lease("app", 1).await, [operation]);
    assert!(queue.lease("command line", 1).await.is_empty());
    assert_eq!(queue.rows().await[0].state, OutboxState::Leased);
    // The app died. Its lease is for one minute.
    assert_eq!(queue.lease("command line", 2).await, [operation]);
    assert!(queue.lease("app", 2).await.is_empty());
}

#[tokio::test]
async fn two_processes_never_get_the_same_change() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let films: Vec<_> = (0..60).map(|n| film(&format!("f{n}"), "Film")).collect();
    fixture.list(place, &films).await;
    for n in 0..60 {
        let id = fixture.id(place, &format!("f{n}")).await;
        fixture.db.outbox().apply_change(id, &heart(true), minute(0)).await.unwrap();
    }
    let other = Database::open(&fixture.path()).await.unwrap();
    let drain = |db: Database, owner: &'static str| async move {
        let mut taken = Vec::new();
        loop {
            let rows = db.outbox().lease(place.source, owner, minute(1), LEASE, 7).await.unwrap();
            if rows.is_empty() {
                return taken;
            }
            taken.extend(ids(&rows));
        }
    };
    let (a, b) = tokio::join!(drain(fixture.db.clone(), "app"), drain(other, "command line"));
    let distinct: std::collections::HashSet<_> = a.iter().chain(&b).collect();
    assert_eq!((a.len() + b.len(), distinct.len()), (60, 60));
}

#[tokio::test]
async fn a_failure_is_counted_and_waits() {
    let queue = Queue::new().await;
    let operation = queue.put("a", &left(1)).await;
    let outbox = queue.fixture.db.outbox();
    for (at, attempts) in [(1, 1), (3, 2)] {
        assert_eq!(queue.lease("app", at).await, [operation]);
        outbox.fail(operation, "app", minute(at + 2), "Timeout").await.unwrap();
        let row = queue.rows().await.remove(0);
        assert_eq!(
            (row.state, row.attempts, row.not_before),
            (OutboxState::Pending, attempts, minute(at + 2))
        );
        assert_eq!(row.last_error.as_deref(), Some("Timeout"));
        assert!(queue.lease("app", at + 1).await.is_empty());
    }
    outbox.retry(None).await.unwrap();
    assert_eq!(queue.lease("app", 3).await, [operation], "asked for by hand: at once");
}

#[tokio::test]
async fn a_stuck_change_waits_for_a_person_and_does_not_hold_up_others() {
    let queue = Queue::new().await;
    let refused = queue.put("a", &heart(true)).await;
    let later = queue.put("a", &left(1)).await;
    let outbox = queue.fixture.db.outbox();
    assert_eq!(queue.lease("app", 1).await, [refused]);
    outbox.stuck(refused, "app", "Forbidden").await.unwrap();
    let row = queue.rows().await.remove(0);
    assert_eq!((row.state, row.last_error.as_deref()), (OutboxState::Stuck, Some("Forbidden")));
    assert_eq!(queue.lease("app", 1).await, [later]);
    outbox.complete(later).await.unwrap();
    assert!(queue.lease("app", 900).await.is_empty());
    outbox.retry(Some(refused)).await.unwrap();
    assert_eq!(queue.lease("app", 900).await, [refused]);
}

#[tokio::test]
async fn a_newer_change_takes_the_place_of_a_stuck_one() {
    let queue = Queue::new().await;
    let refused = queue.put("a", &heart(true)).await;
    let outbox = queue.fixture.db.outbox();
    assert_eq!(queue.lease("app", 1).await, [refused]);
    outbox.stuck(refused, "app", "Forbidden").await.unwrap();
    let newer = queue.put("a", &heart(false)).await;
    assert_eq!(ids(&queue.rows().await), [newer], "retrying the old one would undo the new one");
}

#[tokio::test]
async fn retry_leaves_a_change_with_its_living_owner() {
    let queue = Queue::new().await;
    let (one, two) = (queue.put("a", &left(1)).await, queue.put("b", &left(1)).await);
    let outbox = queue.fixture.db.outbox();
    assert_eq!(queue.lease("app", 1).await, [one, two]);
    outbox.fail(two, "app", minute(500), "Timeout").await.unwrap();
    outbox.retry(None).await.unwrap();
    assert_eq!(queue.lease("command line", 1).await, [two]);
    assert_eq!(queue.rows().await[0].state, OutboxState::Leased);
}

#[tokio::test]
async fn done_and_dropped_changes_are_gone() {
    let queue = Queue::new().await;
    let (one, two) = (queue.put("a", &left(1)).await, queue.put("b", &left(1)).await);
    let outbox = queue.fixture.db.outbox();
    outbox.complete(one).await.unwrap();
    outbox.complete(one).await.unwrap();
    outbox.drop_row(two).await.unwrap();
    assert!(queue.rows().await.is_empty());
    assert_eq!(outbox.drop_row(two).await.unwrap_err().kind(), DbErrorKind::NotFound);
    let position = queue.fixture.item(queue.place, "b").await.record.watch.position;
    assert_eq!(position, Duration::from_secs(1), "what is stored here stays");
}

#[tokio::test]
async fn changes_survive_a_restart() {
    let queue = Queue::new().await;
    let operation = queue.put("a", &mark(true)).await;
    let other = Database::open(&queue.fixture.path()).await.unwrap();
    assert_eq!(ids(&other.outbox().list(None).await.unwrap()), [operation]);
}

#[tokio::test]
async fn what_replaces_a_change_keeps_what_the_server_knew() {
    let queue = Queue::new().await;
    queue.put("a", &left(600)).await;
    queue.put("a", &left(900)).await;
    queue.put("a", &mark(true)).await;
    let base = queue.rows().await[0].base;
    assert_eq!((base.watched, base.position), (false, Duration::ZERO));
    // What is on its way is known to the server before what follows it.
    assert_eq!(queue.lease("app", 1).await.len(), 1);
    queue.put("a", &left(5)).await;
    let base = queue.rows().await[1].base;
    assert_eq!((base.watched, base.position), (true, Duration::ZERO));
}

#[tokio::test]
async fn a_refused_change_that_was_replaced_meanwhile_is_forgotten() {
    let queue = Queue::new().await;
    let outbox = queue.fixture.db.outbox();
    let refused = queue.put("a", &heart(true)).await;
    assert_eq!(queue.lease("app", 1).await, [refused]);
    let newer = queue.put("a", &heart(false)).await;
    outbox.stuck(refused, "app", "Forbidden").await.unwrap();
    assert_eq!(ids(&queue.rows().await), [newer]);
    // And so is a place that could not be delivered when the item was marked since.
    let place = queue.put("b", &left(60)).await;
    assert_eq!(queue.lease("app", 1).await, [newer, place]);
    let marked = queue.put("b", &mark(true)).await;
    outbox.fail(place, "app", minute(9), "Offline").await.unwrap();
    assert_eq!(ids(&queue.rows().await), [newer, marked]);
}

#[tokio::test]
async fn only_the_owner_says_what_became_of_a_change() {
    let queue = Queue::new().await;
    let outbox = queue.fixture.db.outbox();
    let operation = queue.put("a", &left(1)).await;
    assert_eq!(queue.lease("app", 1).await, [operation]);
    assert_eq!(queue.lease("command line", 3).await, [operation], "the lease ran out");
    outbox.fail(operation, "app", minute(90), "Offline").await.unwrap();
    outbox.stuck(operation, "app", "Forbidden").await.unwrap();
    let row = queue.rows().await.remove(0);
    assert_eq!((row.state, row.last_error), (OutboxState::Leased, None));
    assert_eq!(row.attempts, 1, "it may have arrived the first time");
}

#[tokio::test]
async fn who_lives_keeps_what_it_works_on() {
    let queue = Queue::new().await;
    let outbox = queue.fixture.db.outbox();
    let operation = queue.put("a", &left(1)).await;
    assert_eq!(queue.lease("app", 1).await, [operation]);
    for minutes in 2..10 {
        outbox.renew("app", minute(minutes), LEASE * 2).await.unwrap();
        assert!(queue.lease("command line", minutes + 1).await.is_empty(), "{minutes}");
    }
    outbox.abandon("app").await.unwrap();
    assert_eq!(queue.lease("command line", 10).await, [operation]);
}

#[tokio::test]
async fn what_holds_up_one_change_holds_up_all_of_the_source() {
    let queue = Queue::new().await;
    let outbox = queue.fixture.db.outbox();
    let source = queue.place.source;
    let (one, two, three) =
        (queue.put("a", &left(1)).await, queue.put("b", &left(1)).await, queue.put("c", &left(1)).await);
    assert_eq!(queue.lease("app", 1).await, [one, two, three]);
    outbox.fail(one, "app", minute(3), "Offline").await.unwrap();
    outbox.hold_up(source, "app", minute(3), "Offline").await.unwrap();
    assert_eq!(outbox.next_due(source).await.unwrap(), Some(minute(3)));
    assert!(queue.lease("app", 2).await.is_empty());
    let attempts: Vec<u32> = queue.rows().await.iter().map(|row| row.attempts).collect();
    assert_eq!(attempts, [1, 0, 0], "the others were not tried");
    outbox.due_now(source).await.unwrap();
    assert_eq!(queue.lease("app", 2).await, [one, two, three]);
    // What the server itself puts off stays put off.
    outbox.hold_up(source, "app", minute(9), "RateLimited").await.unwrap();
    outbox.due_now(source).await.unwrap();
    assert!(queue.lease("app", 2).await.is_empty());
    assert_eq!(queue.lease("app", 9).await, [one, two, three]);
}

#[tokio::test]
async fn what_the_server_says_takes_the_place_of_what_it_supersedes() {
    let queue = Queue::new().await;
    let outbox = queue.fixture.db.outbox();
    queue.put("a", &left(600)).await;
    let row = queue.rows().await.remove(0);
    let server = WatchState {
        position: Duration::from_mins(40),
        last_played_at: Some(minute(30)),
        play_count: 1,
        ..WatchState::default()
    };
    outbox.supersede(&row, &server).await.unwrap();
    assert!(queue.rows().await.is_empty());
    let here = queue.fixture.item(queue.place, "a").await.record.watch;
    assert_eq!((here.position, here.last_played_at), (Duration::from_mins(40), Some(minute(30))));
    // But not of what was done since.
    queue.put("b", &left(600)).await;
    let row = queue.rows().await.remove(0);
    assert_eq!(queue.lease("app", 1).await.len(), 1);
    queue.put("b", &left(700)).await;
    outbox.supersede(&row, &server).await.unwrap();
    let here = queue.fixture.item(queue.place, "b").await.record.watch;
    assert_eq!(here.position, Duration::from_secs(700));
}

#[tokio::test]
async fn a_rating_is_kept_replaced_and_taken_back() {
    let queue = Queue::new().await;
    let ratings = queue.fixture.db.ratings();
    let id = queue.fixture.id(queue.place, "a").await;
    let stars = UserRating::from_half_stars;
    queue.put("a", &OutboxChange::Rating { rating: stars(7) }).await;
    assert_eq!(ratings.get(id).await.unwrap(), stars(7));
    ratings.take_in(id, stars(2)).await.unwrap();
    assert_eq!(ratings.get(id).await.unwrap(), stars(7), "it waits for the server");
    let last = queue.put("a", &OutboxChange::Rating { rating: None }).await;
    assert_eq!(ids(&queue.rows().await), [last]);
    assert_eq!(ratings.get(id).await.unwrap(), None);
    queue.fixture.db.outbox().complete(last).await.unwrap();
    ratings.take_in(id, stars(2)).await.unwrap();
    assert_eq!(ratings.get(id).await.unwrap(), stars(2));
}
