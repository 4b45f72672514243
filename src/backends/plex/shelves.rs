//! Collections, playlists and hubs (`docs/protocols.md#plex-shelves`).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::images::image_key;
use super::scalar::{Loose, Many};
use crate::backends::{BackendError, LibraryRecord, Result};
use crate::models::{HubTopic, LibraryKind, ListedShelf, RemoteId, ShelfKind, ShelfRecord};
use crate::net::{Call, Profile};

/// Shelves, or items of one, in a page.
const PAGE: u32 = 200;
/// Pages of one listing: more is no listing any more.
pub(super) const MOST_PAGES: u32 = 100;
/// Items of a hub that are asked for.
const HUB_ITEMS: u32 = 16;

/// What of an item is not needed to know which it is.
const LEFT_OUT: &str = "Media,Genre,Role,Director,Writer,Country,Collection,Guid,Image,UltraBlurColors";

/// Words in the names of hubs that repeat rows of the app's own.
const REPEATED: [&str; 7] =
    ["continue", "ondeck", "inprogress", "recentlyadded", "recentlyviewed", ".recent", "playlists"];

/// The object around everything.
#[derive(Debug, Deserialize)]
pub(super) struct ShelfEnvelope {
    #[serde(rename = "MediaContainer")]
    pub(super) container: ShelfContainer,
}

/// A part of a listing of shelves or of what stands on one, or the hubs.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ShelfContainer {
    total_size: Loose<u32>,
    #[serde(rename = "Metadata")]
    metadata: Many<Value>,
    #[serde(rename = "Hub")]
    hub: Many<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ShelfDto {
    rating_key: Loose<String>,
    title: Loose<String>,
    title_sort: Loose<String>,
    summary: Loose<String>,
    thumb: Loose<String>,
    art: Loose<String>,
    composite: Loose<String>,
    smart: Loose<bool>,
    child_count: Loose<u32>,
    leaf_count: Loose<u32>,
    /// Milliseconds.
    duration: Loose<u64>,
    added_at: Loose<i64>,
    updated_at: Loose<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct HubDto {
    hub_identifier: Loose<String>,
    title: Loose<String>,
    #[serde(rename = "Metadata")]
    metadata: Many<Value>,
}

/// Where the shelves of a kind are listed: once, or in each library.
pub(super) fn list_calls(kind: ShelfKind, libraries: &[LibraryRecord]) -> Vec<Call> {
    let has_collections = |library: &&LibraryRecord| {
        matches!(
            library.kind,
            LibraryKind::Movies | LibraryKind::Shows | LibraryKind::HomeVideos | LibraryKind::Mixed
        )
    };
    match kind {
        ShelfKind::Collection => libraries
            .iter()
            .filter(has_collections)
            .map(|library| Call::get("/library/sections/{}/collections").segment(library.remote_id.as_str()))
            .collect(),
        ShelfKind::Playlist => vec![Call::get("/playlists").query("playlistType", "video")],
        ShelfKind::Hub => vec![
            Call::get("/hubs/promoted")
                .query("count", HUB_ITEMS)
                .query("includeEmpty", 0)
                .query("excludeElements", LEFT_OUT)
                .profile(Profile::Background),
        ],
    }
}

/// Where the items of a shelf are listed.
///
/// # Errors
/// `Unsupported` for hubs, which come with theirs.
pub(super) fn items_call(kind: ShelfKind, shelf: &RemoteId) -> Result<Call> {
    let call = match kind {
        ShelfKind::Collection => Call::get("/library/collections/{}/items"),
        ShelfKind::Playlist => Call::get("/playlists/{}/items"),
        ShelfKind::Hub => return Err(BackendError::unsupported("list a shelf")),
    };
    Ok(call.segment(shelf.as_str()).query("excludeElements", LEFT_OUT))
}

/// One page of a listing.
pub(super) fn paged(call: &Call, start: u32) -> Call {
    call.clone()
        .query("X-Plex-Container-Start", start)
        .query("X-Plex-Container-Size", PAGE)
        .profile(Profile::Background)
}

impl ShelfContainer {
    /// How many entries came.
    pub(super) fn received(&self) -> u32 {
        u32::try_from(self.metadata.0.len()).unwrap_or(u32::MAX)
    }

    /// Whether the listing ends with this page, which began at `start`.
    pub(super) fn is_last(&self, start: u32) -> bool {
        let end = start.saturating_add(self.received());
        let all = self.total_size.get();
        // Without a total the reply was not paged, or the page is short.
        self.received() == 0 || all.map_or(self.received() != PAGE, |total| end >= total)
    }

    /// The collections or playlists; `None` for each that cannot be read.
    pub(super) fn shelves(&self) -> impl Iterator<Item = Option<ListedShelf>> + '_ {
        self.metadata.0.iter().map(shelf)
    }

    /// The ids of what stands on a shelf.
    pub(super) fn ids(&self) -> Vec<RemoteId> {
        ids(&self.metadata.0)
    }

    /// The hubs that the app has no row of its own for.
    pub(super) fn hubs(&self) -> Vec<ListedShelf> {
        self.hub.0.iter().filter_map(hub).collect()
    }
}

