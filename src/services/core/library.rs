//! Questions about the local library, as the window and the command line ask them. Reads the database only.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

pub use crate::db::{ItemQuery, ItemSort};
use crate::models::{
    FolderNumber, Item, ItemKind, Library, LibraryId, MediaDetails, MediaId, Source, SourceId, SourceKind,
    Tier,
};
use crate::services::{AppContext, Result};

/// Items asked for from each list before the same titles are merged.
const BEFORE_MERGE: u32 = 60;
/// Cards in a row of the home page.
const ROW_LENGTH: usize = 24;

/// A source with its libraries.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceLibraries {
    /// The source.
    pub source: Source,
    /// Its libraries, in its order.
    pub libraries: Vec<Library>,
}

impl SourceLibraries {
    /// Whether its libraries are shown among those of all sources: not while it is switched off.
    pub fn is_shown(&self) -> bool {
        self.source.enabled
    }
}

/// What a row of the home page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HomeRowKind {
    /// Begun and not finished.
    ContinueWatching,
    /// The next episodes of series.
    NextUp,
    /// New films.
    RecentMovies,
    /// Series with new episodes.
    RecentSeries,
    /// New videos.
    RecentVideos,
}

/// One card: a title, with the copies of it that other sources have.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The copy to play: the one that is nearest.
    pub item: Item,
    /// The other copies.
    pub copies: Vec<MediaId>,
}

/// One row of the home page.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeRow {
    /// What it shows.
    pub kind: HomeRowKind,
    /// Its cards; never empty.
    pub cards: Vec<Card>,
}

/// Answers questions about the local library.
pub struct LibraryService;

impl LibraryService {
    /// All sources with their libraries, in the user's order; those that are switched off as well.
    pub async fn sources(ctx: &AppContext) -> Result<Vec<SourceLibraries>> {
        let libraries = ctx.db.libraries().list(None).await?;
        let sources = ctx.db.sources().list().await?;
        Ok(sources
            .into_iter()
            .map(|source| {
                let libraries =
                    libraries.iter().filter(|library| library.source_id == source.id).cloned().collect();
                SourceLibraries { source, libraries }
            })
            .collect())
    }

    /// One library to look into; that of a source that is switched off is not found.
    pub async fn library(ctx: &AppContext, id: LibraryId) -> Result<Library> {
        Ok(ctx.db.libraries().get(id).await?)
    }

    /// A part of a library's items, sorted and filtered.
    pub async fn items(ctx: &AppContext, query: &ItemQuery) -> Result<Vec<Item>> {
        Ok(ctx.db.items().list(query).await?)
    }

    /// How many items a question has.
    pub async fn count(ctx: &AppContext, query: &ItemQuery) -> Result<u64> {
        Ok(ctx.db.items().count_query(query).await?)
    }

    /// One item.
    pub async fn item(ctx: &AppContext, id: MediaId) -> Result<Item> {
        Ok(ctx.db.items().get(id).await?)
    }

    /// Seasons of a series, or episodes of a season, in order.
    pub async fn children(ctx: &AppContext, id: MediaId) -> Result<Vec<Item>> {
        Ok(ctx.db.items().children(id).await?)
    }

    /// The details that were stored last, and when.
    pub async fn details(ctx: &AppContext, id: MediaId) -> Result<Option<(MediaDetails, DateTime<Utc>)>> {
        Ok(ctx.db.details().get(id).await?)
    }

    /// The episode after this one.
    pub async fn next_episode(ctx: &AppContext, id: MediaId) -> Result<Option<Item>> {
        Ok(ctx.db.items().next_episode(id).await?)
    }

    /// The episode before this one.
    pub async fn previous_episode(ctx: &AppContext, id: MediaId) -> Result<Option<Item>> {
        Ok(ctx.db.items().previous_episode(id).await?)
    }

    /// Items whose titles match, the same title once.
    pub async fn search(ctx: &AppContext, text: &str, limit: u32) -> Result<Vec<Card>> {
        let items = ctx.db.items().search(text, limit).await?;
        Ok(merge(items, &Self::nearness(ctx).await?))
    }

