//! Libraries.

use serde::{Deserialize, Serialize};

use super::{InvalidId, ItemKind, LibraryId, RemoteId, SourceId};

/// What a library holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LibraryKind {
    /// Films.
    Movies,
    /// Series with seasons and episodes.
    Shows,
    /// Videos without metadata.
    HomeVideos,
    /// Films and series together.
    Mixed,
    /// Music.
    Music,
    /// Photos.
    Photos,
    /// Something else: shown by name, not listed.
    Other,
}

impl LibraryKind {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Movies, "movies"),
        (Self::Shows, "shows"),
        (Self::HomeVideos, "home_videos"),
        (Self::Mixed, "mixed"),
        (Self::Music, "music"),
        (Self::Photos, "photos"),
        (Self::Other, "other"),
    ];

    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("other", |(_, word)| word)
    }

    /// The kind for a word of the database; unknown words are [`LibraryKind::Other`].
    pub fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Other, |(kind, _)| *kind)
    }

    /// The kinds of items that a sync lists in such a library, parents before children. Empty for
    /// libraries that are not listed.
    pub fn listed_kinds(self) -> &'static [ItemKind] {
        match self {
            Self::Movies => &[ItemKind::Movie],
            Self::Shows => &[ItemKind::Series, ItemKind::Season, ItemKind::Episode],
            // Cameras take both, and servers keep both in one library.
            Self::HomeVideos => &[ItemKind::PhotoAlbum, ItemKind::Video, ItemKind::Photo],
            Self::Mixed => {
                &[ItemKind::Movie, ItemKind::Series, ItemKind::Season, ItemKind::Episode, ItemKind::Video]
            }
            Self::Music => &[ItemKind::Artist, ItemKind::Album, ItemKind::Track],
            Self::Photos => &[ItemKind::PhotoAlbum, ItemKind::Photo],
            Self::Other => &[],
        }
    }

    /// The kind of item that stands in the library's grid.
    pub fn top_kinds(self) -> &'static [ItemKind] {
        match self {
            Self::Movies => &[ItemKind::Movie],
            Self::Shows => &[ItemKind::Series],
            Self::HomeVideos => &[ItemKind::Video, ItemKind::PhotoAlbum, ItemKind::Photo],
            Self::Mixed => &[ItemKind::Movie, ItemKind::Series, ItemKind::Video],
            Self::Music => &[ItemKind::Album],
            Self::Photos => &[ItemKind::PhotoAlbum, ItemKind::Photo],
            Self::Other => &[],
        }
    }
}

impl std::str::FromStr for LibraryKind {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .iter()
            .find(|(_, word)| *word == text)
            .map(|(kind, _)| *kind)
            .ok_or(InvalidId::of("library kind"))
    }
}

/// A library as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    /// Its id in the local database.
    pub id: LibraryId,
    /// Whose it is.
    pub source_id: SourceId,
    /// What the server calls it.
    pub remote_id: RemoteId,
    /// What it holds.
    pub kind: LibraryKind,
    /// Shown name.
    pub title: String,
    /// Items in its grid that are in the local database.
    pub item_count: u32,
    /// Of these, how many are not watched; of music and photos that is never said.
    pub unwatched_count: u32,
    /// Whether a full sync of it ever completed.
    pub complete: bool,
}
