//! Adding, removing and changing folders.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tokio::task::spawn_blocking;
use tracing::info;

use super::FolderService;
use crate::backends::AuthProvider;
use crate::backends::local::{
    FolderSpec, FoundItem, LocalBackend, Presence, glimpse, guess_kind, move_cache,
};
use crate::models::{
    ConnectionList, Folder, FolderId, FolderNumber, LibraryKind, NewFolder, NewSource, Source, SourceId,
    SourceKind,
};
use crate::net::ErrorKind;
use crate::services::core::SourceService;
use crate::services::events::Event;
use crate::services::{AppContext, FolderProblem, Result, ServiceError};

impl SourceService {
    /// Adds a folder as a source. What it holds is guessed unless given.
    ///
    /// # Errors
    /// As [`SourceService::add_folders`].
    pub async fn add_folder(
        ctx: &AppContext,
        folder: &Path,
        name: Option<&str>,
        kind: Option<LibraryKind>,
    ) -> Result<SourceId> {
        Self::add_folders(ctx, &[NewFolder { kind, ..NewFolder::new(folder) }], name).await
    }

    /// Adds folders as one source, which is called after the first one unless a name is given.
    ///
    /// # Errors
    /// [`ServiceError::Folder`] when there is nothing to see in one of them or one lies in another, `Duplicate` when
    /// one was added before.
    pub async fn add_folders(
        ctx: &AppContext,
        folders: &[NewFolder],
        name: Option<&str>,
    ) -> Result<SourceId> {
        let mut checked: Vec<NewFolder> = Vec::new();
        for folder in folders {
            let folder = check_new(ctx, folder).await?;
            if checked.iter().any(|other| overlap(&other.path, &folder.path)) {
                return Err(ServiceError::Folder(FolderProblem::Overlaps));
            }
            checked.push(folder);
        }
        let first = checked.first().ok_or(ServiceError::Folder(FolderProblem::Missing))?;
        let place = first.shown.as_ref().map_or_else(|| first.path.clone(), PathBuf::from);
        let base_name = || place.file_name().map(|name| name.to_string_lossy().into_owned());
        let source = NewSource {
            kind: SourceKind::Local,
            name: name.map(str::to_owned).or_else(base_name).unwrap_or_else(|| "/".to_owned()),
            connection_url: None,
            connections: ConnectionList::default(),
            machine_id: None,
            user: None,
            device_id: ctx.installation.clone(),
            folders: checked,
        };
        let id = ctx.db.sources().insert(&source).await?;
        info!(source_id = %id, kind = %source.kind, folders = source.folders.len(), "source added");
        ctx.db.sources().set_online(id, true).await?;
        ctx.events.publish(Event::SourceAdded(id));
        Ok(id)
    }

    /// Adds a folder to a source.
    ///
    /// # Errors
    /// As [`SourceService::add_folders`]; `Unknown` for a source that is no folder.
    pub async fn add_folder_to(ctx: &AppContext, id: SourceId, folder: &NewFolder) -> Result<FolderId> {
        let source = local(ctx, id).await?;
        let folder = check_new(ctx, folder).await?;
        if source.folders.iter().any(|known| overlap(&known.path, &folder.path)) {
            return Err(ServiceError::Folder(FolderProblem::Overlaps));
        }
        let added = ctx.db.folders().add(id, &folder).await?;
        info!(source_id = %id, folder_id = %added, "folder added");
        changed(ctx, id);
        Ok(added)
    }

    /// Removes a folder from its source, with its libraries and the places in them. Its files stay.
    ///
    /// # Errors
    /// [`FolderProblem::Last`] for the only one: then the source is what is to be removed.
    pub async fn remove_folder(ctx: &AppContext, id: SourceId, folder: FolderId) -> Result<()> {
        let (source, folder) = find(ctx, id, folder).await?;
        if source.folders.len() == 1 {
            return Err(ServiceError::Folder(FolderProblem::Last));
        }
        ctx.db.folders().remove(id, &folder).await?;
        ctx.folder_looks.forget(&folder.path);
        info!(source_id = %id, folder_id = %folder.id, "folder removed");
        // What is left may be called otherwise now.
        changed(ctx, id);
        Ok(())
    }

    /// Points a folder to where its files are now. What lies at the same place within it keeps its place and marks.
    ///
    /// # Errors
    /// As [`SourceService::add_folders`]; [`FolderProblem::OtherFiles`] when nothing there is known from here: that
    /// would be the end of everything that is known.
    pub async fn move_folder(
        ctx: &AppContext,
        id: SourceId,
        folder: FolderId,
        place: &NewFolder,
    ) -> Result<()> {
        let (source, folder) = find(ctx, id, folder).await?;
        let path = check_folder(ctx, &place.path).await?;
        match ctx.db.sources().find_folder(&path).await? {
            Some(known) if path != folder.path => return Err(ServiceError::Duplicate(known.id)),
            _ => {}
        }
        let others = source.folders.iter().filter(|other| other.id != folder.id);
        if others.clone().any(|other| overlap(&other.path, &path)) {
            return Err(ServiceError::Folder(FolderProblem::Overlaps));
        }
        let found =
            read(ctx, &FolderSpec { number: folder.number, ..FolderSpec::new(&path, folder.kind) }).await?;
        let known = ctx.db.items().known_files(id).await?;
        let own: Vec<_> = known
            .iter()
            .filter(|item| FolderNumber::split(item.remote_id.as_str()).0 == folder.number)
            .collect();
        let is_known = |found: &FoundItem| own.iter().any(|item| item.remote_id == found.remote_id);
        if !own.is_empty() && !found.iter().any(is_known) {
            return Err(ServiceError::Folder(FolderProblem::OtherFiles));
        }
        let (cache, from, to) = (ctx.paths.media(), folder.path.clone(), path.clone());
        let moved = spawn_blocking(move || move_cache(&cache, &from, &to)).await;
        if moved.is_err() {
            info!(folder_id = %folder.id, "what is known of videos is found out again");
        }
        ctx.db.folders().set_place(folder.id, &path, place.shown.as_deref()).await?;
        info!(source_id = %id, folder_id = %folder.id, "folder moved");
        changed(ctx, id);
        Ok(())
    }