    /// Favourites, the same title once.
    pub async fn favourites(ctx: &AppContext) -> Result<Vec<Card>> {
        let items = ctx.db.items().favourites(1000).await?;
        Ok(merge(items, &Self::nearness(ctx).await?))
    }

    /// The rows of the home page that have something to show, merged over all sources.
    pub async fn home(ctx: &AppContext) -> Result<Vec<HomeRow>> {
        let items = ctx.db.items();
        let nearness = Self::nearness(ctx).await?;
        let rows = [
            (HomeRowKind::ContinueWatching, items.continue_watching(BEFORE_MERGE).await?),
            (HomeRowKind::NextUp, items.next_up(BEFORE_MERGE).await?),
            (HomeRowKind::RecentMovies, items.recently_added(ItemKind::Movie, BEFORE_MERGE).await?),
            (HomeRowKind::RecentSeries, items.recently_added(ItemKind::Series, BEFORE_MERGE).await?),
            (HomeRowKind::RecentVideos, items.recently_added(ItemKind::Video, BEFORE_MERGE).await?),
        ];
        Ok(rows
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(kind, items)| {
                let mut cards = merge(items, &nearness);
                cards.truncate(ROW_LENGTH);
                HomeRow { kind, cards }
            })
            .collect())
    }

    /// How near each source is: folders, then servers in this network, then others; unreachable ones last.
    async fn nearness(ctx: &AppContext) -> Result<Nearness> {
        Ok(Nearness::of(&ctx.db.sources().list().await?))
    }
}

/// What is added for a copy that cannot be reached.
const OUT_OF_REACH: u8 = 10;

/// How near the copies of a title are.
#[derive(Debug, Default)]
struct Nearness {
    sources: HashMap<SourceId, u8>,
    /// Folders that are away, of sources of which others are there.
    away: HashSet<(SourceId, FolderNumber)>,
}

impl Nearness {
    fn of(sources: &[Source]) -> Self {
        let away = sources.iter().flat_map(|source| {
            let away = source.folders.iter().filter(|folder| folder.away_since.is_some());
            away.map(|folder| (source.id, folder.number))
        });
        Self {
            sources: sources.iter().map(|source| (source.id, nearness_of(source))).collect(),
            away: away.collect(),
        }
    }

    fn copy(&self, copy: &Item) -> u8 {
        let place = self.sources.get(&copy.source_id).copied().unwrap_or(u8::MAX);
        let folder = FolderNumber::split(copy.record.remote_id.as_str()).0;
        if self.away.contains(&(copy.source_id, folder)) { place.max(OUT_OF_REACH) } else { place }
    }
}

fn nearness_of(source: &Source) -> u8 {
    if source.kind == SourceKind::Local {
        return if source.is_online { 0 } else { OUT_OF_REACH };
    }
    let tier = source
        .connections
        .connections
        .iter()
        .find(|connection| Some(&connection.uri) == source.connection_url.as_ref())
        .map_or(Tier::Remote, crate::models::ServerConnection::tier);
    let place = match tier {
        Tier::Local => 1,
        Tier::Remote => 2,
        Tier::Relay => 3,
    };
    if source.is_online { place } else { place + OUT_OF_REACH }
}

/// What two copies of a title have in common: an id in a public database, or else title and year.
fn title_keys(item: &Item) -> Vec<String> {
    let record = &item.record;
    let kind = record.kind.as_str();
    let ids = &record.external_ids;
    let numbers = (record.season, record.episode);
    let mut keys: Vec<String> = [("imdb", &ids.imdb), ("tmdb", &ids.tmdb), ("tvdb", &ids.tvdb)]
        .into_iter()
        .filter_map(|(name, id)| id.as_ref().map(|id| format!("{kind}:{name}:{id}")))
        .collect();
    match (&record.series_title, record.kind) {
        (Some(series), ItemKind::Episode | ItemKind::Season) => {
            keys.push(format!("{kind}:{}:{numbers:?}", series.to_lowercase()));
        }
        _ if record.year.is_some() => {
            keys.push(format!("{kind}:{}:{:?}", record.title.to_lowercase(), record.year));
        }
        _ => {}
    }
    keys
}

