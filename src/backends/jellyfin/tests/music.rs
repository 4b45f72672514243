//! Music, photos and home videos.

use serde_json::{Value, json};

use crate::backends::jellyfin::map::{self, Entry};
use crate::backends::jellyfin::{listing, map_details};
use crate::backends::{Delta, ItemPage, LibraryRecord, OVERLAP, PageRequest};
use crate::models::{ItemKind, ItemRecord, LibraryKind, RemoteId, StreamKind};

const PAGE: PageRequest = PageRequest { start: 0, limit: 500 };

fn read(value: Value) -> ItemRecord {
    match map::entry(value) {
        Entry::Item(record) => *record,
        other => panic!("no item: {other:?}"),
    }
}

fn track(artists: &Value) -> Value {
    json!({
        "Id": "t1", "Name": "Tide", "Type": "Audio", "SortName": "0002 - 0007 - Tide", "IndexNumber": 7,
        "ParentIndexNumber": 2, "AlbumId": "al", "Album": "Low Water", "AlbumPrimaryImageTag": "cover",
        "AlbumArtist": "The Ferries", "AlbumArtists": [{"Name": "The Ferries", "Id": "ar"}, {"Name": "x"}],
        "Artists": artists, "RunTimeTicks": 2_100_000_000_i64, "ImageTags": {"Primary": "own"},
        "UserData": {"Played": true, "PlayCount": 3}
    })
}

#[test]
fn a_track_has_its_place_on_its_album() {
    let track = read(track(&json!(["The Ferries"])));
    assert_eq!((track.kind, track.season, track.episode), (ItemKind::Track, Some(2), Some(7)));
    assert_eq!((track.parent, track.series), (Some(RemoteId::new("al")), Some(RemoteId::new("ar"))));
    assert_eq!((track.series_title.as_deref(), track.artist), (Some("The Ferries"), None));
    assert_eq!(track.sort_title, None, "disc and number are no title");
    assert_eq!(track.images.primary.unwrap().as_str(), "al/Primary/0/cover");
    assert!(track.watch.watched && track.watch.play_count == 3);
}

#[test]
fn who_plays_a_track_is_told_where_the_album_does_not() {
    let track = read(track(&json!(["Ana", "Bea", " "])));
    assert_eq!(track.artist.as_deref(), Some("Ana, Bea"));
}

#[test]
fn an_album_is_its_artists_and_nothing_to_be_watched() {
    let album = read(json!({
        "Id": "al", "Name": "Low Water", "Type": "MusicAlbum", "ProductionYear": 2016,
        "AlbumArtists": [{"Name": "The Ferries", "Id": "ar"}],
        "UserData": {"Played": true, "UnplayedItemCount": 4}
    }));
    assert_eq!((album.kind, album.year), (ItemKind::Album, Some(2016)));
    assert_eq!((album.parent.clone(), album.series), (Some(RemoteId::new("ar")), album.parent));
    assert_eq!((album.watch.watched, album.unwatched_children), (false, None));
    // A sampler that nobody is the artist of is called after who plays on it.
    let sampler = read(json!({"Id": "s", "Name": "S", "Type": "MusicAlbum", "Artists": ["Ana", "Bea"]}));
    assert_eq!((sampler.series, sampler.series_title.as_deref()), (None, Some("Ana, Bea")));
}

#[test]
fn photos_lie_in_folders_of_two_types() {
    for name in ["PhotoAlbum", "Folder"] {
        let folder = read(json!({"Id": "f", "Name": "2022", "Type": name, "ParentId": "up"}));
        assert_eq!((folder.kind, folder.parent), (ItemKind::PhotoAlbum, Some(RemoteId::new("up"))), "{name}");
    }
    let photo = json!({
        "Id": "p", "Name": "Pier", "Type": "Photo", "AlbumId": "f", "ParentId": "f",
        "PremiereDate": "2022-07-10T18:04:11.0000000Z", "Width": 2400, "Height": 1600
    });
    let details = map_details::details(&serde_json::from_value(photo.clone()).unwrap(), &[]);
    let stream = &details.versions[0].streams[0];
    assert_eq!((stream.kind, stream.width, stream.height), (StreamKind::Video, Some(2400), Some(1600)));
    let photo = read(photo);
    assert_eq!((photo.kind, photo.parent), (ItemKind::Photo, Some(RemoteId::new("f"))));
    assert_eq!(photo.release_date.unwrap().to_string(), "2022-07-10");
}

fn query(library: LibraryKind, kind: ItemKind) -> (String, Vec<(String, String)>) {
    let library = LibraryRecord::new(RemoteId::new("f137"), library, "x");
    let url = listing::page_call("9f0e", &library, kind, PAGE).url(&"http://h:8096".parse().unwrap());
    (url.path().to_owned(), url.query_pairs().into_owned().collect())
}

#[test]
fn artists_come_from_a_list_of_their_own() {
    let (path, query) = query(LibraryKind::Music, ItemKind::Artist);
    assert_eq!(path, "/Artists/AlbumArtists");
    let has = |name: &str, value: &str| query.contains(&(name.to_owned(), value.to_owned()));
    assert!(has("parentId", "f137") && has("userId", "9f0e") && has("limit", "500"));
    assert!(!query.iter().any(|(name, _)| name == "includeItemTypes"));
}

#[test]
fn folders_of_home_videos_are_no_albums() {
    let types = |library, kind| {
        let (_, query) = query(library, kind);
        query.into_iter().find(|(name, _)| name == "includeItemTypes").unwrap().1
    };
    assert_eq!(types(LibraryKind::HomeVideos, ItemKind::PhotoAlbum), "PhotoAlbum");
    assert_eq!(types(LibraryKind::Photos, ItemKind::PhotoAlbum), "PhotoAlbum,Folder");
}

#[test]
fn new_artists_are_read_until_one_that_was_known() {
    let since = "2024-05-01T12:00:00Z".parse().unwrap();
    let artist = |added| {
        let mut record = ItemRecord::new(RemoteId::new("a"), ItemKind::Artist, "A");
        record.added_at = Some(added);
        record
    };
    let is_last = |added| {
        let page = ItemPage { items: vec![artist(added)], total: Some(900), ..ItemPage::default() };
        listing::is_last(&page, Delta::Described(since), PAGE)
    };
    assert!(!is_last(since));
    assert!(!is_last(since - OVERLAP), "as late as it may have been stored");
    assert!(is_last(since - OVERLAP * 2));
}
