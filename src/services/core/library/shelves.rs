//! Collections, playlists and favourites.

use std::time::Duration;

use super::LibraryService;
use super::merge::{Card, Stands, merge};
use crate::models::{ImageKey, Item, ItemKind, MediaId, Shelf, ShelfId, ShelfKind, ShelfMedia, SourceId};
use crate::services::{AppContext, Result};

/// Items of a shelf that are read: more than anybody looks through.
const MOST_ITEMS: u32 = 5000;
/// Favourites of a kind that are read.
const MOST_FAVOURITES: u32 = 1000;
/// The kinds that can be favourites, in the order in which they are shown.
const FAVOURITE_KINDS: [ItemKind; 4] =
    [ItemKind::Movie, ItemKind::Series, ItemKind::Episode, ItemKind::Video];

/// A collection or playlist; a collection with those of other sources that are called the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfCard {
    /// The one that stands for all.
    pub shelf: Shelf,
    /// The others.
    pub copies: Vec<ShelfId>,
    /// How many titles are in it, all sources together.
    pub count: u32,
}

impl ShelfCard {
    fn of(shelf: Shelf) -> Self {
        Self { count: shelf.known_count, shelf, copies: Vec::new() }
    }

    /// Its picture, and whose it is.
    pub fn picture(&self) -> Option<(SourceId, &ImageKey)> {
        self.shelf.record.poster.as_ref().map(|key| (self.shelf.source_id, key))
    }
}

/// A collection with its titles.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionContent {
    /// The collection.
    pub card: ShelfCard,
    /// Its titles in the server's order, merged over the sources that have the collection.
    pub titles: Vec<Card>,
}

/// A playlist with its items.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaylistContent {
    /// The playlist.
    pub shelf: Shelf,
    /// Its items in order; one may be there more than once.
    pub items: Vec<Item>,
    /// How long they last together.
    pub duration: Duration,
}

impl PlaylistContent {
    /// What **Play All** begins with: what was begun last, else the first that is not watched, else the first.
    pub fn next(&self) -> Option<&Item> {
        let begun = self.items.iter().filter(|item| !item.record.watch.position.is_zero());
        let begun = begun.max_by_key(|item| item.record.watch.last_played_at);
        begun.or_else(|| self.items.iter().find(|item| !item.record.watch.watched)).or(self.items.first())
    }
}

/// Which shelves there are at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offered {
    /// Collections.
    pub collections: bool,
    /// Playlists of videos.
    pub playlists: bool,
}

impl LibraryService {
    /// All collections by title; those of several sources that are called the same are one.
    pub async fn collections(ctx: &AppContext) -> Result<Vec<ShelfCard>> {
        counted(ctx, merged(ctx.db.shelves().list(ShelfKind::Collection).await?)).await
    }

    /// All playlists of videos by title. Each is of its server.
    pub async fn playlists(ctx: &AppContext) -> Result<Vec<ShelfCard>> {
        Ok(playlist_cards(ctx.db.shelves().list(ShelfKind::Playlist).await?))
    }

    /// Which shelves there are.
    pub async fn offered(ctx: &AppContext) -> Result<Offered> {
        Ok(Offered {
            collections: ctx.db.shelves().any(ShelfKind::Collection, ShelfMedia::Video).await?,
            playlists: ctx.db.shelves().any(ShelfKind::Playlist, ShelfMedia::Video).await?,
        })
    }

    /// A collection with its titles.
    pub async fn collection(ctx: &AppContext, id: ShelfId) -> Result<CollectionContent> {
        let asked = ctx.db.shelves().get(id).await?;
        let all = Self::collections(ctx).await?;
        let card = all.into_iter().find(|card| card.shelf.id == id || card.copies.contains(&id));
        let card = card.unwrap_or_else(|| ShelfCard::of(asked));
        let mut items = Vec::new();
        for id in std::iter::once(card.shelf.id).chain(card.copies.iter().copied()) {
            items.extend(ctx.db.shelves().items(id, MOST_ITEMS).await?);
        }
        let titles = merge(items, &Self::nearness(ctx).await?, Stands::Nearest);
        Ok(CollectionContent { card, titles })
    }

    /// A playlist with its items.
    pub async fn playlist(ctx: &AppContext, id: ShelfId) -> Result<PlaylistContent> {
        let shelf = ctx.db.shelves().get(id).await?;
        let items = ctx.db.shelves().items(id, MOST_ITEMS).await?;
        let duration = items.iter().filter_map(|item| item.record.duration).sum();
        Ok(PlaylistContent { shelf, items, duration })
    }

