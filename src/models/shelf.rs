//! Lists of items that a source keeps beside its libraries: collections, playlists and rows of its home page.
//!
//! The three are one thing to store and to bring up to date: a title and items in an order. They share the word
//! *shelf*.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ImageKey, RemoteId, ShelfId, SourceId};

/// What a shelf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShelfKind {
    /// Titles that belong together.
    Collection,
    /// Items in the order in which they are to be played.
    Playlist,
    /// A row that the server makes for its home page.
    Hub,
}

impl ShelfKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Playlist => "playlist",
            Self::Hub => "hub",
        }
    }

    /// The kind for a word of the database; unknown words are hubs, which come and go.
    pub fn from_word(word: &str) -> Self {
        match word {
            "collection" => Self::Collection,
            "playlist" => Self::Playlist,
            _ => Self::Hub,
        }
    }
}

/// What a playlist plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShelfMedia {
    /// Films, episodes, videos.
    #[default]
    Video,
    /// Music.
    Audio,
}

impl ShelfMedia {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }

    /// The media for a word of the database.
    pub fn from_word(word: &str) -> Self {
        if word == "audio" { Self::Audio } else { Self::Video }
    }
}

/// Why a server shows a hub, where it gives a reason instead of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubTopic {
    /// The server has a title for it.
    Titled,
    /// What the user may like; its title is empty.
    Suggestions,
    /// Like a title that the user has watched, which is the hub's title.
    BecauseWatched,
    /// Like a title that the user likes.
    BecauseLiked,
    /// By a director of something that the user has watched or likes.
    Director,
    /// With an actor of something that the user has watched or likes.
    Actor,
}

impl HubTopic {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Titled, "titled"),
        (Self::Suggestions, "suggestions"),
        (Self::BecauseWatched, "because_watched"),
        (Self::BecauseLiked, "because_liked"),
        (Self::Director, "director"),
        (Self::Actor, "actor"),
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(topic, _)| *topic == self).map_or("titled", |(_, word)| word)
    }

    /// The topic for a word of the database; unknown words say nothing more than the title.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Titled, |(topic, _)| *topic)
    }
}

/// A shelf as a backend reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfRecord {
    /// What the server calls it.
    pub remote_id: RemoteId,
    /// Shown title; of a hub with a reason what the reason is about.
    pub title: String,
    /// The server's title to sort by.
    pub sort_title: Option<String>,
    /// Why it is there: of hubs.
    pub topic: HubTopic,
    /// What it plays.
    pub media: ShelfMedia,
    /// Summary.
    pub summary: Option<String>,
    /// Poster.
    pub poster: Option<ImageKey>,
    /// Wide picture.
    pub backdrop: Option<ImageKey>,
    /// Whether the server fills it by a rule, so that it cannot be edited.
    pub is_smart: bool,
    /// Whether the user has marked it as favourite.
    pub is_favourite: bool,
    /// How many items the server says are in it.
    pub item_count: Option<u32>,
    /// How long they last together.
    pub duration: Option<Duration>,
    /// Another one when its items may be others; `None` where the server tells nothing of the sort.
    pub change_mark: Option<String>,
}

impl ShelfRecord {
    /// A shelf of which only id and title are known.
    pub fn new(remote_id: RemoteId, title: impl Into<String>) -> Self {
        Self {
            remote_id,
            title: title.into(),
            sort_title: None,
            topic: HubTopic::Titled,
            media: ShelfMedia::Video,
            summary: None,
            poster: None,
            backdrop: None,
            is_smart: false,
            is_favourite: false,
            item_count: None,
            duration: None,
            change_mark: None,
        }
    }
}

/// A shelf of a listing, with its items where the listing tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedShelf {
    /// The shelf.
    pub record: ShelfRecord,
    /// Its items in order; `None` when they have to be asked for.
    pub items: Option<Vec<RemoteId>>,
}

/// A shelf as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// Its id in the local database.
    pub id: ShelfId,
    /// Whose it is.
    pub source_id: SourceId,
    /// What it is.
    pub kind: ShelfKind,
    /// How many of its items are in the local database.
    pub known_count: u32,
    /// Whether its items were ever read.
    pub is_read: bool,
    /// What the server said.
    pub record: ShelfRecord,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        for kind in [ShelfKind::Collection, ShelfKind::Playlist, ShelfKind::Hub] {
            assert_eq!(ShelfKind::from_word(kind.as_str()), kind);
        }
        for (topic, word) in HubTopic::ALL {
            assert_eq!((HubTopic::from_word(word), topic.as_str()), (topic, word));
        }
        for media in [ShelfMedia::Video, ShelfMedia::Audio] {
            assert_eq!(ShelfMedia::from_word(media.as_str()), media);
        }
    }
}
