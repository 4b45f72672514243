//! Watches the folders of local sources: tells which source has to be read, when something in a folder changed, and
//! looks for folders that are away, so that they are read within seconds when they are back. What a look finds is
//! written down by [`FolderService`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Duration;

use relm4::{ComponentSender, Worker};
use tokio::task::spawn_blocking;

use crate::backends::local::FolderWatcher;
use crate::models::{Folder, FolderId, Source, SourceId, SourceKind};
use crate::services::AppContext;
use crate::services::core::FolderService;

/// Folders that are away are looked for this often.
const LOOK: Duration = Duration::from_secs(5);
/// Folders of which nobody tells what changes are not read more often than this: each time all names are read.
const SHORTEST_INTERVAL: Duration = Duration::from_mins(15);

/// Messages of the worker.
#[derive(Debug)]
pub enum FolderInput {
    /// These are the sources now.
    Sources(Vec<Source>),
    /// A disk came or went: look at all folders.
    Look,
    /// Look for what is away.
    LookForAway,
    /// A look ended.
    Looked,
    /// A folder is watched now at this path, or cannot be.
    Watched(FolderId, PathBuf, Option<FolderWatcher>),
    /// It is time to read folders of which nobody tells.
    Interval,
}

/// What the worker has found.
#[derive(Debug)]
pub enum FolderOutput {
    /// This source has to be read.
    Sync(SourceId),
}

/// A folder that is watched, or about to be.
#[derive(Debug)]
struct Watch {
    path: PathBuf,
    source: SourceId,
    /// `None` until the watching has begun, and where nothing can be watched.
    watcher: Option<FolderWatcher>,
    /// Whether somebody tells of changes in it, as far as is known.
    is_told: bool,
}

/// The worker.
#[derive(Debug)]
pub struct FolderKeeper {
    ctx: AppContext,
    sources: Vec<Source>,
    watches: HashMap<FolderId, Watch>,
    /// A look is on its way.
    is_looking: bool,
    /// Look at everything once more after it.
    again: bool,
    /// The next look for what is away is planned.
    is_planned: bool,
}

impl Worker for FolderKeeper {
    /// With how often libraries are to be read.
    type Init = (AppContext, Duration);
    type Input = FolderInput;
    type Output = FolderOutput;

    fn init((ctx, interval): Self::Init, sender: ComponentSender<Self>) -> Self {
        let timer = sender.input_sender().clone();
        relm4::spawn(async move {
            // Zero is never.
            while !interval.is_zero() {
                tokio::time::sleep(interval.max(SHORTEST_INTERVAL)).await;
                if timer.send(FolderInput::Interval).is_err() {
                    return;
                }
            }
        });
        let (sources, watches) = (Vec::new(), HashMap::new());
        Self { ctx, sources, watches, is_looking: false, again: false, is_planned: false }
    }

    fn update(&mut self, message: FolderInput, sender: ComponentSender<Self>) {
        match message {
            FolderInput::Sources(sources) => self.follow(sources, &sender),
            FolderInput::Look => self.look(|_| true, &sender),
            FolderInput::LookForAway => {
                self.is_planned = false;
                self.look(|source| source.folders.iter().any(is_away), &sender);
            }
            FolderInput::Looked => self.looked(&sender),
            FolderInput::Watched(id, path, watcher) => self.watched(id, &path, watcher),
            FolderInput::Interval => self.read_untold(&sender),
        }
    }
}

fn is_away(folder: &Folder) -> bool {
    folder.away_since.is_some()
}

