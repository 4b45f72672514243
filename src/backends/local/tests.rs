//! The backend over real folders.
#![allow(clippy::unwrap_used, reason = "tests")]

mod away;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::contents::Contents;
use super::*;
use crate::backends::ClientIdentity;
use crate::models::{ImageKey, ImageSize, StreamKind};

/// A folder, a cache, and backends over them.
struct Fixture {
    folder: TempDir,
    cache: TempDir,
}

impl Fixture {
    fn new(files: &[&str]) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        for file in files {
            fixture.write(file, b"");
        }
        fixture
    }

    fn write(&self, file: &str, content: &[u8]) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn backend(&self) -> LocalBackend {
        self.backend_of(None)
    }

    fn backend_of(&self, kind: Option<LibraryKind>) -> LocalBackend {
        self.backend_over(vec![FolderSpec::new(self.folder.path(), kind)])
    }

    fn backend_over(&self, folders: Vec<FolderSpec>) -> LocalBackend {
        let looks = FolderLooks::default();
        LocalBackend::from_auth(&AuthProvider::Local, folders, self.cache.path(), &looks).unwrap()
    }
}

/// The library of a kind of the first folder.
fn library(kind: LibraryKind) -> LibraryRecord {
    LibraryRecord::new(RemoteId::new(kind.as_str()), kind, "")
}

/// All items of a kind, in pages of two.
async fn list(backend: &LocalBackend, library_kind: LibraryKind, kind: ItemKind) -> Vec<ItemRecord> {
    let library = library(library_kind);
    let mut items = Vec::new();
    let mut start = 0;
    loop {
        let page = backend.items(&library, kind, PageRequest { start, limit: 2 }).await.unwrap();
        assert!(page.received() <= 2);
        if page.received() == 0 {
            return items;
        }
        start += page.received();
        items.extend(page.items);
    }
}

fn titles(items: &[ItemRecord]) -> Vec<&str> {
    items.iter().map(|item| item.title.as_str()).collect()
}

#[tokio::test]
async fn a_folder_becomes_libraries_and_items() {
    let fixture = Fixture::new(&[
        "Films/Alien (1979)/Alien (1979).mkv",
        "Films/Aliens (1986).mkv",
        "Films/Alien³ (1992) {tmdb-8077}.mp4",
        "TV/Dark (2017)/Season 01/S01E01.mkv",
        "TV/Dark (2017)/Season 01/S01E02-E03 - Lügen.mkv",
        "TV/Dark (2017)/Specials/S00E01.mkv",
        "Clips/zoo.mp4",
    ]);
    let backend = fixture.backend();
    backend.test_connection().await.unwrap();
    let libraries = backend.libraries().await.unwrap();
    let names: Vec<_> =
        libraries.iter().map(|library| (library.remote_id.as_str(), library.title.as_str())).collect();
    assert_eq!(names, [("movies", "Films"), ("shows", "Series")]);

    let films = list(&backend, LibraryKind::Movies, ItemKind::Movie).await;
    assert_eq!(titles(&films), ["zoo", "Aliens", "Alien³", "Alien"]);
    assert_eq!(films[2].external_ids.tmdb.as_deref(), Some("8077"));
    let series = list(&backend, LibraryKind::Shows, ItemKind::Series).await;
    assert_eq!((titles(&series), series[0].year, series[0].child_count), (vec!["Dark"], Some(2017), Some(3)));
    let seasons = list(&backend, LibraryKind::Shows, ItemKind::Season).await;
    assert_eq!(titles(&seasons), ["Specials", "Season 1"]);
    let episodes = list(&backend, LibraryKind::Shows, ItemKind::Episode).await;
    assert_eq!(titles(&episodes), ["Episode 1", "Episode 1", "Lügen"]);
    let last = &episodes[2];
    assert_eq!((last.season, last.episode, last.episode_end), (Some(1), Some(2), Some(3)));
    assert_eq!(last.parent.as_ref(), Some(&seasons[1].remote_id));
    assert_eq!(last.series.as_ref(), Some(&series[0].remote_id));
    assert_eq!(seasons[1].parent.as_ref(), Some(&series[0].remote_id));
    assert_eq!(last.series_title.as_deref(), Some("Dark"));

    let page = PageRequest { start: 1, limit: 2 };
    let page = backend.items(&libraries[0], ItemKind::Movie, page).await.unwrap();
    assert_eq!((page.items.len(), page.skipped, page.total), (2, 0, Some(4)));
    let none =
        backend.items(&libraries[0], ItemKind::Episode, PageRequest { start: 0, limit: 5 }).await.unwrap();
    assert_eq!((none.items.len(), none.total), (0, Some(0)));
}

