//! A folder of this machine as a source.
//!
//! The names of files and folders say what they are (`naming`, `films`, `shows`), descriptions and pictures
//! beside them say more (`nfo`, `artwork`, `subtitles`), and `GStreamer` looks into them (`probe`). A folder keeps
//! no watch state: the local database is the only place of it, and telling a folder a position succeeds without
//! doing anything.
//!
//! Nothing is ever written into the folder. What was found inside files, and thumbnails, are kept in the app's
//! cache. A folder that is away, or of which a part cannot be read, never looks like one from which something
//! was deleted.

mod artwork;
mod catalogue;
mod contents;
mod details;
mod films;
mod ids;
mod memory;
mod naming;
mod nfo;
mod path;
mod probe;
mod records;
mod shows;
mod stamp;
mod subtitles;
mod tree;
mod versions;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tracing::debug;

use self::artwork::{Picture, thumbnail_file};
use self::catalogue::Catalogue;
use self::contents::{Contents, Entry};
use self::ids::LocalId;
use self::probe::thumbnail_folder;
use self::tree::Tree;
use super::{
    AuthProvider, BackendError, Delta, DeltaPage, DetailRecord, ItemPage, LibraryRecord, Location,
    MediaBackend, PageRequest, Result, StreamSource,
};
use crate::models::{ImageRequest, ItemKind, ItemRecord, LibraryKind, PlaybackReport, RemoteId, WatchState};
use crate::net::ErrorKind;

pub use watch::FolderWatcher;

/// So many files are looked into at the same time: more only makes a disk seek.
const FILES_AT_ONCE: usize = 4;

/// A folder as a backend. It is read once in its life, when first needed.
#[derive(Debug)]
pub struct LocalBackend {
    folder: PathBuf,
    kind: Option<LibraryKind>,
    cache: PathBuf,
    contents: OnceCell<Arc<Contents>>,
}

impl LocalBackend {
    /// The backend of a folder. `kind` is what the user said it holds; `cache` is the app's cache folder.
    ///
    /// # Errors
    /// `Credentials` for those of anything but a folder.
    pub fn from_auth(
        auth: &AuthProvider,
        folder: PathBuf,
        kind: Option<LibraryKind>,
        cache: PathBuf,
    ) -> Result<Self> {
        match auth {
            AuthProvider::Local => {
                // A mixed library is what sorting by names makes of it.
                let kind = kind.filter(|kind| library(*kind).is_some());
                Ok(Self { folder, kind, cache, contents: OnceCell::new() })
            }
            AuthProvider::Plex { .. } | AuthProvider::Jellyfin { .. } => {
                Err(BackendError::new(ErrorKind::Credentials, "open a folder"))
            }
        }
    }

    /// The whole folder, read when first asked for.
    async fn contents(&self, context: &'static str) -> Result<Arc<Contents>> {
        let contents = self.contents.get_or_try_init(|| async {
            let (folder, kind, cache) = (self.folder.clone(), self.kind, self.cache.clone());
            let contents = blocking(context, move || {
                Contents::read(&folder, kind, &cache).map_err(|error| BackendError::from_io(context, &error))
            })
            .await?;
            debug!(
                films = contents.catalogue.films.len(),
                episodes = contents.catalogue.episodes.len(),
                videos = contents.catalogue.clips.len(),
                unreadable_folders = contents.tree.unreadable,
                "folder read"
            );
            Ok(Arc::new(contents))
        });
        contents.await.cloned()
    }

    /// Does something with one item, reading no more than it needs.
    async fn with_item<T: Send + 'static>(
        &self,
        item: &RemoteId,
        context: &'static str,
        work: impl FnOnce(&Contents, Entry<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = LocalId::parse(item).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))?;
        let known = self.contents.get().cloned();
        let (folder, kind, cache) = (self.folder.clone(), self.kind, self.cache.clone());
        blocking(context, move || {
            // Without the folder nothing can be said of its items, least of all that they are gone.
            if !folder.is_dir() {
                return Err(BackendError::new(ErrorKind::Offline, context));
            }
            let contents = match known {
                Some(contents) => contents,
                None => Arc::new(
                    Contents::around(&folder, kind, &cache, &id)
                        .map_err(|error| BackendError::from_io(context, &error))?,
                ),
            };
            let entry = contents.entry(&id).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))?;
            work(&contents, entry)
        })
        .await
    }
}

