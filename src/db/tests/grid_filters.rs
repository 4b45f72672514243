//! Filters, chance, letters and the choices of a library.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::models::{ItemFilter, ItemQuery, ItemScope, ItemSort, Layout, LibraryView, Resolution};

fn all(place: Place) -> ItemQuery {
    ItemQuery::library(place.library)
}

fn only(filter: ItemFilter, place: Place) -> ItemQuery {
    ItemQuery { filter, ..all(place) }
}

async fn names(fixture: &Fixture, query: &ItemQuery) -> Vec<String> {
    let ids = fixture.db.items().ids(query).await.unwrap();
    let rows = fixture.db.items().rows(&ids).await.unwrap();
    assert_eq!(rows.iter().map(|item| item.id).collect::<Vec<_>>(), ids);
    assert_eq!(fixture.db.items().count_query(query).await.unwrap(), ids.len() as u64);
    rows.iter().map(|item| item.record.remote_id.to_string()).collect()
}

/// Films of which each filter leaves others, and a series that is half watched.
async fn shelf() -> (Fixture, Place) {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let mut films = [film("a", "Alien"), film("b", "Brazil"), film("c", "Casablanca"), film("d", "Dune")];
    for (film, (year, genres, resolution)) in films.iter_mut().zip([
        (Some(1979), vec!["Horror", "Science Fiction"], Some(Resolution::Uhd)),
        (Some(1985), vec!["Comedy", "Science Fiction"], Some(Resolution::FullHd)),
        (Some(1942), vec!["Drama"], Some(Resolution::Sd)),
        (None, vec![], None),
    ]) {
        film.year = year;
        film.genres = genres.into_iter().map(str::to_owned).collect();
        film.resolution = resolution;
    }
    films[0].watch.watched = true;
    films[1].watch.position = Duration::from_mins(20);
    films[2].watch.favourite = Some(true);
    let mut show = series("s", "Show");
    (show.child_count, show.unwatched_children) = (Some(10), Some(4));
    let mut fresh = series("t", "Tide");
    (fresh.child_count, fresh.unwatched_children) = (Some(10), Some(10));
    let mut records = films.to_vec();
    records.extend([show, fresh]);
    fixture.list(place, &records).await;
    (fixture, place)
}

#[tokio::test]
async fn each_filter_leaves_what_has_it() {
    let (fixture, place) = shelf().await;
    let none = ItemFilter::default;
    let genre = |name: &str| ItemFilter { genre: Some(name.to_owned()), ..none() };
    for (filter, wanted) in [
        (none(), vec!["a", "b", "c", "d", "s", "t"]),
        (ItemFilter { unwatched: true, ..none() }, vec!["b", "c", "d", "s", "t"]),
        (ItemFilter { in_progress: true, ..none() }, vec!["b", "s"]),
        (ItemFilter { favourites: true, ..none() }, vec!["c"]),
        (genre("Science Fiction"), vec!["a", "b"]),
        (genre("Western"), vec![]),
        (ItemFilter { decade: Some(1980), ..none() }, vec!["b"]),
        (ItemFilter { decade: Some(1940), ..none() }, vec!["c"]),
        (ItemFilter { resolution: Some(Resolution::Uhd), ..none() }, vec!["a"]),
        (ItemFilter { unwatched: true, decade: Some(1980), ..genre("Comedy") }, vec!["b"]),
        (ItemFilter { unwatched: true, ..genre("Horror") }, vec![]),
    ] {
        assert_eq!(names(&fixture, &only(filter.clone(), place)).await, wanted, "{filter:?}");
    }
}

#[tokio::test]
async fn facets_tell_what_there_is_whatever_is_filtered() {
    let (fixture, place) = shelf().await;
    let filter = ItemFilter { favourites: true, ..ItemFilter::default() };
    let facets = fixture.db.items().facets(&only(filter, place)).await.unwrap();
    let genres: Vec<_> = facets.genres.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(genres, [("Science Fiction", 2), ("Comedy", 1), ("Drama", 1), ("Horror", 1)]);
    assert_eq!(facets.decades, [(1980, 1), (1970, 1), (1940, 1)]);
    assert_eq!(facets.resolutions, [(Resolution::Uhd, 1), (Resolution::FullHd, 1), (Resolution::Sd, 1)]);
}

#[tokio::test]
async fn an_order_by_chance_stays_and_newcomers_do_not_disturb_it() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Plex).await;
    let films: Vec<_> = (0..60).map(|n| film(&format!("f{n:02}"), &format!("Film {n:02}"))).collect();
    fixture.list(place, &films[..50]).await;
    let random = |seed| ItemQuery { sort: ItemSort::Random(seed), ..all(place) };
    let first = names(&fixture, &random(1)).await;
    assert_eq!(names(&fixture, &random(1)).await, first);
    assert_ne!(names(&fixture, &random(2)).await, first);
    assert_ne!(names(&fixture, &all(place)).await, first);
    let part = ItemQuery { limit: 5, offset: 20, ..random(1) };
    let part = fixture.db.items().list(&part).await.unwrap();
    assert_eq!(remotes(&part), first[20..25]);
    fixture.list(place, &films).await;
    let mut later = names(&fixture, &random(1)).await;
    assert_eq!(later.len(), 60);
    later.retain(|name| first.contains(name));
    assert_eq!(later, first);
}

