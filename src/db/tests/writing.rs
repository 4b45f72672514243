//! Storing listings: what is new, what is as before, what changed and what is gone.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait as _;

use super::*;
use crate::db::one;
use crate::db::row::get;
use crate::models::{Blur, Blurs, ExternalIds, ImageKey, Images, WatchState};

/// A film of which everything is known.
fn rich(remote: &str, title: &str) -> ItemRecord {
    ItemRecord {
        parent: None,
        series: None,
        series_title: None,
        season: None,
        episode: None,
        episode_end: None,
        sort_title: Some(title.trim_start_matches("The ").to_owned()),
        original_title: Some("Le Titre".to_owned()),
        year: Some(1999),
        release_date: NaiveDate::from_ymd_opt(1999, 3, 31),
        added_at: Some(minute(1)),
        duration: Some(std::time::Duration::from_millis(8_160_123)),
        rating: Some(8.7),
        critic_rating: Some(0.1),
        age_rating: Some("FSK 16".to_owned()),
        summary: Some("\"Quotes\", \\ back, 東京 and \u{1f980}.\nA line.".to_owned()),
        tagline: Some("Free".to_owned()),
        genres: vec!["Thriller".to_owned(), "Action".to_owned(), "Zen".to_owned()],
        external_ids: ExternalIds {
            imdb: Some("tt0133093".to_owned()),
            tmdb: Some("603".to_owned()),
            tvdb: Some("169".to_owned()),
        },
        images: Images {
            primary: Some(ImageKey::new("/thumb/1")),
            backdrop: Some(ImageKey::new("/art/1")),
            logo: Some(ImageKey::new("/logo/1")),
            series_poster: Some(ImageKey::new("/poster/1")),
            blurs: Blurs { primary: Blur::of_hash("LEHV6nWB2yk8pyo0adR"), ..Blurs::default() },
        },
        watch: WatchState {
            watched: true,
            position: std::time::Duration::from_millis(61_234),
            play_count: 3,
            last_played_at: Some(minute(5)),
            favourite: Some(true),
        },
        unwatched_children: Some(0),
        child_count: Some(7),
        change_mark: Some("etag-1".to_owned()),
        ..film(remote, title)
    }
}

fn outcome(inserted: u32, updated: u32, unchanged: u32) -> PageOutcome {
    PageOutcome { inserted, updated, unchanged }
}

#[tokio::test]
async fn everything_comes_back_as_it_was() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut part = episode("show", 0, 12);
    part.episode_end = Some(13);
    let records = [rich("f1", "The Matrix"), film("f2", ""), part];
    fixture.list(place, &records).await;
    for record in &records {
        let stored = fixture.item(place, record.remote_id.as_str()).await;
        assert_eq!(&stored.record, record);
        assert_eq!((stored.source_id, stored.library_id), (place.source, place.library));
        assert_eq!(fixture.db.items().get(stored.id).await.unwrap(), stored);
    }
}

#[tokio::test]
async fn the_same_listing_again_changes_nothing() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = whole_series("show", 1, &[2, 2]);
    records.push(rich("f1", "The Matrix"));
    let all = u32::try_from(records.len()).unwrap();
    assert_eq!(fixture.list(place, &records).await, outcome(all, 0, 0));
    let before = fixture.item(place, "f1").await;
    let writes = "CREATE TEMP TABLE writes (n); \
        CREATE TEMP TRIGGER w1 AFTER UPDATE ON items BEGIN INSERT INTO writes VALUES (1); END; \
        CREATE TEMP TRIGGER w2 AFTER INSERT ON items BEGIN INSERT INTO writes VALUES (1); END; \
        CREATE TEMP TRIGGER w3 AFTER DELETE ON items BEGIN INSERT INTO writes VALUES (1); END";
    fixture.db.writer.execute_unprepared(writes).await.unwrap();
    let (again, listing) = fixture.listing(place, &records).await;
    assert_eq!(again, outcome(0, 0, all));
    assert_eq!(fixture.item(place, "f1").await, before);
    assert_eq!(fixture.db.items().count_unseen(&listing).await.unwrap(), 0);
    let written = one(&fixture.db.writer, "SELECT count(*) AS n FROM writes", [], |row| get(row, "n"));
    assert_eq!(written.await.unwrap(), Some(0_i64), "no row is written");
}

