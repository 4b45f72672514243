//! Folders of this machine as a source.
//!
//! The names of files and folders say what they are (`naming`, `films`, `shows`), descriptions and pictures
//! beside them say more (`nfo`, `artwork`, `subtitles`), and `GStreamer` looks into them (`probe`). A folder keeps
//! no watch state: the local database is the only place of it, and telling a folder a position succeeds without
//! doing anything.
//!
//! A source has one or several folders (`reader`), each with libraries of its own; what ids begin with says which
//! folder they are of. One that is away (`presence`) takes nothing with it: the others go on.
//!
//! Nothing is ever written into a folder. What was found inside files, and thumbnails, are kept in the app's
//! cache. A folder that is away, or of which a part cannot be read, never looks like one from which something
//! was deleted.

mod artwork;
mod catalogue;
mod contents;
mod details;
mod disk;
mod extras;
mod films;
mod ids;
mod music;
mod naming;
mod nfo;
mod path;
mod presence;
mod probe;
mod reader;
mod records;
mod sets;
mod shows;
mod single;
mod spec;
mod stamp;
mod subtitles;
mod survey;
mod titles;
mod tree;
mod versions;
mod watch;

use std::path::Path;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::future::join_all;

use self::catalogue::Catalogue;
use self::reader::FolderReader;
use self::tree::Tree;
use super::{
    AuthProvider, BackendError, Delta, DeltaPage, DetailRecord, ItemPage, LibraryRecord, Location,
    MediaBackend, PageRequest, PictureReply, Result, ShelfListing, StreamAsk, StreamSource,
};
use crate::models::{
    FolderNumber, ImageKey, ImageRequest, ItemKind, ItemRecord, LibraryKind, PersonRecord, PersonRef,
    PlaybackReport, RemoteId, ShelfKind, TitleOf, WatchState,
};
use crate::net::{ErrorKind, Validators};

pub use presence::{FolderLooks, Glimpse, Presence, glimpse};
pub use probe::move_cache;
pub use single::SingleFile;
pub use spec::FolderSpec;
pub use survey::{FoundItem, Survey};
pub use titles::{TitleParts, parts as title_parts};
pub use watch::FolderWatcher;

/// Folders as a backend.
#[derive(Debug)]
pub struct LocalBackend {
    folders: Vec<FolderReader>,
}

impl LocalBackend {
    /// The backend of these folders. `cache` is the app's cache folder.
    ///
    /// # Errors
    /// `Credentials` for those of anything but a folder.
    pub fn from_auth(
        auth: &AuthProvider,
        folders: Vec<FolderSpec>,
        cache: &Path,
        looks: &FolderLooks,
    ) -> Result<Self> {
        match auth {
            AuthProvider::Local => {
                let is_alone = folders.len() == 1;
                let reader = |spec: FolderSpec| {
                    // A mixed library is what sorting by names makes of it.
                    let kind = spec.kind.filter(|kind| KINDS.contains(kind));
                    FolderReader::new(FolderSpec { kind, ..spec }, is_alone, cache.to_owned(), looks.clone())
                };
                Ok(Self { folders: folders.into_iter().map(reader).collect() })
            }
            AuthProvider::Plex { .. } | AuthProvider::Jellyfin { .. } => {
                Err(BackendError::new(ErrorKind::Credentials, "open a folder"))
            }
        }
    }

    /// What each folder holds, in the order in which they were given; all are read at the same time, so that one
    /// that does not answer holds up no other.
    pub async fn surveys(&self) -> Vec<Result<Survey>> {
        join_all(self.folders.iter().map(FolderReader::survey)).await
    }

    /// The folder of an id, and the id within it.
    fn route<'a>(&self, id: &'a str, context: &'static str) -> Result<(&FolderReader, &'a str)> {
        let (number, rest) = FolderNumber::split(id);
        let folder = self.folders.iter().find(|folder| folder.spec().number == number);
        Ok((folder.ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))?, rest))
    }
}

/// What a folder can be said to hold.
const KINDS: [LibraryKind; 5] = [
    LibraryKind::Movies,
    LibraryKind::Shows,
    LibraryKind::HomeVideos,
    LibraryKind::Music,
    LibraryKind::Photos,
];

/// What a folder seems to hold: for the dialog that adds it. [`LibraryKind::Mixed`] when it is several things,
/// nothing, or cannot be read. Blocks while it reads the names of all files.
pub fn guess_kind(folder: &Path) -> LibraryKind {
    let Ok(tree) = Tree::read(folder) else { return LibraryKind::Mixed };
    match Catalogue::of_tree(&tree, "", None).kinds().as_slice() {
        [kind] => *kind,
        _ => LibraryKind::Mixed,
    }
}