/// Puts the same title of several sources on one card, in the order of its first appearance. Two items of one
/// source are never merged: they are different there.
fn merge(items: Vec<Item>, nearness: &Nearness) -> Vec<Card> {
    let mut cards: Vec<Vec<Item>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items {
        let keys = title_keys(&item);
        let known = keys.iter().find_map(|key| places.get(key).copied());
        let place = match known {
            Some(place) if cards[place].iter().all(|copy| copy.source_id != item.source_id) => place,
            _ => {
                cards.push(Vec::new());
                cards.len() - 1
            }
        };
        for key in keys {
            places.entry(key).or_insert(place);
        }
        cards[place].push(item);
    }
    cards
        .into_iter()
        .filter_map(|mut copies| {
            copies.sort_by_key(|copy| nearness.copy(copy));
            let mut copies = copies.into_iter();
            let item = copies.next()?;
            Some(Card { item, copies: copies.map(|copy| copy.id).collect() })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{ItemRecord, RemoteId, SourceId};

    fn film(id: i64, source: SourceId, title: &str, year: Option<i32>, imdb: Option<&str>) -> Item {
        let mut record = ItemRecord::new(RemoteId::new(id.to_string()), ItemKind::Movie, title);
        record.year = year;
        record.external_ids.imdb = imdb.map(str::to_owned);
        Item {
            id: MediaId(id),
            source_id: source,
            library_id: LibraryId(1),
            parent_id: None,
            series_id: None,
            record,
        }
    }

    #[test]
    fn the_same_title_is_one_card_and_the_nearest_copy_plays() {
        let (far, near) = (SourceId::random(), SourceId::random());
        let nearness = Nearness { sources: HashMap::from([(far, 2), (near, 0)]), ..Nearness::default() };
        let cards = merge(
            vec![
                film(1, far, "The Lantern", Some(2019), Some("tt1")),
                film(2, far, "Other", Some(2000), None),
                film(3, near, "Lantern, The", Some(2019), Some("tt1")),
                film(4, near, "other", Some(2000), None),
            ],
            &nearness,
        );
        let shape: Vec<_> = cards.iter().map(|card| (card.item.id.0, card.copies.len())).collect();
        assert_eq!(shape, [(3, 1), (4, 1)]);
    }

    #[test]
    fn two_items_of_one_source_stay_apart() {
        let source = SourceId::random();
        let cards = merge(
            vec![film(1, source, "Twin", Some(1999), None), film(2, source, "Twin", Some(1999), None)],
            &Nearness::default(),
        );
        assert_eq!(cards.len(), 2);
    }

    #[test]
    fn a_copy_in_a_folder_that_is_away_is_not_played_first() {
        let (folders, server) = (SourceId::random(), SourceId::random());
        let mut nearness =
            Nearness { sources: HashMap::from([(folders, 0), (server, 2)]), ..Nearness::default() };
        let mut copy = film(1, folders, "Alien", Some(1979), None);
        copy.record.remote_id = RemoteId::new("7@movie:alien");
        let copies = || vec![copy.clone(), film(2, server, "Alien", Some(1979), None)];
        assert_eq!(merge(copies(), &nearness)[0].item.id, MediaId(1));
        nearness.away.insert((folders, FolderNumber(7)));
        assert_eq!(merge(copies(), &nearness)[0].item.id, MediaId(2));
    }

    #[test]
    fn without_year_or_id_nothing_is_merged() {
        let (a, b) = (SourceId::random(), SourceId::random());
        let cards = merge(
            vec![film(1, a, "Holiday", None, None), film(2, b, "Holiday", None, None)],
            &Nearness::default(),
        );
        assert_eq!(cards.len(), 2);
    }
}