impl FolderKeeper {
    fn follow(&mut self, sources: Vec<Source>, sender: &ComponentSender<Self>) {
        let is_wanted = |source: &Source| source.kind == SourceKind::Local && source.enabled;
        self.sources = sources.into_iter().filter(is_wanted).collect();
        let mut here: HashMap<FolderId, (SourceId, PathBuf, bool)> = HashMap::new();
        for source in &self.sources {
            for folder in source.folders.iter().filter(|folder| !is_away(folder)) {
                here.insert(folder.id, (source.id, folder.path.clone(), folder.is_portal()));
            }
        }
        // What watches a disk that is gone watches nothing; it is begun anew when the disk is back.
        let gone: Vec<FolderId> = self
            .watches
            .iter()
            .filter(|(id, watch)| here.get(id).is_none_or(|(_, path, _)| *path != watch.path))
            .map(|(id, _)| *id)
            .collect();
        for watch in gone.iter().filter_map(|id| self.watches.remove(id)) {
            // The end of a watcher waits for its thread.
            relm4::spawn(async move { spawn_blocking(move || drop(watch)).await });
        }
        for (id, (source, path, is_portal)) in here {
            if let Entry::Vacant(place) = self.watches.entry(id) {
                place.insert(Watch { path: path.clone(), source, watcher: None, is_told: !is_portal });
                if !is_portal {
                    watch_folder(id, source, path, sender);
                }
            }
        }
        self.plan(sender);
    }

    fn watched(&mut self, id: FolderId, path: &Path, watcher: Option<FolderWatcher>) {
        // It may be elsewhere by now.
        if let Some(watch) = self.watches.get_mut(&id).filter(|watch| watch.path == path) {
            watch.is_told = watcher.is_some();
            watch.watcher = watcher;
        }
    }

    /// Looks at the folders of some sources; one look at a time.
    fn look(&mut self, is_wanted: impl Fn(&Source) -> bool, sender: &ComponentSender<Self>) {
        let wanted: Vec<Source> = self.sources.iter().filter(|source| is_wanted(source)).cloned().collect();
        if wanted.is_empty() {
            return;
        }
        if std::mem::replace(&mut self.is_looking, true) {
            self.again = true;
            return;
        }
        let (ctx, input) = (self.ctx.clone(), sender.input_sender().clone());
        relm4::spawn(async move {
            for source in &wanted {
                if let Err(error) = FolderService::look(&ctx, source).await {
                    tracing::warn!(%error, source_id = %source.id, "folders could not be looked at");
                }
            }
            input.emit(FolderInput::Looked);
        });
    }

    fn looked(&mut self, sender: &ComponentSender<Self>) {
        self.is_looking = false;
        if std::mem::take(&mut self.again) {
            self.look(|_| true, sender);
        }
        self.plan(sender);
    }

    /// Plans the next look for what is away.
    fn plan(&mut self, sender: &ComponentSender<Self>) {
        let is_any_away = self.sources.iter().any(|source| source.folders.iter().any(is_away));
        if !is_any_away || self.is_looking || std::mem::replace(&mut self.is_planned, true) {
            return;
        }
        let input = sender.input_sender().clone();
        relm4::spawn(async move {
            tokio::time::sleep(LOOK).await;
            input.emit(FolderInput::LookForAway);
        });
    }

    fn read_untold(&self, sender: &ComponentSender<Self>) {
        let mut sources: Vec<SourceId> =
            self.watches.values().filter(|watch| !watch.is_told).map(|watch| watch.source).collect();
        sources.sort_unstable();
        sources.dedup();
        for source in sources {
            // Nobody listens any more: the window is going.
            let _gone = sender.output(FolderOutput::Sync(source));
        }
    }
}

/// Begins to watch a folder. Going through all that is in it takes its time, on a dead mount for ever.
fn watch_folder(id: FolderId, source: SourceId, path: PathBuf, sender: &ComponentSender<FolderKeeper>) {
    let (input, output) = (sender.input_sender().clone(), sender.output_sender().clone());
    relm4::spawn(async move {
        let watched = path.clone();
        let started = spawn_blocking(move || {
            FolderWatcher::start(&watched, move || {
                let _gone = output.send(FolderOutput::Sync(source));
            })
        });
        let watcher = match started.await {
            Ok(Ok(watcher)) => Some(watcher),
            Ok(Err(error)) => {
                tracing::warn!(%error, source_id = %source, "the folder is not watched");
                None
            }
            Err(_) => None,
        };
        let _gone = input.send(FolderInput::Watched(id, path, watcher));
    });
}
