//! The folder as one operation sees it: its files, what they are, and what is inside them.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::catalogue::{Catalogue, Clip, Episode, Season, Series};
use super::disk::{device, root_mark};
use super::films::Film;
use super::ids::{LocalId, SeriesKey};
use super::music::{Album, Artist, Photo, PhotoFolder, Track, album_folder, whole};
use super::path::RelativePath;
use super::probe::ProbeCache;
use super::spec::FolderSpec;
use super::tree::Tree;
use crate::models::{ItemKind, LibraryKind, RootMark};

/// All or a part of the folder, read and sorted.
#[derive(Debug)]
pub struct Contents {
    /// The folder of the source.
    pub root: PathBuf,
    /// Its files.
    pub tree: Tree,
    /// What they are.
    pub catalogue: Catalogue,
    /// What is inside them.
    pub probes: ProbeCache,
    /// When it was read.
    pub read_at: DateTime<Utc>,
    /// What the folder was to the file system then.
    pub mark: Option<RootMark>,
    /// The device that it was on then.
    device: Option<u64>,
}

/// One item of the catalogue.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// A film.
    Film(&'a Film),
    /// A series.
    Series(&'a Series),
    /// A season.
    Season(&'a Season),
    /// An episode.
    Episode(&'a Episode),
    /// A video.
    Clip(&'a Clip),
    /// An artist.
    Artist(&'a Artist),
    /// An album.
    Album(&'a Album),
    /// A track.
    Track(&'a Track),
    /// A folder of photos.
    PhotoFolder(&'a PhotoFolder),
    /// A photo.
    Photo(&'a Photo),
}

impl Entry<'_> {
    /// Its id within the folder.
    pub fn id(&self) -> LocalId {
        match self {
            Self::Film(film) => LocalId::Movie(film.place.clone()),
            Self::Series(series) => LocalId::Series(series.key.clone()),
            Self::Season(season) => LocalId::Season(season.number, season.series.clone()),
            Self::Episode(episode) => LocalId::Episode(episode.place.clone()),
            Self::Clip(clip) => LocalId::Video(clip.place()),
            Self::Artist(artist) => LocalId::Artist(whole(&artist.folder)),
            Self::Album(album) => LocalId::Album(whole(&album.folder)),
            Self::Track(track) => LocalId::Track(track.place()),
            Self::PhotoFolder(folder) => LocalId::PhotoAlbum(whole(&folder.folder)),
            Self::Photo(photo) => LocalId::Photo(photo.place()),
        }
    }
}

impl Contents {
    /// Reads the whole folder. Blocks.
    ///
    /// # Errors
    /// When it cannot be read; `NotFound` when it had libraries and has nothing of their kinds now: then it is a mount point
    /// whose disk or share is away, and if it is not, the user can remove the folder.
    pub fn read(spec: &FolderSpec, cache: &Path) -> io::Result<Self> {
        let root = &spec.path;
        let tree = Tree::read(root)?;
        if tree.unreadable == 0 && !spec.known.is_empty() && !tree.has_any(&spec.known) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the disk of the folder is away"));
        }
        let catalogue = Catalogue::of_tree(&tree, &spec.root_name, spec.kind);
        let contents = Self::new(root, cache, tree, catalogue);
        if contents.tree.unreadable == 0 {
            contents.tidy();
        }
        Ok(contents)
    }

    /// Reads as much of the folder as an item needs. Blocks.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn around(spec: &FolderSpec, cache: &Path, id: &LocalId) -> io::Result<Self> {
        let root = &spec.path;
        let tree = match id {
            LocalId::Movie(place)
            | LocalId::Video(place)
            | LocalId::Episode(place)
            | LocalId::Extra(place)
            | LocalId::Photo(place) => Tree::read_one(root, &place.folder)?,
            LocalId::Track(place) => Tree::read_below(root, &album_folder(&place.folder))?,
            LocalId::Artist(place) | LocalId::Album(place) | LocalId::PhotoAlbum(place) => {
                Tree::read_below(root, &place.folder)?
            }
            LocalId::Series(SeriesKey::Folder(folder)) | LocalId::Season(_, SeriesKey::Folder(folder)) => {
                Tree::read_below(root, folder)?
            }
            LocalId::Series(SeriesKey::Named(_)) | LocalId::Season(_, SeriesKey::Named(_)) => {
                Tree::read(root)?
            }
        };
        let kind = match id.kind() {
            // A video and an extra are whatever their names say: only their own files matter.
            ItemKind::Video | ItemKind::Extra => Some(LibraryKind::HomeVideos),
            kind if kind.is_music() => Some(LibraryKind::Music),
            kind if kind.is_photo() => Some(LibraryKind::Photos),
            _ => spec.kind,
        };
        let catalogue = Catalogue::of_part(&tree, &spec.root_name, kind);
        Ok(Self::new(root, cache, tree, catalogue))
    }

    fn new(root: &Path, cache: &Path, tree: Tree, catalogue: Catalogue) -> Self {
        let probes = ProbeCache::new(cache, root);
        let (mark, device) = (root_mark(root).ok(), device(root));
        Self { root: root.to_owned(), tree, catalogue, probes, read_at: Utc::now(), mark, device }
    }

    /// Whether the folder is still there and has not been unmounted since it was read.
    pub fn is_here(&self) -> bool {
        self.device.is_some() && device(&self.root) == self.device
    }

    /// Clears out of the cache what is no longer there.
    fn tidy(&self) {
        let mut files: Vec<RelativePath> = self.tree.media().collect();
        files.extend(self.catalogue.photos.photos.iter().map(Photo::path));
        self.probes.tidy(files.iter());
    }

    /// The kinds of libraries to report. Where something could not be read, those that were `known` among them:
    /// what is not seen now is not gone.
    pub fn kinds(&self, known: &[LibraryKind]) -> Vec<LibraryKind> {
        let mut kinds = self.catalogue.kinds();
        if self.tree.unreadable > 0 {
            let unseen: Vec<_> = known.iter().filter(|kind| !kinds.contains(kind)).copied().collect();
            kinds.extend(unseen);
        }
        kinds
    }

    /// How many items of a kind there are in a library.
    pub fn count(&self, library: LibraryKind, kind: ItemKind) -> usize {
        match (library, kind) {
            (LibraryKind::Movies, ItemKind::Movie) => self.catalogue.films.len(),
            (LibraryKind::Shows, ItemKind::Series) => self.catalogue.series.len(),
            (LibraryKind::Shows, ItemKind::Season) => self.catalogue.seasons.len(),
            (LibraryKind::Shows, ItemKind::Episode) => self.catalogue.episodes.len(),
            (LibraryKind::HomeVideos, ItemKind::Video) => self.catalogue.clips.len(),
            (LibraryKind::Music, ItemKind::Artist) => self.catalogue.music.artists.len(),
            (LibraryKind::Music, ItemKind::Album) => self.catalogue.music.albums.len(),
            (LibraryKind::Music, ItemKind::Track) => self.catalogue.music.tracks.len(),
            (LibraryKind::Photos, ItemKind::PhotoAlbum) => self.catalogue.photos.folders.len(),
            (LibraryKind::Photos, ItemKind::Photo) => self.catalogue.photos.photos.len(),
            _ => 0,
        }
    }

    /// The item at this position of the list of its kind.
    pub fn entry_at(&self, kind: ItemKind, index: usize) -> Option<Entry<'_>> {
        let catalogue = &self.catalogue;
        match kind {
            ItemKind::Movie => catalogue.films.get(index).map(Entry::Film),
            ItemKind::Series => catalogue.series.get(index).map(Entry::Series),
            ItemKind::Season => catalogue.seasons.get(index).map(Entry::Season),
            ItemKind::Episode => catalogue.episodes.get(index).map(Entry::Episode),
            ItemKind::Video => catalogue.clips.get(index).map(Entry::Clip),
            ItemKind::Artist => catalogue.music.artists.get(index).map(Entry::Artist),
            ItemKind::Album => catalogue.music.albums.get(index).map(Entry::Album),
            ItemKind::Track => catalogue.music.tracks.get(index).map(Entry::Track),
            ItemKind::PhotoAlbum => catalogue.photos.folders.get(index).map(Entry::PhotoFolder),
            ItemKind::Photo => catalogue.photos.photos.get(index).map(Entry::Photo),
            ItemKind::Extra | ItemKind::Other => None,
        }
    }

    /// Everything, each kind in the order of its list.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let catalogue = &self.catalogue;
        let films = catalogue.films.iter().map(Entry::Film);
        let series = catalogue.series.iter().map(Entry::Series);
        let seasons = catalogue.seasons.iter().map(Entry::Season);
        let episodes = catalogue.episodes.iter().map(Entry::Episode);
        let clips = catalogue.clips.iter().map(Entry::Clip);
        let music = catalogue.music.artists.iter().map(Entry::Artist);
        let music = music.chain(catalogue.music.albums.iter().map(Entry::Album));
        let music = music.chain(catalogue.music.tracks.iter().map(Entry::Track));
        let photos = catalogue.photos.folders.iter().map(Entry::PhotoFolder);
        let photos = photos.chain(catalogue.photos.photos.iter().map(Entry::Photo));
        films.chain(series).chain(seasons).chain(episodes).chain(clips).chain(music).chain(photos)
    }

    /// The item with this id.
    pub fn entry(&self, id: &LocalId) -> Option<Entry<'_>> {
        let catalogue = &self.catalogue;
        match id {
            LocalId::Movie(place) => {
                catalogue.films.iter().find(|film| film.place == *place).map(Entry::Film)
            }
            LocalId::Series(key) => catalogue.series.iter().find(|one| one.key == *key).map(Entry::Series),
            LocalId::Season(number, key) => catalogue
                .seasons
                .iter()
                .find(|season| season.number == *number && season.series == *key)
                .map(Entry::Season),
            LocalId::Episode(place) => {
                catalogue.episodes.iter().find(|episode| episode.place == *place).map(Entry::Episode)
            }
            LocalId::Video(place) | LocalId::Extra(place) => {
                catalogue.clips.iter().find(|clip| clip.place() == *place).map(Entry::Clip)
            }
            LocalId::Artist(_)
            | LocalId::Album(_)
            | LocalId::Track(_)
            | LocalId::PhotoAlbum(_)
            | LocalId::Photo(_) => self.entries().find(|entry| entry.id() == *id),
        }
    }
}
