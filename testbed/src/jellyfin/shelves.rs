//! Collections, playlists and recommendations.

use super::authorization::Caller;
use super::ids::hash;
use super::listing::{Page, within};
use super::parameters::Parameters;
use super::reply::{Object, answer, not_found, page, stamp, ticks};
use super::state::{JellyfinState, View};
use super::wire::{Fields, items};
use crate::catalogue::{Item, ItemKind, Shelf, ShelfKind};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

/// Answers a query of `/Items` that is about shelves: for them by their type, or for what stands on one.
pub(crate) fn answer_items(view: &View<'_>, parameters: &Parameters) -> Option<Response> {
    if let Some(shelf) = parameters.get("parentId").and_then(|id| shelf_at(view, id)) {
        return Some(standing_on(view, parameters, shelf));
    }
    let asked = parameters.list("includeItemTypes");
    let is = |name: &str| matches!(asked.as_slice(), [only] if only.eq_ignore_ascii_case(name));
    let kind = if is("BoxSet") {
        ShelfKind::Collection
    } else if is("Playlist") {
        ShelfKind::Playlist
    } else {
        return None;
    };
    let search = parameters.get("searchTerm").map(str::to_lowercase);
    let mut found = view.catalogue.shelves_of(kind);
    found.retain(|shelf| search.as_ref().is_none_or(|text| shelf.title.to_lowercase().contains(text)));
    let wanted = Page::of(parameters);
    let (found, total) = wanted.cut(found);
    let rows: Vec<Value> = found.into_iter().map(|found| shelf(view, found, parameters)).collect();
    Some(page(&rows, total, wanted.start))
}

/// `GET /Playlists/{id}/Items`.
pub(crate) async fn playlist_items(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    state.read(caller.user, |view| match shelf_at(view, &id) {
        Some(shelf) => standing_on(view, &caller.parameters, shelf),
        None => not_found(),
    })
}

/// `GET /Items/Suggestions`: what was not seen.
pub(crate) async fn suggestions(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    within(&state, &caller, |view, _| {
        let unseen = view.catalogue.all().filter(|item| {
            item.kind == ItemKind::Film
                && view.may_see(item.library)
                && view.marks().known(item.number).is_none()
        });
        let mut found: Vec<&Item> = unseen.collect();
        found.sort_by_key(|item| (Reverse(item.critic_rating), item.number));
        let wanted = Page::of(parameters);
        let (found, total) = wanted.cut(found);
        page(&items(view, found, &Fields::of(parameters)), total, wanted.start)
    })
}

/// `GET /Movies/Recommendations`: like what was played last.
pub(crate) async fn recommendations(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    let limit = parameters.number("itemLimit").unwrap_or(8);
    state.read(caller.user, |view| {
        let mut played: Vec<(&Item, _)> = view
            .marks()
            .all()
            .filter_map(|(number, state)| Some((view.visible(number)?, state.last_played?)))
            .filter(|(item, _)| item.kind == ItemKind::Film && !item.genres.is_empty())
            .collect();
        played.sort_by_key(|(item, at)| (Reverse(*at), item.number));
        let hubs = played.into_iter().take(1).filter_map(|(seen, _)| {
            let alike: Vec<&Item> = view
                .catalogue
                .all()
                .filter(|item| item.kind == ItemKind::Film && item.number != seen.number)
                .filter(|item| {
                    view.may_see(item.library) && item.genres.iter().any(|genre| seen.genres.contains(genre))
                })
                .take(limit)
                .collect();
            (!alike.is_empty()).then(|| {
                json!({
                    "Items": items(view, alike, &Fields::of(parameters)),
                    "RecommendationType": "SimilarToRecentlyPlayed",
                    "BaselineItemName": seen.title,
                    "CategoryId": hash(&["category", &seen.title]),
                })
            })
        });
        answer(hubs.collect::<Vec<Value>>())
    })
}

fn shelf_at<'a>(view: &View<'a>, id: &str) -> Option<&'a Shelf> {
    view.catalogue.shelf(view.ids().read_shelf(id)?)
}

fn visible<'a>(view: &View<'a>, shelf: &Shelf) -> Vec<&'a Item> {
    shelf.items.iter().filter_map(|number| view.visible(*number)).collect()
}

fn standing_on(view: &View<'_>, parameters: &Parameters, shelf: &Shelf) -> Response {
    let wanted = Page::of(parameters);
    let (found, total) = wanted.cut(visible(view, shelf));
    let mut rows = items(view, found, &Fields::of(parameters));
    if shelf.kind == ShelfKind::Playlist {
        for (place, row) in (wanted.start..).zip(&mut rows) {
            row["PlaylistItemId"] = hash(&["entry", &shelf.number.to_string(), &place.to_string()]).into();
        }
    }
    page(&rows, total, wanted.start)
}

fn shelf(view: &View<'_>, shelf: &Shelf, parameters: &Parameters) -> Value {
    let fields = parameters.list("fields");
    let has = |name: &str| fields.iter().any(|known| known.eq_ignore_ascii_case(name));
    let members = visible(view, shelf);
    let id = view.ids().shelf(shelf.number);
    let etag = hash(&["shelf", &id, &shelf.updated.timestamp_micros().to_string()]);
    let mut object = Object::default();
    object.put("Name", shelf.title.as_str());
    object.put("ServerId", view.state.setup.machine_id.as_str());
    object.put("Id", id.as_str());
    object.put("Type", if shelf.kind == ShelfKind::Collection { "BoxSet" } else { "Playlist" });
    object.put("IsFolder", true);
    object.put("LocationType", "FileSystem");
    object.put("MediaType", if shelf.kind == ShelfKind::Collection { "Unknown" } else { "Video" });
    object.put("ChannelId", Value::Null);
    object.put("ImageTags", json!({ "Primary": hash(&["picture", &etag]) }));
    object.put("BackdropImageTags", json!([]));
    object.put("UserData", json!({ "IsFavorite": false, "Played": false, "Key": id, "ItemId": id }));
    if has("Overview") && !shelf.summary.is_empty() {
        object.put("Overview", shelf.summary.as_str());
    }
    if has("SortName") {
        object.put("SortName", shelf.title.to_lowercase());
    }
    if has("Etag") {
        object.put("Etag", etag);
    }
    if has("DateCreated") {
        object.put("DateCreated", stamp(shelf.updated));
    }
    if has("ChildCount") {
        object.put("ChildCount", members.len());
    }
    if has("CumulativeRunTimeTicks") {
        let length: Duration = members.iter().filter_map(|item| item.duration).sum();
        object.put("CumulativeRunTimeTicks", ticks(length));
    }
    object.into()
}
