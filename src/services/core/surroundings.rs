//! What lies around a title: extras, what is like it, its copies in other sources, and which version plays.

use chrono::TimeDelta;

use super::backend::BackendService;
use super::library::{Card, LibraryService};
use super::playback::PlaybackService;
use crate::models::{ExtraKind, Item, ItemKind, MediaDetails, MediaId, Source};
use crate::services::{AppContext, Result};

/// What is like a title changes as slowly as the library.
const SIMILAR_AGE: TimeDelta = TimeDelta::days(1);
/// Titles in a row of what is like a title.
const MOST_SIMILAR: usize = 20;
/// Titles that are looked at before copies are merged.
const BEFORE_MERGE: u32 = 40;
/// Titles of one genre: more than anybody looks through.
const MOST_OF_GENRE: u32 = 500;

impl LibraryService {
    /// Trailers and the like of an item, in the order of its details.
    pub async fn extras(
        ctx: &AppContext,
        id: MediaId,
        details: &MediaDetails,
    ) -> Result<Vec<(ExtraKind, Item)>> {
        if details.extras.is_empty() {
            return Ok(Vec::new());
        }
        let items = ctx.db.details().extras(id).await?;
        let found = |extra: &crate::models::Extra| {
            let item = items.iter().find(|item| item.record.remote_id == extra.id)?;
            Some((extra.kind, item.clone()))
        };
        Ok(details.extras.iter().filter_map(found).collect())
    }

    /// What is like an item, each title once: what its server says, else what shares genres and people.
    pub async fn similar(ctx: &AppContext, item: &Item) -> Result<Vec<Card>> {
        if !matches!(item.record.kind, ItemKind::Movie | ItemKind::Series | ItemKind::Video) {
            return Ok(Vec::new());
        }
        let details = ctx.db.details();
        let mut found = details.similar(item.id).await?;
        if found.is_empty() {
            found = details.alike(item.id, BEFORE_MERGE).await?;
        }
        // The item itself takes its copies along, and is left out with them.
        found.insert(0, item.clone());
        let mut cards = Self::cards(ctx, found).await?;
        cards.retain(|card| card.item.id != item.id && !card.copies.contains(&item.id));
        cards.truncate(MOST_SIMILAR);
        Ok(cards)
    }

    /// Asks the server what is like an item, unless it has said so lately.
    ///
    /// # Errors
    /// `Unsupported` from a source that cannot tell.
    pub async fn refresh_similar(ctx: &AppContext, id: MediaId) -> Result<()> {
        let fetched = ctx.db.details().similar_fetched_at(id).await?;
        if fetched.is_some_and(|at| ctx.clock.now() - at < SIMILAR_AGE) {
            return Ok(());
        }
        let similar = BackendService::similar(ctx, id).await?;
        Ok(ctx.db.details().put_similar(id, &similar).await?)
    }

    /// The same title in other sources, the nearest first, each with its source.
    pub async fn elsewhere(ctx: &AppContext, item: &Item) -> Result<Vec<(Item, Source)>> {
        let copies = Self::by_nearness(ctx, Self::copies(ctx, item.id).await?).await?;
        let sources = ctx.db.sources().list().await?;
        let other = |(copy, _): (Item, bool)| {
            let source = sources.iter().find(|source| source.id == copy.source_id)?.clone();
            (copy.id != item.id).then_some((copy, source))
        };
        Ok(copies.into_iter().filter_map(other).collect())
    }

    /// Films, series and videos of a genre, each title once, the best rated first.
    pub async fn of_genre(ctx: &AppContext, genre: &str) -> Result<Vec<Card>> {
        let items = ctx.db.items().of_genre(genre, MOST_OF_GENRE).await?;
        Self::cards(ctx, items).await
    }
}

impl PlaybackService {
    /// Has this version of an item play from now on; `None` leaves it to the server.
    pub async fn choose_version(ctx: &AppContext, id: MediaId, version: Option<&str>) -> Result<()> {
        Ok(ctx.db.details().choose_version(id, version).await?)
    }

    /// The version of an item that was chosen, if the item still has it as far as is known here.
    pub async fn chosen_version(ctx: &AppContext, id: MediaId) -> Result<Option<String>> {
        let Some(chosen) = ctx.db.details().chosen_version(id).await? else { return Ok(None) };
        let details = ctx.db.details().get(id).await?;
        let is_there = |details: &MediaDetails| details.versions.iter().any(|version| version.id == chosen);
        let is_gone = details.is_some_and(|(details, _)| !is_there(&details));
        Ok((!is_gone).then_some(chosen))
    }
}
