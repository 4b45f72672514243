//! What is known of an item for the player beside its bytes: what was chosen for its series, its streams, its versions,
//! and a picture for the desktop.

use std::path::PathBuf;
use std::time::Duration;

use super::playback::PlaybackService;
use crate::models::{ImageRequest, ImageSize, Item, ItemKind, MediaId, MediaStream, PlayChoices, Tier};
use crate::services::images::ImageService;
use crate::services::{AppContext, Result};

/// How long the start of a film waits for a picture that only the desktop shows.
const PICTURE_WAIT: Duration = Duration::from_millis(300);

/// All of that.
#[derive(Debug, Clone, Default)]
pub struct PlayMemory {
    /// Whose choices these are: the series, or the item itself.
    pub chosen_for: Option<MediaId>,
    /// What was chosen.
    pub choices: PlayChoices,
    /// The streams of the version that plays, as far as its server has told.
    pub streams: Vec<MediaStream>,
    /// The ids of all versions, in the server's order.
    pub versions: Vec<String>,
    /// How its server is reached.
    pub way: Option<Tier>,
    /// A picture of it on the disk.
    pub picture: Option<PathBuf>,
}

impl PlaybackService {
    /// Reads what is known here of an item that is to play in this version. No server is asked for it but for the
    /// picture, and nobody waits long for that.
    pub async fn memory(ctx: &AppContext, item: &Item, version: &str) -> Result<PlayMemory> {
        let chosen_for = chosen_for(item);
        let details = ctx.db.details().get(item.id).await?.map(|(details, _)| details).unwrap_or_default();
        let versions = details.versions.iter().map(|version| version.id.clone()).collect();
        let plays = details.versions.into_iter().find(|known| known.id == version);
        Ok(PlayMemory {
            chosen_for: Some(chosen_for),
            choices: ctx.db.play_choices().get(chosen_for).await?,
            streams: plays.map(|version| version.streams).unwrap_or_default(),
            versions,
            way: ctx.connectivity.status(item.source_id).tier,
            picture: picture(ctx, item).await,
        })
    }

    /// Keeps what was chosen for a film or a series.
    pub async fn remember(ctx: &AppContext, chosen_for: MediaId, choices: &PlayChoices) -> Result<()> {
        Ok(ctx.db.play_choices().put(chosen_for, choices).await?)
    }
}

/// Choices hold for a whole series.
fn chosen_for(item: &Item) -> MediaId {
    match item.record.kind {
        ItemKind::Episode => item.series_id.unwrap_or(item.id),
        _ => item.id,
    }
}

async fn picture(ctx: &AppContext, item: &Item) -> Option<PathBuf> {
    let images = &item.record.images;
    let key = images.series_poster.as_ref().or(images.primary.as_ref())?;
    let request = ImageRequest { key: key.clone(), size: ImageSize::Large };
    let file = ImageService::file(ctx, item.source_id, &request);
    tokio::time::timeout(PICTURE_WAIT, file).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{ItemRecord, LibraryId, RemoteId, SourceId};

    #[test]
    fn choices_hold_for_a_series_but_not_for_all_tracks_of_an_artist() {
        let item = |kind| Item {
            id: MediaId(7),
            source_id: SourceId::random(),
            library_id: LibraryId(1),
            parent_id: None,
            series_id: Some(MediaId(3)),
            record: ItemRecord::new(RemoteId::new("7"), kind, "x"),
        };
        assert_eq!(chosen_for(&item(ItemKind::Episode)), MediaId(3));
        assert_eq!(chosen_for(&item(ItemKind::Movie)), MediaId(7));
        assert_eq!(chosen_for(&item(ItemKind::Track)), MediaId(7));
    }
}
