//! Reading music and photos: what lies below an artist, an album or a folder.

use super::super::Result;
use super::super::row::{ITEM_COLUMNS, get, item};
use super::Items;
use crate::models::{Item, LibraryId, MediaId};

pub(in crate::db) fn albums_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? AND i.kind = 'album' \
         ORDER BY i.year IS NULL, i.year, i.sort_key, i.id"
    )
}

pub(in crate::db) fn tracks_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? AND i.kind = 'track' \
         ORDER BY coalesce(i.season, 1), i.episode IS NULL, i.episode, i.sort_key, i.id"
    )
}

pub(in crate::db) fn artist_tracks_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i LEFT JOIN items a ON a.id = i.parent_id \
         WHERE i.series_id = ? AND i.kind = 'track' \
         ORDER BY a.year IS NULL, a.year, a.sort_key, a.id, \
         coalesce(i.season, 1), i.episode IS NULL, i.episode, i.sort_key, i.id"
    )
}

/// Folders by title, then photos and videos as they were taken.
const PHOTO_ORDER: &str = "i.kind <> 'photo_album', coalesce(i.release_date, date(i.added_at / 1000, 'unixepoch')), i.sort_key, i.id";

pub(in crate::db) fn photos_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.parent_id = ? \
         AND i.kind IN ('photo_album', 'photo', 'video') ORDER BY {PHOTO_ORDER}"
    )
}

pub(in crate::db) fn beside_sql() -> String {
    format!("SELECT i.id FROM items i WHERE i.parent_id = ? AND i.kind = 'photo' ORDER BY {PHOTO_ORDER}")
}

pub(in crate::db) fn loose_sql() -> String {
    "SELECT i.id FROM items i WHERE i.library_id = ? AND i.top = 1 AND i.kind = 'photo' \
     ORDER BY i.sort_key, i.id"
        .to_owned()
}

pub(in crate::db) fn artists_sql() -> String {
    format!(
        "SELECT {ITEM_COLUMNS} FROM items i WHERE i.library_id = ? AND i.kind = 'artist' \
         ORDER BY i.sort_key, i.id"
    )
}

impl Items<'_> {
    /// The artists of a library, by name.
    pub async fn artists(&self, library: LibraryId) -> Result<Vec<Item>> {
        self.0.all(&artists_sql(), [library.0.into()], item).await
    }

    /// The albums of an artist, by year.
    pub async fn albums_of(&self, artist: MediaId) -> Result<Vec<Item>> {
        self.0.all(&albums_sql(), [artist.0.into()], item).await
    }

    /// The tracks of an album, by disc and number.
    pub async fn tracks_of(&self, album: MediaId) -> Result<Vec<Item>> {
        self.0.all(&tracks_sql(), [album.0.into()], item).await
    }

    /// All tracks of an artist, album by album.
    pub async fn tracks_of_artist(&self, artist: MediaId) -> Result<Vec<Item>> {
        self.0.all(&artist_tracks_sql(), [artist.0.into()], item).await
    }

    /// What lies in a folder of photos: folders, then photos and videos by date.
    pub async fn photos_in(&self, album: MediaId) -> Result<Vec<Item>> {
        self.0.all(&photos_sql(), [album.0.into()], item).await
    }

    /// The photos that one goes through from a photo on: those of its folder, else those of its library that lie in
    /// none. In order, with the photo itself.
    pub async fn photos_beside(&self, photo: &Item) -> Result<Vec<MediaId>> {
        let id = |row: &_| Ok(MediaId(get(row, "id")?));
        match photo.parent_id {
            Some(album) => self.0.all(&beside_sql(), [album.0.into()], id).await,
            None => self.0.all(&loose_sql(), [photo.library_id.0.into()], id).await,
        }
    }
}
