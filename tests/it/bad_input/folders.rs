//! Folders that are none, and what may lie in one.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use gnome_reel::backends::Location;
use gnome_reel::models::SourceId;
use gnome_reel::services::core::{BackendService, SourceService};
use gnome_reel::services::{FolderProblem, ServiceError};
use reel_testbed::media::{Container, SampleVideos};

use super::{assert_untouched, sentence};
use crate::support::{Bed, soon};

async fn refused(folder: &Path) -> FolderProblem {
    let bed = Bed::new().await;
    let error = SourceService::add_folder(&bed.ctx, folder, None, None).await.unwrap_err();
    sentence(&error);
    assert_untouched(&bed).await;
    match error {
        ServiceError::Folder(problem) => problem,
        other => panic!("{other:?}"),
    }
}

async fn video(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let videos = SampleVideos::prepare().await.unwrap();
    fs::copy(&videos.get(Container::Mp4).path, path).unwrap();
}

/// A folder with one good film, and an app that has it as a source after `spoil`.
async fn synced(spoil: impl FnOnce(&Path)) -> (Bed, PathBuf, SourceId) {
    let bed = Bed::new().await;
    let folder = bed.folder.path().join("films");
    video(&folder.join("Good Film (2001)/Good Film (2001).mp4")).await;
    spoil(&folder);
    let id = SourceService::add_folder(&bed.ctx, &folder, None, None).await.unwrap();
    soon(bed.sync(id)).await;
    (bed, folder, id)
}

async fn titles(bed: &Bed, id: SourceId) -> Vec<String> {
    bed.items(id).await.into_iter().map(|item| item.record.title).collect()
}

#[tokio::test]
async fn missing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(&folder.path().join("not-there")).await, FolderProblem::Missing);
    assert_eq!(refused(Path::new("")).await, FolderProblem::Missing);
}

#[tokio::test]
async fn a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("film.mkv");
    fs::write(&file, "x").unwrap();
    assert_eq!(refused(&file).await, FolderProblem::NotAFolder);
}

#[tokio::test]
async fn unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    video(&closed.join("Film (2001).mp4")).await;
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // Who may read everything (root) cannot be kept out by permissions; a name that no file can have is refused
    // to everybody in the same way.
    let wanted = if fs::read_dir(&closed).is_err() { closed } else { PathBuf::from("a\0b") };
    assert_eq!(refused(&wanted).await, FolderProblem::Unreadable);
}

#[tokio::test]
async fn empty() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(folder.path()).await, FolderProblem::Empty);
    fs::create_dir(folder.path().join("inside")).unwrap();
    fs::write(folder.path().join("inside/notes.txt"), "no film").unwrap();
    assert_eq!(refused(folder.path()).await, FolderProblem::Empty);
}

#[tokio::test]
async fn the_same_folder_twice() {
    let (bed, folder, id) = synced(|_| {}).await;
    let by_another_name = bed.folder.path().join("link");
    symlink(&folder, &by_another_name).unwrap();
    let error = SourceService::add_folder(&bed.ctx, &by_another_name, None, None).await.unwrap_err();
    assert!(matches!(error, ServiceError::Duplicate(known) if known == id), "{error:?}");
    sentence(&error);
}

#[tokio::test]
async fn a_loop_of_links() {
    let (bed, _, id) = synced(|folder| {
        symlink(folder, folder.join("Good Film (2001)/again")).unwrap();
        symlink("loop", folder.join("loop")).unwrap();
        symlink("/does/not/exist.mkv", folder.join("Gone (2002).mkv")).unwrap();
    })
    .await;
    assert_eq!(titles(&bed, id).await, ["Good Film"]);
}

#[tokio::test]
async fn names_that_are_not_unicode() {
    let (bed, folder, id) = synced(|folder| {
        let name = OsStr::from_bytes(b"Ni\xf1o (2003).mp4");
        fs::copy(folder.join("Good Film (2001)/Good Film (2001).mp4"), folder.join(name)).unwrap();
    })
    .await;
    let items = bed.items(id).await;
    assert_eq!(items.len(), 2);
    let odd = items.iter().find(|item| item.record.title != "Good Film").unwrap();
    assert!(odd.record.title.starts_with("Ni"), "{}", odd.record.title);
    let stream = BackendService::get_stream_url(&bed.ctx, odd.id, None).await.unwrap();
    let Location::File(path) = stream.location else { panic!("a folder's film is a file") };
    assert_eq!(path, fs::canonicalize(folder).unwrap().join(OsStr::from_bytes(b"Ni\xf1o (2003).mp4")));
    assert!(path.is_file());
    // Its id goes there and back.
    assert_eq!(bed.sync(id).await.inserted, 0);
}

#[tokio::test]
async fn broken_videos_and_descriptions() {
    let (bed, _, id) = synced(|folder| {
        fs::write(folder.join("Corrupt (2004).mkv"), [0x1a, 0x45, 0xdf, 0xa3, 0xff, 1, 2, 3]).unwrap();
        fs::write(folder.join("Empty (2005).mp4"), "").unwrap();
        let film = folder.join("Good Film (2001)");
        fs::write(film.join("movie.nfo"), "<movie><title>Half</tit \u{1} & nothing").unwrap();
        fs::write(film.join("poster.jpg"), "no picture").unwrap();
        fs::write(film.join("Good Film (2001).en.srt"), [0xff, 0xfe, 0, 1]).unwrap();
    })
    .await;
    let titles = titles(&bed, id).await;
    // What cannot be looked into is still a file with a name; one of no bytes is none.
    assert!(titles.contains(&"Corrupt".to_owned()), "{titles:?}");
    assert!(titles.contains(&"Good Film".to_owned()), "{titles:?}");
    for item in bed.items(id).await {
        BackendService::get_details(&bed.ctx, item.id).await.unwrap();
    }
    assert_eq!(bed.sync(id).await.removed, 0);
}

#[tokio::test]
async fn a_folder_that_is_away_loses_nothing() {
    let (bed, folder, id) = synced(|_| {}).await;
    let elsewhere = bed.folder.path().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    let error = bed.try_sync(id).await.unwrap_err();
    sentence(&error);
    assert_eq!(titles(&bed, id).await, ["Good Film"]);
    assert!(!bed.ctx.db.sources().get(id).await.unwrap().is_online);
    // An empty place where a disk was is the same.
    fs::create_dir(&folder).unwrap();
    let _whatever = bed.try_sync(id).await;
    assert_eq!(titles(&bed, id).await, ["Good Film"]);
    fs::remove_dir(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();
    bed.sync(id).await;
    assert!(bed.ctx.db.sources().get(id).await.unwrap().is_online);
}
