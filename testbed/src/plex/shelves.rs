//! Collections and playlists: their lists, and what stands on each.

use super::call::Call;
use super::images::whole_titled;
use super::item::Detail;
use super::library::hoist_section;
use super::page::{Page, trimmed};
use super::reply::html_error;
use super::sorts;
use super::state::{PlexState, rating_key};
use super::tree::Node;
use crate::catalogue::{Catalogue, ItemNumber, LibraryKind, Shelf, ShelfKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// `ratingKey` of a shelf is its number plus this: far from those of items.
const FIRST_KEY: u32 = 50_000_000;

fn key(shelf: &Shelf) -> String {
    (FIRST_KEY + shelf.number).to_string()
}

/// The shelf that a `ratingKey` names.
pub(crate) fn shelf_at<'a>(catalogue: &'a Catalogue, key: &str) -> Option<&'a Shelf> {
    catalogue.shelf(key.parse::<u32>().ok()?.checked_sub(FIRST_KEY)?)
}

/// `/library/sections/{key}/collections`.
pub(crate) async fn collections(
    State(state): State<Arc<PlexState>>,
    Path(section): Path<u32>,
    call: Call,
) -> Response {
    let catalogue = state.catalogue();
    let Some(library) = catalogue.libraries.iter().find(|library| library.number == section) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let here = |shelf: &&Shelf| catalogue.library_of_shelf(shelf) == Some(section);
    let found: Vec<&Shelf> = catalogue.shelves_of(ShelfKind::Collection).into_iter().filter(here).collect();
    let node = hoist_section(Node::new("MediaContainer"), &state, library);
    let node = if call.parameters.is_set("includeMeta") {
        node.one("Meta", sorts::collection_meta(library))
    } else {
        node
    };
    let series = library.kind == LibraryKind::Series;
    list(&call, node, &found, |shelf| collection(&catalogue, shelf, series))
}

/// `/playlists`.
pub(crate) async fn playlists(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let catalogue = state.catalogue();
    let wanted = call.parameters.get("playlistType").is_none_or(|kind| kind == "video");
    let found = if wanted { catalogue.shelves_of(ShelfKind::Playlist) } else { Vec::new() };
    list(&call, Node::new("MediaContainer"), &found, |shelf| playlist(&catalogue, shelf))
}

/// A page of shelves. Pages are cut of numbers, which here are those of shelves.
fn list(call: &Call, node: Node, found: &[&Shelf], write: impl Fn(&Shelf) -> Node) -> Response {
    let numbers: Vec<ItemNumber> = found.iter().map(|shelf| ItemNumber(shelf.number)).collect();
    let page = Page::of(&call.parameters, &numbers);
    let shown = found.iter().filter(|shelf| page.rows.contains(&ItemNumber(shelf.number)));
    let nodes = shown.map(|shelf| write(shelf)).collect();
    page.headers(call.form.container(&page.on(node).list("Metadata", nodes)))
}

fn collection(catalogue: &Catalogue, shelf: &Shelf, series: bool) -> Node {
    let path = format!("/library/collections/{}", key(shelf));
    let count = existing(catalogue, shelf).len();
    Node::new("Directory")
        .with("ratingKey", key(shelf))
        .with("key", format!("{path}/children"))
        .with("type", "collection")
        .with("subtype", if series { "show" } else { "movie" })
        .with("title", shelf.title.as_str())
        .with("summary", shelf.summary.as_str())
        .maybe("smart", shelf.smart.then_some("1"))
        .with("thumb", format!("{path}/composite/{}?width=400&height=600", shelf.updated.timestamp()))
        .with("addedAt", shelf.updated.timestamp())
        .with("updatedAt", shelf.updated.timestamp())
        // Text here, a number on shows.
        .with("childCount", count.to_string())
}

fn playlist(catalogue: &Catalogue, shelf: &Shelf) -> Node {
    let items = existing(catalogue, shelf);
    let length: u128 =
        items.iter().filter_map(|item| Some(catalogue.item(*item)?.duration?.as_millis())).sum();
    let path = format!("/playlists/{}", key(shelf));
    Node::new("Playlist")
        .with("ratingKey", key(shelf))
        .with("key", format!("{path}/items"))
        .with("type", "playlist")
        .with("playlistType", "video")
        .with("title", shelf.title.as_str())
        .with("summary", shelf.summary.as_str())
        .with("smart", shelf.smart)
        .with("composite", format!("{path}/composite/{}", shelf.updated.timestamp()))
        .with("duration", u64::try_from(length).unwrap_or(u64::MAX))
        .with("leafCount", items.len())
        .with("addedAt", shelf.updated.timestamp())
        .with("updatedAt", shelf.updated.timestamp())
}

fn existing(catalogue: &Catalogue, shelf: &Shelf) -> Vec<ItemNumber> {
    shelf.items.iter().copied().filter(|item| catalogue.item(*item).is_some()).collect()
}

/// `/library/collections/{id}/items`, `/playlists/{id}/items`.
pub(crate) async fn items(
    State(state): State<Arc<PlexState>>,
    Path(id): Path<String>,
    call: Call,
) -> Response {
    let catalogue = state.catalogue();
    let Some(shelf) = shelf_at(&catalogue, &id) else { return html_error(StatusCode::NOT_FOUND) };
    let items = existing(&catalogue, shelf);
    let page = Page::of(&call.parameters, &items);
    state.with_marks(&call.user, |marks| {
        let detail = Detail::List { guids: call.parameters.is_set("includeGuids") };
        let nodes = trimmed(&call.parameters, state.writer(&catalogue, marks, detail).items(page.rows));
        let nodes = nodes.into_iter().zip(page.rows).map(|(node, item)| {
            let id = rating_key(*item);
            node.maybe("playlistItemID", (shelf.kind == ShelfKind::Playlist).then_some(id))
        });
        page.headers(
            call.form.container(&page.on(Node::new("MediaContainer")).list("Metadata", nodes.collect())),
        )
    })
}

/// `/library/collections/{id}/composite/{stamp}`, `/playlists/{id}/composite/{stamp}`.
pub(crate) async fn composite(
    State(state): State<Arc<PlexState>>,
    Path((id, _)): Path<(String, String)>,
    _: Call,
) -> Response {
    let found = shelf_at(&state.catalogue(), &id).map(|shelf| (shelf.title.clone(), u64::from(shelf.number)));
    whole_titled(found).await
}
