//! What the page shows, read from the database in one go.

use std::collections::HashMap;

use crate::models::{
    ExtraKind, ImageKey, Item, ItemKind, MediaDetails, MediaId, Source, SourceId, UserRating,
};
use crate::services::core::library::{Card, ShelfCard};
use crate::services::core::{LibraryService, PlaybackService, SourceService};
use crate::services::{AppContext, ServiceError};

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Content {
    pub(super) item: Item,
    pub(super) source: Source,
    pub(super) details: Option<MediaDetails>,
    /// Seasons of a series.
    pub(super) seasons: Vec<Item>,
    /// The season in front.
    pub(super) season: Option<MediaId>,
    /// Its episodes.
    pub(super) episodes: Vec<Item>,
    /// What **Play** plays.
    pub(super) next: Option<Item>,
    /// Of an episode the one before it.
    pub(super) previous_episode: Option<Item>,
    /// Of an episode the one after it.
    pub(super) next_episode: Option<Item>,
    /// Portraits of people whose own source has none.
    pub(super) portraits: HashMap<String, (SourceId, ImageKey)>,
    /// Trailers and the like.
    pub(super) extras: Vec<(ExtraKind, Item)>,
    /// What is like it.
    pub(super) similar: Vec<Card>,
    /// The same title in other sources.
    pub(super) copies: Vec<(Item, Source)>,
    /// Collections that it is in.
    pub(super) collections: Vec<ShelfCard>,
    /// The version that was chosen to play.
    pub(super) version: Option<String>,
    /// How the user rates it.
    pub(super) rating: Option<UserRating>,
}

/// Reads an item; of a season its series, with that season in front unless another one is `wanted`.
pub(super) async fn read(
    ctx: &AppContext,
    id: MediaId,
    wanted: Option<MediaId>,
) -> Result<Content, ServiceError> {
    let mut item = LibraryService::item(ctx, id).await?;
    let mut wanted = wanted;
    if item.record.kind == ItemKind::Season
        && let Some(series) = item.series_id
    {
        wanted = wanted.or(Some(item.id));
        item = LibraryService::item(ctx, series).await?;
    }
    let source = SourceService::get(ctx, item.source_id).await?;
    let details = LibraryService::details(ctx, item.id).await?.map(|(details, _)| details);
    let kind = item.record.kind;
    let next = match kind {
        ItemKind::Series | ItemKind::Season => PlaybackService::next_to_play(ctx, item.id).await.ok(),
        _ => Some(item.clone()),
    };
    let seasons =
        if kind == ItemKind::Series { LibraryService::children(ctx, item.id).await? } else { Vec::new() };
    let season = match kind {
        // A season without its series is a page of its own.
        ItemKind::Season => Some(item.id),
        _ => season_in_front(&seasons, wanted, next.as_ref()),
    };
    let episodes = match season {
        Some(season) => LibraryService::children(ctx, season).await?,
        None => Vec::new(),
    };
    let is_episode = kind == ItemKind::Episode;
    let portraits = match &details {
        Some(details) => LibraryService::portraits(ctx, &details.credits).await?,
        None => HashMap::new(),
    };
    let extras = match &details {
        Some(details) => LibraryService::extras(ctx, item.id, details).await?,
        None => Vec::new(),
    };
    Ok(Content {
        previous_episode: neighbour(is_episode, LibraryService::previous_episode(ctx, item.id)).await?,
        next_episode: neighbour(is_episode, LibraryService::next_episode(ctx, item.id)).await?,
        portraits,
        extras,
        similar: LibraryService::similar(ctx, &item).await?,
        copies: LibraryService::elsewhere(ctx, &item).await?,
        collections: LibraryService::collections_of(ctx, item.id).await?,
        version: PlaybackService::chosen_version(ctx, item.id).await?,
        rating: PlaybackService::rating(ctx, item.id).await?,
        item,
        source,
        details,
        seasons,
        season,
        episodes,
        next,
    })
}

async fn neighbour(
    wanted: bool,
    find: impl Future<Output = Result<Option<Item>, ServiceError>>,
) -> Result<Option<Item>, ServiceError> {
    if wanted { find.await } else { Ok(None) }
}

/// The season that is wanted, else the one that goes on, else the first.
fn season_in_front(seasons: &[Item], wanted: Option<MediaId>, next: Option<&Item>) -> Option<MediaId> {
    let is = |id: Option<MediaId>| seasons.iter().find(|season| Some(season.id) == id);
    let goes_on = || is(next.and_then(|next| next.parent_id));
    is(wanted).or_else(goes_on).or_else(|| seasons.first()).map(|season| season.id)
}