#[tokio::test]
async fn a_changed_item_keeps_its_id_and_gets_new_words() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    fixture.list(place, &[rich("f1", "The Matrix"), rich("f2", "Alien")]).await;
    let id = fixture.id(place, "f1").await;
    let mut changed = rich("f1", "Metropolis");
    changed.genres = vec!["Silent".to_owned()];
    changed.summary = None;
    assert_eq!(fixture.list(place, &[changed.clone(), rich("f2", "Alien")]).await, outcome(0, 1, 1));
    let stored = fixture.item(place, "f1").await;
    assert_eq!((stored.id, &stored.record), (id, &changed));
    let items = fixture.db.items();
    assert!(items.search("matrix", 9).await.unwrap().is_empty());
    assert_eq!(remotes(&items.search("metropolis", 9).await.unwrap()), ["f1"]);
}

#[tokio::test]
async fn an_item_twice_in_a_page_is_one_item() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let page = [rich("f1", "Old"), rich("f2", "Alien"), rich("f1", "New")];
    assert_eq!(fixture.list(place, &page).await, outcome(2, 0, 0));
    assert_eq!(fixture.item(place, "f1").await.record, rich("f1", "New"));
    assert_eq!(fixture.list(place, &page).await, outcome(0, 0, 2));
}

#[tokio::test]
async fn an_odd_item_does_not_fail_its_page() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut odd = rich("odd", "\0 \u{202e}\"' title");
    odd.rating = Some(f32::NAN);
    odd.year = Some(-300);
    odd.release_date = Some(NaiveDate::MAX);
    odd.duration = Some(std::time::Duration::MAX);
    odd.added_at = Some(DateTime::<Utc>::MIN_UTC);
    odd.genres = vec![String::new(), "Zen".to_owned(), "Zen".to_owned()];
    odd.parent = Some(odd.remote_id.clone());
    assert_eq!(fixture.list(place, &[odd, film("f2", "Alien")]).await, outcome(2, 0, 0));
    let stored = fixture.item(place, "odd").await.record;
    assert_eq!((stored.year, stored.genres.len()), (Some(-300), 3));
}

#[tokio::test]
async fn two_sources_may_use_the_same_id() {
    let fixture = Fixture::new().await;
    let (a, b) = (fixture.place(SourceKind::Plex).await, fixture.place(SourceKind::Jellyfin).await);
    fixture.list(a, &[film("1", "Alien")]).await;
    fixture.list(b, &[film("1", "Brazil")]).await;
    assert_eq!(fixture.item(a, "1").await.record.title, "Alien");
    assert_eq!(fixture.item(b, "1").await.record.title, "Brazil");
}

#[tokio::test]
async fn children_find_their_parents_in_either_order() {
    for parents_first in [true, false] {
        let fixture = Fixture::new().await;
        let place = fixture.place(SourceKind::Plex).await;
        let mut records = whole_series("show", 1, &[2]);
        if !parents_first {
            records.reverse();
        }
        // In pages of one, as far apart as can be.
        let items = fixture.db.items();
        let mut listing = items.begin_listing(place.library).await.unwrap();
        for record in &records {
            let page = std::slice::from_ref(record);
            items.upsert_page(place.source, &mut listing, page, None).await.unwrap();
        }
        items.fix_parents(place.library).await.unwrap();
        let series = fixture.id(place, "show").await;
        let season = fixture.item(place, "show/1").await;
        let episode = fixture.item(place, "show/1/2").await;
        assert_eq!((season.parent_id, season.series_id), (Some(series), Some(series)));
        assert_eq!((episode.parent_id, episode.series_id), (Some(season.id), Some(series)));
    }
}

#[tokio::test]
async fn children_find_a_parent_that_was_replaced() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let records = whole_series("show", 1, &[1]);
    fixture.list(place, &records).await;
    fixture.db.items().begin_listing(place.library).await.unwrap();
    let first = fixture.id(place, "show").await;
    fixture.db.write("DELETE FROM items WHERE id = ?", [first.0.into()]).await.unwrap();
    assert_eq!(fixture.item(place, "show/1/1").await.series_id, None);
    fixture.list(place, &records).await;
    let series = fixture.id(place, "show").await;
    assert_eq!(fixture.item(place, "show/1/1").await.series_id, Some(series));
    assert_eq!(fixture.item(place, "show/1").await.parent_id, Some(series));
}

