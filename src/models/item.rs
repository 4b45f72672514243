//! Films, series, seasons, episodes, videos, music and photos.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Blurs, Credit, ImageKey, ImageKind, InvalidId, LibraryId, MediaId, RemoteId, Resolution, SourceId,
};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A film.
    Movie,
    /// A series.
    Series,
    /// A season of a series.
    Season,
    /// An episode of a season.
    Episode,
    /// A video without metadata.
    Video,
    /// Somebody whose albums are in a music library.
    Artist,
    /// An album: below its artist, above its tracks.
    Album,
    /// A track of an album. Its disc is the *season*, its number on it the *episode*, its album the *parent* and the
    /// album's artist the *series*: the same columns and indexes serve both.
    Track,
    /// A folder of photos; it may lie in another.
    PhotoAlbum,
    /// A photo.
    Photo,
    /// A trailer or the like: plays, and stands nowhere but with the title that it belongs to, its parent.
    Extra,
    /// Anything the app does not show.
    Other,
}

impl ItemKind {
    const ALL: [(Self, &'static str); 12] = [
        (Self::Movie, "movie"),
        (Self::Series, "series"),
        (Self::Season, "season"),
        (Self::Episode, "episode"),
        (Self::Video, "video"),
        (Self::Artist, "artist"),
        (Self::Album, "album"),
        (Self::Track, "track"),
        (Self::PhotoAlbum, "photo_album"),
        (Self::Photo, "photo"),
        (Self::Extra, "extra"),
        (Self::Other, "other"),
    ];

    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("other", |(_, word)| word)
    }

    /// The kind for a word of the database; unknown words are [`ItemKind::Other`].
    pub fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Other, |(kind, _)| *kind)
    }

    /// Whether it can be played itself (a series or a season plays one of its episodes).
    pub fn is_playable(self) -> bool {
        matches!(self, Self::Movie | Self::Episode | Self::Video | Self::Track | Self::Extra)
    }

    /// Whether it is of a music library. What was heard of it is no matter of badges.
    pub fn is_music(self) -> bool {
        matches!(self, Self::Artist | Self::Album | Self::Track)
    }

    /// Whether it is a photo or a folder of photos: nothing to be played, and nothing to be watched.
    pub fn is_photo(self) -> bool {
        matches!(self, Self::PhotoAlbum | Self::Photo)
    }
}

impl std::str::FromStr for ItemKind {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .iter()
            .find(|(_, word)| *word == text)
            .map(|(kind, _)| *kind)
            .ok_or(InvalidId::of("item kind"))
    }
}

/// Ids of the same title in public databases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExternalIds {
    /// Internet Movie Database, `tt…`.
    pub imdb: Option<String>,
    /// The Movie Database.
    pub tmdb: Option<String>,
    /// `TheTVDB`.
    pub tvdb: Option<String>,
}

/// The pictures of an item, as keys that its backend turns into requests. Never a host, never a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Images {
    /// Poster, 2:3; of an episode the still, 16:9; of an album or a track the cover, 1:1.
    pub primary: Option<ImageKey>,
    /// Wide picture behind details. Of a photo the photo itself, where its primary picture is only a small one.
    pub backdrop: Option<ImageKey>,
    /// The title as a drawn word.
    pub logo: Option<ImageKey>,
    /// Poster of the series an episode or season is of.
    pub series_poster: Option<ImageKey>,
    /// What stands for them until they are there.
    pub blurs: Blurs,
}

impl Images {
    /// The key of the picture of this kind.
    pub fn key(&self, kind: ImageKind) -> Option<&ImageKey> {
        match kind {
            ImageKind::Primary => self.primary.as_ref(),
            ImageKind::Backdrop => self.backdrop.as_ref(),
            ImageKind::Logo => self.logo.as_ref(),
            ImageKind::SeriesPoster => self.series_poster.as_ref(),
        }
    }
}

/// What the user did with an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WatchState {
    /// Watched to the end. Of a series or season: all of it.
    pub watched: bool,
    /// Where it was left; zero when not in progress.
    pub position: Duration,
    /// How often it was played.
    pub play_count: u32,
    /// When it was last played.
    pub last_played_at: Option<DateTime<Utc>>,
    /// Favourite; `None` when the server has no such mark (Plex), so that the local one is kept.
    pub favourite: Option<bool>,
}

