//! Fetching a picture: once for all who want it, and asking about one that may have changed.

use std::path::PathBuf;

use super::{ImageService, Kept, PictureName};
use crate::backends::{BackendError, PictureReply};
use crate::models::{ImageRequest, SourceId};
use crate::net::{ErrorKind, Validators};
use crate::services::core::BackendService;
use crate::services::{AppContext, Result, ServiceError};

const DOING: &str = "fetch a picture";

/// What became of a fetch.
#[derive(Debug)]
pub enum Fetched {
    /// The picture as the server sent it. It is on disk now.
    Bytes(Vec<u8>),
    /// A file of a folder of the user's.
    File(PathBuf),
}

/// See [`ImageService::fetch`].
pub(super) async fn politely(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Result<Fetched> {
    let name = PictureName::new(source, request);
    let failures = &ctx.images.shared.failures;
    if let Some(kind) = failures.of(&name) {
        return Err(BackendError::new(kind, DOING).into());
    }
    if ctx.connectivity.status(source).reach.is_down() {
        return Err(ServiceError::Offline(ErrorKind::Offline));
    }
    once(ctx, source, request, &name).await.inspect_err(|error| match error.kind() {
        // Written down on disk, or over when the source answers.
        ErrorKind::NotFound | ErrorKind::Offline => {}
        kind => failures.note(&name, kind),
    })
}

/// See [`ImageService::file`].
pub(super) async fn file(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Result<PathBuf> {
    let name = PictureName::new(source, request);
    if let Kept::Picture { is_due: false, .. } = kept(ctx, source, request).await {
        return Ok(ctx.images.disk().path(&name));
    }
    match once(ctx, source, request, &name).await? {
        Fetched::Bytes(_) => Ok(ctx.images.disk().path(&name)),
        Fetched::File(file) => Ok(file),
    }
}

async fn kept(ctx: &AppContext, source: SourceId, request: &ImageRequest) -> Kept {
    let (ctx, request) = (ctx.clone(), request.clone());
    let read = tokio::task::spawn_blocking(move || ImageService::kept(&ctx, source, &request));
    read.await.unwrap_or(Kept::Nothing)
}

/// One fetch at a time for each picture; who waited takes what came.
async fn once(
    ctx: &AppContext,
    source: SourceId,
    request: &ImageRequest,
    name: &PictureName,
) -> Result<Fetched> {
    let flight = ctx.images.flight(name);
    let fetched = {
        let _one_fetch = flight.lock().await;
        match kept(ctx, source, request).await {
            Kept::Picture { bytes, is_due: false, .. } => Ok(Fetched::Bytes(bytes)),
            Kept::Picture { bytes, validators, .. } => {
                ask(ctx, source, request, name, Some(bytes), validators).await
            }
            Kept::Absent => Err(BackendError::new(ErrorKind::NotFound, DOING).into()),
            Kept::Nothing => ask(ctx, source, request, name, None, Validators::default()).await,
        }
    };
    ctx.images.landed(name, &flight);
    fetched
}

/// Asks the server. One that cannot say whether a kept picture still holds does not take it away.
async fn ask(
    ctx: &AppContext,
    source: SourceId,
    request: &ImageRequest,
    name: &PictureName,
    before: Option<Vec<u8>>,
    known: Validators,
) -> Result<Fetched> {
    let (bytes, validators) = match (BackendService::picture(ctx, source, request, &known).await, before) {
        (Ok(PictureReply::File(file)), _) => return Ok(Fetched::File(file)),
        (Ok(PictureReply::Fresh { bytes, validators }), _) => (bytes, validators),
        (Ok(PictureReply::Unchanged), Some(bytes)) => (bytes, known),
        (Ok(PictureReply::Unchanged | PictureReply::Elsewhere(_)), _) => {
            return Err(BackendError::new(ErrorKind::Decode, DOING).into());
        }
        (Err(error), None) if error.kind() == ErrorKind::NotFound => {
            keep(ctx, name, Vec::new(), Validators::default()).await?;
            return Err(error);
        }
        (Err(error), Some(bytes)) if error.kind() != ErrorKind::NotFound => {
            tracing::debug!(kind = ?error.kind(), "a picture could not be looked at again");
            return Ok(Fetched::Bytes(bytes));
        }
        (Err(error), _) => return Err(error),
    };
    ctx.images.shared.failures.came(name);
    Ok(Fetched::Bytes(keep(ctx, name, bytes, validators).await?))
}

/// Keeps a picture, or with no bytes that there is none. A disk that is full costs the next start a fetch.
async fn keep(
    ctx: &AppContext,
    name: &PictureName,
    bytes: Vec<u8>,
    validators: Validators,
) -> Result<Vec<u8>> {
    let (disk, name, at) = (ctx.images.disk().clone(), name.clone(), ctx.clock.now());
    let kept = tokio::task::spawn_blocking(move || {
        let kept = disk.keep(&name, &bytes, &validators, at);
        (kept, bytes)
    });
    let Ok((kept, bytes)) = kept.await else {
        return Err(BackendError::new(ErrorKind::Storage, DOING).into());
    };
    kept.map_err(|error| BackendError::from_io("keep a picture", &error))?;
    Ok(bytes)
}
