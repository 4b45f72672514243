//! Listings: what is asked for, and reading a page (`docs/protocols.md#jellyfin-items`).

use chrono::{DateTime, SecondsFormat, Utc};
use tracing::debug;

use super::dto::Envelope;
use super::map::{self, Entry};
use crate::backends::{Delta, ItemPage, LibraryRecord, OVERLAP, PageRequest};
use crate::models::{ItemKind, ItemRecord, LibraryKind};
use crate::net::{Call, Profile};

/// Members that come only when named. Costly ones (sources, people, chapters, counts) wait for the details.
const FIELDS: &str =
    "DateCreated,Etag,Genres,Height,OriginalTitle,Overview,ParentId,ProviderIds,SortName,Taglines,Width";
/// Pictures of which tags come along.
const IMAGE_TYPES: &str = "Primary,Backdrop,Thumb,Logo";
/// What a search finds.
const SEARCHED: [ItemKind; 4] = [ItemKind::Movie, ItemKind::Series, ItemKind::Episode, ItemKind::Video];

/// The libraries that a user may see.
pub(super) fn libraries_call(user_id: &str) -> Call {
    Call::get("/UserViews")
        .query("userId", user_id)
        .query("includeExternalContent", false)
        .profile(Profile::Background)
}

/// One page of the items of one kind in a library, in a total order: pages of a listing whose order has ties
/// may repeat one item and lose another.
pub(super) fn page_call(user_id: &str, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Call {
    let order = match kind {
        ItemKind::Season | ItemKind::Episode => "SeriesSortName,SortName,DateCreated",
        ItemKind::Track => "Album,SortName,DateCreated",
        _ => "SortName,DateCreated",
    };
    ordered_call(user_id, library, kind, page, (order, "Ascending"))
}

fn ordered_call(
    user_id: &str,
    library: &LibraryRecord,
    kind: ItemKind,
    page: PageRequest,
    (order, direction): (&str, &str),
) -> Call {
    let call = match (library.kind, kind) {
        (_, ItemKind::Artist) => artists_call(user_id),
        // Home videos stand by themselves, whatever folder they lie in: only folders with photos are shown.
        (LibraryKind::HomeVideos, ItemKind::PhotoAlbum) => typed_call(user_id, &["PhotoAlbum"]),
        _ => items_call(user_id, &[kind]),
    };
    let call = call
        .query("parentId", library.remote_id.as_str())
        .query("sortBy", order)
        .query("sortOrder", direction)
        .query("startIndex", page.start)
        .query("limit", page.limit)
        .query("enableTotalRecordCount", true)
        .query("collapseBoxSetItems", false)
        .profile(Profile::Background);
    if kind == ItemKind::Episode { call.query("isMissing", false) } else { call }
}

/// One page of what changed. There is no order by the time of a change, but a filter; there is no filter by the time
/// of playing, but an order.
pub(super) fn changes_call(
    user_id: &str,
    library: &LibraryRecord,
    kind: ItemKind,
    delta: Delta,
    page: PageRequest,
) -> Call {
    let call = || page_call(user_id, library, kind, page);
    match delta {
        // Of artists there is no such filter, only an order by when they came. Other changes wait for a whole listing.
        Delta::Described(_) if kind == ItemKind::Artist => {
            ordered_call(user_id, library, kind, page, ("DateCreated,SortName", "Descending"))
        }
        // The parameter of this name is the one that works in every version; it does not look at the user's data.
        Delta::Described(since) => call().query("minDateLastSavedForUser", moment(since - OVERLAP)),
        Delta::Played(_) => {
            let latest_first = ("DatePlayed,SortName", "Descending");
            ordered_call(user_id, library, kind, page, latest_first).query("filters", "IsPlayed")
        }
        Delta::Begun => call().query("filters", "IsResumable"),
        Delta::Favourites => call().query("filters", "IsFavorite"),
    }
}

/// Whether nothing that was asked for comes behind a page.
pub(super) fn is_last(page: &ItemPage, delta: Delta, asked: PageRequest) -> bool {
    let end = asked.start.saturating_add(page.received());
    let is_end = page.received() == 0 || page.total.is_none_or(|total| end >= total);
    let played_before = |since: DateTime<Utc>| {
        let last = page.items.iter().rev().find_map(|item| item.watch.last_played_at);
        last.is_some_and(|at| at < since - OVERLAP)
    };
    let came_before = |since: DateTime<Utc>| {
        let last = page.items.last().filter(|item| item.kind == ItemKind::Artist);
        last.and_then(|item| item.added_at).is_some_and(|at| at < since - OVERLAP)
    };
    is_end
        || match delta {
            Delta::Played(since) => played_before(since),
            Delta::Described(since) => came_before(since),
            Delta::Begun | Delta::Favourites => false,
        }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Items by a list of ids with commas between, of whatever kind, as a listing describes them.
pub(super) fn by_id_call(user_id: &str, ids: &str) -> Call {
    Call::get("/Items")
        .query("userId", user_id)
        .query("ids", ids)
        .query("fields", FIELDS)
        .query("enableUserData", true)
        .query("imageTypeLimit", 1)
        .query("enableImageTypes", IMAGE_TYPES)
        .query("enableTotalRecordCount", false)
        .profile(Profile::Background)
}

/// Items that the server finds for a text.
pub(super) fn search_call(user_id: &str, text: &str, limit: u32) -> Call {
    items_call(user_id, &SEARCHED)
        .query("searchTerm", text)
        .query("limit", limit)
        .query("enableTotalRecordCount", false)
}

fn items_call(user_id: &str, kinds: &[ItemKind]) -> Call {
    let types: Vec<_> = kinds.iter().flat_map(|kind| map::type_names(*kind)).copied().collect();
    typed_call(user_id, &types)
}

fn typed_call(user_id: &str, types: &[&str]) -> Call {
    let call = Call::get("/Items").query("recursive", true).query("includeItemTypes", types.join(","));
    described(call, user_id)
}

/// The artists whose albums a library has. Among its items are only those that have a folder.
fn artists_call(user_id: &str) -> Call {
    described(Call::get("/Artists/AlbumArtists"), user_id)
}

fn described(call: Call, user_id: &str) -> Call {
    call.query("userId", user_id)
        .query("fields", FIELDS)
        .query("enableUserData", true)
        .query("imageTypeLimit", 1)
        .query("enableImageTypes", IMAGE_TYPES)
}

/// Reads a page. Everything that came and is not given on counts as skipped, so that
/// [`ItemPage::received`] is what the server sent: broken entries, other kinds than asked for, and silently
/// what has no file.
pub(super) fn page(envelope: Envelope, wanted: ItemKind) -> ItemPage {
    let total = envelope.total_record_count.count();
    let mut page = ItemPage { total, ..ItemPage::default() };
    let mut broken: u32 = 0;
    for value in envelope.items {
        match map::entry(value) {
            Entry::Item(record) if record.kind == wanted => page.items.push(*record),
            Entry::Item(_) | Entry::Virtual => page.skipped += 1,
            Entry::Broken => {
                page.skipped += 1;
                broken += 1;
            }
        }
    }
    if broken > 0 {
        debug!(broken, "entries of a page could not be read");
    }
    page
}

/// Reads items of whatever kind; those that Reel does not show are silently left out.
pub(super) fn page_of_any(envelope: Envelope) -> ItemPage {
    let mut page = ItemPage::default();
    for value in envelope.items {
        match map::entry(value) {
            Entry::Item(record) if record.kind != ItemKind::Other => page.items.push(*record),
            Entry::Item(_) | Entry::Virtual => {}
            Entry::Broken => page.skipped += 1,
        }
    }
    page
}

/// Reads what a search found.
pub(super) fn found(envelope: Envelope) -> Vec<ItemRecord> {
    let entries = envelope.items.into_iter().map(map::entry);
    entries
        .filter_map(|entry| match entry {
            Entry::Item(record) if record.kind != ItemKind::Other => Some(*record),
            _ => None,
        })
        .collect()
}

/// Reads the libraries, in the server's order.
pub(super) fn libraries(envelope: Envelope) -> Vec<LibraryRecord> {
    envelope.items.into_iter().filter_map(map::library).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde::Deserialize as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::models::{RemoteId, ServerUrl};

    fn envelope(json: Value) -> Envelope {
        Envelope::deserialize(json).unwrap()
    }

    fn library() -> LibraryRecord {
        LibraryRecord::new(RemoteId::new("f137"), LibraryKind::Movies, "Films")
    }

    #[test]
    fn a_broken_item_does_not_lose_its_page() {
        let page = page(
            envelope(json!({"Items": [
                {"Id": "a", "Name": "A", "Type": "Movie"},
                {"Name": "no id", "Type": "Movie"},
                "nonsense", null, 17,
                {"Id": "b", "Name": "B", "Type": "Movie", "LocationType": "Virtual"},
                {"Id": "c", "Name": "C", "Type": "BoxSet"},
                {"Id": "d", "Name": "D", "Type": "Movie", "RunTimeTicks": "long"}
            ], "TotalRecordCount": 8, "StartIndex": 0})),
            ItemKind::Movie,
        );
        let ids: Vec<_> = page.items.iter().map(|item| item.remote_id.as_str()).collect();
        assert_eq!(ids, ["a", "d"]);
        assert_eq!((page.skipped, page.received(), page.total), (6, 8, Some(8)));
    }

    #[test]
    fn a_reply_without_items_is_no_empty_listing() {
        assert!(Envelope::deserialize(json!({"TotalRecordCount": 0})).is_err());
        assert!(Envelope::deserialize(json!({"Items": null})).is_err());
        assert!(Envelope::deserialize(json!(["a"])).is_err());
        assert!(Envelope::deserialize(json!({"Items": []})).is_ok());
    }

    #[test]
    fn a_page_is_asked_for_in_a_total_order() {
        let base: ServerUrl = "http://10.0.0.2:8096/base".parse().unwrap();
        let request = PageRequest { start: 500, limit: 500 };
        let url = page_call("9f0e", &library(), ItemKind::Episode, request).url(&base);
        assert_eq!(url.path(), "/base/Items");
        let value =
            |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        for (name, expected) in [
            ("parentId", "f137"),
            ("includeItemTypes", "Episode"),
            ("sortBy", "SeriesSortName,SortName,DateCreated"),
            ("sortOrder", "Ascending"),
            ("startIndex", "500"),
            ("limit", "500"),
            ("collapseBoxSetItems", "false"),
            ("isMissing", "false"),
        ] {
            assert_eq!(value(name).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn libraries_that_are_not_shown_are_left_out() {
        let views = libraries(envelope(json!({"Items": [
            {"Id": "1", "Name": "Films", "Type": "CollectionFolder", "CollectionType": "movies", "ChannelId": null},
            {"Id": "2", "Name": "Series", "CollectionType": "tvshows"},
            {"Id": "3", "Name": "All", "Type": "CollectionFolder"},
            {"Id": "4", "Name": "Clips", "CollectionType": "homevideos"},
            {"Id": "5", "Name": "Live TV", "CollectionType": "livetv"},
            {"Id": "6", "Name": "Collections", "CollectionType": "boxsets"},
            {"Id": "7", "Name": "Lists", "CollectionType": "playlists"},
            {"Id": "8", "Name": "Books", "CollectionType": "books"},
            {"Id": "9", "Name": "Songs", "CollectionType": "music"},
            {"Id": "10", "Name": "Photos", "CollectionType": "photos"},
            {"Id": "11", "Name": "New", "CollectionType": "holograms"}
        ]})));
        let kinds: Vec<_> = views.iter().map(|view| (view.remote_id.as_str(), view.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("1", LibraryKind::Movies),
                ("2", LibraryKind::Shows),
                ("3", LibraryKind::Mixed),
                ("4", LibraryKind::HomeVideos),
                ("9", LibraryKind::Music),
                ("10", LibraryKind::Photos),
                ("11", LibraryKind::Other),
            ]
        );
    }
}
