//! One folder of a source. It is read once in its life, when first needed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tracing::debug;

use super::artwork::{Picture, thumbnail_file};
use super::contents::{Contents, Entry};
use super::ids::LocalId;
use super::nfo::NfoSet;
use super::presence::{FolderLooks, Glimpse, Presence};
use super::probe::thumbnail_folder;
use super::records::{self, Described};
use super::spec::FolderSpec;
use super::survey::Survey;
use crate::backends::{BackendError, DetailRecord, ExtraRecord, ItemPage, PageRequest, Result};
use crate::models::{ImageKey, ItemKind, LibraryKind, RemoteId};
use crate::net::ErrorKind;

/// So many files are looked into at the same time: more only makes a disk seek.
pub(super) const FILES_AT_ONCE: usize = 4;
/// While a folder is worked on, it is asked this often whether it is still there: a mount that has died meanwhile
/// would be waited for without end.
const STILL_THERE: Duration = Duration::from_secs(30);

/// A folder.
#[derive(Debug)]
pub struct FolderReader {
    spec: FolderSpec,
    /// Whether it is the only one of its source.
    is_alone: bool,
    cache: PathBuf,
    looks: FolderLooks,
    pub(super) contents: OnceCell<Arc<Contents>>,
    /// What films that were listed have said of their sets.
    pub(super) sets: Mutex<HashMap<RemoteId, Option<NfoSet>>>,
}

impl FolderReader {
    /// A reader of this folder, which keeps what it finds in files in the app's `cache` folder.
    pub fn new(spec: FolderSpec, is_alone: bool, cache: PathBuf, looks: FolderLooks) -> Self {
        Self { spec, is_alone, cache, looks, contents: OnceCell::new(), sets: Mutex::default() }
    }

    /// What is known of it.
    pub fn spec(&self) -> &FolderSpec {
        &self.spec
    }

    /// Whether it is there.
    pub async fn check(&self, context: &'static str) -> Result<Glimpse> {
        match self.looks.reach(&self.spec.path).await {
            Presence::There(glimpse) => Ok(glimpse),
            Presence::Away(kind) => Err(BackendError::new(kind, context)),
        }
    }

    /// What it holds.
    pub async fn survey(&self) -> Result<Survey> {
        let context = "look through the folder";
        let contents = self.contents(context).await?;
        let (spec, is_alone) = (self.spec.clone(), self.is_alone);
        self.blocking(context, move || Ok(Survey::of(&contents, &spec, is_alone))).await
    }

