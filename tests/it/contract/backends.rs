//! One suite over the three backends.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::time::Duration;

use chrono::Utc;
use gnome_reel::backends::{BackendError, Location, PageRequest, StreamAsk};
use gnome_reel::models::{ImageRequest, ImageSize, ItemKind, PlayMethod, PlaybackEvent, PlaybackReport};
use gnome_reel::net::ErrorKind;
use secrecy::ExposeSecret as _;

use super::subject::{FILMS, Subject, sample_beginnings};

/// Makes of each `async fn name(subject: Subject)` one test for each backend.
macro_rules! on_all {
    ($($name:ident),* $(,)?) => {
        mod plex {
            $(#[tokio::test] async fn $name() { super::$name(super::Subject::plex().await).await; })*
        }
        mod jellyfin {
            $(#[tokio::test] async fn $name() { super::$name(super::Subject::jellyfin().await).await; })*
        }
        mod local {
            $(#[tokio::test] async fn $name() { super::$name(super::Subject::local().await).await; })*
        }
    };
}

on_all!(
    it_lets_us_in,
    libraries_have_names,
    pages_are_complete,
    children_know_their_parents,
    unknown_items_are_not_found,
    details_hold_a_version,
    a_stream_is_readable,
    a_mark_is_kept,
    a_position_is_kept,
    a_picture_can_be_fetched,
    a_search_finds,
);

async fn it_lets_us_in(subject: Subject) {
    subject.backend.test_connection().await.unwrap();
}

async fn libraries_have_names(subject: Subject) {
    let libraries = subject.backend.libraries().await.unwrap();
    assert!(!libraries.is_empty());
    let ids: BTreeSet<_> = libraries.iter().map(|library| library.remote_id.as_str()).collect();
    assert_eq!(ids.len(), libraries.len());
    assert!(libraries.iter().all(|library| !library.title.is_empty()));
    assert_eq!(subject.backend.libraries().await.unwrap(), libraries);
}

async fn pages_are_complete(subject: Subject) {
    let mut listed = Vec::new();
    for library in subject.backend.libraries().await.unwrap() {
        for kind in library.kind.listed_kinds() {
            let whole = subject.all(&library, *kind).await;
            let total = u32::try_from(whole.len()).unwrap();
            let mut paged = Vec::new();
            for start in (0..=total).step_by(3) {
                let page =
                    subject.backend.items(&library, *kind, PageRequest { start, limit: 3 }).await.unwrap();
                assert_eq!((page.total, page.skipped), (Some(total), 0));
                assert!(page.received() <= 3);
                paged.extend(page.items);
            }
            assert_eq!(paged, whole, "{kind:?}");
            let count =
                subject.backend.items(&library, *kind, PageRequest { start: 0, limit: 0 }).await.unwrap();
            assert_eq!((count.total, count.received()), (Some(total), 0));
            let ids: BTreeSet<_> = whole.iter().map(|item| item.remote_id.as_str().to_owned()).collect();
            assert_eq!(ids.len(), whole.len(), "no id twice");
            assert!(whole.iter().all(|item| item.kind == *kind && !item.title.is_empty()));
            listed.extend(whole);
        }
    }
    let of = |kind| listed.iter().filter(|item| item.kind == kind).count();
    let kinds = [ItemKind::Movie, ItemKind::Series, ItemKind::Season, ItemKind::Episode];
    assert_eq!(kinds.map(of), [FILMS, 2, 4, 12]);
}

async fn children_know_their_parents(subject: Subject) {
    for library in subject.backend.libraries().await.unwrap() {
        if !library.kind.listed_kinds().contains(&ItemKind::Episode) {
            continue;
        }
        let ids = |items: Vec<gnome_reel::models::ItemRecord>| -> BTreeSet<String> {
            items.iter().map(|item| item.remote_id.to_string()).collect()
        };
        let series = ids(subject.all(&library, ItemKind::Series).await);
        let season_records = subject.all(&library, ItemKind::Season).await;
        let seasons = ids(season_records.clone());
        assert!(
            season_records.iter().all(|season| series.contains(season.parent.as_ref().unwrap().as_str()))
        );
        for episode in subject.all(&library, ItemKind::Episode).await {
            assert!(seasons.contains(episode.parent.as_ref().unwrap().as_str()));
            assert!(series.contains(episode.series.as_ref().unwrap().as_str()));
            assert!(episode.season.is_some() && episode.episode.is_some());
            assert!(episode.series_title.is_some());
        }
    }
}

async fn unknown_items_are_not_found(subject: Subject) {
    let details = subject.backend.details(&subject.unknown).await.map(|_| ());
    let stream = subject.backend.stream(&subject.unknown, &StreamAsk::original(None)).await.map(|_| ());
    for result in [details, stream] {
        assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::NotFound));
    }
}

async fn details_hold_a_version(subject: Subject) {
    let film = subject.film().await;
    let found = subject.backend.details(&film.remote_id).await.unwrap();
    assert_eq!((found.item.remote_id, found.item.title), (film.remote_id.clone(), film.title));
    let version = &found.details.versions[0];
    let stream =
        subject.backend.stream(&film.remote_id, &StreamAsk::original(Some(&version.id))).await.unwrap();
    assert_eq!(stream.version_id, version.id);
    let other = subject.backend.stream(&film.remote_id, &StreamAsk::original(Some("no-such-version"))).await;
    assert_eq!(other.map(|_| ()).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
}

/// The first bytes of what is somewhere.
async fn read(location: &Location) -> Vec<u8> {
    match location {
        Location::File(path) => {
            let mut bytes = Vec::new();
            std::fs::File::open(path).unwrap().take(1000).read_to_end(&mut bytes).unwrap();
            bytes
        }
        Location::Remote(request) => {
            let mut call = reqwest::Client::new().get(request.url.clone()).header("range", "bytes=0-999");
            for (name, value) in &request.headers {
                call = call.header(*name, value.expose_secret());
            }
            let reply = call.send().await.unwrap().error_for_status().unwrap();
            let mut bytes = reply.bytes().await.unwrap().to_vec();
            bytes.truncate(1000);
            bytes
        }
    }
}

async fn a_stream_is_readable(subject: Subject) {
    let film = subject.film().await;
    let stream = subject.backend.stream(&film.remote_id, &StreamAsk::original(None)).await.unwrap();
    let bytes = read(&stream.location).await;
    assert!(sample_beginnings().await.contains(&bytes));
    if let Location::Remote(request) = &stream.location {
        assert!(
            request.headers.iter().all(|(_, value)| !request.url.as_str().contains(value.expose_secret()))
        );
    }
}

/// The state as the backend tells it; `None` when it keeps none.
async fn state(
    subject: &Subject,
    item: &gnome_reel::models::RemoteId,
) -> Option<gnome_reel::models::WatchState> {
    match subject.backend.watch_state(item).await {
        Ok(state) => Some(state),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            None
        }
    }
}

async fn a_mark_is_kept(subject: Subject) {
    let film = subject.film().await.remote_id;
    for watched in [true, true, false] {
        subject.backend.set_watched(&film, watched, Utc::now()).await.unwrap();
        assert!(state(&subject, &film).await.is_none_or(|state| state.watched == watched));
    }
    let unsupported = |result: Result<(), BackendError>| match result {
        Ok(()) => false,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            true
        }
    };
    for favourite in [true, false] {
        let none = unsupported(subject.backend.set_favourite(&film, favourite).await);
        let kept = state(&subject, &film).await.and_then(|state| state.favourite);
        assert!(none || kept.is_none_or(|kept| kept == favourite));
    }
}

