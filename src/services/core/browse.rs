//! Going through long lists: the ids of all titles in order, rows of the part that is looked at, what can be filtered
//! by, and how the user wants to see a library. Reads and writes the database only.

use crate::models::{Item, ItemFacets, ItemQuery, LibraryId, LibraryView, MediaId};
use crate::services::{AppContext, Result};

/// Answers what long lists ask.
pub struct BrowseService;

impl BrowseService {
    /// The ids of a whole list, in its order.
    pub async fn ids(ctx: &AppContext, query: &ItemQuery) -> Result<Vec<MediaId>> {
        Ok(ctx.db.items().ids(query).await?)
    }

    /// The rows of some items; without those that are not there any more.
    pub async fn rows(ctx: &AppContext, ids: &[MediaId]) -> Result<Vec<Item>> {
        Ok(ctx.db.items().rows(ids).await?)
    }

    /// What a list can be filtered by.
    pub async fn facets(ctx: &AppContext, query: &ItemQuery) -> Result<ItemFacets> {
        Ok(ctx.db.items().facets(query).await?)
    }

    /// The first letters of a list in the order of titles, with the places where they begin.
    pub async fn letters(ctx: &AppContext, query: &ItemQuery) -> Result<Vec<(String, u32)>> {
        Ok(ctx.db.items().letters(query).await?)
    }

    /// The years of a list in the order of release, with the places where they begin; `None` for what has no date.
    pub async fn years(ctx: &AppContext, query: &ItemQuery) -> Result<Vec<(Option<i32>, u32)>> {
        Ok(ctx.db.items().years(query).await?)
    }

    /// The place of the first title that begins with a text, in a list in the order of titles.
    pub async fn place_of(ctx: &AppContext, query: &ItemQuery, text: &str) -> Result<u32> {
        Ok(ctx.db.items().place_of(query, text).await?)
    }

    /// How a library is shown.
    pub async fn view(ctx: &AppContext, id: LibraryId) -> Result<LibraryView> {
        Ok(ctx.db.libraries().view(id).await?)
    }

    /// Remembers how a library is shown.
    pub async fn set_view(ctx: &AppContext, id: LibraryId, view: &LibraryView) -> Result<()> {
        Ok(ctx.db.libraries().set_view(id, view).await?)
    }
}