    /// Says what a folder holds; `None` to find out. It is read anew; what is the same file keeps its place.
    pub async fn set_folder_kind(
        ctx: &AppContext,
        id: SourceId,
        folder: FolderId,
        kind: Option<LibraryKind>,
    ) -> Result<()> {
        let (_, folder) = find(ctx, id, folder).await?;
        if folder.kind == kind {
            return Ok(());
        }
        ctx.db.folders().set_kind(folder.id, kind).await?;
        info!(source_id = %id, folder_id = %folder.id, kind = ?kind, "folder holds something else");
        changed(ctx, id);
        Ok(())
    }
}

impl FolderService {
    /// What a folder seems to hold. [`LibraryKind::Mixed`] when it is several things or nothing.
    ///
    /// # Errors
    /// [`ServiceError::Folder`] when it cannot be read.
    pub async fn guess(ctx: &AppContext, folder: &Path) -> Result<LibraryKind> {
        let folder = check_folder(ctx, folder).await?;
        let guessed = spawn_blocking(move || guess_kind(&folder)).await;
        guessed.map_err(|_| ServiceError::Folder(FolderProblem::Unreadable))
    }
}

/// A source of folders.
async fn local(ctx: &AppContext, id: SourceId) -> Result<Source> {
    let source = ctx.db.sources().get(id).await?;
    if source.kind == SourceKind::Local { Ok(source) } else { Err(ServiceError::Unknown("folder")) }
}

async fn find(ctx: &AppContext, id: SourceId, folder: FolderId) -> Result<(Source, Folder)> {
    let source = local(ctx, id).await?;
    let found = source.folders.iter().find(|known| known.id == folder).cloned();
    let found = found.ok_or(ServiceError::Unknown("folder"))?;
    Ok((source, found))
}

/// Tells that the folders of a source are others, and that it has to be read.
fn changed(ctx: &AppContext, id: SourceId) {
    ctx.events.publish(Event::SourceChanged(id));
    ctx.events.publish(Event::FolderBack(id));
}

/// A new folder by its real path, when it can be read, is no source yet and has something to show.
async fn check_new(ctx: &AppContext, folder: &NewFolder) -> Result<NewFolder> {
    let path = check_folder(ctx, &folder.path).await?;
    if let Some(known) = ctx.db.sources().find_folder(&path).await? {
        return Err(ServiceError::Duplicate(known.id));
    }
    read(ctx, &FolderSpec::new(&path, folder.kind)).await?;
    Ok(NewFolder { path, ..folder.clone() })
}

/// What is in a folder; never nothing.
async fn read(ctx: &AppContext, spec: &FolderSpec) -> Result<Vec<FoundItem>> {
    let looks = &ctx.folder_looks;
    let folders = vec![spec.clone()];
    let backend = LocalBackend::from_auth(&AuthProvider::Local, folders, &ctx.paths.media(), looks)?;
    let surveys: Result<Vec<_>, _> = backend.surveys().await.into_iter().collect();
    let items: Vec<FoundItem> = surveys?.into_iter().flat_map(|survey| survey.items).collect();
    if items.is_empty() { Err(ServiceError::Folder(FolderProblem::Empty)) } else { Ok(items) }
}

/// Whether one is the other or lies in it.
fn overlap(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// The folder by its real path, when it can be read.
async fn check_folder(ctx: &AppContext, folder: &Path) -> Result<PathBuf> {
    // A mount that does not answer must not be waited for.
    if ctx.folder_looks.reach(folder).await == Presence::Away(ErrorKind::Offline) {
        return Err(ServiceError::Folder(FolderProblem::Unreadable));
    }
    let folder = folder.to_owned();
    let looked = spawn_blocking(move || {
        let real = fs::canonicalize(&folder)?;
        glimpse(&real)?;
        Ok(real)
    })
    .await
    .map_err(|_| ServiceError::Folder(FolderProblem::Unreadable))?;
    looked.map_err(|error: io::Error| {
        ServiceError::Folder(match error.kind() {
            io::ErrorKind::NotFound => FolderProblem::Missing,
            io::ErrorKind::NotADirectory => FolderProblem::NotAFolder,
            _ => FolderProblem::Unreadable,
        })
    })
}
