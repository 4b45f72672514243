//! Music and photos in folders.

use std::fs;
use std::path::Path;

use gnome_reel::models::{ItemKind, LibraryKind, NewFolder, SourceId};
use gnome_reel::services::core::{FolderService, LibraryService, PlaybackService, SourceService};
use reel_testbed::media::{Container, SampleVideos};

use super::{grid, library, titles};
use crate::support::{Bed, soon};

/// Copies the sample of sound to these places.
async fn make_music(folder: &Path, files: &[&str]) {
    let sample = SampleVideos::prepare().await.unwrap().get(Container::Flac).path.clone();
    for file in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(&sample, path).unwrap();
    }
}

/// Draws pictures, each another one.
fn make_photos(folder: &Path, files: &[&str]) {
    for (seed, file) in (1_u64..).zip(files) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, reel_testbed::images::photo("", seed, 60, 40)).unwrap();
    }
}

async fn add(bed: &Bed, folder: &Path) -> SourceId {
    let folder = NewFolder::new(fs::canonicalize(folder).unwrap());
    let id = SourceService::add_folders(&bed.ctx, &[folder], None).await.unwrap();
    soon(bed.sync(id)).await;
    id
}

const ALBUM: &str = "The Slow Ferries/Low Water (2016)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_audio_files_is_music() {
    let bed = Bed::new().await;
    let folder = bed.folder.path().join("songs");
    let (first, second) = (format!("{ALBUM}/01 Salt Wind.flac"), format!("{ALBUM}/02 Pilot Light.flac"));
    make_music(&folder, &[&first, &second, "Blue Hour/CD1/01 Rain.flac", "Blue Hour/CD2/01 Signal.flac"])
        .await;
    make_photos(&folder, &[&format!("{ALBUM}/cover.png")]);
    assert_eq!(FolderService::guess(&bed.ctx, &folder).await.unwrap(), LibraryKind::Music);
    let id = add(&bed, &folder).await;

    let music = library(&bed, id, LibraryKind::Music).await;
    assert_eq!((music.title.as_str(), music.item_count), ("Music", 2));
    let albums = grid(&bed, &music).await;
    assert_eq!(titles(&albums), ["Blue Hour", "Low Water"]);
    let low = albums.last().unwrap();
    assert_eq!(low.record.series_title.as_deref(), Some("The Slow Ferries"));
    assert_eq!(low.record.year, Some(2016));
    assert!(low.record.images.primary.is_some(), "the cover beside the files");
    let tracks = LibraryService::tracks_of(&bed.ctx, low).await.unwrap();
    assert_eq!(titles(&tracks), ["Salt Wind", "Pilot Light"]);
    // Only who looks into files knows how long they are.
    let length = cfg!(feature = "media-probe").then(|| Container::Flac.length());
    assert_eq!(tracks[0].record.duration, length);
    let discs = LibraryService::tracks_of(&bed.ctx, &albums[0]).await.unwrap();
    assert_eq!(discs.iter().map(|track| track.record.season).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let artists = LibraryService::artists(&bed.ctx, music.id).await.unwrap();
    assert_eq!(titles(&artists), ["The Slow Ferries"]);
    PlaybackService::prepare(&bed.ctx, low.id, None, false).await.unwrap();

    // What is deleted goes, and a second reading changes nothing.
    fs::remove_file(folder.join(&second)).unwrap();
    let summary = soon(bed.sync(id)).await;
    assert_eq!((summary.inserted, summary.removed), (0, 1), "{summary:?}");
    let summary = soon(bed.sync(id)).await;
    assert_eq!((summary.inserted, summary.updated, summary.removed), (0, 0, 0), "{summary:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_pictures_is_photos() {
    let bed = Bed::new().await;
    let folder = bed.folder.path().join("pictures");
    make_photos(&folder, &["2022/Coast/a.png", "2022/Coast/b.png", "2022/c.png", "loose.png"]);
    assert_eq!(FolderService::guess(&bed.ctx, &folder).await.unwrap(), LibraryKind::Photos);
    let id = add(&bed, &folder).await;
    let photos = library(&bed, id, LibraryKind::Photos).await;
    let shown = grid(&bed, &photos).await;
    assert_eq!(titles(&shown), ["2022", "loose"]);
    let inside = LibraryService::photos_in(&bed.ctx, shown[0].id).await.unwrap();
    assert_eq!(titles(&inside), ["Coast", "c"]);
    assert_eq!(inside[0].record.kind, ItemKind::PhotoAlbum);
    assert_eq!(LibraryService::photos_in(&bed.ctx, inside[0].id).await.unwrap().len(), 2);
    fs::remove_dir_all(folder.join("2022/Coast")).unwrap();
    assert_eq!(soon(bed.sync(id)).await.removed, 3, "two photos and their folder");
}
