//! The plain types of a catalogue.

use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

/// Position of an item in [`Catalogue::items`] plus one; stable for the life of a catalogue.
///
/// Plex shows it as `ratingKey` (1000 + number), Jellyfin as 32 hex digits derived from it and the server's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemNumber(pub u32);

/// What a library holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LibraryKind {
    /// Films.
    Films,
    /// Series with seasons and episodes.
    Series,
    /// Videos without metadata.
    HomeVideos,
    /// Artists with albums.
    Music,
    /// Folders of photos.
    Photos,
}

/// One library (Plex: section; Jellyfin: view).
#[derive(Debug, Clone)]
pub struct Library {
    /// Position in [`Catalogue::libraries`] plus one; the Plex section key.
    pub number: u32,
    /// What it holds.
    pub kind: LibraryKind,
    /// Shown name.
    pub title: String,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A film.
    Film,
    /// A series; its seasons have it as parent.
    Series,
    /// A season; its episodes have it as parent.
    Season,
    /// An episode.
    Episode,
    /// A home video.
    Video,
    /// An artist; its albums have it as parent.
    Artist,
    /// An album; its tracks have it as parent.
    Album,
    /// A track; its disc is the season, its number the episode.
    Track,
    /// A folder of photos, perhaps in another.
    PhotoAlbum,
    /// A photo.
    Photo,
    /// A trailer or the like of another item: in no list ([`Catalogue::all`]).
    Extra,
    /// A type that no client knows: served with an invented type name.
    Unknown,
}

impl ItemKind {
    /// Whether there is a video file behind it.
    pub fn is_video(self) -> bool {
        self.is_leaf() && !matches!(self, Self::Track | Self::Photo)
    }

    /// Whether it is a file and not a folder of others.
    pub fn is_leaf(self) -> bool {
        !matches!(self, Self::Series | Self::Season | Self::Artist | Self::Album | Self::PhotoAlbum)
    }
}

/// A person with a part in an item.
#[derive(Debug, Clone)]
pub struct Credit {
    /// Name of the person.
    pub name: String,
    /// `Actor`, `Director` or `Writer`.
    pub job: &'static str,
    /// The part an actor plays.
    pub role: Option<String>,
}

/// One film, series, season, episode, video, or something of music or photos.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its number.
    pub number: ItemNumber,
    /// Number of its library.
    pub library: u32,
    /// What it is.
    pub kind: ItemKind,
    /// Season of an episode, series of a season.
    pub parent: Option<ItemNumber>,
    /// Season number of a season or episode; 0 = specials.
    pub season: Option<u32>,
    /// Episode number in its season.
    pub episode: Option<u32>,
    /// Last number of a file that holds several episodes.
    pub episode_end: Option<u32>,
    /// Shown title. Empty in some generated rows: servers then leave the field out.
    pub title: String,
    /// Title to sort by.
    pub sort_title: String,
    /// Title in the original language, when it differs.
    pub original_title: Option<String>,
    /// Year; 1 stands for the "year 0001" that Jellyfin sends for "unknown".
    pub year: Option<u32>,
    /// First shown.
    pub released: Option<NaiveDate>,
    /// When the server got it.
    pub added: DateTime<Utc>,
    /// When its metadata last changed.
    pub updated: DateTime<Utc>,
    /// Length of the film.
    pub duration: Option<Duration>,
    /// Summary.
    pub summary: Option<String>,
    /// Tag line.
    pub tagline: Option<String>,
    /// Genres.
    pub genres: Vec<String>,
    /// Cast and crew.
    pub people: Vec<Credit>,
    /// Age rating, as `PG-13`.
    pub age_rating: Option<String>,
    /// Public's rating, 0 to 10.
    pub community_rating: Option<f32>,
    /// Critics' rating, 0 to 100.
    pub critic_rating: Option<u32>,
    /// Id at the Internet Movie Database, `tt…`.
    pub imdb: Option<String>,
    /// Id at The Movie Database.
    pub tmdb: Option<u32>,
    /// Whether it has a poster (an episode: a still).
    pub has_poster: bool,
    /// Whether it has a backdrop.
    pub has_backdrop: bool,
}

impl Item {
    /// Size of its picture in pixels, as a server lists it: not every film is the sample that plays.
    pub fn picture_size(&self) -> Option<(u32, u32)> {
        let sizes = [(1920, 1080), (1920, 804), (1280, 720), (3840, 2160), (720, 576)];
        self.kind.is_leaf().then(|| sizes[self.number.0 as usize % sizes.len()])
    }
}

