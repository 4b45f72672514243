//! Collections, playlists and recommendations (`docs/protocols.md#jellyfin-shelves`).

use serde::Deserialize;
use serde_json::Value;

use super::dto::{Envelope, ItemDto};
use super::images;
use super::tolerant::{Entries, Maybe, object};
use crate::models::{HubTopic, ListedShelf, RemoteId, ShelfKind, ShelfMedia, ShelfRecord};
use crate::net::{Call, Profile};

/// Shelves, or items of one, in a page.
pub(super) const PAGE: u32 = 500;
/// Pages of one listing: more is no listing any more.
pub(super) const MOST_PAGES: u32 = 40;
/// Members that come only when named. Without pictures of items and without counts of what is below them.
const FIELDS: &str = "Etag,ChildCount,CumulativeRunTimeTicks,Overview,SortName";
/// Hubs, and items in each, that are worth asking for.
const HUBS: u32 = 5;
const HUB_ITEMS: u32 = 16;

/// One page of the collections or playlists.
pub(super) fn page_call(user_id: &str, kind: ShelfKind, start: u32) -> Call {
    Call::get("/Items")
        .query("userId", user_id)
        .query("recursive", true)
        .query("includeItemTypes", if kind == ShelfKind::Playlist { "Playlist" } else { "BoxSet" })
        .query("fields", FIELDS)
        .query("enableUserData", true)
        .query("imageTypeLimit", 1)
        .query("enableImageTypes", "Primary,Backdrop")
        .query("sortBy", "SortName,DateCreated")
        .query("sortOrder", "Ascending")
        .query("startIndex", start)
        .query("limit", PAGE)
        .query("enableTotalRecordCount", true)
        .profile(Profile::Background)
}

/// One page of what stands on a shelf, in the server's order: an order that is asked for would undo that.
pub(super) fn items_call(user_id: &str, kind: ShelfKind, shelf: &RemoteId, start: u32) -> Call {
    let call = if kind == ShelfKind::Playlist {
        Call::get("/Playlists/{}/Items").segment(shelf.as_str())
    } else {
        Call::get("/Items").query("parentId", shelf.as_str())
    };
    call.query("userId", user_id)
        .query("enableImages", false)
        .query("enableUserData", false)
        .query("startIndex", start)
        .query("limit", PAGE)
        .query("enableTotalRecordCount", true)
        .profile(Profile::Background)
}

/// Titles that go with what the user has watched or likes.
pub(super) fn recommendations_call(user_id: &str) -> Call {
    Call::get("/Movies/Recommendations")
        .query("userId", user_id)
        .query("categoryLimit", HUBS)
        .query("itemLimit", HUB_ITEMS)
        .profile(Profile::Background)
}

/// Titles that the user has not seen.
pub(super) fn suggestions_call(user_id: &str) -> Call {
    Call::get("/Items/Suggestions")
        .query("userId", user_id)
        .query("type", "Movie")
        .query("type", "Series")
        .query("limit", HUB_ITEMS)
        .query("enableTotalRecordCount", false)
        .profile(Profile::Background)
}

/// What only shelves have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ShelfDto {
    media_type: Maybe<String>,
    cumulative_run_time_ticks: Maybe<i64>,
}

/// A hub.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct RecommendationDto {
    items: Entries<Value>,
    recommendation_type: Maybe<String>,
    baseline_item_name: Maybe<String>,
    category_id: Maybe<String>,
}

/// Reads one entry of a page of shelves; `None` for what cannot be read.
pub(super) fn shelf(value: &Value) -> Option<ListedShelf> {
    let dto: ItemDto = object(value.clone())?;
    let more: ShelfDto = object(value.clone())?;
    let title = [&dto.name, &dto.original_title, &dto.sort_name].into_iter().find_map(Maybe::owned)?;
    let pictures = images::of_item(&dto);
    let is_audio = more.media_type.text().is_some_and(|kind| kind.eq_ignore_ascii_case("audio"));
    let count = dto.child_count.count();
    let length =
        [&more.cumulative_run_time_ticks, &dto.run_time_ticks].into_iter().find_map(super::map::duration);
    let record = ShelfRecord {
        sort_title: dto.sort_name.owned(),
        media: if is_audio { ShelfMedia::Audio } else { ShelfMedia::Video },
        summary: dto.overview.owned(),
        poster: pictures.primary,
        backdrop: pictures.backdrop,
        is_favourite: dto.user_data.0.as_ref().is_some_and(|data| data.is_favorite.is_true()),
        item_count: count,
        duration: length,
        // The number of items changes with them also where a version of the server keeps the tag.
        change_mark: dto.etag.owned().map(|tag| format!("{tag}/{}", count.unwrap_or_default())),
        ..ShelfRecord::new(RemoteId::new(dto.id.text()?), title)
    };
    Some(ListedShelf { record, items: None })
}