#[tokio::test]
async fn every_listed_item_has_details_that_agree() {
    let fixture = Fixture::new(&[
        "Alien (1979)/Alien (1979) - 1080p.mkv",
        "Alien (1979)/Alien (1979) - 4K.mkv",
        "Alien (1979)/Alien (1979) - 4K.en.srt",
        "Aliens (1986).mkv",
        "Dark/Season 1/S01E01.mkv",
        "Down/1899.S01E01.1080p-X/x.mkv",
        "a b/odd one.mp4",
        "a b/another.mp4",
        "a b/third.mp4",
    ]);
    fixture.write("Dark/tvshow.nfo", b"<tvshow><title>Dark!</title></tvshow>");
    let listing = fixture.backend();
    let mut seen = 0;
    for library in listing.libraries().await.unwrap() {
        for kind in library.kind.listed_kinds() {
            for item in list(&listing, library.kind, *kind).await {
                let alone = fixture.backend().details(&item.remote_id).await.unwrap();
                assert_eq!(alone.item, item);
                assert_eq!(listing.details(&item.remote_id).await.unwrap(), alone);
                if kind.is_playable() {
                    let source =
                        fixture.backend().stream(&item.remote_id, &StreamAsk::original(None)).await.unwrap();
                    assert_eq!(source.version_id, alone.details.versions[0].id);
                }
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 2 + 2 + 2 + 2 + 3);

    let film = RemoteId::new("movie:Alien%20(1979)/");
    let versions = fixture.backend().details(&film).await.unwrap().details.versions;
    assert_eq!(
        versions.iter().map(|version| version.name.as_deref()).collect::<Vec<_>>(),
        [Some("4K"), Some("1080p")]
    );
    let subtitles: Vec<_> =
        versions[0].streams.iter().map(|stream| (stream.kind, stream.language.as_deref())).collect();
    assert_eq!(subtitles, [(StreamKind::Subtitle, Some("en"))]);
    let second = fixture.backend().stream(&film, &StreamAsk::original(Some(&versions[1].id))).await.unwrap();
    assert!(matches!(&second.location, Location::File(path) if path.ends_with("Alien (1979) - 1080p.mkv")));
    assert_eq!((second.subtitles.len(), second.container.as_deref()), (0, Some("mkv")));
    let first = fixture.backend().stream(&film, &StreamAsk::original(None)).await.unwrap();
    assert_eq!(first.subtitles[0].stream_id, versions[0].streams[0].id);
    let none = fixture.backend().stream(&film, &StreamAsk::original(Some("other.mkv"))).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn descriptions_and_pictures_beside_the_files_are_used() {
    let fixture =
        Fixture::new(&["Alien (1979)/a.mkv", "Dark/Season 1/S01E01.mkv", "Dark/Season 1/S01E02-E03.mkv"]);
    fixture.write(
        "Alien (1979)/movie.nfo",
        b"<movie><title>Alien!</title><plot>Space.</plot><director>R S</director><studio>B</studio></movie>",
    );
    fixture.write("Alien (1979)/poster.jpg", b"poster");
    fixture.write("Alien (1979)/fanart.jpg", b"fanart");
    fixture.write("Dark/tvshow.nfo", b"<tvshow><title>DARK</title><year>2017</year></tvshow>");
    fixture.write("Dark/poster.png", b"poster");
    fixture.write("Dark/season01-poster.jpg", b"poster");
    fixture.write("Dark/Season 1/S01E01.nfo", b"garbage \xff\xfe <<<");
    fixture.write("Dark/Season 1/S01E02-E03.nfo", b"<episodedetails><title>Two</title><aired>2017-12-01</aired></episodedetails><episodedetails><title>Three</title></episodedetails>");
    let backend = fixture.backend();
    let film = &list(&backend, LibraryKind::Movies, ItemKind::Movie).await[0];
    assert_eq!(
        (film.title.as_str(), film.year, film.summary.as_deref()),
        ("Alien!", Some(1979), Some("Space."))
    );
    let details = backend.details(&film.remote_id).await.unwrap().details;
    assert_eq!((details.credits[0].name.as_str(), details.studios[0].as_str()), ("R S", "B"));
    for (key, content) in [(&film.images.primary, "poster"), (&film.images.backdrop, "fanart")] {
        let request = ImageRequest { key: key.clone().unwrap(), size: ImageSize::Small };
        let Location::File(path) = backend.image(&request).unwrap() else { unreachable!() };
        assert_eq!(fs::read_to_string(path).unwrap(), content);
    }
    let series = &list(&backend, LibraryKind::Shows, ItemKind::Series).await[0];
    assert_eq!((series.title.as_str(), series.year), ("DARK", Some(2017)));
    let season = &list(&backend, LibraryKind::Shows, ItemKind::Season).await[0];
    assert!(season.images.primary.as_ref().unwrap().as_str().starts_with("Dark/season01-poster.jpg?"));
    assert_eq!(season.images.series_poster, series.images.primary);
    let episodes = list(&backend, LibraryKind::Shows, ItemKind::Episode).await;
    assert_eq!(titles(&episodes), ["Episode 1", "Two / Three"]);
    assert_eq!(episodes[1].release_date.map(|date| date.to_string()).as_deref(), Some("2017-12-01"));
    assert_eq!(episodes[1].series_title.as_deref(), Some("DARK"));
    assert_eq!(episodes[1].images.series_poster, series.images.primary);
}

#[tokio::test]
async fn a_change_of_the_files_changes_the_mark() {
    let fixture = Fixture::new(&["Alien (1979).mkv"]);
    let id = RemoteId::new("movie:alien%20(1979)");
    let mut marks = vec![fixture.backend().details(&id).await.unwrap().item.change_mark];
    for (file, content) in [
        ("Alien (1979).mkv", &b"more"[..]),
        ("Alien (1979) - 4K.mkv", b""),
        ("Alien (1979).nfo", b"<movie><plot>x</plot></movie>"),
        ("Alien (1979)-poster.jpg", b"x"),
    ] {
        fixture.write(file, content);
        let mark = fixture.backend().details(&id).await.unwrap().item.change_mark;
        assert!(mark.is_some() && !marks.contains(&mark), "{file}");
        marks.push(mark);
    }
    assert_eq!(fixture.backend().details(&id).await.unwrap().item.change_mark, marks[4]);
}

#[tokio::test]
async fn names_that_are_not_utf8_play() {
    let fixture = Fixture::new(&[]);
    let folder = fixture.folder.path().join(OsStr::from_bytes(b"F\xffilms"));
    fs::create_dir(&folder).unwrap();
    for name in [&b"\xe9t\xe9.mkv"[..], b"\xe8t\xe9.mkv"] {
        fs::write(folder.join(OsStr::from_bytes(name)), b"x").unwrap();
    }
    let backend = fixture.backend_of(Some(LibraryKind::Movies));
    let films = list(&backend, LibraryKind::Movies, ItemKind::Movie).await;
    assert_eq!(titles(&films), ["\u{fffd}t\u{fffd}", "\u{fffd}t\u{fffd}"]);
    assert_ne!(films[0].remote_id, films[1].remote_id);
    for film in &films {
        let Location::File(path) =
            backend.stream(&film.remote_id, &StreamAsk::original(None)).await.unwrap().location
        else {
            unreachable!()
        };
        assert!(path.exists());
        assert_eq!(
            fixture.backend_of(Some(LibraryKind::Movies)).details(&film.remote_id).await.unwrap().item,
            *film
        );
    }
}

#[tokio::test]
async fn loops_of_links_end() {
    let fixture = Fixture::new(&["a/Alien (1979).mkv"]);
    symlink(fixture.folder.path(), fixture.folder.path().join("a/again")).unwrap();
    symlink("self", fixture.folder.path().join("self")).unwrap();
    let films = list(&fixture.backend(), LibraryKind::Movies, ItemKind::Movie).await;
    assert_eq!(titles(&films), ["Alien"]);
}

#[tokio::test]
async fn ids_and_keys_from_outside_lead_nowhere() {
    let fixture = Fixture::new(&["in/Alien (1979).mkv", ".hidden/b.mp4"]);
    let backend = fixture.backend();
    for text in [
        "",
        "x",
        "movie:../x",
        "video:../../etc/passwd",
        "video:.hidden/b.mp4",
        "movie:gone/",
        "series:=no",
        "season:1:gone/",
        "video:in/no.mp4",
    ] {
        let result = backend.details(&RemoteId::new(text)).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound, "{text}");
    }
    let request = ImageRequest { key: ImageKey::new("../../etc/passwd?1"), size: ImageSize::Small };
    assert_eq!(backend.image(&request).unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_folder_takes_every_report_and_keeps_no_state() {
    let fixture = Fixture::new(&["Alien (1979).mkv"]);
    let backend = fixture.backend();
    let id = RemoteId::new("movie:alien%20(1979)");
    backend.set_watched(&id, true, Utc::now()).await.unwrap();
    backend.set_favourite(&id, true).await.unwrap();
    assert_eq!(backend.watch_state(&id).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(backend.search("alien", 5).await.unwrap(), []);
}

#[test]
fn only_a_folders_credentials_open_a_folder() {
    let client = ClientIdentity { device_id: "d".to_owned(), device_name: "n".to_owned() };
    let auth = AuthProvider::Plex { token: SecretString::from("t"), client };
    let folders = vec![FolderSpec::new("/", None)];
    let result = LocalBackend::from_auth(&auth, folders, Path::new("/tmp"), &FolderLooks::default());
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Credentials);
}

#[test]
fn the_kind_of_a_folder_is_guessed() {
    for (files, kind) in [
        (&["Alien (1979).mkv", "Odd.mkv", "Aliens (1986).mkv"][..], LibraryKind::Movies),
        (&["Dark/Season 1/S01E01.mkv"], LibraryKind::Shows),
        (&["IMG_1.mp4", "IMG_2.mp4"], LibraryKind::HomeVideos),
        (&["Alien (1979).mkv", "Dark/S01E01.mkv"], LibraryKind::Mixed),
        (&[], LibraryKind::Mixed),
    ] {
        assert_eq!(guess_kind(Fixture::new(files).folder.path()), kind, "{files:?}");
    }
}

#[cfg(feature = "media-probe")]
#[tokio::test]
async fn real_damaged_and_empty_videos_are_all_listed() {
    let fixture = Fixture::new(&["a empty.mp4", "b broken.mp4"]);
    fixture.write("b broken.mp4", &[1; 5000]);
    test_video::make(&fixture.folder.path().join("c good.mkv"));
    let videos = list(&fixture.backend(), LibraryKind::HomeVideos, ItemKind::Video).await;
    assert_eq!(titles(&videos), ["a empty", "b broken", "c good"]);
    let known: Vec<_> =
        videos.iter().map(|video| (video.duration.is_some(), video.images.primary.is_some())).collect();
    assert_eq!(known, [(false, false), (false, false), (true, true)]);
    let request = ImageRequest { key: videos[2].images.primary.clone().unwrap(), size: ImageSize::Small };
    let Location::File(path) = fixture.backend().image(&request).unwrap() else { unreachable!() };
    assert!(path.starts_with(fixture.cache.path()) && path.exists());
    let details = fixture.backend().details(&videos[2].remote_id).await.unwrap().details;
    assert_eq!(details.versions[0].streams.len(), 2);
    let source = fixture.backend().stream(&videos[2].remote_id, &StreamAsk::original(None)).await.unwrap();
    assert_eq!((source.container.as_deref(), source.duration), (Some("mkv"), videos[2].duration));
}
