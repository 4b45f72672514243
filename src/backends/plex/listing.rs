//! Pages of a section (`docs/protocols.md#plex-paging`).
//!
//! A server may ignore that a page was asked for and send everything, or begin elsewhere. What it sent is
//! compared with what was asked, so that a listing neither skips nor repeats items.

use serde_json::Value;

use super::dto::{Container, Metadata};
use super::map;
use crate::backends::{BackendError, Delta, ItemPage, LibraryRecord, OVERLAP, PageRequest, Result};
use crate::models::{ItemKind, LibraryKind, RemoteId};
use crate::net::{Call, ErrorKind, Profile};

const DOING: &str = "list items";

/// A total order: titles are not unique, and pages of an undefined order overlap.
const ORDER: &str = "titleSort,addedAt,updatedAt";

/// What a listing need not have, because the details have it: most of the bytes of a page.
pub(super) const LEFT_OUT: &str = "Media,Role,Director,Writer,Country,Collection";
/// Of what is filtered by its resolution the media come along.
const LEFT_OUT_OF_FILMS: &str = "Role,Director,Writer,Country,Collection";
/// The file of a photo is the photo: the pictures of the item are small ones of it.
const LEFT_OUT_OF_PHOTOS: &str = "Country,Collection,UltraBlurColors";

fn left_out(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Photo => LEFT_OUT_OF_PHOTOS,
        ItemKind::Movie | ItemKind::Video => LEFT_OUT_OF_FILMS,
        _ => LEFT_OUT,
    }
}

/// Whether a section of this kind has items of another kind that is asked of all sources: its home videos are among
/// films and never among photos.
pub(super) fn never_holds(library: &LibraryRecord, kind: ItemKind) -> bool {
    kind.is_photo() && library.kind != LibraryKind::Photos
}

