//! Items and libraries as real and invented servers write them.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;
use crate::backends::PageRequest;
use crate::backends::plex::dto::Envelope;
use crate::backends::plex::listing;

const FILMS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/movie_library.json");
const SERIES: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/tv_library.json");
const SEASONS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/tv_seasons.json");
const EPISODES: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/tv_episodes.json");

fn listed(text: &str, kind: ItemKind) -> Vec<ItemRecord> {
    let container = serde_json::from_str::<Envelope>(text).unwrap().container;
    let page = listing::page(&container, kind, PageRequest { start: 0, limit: 200 }).unwrap();
    assert_eq!(page.skipped, 0);
    assert_eq!(page.total, Some(page.received()));
    page.items
}

fn read(value: &Value) -> ItemRecord {
    let metadata = decode(value).unwrap();
    item(&metadata, &Container::default(), kind(&metadata)).unwrap()
}

fn watch(value: &Value) -> (bool, u64, u32) {
    let metadata = decode(value).unwrap();
    let state = watch_state(&metadata, kind(&metadata));
    (state.watched, u64::try_from(state.position.as_millis()).unwrap(), state.play_count)
}

#[test]
fn films_of_a_real_server() {
    let films = listed(FILMS, ItemKind::Movie);
    let titles: Vec<_> = films.iter().map(|film| film.title.as_str()).collect();
    assert_eq!(titles, ["Big Buck Bunny", "Elephants Dream", "Interstate 60", "Sintel"]);
    let bunny = &films[0];
    assert_eq!(bunny.remote_id, RemoteId::new("55"));
    assert_eq!(bunny.external_ids.imdb.as_deref(), Some("tt1254207"));
    assert_eq!(bunny.release_date, NaiveDate::from_ymd_opt(2008, 4, 10));
    assert_eq!(bunny.genres, ["Animation", "Comedy"]);
    assert_eq!(bunny.critic_rating, Some(6.2));
    assert_eq!(bunny.rating, None);
    assert_eq!(bunny.duration, Some(Duration::from_millis(5062)));
    assert_eq!(bunny.images.primary, Some(ImageKey::new("/library/metadata/55/thumb/1579514152")));
    assert_eq!(bunny.change_mark.as_deref(), Some("1579514152"));
    assert_eq!(bunny.watch, WatchState::default());
}

#[test]
fn series_seasons_and_episodes_of_a_real_server() {
    let series = &listed(SERIES, ItemKind::Series)[0];
    assert_eq!((series.title.as_str(), series.sort_title.as_deref()), ("The 100", Some("100")));
    assert_eq!((series.child_count, series.unwatched_children), (Some(18), Some(18)));
    assert_eq!(series.external_ids.tvdb.as_deref(), Some("268592"));

    let season = &listed(SEASONS, ItemKind::Season)[0];
    assert_eq!(season.parent, Some(RemoteId::new("22")));
    assert_eq!(season.series, Some(RemoteId::new("22")));
    assert_eq!(season.series_title.as_deref(), Some("The 100"));
    assert_eq!((season.season, season.child_count), (Some(1), Some(9)));
    assert_eq!(season.external_ids.tvdb, None);
    assert_eq!(season.images.series_poster, Some(ImageKey::new("/library/metadata/22/thumb/1579514246")));

    let episodes = listed(EPISODES, ItemKind::Episode);
    let pilot = &episodes[0];
    assert_eq!((pilot.season, pilot.episode), (Some(1), Some(1)));
    assert_eq!(pilot.parent, Some(RemoteId::new("89")));
    assert_eq!(pilot.series, Some(RemoteId::new("22")));
    assert_eq!(pilot.images.backdrop, Some(ImageKey::new("/library/metadata/22/art/1579514246")));
    assert_eq!(pilot.images.series_poster, Some(ImageKey::new("/library/metadata/22/thumb/1579514246")));
}

