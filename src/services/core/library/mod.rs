//! Questions about the local library, as the window and the command line ask them. Reads the database only.
//!
//! [`merge`] puts the same title of several sources on one card, [`nearness`] says which copy stands for it, and
//! [`home`] has the rows of the home page and [`shelves`] collections, playlists and favourites.

mod following;
mod home;
mod merge;
mod music;
mod nearness;
mod shelves;

use chrono::{DateTime, Utc};

pub use self::home::{HomeRow, HomeRowKind, HubTitle};
pub use self::merge::Card;
use self::merge::{Stands, merge, same};
use self::nearness::Nearness;
pub use self::shelves::{CollectionContent, Offered, PlaylistContent, ShelfCard};
use crate::models::{Item, Library, LibraryId, MediaDetails, MediaId, Source};
pub use crate::models::{ItemFilter, ItemQuery, ItemScope, ItemSort};
use crate::services::{AppContext, Result};

/// A source with its libraries.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceLibraries {
    /// The source.
    pub source: Source,
    /// Its libraries, in its order.
    pub libraries: Vec<Library>,
}

impl SourceLibraries {
    /// Whether its libraries are shown among those of all sources: not while it is switched off.
    pub fn is_shown(&self) -> bool {
        self.source.enabled
    }
}

/// Answers questions about the local library.
pub struct LibraryService;

impl LibraryService {
    /// All sources with their libraries, in the user's order; those that are switched off as well.
    pub async fn sources(ctx: &AppContext) -> Result<Vec<SourceLibraries>> {
        let libraries = ctx.db.libraries().list(None).await?;
        let sources = ctx.db.sources().list().await?;
        Ok(sources
            .into_iter()
            .map(|source| {
                let libraries =
                    libraries.iter().filter(|library| library.source_id == source.id).cloned().collect();
                SourceLibraries { source, libraries }
            })
            .collect())
    }

    /// Looks through the whole database, if that was not done lately: it takes seconds.
    ///
    /// # Errors
    /// When it is damaged; the next start says so, too.
    pub async fn look_through(ctx: &AppContext) -> Result<()> {
        Ok(ctx.db.look_through(&ctx.paths.database()).await?)
    }

    /// Gives back the memory that the database keeps for the next question: when none is to be expected.
    pub async fn rest(ctx: &AppContext) -> Result<()> {
        Ok(ctx.db.rest().await?)
    }

    /// One library to look into; that of a source that is switched off is not found.
    pub async fn library(ctx: &AppContext, id: LibraryId) -> Result<Library> {
        Ok(ctx.db.libraries().get(id).await?)
    }

    /// A part of a library's items, sorted and filtered.
    pub async fn items(ctx: &AppContext, query: &ItemQuery) -> Result<Vec<Item>> {
        Ok(ctx.db.items().list(query).await?)
    }

    /// How many items a question has.
    pub async fn count(ctx: &AppContext, query: &ItemQuery) -> Result<u64> {
        Ok(ctx.db.items().count_query(query).await?)
    }

    /// One item.
    pub async fn item(ctx: &AppContext, id: MediaId) -> Result<Item> {
        Ok(ctx.db.items().get(id).await?)
    }

    /// Seasons of a series, or episodes of a season, in order.
    pub async fn children(ctx: &AppContext, id: MediaId) -> Result<Vec<Item>> {
        Ok(ctx.db.items().children(id).await?)
    }

    /// The details that were stored last, and when.
    pub async fn details(ctx: &AppContext, id: MediaId) -> Result<Option<(MediaDetails, DateTime<Utc>)>> {
        Ok(ctx.db.details().get(id).await?)
    }

    /// The episode after this one.
    pub async fn next_episode(ctx: &AppContext, id: MediaId) -> Result<Option<Item>> {
        Ok(ctx.db.items().next_episode(id).await?)
    }

    /// The episode before this one.
    pub async fn previous_episode(ctx: &AppContext, id: MediaId) -> Result<Option<Item>> {
        Ok(ctx.db.items().previous_episode(id).await?)
    }

    /// Items whose titles match, the same title once.
    pub async fn search(ctx: &AppContext, text: &str, limit: u32) -> Result<Vec<Card>> {
        let items = ctx.db.items().search(text, limit).await?;
        Self::cards(ctx, items).await
    }

    /// Items as cards: the same title once, with the nearest copy in front.
    pub(super) async fn cards(ctx: &AppContext, items: Vec<Item>) -> Result<Vec<Card>> {
        Ok(merge(items, &Self::nearness(ctx).await?, Stands::Nearest))
    }

    /// Favourites, the same title once.
    pub async fn favourites(ctx: &AppContext) -> Result<Vec<Card>> {
        let items = ctx.db.items().favourites(1000).await?;
        Ok(merge(items, &Self::nearness(ctx).await?, Stands::Nearest))
    }

    /// All copies of a title over the sources that are on, the asked one among them.
    pub async fn copies(ctx: &AppContext, id: MediaId) -> Result<Vec<Item>> {
        let asked = ctx.db.items().get(id).await?;
        let mut found = ctx.db.items().alike(id).await?;
        if let Some(series) = asked.series_id.filter(|_| asked.record.season.is_some()) {
            for other in same(ctx.db.items().alike(series).await?, series) {
                found.extend(ctx.db.items().at_same_place(id, other.id).await?);
            }
        }
        found.push(asked);
        found.sort_by_key(|item| item.id);
        found.dedup_by_key(|item| item.id);
        Ok(same(found, id))
    }

    /// Copies of a title, the nearest first, each with whether its source can be reached as far as is known.
    pub async fn by_nearness(ctx: &AppContext, copies: Vec<Item>) -> Result<Vec<(Item, bool)>> {
        let nearness = Self::nearness(ctx).await?;
        let mut copies: Vec<(Item, bool)> = copies
            .into_iter()
            .map(|copy| (nearness.is_in_reach(&copy), copy))
            .map(|(reach, copy)| (copy, reach))
            .collect();
        copies.sort_by_key(|(copy, _)| (nearness.copy(copy), copy.id));
        Ok(copies)
    }

    /// How near each source is: folders, then servers in this network, then others; unreachable ones last.
    async fn nearness(ctx: &AppContext) -> Result<Nearness> {
        Ok(Nearness::of(&ctx.db.sources().list().await?))
    }
}
