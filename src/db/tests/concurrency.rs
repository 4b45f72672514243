//! The window and the command line work on one file at the same time.

use super::*;
use crate::models::OutboxChange;

#[tokio::test]
async fn two_processes_write_without_losing_a_change() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let films: Vec<_> = (0..40).map(|n| film(&format!("f{n}"), "Film")).collect();
    fixture.list(place, &films).await;
    let other = Database::open(&fixture.path()).await.unwrap();

    let change = |db: Database, half: i64| async move {
        for n in 0..20 {
            let item = db.items().find(place.source, &RemoteId::new(format!("f{}", half + n))).await.unwrap();
            let change = OutboxChange::Favourite { favourite: true };
            db.outbox().apply_change(item.unwrap().id, &change, minute(n)).await.unwrap();
        }
    };
    tokio::join!(change(fixture.db.clone(), 0), change(other, 20));
    assert_eq!(fixture.db.outbox().count_pending().await.unwrap(), 40);
    assert_eq!(fixture.number("SELECT count(*) FROM items WHERE favourite = 1").await, 40);
}

#[tokio::test]
async fn a_listing_has_a_number_of_its_own() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let other = Database::open(&fixture.path()).await.unwrap();
    let number =
        |db: Database| async move { db.items().begin_listing(place.library).await.unwrap().number() };
    let mut numbers = Vec::new();
    for _ in 0..10 {
        let (a, b) = tokio::join!(number(fixture.db.clone()), number(other.clone()));
        numbers.extend([a, b]);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_processes_make_the_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reel.db");
    let open = || {
        let path = path.clone();
        tokio::spawn(async move { Database::open(&path).await })
    };
    let opened = futures::future::join_all([open(), open(), open()]).await;
    for result in opened {
        let db = result.unwrap().unwrap();
        assert!(db.sources().list().await.unwrap().is_empty());
    }
}
