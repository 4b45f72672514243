//! What items of a folder are called.
//!
//! An id says where the item lies, so that it is found again without a scan: the kind, and a path relative
//! to the folder, percent-encoded. The folder itself may move or be mounted elsewhere. Films and episodes are
//! named after what their names say, not after one file, so that a better copy beside or instead of the first
//! is still the same item:
//!
//! - `movie:Films/Alien%20(1979)/` a film that has a folder of its own
//! - `movie:Films/alien%20(1979)` the files of that film in the folder `Films`
//! - `video:Clips/a.mp4` one file
//! - `series:TV/Dark/` a series with a folder; `series:=dark` one known from the names of its files only
//! - `season:1:TV/Dark/` a season of it
//! - `episode:TV/Dark/Season%201/s01e02` the files of an episode in a folder
//! - `artist:Ferries/`, `album:Ferries/Low%20Water/`, `photo_album:2019/` a folder
//! - `track:Ferries/Low%20Water/01.flac`, `photo:2019/a.jpg` one file
//! - `extra:Films/Alien%20(1979)/Trailers/a.mp4` one file that belongs to a title

use std::ffi::OsString;

use super::path::{RelativePath, decode, encode};
use crate::models::{ItemKind, RemoteId};

/// What tells a series from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeriesKey {
    /// It has a folder.
    Folder(RelativePath),
    /// It is known from the names of its files: the comparable form of its title.
    Named(String),
}

impl SeriesKey {
    fn encode(&self) -> String {
        match self {
            Self::Folder(path) => format!("{}/", path.encode()),
            Self::Named(name) => format!("={}", encode(name.as_ref())),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        match text.strip_prefix('=') {
            Some(name) => Some(Self::Named(decode(name).into_string().ok()?)),
            None => RelativePath::decode(text.strip_suffix('/')?).map(Self::Folder),
        }
    }
}

/// The place of something that plays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The folder that its files lie in.
    pub folder: RelativePath,
    /// What tells it from others in that folder; `None` when the folder is all its own.
    pub key: Option<OsString>,
}

impl Place {
    fn encode(&self) -> String {
        match &self.key {
            Some(key) => self.folder.child(key).encode(),
            None => format!("{}/", self.folder.encode()),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        if let Some(folder) = text.strip_suffix('/') {
            return Some(Self { folder: RelativePath::decode(folder)?, key: None });
        }
        let path = RelativePath::decode(text)?;
        Some(Self { folder: path.parent()?, key: Some(path.name()?.to_owned()) })
    }
}

/// What an id says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalId {
    /// A film.
    Movie(Place),
    /// A video; its key is the name of its file.
    Video(Place),
    /// A series.
    Series(SeriesKey),
    /// A season of a series.
    Season(u32, SeriesKey),
    /// An episode.
    Episode(Place),
    /// An artist: a folder.
    Artist(Place),
    /// An album: a folder.
    Album(Place),
    /// A track; its key is the name of its file.
    Track(Place),
    /// A folder of photos.
    PhotoAlbum(Place),
    /// A photo; its key is the name of its file.
    Photo(Place),
    /// A trailer or the like; its key is the name of its file.
    Extra(Place),
}

impl LocalId {
    /// Reads an id. `None` when it is not one of ours.
    pub fn parse(id: &RemoteId) -> Option<Self> {
        let (kind, rest) = id.as_str().split_once(':')?;
        match kind.parse().ok()? {
            ItemKind::Movie => Place::decode(rest).map(Self::Movie),
            ItemKind::Video => Place::decode(rest).map(Self::Video),
            ItemKind::Episode => Place::decode(rest).map(Self::Episode),
            ItemKind::Extra => Place::decode(rest).map(Self::Extra),
            ItemKind::Series => SeriesKey::decode(rest).map(Self::Series),
            ItemKind::Season => {
                let (number, series) = rest.split_once(':')?;
                Some(Self::Season(number.parse().ok()?, SeriesKey::decode(series)?))
            }
            ItemKind::Artist => Place::decode(rest).map(Self::Artist),
            ItemKind::Album => Place::decode(rest).map(Self::Album),
            ItemKind::Track => Place::decode(rest).map(Self::Track),
            ItemKind::PhotoAlbum => Place::decode(rest).map(Self::PhotoAlbum),
            ItemKind::Photo => Place::decode(rest).map(Self::Photo),
            ItemKind::Other => None,
        }
    }

    /// The id as the database keeps it.
    pub fn remote(&self) -> RemoteId {
        let kind = self.kind().as_str();
        RemoteId::new(match self {
            Self::Movie(place)
            | Self::Video(place)
            | Self::Episode(place)
            | Self::Extra(place)
            | Self::Artist(place)
            | Self::Album(place)
            | Self::Track(place)
            | Self::PhotoAlbum(place)
            | Self::Photo(place) => {
                format!("{kind}:{}", place.encode())
            }
            Self::Series(series) => format!("{kind}:{}", series.encode()),
            Self::Season(number, series) => format!("{kind}:{number}:{}", series.encode()),
        })
    }

    /// What kind of item it names.
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Movie(_) => ItemKind::Movie,
            Self::Video(_) => ItemKind::Video,
            Self::Series(_) => ItemKind::Series,
            Self::Season(..) => ItemKind::Season,
            Self::Episode(_) => ItemKind::Episode,
            Self::Artist(_) => ItemKind::Artist,
            Self::Album(_) => ItemKind::Album,
            Self::Track(_) => ItemKind::Track,
            Self::PhotoAlbum(_) => ItemKind::PhotoAlbum,
            Self::Photo(_) => ItemKind::Photo,
            Self::Extra(_) => ItemKind::Extra,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_text() {
        let films = RelativePath::decode("Films/%FF%3A").unwrap();
        for id in [
            LocalId::Movie(Place { folder: films.clone(), key: None }),
            LocalId::Movie(Place { folder: films.clone(), key: Some("alien (1979)".into()) }),
            LocalId::Movie(Place { folder: RelativePath::root(), key: None }),
            LocalId::Video(Place { folder: RelativePath::root(), key: Some("a?b=c:d.mp4".into()) }),
            LocalId::Series(SeriesKey::Folder(films.clone())),
            LocalId::Series(SeriesKey::Folder(RelativePath::root())),
            LocalId::Series(SeriesKey::Named("dark 2017/x".into())),
            LocalId::Season(0, SeriesKey::Folder(films.clone())),
            LocalId::Season(12, SeriesKey::Named("=".into())),
            LocalId::Artist(Place { folder: films.clone(), key: None }),
            LocalId::Album(Place { folder: RelativePath::root(), key: None }),
            LocalId::Track(Place { folder: films.clone(), key: Some("01 a:b.flac".into()) }),
            LocalId::PhotoAlbum(Place { folder: films.clone(), key: None }),
            LocalId::Photo(Place { folder: RelativePath::root(), key: Some("a.jpg".into()) }),
            LocalId::Episode(Place { folder: films.clone(), key: Some("s01e02".into()) }),
            LocalId::Extra(Place { folder: films, key: Some("a-trailer.mp4".into()) }),
        ] {
            let remote = id.remote();
            assert_eq!(LocalId::parse(&remote), Some(id), "{remote}");
        }
    }

    #[test]
    fn foreign_ids_are_refused() {
        for text in
            ["", "42", "movie", "movie:../x", "movie:/etc/", "series:Dark", "season:x:Dark/", "other:x"]
        {
            assert_eq!(LocalId::parse(&RemoteId::new(text)), None, "{text}");
        }
    }
}
