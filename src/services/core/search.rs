//! Search: the local library at once, then what servers know besides.
//!
//! What is stored is found in the database alone, in groups, the same title of several sources once. Servers are asked
//! for what is not stored: a library that was never read to its end, a title that came a minute ago. What they find
//! is added below and changes nothing above; opening it stores it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::library::{Card, ShelfCard};
use super::{BackendService, LibraryService};
use crate::db::SEARCHED;
pub use crate::db::{FoundPerson, MOST_COUNTED};
use crate::models::{
    Item, ItemKind, ItemRecord, Library, LibraryId, MediaId, RemoteId, ShelfKind, Source, SourceId,
    SourceKind,
};
use crate::net::Failure;
use crate::services::events::Event;
use crate::services::{AppContext, Result, ServiceError};

/// Copies of a title are merged; so many times as many items are asked for as titles are wanted.
const COPIES: u32 = 2;
/// Longest time to wait for a server: whoever searches has looked elsewhere by then.
const PATIENCE: Duration = Duration::from_secs(8);
/// Results asked of a server.
const MOST_ELSEWHERE: u32 = 24;

/// Titles of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct TitleGroup {
    /// Their kind.
    pub kind: ItemKind,
    /// The titles, best first; never none.
    pub cards: Vec<Card>,
    /// Whether there are more.
    pub has_more: bool,
}

/// Collections or playlists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfGroup {
    /// Which of them.
    pub kind: ShelfKind,
    /// Best first; never none.
    pub cards: Vec<ShelfCard>,
    /// Whether there are more.
    pub has_more: bool,
}

/// What the local library holds for a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Titles by kind, in the order of kinds.
    pub titles: Vec<TitleGroup>,
    /// Collections, then playlists.
    pub shelves: Vec<ShelfGroup>,
    /// People, best first.
    pub people: Vec<FoundPerson>,
    /// Whether there are more people.
    pub has_more_people: bool,
}

impl Found {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.titles.is_empty() && self.shelves.is_empty() && self.people.is_empty()
    }

    /// Every item, copies included.
    pub fn ids(&self) -> HashSet<MediaId> {
        let cards = self.titles.iter().flat_map(|group| &group.cards);
        cards.flat_map(|card| card.copies.iter().copied().chain([card.item.id])).collect()
    }
}

/// A title that a server found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundElsewhere {
    /// What the server says of it. Of one that is not stored, the local ids mean nothing.
    pub item: Item,
    /// Whether it is in the local library.
    pub is_stored: bool,
}

/// Finds titles, collections, playlists and people.
pub struct SearchService;

impl SearchService {
    /// What the local library holds for a text, at most so many of each kind. Reads the database only.
    pub async fn local(ctx: &AppContext, text: &str, of_each: u32) -> Result<Found> {
        let items = ctx.db.items().search_kinds(text, &SEARCHED, of_each.saturating_mul(COPIES) + 1).await?;
        let titles = grouped(LibraryService::cards(ctx, items).await?, of_each);
        let mut shelves = Vec::new();
        for kind in [ShelfKind::Collection, ShelfKind::Playlist] {
            shelves.extend(Self::shelves(ctx, text, kind, of_each).await?);
        }
        let mut people = ctx.db.people().search(text, of_each + 1).await?;
        let has_more_people = cut(&mut people, of_each);
        Ok(Found { titles, shelves, people, has_more_people })
    }

    /// Every title of one kind for a text, as far as anybody would look.
    pub async fn all_of(ctx: &AppContext, text: &str, kind: ItemKind, limit: u32) -> Result<Found> {
        let items = ctx.db.items().search_kinds(text, &[kind], limit.saturating_mul(COPIES)).await?;
        let titles = grouped(LibraryService::cards(ctx, items).await?, limit);
        Ok(Found { titles, ..Found::default() })
    }

    /// Every collection or playlist for a text, as far as anybody would look.
    pub async fn all_shelves(ctx: &AppContext, text: &str, kind: ShelfKind, limit: u32) -> Result<Found> {
        let shelves = Self::shelves(ctx, text, kind, limit).await?.into_iter().collect();
        Ok(Found { shelves, ..Found::default() })
    }

    /// People for a text, as far as anybody would look.
    pub async fn all_people(ctx: &AppContext, text: &str, limit: u32) -> Result<Found> {
        Ok(Found { people: ctx.db.people().search(text, limit).await?, ..Found::default() })
    }

    /// Collections or playlists for a text, when there are any.
    async fn shelves(
        ctx: &AppContext,
        text: &str,
        kind: ShelfKind,
        limit: u32,
    ) -> Result<Option<ShelfGroup>> {
        let mut cards = LibraryService::search_shelves(ctx, kind, text, limit + 1).await?;
        let has_more = cut(&mut cards, limit);
        Ok((!cards.is_empty()).then_some(ShelfGroup { kind, cards, has_more }))
    }

    /// The servers that can be asked now, in the user's order.
    pub async fn servers(ctx: &AppContext) -> Result<Vec<Source>> {
        let mut sources = ctx.db.sources().list().await?;
        sources.retain(|source| {
            let is_up = ctx.connectivity.status(source.id).reach.is_usable();
            source.enabled && source.is_online && source.kind != SourceKind::Local && is_up
        });
        Ok(sources)
    }

