//! Photos and the folders that they lie in. Pure.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use crate::backends::local::ids::Place;
use crate::backends::local::naming::{is_image, is_media, stem};
use crate::backends::local::path::RelativePath;
use crate::backends::local::tree::{Folder, Tree};

/// What pictures are called that stand for something beside them.
const ARTWORK: &[&str] = &[
    "poster",
    "folder",
    "cover",
    "front",
    "albumart",
    "movie",
    "show",
    "default",
    "fanart",
    "backdrop",
    "background",
    "landscape",
    "banner",
    "clearart",
    "clearlogo",
    "logo",
    "disc",
    "discart",
    "thumb",
];

/// A folder with photos in it, or in a folder below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFolder {
    /// The folder.
    pub folder: RelativePath,
    /// The photo that stands for it.
    pub first: RelativePath,
}

/// A photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The folder that it lies in.
    pub folder: RelativePath,
    /// Its file.
    pub file: OsString,
}

/// All photos of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Photos {
    /// Folders by path.
    pub folders: Vec<PhotoFolder>,
    /// Photos by path.
    pub photos: Vec<Photo>,
}

impl Photo {
    /// Where it lies.
    pub fn place(&self) -> Place {
        Place { folder: self.folder.clone(), key: Some(self.file.clone()) }
    }

    /// Its file.
    pub fn path(&self) -> RelativePath {
        self.folder.child(&self.file)
    }
}

impl Photos {
    /// Every picture of a tree, and the folders around.
    pub fn of_tree(tree: &Tree) -> Self {
        let mut folders: BTreeMap<RelativePath, RelativePath> = BTreeMap::new();
        let mut photos = Vec::new();
        for (path, folder) in &tree.folders {
            for file in folder.files.iter().filter(|file| is_image(file)) {
                let photo = Photo { folder: path.clone(), file: file.clone() };
                for around in path.ancestors().filter(|around| !around.is_root()) {
                    folders.entry(around).or_insert_with(|| photo.path());
                }
                photos.push(photo);
            }
        }
        let folders = folders.into_iter().map(|(folder, first)| PhotoFolder { folder, first }).collect();
        Self { folders, photos }
    }
}

/// Whether a picture stands for something beside it: a film, an album.
pub fn is_artwork(folder: &Folder, file: &OsStr) -> bool {
    let Some(name) = stem(file).map(str::to_lowercase) else { return false };
    let word = name.rsplit(['-', '.', ' ']).next().unwrap_or(&name);
    let is_named = ARTWORK.contains(&word) || name.starts_with("season");
    is_named || folder.files.iter().filter(|other| is_media(other)).any(|other| stem(other) == stem(file))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::guess;
    use super::*;
    use crate::models::LibraryKind;

    fn tree(files: &[&str]) -> Tree {
        let mut tree = Tree::default();
        for file in files {
            let path = RelativePath::decode(file).unwrap();
            let folder = path.parent().unwrap();
            tree.folders.entry(folder).or_default().files.push(path.name().unwrap().to_owned());
        }
        tree
    }

    #[test]
    fn every_folder_above_a_photo_is_one() {
        let photos = Photos::of_tree(&tree(&["a.jpg", "2019/Coast/b.JPG", "2019/Coast/c.png", "notes.txt"]));
        let folders: Vec<_> =
            photos.folders.iter().map(|folder| (folder.folder.encode(), folder.first.encode())).collect();
        let first = || "2019/Coast/b.JPG".to_owned();
        assert_eq!(folders, [("2019".to_owned(), first()), ("2019/Coast".to_owned(), first())]);
        assert_eq!(photos.photos.len(), 3);
    }

    #[test]
    fn what_most_files_are_says_what_a_folder_holds() {
        for (files, kind) in [
            (
                &["A%20(1999)/a.mkv", "A%20(1999)/poster.jpg", "A%20(1999)/a.jpg", "A%20(1999)/fanart.jpg"][..],
                None,
            ),
            (&["A/01%20x.flac", "A/02%20y.flac", "A/cover.jpg"], Some(LibraryKind::Music)),
            (&["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "clip.mp4"], Some(LibraryKind::Photos)),
            (&["a.jpg", "clip.mp4"], None),
            (&["film.mkv", "theme.mp3"], None),
            (&["readme.txt"], None),
        ] {
            assert_eq!(guess(&tree(files)), kind, "{files:?}");
        }
    }
}