/// An item as a backend reports it, before it has a place in the database.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRecord {
    /// What the server calls it.
    pub remote_id: RemoteId,
    /// What it is.
    pub kind: ItemKind,
    /// Season of an episode, series of a season, album of a track, artist of an album, folder of a photo.
    pub parent: Option<RemoteId>,
    /// Series of an episode or season; artist of an album or of a track's album.
    pub series: Option<RemoteId>,
    /// Title of that series, name of that artist.
    pub series_title: Option<String>,
    /// Who plays a track, where that is not the artist of its album.
    pub artist: Option<String>,
    /// Season number; 0 = specials. Of a track the disc.
    pub season: Option<u32>,
    /// Episode number. Of a track the number on its disc.
    pub episode: Option<u32>,
    /// Last number of a file with several episodes.
    pub episode_end: Option<u32>,
    /// Shown title.
    pub title: String,
    /// The server's title to sort by.
    pub sort_title: Option<String>,
    /// Title in the original language.
    pub original_title: Option<String>,
    /// Year.
    pub year: Option<i32>,
    /// First shown; of a photo taken.
    pub release_date: Option<NaiveDate>,
    /// When the server really got it.
    pub added_at: Option<DateTime<Utc>>,
    /// Length.
    pub duration: Option<Duration>,
    /// Resolution of its best version.
    pub resolution: Option<Resolution>,
    /// Public's rating, 0 to 10.
    pub rating: Option<f32>,
    /// Critics' rating, 0 to 10.
    pub critic_rating: Option<f32>,
    /// Age rating.
    pub age_rating: Option<String>,
    /// Summary.
    pub summary: Option<String>,
    /// Tag line.
    pub tagline: Option<String>,
    /// Genres.
    pub genres: Vec<String>,
    /// Cast and crew as far as a listing tells them, which may be a few; empty when read from the database.
    pub credits: Vec<Credit>,
    /// Ids in public databases.
    pub external_ids: ExternalIds,
    /// Pictures.
    pub images: Images,
    /// What the server knows of the user and this item.
    pub watch: WatchState,
    /// Episodes below a series or season that are not watched.
    pub unwatched_children: Option<u32>,
    /// Episodes below a series or season.
    pub child_count: Option<u32>,
    /// Changes whenever the item's metadata changes.
    pub change_mark: Option<String>,
}

impl ItemRecord {
    /// An item of which only id, kind and title are known.
    pub fn new(remote_id: RemoteId, kind: ItemKind, title: impl Into<String>) -> Self {
        Self {
            remote_id,
            kind,
            parent: None,
            series: None,
            series_title: None,
            artist: None,
            season: None,
            episode: None,
            episode_end: None,
            title: title.into(),
            sort_title: None,
            original_title: None,
            year: None,
            release_date: None,
            added_at: None,
            duration: None,
            resolution: None,
            rating: None,
            critic_rating: None,
            age_rating: None,
            summary: None,
            tagline: None,
            genres: Vec::new(),
            credits: Vec::new(),
            external_ids: ExternalIds::default(),
            images: Images::default(),
            watch: WatchState::default(),
            unwatched_children: None,
            child_count: None,
            change_mark: None,
        }
    }
}

/// An item as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its id in the local database.
    pub id: MediaId,
    /// Whose it is.
    pub source_id: SourceId,
    /// Its library.
    pub library_id: LibraryId,
    /// Local id of what [`ItemRecord::parent`] is.
    pub parent_id: Option<MediaId>,
    /// Local id of what [`ItemRecord::series`] is.
    pub series_id: Option<MediaId>,
    /// What the server said, with the local watch state.
    pub record: ItemRecord,
}

impl Item {
    /// How much of it was watched, 0 to 1; `None` when not in progress or of unknown length.
    pub fn progress(&self) -> Option<f64> {
        let duration = self.record.duration.filter(|duration| !duration.is_zero())?;
        let position = self.record.watch.position;
        (!position.is_zero()).then(|| (position.as_secs_f64() / duration.as_secs_f64()).min(1.0))
    }
}
