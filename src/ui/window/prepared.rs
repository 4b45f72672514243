//! Everything that the player needs to know of an item, found out in the background.

use super::queue::Queue;
use crate::models::ImageSize;
use crate::models::{Item, ItemKind, MediaId};
use crate::services::core::playback::Playable;
use crate::services::core::{LibraryService, PlaybackService, Preferred};
use crate::services::{AppContext, Result};
use crate::ui::pages::player::Sound;
use crate::ui::text;
use crate::ui::widgets::whole_picture;

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
    /// The list that it is played from.
    pub(super) queue: Option<Queue>,
}

/// Finds out how to play an item. A track that is not played from a list is played from its album.
pub(super) async fn prepare(
    ctx: &AppContext,
    id: MediaId,
    preferred: Preferred,
    from_start: bool,
    queue: Option<Queue>,
) -> Result<Prepared> {
    let playable = PlaybackService::prepare_title(ctx, id, preferred, from_start).await?;
    if playable.item.record.kind != ItemKind::Track {
        return Ok(Prepared { playable, sound: None, queue });
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
    Ok(Prepared { playable, sound, queue })
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
