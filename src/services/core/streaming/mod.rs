//! From an item to a stream: how good it may be here and now, and what servers convert for it.
//!
//! The quality is decided by the way to the server ([`UsualQuality::decide`](crate::models::UsualQuality::decide)), whether
//! a file goes as it is by the backend, which knows what its server can do. What is converted is written down in
//! [`Streams`], so that it is kept while it is paused and ended exactly once, whoever notices first that it is over.

mod state;

use std::time::Duration;

use tokio::time::timeout;
use tracing::{debug, info};

use super::backend::{Purpose, run};
use super::{ConnectionService, PlaybackService};
use crate::backends::{Location, StreamAsk, StreamSource};
use crate::models::{Item, MediaId, Quality, ServerConnection, SourceId, SourceKind, Way};
use crate::net::ErrorKind;
use crate::services::{AppContext, Result, ServiceError};

pub use state::Streams;

/// How often a server hears that what it converts is still wanted: Jellyfin gives it up after a minute, Plex
/// after three.
pub const KEEP_INTERVAL: Duration = Duration::from_secs(30);

/// Longest time for telling a server that something is over: when it does not hear it, it notices by itself.
const FAREWELL_TIME: Duration = Duration::from_secs(5);

/// Questions about one playback: each may lead to another connection, and from the second on the quality only sinks.
const MOST_ROUNDS: u32 = 3;

/// What is wanted of a playback beyond its item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The version, by its id.
    pub version: Option<String>,
    /// The quality that was chosen for this playback; without one the way decides.
    pub quality: Option<Quality>,
    /// The sound, by its id at the server.
    pub audio_stream: Option<String>,
    /// The subtitles, by their id at the server.
    pub subtitle_stream: Option<String>,
    /// Where it will begin.
    pub start: Duration,
    /// The file as it is could not be played.
    pub force_transcode: bool,
}

impl PlaybackService {
    /// How to play an item, with these wishes.
    ///
    /// # Errors
    /// `NotFound` without that version, `Unsupported` when neither this machine nor the server has a way to play it.
    pub async fn stream(ctx: &AppContext, id: MediaId, wishes: &Wishes) -> Result<StreamSource> {
        let item = ctx.db.items().get(id).await?;
        let mut way = Self::way_to(ctx, item.source_id).await?;
        let mut quality = Self::quality_on(ctx, way, wishes);
        for round in 0..MOST_ROUNDS {
            let source = Self::stream_on_way(ctx, &item, wishes, way, quality).await?;
            // Asking may have led to another connection: what was decided for a fast way is not for a relay.
            way = Self::way_of(ctx, item.source_id, &source).await?;
            let needed = Self::quality_on(ctx, way, wishes);
            let is_low_enough = round > 0 && quality.at_most(needed) == quality;
            if needed == quality || is_low_enough {
                return Ok(source);
            }
            if let Some(session) = &source.play_session_id {
                Self::end_playback(ctx, session).await;
            }
            quality = if round == 0 { needed } else { quality.at_most(needed) };
        }
        Err(ServiceError::Offline(ErrorKind::ReadTimeout))
    }

