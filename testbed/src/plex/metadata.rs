//! `/library/metadata/…`: details, children and everything below an item.

use super::call::Call;
use super::images;
use super::item::Detail;
use super::library::hoist_section;
use super::page::{Page, trimmed};
use super::reply::html_error;
use super::rows::next_to_watch;
use super::state::{PlexState, item_number, rating_key};
use super::tree::Node;
use crate::catalogue::{Catalogue, Item, ItemKind, ItemNumber, Library};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// More ids than this in one request are refused.
const MOST_IDS: usize = 100;

/// Details of one item or of a comma list of them; ids that are gone are left out, 404 when all are.
pub(crate) async fn details(
    State(state): State<Arc<PlexState>>,
    Path(ids): Path<String>,
    call: Call,
) -> Response {
    let ids: Vec<&str> = ids.split(',').collect();
    if ids.len() > MOST_IDS {
        return html_error(StatusCode::BAD_REQUEST);
    }
    let catalogue = state.catalogue();
    let items: Vec<&Item> = ids.iter().filter_map(|id| catalogue.item(item_number(id)?)).collect();
    let Some(library) = items.first().and_then(|item| library_of(&catalogue, item)) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let parameters = &call.parameters;
    let detail = Detail::Full {
        chapters: parameters.is_set("includeChapters"),
        markers: parameters.is_set("includeMarkers"),
        extras: parameters.is_set("includeExtras"),
    };
    state.with_marks(&call.user, |marks| {
        let writer = state.writer(&catalogue, marks, detail);
        let nodes = items.iter().map(|item| {
            let node = in_section(writer.item(item), &catalogue, item);
            let next =
                next_to_watch(&catalogue, marks, item.number).filter(|_| item.kind == ItemKind::Series);
            match next.and_then(|next| catalogue.item(next)).filter(|_| parameters.is_set("includeOnDeck")) {
                Some(next) => node.one("OnDeck", Node::new("OnDeck").one("Metadata", writer.item(next))),
                None => node,
            }
        });
        let nodes = trimmed(parameters, nodes.collect());
        let node = Node::new("MediaContainer")
            .with("size", nodes.len())
            .with("allowSync", true)
            .with("identifier", "com.plexapp.plugins.library");
        call.form.container(&hoist_section(node, &state, library).list("Metadata", nodes))
    })
}

/// Writes the section on the item; its number is text in some.
fn in_section(node: Node, catalogue: &Catalogue, item: &Item) -> Node {
    let Some(library) = library_of(catalogue, item) else { return node };
    let node = node.with("librarySectionTitle", library.title.as_str());
    let node = node.with("librarySectionKey", format!("/library/sections/{}", library.number));
    if item.number.0.is_multiple_of(2) {
        node.with("librarySectionID", library.number.to_string())
    } else {
        node.with("librarySectionID", library.number)
    }
}

/// The library of an item.
pub(crate) fn library_of<'a>(catalogue: &'a Catalogue, item: &Item) -> Option<&'a Library> {
    catalogue.libraries.iter().find(|library| library.number == item.library)
}

/// Seasons of a show, episodes of a season.
pub(crate) async fn children(state: State<Arc<PlexState>>, Path(id): Path<String>, call: Call) -> Response {
    below(&state, &id, &call, |catalogue, item| catalogue.children_of(item).to_vec())
}

/// All episodes of a show or a season.
pub(crate) async fn all_leaves(state: State<Arc<PlexState>>, Path(id): Path<String>, call: Call) -> Response {
    below(&state, &id, &call, Catalogue::leaves)
}

fn below(
    state: &PlexState,
    id: &str,
    call: &Call,
    find: impl FnOnce(&Catalogue, ItemNumber) -> Vec<ItemNumber>,
) -> Response {
    let catalogue = state.catalogue();
    let Some(item) = item_number(id).and_then(|number| catalogue.item(number)) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let rows = if item.kind.is_leaf() { Vec::new() } else { find(&catalogue, item.number) };
    let page = Page::of(&call.parameters, &rows);
    let mut node = page.on(Node::new("MediaContainer")).with("allowSync", true);
    if let Some(library) = library_of(&catalogue, item) {
        node = hoist_section(node, state, library);
    }
    node = common(node, &catalogue, item);
    let whole_show = item.kind == ItemKind::Series && rows.len() > 1;
    if whole_show
        && !call.parameters.is_set("excludeAllLeaves")
        && rows.iter().all(|row| is_season(&catalogue, *row))
    {
        node = node.list("Directory", vec![all_episodes(&catalogue, item)]);
    }
    state.with_marks(&call.user, |marks| {
        let detail = Detail::List { guids: call.parameters.is_set("includeGuids") };
        let writer = state.writer(&catalogue, marks, detail);
        let nodes = trimmed(&call.parameters, writer.items(page.rows));
        page.headers(call.form.container(&node.list("Metadata", nodes)))
    })
}

/// What the children have in common stands on their container; ids are numbers there.
fn common(node: Node, catalogue: &Catalogue, item: &Item) -> Node {
    let stamp = item.updated.timestamp();
    let node = node
        .with("key", rating_key(item.number))
        .with("parentIndex", item.season.unwrap_or(1))
        .with("parentTitle", item.title.as_str())
        .maybe("art", item.has_backdrop.then(|| images::path(item.number, "art", stamp)))
        .maybe("thumb", item.has_poster.then(|| images::path(item.number, "thumb", stamp)));
    match item.parent.and_then(|parent| catalogue.item(parent)) {
        Some(parent) => node
            .with("grandparentRatingKey", super::state::FIRST_RATING_KEY + parent.number.0)
            .with("grandparentTitle", parent.title.as_str()),
        None => node,
    }
}

fn is_season(catalogue: &Catalogue, number: ItemNumber) -> bool {
    catalogue.item(number).is_some_and(|item| item.kind == ItemKind::Season)
}

/// The artificial entry before the seasons.
fn all_episodes(catalogue: &Catalogue, item: &Item) -> Node {
    Node::new("Directory")
        .with("leafCount", catalogue.leaves(item.number).len())
        .with("key", format!("/library/metadata/{}/allLeaves", rating_key(item.number)))
        .with("title", "All episodes")
}