#[tokio::test]
async fn favourites_are_of_all_sources_that_are_on() {
    let (fixture, place) = shelf().await;
    let other = fixture.db.sources().insert(&new_source(SourceKind::Jellyfin, "Cellar")).await.unwrap();
    let listed = [(RemoteId::new("all"), LibraryKind::Mixed, "All".to_owned())];
    let library = fixture.db.libraries().reconcile(other, &listed).await.unwrap()[0].id;
    let mut favourite = film("x", "Amour");
    favourite.watch.favourite = Some(true);
    fixture.list(Place { source: other, library }, &[favourite, film("y", "Zulu")]).await;
    let favourites = ItemQuery::of(ItemScope::Favourites);
    assert_eq!(names(&fixture, &favourites).await, ["x", "c"]);
    fixture.db.sources().set_enabled(other, false).await.unwrap();
    assert_eq!(names(&fixture, &favourites).await, ["c"]);
    let _ = place;
}

#[tokio::test]
async fn letters_and_typed_beginnings_lead_to_places() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let titles = ["2001", "Alien", "Amour", "Élan", "Zulu", "千と灯の海"];
    let films: Vec<_> = titles.iter().map(|title| film(title, title)).collect();
    fixture.list(place, &films).await;
    let items = fixture.db.items();
    let letters = items.letters(&all(place)).await.unwrap();
    let letters: Vec<_> = letters.iter().map(|(letter, place)| (letter.as_str(), *place)).collect();
    assert_eq!(letters, [("#", 0), ("A", 1), ("E", 3), ("Z", 4), ("…", 5)]);
    let down = ItemQuery { descending: true, ..all(place) };
    for (typed, up, upside_down) in [("am", 2, 3), ("É", 3, 2), ("elan", 3, 2), ("a", 1, 3), ("zz", 5, 1)] {
        assert_eq!(items.place_of(&all(place), typed).await.unwrap(), up, "{typed}");
        assert_eq!(items.place_of(&down, typed).await.unwrap(), upside_down, "{typed} descending");
    }
}

#[tokio::test]
async fn years_lead_to_places_in_the_order_of_release() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Local).await;
    let dated = |title: &str, date: Option<&str>| ItemRecord {
        release_date: date.map(|date| date.parse().unwrap()),
        ..film(title, title)
    };
    let films = [
        dated("a", Some("2019-05-01")),
        dated("b", Some("2021-01-01")),
        dated("c", None),
        dated("d", Some("2019-12-31")),
    ];
    fixture.list(place, &films).await;
    let query = ItemQuery { sort: ItemSort::ReleaseDate, ..all(place) };
    let items = fixture.db.items();
    assert_eq!(items.years(&query).await.unwrap(), [(None, 0), (Some(2019), 1), (Some(2021), 3)]);
    let down = ItemQuery { descending: true, ..query.clone() };
    assert_eq!(items.years(&down).await.unwrap(), [(Some(2021), 0), (Some(2019), 1), (None, 3)]);
    assert_eq!(names(&fixture, &down).await, ["b", "d", "a", "c"]);
}

#[tokio::test]
async fn the_choices_of_a_library_are_kept_when_it_is_listed_again() {
    let fixture = Fixture::new().await;
    let place = fixture.place(SourceKind::Jellyfin).await;
    let libraries = fixture.db.libraries();
    assert_eq!(libraries.view(place.library).await.unwrap(), LibraryView::default());
    let view = LibraryView {
        sort: ItemSort::Random(9),
        descending: true,
        filter: ItemFilter { genre: Some("Drama".to_owned()), decade: Some(1990), ..ItemFilter::default() },
        layout: Layout::List,
        poster_width: Some(190),
    };
    libraries.set_view(place.library, &view).await.unwrap();
    let listed = [(RemoteId::new("all"), LibraryKind::Movies, "Everything".to_owned())];
    libraries.reconcile(place.source, &listed).await.unwrap();
    assert_eq!(libraries.view(place.library).await.unwrap(), view);
    assert!(libraries.view(LibraryId(99)).await.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// A part of any list is that part of the whole.
    #[test]
    fn a_part_is_a_part_of_the_whole(
        ratings in prop::collection::vec(prop::option::of(0_u8..4), 1..40),
        limit in 0_u32..20,
        offset in 0_u32..45,
        descending: bool,
        seed in prop::option::of(0_u32..3),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new().await;
            let place = fixture.place(SourceKind::Plex).await;
            let films: Vec<_> = ratings.iter().enumerate().map(|(n, rating)| {
                let mut film = film(&n.to_string(), "Film");
                film.rating = rating.map(f32::from);
                film
            }).collect();
            fixture.list(place, &films).await;
            let sort = seed.map_or(ItemSort::Rating, ItemSort::Random);
            let whole = ItemQuery { sort, descending, ..all(place) };
            let ids = fixture.db.items().ids(&whole).await.unwrap();
            prop_assert_eq!(ids.len(), ratings.len());
            let part = ItemQuery { limit, offset, ..whole };
            let part = fixture.db.items().list(&part).await.unwrap();
            let part: Vec<_> = part.into_iter().map(|item| item.id).collect();
            let wanted: Vec<_> = ids.into_iter().skip(offset as usize).take(limit as usize).collect();
            prop_assert_eq!(part, wanted);
            Ok(())
        })?;
    }
}