    /// A page of the items of one kind.
    ///
    /// Where folders could not be read, the listing begins with one item that is skipped. It has no total then,
    /// nor where a file has gone since: nobody may take what is missing for deleted.
    pub async fn items(&self, library: LibraryKind, kind: ItemKind, page: PageRequest) -> Result<ItemPage> {
        let context = "list items";
        let contents = self.contents(context).await?;
        let known = contents.count(library, kind);
        let unknown = usize::from(contents.tree.unreadable > 0);
        let start = usize::try_from(page.start).unwrap_or(usize::MAX);
        let end =
            start.saturating_add(usize::try_from(page.limit).unwrap_or(usize::MAX)).min(known + unknown);
        let records: Vec<Option<Described>> = futures::stream::iter(start.max(unknown)..end)
            .map(|position| {
                let contents = Arc::clone(&contents);
                self.blocking(context, move || {
                    let entry = contents.entry_at(kind, position - unknown);
                    Ok(entry.and_then(|entry| contents.describe(entry)))
                })
            })
            .buffered(FILES_AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_>>()?;
        let sent = end.saturating_sub(start);
        let number = self.spec.number;
        let noted = records.into_iter().flatten().map(|described| {
            let set = described.set.clone();
            let item = described.into_listed();
            if kind == ItemKind::Movie {
                self.note_set(item.remote_id.clone(), set);
            }
            records::tag(number, item)
        });
        let items: Vec<_> = noted.collect();
        let skipped = sent - items.len();
        // Files that have gone are one thing, a disk that has gone is another.
        if !self.blocking(context, move || Ok(contents.is_here())).await? {
            return Err(BackendError::new(ErrorKind::NotFound, context));
        }
        Ok(ItemPage {
            items,
            skipped: u32::try_from(skipped).unwrap_or(u32::MAX),
            total: u32::try_from(known).ok().filter(|_| skipped == 0 && unknown == 0),
            at: None,
        })
    }

    /// One item of this folder with its details.
    pub async fn details(&self, item: &RemoteId) -> Result<DetailRecord> {
        let context = "read details";
        let found = self.with_item(item, context, move |contents, entry| {
            contents.details(entry).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))
        });
        let found = found.await?;
        let number = self.spec.number;
        let tagged = |extra: ExtraRecord| ExtraRecord { item: records::tag(number, extra.item), ..extra };
        let extras = found.extras.map(|extras| extras.into_iter().map(tagged).collect());
        Ok(DetailRecord { item: records::tag(number, found.item), extras, ..found })
    }

    /// Does something with one item, reading no more than it needs.
    pub async fn with_item<T: Send + 'static>(
        &self,
        item: &RemoteId,
        context: &'static str,
        work: impl FnOnce(&Contents, Entry<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = LocalId::parse(item).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))?;
        // Without the folder nothing can be said of its items, least of all that they are gone.
        self.check(context).await.map_err(|_| BackendError::new(ErrorKind::Offline, context))?;
        // A whole folder, once read, has no extras among its items.
        let known = self.contents.get().cloned().filter(|_| id.kind() != ItemKind::Extra);
        let (spec, cache) = (self.spec.clone(), self.cache.clone());
        self.blocking(context, move || {
            let contents = match known {
                Some(contents) => contents,
                None => Arc::new(
                    Contents::around(&spec, &cache, &id)
                        .map_err(|error| BackendError::from_io(context, &error))?,
                ),
            };
            let entry = contents.entry(&id).ok_or_else(|| BackendError::new(ErrorKind::NotFound, context))?;
            work(&contents, entry)
        })
        .await
    }

    /// The file of a picture.
    pub fn image(&self, key: &ImageKey) -> Option<PathBuf> {
        Some(match Picture::parse(key)? {
            Picture::Beside(path) => path.in_folder(&self.spec.path),
            Picture::Thumbnail(video, tag) => {
                thumbnail_file(&thumbnail_folder(&self.cache, &self.spec.path), &video, &tag)
            }
        })
    }

    /// The whole folder, read when first asked for.
    pub(super) async fn contents(&self, context: &'static str) -> Result<Arc<Contents>> {
        let contents = self.contents.get_or_try_init(|| async {
            let seen = self.check(context).await?;
            let (spec, cache) = (self.spec.clone(), self.cache.clone());
            let read = self.blocking(context, move || {
                Contents::read(&spec, &cache).map_err(|error| BackendError::from_io(context, &error))
            });
            match read.await {
                Ok(contents) => {
                    self.looks.forget(&self.spec.path);
                    debug!(
                        films = contents.catalogue.films.len(),
                        episodes = contents.catalogue.episodes.len(),
                        videos = contents.catalogue.clips.len(),
                        unreadable_folders = contents.tree.unreadable,
                        "folder read"
                    );
                    Ok(Arc::new(contents))
                }
                Err(error) => {
                    if error.kind() == ErrorKind::NotFound {
                        self.looks.note_deserted(&self.spec.path, seen);
                    }
                    Err(error)
                }
            }
        });
        contents.await.cloned()
    }

    /// Work on the folder that blocks; given up when the folder no longer answers.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        context: &'static str,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut work = spawn_blocking(work);
        loop {
            tokio::select! {
                done = &mut work => {
                    return done.map_err(|_| BackendError::new(ErrorKind::Storage, context))?;
                }
                () = sleep(STILL_THERE) => {
                    if self.looks.reach(&self.spec.path).await == Presence::Away(ErrorKind::Offline) {
                        return Err(BackendError::new(ErrorKind::Offline, context));
                    }
                }
            }
        }
    }
}
