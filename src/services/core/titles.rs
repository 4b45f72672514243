//! A title that several sources have: which copy plays, and marks on all of them.

use std::time::Duration;

use tracing::debug;

use super::playback::{Playable, PlaybackService};
use super::{LibraryService, playback};
use crate::models::{Item, MediaId};
use crate::net::ErrorKind;
use crate::services::{AppContext, Result, ServiceError};

/// Which copy of a title is to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preferred {
    /// The one that was asked for, as long as its source can be reached.
    Asked,
    /// The one that is nearest now.
    Nearest,
}

impl PlaybackService {
    /// Prepares a copy of a title for playing: by the present standing of the sources, and the next one when a server
    /// turns out not to be reached. It goes on where the title was left last, on whichever copy.
    pub async fn prepare_title(
        ctx: &AppContext,
        id: MediaId,
        preferred: Preferred,
        from_start: bool,
    ) -> Result<Playable> {
        let asked = Self::next_to_play(ctx, id).await?;
        let copies = LibraryService::copies(ctx, asked.id).await?;
        let order = LibraryService::by_nearness(ctx, copies.clone()).await?;
        let mut failure = None;
        for copy in ordered(&asked, order, preferred) {
            match Self::prepare(ctx, copy.id, None, from_start).await {
                Ok(playable) if from_start => return Ok(playable),
                Ok(playable) => return Ok(Playable { start: place(&playable.item, &copies), ..playable }),
                Err(error) if is_out_of_reach(&error) => {
                    debug!(item = %copy.id, kind = ?error.kind(), "the next copy is tried");
                    failure = failure.or(Some(error));
                }
                Err(error) => return Err(error),
            }
        }
        Err(failure.unwrap_or(ServiceError::Unknown("playable item")))
    }

    /// Marks every copy of a title, each at its own server.
    pub async fn set_title_watched(ctx: &AppContext, id: MediaId, watched: bool) -> Result<()> {
        for copy in LibraryService::copies(ctx, id).await? {
            Self::set_watched(ctx, copy.id, watched).await?;
        }
        Ok(())
    }

    /// Marks every copy of a title as favourite or not.
    pub async fn set_title_favourite(ctx: &AppContext, id: MediaId, favourite: bool) -> Result<()> {
        for copy in LibraryService::copies(ctx, id).await? {
            Self::set_favourite(ctx, copy.id, favourite).await?;
        }
        Ok(())
    }

    /// Forgets where a title was left, on every copy: it is not in progress any more.
    pub async fn forget_place(ctx: &AppContext, id: MediaId) -> Result<()> {
        let copies = LibraryService::copies(ctx, id).await?;
        for copy in copies.iter().filter(|copy| !copy.record.watch.position.is_zero()) {
            Self::set_position(ctx, copy.id, Duration::ZERO).await?;
        }
        Ok(())
    }
}

/// The copies in the order in which they are tried; `copies` are nearest first, each with whether it is in reach.
fn ordered(asked: &Item, copies: Vec<(Item, bool)>, preferred: Preferred) -> Vec<Item> {
    let mut copies: Vec<(Item, bool)> =
        copies.into_iter().filter(|(copy, _)| copy.record.kind.is_playable()).collect();
    // Stable: among the others the nearest stays first, and what is away stays last.
    copies.sort_by_key(|(copy, in_reach)| match preferred {
        Preferred::Asked => (!in_reach, copy.id != asked.id),
        Preferred::Nearest => (!in_reach, false),
    });
    copies.into_iter().map(|(copy, _)| copy).collect()
}

/// Where to go on: the place of the copy that was played last.
fn place(playing: &Item, copies: &[Item]) -> Duration {
    let last = copies.iter().max_by_key(|copy| copy.record.watch.last_played_at).unwrap_or(playing);
    let mut item = playing.clone();
    item.record.watch.position = last.record.watch.position;
    playback::resume_from(&item)
}

/// Whether another copy may be there although this one is not.
fn is_out_of_reach(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Offline(_) | ServiceError::Disabled(_) | ServiceError::SignedOut(_))
        || error.kind().may_fail_over()
        // Gone at one server, it may still be at another.
        || error.kind() == ErrorKind::NotFound
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;
    use crate::models::{ItemKind, ItemRecord, LibraryId, RemoteId, SourceId};

    fn copy(id: i64) -> Item {
        let mut record = ItemRecord::new(RemoteId::new(id.to_string()), ItemKind::Movie, "Lantern");
        record.duration = Some(Duration::from_mins(90));
        Item {
            id: MediaId(id),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    #[test]
    fn what_was_asked_for_comes_first_unless_it_is_away() {
        let ids = |asked: i64, preferred, reach: [bool; 3]| {
            let copies = [1, 2, 3].map(copy).into_iter().zip(reach).collect();
            let order = ordered(&copy(asked), copies, preferred);
            order.iter().map(|copy| copy.id.0).collect::<Vec<_>>()
        };
        assert_eq!(ids(2, Preferred::Nearest, [true; 3]), [1, 2, 3]);
        assert_eq!(ids(2, Preferred::Asked, [true; 3]), [2, 1, 3]);
        assert_eq!(ids(2, Preferred::Asked, [true, false, true]), [1, 3, 2]);
        assert_eq!(ids(1, Preferred::Nearest, [false, true, true]), [2, 3, 1]);
    }

    #[test]
    fn the_last_place_counts_whichever_copy_plays() {
        let mut copies = [1, 2].map(copy);
        let now = Utc::now();
        copies[0].record.watch.position = Duration::from_mins(5);
        copies[0].record.watch.last_played_at = Some(now - TimeDelta::days(1));
        copies[1].record.watch.position = Duration::from_mins(50);
        copies[1].record.watch.last_played_at = Some(now);
        assert_eq!(place(&copies[0], &copies), Duration::from_mins(50));
        // Watched to the end elsewhere: from the start.
        copies[1].record.watch.position = Duration::ZERO;
        assert_eq!(place(&copies[0], &copies), Duration::ZERO);
        assert_eq!(place(&copies[0], &copies[..1]), Duration::from_mins(5));
    }
}