    async fn stream_on_way(
        ctx: &AppContext,
        item: &Item,
        wishes: &Wishes,
        way: Option<Way>,
        quality: Quality,
    ) -> Result<StreamSource> {
        let ask = StreamAsk {
            version: wishes.version.clone(),
            decoders: ctx.streams.decoders().await,
            quality,
            way,
            audio_stream: wishes.audio_stream.clone(),
            subtitle_stream: wishes.subtitle_stream.clone(),
            start: wishes.start,
            force_transcode: wishes.force_transcode,
        };
        let remote = item.record.remote_id.clone();
        let source = run(ctx, item.source_id, Purpose::Interactive, move |backend| {
            let (remote, ask) = (remote.clone(), ask.clone());
            async move { backend.stream(&remote, &ask).await }
        })
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::Unsupported => ServiceError::NotPlayable,
            _ => error,
        })?;
        let delivery = &source.delivery;
        info!(
            source_id = %item.source_id,
            ?way,
            method = delivery.method.as_str(),
            reasons = ?delivery.reasons,
            quality_kbit = delivery.quality.kilobits(),
            "how it is played"
        );
        if let Some(session) = source.play_session_id.as_deref().filter(|_| delivery.is_converted()) {
            ctx.streams.begun(session, item.source_id);
        }
        Ok(source)
    }

    /// What leads to the server of a source by the last choice of a connection; `None` for folders.
    pub async fn way_to(ctx: &AppContext, id: SourceId) -> Result<Option<Way>> {
        let (source, chosen) = ConnectionService::with_source(ctx, id).await?;
        if source.kind == SourceKind::Local {
            return Ok(None);
        }
        let uri = chosen.map(|chosen| chosen.uri).or(source.connection_url);
        let used = source.connections.connections.iter().find(|known| Some(&known.uri) == uri.as_ref());
        Ok(Some(Way::of(used.map(ServerConnection::tier), ctx.network.state().metered)))
    }

    /// What leads to the server of a source that has answered, by the address that it gave.
    async fn way_of(ctx: &AppContext, id: SourceId, answer: &StreamSource) -> Result<Option<Way>> {
        let Location::Remote(request) = &answer.location else { return Ok(None) };
        let known = ctx.db.sources().get(id).await?.connections.connections;
        let below = known.iter().filter(|connection| {
            let base = connection.uri.join("");
            base.origin() == request.url.origin() && request.url.path().starts_with(base.path())
        });
        let used = below.max_by_key(|connection| connection.uri.as_str().len());
        Ok(Some(Way::of(used.map(ServerConnection::tier), ctx.network.state().metered)))
    }

    fn quality_on(ctx: &AppContext, way: Option<Way>, wishes: &Wishes) -> Quality {
        way.map(|way| ctx.streams.usual().decide(way, wishes.quality)).unwrap_or_default()
    }

    /// Tells every server that converts for us that it is still wanted: to be called every [`KEEP_INTERVAL`], also
    /// while playback is paused. What does not reach a server is no error; the next one may.
    pub async fn keep_alive(ctx: &AppContext) {
        for (session, source_id) in ctx.streams.converted() {
            let kept = run(ctx, source_id, Purpose::Delivery, move |backend| {
                let session = session.clone();
                async move { backend.keep_stream(&session).await }
            });
            if let Err(error) = kept.await {
                debug!(%source_id, kind = ?error.kind(), "what is converted could not be kept up");
            }
        }
    }

    /// Ends what a server converts for a playback, if it does. The first call does it, others do nothing.
    pub async fn end_playback(ctx: &AppContext, session: &str) {
        let Some(source_id) = ctx.streams.end(session) else { return };
        let ending = session.to_owned();
        let ended = run(ctx, source_id, Purpose::Delivery, move |backend| {
            let session = ending.clone();
            async move { backend.end_stream(&session).await }
        });
        match timeout(FAREWELL_TIME, ended).await {
            Ok(Ok(())) => debug!(%source_id, "the server no longer converts"),
            Ok(Err(error)) => debug!(%source_id, kind = ?error.kind(), "the server notices by itself"),
            Err(_) => debug!(%source_id, "the server did not answer in time, and notices by itself"),
        }
    }

    /// Ends everything that servers convert: when the app closes.
    pub async fn end_all(ctx: &AppContext) {
        let sessions = ctx.streams.converted();
        futures::future::join_all(sessions.iter().map(|(session, _)| Self::end_playback(ctx, session))).await;
    }

    /// Ends what the server of a source converts: before the source goes, as nothing can be told to it afterwards.
    pub(super) async fn end_all_of(ctx: &AppContext, source: SourceId) {
        let sessions = ctx.streams.converted();
        let ending = sessions.iter().filter(|(_, of)| *of == source);
        futures::future::join_all(ending.map(|(session, _)| Self::end_playback(ctx, session))).await;
    }
}