/// The request for one page. `Unsupported` for kinds that a section does not list.
pub(super) fn call(library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<Call> {
    ordered_call(library, kind, page, ORDER)
}

fn ordered_call(library: &LibraryRecord, kind: ItemKind, page: PageRequest, order: &str) -> Result<Call> {
    let level = match kind {
        ItemKind::Movie | ItemKind::Video => 1,
        ItemKind::Series => 2,
        ItemKind::Season => 3,
        ItemKind::Episode => 4,
        ItemKind::Artist => 8,
        ItemKind::Album => 9,
        ItemKind::Track => 10,
        ItemKind::Photo => 13,
        ItemKind::PhotoAlbum => 14,
        ItemKind::Extra | ItemKind::Other => return Err(BackendError::unsupported(DOING)),
    };
    Ok(Call::get("/library/sections/{}/all")
        .segment(library.remote_id.as_str())
        .query("type", level)
        .query("includeGuids", 1)
        .query("sort", order)
        .query("excludeElements", left_out(kind))
        .query("X-Plex-Container-Start", page.start)
        .query("X-Plex-Container-Size", page.limit)
        .profile(Profile::Background))
}

/// The request for one page of what changed, the latest first; `None` for what this server does not know. Filters by
/// time are ignored by some versions, orders by none.
pub(super) fn changes_call(
    library: &LibraryRecord,
    kind: ItemKind,
    delta: Delta,
    page: PageRequest,
) -> Result<Option<Call>> {
    let order = match delta {
        Delta::Described(_) => "updatedAt:desc,addedAt:desc",
        // What was left in the middle was played, too.
        Delta::Played(_) => "lastViewedAt:desc,titleSort",
        Delta::Begun | Delta::Favourites => return Ok(None),
    };
    ordered_call(library, kind, page, order).map(Some)
}

/// The request for items by their ids, of whatever kind, as a listing describes them.
pub(super) fn by_id_call(ids: &[RemoteId]) -> Call {
    let ids: Vec<&str> = ids.iter().map(RemoteId::as_str).collect();
    Call::get("/library/metadata/{}")
        .segment(ids.join(","))
        .query("includeGuids", 1)
        .query("excludeElements", LEFT_OUT)
        .profile(Profile::Background)
}

/// Items of whatever kind; those that Reel does not show are silently left out.
pub(super) fn page_of_any(container: &Container) -> ItemPage {
    let mut page = ItemPage::default();
    for value in &container.metadata.0 {
        let item = map::decode(value);
        match item.as_ref().and_then(|item| map::item(item, container, map::kind(item))) {
            Some(item) if item.kind != ItemKind::Other => page.items.push(item),
            Some(_) => {}
            None => page.skipped = page.skipped.saturating_add(1),
        }
    }
    page
}

/// Whether nothing that was asked for comes behind a page.
pub(super) fn is_last(container: &Container, page: &ItemPage, delta: Delta, asked: PageRequest) -> bool {
    let end = asked.start.saturating_add(page.received());
    let is_end = page.received() == 0 || page.total.is_none_or(|total| end >= total);
    let stamp = |item: Metadata| match delta {
        Delta::Described(since) => Some((item.updated_at.get().or(item.added_at.get()), since)),
        Delta::Played(since) => Some((item.last_viewed_at.get(), since)),
        Delta::Begun | Delta::Favourites => None,
    };
    let last = container.metadata.0.iter().rev().find_map(map::decode);
    let is_older = last.and_then(stamp).is_some_and(|(stamp, since)| {
        // What has no time is behind all that has one.
        stamp.is_none_or(|stamp| stamp < (since - OVERLAP).timestamp())
    });
    is_end || is_older
}

/// The page out of what was sent: at most as many items as asked for, from where it was asked for.
///
/// # Errors
/// `Decode` when what was sent begins behind what was asked for: items would be lost.
pub(super) fn page(container: &Container, kind: ItemKind, asked: PageRequest) -> Result<ItemPage> {
    let sent = container.metadata.0.as_slice();
    let (values, total) = window(container, sent, asked)?;
    let mut page = ItemPage { total, ..ItemPage::default() };
    for value in values {
        match decoded(value, container, kind) {
            Some(item) => page.items.push(item),
            None => page.skipped = page.skipped.saturating_add(1),
        }
    }
    Ok(page)
}

/// The wanted part of what was sent, and the length of the whole listing where that is certain.
///
/// A reply that names neither its place nor a total was not paged: it is the whole listing. Only when it is
/// exactly as long as the page asked for may it be the first of several.
fn window<'a>(
    container: &Container,
    sent: &'a [Value],
    asked: PageRequest,
) -> Result<(&'a [Value], Option<u32>)> {
    let received = u32::try_from(sent.len()).unwrap_or(u32::MAX);
    let (told, total) = (container.offset.get(), container.total_size.get());
    let offset = match (told, total) {
        (Some(offset), _) => offset,
        (None, Some(total)) if received < total => asked.start,
        (None, _) => 0,
    };
    let end = offset.saturating_add(received);
    let total = total.map(|total| total.max(end)).or((received != asked.limit).then_some(end));
    let ahead = match asked.start.checked_sub(offset) {
        Some(ahead) => ahead,
        // Beyond the end there is nothing, wherever the server says it begins.
        None if sent.is_empty() => return Ok((sent, container.total_size.get())),
        None => return Err(BackendError::new(ErrorKind::Decode, DOING)),
    };
    let from = sent.len().min(ahead as usize);
    let to = sent.len().min(from.saturating_add(asked.limit as usize));
    Ok((&sent[from..to], total))
}

