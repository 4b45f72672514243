//! Pictures beside the files, by the names that Kodi, Plex and Jellyfin use, and their keys.
//!
//! A key is the path of the picture and a tag that changes with the file, so that a new picture is fetched
//! again: `Films/Alien%20(1979)/poster.jpg?18f3a2-4c00`. A thumbnail of our own is named after its video:
//! `thumb:Clips/a.mp4?…`.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::digest;
use super::naming::is_image;
use super::path::RelativePath;
use super::stamp::Stamp;
use super::tree::Tree;
use crate::models::{ImageKey, Images};

/// Extensions of pictures, in the order in which they are preferred.
const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp"];
/// Prefix of keys of thumbnails.
const THUMBNAIL: &str = "thumb:";

const POSTERS: &[&str] = &["poster", "folder", "cover", "movie", "show", "default"];
const COVERS: &[&str] = &["cover", "folder", "front", "album", "albumart", "poster", "default"];
const PORTRAITS: &[&str] = &["artist", "folder", "poster", "photo"];
const BACKDROPS: &[&str] = &["fanart", "backdrop", "background", "landscape"];
const LOGOS: &[&str] = &["clearlogo", "logo"];

/// What a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// A picture in the folder.
    Beside(RelativePath),
    /// A thumbnail of the video at this path, of the file that has this tag.
    Thumbnail(RelativePath, String),
}

impl Picture {
    /// Reads a key: it comes from outside. `None` for anything that is no picture.
    pub fn parse(key: &ImageKey) -> Option<Self> {
        let (path, tag) = key.as_str().rsplit_once('?')?;
        if let Some(video) = path.strip_prefix(THUMBNAIL) {
            let plain = tag.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
            return RelativePath::decode(video)
                .filter(|_| plain)
                .map(|path| Self::Thumbnail(path, tag.to_owned()));
        }
        let path = RelativePath::decode(path)?;
        is_image(path.name()?).then_some(Self::Beside(path))
    }
}

/// The key of a picture in the folder.
pub fn picture_key(path: &RelativePath, stamp: Stamp) -> ImageKey {
    ImageKey::new(format!("{}?{}", path.encode(), stamp.tag()))
}

/// The key of the thumbnail of a video, or of the cover inside of an audio file.
pub fn thumbnail_key(video: &RelativePath, stamp: Stamp) -> ImageKey {
    ImageKey::new(format!("{THUMBNAIL}{}?{}", video.encode(), stamp.tag()))
}

/// The file of a thumbnail, in the folder of the source's thumbnails.
pub fn thumbnail_file(thumbnails: &Path, video: &RelativePath, tag: &str) -> PathBuf {
    thumbnails.join(format!("{}-{tag}.jpg", digest(Path::new(&video.encode()))))
}

/// Finds pictures.
#[derive(Debug, Clone, Copy)]
pub struct Artwork<'a> {
    /// The folder of the source.
    pub root: &'a Path,
    /// Its files.
    pub tree: &'a Tree,
}

