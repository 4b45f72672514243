//! Questions about music and photos.

use super::LibraryService;
use crate::models::{Item, ItemKind, LibraryId, MediaId};
use crate::services::{AppContext, Result};

impl LibraryService {
    /// The artists of a library, by name.
    pub async fn artists(ctx: &AppContext, library: LibraryId) -> Result<Vec<Item>> {
        Ok(ctx.db.items().artists(library).await?)
    }

    /// The albums of an artist, by year.
    pub async fn albums_of(ctx: &AppContext, artist: MediaId) -> Result<Vec<Item>> {
        Ok(ctx.db.items().albums_of(artist).await?)
    }

    /// The tracks of an album by disc and number, or all of an artist, album by album.
    pub async fn tracks_of(ctx: &AppContext, item: &Item) -> Result<Vec<Item>> {
        Ok(match item.record.kind {
            ItemKind::Artist => ctx.db.items().tracks_of_artist(item.id).await?,
            _ => ctx.db.items().tracks_of(item.id).await?,
        })
    }

    /// What lies in a folder of photos: folders, then photos and videos by date.
    pub async fn photos_in(ctx: &AppContext, album: MediaId) -> Result<Vec<Item>> {
        Ok(ctx.db.items().photos_in(album).await?)
    }

    /// The photos that one goes through from a photo on, in order, with the photo itself.
    pub async fn photos_beside(ctx: &AppContext, photo: &Item) -> Result<Vec<MediaId>> {
        Ok(ctx.db.items().photos_beside(photo).await?)
    }
}
