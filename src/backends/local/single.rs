//! A file that somebody opens by itself. Everything here blocks.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::naming::{extension, stem};
use super::path::RelativePath;
use super::stamp::Stamp;
use super::subtitles;
use super::tree::Tree;
use crate::backends::{BackendError, Delivery, Location, Result, StreamSource};
use crate::models::{FileMark, Quality};
use crate::net::ErrorKind;

const OPEN: &str = "open a file";

/// A file, and how it plays.
#[derive(Debug, Clone)]
pub struct SingleFile {
    /// Where it is, without links.
    pub path: PathBuf,
    /// By what it is known again.
    pub mark: FileMark,
    /// What it is called.
    pub title: String,
    /// How it plays, with the subtitles beside it.
    pub source: StreamSource,
}

impl SingleFile {
    /// Looks at a file.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Storage` as the file is, and `NotFound` for what is no file.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |error: io::Error| BackendError::from_io(OPEN, &error);
        let path = fs::canonicalize(path).map_err(failed)?;
        let metadata = fs::File::open(&path).and_then(|file| file.metadata()).map_err(failed)?;
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().filter(|_| metadata.is_file()))
        else {
            return Err(BackendError::new(ErrorKind::NotFound, OPEN));
        };
        let stamp = Stamp::of(&metadata);
        // A folder that cannot be listed has no subtitles to offer.
        let subtitles = Tree::read_one(folder, &RelativePath::root())
            .map(|tree| subtitles::beside(&tree, &RelativePath::root(), name))
            .unwrap_or_default();
        let source = StreamSource {
            location: Location::File(path.clone()),
            version_id: String::new(),
            container: extension(name),
            duration: None,
            subtitles: subtitles.iter().map(|subtitle| subtitle.source(folder)).collect(),
            play_session_id: None,
            delivery: Delivery::direct(None, Quality::Original),
        };
        let title = stem(name).map_or_else(|| name.to_string_lossy().into_owned(), str::to_owned);
        let mark = FileMark { inode: metadata.ino(), size: stamp.size, modified: stamp.modified };
        Ok(Self { path, mark, title, source })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_with_the_subtitles_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("The Lantern.mkv");
        fs::write(&film, b"film").unwrap();
        fs::write(folder.path().join("The Lantern.de.srt"), b"1").unwrap();
        fs::write(folder.path().join("Another.de.srt"), b"1").unwrap();
        let found = SingleFile::read(&film).unwrap();
        assert_eq!((found.title.as_str(), found.mark.size), ("The Lantern", 4));
        let languages: Vec<_> = found.source.subtitles.iter().map(|file| file.language.as_deref()).collect();
        assert_eq!(languages, [Some("de")]);
    }

    #[test]
    fn what_is_no_file_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("gone.mkv")] {
            assert_eq!(SingleFile::read(&path).unwrap_err().kind(), ErrorKind::NotFound, "{path:?}");
        }
    }
}
