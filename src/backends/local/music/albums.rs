//! Artists, albums and tracks, by the names of files and folders. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use crate::backends::local::ids::Place;
use crate::backends::local::naming::track::{self, AlbumName, TrackName};
use crate::backends::local::naming::{is_audio, stem};
use crate::backends::local::path::RelativePath;
use crate::backends::local::tree::Tree;

/// An artist: the folder that holds the folders of albums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artist {
    /// The folder.
    pub folder: RelativePath,
    /// What it is called.
    pub name: String,
}

/// An album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Its folder; those of its discs lie in it.
    pub folder: RelativePath,
    /// What its folder says.
    pub name: AlbumName,
    /// The folder of its artist.
    pub artist: Option<RelativePath>,
    /// The first of its files.
    pub first: RelativePath,
    /// How many tracks it has.
    pub tracks: u32,
}

/// A track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The folder that its file lies in.
    pub folder: RelativePath,
    /// Its file.
    pub file: OsString,
    /// What the name says; the disc from its folder, where that is one.
    pub name: TrackName,
    /// The folder of its album.
    pub album: RelativePath,
    /// What that says.
    pub album_name: AlbumName,
    /// The folder of its artist.
    pub artist: Option<RelativePath>,
}

/// All music of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Music {
    /// Artists by folder.
    pub artists: Vec<Artist>,
    /// Albums by folder.
    pub albums: Vec<Album>,
    /// Tracks, album by album.
    pub tracks: Vec<Track>,
}

impl Track {
    /// Where it lies.
    pub fn place(&self) -> Place {
        Place { folder: self.folder.clone(), key: Some(self.file.clone()) }
    }

    /// Its file.
    pub fn path(&self) -> RelativePath {
        self.folder.child(&self.file)
    }
}

/// The folder of the album that the files of a folder are of: that of a disc lies in it.
pub fn album_folder(folder: &RelativePath) -> RelativePath {
    let is_disc = folder.shown_name().is_some_and(|name| track::disc(&name).is_some());
    folder.parent().filter(|_| is_disc).unwrap_or_else(|| folder.clone())
}

impl Music {
    /// The album in this folder.
    pub fn album(&self, folder: &RelativePath) -> Option<&Album> {
        let place = self.albums.binary_search_by(|album| album.folder.cmp(folder)).ok()?;
        self.albums.get(place)
    }

    /// Sorts all audio files of a tree. `root_name` is what the folder of the source is called.
    pub fn of_tree(tree: &Tree, root_name: &str) -> Self {
        let mut albums: BTreeMap<RelativePath, Vec<Track>> = BTreeMap::new();
        for (path, folder) in &tree.folders {
            for file in folder.files.iter().filter(|file| is_audio(file)) {
                let track = read(path, file, root_name);
                albums.entry(track.album.clone()).or_default().push(track);
            }
        }
        let mut music = Self::default();
        let mut artists = BTreeSet::new();
        for (folder, mut tracks) in albums {
            tracks.sort_by(|one, other| {
                let key = |track: &Track| (track.name.disc, track.name.number, track.path());
                key(one).cmp(&key(other))
            });
            let Some(first) = tracks.first() else { continue };
            artists.extend(first.artist.clone());
            music.albums.push(Album {
                folder,
                name: first.album_name.clone(),
                artist: first.artist.clone(),
                first: first.path(),
                tracks: u32::try_from(tracks.len()).unwrap_or(u32::MAX),
            });
            music.tracks.append(&mut tracks);
        }
        let artist = |folder: RelativePath| Artist { name: folder.shown_name().unwrap_or_default(), folder };
        music.artists = artists.into_iter().map(artist).collect();
        music
    }
}

fn read(folder: &RelativePath, file: &OsString, root_name: &str) -> Track {
    let of_disc = folder.shown_name().and_then(|name| track::disc(&name));
    let album = album_folder(folder);
    let artist = album.parent().filter(|parent| !parent.is_root());
    let album_name = track::album(&album.shown_name().unwrap_or_else(|| root_name.to_owned()));
    let mut name = stem(file).map(track::parse).unwrap_or_default();
    name.disc = name.disc.or(of_disc);
    Track { folder: folder.clone(), file: file.clone(), name, album, album_name, artist }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

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
    fn folders_are_albums_and_what_they_lie_in_is_their_artist() {
        let music = Music::of_tree(
            &tree(&[
                "Ferries/Low%20Water/02%20Tide.flac",
                "Ferries/Low%20Water/01%20Salt.flac",
                "Ferries/Low%20Water/cover.jpg",
                "Ferries/High%20Water/CD2/01%20C.mp3",
                "Ferries/High%20Water/CD1/01%20A.mp3",
                "Mir%20-%20Orbit%20(2001)/a.opus",
                "loose.ogg",
            ]),
            "Songs",
        );
        let artists: Vec<_> = music.artists.iter().map(|artist| artist.name.as_str()).collect();
        assert_eq!(artists, ["Ferries"]);
        let albums: Vec<_> =
            music.albums.iter().map(|album| (album.name.title.as_str(), album.tracks)).collect();
        assert_eq!(albums, [("Songs", 1), ("High Water", 2), ("Low Water", 2), ("Orbit", 1)]);
        let tracks: Vec<_> = music
            .tracks
            .iter()
            .map(|track| (track.name.disc, track.name.number, track.name.title.as_str()))
            .collect();
        assert_eq!(
            tracks,
            [
                (None, None, "loose"),
                (Some(1), Some(1), "A"),
                (Some(2), Some(1), "C"),
                (None, Some(1), "Salt"),
                (None, Some(2), "Tide"),
                (None, None, "a"),
            ]
        );
    }
}