#[test]
fn a_film_with_everything() {
    let film = read(&json!({
        "ratingKey": 1049, "guid": "plex://movie/5d77", "type": "movie", "title": "The Lantern",
        "titleSort": "Lantern", "originalTitle": "La Linterna", "contentRating": "PG-13", "summary": "Light.",
        "rating": 8.8, "audienceRating": "7.4", "viewCount": 1, "lastViewedAt": 1_735_765_200, "year": "2019",
        "tagline": "Lit.", "thumb": "/library/metadata/1049/thumb/17", "duration": "6843008",
        "originallyAvailableAt": "2019-10-11 00:00:00", "addedAt": 1_710_015_062, "updatedAt": 1_735_700_000,
        "Image": [{"type": "background", "url": "/library/metadata/1049/art/17"},
                  {"type": "clearLogo", "url": "/library/metadata/1049/clearLogo/17"}],
        "Guid": [{"id": "tmdb://54321"}], "Genre": [{"tag": "Drama"}, {"tag": ""}, 3]
    }));
    assert_eq!(film.remote_id, RemoteId::new("1049"));
    assert_eq!(film.kind, ItemKind::Movie);
    assert_eq!((film.rating, film.critic_rating), (Some(7.4), Some(8.8)));
    assert_eq!(film.year, Some(2019));
    assert_eq!(film.release_date, NaiveDate::from_ymd_opt(2019, 10, 11));
    assert_eq!(film.duration, Some(Duration::from_millis(6_843_008)));
    assert_eq!(film.added_at, DateTime::from_timestamp(1_710_015_062, 0));
    assert_eq!(film.images.logo, Some(ImageKey::new("/library/metadata/1049/clearLogo/17")));
    assert_eq!(film.images.backdrop, Some(ImageKey::new("/library/metadata/1049/art/17")));
    assert_eq!(film.genres, ["Drama"]);
    assert!(film.watch.watched);
    assert_eq!(film.watch.favourite, None);
    assert_eq!(film.watch.last_played_at, DateTime::from_timestamp(1_735_765_200, 0));
}

#[test]
fn a_film_with_nothing() {
    let film = read(&json!({"ratingKey": "1", "type": "movie", "year": 1, "userRating": -1, "rating": -1,
        "originallyAvailableAt": "0001-01-01", "addedAt": 0, "duration": 0, "title": null, "titleSort": "b"}));
    let mut expected = ItemRecord::new(RemoteId::new("1"), ItemKind::Movie, "b");
    expected.sort_title = Some("b".to_owned());
    expected.change_mark = Some("0".to_owned());
    assert_eq!(film, expected);
}

#[test]
fn shared_attributes_stand_on_the_container() {
    let shared: Container = serde_json::from_value(json!({
        "grandparentRatingKey": 22, "grandparentTitle": "The 100", "parentIndex": "2", "parentRatingKey": 89,
        "grandparentThumb": "/library/metadata/22/thumb/3", "art": "/library/metadata/22/art/3"
    }))
    .unwrap();
    let episode =
        decode(&json!({"ratingKey": "90", "type": "episode", "title": "Pilot", "index": 4})).unwrap();
    let episode = item(&episode, &shared, ItemKind::Episode).unwrap();
    assert_eq!(episode.series, Some(RemoteId::new("22")));
    assert_eq!(episode.parent, Some(RemoteId::new("89")));
    assert_eq!(episode.series_title.as_deref(), Some("The 100"));
    assert_eq!((episode.season, episode.episode), (Some(2), Some(4)));
    assert_eq!(episode.images.series_poster, Some(ImageKey::new("/library/metadata/22/thumb/3")));
    assert_eq!(episode.images.backdrop, Some(ImageKey::new("/library/metadata/22/art/3")));
}

#[test]
fn a_sections_own_picture_is_not_that_of_its_items() {
    let shared: Container = serde_json::from_value(json!({"art": "/:/resources/movie-fanart.jpg"})).unwrap();
    let film = decode(&json!({"ratingKey": "1", "type": "movie"})).unwrap();
    assert_eq!(item(&film, &shared, ItemKind::Movie).unwrap().images, Images::default());
}