async fn a_position_is_kept(subject: Subject) {
    let film = subject.film().await;
    let place = Duration::from_mins(14);
    let report = |event| PlaybackReport {
        event,
        position: place,
        duration: film.duration,
        at: Utc::now(),
        version_id: None,
        play_session_id: None,
        method: PlayMethod::Direct,
    };
    subject.backend.set_position(&film.remote_id, &report(PlaybackEvent::Stopped)).await.unwrap();
    assert!(state(&subject, &film.remote_id).await.is_none_or(|state| state.position == place));
    for event in
        [PlaybackEvent::Started, PlaybackEvent::Playing, PlaybackEvent::Paused, PlaybackEvent::Stopped]
    {
        subject.backend.report_playback(&film.remote_id, &report(event)).await.unwrap();
    }
    assert!(state(&subject, &film.remote_id).await.is_none_or(|state| state.position == place));
}

async fn a_picture_can_be_fetched(subject: Subject) {
    let key = subject.film().await.images.primary.unwrap();
    for size in [ImageSize::Small, ImageSize::Large] {
        let location = subject.backend.image(&ImageRequest { key: key.clone(), size }).unwrap();
        let bytes = read(&location).await;
        let known = [b"\x89PNG".as_slice(), b"\xff\xd8\xff", b"RIFF"];
        assert!(known.iter().any(|magic| bytes.starts_with(magic)), "{:?}", &bytes[..8]);
    }
}

async fn a_search_finds(subject: Subject) {
    let film = subject.film().await;
    let found = subject.backend.search(&film.title, 20).await.unwrap();
    // A folder has no search of its own: the local library is searched.
    assert!(found.iter().any(|item| item.remote_id == film.remote_id) == subject.is_server);
    assert!(subject.backend.search("zzz no such title zzz", 20).await.unwrap().is_empty());
}
