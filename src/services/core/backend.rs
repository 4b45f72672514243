//! Operations on sources: a backend is made for one operation, used, and dropped.
//!
//! The flow of each: load the source, load its credentials, choose the connection, make the backend, do the
//! work. When the server cannot be reached over the chosen connection, the choice is made anew once and the
//! work repeated there, if repeating is safe; only then does anybody hear of it.

use std::future::Future;
use std::sync::Arc;

use tracing::{debug, warn};

use super::connection::{Chosen, ConnectionService, set_online};
use super::sync::{SyncOptions, SyncService};
use crate::backends::jellyfin::JellyfinBackend;
use crate::backends::local::LocalBackend;
use crate::backends::plex::PlexBackend;
use crate::backends::{AuthProvider, DetailRecord, Location, MediaBackend, StreamSource};
use crate::models::{
    AuthStatus, ImageRequest, Item, ItemRecord, MediaId, PlaybackReport, Source, SourceId, SourceKind,
};
use crate::net::ErrorKind;
use crate::services::events::{Event, SyncSummary};
use crate::services::installation::identity;
use crate::services::{AppContext, Result, ServiceError};

/// A backend for one operation.
pub type BackendHandle = Arc<dyn MediaBackend>;

/// Makes backends and runs operations on them.
pub struct BackendService;

impl BackendService {
    /// How to play an item directly; the best version when none is named.
    pub async fn get_stream_url(
        ctx: &AppContext,
        item: MediaId,
        version: Option<&str>,
    ) -> Result<StreamSource> {
        let item = Self::item(ctx, item).await?;
        let (remote, version) = (item.record.remote_id, version.map(str::to_owned));
        Self::run(ctx, item.source_id, Repeat::Safe, move |backend| {
            let (remote, version) = (remote.clone(), version.clone());
            async move { backend.stream(&remote, version.as_deref()).await }
        })
        .await
    }

    /// Brings the local copy of a source up to date.
    pub async fn sync_source(
        ctx: &AppContext,
        source_id: SourceId,
        options: SyncOptions,
    ) -> Result<SyncSummary> {
        SyncService::sync_source(ctx, source_id, options).await
    }

    /// Checks that the source can be reached and lets us in.
    pub async fn test_connection(ctx: &AppContext, source_id: SourceId) -> Result<()> {
        Self::run(ctx, source_id, Repeat::Safe, |backend| async move { backend.test_connection().await })
            .await
    }

    /// Tells the server of a source where its user is in an item. The local change and its outbox row are
    /// [`super::PlaybackService`]'s.
    pub async fn update_playback_progress(
        ctx: &AppContext,
        item: MediaId,
        report: &PlaybackReport,
    ) -> Result<()> {
        let item = Self::item(ctx, item).await?;
        let (remote, report) = (item.record.remote_id, report.clone());
        Self::run(ctx, item.source_id, Repeat::Safe, move |backend| {
            let (remote, report) = (remote.clone(), report.clone());
            async move { backend.report_playback(&remote, &report).await }
        })
        .await
    }

    /// Marks an item at its server. The local change and its outbox row are [`super::PlaybackService`]'s.
    pub async fn mark_watched(ctx: &AppContext, item: MediaId, watched: bool) -> Result<()> {
        let item = Self::item(ctx, item).await?;
        let (remote, at) = (item.record.remote_id, ctx.clock.now());
        Self::run(ctx, item.source_id, Repeat::Safe, move |backend| {
            let remote = remote.clone();
            async move { backend.set_watched(&remote, watched, at).await }
        })
        .await
    }

    /// Marks an item as favourite at its server.
    pub async fn set_favourite(ctx: &AppContext, item: MediaId, favourite: bool) -> Result<()> {
        let item = Self::item(ctx, item).await?;
        let remote = item.record.remote_id;
        Self::run(ctx, item.source_id, Repeat::Safe, move |backend| {
            let remote = remote.clone();
            async move { backend.set_favourite(&remote, favourite).await }
        })
        .await
    }

    /// The details of an item as its server gives them now; stores them.
    pub async fn get_details(ctx: &AppContext, item: MediaId) -> Result<DetailRecord> {
        let item = Self::item(ctx, item).await?;
        let remote = item.record.remote_id.clone();
        let details = Self::run(ctx, item.source_id, Repeat::Safe, move |backend| {
            let remote = remote.clone();
            async move { backend.details(&remote).await }
        })
        .await?;
        // Only a library tells a home video from a film: the kind of the listing stays.
        let fresh = ItemRecord { kind: item.record.kind, ..details.item.clone() };
        ctx.db.items().upsert_one(item.source_id, item.library_id, &fresh).await?;
        ctx.db.details().put(item.id, &details.details, details.item.change_mark.as_deref()).await?;
        ctx.events
            .publish(Event::ItemsChanged { source_id: item.source_id, ids: Arc::from([item.id].as_slice()) });
        Ok(details)
    }

    /// What the server of a source finds for a text.
    pub async fn search(
        ctx: &AppContext,
        source_id: SourceId,
        text: &str,
        limit: u32,
    ) -> Result<Vec<ItemRecord>> {
        let text = text.to_owned();
        Self::run(ctx, source_id, Repeat::Safe, move |backend| {
            let text = text.clone();
            async move { backend.search(&text, limit).await }
        })
        .await
    }

