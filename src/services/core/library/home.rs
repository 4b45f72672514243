//! The rows of the home page.

use super::LibraryService;
use super::merge::{Card, merge};
use crate::models::ItemKind;
use crate::services::{AppContext, Result};

/// Items asked for from each list before the same titles are merged.
const BEFORE_MERGE: u32 = 60;
/// Cards in a row of the home page.
const ROW_LENGTH: usize = 24;

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
}
/// One row of the home page.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeRow {
    /// What it shows.
    pub kind: HomeRowKind,
    /// Its cards; never empty.
    pub cards: Vec<Card>,
}
impl LibraryService {
    /// The rows of the home page that have something to show, merged over all sources.
    pub async fn home(ctx: &AppContext) -> Result<Vec<HomeRow>> {
        let items = ctx.db.items();
        let nearness = Self::nearness(ctx).await?;
        let rows = [
            (HomeRowKind::ContinueWatching, items.continue_watching(BEFORE_MERGE).await?),
            (HomeRowKind::NextUp, items.next_up(BEFORE_MERGE).await?),
            (HomeRowKind::RecentMovies, items.recently_added(ItemKind::Movie, BEFORE_MERGE).await?),
            (HomeRowKind::RecentSeries, items.recently_added(ItemKind::Series, BEFORE_MERGE).await?),
            (HomeRowKind::RecentVideos, items.recently_added(ItemKind::Video, BEFORE_MERGE).await?),
        ];
        Ok(rows
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(kind, items)| {
                let mut cards = merge(items, &nearness);
                cards.truncate(ROW_LENGTH);
                HomeRow { kind, cards }
            })
            .collect())
    }
}
