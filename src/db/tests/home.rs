//! The rows of the home page.

use std::time::Duration;

use super::*;
use crate::models::OutboxChange;

fn played(mut record: ItemRecord, watched: bool, position: u64, at: i64) -> ItemRecord {
    record.watch.watched = watched;
    record.watch.position = Duration::from_secs(position);
    record.watch.last_played_at = Some(minute(at));
    record
}

/// Marks episodes of a listing as watched, each at its minute.
fn watch(records: &mut [ItemRecord], watched: &[(&str, i64)]) {
    for record in records {
        if let Some((_, at)) = watched.iter().find(|(remote, _)| *remote == record.remote_id.as_str()) {
            *record = played(record.clone(), true, 0, *at);
        }
    }
}

#[tokio::test]
async fn what_was_begun_comes_by_its_time_over_all_sources() {
    let fixture = Fixture::new().await;
    let (a, b) = (fixture.place(SourceKind::Plex).await, fixture.place(SourceKind::Jellyfin).await);
    let mut untimed = film("untimed", "Untimed");
    untimed.watch.position = Duration::from_secs(5);
    let mut show = played(series("show", "Show"), false, 7, 50);
    show.watch.position = Duration::from_secs(7);
    fixture
        .list(
            a,
            &[
                played(film("old", "Old"), false, 60, 1),
                played(film("again", "Again"), true, 60, 9),
                played(film("done", "Done"), true, 0, 20),
                film("new", "New"),
                untimed,
                show,
            ],
        )
        .await;
    fixture.list(b, &[played(episode("x", 1, 1), false, 60, 5)]).await;
    let items = fixture.db.items();
    let found = items.continue_watching(10).await.unwrap();
    assert_eq!(remotes(&found), ["again", "x/1/1", "old", "untimed"]);
    assert_eq!(remotes(&items.continue_watching(2).await.unwrap()), ["again", "x/1/1"]);
}

#[tokio::test]
async fn next_up_is_the_episode_after_the_last_watched_one() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut all = Vec::new();
    // Watched in the middle: the gap before is not next.
    let mut gap = whole_series("gap", 1, &[5]);
    watch(&mut gap, &[("gap/1/1", 1), ("gap/1/3", 2)]);
    // The end of a season: on to the next.
    let mut over = whole_series("over", 1, &[2, 2]);
    watch(&mut over, &[("over/1/1", 3), ("over/1/2", 30)]);
    // All watched, not begun, only a special watched: nothing is next.
    let mut done = whole_series("done", 1, &[1]);
    watch(&mut done, &[("done/1/1", 40)]);
    let fresh = whole_series("fresh", 1, &[2]);
    let mut special = whole_series("special", 0, &[1, 2]);
    watch(&mut special, &[("special/0/1", 50)]);
    // The season after is not there, but its specials are.
    let mut specials = whole_series("late", 0, &[2, 1]);
    watch(&mut specials, &[("late/1/1", 60)]);
    for records in [&gap, &over, &done, &fresh, &special, &specials] {
        all.extend(records.iter().cloned());
    }
    fixture.list(place, &all).await;
    let items = fixture.db.items();
    let found = items.next_up(10).await.unwrap();
    assert_eq!(remotes(&found), ["over/2/1", "gap/1/4"], "the series watched last comes first");
    assert_eq!(remotes(&items.next_up(1).await.unwrap()), ["over/2/1"]);
}

#[tokio::test]
async fn a_daily_show_may_be_numbered_by_date() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = vec![series("daily", "Daily"), episode("daily", 2024, 20_241_231)];
    records.extend([episode("daily", 2025, 20_250_101), episode("daily", 2025, 20_250_102)]);
    watch(&mut records, &[("daily/2024/20241231", 1), ("daily/2025/20250101", 2)]);
    fixture.list(place, &records).await;
    let found = fixture.db.items().next_up(9).await.unwrap();
    assert_eq!(remotes(&found), ["daily/2025/20250102"]);
}

