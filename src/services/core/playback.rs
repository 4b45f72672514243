//! Places in films: where to go on, and how a place reaches the database and the server.
//!
//! - [`rules`]: what a place means: nothing, a place, the end.
//! - [`reporter`]: the reports of running playbacks, one after the other.

mod reporter;
pub mod rules;

use std::time::Duration;

use tracing::debug;

use super::backend::BackendService;
use super::outbox::OutboxService;
use crate::backends::StreamSource;
use crate::models::{
    Item, ItemKind, MediaId, OperationId, OutboxChange, PlaybackEvent, PlaybackReport, SourceId, UserRating,
};
use crate::net::ErrorKind;
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError};
use std::sync::Arc;

pub use reporter::PlaybackReporter;
pub(super) use rules::resume_from;

/// What was noted of a report.
#[derive(Debug)]
struct Noted {
    source: SourceId,
    change: Option<OutboxChange>,
    operation: Option<OperationId>,
}

/// Everything needed to start playing.
#[derive(Debug, Clone)]
pub struct Playable {
    /// The item that plays: of a series the next episode.
    pub item: Item,
    /// Where its bytes are.
    pub source: StreamSource,
    /// Where to begin.
    pub start: Duration,
}

/// Starts playback and keeps places.
pub struct PlaybackService;

impl PlaybackService {
    /// The item that **Play** means: the item itself, the next episode of a series or season, or the first track of an
    /// album or artist.
    pub async fn next_to_play(ctx: &AppContext, id: MediaId) -> Result<Item> {
        let item = ctx.db.items().get(id).await?;
        let episodes = match item.record.kind {
            ItemKind::Series => ctx.db.items().episodes(id).await?,
            ItemKind::Season => ctx.db.items().children(id).await?,
            ItemKind::Album => return first(ctx.db.items().tracks_of(id).await?),
            ItemKind::Artist => return first(ctx.db.items().tracks_of_artist(id).await?),
            _ => return Ok(item),
        };
        pick_episode(&episodes).cloned().ok_or(ServiceError::Unknown("episode"))
    }

    /// Prepares an item for playing: the named version, else the one that was chosen for it, else the server's first.
    /// `from_start` ignores a stored place.
    pub async fn prepare(
        ctx: &AppContext,
        id: MediaId,
        version: Option<&str>,
        from_start: bool,
    ) -> Result<Playable> {
        let item = Self::next_to_play(ctx, id).await?;
        if !item.record.kind.is_playable() {
            return Err(ServiceError::Unknown("playable item"));
        }
        let chosen = match version {
            Some(_) => None,
            None => Self::chosen_version(ctx, item.id).await?,
        };
        let source = match BackendService::get_stream_url(ctx, item.id, version.or(chosen.as_deref())).await {
            // What was chosen once may be gone; the title is not.
            Err(error) if chosen.is_some() && error.kind() == ErrorKind::NotFound => {
                BackendService::get_stream_url(ctx, item.id, None).await?
            }
            found => found?,
        };
        let start = if from_start { Duration::ZERO } else { resume_from(&item) };
        Ok(Playable { item, source, start })
    }

    /// Takes in where playback is: the local place and its outbox row first, then the server at once when it
    /// can be reached. A server that cannot be reached is no error: the row waits. Of a running playback
    /// [`PlaybackReporter`] does this in order.
    pub async fn report(ctx: &AppContext, id: MediaId, report: PlaybackReport) -> Result<()> {
        let noted = Self::note(ctx, id, &report).await?;
        Self::tell(ctx, id, &report, &noted).await
    }

    /// The first half of a report: what it means here, and for the outbox.
    async fn note(ctx: &AppContext, id: MediaId, report: &PlaybackReport) -> Result<Noted> {
        let item = ctx.db.items().get(id).await?;
        let plays = matches!(report.event, PlaybackEvent::Started | PlaybackEvent::Playing);
        ctx.courtesy.playing(item.source_id, plays);
        let source = ctx.db.sources().get(item.source_id).await?;
        let change = rules::change_for(source.kind, &item, report);
        let operation = match &change {
            Some(change) => ctx.db.outbox().apply_change(id, change, ctx.clock.now()).await?,
            None => None,
        };
        if change.is_some() {
            let ids = Arc::from([id].as_slice());
            ctx.events.publish(Event::ItemsChanged { source_id: item.source_id, ids });
        }
        Ok(Noted { source: item.source_id, change, operation })
    }

    /// The second half: the server learns of it now, when it can be reached.
    async fn tell(ctx: &AppContext, id: MediaId, report: &PlaybackReport, noted: &Noted) -> Result<()> {
        match BackendService::update_playback_progress(ctx, id, report).await {
            Ok(()) => {
                // A server takes the place from a report; a mark as watched is sent as such.
                if let (Some(operation), Some(OutboxChange::Position { .. })) =
                    (noted.operation, &noted.change)
                {
                    ctx.db.outbox().complete_reported(operation).await?;
                }
            }
            Err(error) => debug!(kind = ?error.kind(), "the place waits in the outbox"),
        }
        if matches!(noted.change, Some(OutboxChange::Watched { .. })) {
            OutboxService::drain(ctx, noted.source).await?;
        }
        if noted.operation.is_some() {
            ctx.events.publish(Event::OutboxChanged(noted.source));
        }
        Ok(())
    }