/// What a folder seems to hold: for the dialog that adds it. [`LibraryKind::Mixed`] when it is several things,
/// nothing, or cannot be read. Blocks while it reads the names of all files.
pub fn guess_kind(folder: &Path) -> LibraryKind {
    let Ok(tree) = Tree::read(folder) else { return LibraryKind::Mixed };
    match Catalogue::of_tree(&tree, "", None).kinds().as_slice() {
        [kind] => *kind,
        _ => LibraryKind::Mixed,
    }
}

/// The library of a kind; `None` for kinds that a folder is never asked for.
fn library(kind: LibraryKind) -> Option<LibraryRecord> {
    let title = match kind {
        LibraryKind::Movies => "Films",
        LibraryKind::Shows => "Series",
        LibraryKind::HomeVideos => "Videos",
        _ => return None,
    };
    Some(LibraryRecord::new(RemoteId::new(kind.as_str()), kind, title))
}

async fn blocking<T: Send + 'static>(
    context: &'static str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    spawn_blocking(work).await.map_err(|_| BackendError::new(ErrorKind::Storage, context))?
}

#[async_trait]
impl MediaBackend for LocalBackend {
    async fn test_connection(&self) -> Result<()> {
        let context = "look for the folder";
        let folder = self.folder.clone();
        blocking(context, move || {
            let opened = fs::read_dir(&folder).and_then(|mut entries| entries.next().transpose());
            opened.map(drop).map_err(|error| BackendError::from_io(context, &error))
        })
        .await
    }

    async fn libraries(&self) -> Result<Vec<LibraryRecord>> {
        let contents = self.contents("list libraries").await?;
        let cache = self.cache.clone();
        let kinds = blocking("list libraries", move || Ok(contents.kinds(&cache))).await?;
        Ok(kinds.into_iter().filter_map(library).collect())
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

    /// Where folders could not be read, the listing begins with one item that is skipped. It has no total then,
    /// nor where a file has gone since: nobody may take what is missing for deleted.
    async fn items(&self, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        let context = "list items";
        let contents = self.contents(context).await?;
        let known = contents.count(library.kind, kind);
        let unknown = usize::from(contents.tree.unreadable > 0);
        let start = usize::try_from(page.start).unwrap_or(usize::MAX);
        let end =
            start.saturating_add(usize::try_from(page.limit).unwrap_or(usize::MAX)).min(known + unknown);
        let records: Vec<Option<ItemRecord>> = futures::stream::iter(start.max(unknown)..end)
            .map(|position| {
                let contents = Arc::clone(&contents);
                blocking(context, move || {
                    let entry = contents.entry_at(kind, position - unknown);
                    Ok(entry.and_then(|entry| contents.describe(entry)).map(|described| described.item))
                })
            })
            .buffered(FILES_AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_>>()?;
        let sent = end.saturating_sub(start);
        let items: Vec<_> = records.into_iter().flatten().collect();
        let skipped = sent - items.len();
        // Files that have gone are one thing, a disk that has gone is another.
        let here = blocking(context, move || Ok(contents.is_here())).await?;
        if !here {
            return Err(BackendError::new(ErrorKind::NotFound, context));
        }
        Ok(ItemPage {
            items,
            skipped: u32::try_from(skipped).unwrap_or(u32::MAX),
            total: u32::try_from(known).ok().filter(|_| skipped == 0 && unknown == 0),
            at: None,
        })
    }

    async fn details(&self, item: &RemoteId) -> Result<DetailRecord> {
        let context = "read details";
        self.with_item(item, context, move |contents, entry| {
            contents.details(entry).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))
        })
        .await
    }

    async fn stream(&self, item: &RemoteId, version: Option<&str>) -> Result<StreamSource> {
        let context = "open a video";
        let version = version.map(str::to_owned);
        self.with_item(item, context, move |contents, entry| {
            contents.stream(entry, version.as_deref()).map_err(|error| BackendError::from_io(context, &error))
        })
        .await
    }

    fn image(&self, request: &ImageRequest) -> Result<Location> {
        let file = match Picture::parse(&request.key) {
            Some(Picture::Beside(path)) => path.in_folder(&self.folder),
            Some(Picture::Thumbnail(video, tag)) => {
                thumbnail_file(&thumbnail_folder(&self.cache, &self.folder), &video, &tag)
            }
            None => return Err(BackendError::new(ErrorKind::NotFound, "find a picture")),
        };
        Ok(Location::File(file))
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
}

#[cfg(all(test, feature = "media-probe"))]
mod test_video;
#[cfg(test)]
mod tests;
