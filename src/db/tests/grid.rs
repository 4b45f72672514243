//! Parts of a library, children and neighbours.

use std::time::Duration;

use chrono::NaiveDate;

use super::*;
use crate::models::{ItemFilter, ItemQuery, ItemSort};

fn query(place: Place, sort: ItemSort, descending: bool) -> ItemQuery {
    let kinds = vec![ItemKind::Movie, ItemKind::Series, ItemKind::Video];
    ItemQuery { kinds, sort, descending, ..ItemQuery::library(place.library) }
}

async fn list(fixture: &Fixture, query: &ItemQuery) -> Vec<String> {
    let items = fixture.db.items().list(query).await.unwrap();
    remotes(&items).into_iter().map(str::to_owned).collect()
}

/// Three films of which every sort makes another order.
async fn three_films() -> (Fixture, Place) {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut films = [film("a", "The Attic"), film("b", "brazil"), film("c", "Casablanca")];
    films[0].sort_title = Some("attic".to_owned());
    for (film, [added, released, rating, minutes, played]) in
        films.iter_mut().zip([[2, 1999, 7, 90, 3], [3, 1985, 9, 143, 1], [1, 1942, 8, 102, 2]])
    {
        film.added_at = Some(minute(added));
        film.release_date = NaiveDate::from_ymd_opt(i32::try_from(released).unwrap(), 1, 1);
        film.rating = Some(f32::from(i16::try_from(rating).unwrap()));
        film.duration = Some(Duration::from_secs(u64::try_from(minutes).unwrap() * 60));
        film.watch.last_played_at = Some(minute(played));
    }
    films[1].watch.watched = true;
    fixture.list(place, &films).await;
    fixture.list(place, &whole_series("show", 1, &[1])).await;
    fixture.db.write("DELETE FROM items WHERE remote_id = 'show'", []).await.unwrap();
    (fixture, place)
}

#[tokio::test]
async fn every_sort_works_both_ways() {
    let (fixture, place) = three_films().await;
    for (sort, wanted) in [
        (ItemSort::Title, ["a", "b", "c"]),
        (ItemSort::DateAdded, ["c", "a", "b"]),
        (ItemSort::ReleaseDate, ["c", "b", "a"]),
        (ItemSort::Rating, ["a", "c", "b"]),
        (ItemSort::Duration, ["a", "c", "b"]),
        (ItemSort::LastPlayed, ["b", "c", "a"]),
    ] {
        assert_eq!(list(&fixture, &query(place, sort, false)).await, wanted, "{sort:?}");
        let mut reversed = wanted;
        reversed.reverse();
        assert_eq!(list(&fixture, &query(place, sort, true)).await, reversed, "{sort:?} descending");
    }
}

#[tokio::test]
async fn parts_and_filters_agree_with_counts() {
    let (fixture, place) = three_films().await;
    let all = query(place, ItemSort::Title, false);
    let items = fixture.db.items();
    assert_eq!(items.count_query(&all).await.unwrap(), 3);
    let part = ItemQuery { limit: 1, offset: 1, ..all.clone() };
    assert_eq!(list(&fixture, &part).await, ["b"]);
    assert_eq!(items.count_query(&part).await.unwrap(), 3);
    let filter = ItemFilter { unwatched: true, ..ItemFilter::default() };
    let unwatched = ItemQuery { filter, ..all.clone() };
    assert_eq!(list(&fixture, &unwatched).await, ["a", "c"]);
    assert_eq!(items.count_query(&unwatched).await.unwrap(), 2);
    let episodes = ItemQuery { kinds: vec![ItemKind::Episode], ..all.clone() };
    assert_eq!(list(&fixture, &episodes).await, ["show/1/1"]);
    assert_eq!(items.count_query(&episodes).await.unwrap(), 1);
}

#[tokio::test]
async fn a_mixed_library_gives_the_kinds_that_are_asked_for() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let video = ItemRecord::new(RemoteId::new("v"), ItemKind::Video, "Birthday");
    fixture.list(place, &[film("f", "Alien"), series("s", "Brick"), video]).await;
    let all = query(place, ItemSort::Title, false);
    for (kinds, wanted) in [
        (vec![ItemKind::Movie], vec!["f"]),
        (vec![ItemKind::Movie, ItemKind::Series], vec!["f", "s"]),
        (vec![ItemKind::Video, ItemKind::Series, ItemKind::Movie], vec!["f", "v", "s"]),
        (vec![], vec!["f", "v", "s"]),
    ] {
        let query = ItemQuery { kinds, ..all.clone() };
        assert_eq!(list(&fixture, &query).await, wanted, "{:?}", query.kinds);
        let counted = fixture.db.items().count_query(&query).await.unwrap();
        assert_eq!(counted, wanted.len() as u64, "{:?}", query.kinds);
    }
}

#[tokio::test]
async fn children_come_in_order_with_specials_last() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let mut records = whole_series("show", 0, &[1, 11, 2]);
    records.reverse();
    fixture.list(place, &records).await;
    let items = fixture.db.items();
    let series = fixture.id(place, "show").await;
    assert_eq!(remotes(&items.children(series).await.unwrap()), ["show/1", "show/2", "show/0"]);
    let season = items.children(fixture.id(place, "show/1").await).await.unwrap();
    let numbers: Vec<_> = season.iter().filter_map(|episode| episode.record.episode).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<_>>());
    let all = items.episodes(series).await.unwrap();
    assert_eq!(all.len(), 14);
    assert_eq!(all[0].record.remote_id.as_str(), "show/0/1");
    assert_eq!(all[13].record.remote_id.as_str(), "show/2/2");
}

#[tokio::test]
async fn neighbours_cross_seasons_but_not_into_specials() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    // Season 2 is missing; another series and a film stand beside.
    let mut records = whole_series("show", 0, &[2, 2]);
    records.extend([season("show", 3), episode("show", 3, 1)]);
    records.extend(whole_series("other", 1, &[3, 3]));
    records.push(film("f", "Alien"));
    fixture.list(place, &records).await;
    let items = fixture.db.items();
    for (here, next, previous) in [
        ("show/1/1", Some("show/1/2"), None),
        ("show/1/2", Some("show/3/1"), Some("show/1/1")),
        ("show/3/1", None, Some("show/1/2")),
        ("show/0/1", Some("show/0/2"), None),
        ("show/0/2", None, Some("show/0/1")),
        ("f", None, None),
        ("show", None, None),
    ] {
        let id = fixture.id(place, here).await;
        let found = items.next_episode(id).await.unwrap();
        assert_eq!(found.as_ref().map(|item| item.record.remote_id.as_str()), next, "after {here}");
        let found = items.previous_episode(id).await.unwrap();
        assert_eq!(found.as_ref().map(|item| item.record.remote_id.as_str()), previous, "before {here}");
    }
}

#[tokio::test]
async fn a_file_with_several_episodes_is_followed_by_the_one_after_them() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    let mut double = episode("show", 1, 1);
    double.episode_end = Some(2);
    fixture.list(place, &[series("show", "Show"), double, episode("show", 1, 3)]).await;
    let here = fixture.id(place, "show/1/1").await;
    let next = fixture.db.items().next_episode(here).await.unwrap().unwrap();
    assert_eq!(next.record.remote_id.as_str(), "show/1/3");
}
