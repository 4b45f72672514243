//! Listings, details and counts.

use super::around;
use super::authorization::Caller;
use super::ids::Named;
use super::listing::{Page, Query, part};
use super::reply::{answer, not_found};
use super::state::JellyfinState;
use super::wire::{Fields, item};
use super::{shelves, views};
use crate::catalogue::ItemKind;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// `GET /Items`.
pub(crate) async fn list(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    state.read(caller.user, |view| {
        if let Some(answered) = shelves::answer_items(view, parameters) {
            return answered;
        }
        let query = match Query::of(parameters, view) {
            Ok(query) => query,
            Err(refusal) => return refusal.into_response(),
        };
        if query.asks_for_libraries() {
            return views::all(view);
        }
        part(view, parameters, Page::of(parameters), query.run(view))
    })
}

/// `GET /Items/{id}`: everything of one item.
pub(crate) async fn details(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    state.read(caller.user, |view| match view.ids().read(&id) {
        Some(Named::Item(number)) => match view.visible(number) {
            Some(found) => answer(item(view, found, &Fields::everything())),
            None => not_found(),
        },
        Some(Named::Library(number)) => match view.libraries().find(|library| library.number == number) {
            Some(library) => answer(views::library(view, library)),
            None => not_found(),
        },
        None => match around::name_of(&state, view.catalogue, &id) {
            Some(name) => answer(around::person(view, &name)),
            None => not_found(),
        },
    })
}

/// `GET /Items/Counts`.
pub(crate) async fn counts(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let favourite = caller.parameters.flag("isFavorite");
    state.read(caller.user, |view| {
        let count = |kind: ItemKind| {
            let items = view.catalogue.all().filter(|item| item.kind == kind && view.may_see(item.library));
            let wanted = |number| {
                let is = view.marks().known(number).is_some_and(|state| state.favourite);
                favourite.is_none_or(|favourite| favourite == is)
            };
            items.filter(|item| wanted(item.number)).count()
        };
        let (films, series, episodes) =
            (count(ItemKind::Film), count(ItemKind::Series), count(ItemKind::Episode));
        answer(json!({
            "MovieCount": films, "SeriesCount": series, "EpisodeCount": episodes, "ArtistCount": 0,
            "ProgramCount": 0, "TrailerCount": 0, "SongCount": 0, "AlbumCount": 0, "MusicVideoCount": 0,
            "BoxSetCount": 0, "BookCount": 0, "ItemCount": films + series + episodes,
        }))
    })
}