    /// How the user rates an item; `None` when not at all.
    pub async fn rating(ctx: &AppContext, id: MediaId) -> Result<Option<UserRating>> {
        Ok(ctx.db.ratings().get(id).await?)
    }

    /// Rates an item, or takes the rating back. A server that keeps no ratings is not told: it stays here.
    pub async fn set_rating(ctx: &AppContext, id: MediaId, rating: Option<UserRating>) -> Result<()> {
        Self::apply(ctx, id, &OutboxChange::Rating { rating }).await
    }

    /// Marks an item, or everything below it, as watched or not.
    pub async fn set_watched(ctx: &AppContext, id: MediaId, watched: bool) -> Result<()> {
        let at = ctx.clock.now();
        Self::apply(ctx, id, &OutboxChange::Watched { watched, at }).await
    }

    /// Marks an item as favourite or not.
    pub async fn set_favourite(ctx: &AppContext, id: MediaId, favourite: bool) -> Result<()> {
        Self::apply(ctx, id, &OutboxChange::Favourite { favourite }).await
    }

    /// Stores a place without playing.
    pub async fn set_position(ctx: &AppContext, id: MediaId, position: Duration) -> Result<()> {
        let duration = ctx.db.items().get(id).await?.record.duration;
        let at = ctx.clock.now();
        Self::apply(ctx, id, &OutboxChange::Position { position, duration, at }).await
    }

    /// Applies a change here; [`OutboxService::drain`] brings it to the server.
    async fn apply(ctx: &AppContext, id: MediaId, change: &OutboxChange) -> Result<()> {
        let item = ctx.db.items().get(id).await?;
        ctx.db.outbox().apply_change(id, change, ctx.clock.now()).await?;
        // Marks on a series or season change what is below and above: too many to name.
        let ids: Arc<[MediaId]> = if item.record.kind.is_playable() {
            Arc::from([id].as_slice())
        } else {
            Arc::from([].as_slice())
        };
        ctx.events.publish(Event::ItemsChanged { source_id: item.source_id, ids });
        ctx.events.publish(Event::OutboxChanged(item.source_id));
        Ok(())
    }
}

fn first(tracks: Vec<Item>) -> Result<Item> {
    tracks.into_iter().next().ok_or(ServiceError::Unknown("track"))
}

/// The first episode in progress, else the first unwatched one after the last watched one, else the first
/// unwatched one, else the first. Specials only when there is nothing else.
fn pick_episode(episodes: &[Item]) -> Option<&Item> {
    let regular: Vec<&Item> = episodes.iter().filter(|item| item.record.season != Some(0)).collect();
    let list: Vec<&Item> = if regular.is_empty() { episodes.iter().collect() } else { regular };
    let in_progress = list
        .iter()
        .filter(|item| !item.record.watch.position.is_zero())
        .max_by_key(|item| item.record.watch.last_played_at);
    let after_last = || {
        let seen = list.iter().rposition(|item| item.record.watch.watched)?;
        list[seen + 1..].iter().find(|item| !item.record.watch.watched)
    };
    let unwatched = || list.iter().find(|item| !item.record.watch.watched);
    in_progress.or_else(after_last).or_else(unwatched).or_else(|| list.first()).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::models::{ItemRecord, LibraryId, RemoteId, SourceId, WatchState};

    fn episode(number: u32, watched: bool, position: u64) -> Item {
        let mut record =
            ItemRecord::new(RemoteId::new(number.to_string()), ItemKind::Episode, format!("Part {number}"));
        record.season = Some(1);
        record.episode = Some(number);
        record.duration = Some(Duration::from_mins(40));
        record.watch =
            WatchState { watched, position: Duration::from_secs(position), ..WatchState::default() };
        Item {
            id: MediaId(i64::from(number)),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    #[test]
    fn a_series_goes_on_where_it_was_left() {
        let number = |list: &[Item]| pick_episode(list).unwrap().record.episode.unwrap();
        assert_eq!(number(&[episode(1, false, 0), episode(2, false, 0)]), 1);
        assert_eq!(number(&[episode(1, true, 0), episode(2, false, 0)]), 2);
        assert_eq!(number(&[episode(1, false, 0), episode(2, true, 0), episode(3, false, 0)]), 3);
        assert_eq!(number(&[episode(1, true, 0), episode(2, false, 300), episode(3, false, 0)]), 2);
        assert_eq!(number(&[episode(1, true, 0), episode(2, true, 0)]), 1);
        assert!(pick_episode(&[]).is_none());
    }

    #[test]
    fn specials_come_last() {
        let mut special = episode(1, false, 0);
        special.record.season = Some(0);
        let list = [special.clone(), episode(2, false, 0)];
        assert_eq!(pick_episode(&list).unwrap().record.episode, Some(2));
        assert_eq!(pick_episode(&[special]).unwrap().record.season, Some(0));
    }
}