#[async_trait]
impl MediaBackend for LocalBackend {
    /// One folder that is there is enough: the others say for themselves that they are not.
    async fn test_connection(&self) -> Result<()> {
        let context = "look for the folder";
        let looks = join_all(self.folders.iter().map(|folder| folder.check(context))).await;
        let mut failure = BackendError::new(ErrorKind::NotFound, context);
        for look in looks.into_iter().rev() {
            match look {
                Ok(_) => return Ok(()),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Those of folders that are away among them, as they were.
    async fn libraries(&self) -> Result<Vec<LibraryRecord>> {
        let mut libraries = Vec::new();
        let mut failure = None;
        let mut is_any_there = self.folders.is_empty();
        for (folder, found) in self.folders.iter().zip(self.surveys().await) {
            match found {
                Ok(found) => {
                    is_any_there = true;
                    libraries.extend(found.libraries);
                }
                Err(error) => {
                    let (spec, is_alone) = (folder.spec(), self.folders.len() == 1);
                    libraries.extend(survey::libraries(spec, &spec.known, is_alone));
                    failure = failure.or(Some(error));
                }
            }
        }
        match failure {
            Some(error) if !is_any_there => Err(error),
            _ => Ok(libraries),
        }
    }

    async fn changes(
        &self,
        _library: &LibraryRecord,
        _kind: ItemKind,
        _delta: Delta,
        _page: PageRequest,
    ) -> Result<DeltaPage> {
        Err(BackendError::unsupported("list changes"))
    }

    /// See [`FolderReader::items`].
    async fn items(&self, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        let (folder, _) = self.route(library.remote_id.as_str(), "list items")?;
        folder.items(library.kind, kind, page).await
    }

    async fn details(&self, item: &RemoteId) -> Result<DetailRecord> {
        let (folder, id) = self.route(item.as_str(), "read details")?;
        folder.details(&RemoteId::new(id)).await
    }

    async fn stream(&self, item: &RemoteId, ask: &StreamAsk) -> Result<StreamSource> {
        let context = "open a video";
        let (folder, id) = self.route(item.as_str(), context)?;
        let version = ask.version.clone();
        let id = RemoteId::new(id);
        let stream = folder.with_item(&id, context, move |contents, entry| {
            contents.stream(entry, version.as_deref()).map_err(|error| BackendError::from_io(context, &error))
        });
        stream.await
    }

    fn image(&self, request: &ImageRequest) -> Result<Location> {
        let context = "find a picture";
        let (folder, key) = self.route(request.key.as_str(), context)?;
        let file = folder.image(&ImageKey::new(key));
        file.map(Location::File).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))
    }

    async fn picture(&self, request: &ImageRequest, _known: &Validators) -> Result<PictureReply> {
        match self.image(request)? {
            Location::File(file) => Ok(PictureReply::File(file)),
            Location::Remote(_) => Err(BackendError::unsupported("fetch a picture")),
        }
    }

    async fn report_playback(&self, _item: &RemoteId, _report: &PlaybackReport) -> Result<()> {
        Ok(())
    }

    async fn set_position(&self, _item: &RemoteId, _report: &PlaybackReport) -> Result<()> {
        Ok(())
    }

    async fn set_watched(&self, _item: &RemoteId, _watched: bool, _at: DateTime<Utc>) -> Result<()> {
        Ok(())
    }

    async fn set_favourite(&self, _item: &RemoteId, _favourite: bool) -> Result<()> {
        Ok(())
    }

    async fn watch_state(&self, _item: &RemoteId) -> Result<WatchState> {
        Err(BackendError::unsupported("read the watch state"))
    }

    async fn search(&self, _text: &str, _limit: u32) -> Result<Vec<ItemRecord>> {
        Ok(Vec::new())
    }

    /// Sets that descriptions name are collections. Of a folder that is away nothing is known.
    async fn shelves(&self, kind: ShelfKind, _libraries: &[LibraryRecord]) -> Result<ShelfListing> {
        let mut listing = ShelfListing::none();
        if kind == ShelfKind::Collection {
            for found in join_all(self.folders.iter().map(FolderReader::sets)).await {
                match found {
                    Ok(found) => {
                        listing.shelves.extend(found.shelves);
                        listing.is_complete &= found.is_complete;
                    }
                    Err(_) => listing.is_complete = false,
                }
            }
        }
        Ok(listing)
    }

    async fn shelf_items(&self, _kind: ShelfKind, _shelf: &RemoteId) -> Result<Vec<RemoteId>> {
        Err(BackendError::unsupported("list a shelf"))
    }

    async fn person(&self, _person: &PersonRef) -> Result<PersonRecord> {
        Err(BackendError::unsupported("get a person"))
    }

    async fn titles_of(&self, _person: &PersonRef) -> Result<Vec<TitleOf>> {
        Err(BackendError::unsupported("list titles of a person"))
    }

    async fn similar(&self, _item: &RemoteId) -> Result<Vec<RemoteId>> {
        Err(BackendError::unsupported("find similar items"))
    }
}

#[cfg(all(test, feature = "media-probe"))]
mod test_video;
#[cfg(test)]
mod tests;