/// The ids of a page's entries; those without one are not items.
pub(super) fn ids(values: &[Value]) -> Vec<RemoteId> {
    let ids = values.iter().filter_map(|value| value.get("Id").and_then(Value::as_str));
    ids.filter(|id| !id.is_empty()).map(RemoteId::new).collect()
}

/// Reads one hub; `None` when it is empty or for no reason that is known.
pub(super) fn recommendation(dto: &RecommendationDto) -> Option<ListedShelf> {
    let topic = match dto.recommendation_type.text()? {
        "SimilarToRecentlyPlayed" => HubTopic::BecauseWatched,
        "SimilarToLikedItem" => HubTopic::BecauseLiked,
        "HasDirectorFromRecentlyPlayed" | "HasLikedDirector" => HubTopic::Director,
        "HasActorFromRecentlyPlayed" | "HasLikedActor" => HubTopic::Actor,
        _ => return None,
    };
    let about = dto.baseline_item_name.owned()?;
    let id = format!("{}:{}", topic.as_str(), dto.category_id.text().unwrap_or(&about));
    hub(ShelfRecord { topic, ..ShelfRecord::new(RemoteId::new(id), about) }, ids(&dto.items.0))
}

/// The hub of suggestions; `None` when there are none.
pub(super) fn suggestions(envelope: &Envelope) -> Option<ListedShelf> {
    let topic = HubTopic::Suggestions;
    hub(ShelfRecord { topic, ..ShelfRecord::new(RemoteId::new(topic.as_str()), "") }, ids(&envelope.items))
}

fn hub(record: ShelfRecord, items: Vec<RemoteId>) -> Option<ListedShelf> {
    (!items.is_empty()).then_some(ListedShelf { record, items: Some(items) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_shelf_is_read_with_what_tells_that_it_changed() {
        let value = json!({"Id": "b1", "Name": "Harbour", "Type": "BoxSet", "Etag": "e", "ChildCount": 3,
            "CumulativeRunTimeTicks": 36_000_000_000_i64, "MediaType": "Video", "SortName": "harbour",
            "ImageTags": {"Primary": "p"}, "UserData": {"IsFavorite": true}});
        let record = shelf(&value).unwrap().record;
        assert_eq!((record.title.as_str(), record.item_count), ("Harbour", Some(3)));
        assert_eq!(record.duration, Some(Duration::from_hours(1)));
        assert_eq!(record.change_mark.as_deref(), Some("e/3"));
        assert_eq!(record.poster.unwrap().as_str(), "b1/Primary/0/p");
        assert!(record.is_favourite && record.media == ShelfMedia::Video);
        for broken in [json!(null), json!("x"), json!({"Name": "no id"}), json!({"Id": "no name"})] {
            assert!(shelf(&broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn hubs_have_reasons_and_unknown_ones_are_left_out() {
        let read = |value: Value| recommendation(&serde_json::from_value(value).unwrap());
        let items = json!([{"Id": "1"}, {"Name": "none"}, {"Id": "2"}]);
        let found = read(json!({"Items": items, "RecommendationType": "SimilarToRecentlyPlayed",
            "BaselineItemName": "Lantern", "CategoryId": "c"}))
        .unwrap();
        assert_eq!((found.record.topic, found.record.title.as_str()), (HubTopic::BecauseWatched, "Lantern"));
        assert_eq!(found.items.unwrap(), [RemoteId::new("1"), RemoteId::new("2")]);
        assert!(
            read(json!({"Items": items, "RecommendationType": "Moon", "BaselineItemName": "x"})).is_none()
        );
        let empty = json!({"Items": [], "RecommendationType": "HasLikedActor", "BaselineItemName": "x"});
        assert!(read(empty).is_none());
    }
}