/// What one user did with one item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WatchState {
    /// Watched to the end.
    pub played: bool,
    /// How often.
    pub play_count: u32,
    /// Where it was left.
    pub position: Duration,
    /// Favourite (Jellyfin only).
    pub favourite: bool,
    /// When last played.
    pub last_played: Option<DateTime<Utc>>,
}

/// What an extra is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraKind {
    /// A trailer.
    Trailer,
    /// How it was made.
    BehindTheScenes,
}

/// Libraries, items and the children of each item.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// All libraries, by number.
    pub libraries: Vec<Library>,
    /// All items, by number. An item that was deleted is `None`.
    pub items: Vec<Option<Item>>,
    /// Children by parent, in order.
    pub children: HashMap<ItemNumber, Vec<ItemNumber>>,
    /// First watch states of a new user of the server: how the library looks to somebody who has used it.
    pub initial_states: HashMap<ItemNumber, WatchState>,
    /// Collections and playlists, by number. One that was deleted is `None`.
    pub shelves: Vec<Option<super::Shelf>>,
    /// Trailers and the like of items, in order.
    pub extras: HashMap<ItemNumber, Vec<(ItemNumber, ExtraKind)>>,
    /// Items with a second version: served from the other sample, and said to be a large one.
    pub second_versions: HashSet<ItemNumber>,
}

impl Catalogue {
    /// The item with this number, if it exists and was not deleted.
    pub fn item(&self, number: ItemNumber) -> Option<&Item> {
        self.items.get(number.0.checked_sub(1)? as usize)?.as_ref()
    }

    /// All items that exist and are listed, in order of number.
    pub fn all(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().flatten().filter(|item| item.kind != ItemKind::Extra)
    }

    /// Trailers and the like of an item, in order.
    pub fn extras_of(&self, item: ItemNumber) -> impl Iterator<Item = (&Item, ExtraKind)> {
        let extras = self.extras.get(&item).map(Vec::as_slice).unwrap_or_default();
        extras.iter().filter_map(|(number, kind)| Some((self.item(*number)?, *kind)))
    }

    /// Adds an extra of an item; `make` gets the number that it will have.
    pub fn add_extra(
        &mut self,
        of: ItemNumber,
        kind: ExtraKind,
        make: impl FnOnce(ItemNumber) -> Item,
    ) -> ItemNumber {
        let number = self.add(|number| Item { kind: ItemKind::Extra, parent: None, ..make(number) });
        self.extras.entry(of).or_default().push((number, kind));
        number
    }

    /// The names of all people, each once.
    pub fn people(&self) -> BTreeSet<&str> {
        self.all().flat_map(|item| &item.people).map(|person| person.name.as_str()).collect()
    }

    /// The items right below an item, in order.
    pub fn children_of(&self, item: ItemNumber) -> &[ItemNumber] {
        self.children.get(&item).map(Vec::as_slice).unwrap_or_default()
    }

    /// The items with files at or below an item, in order.
    pub fn leaves(&self, item: ItemNumber) -> Vec<ItemNumber> {
        let Some(found) = self.item(item) else { return Vec::new() };
        if found.kind.is_leaf() {
            return vec![item];
        }
        self.children_of(item).iter().flat_map(|child| self.leaves(*child)).collect()
    }

    /// Adds a library and gives its number.
    pub fn add_library(&mut self, kind: LibraryKind, title: &str) -> u32 {
        let number = u32::try_from(self.libraries.len() + 1).unwrap_or(u32::MAX);
        self.libraries.push(Library { number, kind, title: title.to_owned() });
        number
    }

    /// Adds an item; `make` gets the number that it will have.
    pub fn add(&mut self, make: impl FnOnce(ItemNumber) -> Item) -> ItemNumber {
        let number = ItemNumber(u32::try_from(self.items.len() + 1).unwrap_or(u32::MAX));
        let item = make(number);
        if let Some(parent) = item.parent {
            self.children.entry(parent).or_default().push(number);
        }
        self.items.push(Some(item));
        number
    }

    /// Deletes an item and everything below it.
    pub fn remove(&mut self, number: ItemNumber) {
        for child in self.children.remove(&number).unwrap_or_default() {
            self.remove(child);
        }
        for (extra, _) in self.extras.remove(&number).unwrap_or_default() {
            self.remove(extra);
        }
        let Some(parent) = self.item(number).map(|item| item.parent) else { return };
        if let Some(siblings) = parent.and_then(|parent| self.children.get_mut(&parent)) {
            siblings.retain(|sibling| *sibling != number);
        }
        if let Some(place) = self.items.get_mut(number.0 as usize - 1) {
            *place = None;
        }
    }
}