    /// The collections that a title is in, on whichever source.
    pub async fn collections_of(ctx: &AppContext, id: MediaId) -> Result<Vec<ShelfCard>> {
        let mut found = Vec::new();
        for copy in Self::copies(ctx, id).await? {
            let shelves = ctx.db.shelves().of_item(copy.id, ShelfKind::Collection).await?;
            found.extend(shelves.into_iter().map(|shelf| shelf.id));
        }
        Self::cards_of(ctx, &found).await
    }

    /// Collections, or playlists of videos, in whose titles every word of a text begins a word; the best first.
    pub async fn search_shelves(
        ctx: &AppContext,
        kind: ShelfKind,
        text: &str,
        limit: u32,
    ) -> Result<Vec<ShelfCard>> {
        let found = ctx.db.shelves().search(kind, text, limit).await?;
        if kind == ShelfKind::Collection {
            return counted(ctx, merged(found)).await;
        }
        Ok(playlist_cards(found))
    }

    /// Favourites by kind, the same title once; kinds without any are left out.
    pub async fn favourites_by_kind(ctx: &AppContext) -> Result<Vec<(ItemKind, Vec<Card>)>> {
        let nearness = Self::nearness(ctx).await?;
        let mut groups = Vec::new();
        for kind in FAVOURITE_KINDS {
            let items = ctx.db.items().favourites_of(kind, MOST_FAVOURITES).await?;
            if !items.is_empty() {
                groups.push((kind, merge(items, &nearness, Stands::Nearest)));
            }
        }
        Ok(groups)
    }

    /// Collections that the user has marked as favourites at their servers.
    pub async fn favourite_collections(ctx: &AppContext) -> Result<Vec<ShelfCard>> {
        let all = ctx.db.shelves().list(ShelfKind::Collection).await?;
        let favourites = all.into_iter().filter(|shelf| shelf.record.is_favourite);
        let ids: Vec<ShelfId> = favourites.map(|shelf| shelf.id).collect();
        Self::cards_of(ctx, &ids).await
    }

    /// The cards of these collections, each whole: with its copies at other sources. In their order.
    async fn cards_of(ctx: &AppContext, ids: &[ShelfId]) -> Result<Vec<ShelfCard>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let place =
            |card: &ShelfCard| ids.iter().position(|id| card.shelf.id == *id || card.copies.contains(id));
        let mut cards = Self::collections(ctx).await?;
        cards.retain(|card| place(card).is_some());
        cards.sort_by_key(place);
        Ok(cards)
    }
}

/// The cards of those that play videos.
fn playlist_cards(playlists: Vec<Shelf>) -> Vec<ShelfCard> {
    let videos = playlists.into_iter().filter(|shelf| shelf.record.media == ShelfMedia::Video);
    videos.filter(may_show).map(ShelfCard::of).collect()
}

/// Whether a shelf is worth showing: one of which nothing is here is not, unless it is still to be read.
fn may_show(shelf: &Shelf) -> bool {
    shelf.known_count > 0 || !shelf.is_read
}

/// Counts the titles of those that several sources have.
async fn counted(ctx: &AppContext, mut cards: Vec<ShelfCard>) -> Result<Vec<ShelfCard>> {
    for card in cards.iter_mut().filter(|card| !card.copies.is_empty()) {
        let ids: Vec<ShelfId> = std::iter::once(card.shelf.id).chain(card.copies.iter().copied()).collect();
        card.count = ctx.db.shelves().count_titles(&ids).await?;
    }
    Ok(cards)
}

/// Collections that are called the same as one, in the order of the first of each.
fn merged(shelves: Vec<Shelf>) -> Vec<ShelfCard> {
    let mut cards: Vec<ShelfCard> = Vec::new();
    let name = |shelf: &Shelf| shelf.record.title.trim().to_lowercase();
    for shelf in shelves.into_iter().filter(may_show) {
        match cards.iter_mut().find(|card| name(&card.shelf) == name(&shelf)) {
            Some(card) => {
                card.copies.push(shelf.id);
                let (mine, other) = (&mut card.shelf.record, shelf.record);
                // The words of one source and the picture of another: both are of the same collection.
                mine.summary = mine.summary.take().or(other.summary);
            }
            None => cards.push(ShelfCard::of(shelf)),
        }
    }
    cards
}
