//! `gnome-reel collections | playlists`.

use std::time::Duration;

use serde::Serialize;

use super::Result;
use super::output::{ItemRow, Output};
use crate::models::ShelfId;
use crate::services::AppContext;
use crate::services::core::LibraryService;
use crate::services::core::library::ShelfCard;
use crate::ui::clock::clock;

/// A collection or playlist for machines.
#[derive(Debug, Serialize)]
struct ShelfRow {
    id: i64,
    source_id: String,
    remote_id: String,
    title: String,
    item_count: u32,
    duration_ms: Option<u64>,
    smart: bool,
    /// The collections of other sources that are called the same.
    also: Vec<i64>,
}

impl From<&ShelfCard> for ShelfRow {
    fn from(card: &ShelfCard) -> Self {
        let record = &card.shelf.record;
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            id: card.shelf.id.0,
            source_id: card.shelf.source_id.to_string(),
            remote_id: record.remote_id.to_string(),
            title: record.title.clone(),
            item_count: card.count,
            duration_ms: record.duration.map(ms),
            smart: record.is_smart,
            also: card.copies.iter().map(|id| id.0).collect(),
        }
    }
}

impl ShelfRow {
    const COLUMNS: [&'static str; 4] = ["ID", "ITEMS", "LENGTH", "TITLE"];

    fn cells(&self) -> Vec<String> {
        let length = self.duration_ms.map(|ms| clock(Duration::from_millis(ms)));
        vec![self.id.to_string(), self.item_count.to_string(), length.unwrap_or_default(), self.title.clone()]
    }
}

/// Lists the collections, or what is in one.
pub(super) async fn collections(ctx: &AppContext, id: Option<ShelfId>, output: Output) -> Result {
    let Some(id) = id else { return print(&LibraryService::collections(ctx).await?, output) };
    let content = LibraryService::collection(ctx, id).await?;
    let rows: Vec<ItemRow> = content.titles.iter().map(|card| ItemRow::from(&card.item)).collect();
    output.rows(&rows, &ItemRow::COLUMNS, ItemRow::cells)
}

/// Lists the playlists, or what is in one.
pub(super) async fn playlists(ctx: &AppContext, id: Option<ShelfId>, output: Output) -> Result {
    let Some(id) = id else { return print(&LibraryService::playlists(ctx).await?, output) };
    let content = LibraryService::playlist(ctx, id).await?;
    let rows: Vec<ItemRow> = content.items.iter().map(ItemRow::from).collect();
    output.rows(&rows, &ItemRow::COLUMNS, ItemRow::cells)
}

fn print(cards: &[ShelfCard], output: Output) -> Result {
    let rows: Vec<ShelfRow> = cards.iter().map(ShelfRow::from).collect();
    output.rows(&rows, &ShelfRow::COLUMNS, ShelfRow::cells)
}