#[tokio::test]
async fn a_series_in_progress_continues_instead() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut records = whole_series("show", 1, &[3]);
    watch(&mut records, &[("show/1/1", 1)]);
    fixture.list(place, &records).await;
    let items = fixture.db.items();
    assert_eq!(remotes(&items.next_up(9).await.unwrap()), ["show/1/2"]);

    let id = fixture.id(place, "show/1/2").await;
    let outbox = fixture.db.outbox();
    let change = OutboxChange::Position { position: Duration::from_secs(90), duration: None, at: minute(2) };
    outbox.apply_change(id, &change, minute(2)).await.unwrap();
    assert!(items.next_up(9).await.unwrap().is_empty());
    assert_eq!(remotes(&items.continue_watching(9).await.unwrap()), ["show/1/2"]);

    let change = OutboxChange::Watched { watched: true, at: minute(3) };
    outbox.apply_change(id, &change, minute(3)).await.unwrap();
    assert_eq!(remotes(&items.next_up(9).await.unwrap()), ["show/1/3"]);
    assert!(items.continue_watching(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_with_several_episodes_is_passed_as_a_whole() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    let mut double = played(episode("show", 1, 1), true, 0, 1);
    double.episode_end = Some(2);
    // The second half is there once more as a file of its own.
    let records = [series("show", "Show"), double, episode("show", 1, 2), episode("show", 1, 3)];
    fixture.list(place, &records).await;
    let items = fixture.db.items();
    assert_eq!(remotes(&items.next_up(9).await.unwrap()), ["show/1/3"]);
    let here = fixture.id(place, "show/1/1").await;
    assert_eq!(remotes(items.next_episode(here).await.unwrap().as_slice()), ["show/1/3"]);
}

#[tokio::test]
async fn the_newest_come_by_their_servers_time() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let added = |mut record: ItemRecord, at: i64| {
        record.added_at = Some(minute(at));
        record
    };
    let mut records = vec![
        added(film("f1", "Alien"), 1),
        added(film("f2", "Brazil"), 3),
        film("f3", "Without a time"),
        added(series("s1", "One"), 90),
        added(series("s2", "Two"), 1),
        added(series("empty", "No episodes"), 99),
    ];
    for (remote, number, at) in [("s1", 1, 5), ("s2", 1, 2), ("s2", 2, 8)] {
        records.push(added(episode(remote, 1, number), at));
    }
    fixture.list(place, &records).await;
    let items = fixture.db.items();
    assert_eq!(remotes(&items.recently_added(ItemKind::Movie, 9).await.unwrap()), ["f2", "f1"]);
    assert_eq!(remotes(&items.recently_added(ItemKind::Series, 9).await.unwrap()), ["s2", "s1"]);
    assert_eq!(remotes(&items.recently_added(ItemKind::Series, 1).await.unwrap()), ["s2"]);
    assert!(items.recently_added(ItemKind::Video, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn favourites_come_by_title() {
    let fixture = Fixture::new().await;
    let (a, b) = (fixture.place(SourceKind::Jellyfin).await, fixture.place(SourceKind::Local).await);
    let mut brazil = film("f2", "brazil");
    brazil.watch.favourite = Some(true);
    let mut plain = film("f3", "Casablanca");
    plain.watch.favourite = Some(false);
    fixture.list(a, &[brazil, plain]).await;
    fixture.list(b, &[series("s", "Attic")]).await;
    let id = fixture.id(b, "s").await;
    let change = |favourite| OutboxChange::Favourite { favourite };
    fixture.db.outbox().apply_change(id, &change(true), minute(1)).await.unwrap();
    let items = fixture.db.items();
    assert_eq!(remotes(&items.favourites(9).await.unwrap()), ["s", "f2"]);
    fixture.db.outbox().apply_change(id, &change(false), minute(2)).await.unwrap();
    assert_eq!(remotes(&items.favourites(9).await.unwrap()), ["f2"]);
}
