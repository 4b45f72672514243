//! Items of a listing.

use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::film;
use crate::backends::jellyfin::map::{self, Entry};
use crate::models::{ItemKind, ItemRecord, RemoteId};

fn read(value: Value) -> ItemRecord {
    match map::entry(value) {
        Entry::Item(record) => *record,
        other => panic!("no item: {other:?}"),
    }
}

#[test]
fn a_full_film_keeps_everything() {
    let film = read(film());
    assert_eq!(film.remote_id, RemoteId::new("0a1b"));
    assert_eq!(film.kind, ItemKind::Movie);
    assert_eq!(film.title, "The Lantern");
    assert_eq!(film.original_title.as_deref(), Some("La Linterna"));
    assert_eq!(film.sort_title.as_deref(), Some("lantern"));
    assert_eq!(film.year, Some(2019));
    assert_eq!(film.release_date, NaiveDate::from_ymd_opt(2019, 10, 11));
    assert_eq!(film.added_at.unwrap().to_rfc3339(), "2024-03-09T20:11:02+00:00");
    assert_eq!(film.duration, Some(Duration::from_millis(6_843_008)));
    assert_eq!(film.rating, Some(7.4));
    assert_eq!(film.critic_rating, Some(8.8));
    assert_eq!(film.age_rating.as_deref(), Some("PG-13"));
    assert_eq!(film.tagline.as_deref(), Some("Keep the light."));
    assert_eq!(film.genres, ["Drama", "Sea"]);
    assert_eq!(film.external_ids.imdb.as_deref(), Some("tt1234567"));
    assert_eq!(film.external_ids.tmdb.as_deref(), Some("54321"));
    assert_eq!(film.external_ids.tvdb, None);
    assert_eq!(film.images.primary.unwrap().as_str(), "0a1b/Primary/0/aa11");
    assert_eq!(film.images.backdrop.unwrap().as_str(), "0a1b/Backdrop/0/dd44");
    assert_eq!(film.images.logo.unwrap().as_str(), "0a1b/Logo/0/bb22");
    assert_eq!(film.images.series_poster, None);
    assert_eq!(film.watch.position, Duration::from_secs(2135));
    assert_eq!((film.watch.watched, film.watch.play_count, film.watch.favourite), (false, 1, Some(true)));
    assert_eq!(film.watch.last_played_at.unwrap().to_rfc3339(), "2025-01-01T21:00:00+00:00");
    assert_eq!((film.parent, film.series, film.season), (None, None, None));
    assert_eq!(film.change_mark.as_deref(), Some("5d41"));
}

#[test]
fn a_minimal_item_is_an_item() {
    let record = read(json!({"Id": "m", "Name": "Bare", "Type": "Movie"}));
    assert_eq!(record, ItemRecord::new(RemoteId::new("m"), ItemKind::Movie, "Bare"));
}

#[test]
fn an_episode_knows_its_place() {
    let episode = read(json!({
        "Id": "e12", "Name": "Two Parts", "Type": "Episode", "SeriesId": "s1", "SeriesName": "Harbour",
        "SeasonId": "s1n0", "SeasonName": "Specials", "ParentIndexNumber": 0, "IndexNumber": 1, "IndexNumberEnd": 2,
        "SeriesPrimaryImageTag": "p0", "ImageTags": {}, "ParentBackdropItemId": "s1",
        "ParentBackdropImageTags": ["b0", "b1"], "ParentLogoItemId": "s1", "ParentLogoImageTag": "l0",
        "UserData": {"Played": true, "PlayCount": 3, "IsFavorite": false, "PlaybackPositionTicks": -5}
    }));
    assert_eq!(episode.parent, Some(RemoteId::new("s1n0")));
    assert_eq!(episode.series, Some(RemoteId::new("s1")));
    assert_eq!(episode.series_title.as_deref(), Some("Harbour"));
    assert_eq!((episode.season, episode.episode, episode.episode_end), (Some(0), Some(1), Some(2)));
    assert_eq!(episode.images.primary, None);
    assert_eq!(episode.images.backdrop.unwrap().as_str(), "s1/Backdrop/0/b0");
    assert_eq!(episode.images.logo.unwrap().as_str(), "s1/Logo/0/l0");
    assert_eq!(episode.images.series_poster.unwrap().as_str(), "s1/Primary/0/p0");
    assert!(episode.watch.watched);
    assert_eq!(episode.watch.position, Duration::ZERO);
    assert_eq!(episode.watch.favourite, Some(false));
}

