//! The folder as one operation sees it: its files, what they are, and what is inside them.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::catalogue::{Catalogue, Clip, Episode, Season, Series};
use super::films::Film;
use super::ids::{LocalId, SeriesKey};
use super::memory::{FolderMemory, device};
use super::naming::is_video;
use super::path::RelativePath;
use super::probe::ProbeCache;
use super::tree::Tree;
use crate::models::{ItemKind, LibraryKind};

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
}

impl Contents {
    /// Reads the whole folder. Blocks.
    ///
    /// # Errors
    /// When it cannot be read, or is a mount point whose disk or share is away.
    pub fn read(root: &Path, kind: Option<LibraryKind>, cache: &Path) -> io::Result<Self> {
        let tree = Tree::read(root)?;
        let memory = FolderMemory::load(cache, root);
        let empty = tree.folders.values().all(|folder| folder.files.is_empty() && folder.folders.is_empty());
        if empty && tree.unreadable == 0 && memory.as_ref().is_some_and(|memory| memory.is_away(root)) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the disk of the folder is away"));
        }
        let catalogue = Catalogue::of_tree(&tree, &name(root), kind);
        let contents = Self::new(root, cache, tree, catalogue);
        if contents.tree.unreadable == 0 {
            contents.remember(cache, memory.as_ref());
        }
        Ok(contents)
    }

    /// Reads as much of the folder as an item needs. Blocks.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn around(root: &Path, kind: Option<LibraryKind>, cache: &Path, id: &LocalId) -> io::Result<Self> {
        let tree = match id {
            LocalId::Movie(place) | LocalId::Video(place) | LocalId::Episode(place) => {
                Tree::read_one(root, &place.folder)?
            }
            LocalId::Series(SeriesKey::Folder(folder)) | LocalId::Season(_, SeriesKey::Folder(folder)) => {
                Tree::read_below(root, folder)?
            }
            LocalId::Series(SeriesKey::Named(_)) | LocalId::Season(_, SeriesKey::Named(_)) => {
                Tree::read(root)?
            }
        };
        // A video is whatever its name says: only its own file matters.
        let kind = if id.kind() == ItemKind::Video { Some(LibraryKind::HomeVideos) } else { kind };
        let catalogue = Catalogue::of_part(&tree, &name(root), kind);
        Ok(Self::new(root, cache, tree, catalogue))
    }

    fn new(root: &Path, cache: &Path, tree: Tree, catalogue: Catalogue) -> Self {
        let probes = ProbeCache::new(cache, root);
        let (root, device) = (root.to_owned(), device(root));
        Self { root, tree, catalogue, probes, read_at: Utc::now(), device }
    }

    /// Whether the folder is still there and has not been unmounted since it was read.
    pub fn is_here(&self) -> bool {
        self.device.is_some() && device(&self.root) == self.device
    }

    /// Keeps what the next operation has to know, and clears out what is no longer there.
    fn remember(&self, cache: &Path, before: Option<&FolderMemory>) {
        let kinds = self.catalogue.kinds();
        if let Some(device) = self.device {
            let memory = FolderMemory { device, kinds };
            if before != Some(&memory)
                && let Err(error) = memory.store(cache, &self.root)
            {
                tracing::warn!(error = %error.kind(), "what the folder held cannot be kept");
            }
        }
        let videos: Vec<RelativePath> = self
            .tree
            .folders
            .iter()
            .flat_map(|(path, folder)| {
                folder.files.iter().filter(|file| is_video(file)).map(|file| path.child(file))
            })
            .collect();
        self.probes.tidy(videos.iter());
    }

    /// The kinds of libraries to report. Where something could not be read, those of the last complete scan
    /// among them: what is not seen now is not gone.
    pub fn kinds(&self, cache: &Path) -> Vec<LibraryKind> {
        let mut kinds = self.catalogue.kinds();
        if self.tree.unreadable > 0 {
            let remembered = FolderMemory::load(cache, &self.root).map(|memory| memory.kinds);
            for kind in remembered.unwrap_or_default() {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
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
            ItemKind::Other => None,
        }
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
            LocalId::Video(place) => {
                catalogue.clips.iter().find(|clip| clip.place() == *place).map(Entry::Clip)
            }
        }
    }
}

/// The name of the folder, as well as it can be shown.
fn name(root: &Path) -> String {
    root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