impl Artwork<'_> {
    /// Pictures of something that plays: those called like its file, and those of the folder when it has it
    /// for itself. `still` prefers a scene to a poster.
    pub fn of_file(&self, folder: &RelativePath, stem: &str, owns_folder: bool, still: bool) -> Images {
        let suffixed = |words: &[&str]| words.iter().map(|word| format!("{stem}-{word}")).collect::<Vec<_>>();
        let common = |words: &[&str]| -> Vec<String> {
            if owns_folder { words.iter().map(|word| (*word).to_owned()).collect() } else { Vec::new() }
        };
        let primary: &[&str] = if still { &["thumb"] } else { &["poster", "cover", "folder", "thumb"] };
        Images {
            primary: self.first(
                folder,
                [suffixed(primary), vec![stem.to_owned()], if still { Vec::new() } else { common(POSTERS) }],
            ),
            backdrop: self.first(folder, [suffixed(BACKDROPS), common(BACKDROPS)]),
            logo: self.first(folder, [suffixed(LOGOS), common(LOGOS)]),
            ..Images::default()
        }
    }

    /// Pictures of a folder: a series.
    pub fn of_folder(&self, folder: &RelativePath) -> Images {
        let named = |words: &[&str]| vec![words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()];
        Images {
            primary: self.first(folder, named(POSTERS)),
            backdrop: self.first(folder, named(BACKDROPS)),
            logo: self.first(folder, named(LOGOS)),
            ..Images::default()
        }
    }

    /// The cover of an album.
    pub fn of_album(&self, folder: &RelativePath) -> Option<ImageKey> {
        self.first(folder, [owned(COVERS)])
    }

    /// Pictures of an artist.
    pub fn of_artist(&self, folder: &RelativePath) -> Images {
        let primary = self.first(folder, [owned(PORTRAITS)]);
        Images { primary, ..self.of_folder(folder) }
    }

    /// The poster of a season: in the folder of the series, or in its own.
    pub fn of_season(
        &self,
        series: Option<&RelativePath>,
        season: Option<&RelativePath>,
        number: u32,
    ) -> Option<ImageKey> {
        let mut names = vec![format!("season{number:02}-poster"), format!("season{number:02}")];
        if number == 0 {
            names.insert(0, "season-specials-poster".to_owned());
        }
        let posters = POSTERS.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        series
            .and_then(|folder| self.first(folder, [names]))
            .or_else(|| season.and_then(|folder| self.first(folder, [posters])))
    }

    /// The first of these pictures that is there.
    fn first(&self, folder: &RelativePath, names: impl IntoIterator<Item = Vec<String>>) -> Option<ImageKey> {
        let entries = self.tree.folder(folder)?;
        names.into_iter().flatten().find_map(|name| {
            let file = PICTURES.iter().find_map(|extension| entries.find(&format!("{name}.{extension}")))?;
            let path = folder.child(file);
            let stamp = Stamp::of(&fs::metadata(path.in_folder(self.root)).ok()?);
            Some(picture_key(&path, stamp))
        })
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn path_of(key: Option<ImageKey>) -> Option<String> {
        let key = key?;
        Some(key.as_str().split_once('?').unwrap().0.to_owned())
    }

    #[test]
    fn pictures_are_found_by_name() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "Alien-Poster.JPG",
            "poster.jpg",
            "poster.png",
            "fanart.webp",
            "clearlogo.png",
            "season01-poster.jpg",
            "S01E01-thumb.jpg",
        ] {
            fs::write(root.path().join(file), b"x").unwrap();
        }
        let tree = Tree::read(root.path()).unwrap();
        let artwork = Artwork { root: root.path(), tree: &tree };
        let here = RelativePath::root();
        let film = artwork.of_file(&here, "Alien", true, false);
        assert_eq!(path_of(film.primary).as_deref(), Some("Alien-Poster.JPG"));
        assert_eq!(path_of(film.backdrop).as_deref(), Some("fanart.webp"));
        assert_eq!(path_of(film.logo).as_deref(), Some("clearlogo.png"));
        assert_eq!(artwork.of_file(&here, "Aliens", false, false), Images::default());
        assert_eq!(
            path_of(artwork.of_file(&here, "S01E01", false, true).primary).as_deref(),
            Some("S01E01-thumb.jpg")
        );
        assert_eq!(path_of(artwork.of_folder(&here).primary).as_deref(), Some("poster.jpg"));
        assert_eq!(path_of(artwork.of_season(Some(&here), None, 1)).as_deref(), Some("season01-poster.jpg"));
        assert_eq!(artwork.of_season(Some(&here), None, 2), None);
    }

    #[test]
    fn a_key_changes_with_the_picture() {
        let root = tempfile::tempdir().unwrap();
        let tree = |content: &[u8]| {
            fs::write(root.path().join("poster.jpg"), content).unwrap();
            Tree::read(root.path()).unwrap()
        };
        let key = |tree: &Tree| {
            Artwork { root: root.path(), tree }.of_folder(&RelativePath::root()).primary.unwrap()
        };
        assert_ne!(key(&tree(b"a")), key(&tree(b"bb")));
    }

    #[test]
    fn keys_from_outside_are_checked() {
        for text in [
            "",
            "poster.jpg",
            "../poster.jpg?1",
            "/etc/passwd?1",
            "notes.txt?1",
            "thumb:../x?1",
            "thumb:a?../x",
        ] {
            assert_eq!(Picture::parse(&ImageKey::new(text)), None, "{text}");
        }
        let video = RelativePath::decode("a/b.mkv").unwrap();
        let stamp = Stamp { size: 5, modified: -7 };
        assert_eq!(
            Picture::parse(&thumbnail_key(&video, stamp)),
            Some(Picture::Thumbnail(video, stamp.tag()))
        );
    }
}
