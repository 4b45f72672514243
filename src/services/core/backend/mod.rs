//! Operations on sources: a backend is made for one operation, used, and dropped.
//!
//! - [`make`]: source, credentials, connection, backend.
//! - [`store`]: what became of the details of an item.
//! - [`run`]: one operation with its repetitions and changes of connection.
//! - [`watch`]: an operation over one connection, and what happens when that falls silent.

mod make;
mod run;
mod store;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::PlaybackService;
use super::streaming::Wishes;
use super::sync::{SyncOptions, SyncService};
use crate::backends::{
    BackendError, DetailRecord, Location, MediaBackend, PictureReply, StreamSource, download,
};
use crate::models::{
    ImageKey, ImageRequest, Item, ItemRecord, MediaId, PersonRef, PlaybackEvent, PlaybackReport,
    PreviewIndex, RemoteId, SourceId, TitleOf,
};
use crate::net::{ErrorKind, Validators};
use crate::services::events::{Event, SyncSummary};
use crate::services::{AppContext, Result};

pub(super) use make::make_local;
pub use run::Purpose;
pub(super) use run::run;

/// A backend for one operation.
pub type BackendHandle = Arc<dyn MediaBackend>;

/// Makes backends and runs operations on them.
pub struct BackendService;

impl BackendService {
    /// How to play an item in the quality that is usual here; the best version when none is named.
    pub async fn get_stream_url(
        ctx: &AppContext,
        item: MediaId,
        version: Option<&str>,
    ) -> Result<StreamSource> {
        let wishes = Wishes { version: version.map(str::to_owned), ..Wishes::default() };
        PlaybackService::stream(ctx, item, &wishes).await
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
        run(ctx, source_id, Purpose::Interactive, |backend| async move { backend.test_connection().await })
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
        // A stop is told once: a second one would count as a second play.
        let told = Arc::new(AtomicBool::new(false));
        run(ctx, item.source_id, Purpose::Report, move |backend| {
            let (remote, report, told) = (remote.clone(), report.clone(), Arc::clone(&told));
            async move {
                if report.event == PlaybackEvent::Stopped && told.swap(true, Ordering::Relaxed) {
                    return Err(BackendError::new(ErrorKind::Cancelled, "report playback"));
                }
                let result = backend.report_playback(&remote, &report).await;
                if result.as_ref().is_err_and(|error| !error.kind().may_have_arrived()) {
                    told.store(false, Ordering::Relaxed);
                }
                result
            }
        })
        .await
    }

    /// Marks an item at its server. The local change and its outbox row are [`super::PlaybackService`]'s.
    pub async fn mark_watched(ctx: &AppContext, item: MediaId, watched: bool) -> Result<()> {
        let item = Self::item(ctx, item).await?;
        let (remote, at) = (item.record.remote_id, ctx.clock.now());
        run(ctx, item.source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.set_watched(&remote, watched, at).await }
        })
        .await
    }

    /// Marks an item as favourite at its server.
    pub async fn set_favourite(ctx: &AppContext, item: MediaId, favourite: bool) -> Result<()> {
        let item = Self::item(ctx, item).await?;
        let remote = item.record.remote_id;
        run(ctx, item.source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.set_favourite(&remote, favourite).await }
        })
        .await
    }

    /// The details of an item as its server gives them now; stores them.
    pub async fn get_details(ctx: &AppContext, item: MediaId) -> Result<DetailRecord> {
        let item = Self::item(ctx, item).await?;
        let remote = item.record.remote_id.clone();
        let details = run(ctx, item.source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.details(&remote).await }
        })
        .await?;
        store::store(ctx, &item, &details).await?;
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
        run(ctx, source_id, Purpose::Search, move |backend| {
            let text = text.clone();
            async move { backend.search(&text, limit).await }
        })
        .await
    }

    /// An item that is not stored, as its server describes it now.
    pub(super) async fn look_up(
        ctx: &AppContext,
        source_id: SourceId,
        remote: &RemoteId,
    ) -> Result<ItemRecord> {
        let remote = remote.clone();
        let found = run(ctx, source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.details(&remote).await }
        });
        Ok(found.await?.item)
    }

    /// What the server of an item says is like it.
    pub async fn similar(ctx: &AppContext, item: MediaId) -> Result<Vec<RemoteId>> {
        let item = Self::item(ctx, item).await?;
        let remote = item.record.remote_id;
        run(ctx, item.source_id, Purpose::Interactive, move |backend| {
            let remote = remote.clone();
            async move { backend.similar(&remote).await }
        })
        .await
    }

    /// What the server of a source has with a person.
    pub async fn titles_of(ctx: &AppContext, source_id: SourceId, person: PersonRef) -> Result<Vec<TitleOf>> {
        run(ctx, source_id, Purpose::Interactive, move |backend| {
            let person = person.clone();
            async move { backend.titles_of(&person).await }
        })
        .await
    }

    /// The index of a file of small pictures of what a source has.
    pub async fn preview_index(
        ctx: &AppContext,
        source_id: SourceId,
        file: &ImageKey,
    ) -> Result<PreviewIndex> {
        let file = file.clone();
        run(ctx, source_id, Purpose::Picture, move |backend| {
            let file = file.clone();
            async move { backend.preview_index(&file).await }
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
        run(ctx, source_id, Purpose::Interactive, move |backend| {
            let request = request.clone();
            async move { backend.image(&request) }
        })
        .await
    }

    /// Fetches a picture, or hears that the one that is `known` still holds. A picture that its server cannot make
    /// says nothing of the connection.
    ///
    /// # Errors
    /// `NotFound` when the server has no such picture, `Decode` when what came is none.
    pub async fn picture(
        ctx: &AppContext,
        source_id: SourceId,
        request: &ImageRequest,
        known: &Validators,
    ) -> Result<PictureReply> {
        let (asked, held) = (request.clone(), known.clone());
        let reply = run(ctx, source_id, Purpose::Picture, move |backend| {
            let (asked, held) = (asked.clone(), held.clone());
            async move {
                match backend.picture(&asked, &held).await {
                    Err(error) if error.kind() == ErrorKind::Server => Ok(Err(error)),
                    Err(error) => Err(error),
                    Ok(reply) => Ok(Ok(reply)),
                }
            }
        });
        match reply.await?? {
            // Whether that host answers says nothing of the server.
            PictureReply::Elsewhere(request) => Ok(download(&ctx.http, &request, known).await?),
            reply => Ok(reply),
        }
    }

    async fn item(ctx: &AppContext, item: MediaId) -> Result<Item> {
        Ok(ctx.db.items().get(item).await?)
    }
}