    /// What the server of a source finds besides what is `shown`. Gives up after a few seconds.
    ///
    /// # Errors
    /// A network kind when the server did not answer; nobody needs to be told of it.
    pub async fn elsewhere(
        ctx: &AppContext,
        source: SourceId,
        text: &str,
        shown: &HashSet<MediaId>,
    ) -> Result<Vec<FoundElsewhere>> {
        let asked = BackendService::search(ctx, source, text, MOST_ELSEWHERE);
        let asked = tokio::time::timeout(PATIENCE, asked).await;
        let records = asked.map_err(|_| <ServiceError as Failure>::timed_out())??;
        let remote_ids: Vec<&str> = records.iter().map(|record| record.remote_id.as_str()).collect();
        let stored = ctx.db.items().stored(source, &remote_ids).await?;
        Ok(besides(source, records, &stored, shown))
    }

    /// Stores what a server found, with the series and season that it is in, so that it can be opened.
    ///
    /// # Errors
    /// `Unknown` when the source has no library that it could be in.
    pub async fn store(ctx: &AppContext, source: SourceId, record: &ItemRecord) -> Result<MediaId> {
        let libraries = ctx.db.libraries().list(Some(source)).await?;
        let library = home_of(&libraries, record.kind).ok_or(ServiceError::Unknown("library"))?;
        let mut above: Vec<&RemoteId> = [&record.series, &record.parent].into_iter().flatten().collect();
        above.dedup();
        for remote in above {
            Self::store_above(ctx, source, library, remote).await?;
        }
        let id = ctx.db.items().upsert_one(source, library, record).await?;
        ctx.events.publish(Event::ItemsChanged { source_id: source, ids: Arc::from([id].as_slice()) });
        Ok(id)
    }

    async fn store_above(
        ctx: &AppContext,
        source: SourceId,
        library: LibraryId,
        remote: &RemoteId,
    ) -> Result<()> {
        if ctx.db.items().find(source, remote).await?.is_some() {
            return Ok(());
        }
        let record = BackendService::look_up(ctx, source, remote).await?;
        ctx.db.items().upsert_one(source, library, &record).await?;
        Ok(())
    }
}

/// Cards by their kinds.
fn grouped(cards: Vec<Card>, of_each: u32) -> Vec<TitleGroup> {
    let mut groups: Vec<TitleGroup> =
        SEARCHED.into_iter().map(|kind| TitleGroup { kind, cards: Vec::new(), has_more: false }).collect();
    for card in cards {
        if let Some(group) = groups.iter_mut().find(|group| group.kind == card.item.record.kind) {
            group.cards.push(card);
        }
    }
    groups.retain_mut(|group| {
        group.has_more = cut(&mut group.cards, of_each);
        !group.cards.is_empty()
    });
    groups
}

/// Leaves at most so many; tells whether there were more.
fn cut<T>(list: &mut Vec<T>, most: u32) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let has_more = list.len() > most;
    list.truncate(most);
    has_more
}

/// What a server found and is not shown.
fn besides(
    source: SourceId,
    records: Vec<ItemRecord>,
    stored: &HashMap<String, MediaId>,
    shown: &HashSet<MediaId>,
) -> Vec<FoundElsewhere> {
    let records = records.into_iter().filter(|record| SEARCHED.contains(&record.kind));
    let found = records.map(|record| {
        let id = stored.get(record.remote_id.as_str()).copied();
        let item = Item {
            id: id.unwrap_or(MediaId(0)),
            source_id: source,
            library_id: LibraryId(0),
            parent_id: None,
            series_id: None,
            record,
        };
        FoundElsewhere { item, is_stored: id.is_some() }
    });
    found.filter(|found| !found.is_stored || !shown.contains(&found.item.id)).collect()
}

/// The library that something of a kind is in, as far as that can be told: rather one that was not read to its end.
fn home_of(libraries: &[Library], kind: ItemKind) -> Option<LibraryId> {
    let fits = |library: &&Library| library.kind.listed_kinds().contains(&kind);
    let fitting: Vec<&Library> = libraries.iter().filter(fits).collect();
    let unread = fitting.iter().find(|library| !library.complete);
    unread.or_else(|| fitting.first()).copied().map(|library| library.id)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::LibraryKind;

    fn record(id: &str, kind: ItemKind) -> ItemRecord {
        ItemRecord::new(RemoteId::new(id), kind, id)
    }

    #[test]
    fn what_is_shown_is_not_said_again() {
        let source = SourceId::random();
        let records = vec![
            record("shown", ItemKind::Movie),
            record("stored", ItemKind::Movie),
            record("new", ItemKind::Series),
            record("season", ItemKind::Season),
        ];
        let stored = HashMap::from([("shown".to_owned(), MediaId(1)), ("stored".to_owned(), MediaId(2))]);
        let found = besides(source, records, &stored, &HashSet::from([MediaId(1)]));
        let found: Vec<_> =
            found.iter().map(|found| (found.item.record.title.as_str(), found.is_stored)).collect();
        assert_eq!(found, [("stored", true), ("new", false)]);
    }

    fn library(id: i64, kind: LibraryKind, complete: bool) -> Library {
        Library {
            id: LibraryId(id),
            source_id: SourceId::random(),
            remote_id: RemoteId::new(id.to_string()),
            kind,
            title: String::new(),
            item_count: 0,
            unwatched_count: 0,
            complete,
        }
    }

    #[test]
    fn a_title_goes_where_titles_of_its_kind_are() {
        let libraries = [
            library(1, LibraryKind::Music, false),
            library(2, LibraryKind::Movies, true),
            library(3, LibraryKind::Movies, false),
            library(4, LibraryKind::Shows, true),
        ];
        assert_eq!(home_of(&libraries, ItemKind::Movie), Some(LibraryId(3)));
        assert_eq!(home_of(&libraries, ItemKind::Episode), Some(LibraryId(4)));
        assert_eq!(home_of(&libraries, ItemKind::Video), None);
    }
}
