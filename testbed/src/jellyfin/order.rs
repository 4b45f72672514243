//! The order of a listing.

use super::parameters::Parameters;
use super::state::View;
use crate::catalogue::{Item, ItemKind, ItemNumber};
use std::cmp::Ordering;

/// What a listing may be sorted by. Keys that this server has nothing for keep the order as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    SortName,
    Name,
    DateCreated,
    PremiereDate,
    ProductionYear,
    OfficialRating,
    CommunityRating,
    CriticRating,
    Runtime,
    DatePlayed,
    PlayCount,
    IsFolder,
    IsPlayed,
    IsUnplayed,
    IsFavorite,
    SeriesSortName,
    AiredEpisodeOrder,
    ParentIndexNumber,
    IndexNumber,
    Random,
    /// A key of something else, as the album.
    Other,
}

const KEYS: [(&str, Key); 33] = [
    ("SortName", Key::SortName),
    ("Name", Key::Name),
    ("Default", Key::SortName),
    ("DateCreated", Key::DateCreated),
    ("DateLastContentAdded", Key::DateCreated),
    ("PremiereDate", Key::PremiereDate),
    ("ProductionYear", Key::ProductionYear),
    ("OfficialRating", Key::OfficialRating),
    ("CommunityRating", Key::CommunityRating),
    ("CriticRating", Key::CriticRating),
    ("Runtime", Key::Runtime),
    ("DatePlayed", Key::DatePlayed),
    ("SeriesDatePlayed", Key::DatePlayed),
    ("PlayCount", Key::PlayCount),
    ("IsFolder", Key::IsFolder),
    ("IsPlayed", Key::IsPlayed),
    ("IsUnplayed", Key::IsUnplayed),
    ("IsFavoriteOrLiked", Key::IsFavorite),
    ("SeriesSortName", Key::SeriesSortName),
    ("AiredEpisodeOrder", Key::AiredEpisodeOrder),
    ("ParentIndexNumber", Key::ParentIndexNumber),
    ("IndexNumber", Key::IndexNumber),
    ("Random", Key::Random),
    ("Album", Key::Other),
    ("AlbumArtist", Key::Other),
    ("Artist", Key::Other),
    ("StartDate", Key::Other),
    ("VideoBitRate", Key::Other),
    ("AirTime", Key::Other),
    ("Studio", Key::Other),
    ("SimilarityScore", Key::Other),
    ("SearchScore", Key::Other),
    ("ChildCount", Key::Other),
];

/// Keys with their directions; the first decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Order {
    keys: Vec<(Key, Direction)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

/// More directions than keys: the server fails on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyDirections;

impl Order {
    /// Reads `sortBy` and `sortOrder`. A missing direction is the first one; keys that are unknown are dropped.
    pub(crate) fn of(parameters: &Parameters) -> Result<Self, TooManyDirections> {
        let keys: Vec<Key> = parameters.list("sortBy").iter().filter_map(|name| key(name)).collect();
        let directions: Vec<Direction> =
            parameters.list("sortOrder").iter().filter_map(|name| direction(name)).collect();
        if !keys.is_empty() && directions.len() > keys.len() {
            return Err(TooManyDirections);
        }
        let first = directions.first().copied().unwrap_or(Direction::Ascending);
        let directions = directions.into_iter().chain(std::iter::repeat(first));
        Ok(Self { keys: keys.into_iter().zip(directions).collect() })
    }

    /// Whether it is the same for everybody, every time.
    pub(crate) fn is_lasting(&self) -> bool {
        let fleeting =
            [Key::DatePlayed, Key::PlayCount, Key::IsPlayed, Key::IsUnplayed, Key::IsFavorite, Key::Random];
        self.keys.iter().all(|(key, _)| !fleeting.contains(key))
    }

    /// Sorts, ties by number; without keys the order stays as it is.
    pub(crate) fn sort(&self, view: &View<'_>, numbers: &mut [ItemNumber]) {
        if self.keys.is_empty() {
            return;
        }
        if self.keys.iter().any(|(key, _)| *key == Key::Random) {
            fastrand::shuffle(numbers);
        }
        let mut items: Vec<&Item> =
            numbers.iter().filter_map(|number| view.catalogue.item(*number)).collect();
        items.sort_by(|one, other| self.compare(view, one, other));
        for (place, item) in numbers.iter_mut().zip(items) {
            *place = item.number;
        }
    }

    fn compare(&self, view: &View<'_>, one: &Item, other: &Item) -> Ordering {
        let by_key = |(key, direction): &(Key, Direction)| {
            let ordering = compare(view, *key, one, other);
            if *direction == Direction::Descending { ordering.reverse() } else { ordering }
        };
        self.keys.iter().map(by_key).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

fn key(name: &str) -> Option<Key> {
    KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| *key)
}

fn direction(name: &str) -> Option<Direction> {
    match name {
        name if name.eq_ignore_ascii_case("Ascending") => Some(Direction::Ascending),
        name if name.eq_ignore_ascii_case("Descending") => Some(Direction::Descending),
        _ => None,
    }
}

fn compare(view: &View<'_>, key: Key, one: &Item, other: &Item) -> Ordering {
    let both = (one, other);
    match key {
        Key::SortName => one.sort_title.cmp(&other.sort_title),
        Key::Name => one.title.cmp(&other.title),
        Key::DateCreated => one.added.cmp(&other.added),
        Key::PremiereDate => by(both, |item| item.released),
        Key::ProductionYear => by(both, |item| item.year),
        Key::OfficialRating => one.age_rating.cmp(&other.age_rating),
        Key::CommunityRating => {
            let rating = |item: &Item| item.community_rating.unwrap_or_default();
            rating(one).total_cmp(&rating(other))
        }
        Key::CriticRating => by(both, |item| item.critic_rating),
        Key::Runtime => by(both, |item| item.duration),
        Key::DatePlayed => {
            by(both, |item| view.marks().known(item.number).and_then(|state| state.last_played))
        }
        Key::PlayCount => {
            by(both, |item| view.marks().known(item.number).map_or(0, |state| state.play_count))
        }
        Key::IsFolder => by(both, |item| matches!(item.kind, ItemKind::Series | ItemKind::Season)),
        Key::IsPlayed => by(both, |item| view.marks().played(view.catalogue, item)),
        Key::IsUnplayed => by(both, |item| !view.marks().played(view.catalogue, item)),
        Key::IsFavorite => {
            by(both, |item| view.marks().known(item.number).is_some_and(|state| state.favourite))
        }
        Key::SeriesSortName => {
            let name = |item| view.series(item).unwrap_or(item);
            name(one).sort_title.cmp(&name(other).sort_title)
        }
        Key::AiredEpisodeOrder => by(both, |item| (item.season, item.episode)),
        Key::ParentIndexNumber => by(both, |item| item.season),
        Key::IndexNumber => by(both, |item| item.episode.or(item.season)),
        Key::Random | Key::Other => Ordering::Equal,
    }
}

fn by<T: Ord>((one, other): (&Item, &Item), value: impl Fn(&Item) -> T) -> Ordering {
    value(one).cmp(&value(other))
}