fn shelf(value: &Value) -> Option<ListedShelf> {
    let dto = ShelfDto::deserialize(value).ok()?;
    let count = dto.child_count.get().or(dto.leaf_count.get());
    let picture = |path: &Loose<String>| path.text().map(image_key);
    let changed = dto.updated_at.get().or(dto.added_at.get());
    let record = ShelfRecord {
        sort_title: dto.title_sort.get(),
        summary: dto.summary.get(),
        poster: picture(&dto.thumb).or_else(|| picture(&dto.composite)),
        backdrop: picture(&dto.art).filter(|key| key.as_str().starts_with("/library/")),
        is_smart: dto.smart.is_true(),
        item_count: count,
        duration: dto.duration.get().filter(|length| *length > 0).map(Duration::from_millis),
        // What is filled by a rule changes without a new time.
        change_mark: changed.map(|at| format!("{at}/{}", count.unwrap_or_default())),
        ..ShelfRecord::new(RemoteId::new(dto.rating_key.get()?), dto.title.get()?)
    };
    Some(ListedShelf { record, items: None })
}

fn hub(value: &Value) -> Option<ListedShelf> {
    let dto = HubDto::deserialize(value).ok()?;
    let name = dto.hub_identifier.get()?;
    let plain = name.to_lowercase();
    let items = ids(&dto.metadata.0);
    if items.is_empty() || REPEATED.iter().any(|word| plain.contains(word)) {
        return None;
    }
    let record =
        ShelfRecord { topic: HubTopic::Titled, ..ShelfRecord::new(RemoteId::new(name), dto.title.get()?) };
    Some(ListedShelf { record, items: Some(items) })
}

/// Of what is no item (a collection among the entries of a hub) there is no row either: it is joined later.
fn ids(values: &[Value]) -> Vec<RemoteId> {
    let id = |value: &Value| ShelfDto::deserialize(value).ok()?.rating_key.get();
    values.iter().filter_map(id).map(RemoteId::new).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn container(value: Value) -> ShelfContainer {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn shelves_are_read_with_drifting_types() {
        let read = container(json!({"Metadata": [
            {"ratingKey": "900", "title": "Harbour", "childCount": "3", "updatedAt": 17, "smart": "1",
             "thumb": "/library/collections/900/composite/17?width=400", "art": "/:/resources/art.jpg"},
            {"ratingKey": 901, "title": "Sunday", "leafCount": 2, "addedAt": 5, "duration": 60_000,
             "composite": "/playlists/901/composite/5"},
            {"title": "no id"}
        ]}));
        let shelves: Vec<_> = read.shelves().collect();
        let [Some(collection), Some(playlist), None] = shelves.as_slice() else {
            unreachable!("{shelves:?}")
        };
        let (collection, playlist) = (&collection.record, &playlist.record);
        assert!(collection.is_smart && collection.backdrop.is_none());
        assert_eq!((collection.item_count, collection.change_mark.as_deref()), (Some(3), Some("17/3")));
        assert_eq!(playlist.remote_id.as_str(), "901");
        assert_eq!(
            (playlist.duration, playlist.change_mark.as_deref()),
            (Some(Duration::from_mins(1)), Some("5/2"))
        );
        assert_eq!(playlist.poster.as_ref().unwrap().as_str(), "/playlists/901/composite/5");
    }

    #[test]
    fn a_page_is_the_last_when_nothing_follows() {
        let page = |total: Value, count: u32| {
            let items: Vec<_> = (0..count).map(|key| json!({"ratingKey": key.to_string()})).collect();
            container(json!({"totalSize": total, "Metadata": items}))
        };
        assert!(page(json!(3), 3).is_last(0));
        assert!(!page(json!(7), 3).is_last(0) && page(json!(7), 3).is_last(4));
        assert!(page(json!(null), 3).is_last(0), "not paged");
        assert!(!page(json!(null), PAGE).is_last(0) && page(json!(9), 0).is_last(0));
    }

    #[test]
    fn hubs_that_repeat_rows_of_the_app_are_left_out() {
        let hub =
            |name: &str| json!({"hubIdentifier": name, "title": name, "Metadata": [{"ratingKey": "1"}]});
        let names = [
            "home.continue",
            "home.ondeck",
            "home.movies.recent",
            "movie.recentlyadded.1",
            "tv.inprogress.2",
            "home.playlists",
            "movie.toprated.1",
            "custom.collection.1.254687",
        ];
        let hubs: Vec<_> =
            names.map(hub).into_iter().chain([json!({"hubIdentifier": "movie.empty"})]).collect();
        let kept = container(json!({"Hub": hubs})).hubs();
        let kept: Vec<_> = kept.iter().map(|hub| hub.record.remote_id.as_str()).collect();
        assert_eq!(kept, ["movie.toprated.1", "custom.collection.1.254687"]);
    }
}
