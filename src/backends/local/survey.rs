//! What a folder holds, all at once and without looking into files: what a sync has to know before it lists.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use super::contents::{Contents, Entry};
use super::ids::LocalId;
use super::music::whole;
use super::records;
use super::spec::FolderSpec;
use super::stamp::Stamp;
use super::titles;
use crate::backends::LibraryRecord;
use crate::models::{FileMark, FolderNumber, LibraryKind, RemoteId, RootMark};

/// One item that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundItem {
    /// Its id within the source.
    pub remote_id: RemoteId,
    /// The library that it is in.
    pub library: RemoteId,
    /// The season that it is in.
    pub parent: Option<RemoteId>,
    /// The series that it is of.
    pub series: Option<RemoteId>,
    /// Its first file, when it has one.
    pub file: Option<FileMark>,
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Its libraries.
    pub libraries: Vec<LibraryRecord>,
    /// Every item.
    pub items: Vec<FoundItem>,
    /// Whether all of it could be read: what is not here is not there.
    pub complete: bool,
    /// What the folder is to the file system now.
    pub mark: Option<RootMark>,
    /// Whether that is what it was when it was last read completely, or nothing is known of that.
    pub is_same_root: bool,
}

impl Survey {
    /// The survey of what was read. Asks for the size and time of every video. Blocks.
    pub fn of(contents: &Contents, spec: &FolderSpec, is_alone: bool) -> Self {
        Self {
            libraries: libraries(spec, &contents.kinds(&spec.known), is_alone),
            items: contents.entries().map(|entry| found(contents, entry, spec.number)).collect(),
            complete: contents.tree.unreadable == 0,
            mark: contents.mark,
            is_same_root: spec.mark.is_none() || spec.mark == contents.mark,
        }
    }
}

/// The libraries of a folder with these kinds of content.
pub fn libraries(spec: &FolderSpec, kinds: &[LibraryKind], is_alone: bool) -> Vec<LibraryRecord> {
    let name = (!is_alone).then_some(spec.name.as_str());
    let library = |kind: &LibraryKind| {
        let remote_id = RemoteId::new(spec.number.tag(kind.as_str()));
        LibraryRecord::new(remote_id, *kind, titles::compose(name, *kind, kinds.len() == 1))
    };
    kinds.iter().map(library).collect()
}

fn found(contents: &Contents, entry: Entry<'_>, number: FolderNumber) -> FoundItem {
    let remote = |id: &LocalId| records::tagged(number, &id.remote());
    let file = entry.files().into_iter().next().and_then(|path| {
        let metadata = fs::metadata(path.in_folder(&contents.root)).ok()?;
        let stamp = Stamp::of(&metadata);
        Some(FileMark { inode: metadata.ino(), size: stamp.size, modified: stamp.modified })
    });
    let (parent, series) = match entry {
        Entry::Episode(episode) => {
            let series = LocalId::Series(episode.series.clone());
            (Some(remote(&LocalId::Season(episode.season, episode.series.clone()))), Some(remote(&series)))
        }
        Entry::Track(track) => {
            let artist = track.artist.as_ref().map(|folder| remote(&LocalId::Artist(whole(folder))));
            (Some(remote(&LocalId::Album(whole(&track.album)))), artist)
        }
        Entry::Photo(photo) if !photo.folder.is_root() => {
            (Some(remote(&LocalId::PhotoAlbum(whole(&photo.folder)))), None)
        }
        _ => (None, None),
    };
    let library = match entry {
        Entry::Film(_) => LibraryKind::Movies,
        Entry::Series(_) | Entry::Season(_) | Entry::Episode(_) => LibraryKind::Shows,
        Entry::Clip(_) => LibraryKind::HomeVideos,
        Entry::Artist(_) | Entry::Album(_) | Entry::Track(_) => LibraryKind::Music,
        Entry::PhotoFolder(_) | Entry::Photo(_) => LibraryKind::Photos,
    };
    let library = RemoteId::new(number.tag(library.as_str()));
    FoundItem { remote_id: remote(&entry.id()), library, parent, series, file }
}
