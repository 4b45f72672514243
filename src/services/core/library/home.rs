//! The rows of the home page: the app's own, then those of the servers.

use super::LibraryService;
use super::merge::{Card, Stands, merge};
use crate::models::{HubTopic, Item, ItemKind, Shelf, ShelfId};
use crate::services::{AppContext, Result};

/// Cards in a row of the home page.
const ROW_LENGTH: u32 = 24;
/// Cards of a row that is looked at whole.
const WHOLE_ROW: u32 = 500;
/// So many times as many items as cards are asked for: the same title may be on several sources.
const BEFORE_MERGE: u32 = 3;

/// What a row of the home page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HomeRowKind {
    /// Begun and not finished.
    ContinueWatching,
    /// The next episodes of series.
    NextUp,
    /// New films.
    RecentMovies,
    /// Series with new episodes.
    RecentSeries,
    /// New videos.
    RecentVideos,
    /// New albums.
    RecentMusic,
    /// A row of a server's own; of several that are called the same, the first.
    Hub(ShelfId),
}

impl HomeRowKind {
    /// The app's own rows in their order. Those of the servers follow.
    pub const OWN: [Self; 6] = [
        Self::ContinueWatching,
        Self::NextUp,
        Self::RecentMovies,
        Self::RecentSeries,
        Self::RecentVideos,
        Self::RecentMusic,
    ];
}

/// What a server calls a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HubTitle {
    /// Why it is there.
    pub topic: HubTopic,
    /// Its title, or what the reason is about.
    pub about: String,
}

/// One row of the home page.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeRow {
    /// What it shows.
    pub kind: HomeRowKind,
    /// Its title, of one that is a server's.
    pub title: Option<HubTitle>,
    /// Its cards; never empty.
    pub cards: Vec<Card>,
    /// Whether there are more than these.
    pub has_more: bool,
}

impl LibraryService {
    /// The rows of the home page that have something to show, merged over all sources.
    pub async fn home(ctx: &AppContext) -> Result<Vec<HomeRow>> {
        let mut rows = Vec::new();
        for kind in HomeRowKind::OWN {
            rows.extend(Self::home_row(ctx, kind).await?);
        }
        rows.extend(Self::home_hubs(ctx).await?);
        Ok(rows)
    }

    /// One of the app's own rows, merged over all sources; `None` when it has nothing to show.
    pub async fn home_row(ctx: &AppContext, kind: HomeRowKind) -> Result<Option<HomeRow>> {
        Self::row(ctx, kind, ROW_LENGTH).await
    }

    /// The servers' own rows; those that are called the same are one.
    pub async fn home_hubs(ctx: &AppContext) -> Result<Vec<HomeRow>> {
        let mut rows = Vec::new();
        for hubs in same_title(ctx.db.shelves().hubs().await?) {
            rows.extend(Self::hub_row(ctx, &hubs, ROW_LENGTH).await?);
        }
        Ok(rows)
    }

    /// A row with as many cards as somebody may want to look through.
    pub async fn whole_row(ctx: &AppContext, kind: HomeRowKind) -> Result<Option<HomeRow>> {
        Self::row(ctx, kind, WHOLE_ROW).await
    }

    async fn row(ctx: &AppContext, kind: HomeRowKind, length: u32) -> Result<Option<HomeRow>> {
        let (items, most) = (ctx.db.items(), length * BEFORE_MERGE);
        let found = match kind {
            HomeRowKind::ContinueWatching => items.continue_watching(most).await?,
            HomeRowKind::NextUp => items.next_up(most).await?,
            HomeRowKind::RecentMovies => items.recently_added(ItemKind::Movie, most).await?,
            HomeRowKind::RecentSeries => items.recently_added(ItemKind::Series, most).await?,
            HomeRowKind::RecentVideos => items.recently_added(ItemKind::Video, most).await?,
            HomeRowKind::RecentMusic => items.recently_added(ItemKind::Album, most).await?,
            HomeRowKind::Hub(id) => {
                let mut all = same_title(ctx.db.shelves().hubs().await?).into_iter();
                let hubs = all.find(|hubs| hubs.iter().any(|hub| hub.id == id)).unwrap_or_default();
                return Self::hub_row(ctx, &hubs, length).await;
            }
        };
        let stands = match kind {
            HomeRowKind::ContinueWatching | HomeRowKind::NextUp => Stands::PlayedLast,
            _ => Stands::Nearest,
        };
        Self::filled(ctx, (kind, None), found, stands, length).await
    }

    /// The row of hubs that are called the same, in the order of their sources.
    async fn hub_row(ctx: &AppContext, hubs: &[Shelf], length: u32) -> Result<Option<HomeRow>> {
        let Some(first) = hubs.first() else { return Ok(None) };
        let mut found: Vec<Item> = Vec::new();
        for hub in hubs {
            let items = ctx.db.shelves().items(hub.id, length).await?;
            found.extend(items.into_iter().filter(|item| item.record.kind != ItemKind::Other));
        }
        let title = HubTitle { topic: first.record.topic, about: first.record.title.clone() };
        Self::filled(ctx, (HomeRowKind::Hub(first.id), Some(title)), found, Stands::Nearest, length).await
    }

    async fn filled(
        ctx: &AppContext,
        (kind, title): (HomeRowKind, Option<HubTitle>),
        items: Vec<Item>,
        stands: Stands,
        length: u32,
    ) -> Result<Option<HomeRow>> {
        let mut cards = merge(items, &Self::nearness(ctx).await?, stands);
        let has_more = cards.len() > length as usize;
        cards.truncate(length as usize);
        Ok((!cards.is_empty()).then_some(HomeRow { kind, title, cards, has_more }))
    }
}

/// Hubs put together that are called the same, in the order of the first of each.
fn same_title(hubs: Vec<Shelf>) -> Vec<Vec<Shelf>> {
    let mut rows: Vec<Vec<Shelf>> = Vec::new();
    let name = |hub: &Shelf| (hub.record.topic, hub.record.title.to_lowercase());
    for hub in hubs {
        match rows.iter_mut().find(|row| row.first().is_some_and(|first| name(first) == name(&hub))) {
            Some(row) => row.push(hub),
            None => rows.push(vec![hub]),
        }
    }
    rows
}