/// An item of the wanted kind. Servers may ignore a filter, so others do come, and count as skipped.
fn decoded(value: &Value, container: &Container, wanted: ItemKind) -> Option<crate::models::ItemRecord> {
    let item = map::decode(value)?;
    let told = match (map::kind(&item), wanted) {
        // To the server both are films; which they are is a matter of the section.
        (ItemKind::Movie | ItemKind::Video, ItemKind::Movie | ItemKind::Video) => wanted,
        (told, _) => told,
    };
    (told == wanted).then(|| map::item(&item, container, wanted)).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn films(numbers: std::ops::Range<u32>) -> Vec<Value> {
        numbers
            .map(|number| json!({"ratingKey": number.to_string(), "type": "movie", "title": "x"}))
            .collect()
    }

    fn read(container: Value, start: u32, limit: u32) -> Result<(Vec<String>, ItemPage)> {
        let container: Container = serde_json::from_value(container).unwrap();
        let page = page(&container, ItemKind::Movie, PageRequest { start, limit })?;
        let ids = page.items.iter().map(|item| item.remote_id.to_string()).collect();
        Ok((ids, page))
    }

    #[test]
    fn a_page_is_taken_as_it_is() {
        let sent = json!({"offset": "10", "size": 2, "totalSize": "31", "Metadata": films(10..12)});
        let (ids, page) = read(sent, 10, 2).unwrap();
        assert_eq!(ids, ["10", "11"]);
        assert_eq!((page.total, page.received()), (Some(31), 2));
    }

    #[test]
    fn an_unpaged_reply_is_cut() {
        let sent = json!({"size": 7, "Metadata": films(0..7)});
        let (ids, page) = read(sent.clone(), 3, 3).unwrap();
        assert_eq!(ids, ["3", "4", "5"]);
        assert_eq!(page.total, Some(7));
        assert_eq!(read(sent.clone(), 6, 3).unwrap().0, ["6"]);
        assert!(read(sent, 9, 3).unwrap().0.is_empty());
    }

    #[test]
    fn a_total_that_is_not_certain_is_not_told() {
        let total = |sent, start, limit| read(sent, start, limit).unwrap().1.total;
        assert_eq!(total(json!({"size": 3, "Metadata": films(0..3)}), 0, 3), None);
        assert_eq!(total(json!({"offset": 3, "Metadata": films(3..6)}), 3, 3), None);
        assert_eq!(total(json!({"offset": 3, "Metadata": films(3..5)}), 3, 3), Some(5));
        assert_eq!(total(json!({"totalSize": 1, "offset": 0, "Metadata": films(0..2)}), 0, 3), Some(2));
    }

    #[test]
    fn a_whole_listing_with_a_total_is_cut() {
        let (ids, _) = read(json!({"totalSize": 5, "Metadata": films(0..5)}), 2, 2).unwrap();
        assert_eq!(ids, ["2", "3"]);
    }

    #[test]
    fn a_page_that_begins_too_early_is_cut_and_one_too_late_is_refused() {
        let sent = json!({"offset": 8, "totalSize": 40, "Metadata": films(8..14)});
        assert_eq!(read(sent.clone(), 10, 3).unwrap().0, ["10", "11", "12"]);
        assert_eq!(read(sent, 4, 3).unwrap_err().kind(), ErrorKind::Decode);
    }

    #[test]
    fn empty_lists_have_no_key() {
        let (ids, page) = read(json!({"size": 0, "totalSize": 0, "offset": 0}), 0, 50).unwrap();
        assert!(ids.is_empty());
        assert_eq!(page.total, Some(0));
        let (_, page) = read(json!({"size": 0, "totalSize": 12, "offset": 40}), 20, 50).unwrap();
        assert_eq!((page.total, page.received()), (Some(12), 0));
    }

    #[test]
    fn a_broken_item_is_skipped_and_counted() {
        let mut items = films(0..3);
        items.extend([json!(null), json!({"title": "no id"}), json!({"ratingKey": "9", "type": "hologram"})]);
        let (ids, page) = read(json!({"totalSize": 6, "offset": 0, "Metadata": items}), 0, 50).unwrap();
        assert_eq!(ids, ["0", "1", "2"]);
        assert_eq!((page.skipped, page.received(), page.total), (3, 6, Some(6)));
    }

    #[test]
    fn directories_beside_items_are_not_items() {
        let sent =
            json!({"Directory": [{"key": "/x/allLeaves", "title": "All episodes"}], "Metadata": films(0..1)});
        assert_eq!(read(sent, 0, 5).unwrap().1.received(), 1);
    }

    #[test]
    fn the_request_names_level_order_and_page() {
        let library = LibraryRecord::new(RemoteId::new("2"), LibraryKind::Shows, "Series");
        let page = PageRequest { start: 500, limit: 250 };
        let url = call(&library, ItemKind::Episode, page).unwrap().url(&"http://h:32400".parse().unwrap());
        assert_eq!(url.path(), "/library/sections/2/all");
        let query: Vec<_> = url.query_pairs().into_owned().collect();
        for (name, value) in [
            ("type", "4"),
            ("includeGuids", "1"),
            ("X-Plex-Container-Start", "500"),
            ("X-Plex-Container-Size", "250"),
        ] {
            assert!(query.contains(&(name.to_owned(), value.to_owned())), "{name}");
        }
        assert!(call(&library, ItemKind::Other, page).is_err());
    }
}
