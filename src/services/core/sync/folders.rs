//! Reading the folders of a source.
//!
//! A folder is surveyed first, without looking into files. What cannot be surveyed is away: it is noted and left as
//! it is, and the others go on. Then items that have only moved get their new names, and then the libraries are
//! listed as those of servers are.
//!
//! What is removed has to be missed in a folder that is there, was read completely and is the folder that it was:
//! of one that is another to the file system (another disk at the same place, perhaps) no more than half of a
//! library is removed, and no library at all.

use std::collections::HashMap;
use std::sync::Arc;

use tracing::{debug, info};

use super::renames::renames;
use super::{Origin, Removal, Run, SyncOptions, rows};
use crate::backends::LibraryRecord;
use crate::backends::local::Survey;
use crate::models::{FileMark, Folder, FolderNumber, Library, LibraryId, MediaId, RemoteId, Source};
use crate::net::ErrorKind;
use crate::services::core::backend::make_local;
use crate::services::core::folders::FolderService;
use crate::services::events::SyncSummary;
use crate::services::{AppContext, Result, ServiceError};

/// A folder that is there.
struct Found<'a> {
    folder: &'a Folder,
    survey: Survey,
    /// Whether its listings went to their ends, and what they did not hold is removed.
    is_settled: bool,
}

/// Reads all folders of a source that are there.
///
/// # Errors
/// `Offline` when none is.
pub(super) async fn sync(
    ctx: &AppContext,
    source: &Source,
    options: SyncOptions,
    is_shown: bool,
) -> Result<SyncSummary> {
    let backend = Arc::new(make_local(ctx, source).await?);
    let mut found = Vec::new();
    let mut failure = None;
    for (folder, survey) in source.folders.iter().zip(backend.surveys().await) {
        FolderService::note(ctx, source, folder, survey.is_ok()).await?;
        match survey {
            Ok(survey) => found.push(Found { folder, survey, is_settled: true }),
            Err(error) => {
                debug!(folder_id = %folder.id, %error, "a folder is away");
                failure = failure.or(Some(error));
            }
        }
    }
    FolderService::note_source(ctx, source, !found.is_empty()).await?;
    match failure {
        Some(error) if found.is_empty() => {
            return Err(match error.kind() {
                // A folder that is away is like a server that does not answer.
                kind @ (ErrorKind::NotFound | ErrorKind::Offline) => ServiceError::Offline(kind),
                _ => error.into(),
            });
        }
        _ => {}
    }
    let libraries: Vec<LibraryRecord> =
        found.iter().flat_map(|found| found.survey.libraries.iter().cloned()).collect();
    let stored = ctx.db.libraries().put(source.id, &rows(&libraries)).await?;
    let mut run = Run::new(ctx, source, Origin::Folder(backend), is_shown);
    if follow_files(ctx, source, &found, &stored).await? {
        run.tell_of_many();
    }
    let wanted = options.wanted(libraries, &stored);
    run.count(wanted.iter().map(|(record, _)| record)).await?;
    if options.full {
        for (_, library) in &wanted {
            ctx.db.items().distrust(library.id).await?;
        }
    }
    for (record, library) in &wanted {
        list(&mut run, &mut found, record, library).await?;
    }
    note_files(ctx, source, &found).await?;
    if options.library.is_none() {
        for found in &found {
            settle(ctx, source, found).await?;
        }
        // A collection goes with its folder's word only: one that is away says nothing.
        let settled = found.iter().filter(|found| found.is_settled && found.survey.complete);
        let settled: Vec<FolderNumber> = settled.map(|found| found.folder.number).collect();
        let may_go = |id: &RemoteId| settled.contains(&FolderNumber::split(id.as_str()).0);
        run.shelve(&[], may_go).await?;
    }
    ctx.db.libraries().remove_orphans(source.id).await?;
    run.end(options).await
}

/// Gives items that are found at other places their new names. Tells whether there were any.
async fn follow_files(
    ctx: &AppContext,
    source: &Source,
    found: &[Found<'_>],
    libraries: &[Library],
) -> Result<bool> {
    let known = ctx.db.items().known_files(source.id).await?;
    let items: Vec<_> = found.iter().flat_map(|found| found.survey.items.iter().cloned()).collect();
    let seen = found.iter().filter(|found| found.survey.complete);
    let seen: Vec<FolderNumber> = seen.map(|found| found.folder.number).collect();
    let places: HashMap<&RemoteId, &RemoteId> =
        items.iter().map(|item| (&item.remote_id, &item.library)).collect();
    let names: Vec<(MediaId, RemoteId, LibraryId)> = renames(&known, &items, &seen)
        .into_iter()
        .filter_map(|(id, name)| {
            let library = libraries.iter().find(|library| places.get(&name) == Some(&&library.remote_id))?;
            Some((id, name, library.id))
        })
        .collect();
    if !names.is_empty() {
        info!(source_id = %source.id, items = names.len(), "files have moved");
    }
    ctx.db.items().rename(&names).await?;
    Ok(!names.is_empty())
}

/// Lists a library. A folder that goes away meanwhile is not the end of the others.
async fn list(
    run: &mut Run<'_>,
    found: &mut [Found<'_>],
    record: &LibraryRecord,
    library: &Library,
) -> Result<()> {
    let number = FolderNumber::split(record.remote_id.as_str()).0;
    let Some(found) = found.iter_mut().find(|found| found.folder.number == number) else { return Ok(()) };
    if !found.is_settled && !found.survey.complete {
        return Ok(());
    }
    let removal = if found.survey.is_same_root { Removal::Everything } else { Removal::Few };
    match run.list_whole(record, library, false, removal).await {
        Ok(listed) => found.is_settled &= listed.is_settled,
        Err(ServiceError::Backend(error)) => {
            debug!(folder_id = %found.folder.id, %error, "a folder went away while it was read");
            (found.is_settled, found.survey.complete) = (false, false);
            FolderService::note(run.ctx, run.source, found.folder, false).await?;
        }
        Err(other) => return Err(other),
    }
    Ok(())
}

/// Keeps by what the items of folders are known again.
async fn note_files(ctx: &AppContext, source: &Source, found: &[Found<'_>]) -> Result<()> {
    let items = found.iter().flat_map(|found| &found.survey.items);
    let files: Vec<(RemoteId, FileMark)> =
        items.filter_map(|item| Some((item.remote_id.clone(), item.file?))).collect();
    Ok(ctx.db.items().put_files(source.id, &files).await?)
}

/// Removes the libraries that a folder has no more, and keeps what the folder is to the file system.
async fn settle(ctx: &AppContext, source: &Source, found: &Found<'_>) -> Result<()> {
    let Found { folder, survey, is_settled } = found;
    if !survey.complete || !is_settled {
        return Ok(());
    }
    let listed = rows(&survey.libraries);
    if survey.is_same_root {
        ctx.db.libraries().remove_others(source.id, folder.number, &listed).await?;
    } else if ctx.db.libraries().has_others(source.id, folder.number, &listed).await? {
        return Ok(());
    }
    if let Some(mark) = survey.mark {
        ctx.db.folders().set_mark(folder.id, mark).await?;
    }
    Ok(())
}