#[tokio::test]
async fn what_a_complete_listing_did_not_hold_is_removed_with_all_that_hangs_on_it() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let other = fixture.place(SourceKind::Plex).await;
    fixture.list(other, &[rich("f1", "Elsewhere")]).await;
    fixture.list(place, &[rich("f1", "Alien"), rich("f2", "Brazil"), rich("f3", "Casablanca")]).await;
    let (_, listing) = fixture.listing(place, &[rich("f2", "Brazil")]).await;
    let items = fixture.db.items();
    assert_eq!(items.count(place.library).await.unwrap(), 3, "nothing goes before it is said so");
    assert_eq!(items.count_unseen(&listing).await.unwrap(), 2);
    assert_eq!(items.remove_unseen(&listing).await.unwrap(), 2);
    assert_eq!(items.count(place.library).await.unwrap(), 1);
    assert_eq!(items.count(other.library).await.unwrap(), 1);
    assert!(items.search("alien", 9).await.unwrap().is_empty());
    assert_eq!(fixture.number("SELECT count(*) FROM items_fts").await, 2);
    assert_eq!(fixture.number("SELECT count(*) FROM item_genres").await, 6);
}

#[tokio::test]
async fn an_item_that_moved_belongs_to_its_new_library() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let listed = ["all", "more"].map(|id| (RemoteId::new(id), LibraryKind::Movies, id.to_owned()));
    let libraries = fixture.db.libraries().reconcile(place.source, &listed).await.unwrap();
    let more = Place { library: libraries[1].id, ..place };
    fixture.list(place, &[film("f1", "Alien")]).await;
    assert_eq!(fixture.list(more, &[film("f1", "Alien")]).await, outcome(0, 1, 0));
    assert_eq!(fixture.item(place, "f1").await.library_id, more.library);
    let (_, listing) = fixture.listing(place, &[]).await;
    assert_eq!(fixture.db.items().remove_unseen(&listing).await.unwrap(), 0);
}

#[tokio::test]
async fn an_item_that_came_during_a_listing_stays() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let items = fixture.db.items();
    let mut listing = items.begin_listing(place.library).await.unwrap();
    let page = [film("f1", "Alien")];
    items.upsert_page(place.source, &mut listing, &page, None).await.unwrap();
    let id = items.upsert_one(place.source, place.library, &film("f2", "Live")).await.unwrap();
    assert_eq!(items.upsert_one(place.source, place.library, &film("f2", "Live")).await.unwrap(), id);
    assert_eq!(items.remove_unseen(&listing).await.unwrap(), 0);
    assert_eq!(items.get(id).await.unwrap().record.title, "Live");
}

#[tokio::test]
async fn an_interrupted_first_listing_goes_on_and_calls_nothing_gone() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let items = fixture.db.items();
    let mut listing = items.resume_listing(place.library).await.unwrap();
    assert!(!listing.is_resumed());
    let page = [film("f1", "Alien"), film("f2", "Brazil")];
    items.upsert_page(place.source, &mut listing, &page, Some((ItemKind::Movie, 2))).await.unwrap();

    let resumed = items.resume_listing(place.library).await.unwrap();
    assert!(resumed.is_resumed());
    assert_eq!((resumed.reached(ItemKind::Movie), resumed.reached(ItemKind::Series)), (2, 0));
    fixture.db.libraries().set_complete(place.library, Utc::now()).await.unwrap();
    assert!(!items.resume_listing(place.library).await.unwrap().is_resumed(), "it is over");
}

#[tokio::test]
async fn a_change_of_episodes_is_counted_above_them() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    fixture.list(place, &whole_series("show", 1, &[3])).await;
    let mut seen = whole_series("show", 1, &[3]).pop().unwrap();
    assert_eq!(seen.kind, ItemKind::Episode);
    seen.watch.watched = true;
    let items = fixture.db.items();
    let (done, ids) = items.upsert_some(place.source, place.library, &[seen]).await.unwrap();
    assert_eq!((done.updated, ids.len()), (1, 1));
    items.recount(&ids).await.unwrap();
    for remote in ["show", "show/1"] {
        assert_eq!(fixture.item(place, remote).await.record.unwatched_children, Some(2), "{remote}");
    }
}

#[tokio::test]
async fn an_empty_page_is_no_work() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    assert_eq!(fixture.list(place, &[]).await, outcome(0, 0, 0));
}
