//! What lies around an item: what is like it, and the people in it.

use super::call::Call;
use super::item::{Detail, tag_number};
use super::reply::html_error;
use super::state::{PlexState, item_number};
use super::tree::Node;
use crate::catalogue::{Catalogue, Item, ItemNumber};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::cmp::Reverse;
use std::sync::Arc;

/// How many are alike when no number is given.
const USUAL_COUNT: usize = 20;

/// `/library/metadata/{id}/similar`: items of the same kind, by genres that they share.
pub(crate) async fn similar(
    State(state): State<Arc<PlexState>>,
    Path(id): Path<String>,
    call: Call,
) -> Response {
    let catalogue = state.catalogue();
    let Some(this) = item_number(&id).and_then(|number| catalogue.item(number)) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let shared = |item: &Item| item.genres.iter().filter(|genre| this.genres.contains(genre)).count();
    let mut found: Vec<(usize, ItemNumber)> = catalogue
        .all()
        .filter(|item| item.kind == this.kind && item.number != this.number)
        .map(|item| (shared(item), item.number))
        .filter(|(score, _)| *score > 0)
        .collect();
    found.sort_by_key(|(score, number)| (Reverse(*score), *number));
    let count = call.parameters.number("count").and_then(|count| usize::try_from(count).ok());
    found.truncate(count.unwrap_or(USUAL_COUNT));
    let found: Vec<ItemNumber> = found.into_iter().map(|(_, number)| number).collect();
    state.with_marks(&call.user, |marks| {
        let nodes = state.writer(&catalogue, marks, Detail::List { guids: false }).items(&found);
        let node = Node::new("MediaContainer").with("size", nodes.len());
        call.form.container(&node.list("Metadata", nodes))
    })
}

/// The path of a portrait; every fifth person has none.
pub(crate) fn portrait(name: &str) -> Option<String> {
    let number = tag_number(name);
    (!number.is_multiple_of(5)).then(|| format!("/library/people/{number}/thumb"))
}

/// The name of the person with this number.
pub(crate) fn name_of(catalogue: &Catalogue, number: u32) -> Option<String> {
    catalogue.people().into_iter().find(|name| tag_number(name) == number).map(str::to_owned)
}
