//! Everything that the player needs to know of an item, found out in the background.

use super::queue::Queue;
use crate::models::ImageSize;
use crate::models::{Item, ItemKind, MediaId};
use crate::services::core::playback::Playable;
use crate::services::core::{LibraryService, PlayMemory, PlaybackService, Preferred};
use crate::services::gateway::GatewayStream;
use crate::services::{AppContext, Result, ServiceError};
use crate::ui::pages::player::Sound;
use crate::ui::text;
use crate::ui::widgets::{PlayTitles, whole_picture};

/// So many titles of a list in a row that cannot be played, and it is not the titles.
const MOST_SKIPPED: u32 = 5;

/// Why something is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Course {
    /// Somebody asked for it.
    Begins,
    /// What comes next in the list that plays.
    GoesOn,
}

/// Something ready to be played.
#[derive(Debug)]
pub(in crate::ui) struct Prepared {
    pub(super) playable: Playable,
    /// Of sound what is shown for it.
    pub(super) sound: Option<Sound>,
    /// What is known of it beside its bytes.
    pub(super) memory: PlayMemory,
    /// The list that it is played from.
    pub(super) queue: Option<Queue>,
    /// Titles of the list before it that could not be played.
    pub(super) skipped: u32,
    /// Keeps what the player reads open.
    pub(super) stream: Option<GatewayStream>,
}

/// Finds out how to play an item. A track that is not played from a list is played from its album, an episode from its
/// series.
pub(super) async fn prepare(
    ctx: &AppContext,
    id: MediaId,
    preferred: Preferred,
    from_start: bool,
    queue: Option<Queue>,
) -> Result<Prepared> {
    let Playable { item, source, start } =
        PlaybackService::prepare_title(ctx, id, preferred, from_start).await?;
    let memory = PlaybackService::memory(ctx, &item, &source.version_id).await?;
    let (source, stream) = ctx.gateway.open(ctx, item.source_id, source).await?;
    let playable = Playable { item, source, start };
    if playable.item.record.kind != ItemKind::Track {
        let queue = match queue {
            Some(queue) => Some(queue),
            None => series_around(ctx, &playable.item).await,
        };
        return Ok(Prepared { playable, sound: None, memory, queue, skipped: 0, stream });
    }
    let album = match playable.item.parent_id {
        Some(album) => LibraryService::item(ctx, album).await.ok(),
        None => None,
    };
    let queue = match queue {
        Some(queue) => Some(queue),
        None => list_around(ctx, id, &playable.item).await?,
    };
    let sound = Some(sound(ctx, &playable.item, album.as_ref()).await);
    Ok(Prepared { playable, sound, memory, queue, skipped: 0, stream })
}

/// Finds out how to play what is in front of a list. What cannot be played is passed by, forwards.
pub(super) async fn prepare_from(ctx: &AppContext, queue: Queue) -> Result<Prepared> {
    let mut here = Some(queue);
    let mut skipped = 0;
    let mut failure = None;
    while let Some(queue) = here.take().filter(|_| skipped <= MOST_SKIPPED) {
        let Some(item) = queue.current() else { break };
        match prepare(ctx, item, Preferred::Asked, false, Some(queue.clone())).await {
            Ok(prepared) => return Ok(Prepared { skipped, ..prepared }),
            Err(error) => {
                tracing::debug!(kind = ?error.kind(), "a title of the list cannot be played");
                skipped += 1;
                failure = failure.or(Some(error));
                here = queue.next();
            }
        }
    }
    Err(failure.unwrap_or(ServiceError::Unknown("playable item")))
}

/// Finds out how to play titles one after the other.
pub(super) async fn prepare_titles(ctx: &AppContext, asked: PlayTitles) -> Result<Prepared> {
    let mut items = LibraryService::played_as(ctx, &asked.titles).await?;
    if asked.shuffled {
        fastrand::shuffle(&mut items);
    }
    let queue = Queue::of_titles(items, asked.first.filter(|_| !asked.shuffled));
    prepare_from(ctx, queue.ok_or(ServiceError::Unknown("playable item"))?).await
}

/// The series of an episode. Without it the episode plays alone.
async fn series_around(ctx: &AppContext, episode: &Item) -> Option<Queue> {
    match LibraryService::episodes_around(ctx, episode).await {
        Ok(episodes) => {
            Queue::of_series(episodes.into_iter().map(|episode| episode.id).collect(), episode.id)
        }
        Err(error) => {
            tracing::debug!(kind = ?error.kind(), "the episode plays alone");
            None
        }
    }
}

/// The list of what was asked for: an artist's tracks, else the album's, from the track on.
async fn list_around(ctx: &AppContext, asked: MediaId, track: &Item) -> Result<Option<Queue>> {
    let list = if asked == track.id { track.parent_id } else { Some(asked) };
    let Some(list) = list else { return Ok(None) };
    let tracks = LibraryService::tracks_of(ctx, &LibraryService::item(ctx, list).await?).await?;
    let place = tracks.iter().position(|other| other.id == track.id);
    let tracks = tracks.iter().map(|track| track.id).collect();
    Ok(place.and_then(|place| Queue::new(tracks, place)))
}

async fn sound(ctx: &AppContext, track: &Item, album: Option<&Item>) -> Sound {
    let covers = [Some(track), album];
    let key = covers.into_iter().flatten().find_map(|item| item.record.images.primary.as_ref());
    let cover = match key {
        Some(key) => whole_picture(ctx, track.source_id, key, ImageSize::Large).await.ok(),
        None => None,
    };
    Sound {
        cover,
        performer: text::performer(track).map(str::to_owned),
        album: album.map(|album| text::title(album).to_owned()),
    }
}
