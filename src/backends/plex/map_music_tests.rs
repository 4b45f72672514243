//! Music and photos as a real server writes them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use super::*;
use crate::backends::plex::dto::Envelope;
use crate::backends::plex::{listing, map};
use crate::backends::{Delta, LibraryRecord, PageRequest};
use crate::models::{ImageKey, LibraryKind};

const ARTISTS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/music_library.json");
const ALBUMS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/music_albums.json");
const TRACKS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/music_tracks.json");
const PHOTOS: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/photo_library.json");
const INSIDE: &str = include_str!("../../../tests/fixtures/plex-api-0.0.12/photo_album.json");

const WHOLE: PageRequest = PageRequest { start: 0, limit: 200 };

fn listed(text: &str, kind: ItemKind) -> Vec<ItemRecord> {
    let container = serde_json::from_str::<Envelope>(text).unwrap().container;
    listing::page(&container, kind, WHOLE).unwrap().items
}

fn read(value: &serde_json::Value) -> ItemRecord {
    let metadata = map::decode(value).unwrap();
    map::item(&metadata, &Container::default(), map::kind(&metadata)).unwrap()
}

#[test]
fn artists_albums_and_tracks_hang_together() {
    let artists = listed(ARTISTS, ItemKind::Artist);
    assert_eq!(
        artists.iter().map(|artist| artist.title.as_str()).collect::<Vec<_>>(),
        ["Skrillex", "System of a Down"]
    );
    assert_eq!(artists[0].genres, ["Dubstep", "Electronic"]);
    let album = &listed(ALBUMS, ItemKind::Album)[0];
    assert_eq!(album.parent.as_ref(), Some(&artists[0].remote_id));
    assert_eq!(
        (album.series.clone(), album.series_title.as_deref()),
        (album.parent.clone(), Some("Skrillex"))
    );
    let tracks = listed(TRACKS, ItemKind::Track);
    let numbers: Vec<_> = tracks.iter().map(|track| (track.season, track.episode)).collect();
    assert_eq!(numbers, [(Some(1), Some(1)), (Some(1), Some(2)), (Some(1), Some(3))]);
    let first = &tracks[0];
    assert_eq!(first.parent.as_ref(), Some(&album.remote_id));
    assert_eq!((first.series.clone(), first.artist.clone()), (album.series.clone(), None));
    assert_eq!(first.duration, Some(Duration::from_millis(5491)));
    assert_eq!(first.images.primary, album.images.primary);
}

#[test]
fn who_plays_a_track_is_its_original_title() {
    let track = |performer: &str| {
        read(&serde_json::json!({
            "ratingKey": "1", "type": "track", "title": "Duet", "originalTitle": performer,
            "grandparentTitle": "Various Artists", "viewCount": 2
        }))
    };
    let duet = track("Ana & Bea");
    assert_eq!((duet.artist.as_deref(), duet.original_title), (Some("Ana & Bea"), None));
    assert!(duet.watch.watched && duet.watch.play_count == 2);
    assert_eq!(track("Various Artists").artist, None, "the album says it already");
}

#[test]
fn photos_and_their_folders_are_told_apart() {
    let folders = listed(PHOTOS, ItemKind::PhotoAlbum);
    assert_eq!((folders[0].title.as_str(), folders[0].parent.as_ref()), ("Cats", None));
    assert!(listed(PHOTOS, ItemKind::Photo).is_empty());
    let inner = &listed(INSIDE, ItemKind::PhotoAlbum)[0];
    assert_eq!((inner.title.as_str(), inner.parent.as_ref()), ("Cats in bed", Some(&folders[0].remote_id)));
    let photo = &listed(INSIDE, ItemKind::Photo)[0];
    assert_eq!(photo.parent.as_ref(), Some(&folders[0].remote_id));
    assert_eq!(photo.release_date.unwrap().to_string(), "2020-01-20");
    // The whole picture is the file; the item's own is a small one.
    assert_eq!(photo.images.backdrop, Some(ImageKey::new("/library/parts/50/1579515736/file.jpg")));
}

#[test]
fn a_section_of_videos_is_not_asked_for_photos() {
    let library = |kind| LibraryRecord::new(RemoteId::new("3"), kind, "x");
    let (videos, photos) = (library(LibraryKind::HomeVideos), library(LibraryKind::Photos));
    assert!(listing::never_holds(&videos, ItemKind::Photo));
    assert!(!listing::never_holds(&videos, ItemKind::Video));
    assert!(!listing::never_holds(&photos, ItemKind::PhotoAlbum));
    let since = Delta::Described(chrono::DateTime::UNIX_EPOCH);
    let call = listing::changes_call(&photos, ItemKind::PhotoAlbum, since, WHOLE).unwrap().unwrap();
    assert!(call.url(&"http://h:32400".parse().unwrap()).query().unwrap().contains("type=14"));
}
