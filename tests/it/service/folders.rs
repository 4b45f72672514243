//! Sources of several folders: what they are called, that they come and go, and what is kept of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gnome_reel::models::{Folder, Item, LibraryKind, NewFolder, SourceId};
use gnome_reel::services::core::sync::SyncOptions;
use gnome_reel::services::core::{BackendService, FolderService, PlaybackService, SourceService};
use gnome_reel::services::events::Event;
use gnome_reel::services::{FolderProblem, ServiceError};

use crate::support::{Bed, drain, soon};

mod away;
mod kinds;
mod moving;

/// A folder with these files, each with a content of its own.
fn make(bed: &Bed, name: &str, files: &[&str]) -> PathBuf {
    let folder = bed.folder.path().join(name);
    for file in files {
        write(&folder.join(file), file);
    }
    fs::create_dir_all(&folder).unwrap();
    fs::canonicalize(folder).unwrap()
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A synced source of these folders.
async fn add(bed: &Bed, folders: &[&Path]) -> SourceId {
    let folders: Vec<NewFolder> = folders.iter().map(|folder| NewFolder::new(*folder)).collect();
    let id = SourceService::add_folders(&bed.ctx, &folders, None).await.unwrap();
    soon(bed.sync(id)).await;
    id
}

async fn folders(bed: &Bed, id: SourceId) -> Vec<Folder> {
    bed.ctx.db.sources().get(id).await.unwrap().folders
}

/// Ids within the source, sorted.
async fn names(bed: &Bed, id: SourceId) -> Vec<String> {
    let mut names: Vec<String> =
        bed.items(id).await.into_iter().map(|item| item.record.remote_id.to_string()).collect();
    names.sort();
    names
}

async fn titles(bed: &Bed, id: SourceId) -> Vec<String> {
    let libraries = bed.ctx.db.libraries().list(Some(id)).await.unwrap();
    libraries.into_iter().map(|library| library.title).collect()
}

const PLACE: Duration = Duration::from_mins(3);

/// Leaves a place in an item.
async fn watch(bed: &Bed, item: &Item) {
    PlaybackService::set_position(&bed.ctx, item.id, PLACE).await.unwrap();
}

/// That the item of this name is the one it was, with its place.
async fn assert_kept(bed: &Bed, id: SourceId, name: &str, before: &Item) {
    let now = bed.item(id, name).await;
    assert_eq!((now.id, now.record.watch.position), (before.id, PLACE), "{name}");
}

#[tokio::test]
async fn equal_files_of_two_folders_are_two_items() {
    let bed = Bed::new().await;
    let one = make(&bed, "one", &["Alien (1979)/Alien.mkv", "Alien (1979)/poster.jpg"]);
    let two = make(&bed, "two", &["Alien (1979)/Alien.mkv", "Alien (1979)/poster.jpg"]);
    fs::write(two.join("Alien (1979)/poster.jpg"), "another picture").unwrap();
    let id = add(&bed, &[&one, &two]).await;
    let number = folders(&bed, id).await[1].number.0;
    let second = format!("{number}@movie:Alien%20(1979)/");
    assert_eq!(names(&bed, id).await, [second.clone(), "movie:Alien%20(1979)/".to_owned()]);
    assert_eq!(titles(&bed, id).await, ["one", "two"]);
    for (name, folder) in [("movie:Alien%20(1979)/", &one), (second.as_str(), &two)] {
        let item = bed.item(id, name).await;
        let stream = BackendService::get_stream_url(&bed.ctx, item.id, None).await.unwrap();
        let file = folder.join("Alien (1979)/Alien.mkv");
        assert!(
            matches!(&stream.location, gnome_reel::backends::Location::File(path) if *path == file),
            "{stream:?}"
        );
        BackendService::get_details(&bed.ctx, item.id).await.unwrap();
        let key = item.record.images.primary.clone().unwrap();
        let request = gnome_reel::models::ImageRequest { key, size: gnome_reel::models::ImageSize::Small };
        let picture = gnome_reel::services::images::ImageService::file(&bed.ctx, id, &request).await.unwrap();
        assert_eq!(picture, folder.join("Alien (1979)/poster.jpg"));
    }
    // Reading details has not changed what they are called.
    assert_eq!(bed.items(id).await.len(), 2);
    watch(&bed, &bed.item(id, &second).await).await;
    assert_eq!(bed.item(id, "movie:Alien%20(1979)/").await.record.watch.position, Duration::ZERO);
}

#[tokio::test]
async fn folders_are_added_to_a_source_and_removed_from_it() {
    let bed = Bed::new().await;
    let films = make(&bed, "films", &["Alien (1979).mkv"]);
    let more = make(&bed, "more", &["Dark/Season 1/S01E01.mkv", "Heat (1995).mkv"]);
    let id = add(&bed, &[&films]).await;
    assert_eq!(titles(&bed, id).await, ["Films"], "the only folder needs no name");
    let before = bed.item(id, "movie:alien%20(1979)").await;
    watch(&bed, &before).await;
    let mut events = bed.ctx.events.subscribe();
    let added = SourceService::add_folder_to(&bed.ctx, id, &NewFolder::new(&more)).await.unwrap();
    assert!(drain(&mut events).contains(&Event::FolderBack(id)), "it is to be read");
    bed.sync(id).await;
    assert_eq!(titles(&bed, id).await, ["films", "more – Films", "more – Series"]);
    assert_eq!(bed.items(id).await.len(), 1 + 1 + 3);
    assert_kept(&bed, id, "movie:alien%20(1979)", &before).await;

    SourceService::remove_folder(&bed.ctx, id, added).await.unwrap();
    assert_eq!(names(&bed, id).await, ["movie:alien%20(1979)"]);
    bed.sync(id).await;
    assert_eq!(titles(&bed, id).await, ["Films"]);
    assert!(more.join("Heat (1995).mkv").exists(), "no file is touched");
    let error = SourceService::remove_folder(&bed.ctx, id, folders(&bed, id).await[0].id).await.unwrap_err();
    assert!(matches!(error, ServiceError::Folder(FolderProblem::Last)), "{error:?}");
    // Another one has numbers of its own.
    let again = SourceService::add_folder_to(&bed.ctx, id, &NewFolder::new(&more)).await.unwrap();
    assert!(again > added);
}

#[tokio::test]
async fn the_first_folder_can_be_removed_and_the_others_stay_as_they_are() {
    let bed = Bed::new().await;
    let (one, two) = (make(&bed, "one", &["Alien (1979).mkv"]), make(&bed, "two", &["Heat (1995).mkv"]));
    let id = add(&bed, &[&one, &two]).await;
    let name = names(&bed, id).await.into_iter().find(|name| name.contains("heat")).unwrap();
    let before = bed.item(id, &name).await;
    watch(&bed, &before).await;
    SourceService::remove_folder(&bed.ctx, id, folders(&bed, id).await[0].id).await.unwrap();
    bed.sync(id).await;
    assert_eq!(names(&bed, id).await, std::slice::from_ref(&name));
    assert_kept(&bed, id, &name, &before).await;
}

#[tokio::test]
async fn folders_that_make_no_sense_are_refused() {
    let bed = Bed::new().await;
    let films = make(&bed, "films", &["Alien (1979).mkv", "Inside/Heat (1995).mkv"]);
    let other = make(&bed, "other", &["Ran (1985).mkv"]);
    let empty = make(&bed, "empty", &[]);
    let inside = films.join("Inside");
    let id = add(&bed, &[&films]).await;
    for (folder, wanted) in [
        (&inside, FolderProblem::Overlaps),
        (&empty, FolderProblem::Empty),
        (&films.join("Alien (1979).mkv"), FolderProblem::NotAFolder),
        (&films.join("gone"), FolderProblem::Missing),
    ] {
        let error = SourceService::add_folder_to(&bed.ctx, id, &NewFolder::new(folder)).await.unwrap_err();
        assert!(matches!(error, ServiceError::Folder(problem) if problem == wanted), "{folder:?}: {error:?}");
    }
    let again = SourceService::add_folder_to(&bed.ctx, id, &NewFolder::new(&films)).await.unwrap_err();
    assert!(matches!(again, ServiceError::Duplicate(known) if known == id), "{again:?}");
    let both = [NewFolder::new(&other), NewFolder::new(&other)];
    let twice = SourceService::add_folders(&bed.ctx, &both, None).await.unwrap_err();
    assert!(matches!(twice, ServiceError::Folder(FolderProblem::Overlaps)), "{twice:?}");
    assert_eq!(bed.ctx.db.sources().list().await.unwrap().len(), 1, "none was added by halves");
    assert_eq!(folders(&bed, id).await.len(), 1);
}