    /// Where a picture can be fetched now.
    pub async fn image_request(
        ctx: &AppContext,
        source_id: SourceId,
        request: &ImageRequest,
    ) -> Result<Location> {
        let request = request.clone();
        Self::run(ctx, source_id, Repeat::Safe, move |backend| {
            let request = request.clone();
            async move { backend.image(&request) }
        })
        .await
    }

    /// Runs one operation on a fresh backend of a source, with one change of connection if need be.
    pub(super) async fn run<T, E, F, Fut>(
        ctx: &AppContext,
        source_id: SourceId,
        repeat: Repeat,
        operation: F,
    ) -> Result<T>
    where
        E: Into<ServiceError>,
        F: Fn(BackendHandle) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let source = ctx.db.sources().get(source_id).await?;
        let (backend, connection) = Self::make(ctx, &source).await?;
        let failure: ServiceError = match operation(backend).await {
            Ok(value) => {
                Self::note(ctx, &source, connection.as_ref(), Ok(())).await;
                return Ok(value);
            }
            Err(error) => error.into(),
        };
        Self::note(ctx, &source, connection.as_ref(), Err(failure.kind())).await;
        if connection.is_none() || !failure.kind().may_fail_over() || repeat == Repeat::Never {
            return Err(Self::judge(ctx, &source, failure).await);
        }
        debug!(%source_id, kind = ?failure.kind(), "choosing the connection anew");
        let (backend, connection) = Self::make(ctx, &source).await?;
        match operation(backend).await {
            Ok(value) => {
                Self::note(ctx, &source, connection.as_ref(), Ok(())).await;
                Ok(value)
            }
            Err(error) => {
                let error = error.into();
                Self::note(ctx, &source, connection.as_ref(), Err(error.kind())).await;
                Err(Self::judge(ctx, &source, error).await)
            }
        }
    }

    /// Makes the backend of a source for one operation, and tells over which connection it works.
    pub(super) async fn make(ctx: &AppContext, source: &Source) -> Result<(BackendHandle, Option<Chosen>)> {
        if source.kind == SourceKind::Local {
            let folder = source.folder.clone().ok_or(ServiceError::Unknown("folder"))?;
            let backend =
                LocalBackend::from_auth(&AuthProvider::Local, folder, source.folder_kind, ctx.paths.media())?;
            return Ok((Arc::new(backend), None));
        }
        let token = ctx.secrets.get(source.id).await?.ok_or(ServiceError::SignedOut(source.id))?;
        let chosen = ConnectionService::choose(ctx, source.id).await?;
        let connection = &chosen.uri;
        let client = identity(&source.device_id);
        let backend: BackendHandle = match source.kind {
            SourceKind::Plex => {
                let auth = AuthProvider::Plex { token, client };
                Arc::new(PlexBackend::from_auth(&auth, connection, &ctx.http)?)
            }
            SourceKind::Jellyfin | SourceKind::Local => {
                let user_id = source.user.as_ref().map(|user| user.id.clone()).unwrap_or_default();
                let auth = AuthProvider::Jellyfin { token, user_id, client };
                Arc::new(JellyfinBackend::from_auth(&auth, connection, &ctx.http)?)
            }
        };
        Ok((backend, Some(chosen)))
    }

    async fn item(ctx: &AppContext, item: MediaId) -> Result<Item> {
        Ok(ctx.db.items().get(item).await?)
    }

    /// Lets the connection service learn from a real request. Its own failure must not hide the result.
    async fn note(
        ctx: &AppContext,
        source: &Source,
        connection: Option<&Chosen>,
        outcome: std::result::Result<(), ErrorKind>,
    ) {
        let noted = match connection {
            Some(used) => ConnectionService::record_outcome(ctx, source, used, outcome).await,
            None => match outcome {
                Ok(()) => set_online(ctx, source.id, true).await,
                Err(ErrorKind::Offline) => set_online(ctx, source.id, false).await,
                Err(_) => Ok(()),
            },
        };
        if let Err(error) = noted {
            warn!(%error, "the outcome of a request could not be stored");
        }
    }

    /// Turns a backend's failure into the service's. A 401 marks the source as signed out only when the
    /// server confirms it on the call that checks the token.
    async fn judge(ctx: &AppContext, source: &Source, error: ServiceError) -> ServiceError {
        if error.kind() != ErrorKind::Unauthorized {
            return error;
        }
        let Ok((backend, _)) = Self::make(ctx, source).await else { return error };
        let confirmed =
            matches!(backend.test_connection().await, Err(check) if check.kind() == ErrorKind::Unauthorized);
        if confirmed {
            match ctx.db.sources().set_auth_status(source.id, AuthStatus::SignInNeeded).await {
                Ok(true) => ctx.events.publish(Event::AuthRequired(source.id)),
                Ok(false) => {}
                Err(error) => warn!(%error, "the sign-in state could not be stored"),
            }
        }
        error
    }
}

/// Whether an operation may be done twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Reading, or setting an absolute value.
    Safe,
    /// Doing it twice would do harm.
    Never,
}