#[test]
fn series_and_seasons_count_what_is_not_watched() {
    let series = read(json!({
        "Id": "s1", "Name": "Harbour", "Type": "Series", "IndexNumber": 9, "RecursiveItemCount": 20, "ChildCount": 2,
        "UserData": {"UnplayedItemCount": 7, "Played": false}
    }));
    assert_eq!((series.unwatched_children, series.child_count), (Some(7), Some(20)));
    assert_eq!((series.season, series.episode, series.parent), (None, None, None));

    let season = read(json!({
        "Id": "s1n2", "Name": "Season 2", "Type": "Season", "SeriesId": "s1", "SeriesName": "Harbour",
        "IndexNumber": 2, "ChildCount": 10, "LocationType": "Virtual", "UserData": {"UnplayedItemCount": 10}
    }));
    assert_eq!(season.parent, Some(RemoteId::new("s1")));
    assert_eq!((season.season, season.episode, season.child_count), (Some(2), None, Some(10)));
}

#[test]
fn unknown_dates_and_years_are_none() {
    for (value, year, released) in [
        (json!({"PremiereDate": "0001-01-01T00:00:00.0000000Z", "ProductionYear": 1}), None, false),
        (json!({"PremiereDate": "soon", "ProductionYear": null}), None, false),
        (json!({"PremiereDate": "2019-10-11T00:00:00.0000000Z"}), Some(2019), true),
        (json!({"PremiereDate": "2019-10-11T00:00:00"}), Some(2019), true),
        (json!({"ProductionYear": "1987"}), Some(1987), false),
    ] {
        let mut item = json!({"Id": "d", "Name": "Dated", "Type": "Movie"});
        item.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        let record = read(item);
        assert_eq!((record.year, record.release_date.is_some()), (year, released), "{value}");
    }
}

#[test]
fn entries_that_are_no_items() {
    for (value, expected) in [
        (
            json!({"Id": "v", "Name": "Next week", "Type": "Episode", "LocationType": "Virtual"}),
            Entry::Virtual,
        ),
        (json!({"Name": "No id", "Type": "Movie"}), Entry::Broken),
        (json!({"Id": "n", "Type": "Movie"}), Entry::Broken),
        (json!({"Id": ["x"], "Name": "List", "Type": "Movie"}), Entry::Broken),
        (json!(["l", "List", "Movie"]), Entry::Broken),
        (json!("text"), Entry::Broken),
        (json!(null), Entry::Broken),
    ] {
        assert_eq!(map::entry(value.clone()), expected, "{value}");
    }
}

#[test]
fn unknown_types_are_other_and_values_out_of_range_are_absent() {
    let record = read(json!({
        "Id": "x", "Name": "Odd", "Type": "Hologram", "CommunityRating": 70, "CriticRating": -1,
        "RunTimeTicks": 0, "ProductionYear": 99_999_999_999_i64, "Genres": "Drama", "ImageTags": "a", "UserData": 5
    }));
    assert_eq!(record, ItemRecord::new(RemoteId::new("x"), ItemKind::Other, "Odd"));
}

#[test]
fn ticks_and_durations_agree() {
    let position = Duration::from_millis(2_135_040);
    assert_eq!(map::ticks(position), 21_350_400_000);
    assert_eq!(map::duration(&map::ticks(position).into()), Some(position));
    assert_eq!(map::duration(&i64::MIN.into()), None);
    assert_eq!(map::ticks(Duration::MAX), i64::MAX);
}