#[test]
fn watch_states() {
    for (value, expected) in [
        (json!({"type": "movie"}), (false, 0, 0)),
        (json!({"type": "movie", "viewCount": 2}), (true, 0, 2)),
        (json!({"type": "movie", "viewCount": "1", "viewOffset": 0}), (true, 0, 1)),
        (json!({"type": "movie", "viewOffset": "2135000"}), (false, 2_135_000, 0)),
        // Seen before, and in progress again.
        (json!({"type": "episode", "viewCount": 1, "viewOffset": 5}), (false, 5, 1)),
        (json!({"type": "show", "leafCount": 3, "viewedLeafCount": 3, "viewCount": 4}), (true, 0, 4)),
        (json!({"type": "show", "leafCount": 3, "viewedLeafCount": 2, "viewCount": 4}), (false, 0, 4)),
        (json!({"type": "season", "leafCount": 0, "viewedLeafCount": 0}), (false, 0, 0)),
        (json!({"type": "season", "leafCount": "2", "viewedLeafCount": "2", "viewOffset": 9}), (true, 0, 0)),
    ] {
        assert_eq!(watch(&value), expected, "{value}");
    }
}

#[test]
fn kinds_of_items() {
    for (value, expected) in [
        (json!({"type": "movie"}), ItemKind::Movie),
        (json!({"type": "movie", "subtype": "clip"}), ItemKind::Video),
        (json!({"type": "movie", "guid": "com.plexapp.agents.none://a1?lang=xn"}), ItemKind::Video),
        (json!({"type": "clip", "subtype": "trailer"}), ItemKind::Other),
        (json!({"type": "show"}), ItemKind::Series),
        (json!({"type": "collection"}), ItemKind::Other),
        (json!({"type": 1}), ItemKind::Other),
        (json!({}), ItemKind::Other),
    ] {
        assert_eq!(kind(&decode(&value).unwrap()), expected, "{value}");
    }
}

#[test]
fn kinds_of_libraries() {
    for (value, expected) in [
        (json!({"type": "movie", "agent": "tv.plex.agents.movie"}), LibraryKind::Movies),
        (json!({"type": "movie", "agent": "com.plexapp.agents.none"}), LibraryKind::HomeVideos),
        (json!({"type": "movie", "agent": "tv.plex.agents.none"}), LibraryKind::HomeVideos),
        (json!({"type": "show", "agent": "com.plexapp.agents.none"}), LibraryKind::Shows),
        (json!({"type": "artist"}), LibraryKind::Music),
        (json!({"type": "photo"}), LibraryKind::Photos),
        (json!({"type": "hologram"}), LibraryKind::Other),
    ] {
        let mut section: Directory = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(library(&section), None);
        section.key = serde_json::from_value(json!(3)).unwrap();
        let record = library(&section).unwrap();
        assert_eq!((record.kind, record.remote_id.as_str()), (expected, "3"), "{value}");
    }
}

#[test]
fn a_search_gives_each_item_once() {
    let container: Container = serde_json::from_value(json!({"Hub": [
        {"type": "actor", "Directory": [{"tag": "Ada Mir"}]},
        {"type": "movie", "Metadata": [{"ratingKey": "1", "type": "movie", "title": "a"}, null]},
        {"type": "show", "Metadata": [{"ratingKey": "2", "type": "show", "title": "b"},
            {"ratingKey": "3", "type": "season", "title": "c"}]},
        {"type": "collection", "Metadata": [{"ratingKey": "4", "type": "collection", "title": "d"}]},
        {"type": "mixed", "Metadata": [{"ratingKey": "1", "type": "movie", "title": "a"},
            {"ratingKey": "5", "type": "episode", "title": "e"}]}
    ]}))
    .unwrap();
    let ids = |limit| -> Vec<_> {
        found(&container, limit).iter().map(|item| item.remote_id.to_string()).collect()
    };
    assert_eq!(ids(10), ["1", "2", "5"]);
    assert_eq!(ids(2), ["1", "2"]);
}
