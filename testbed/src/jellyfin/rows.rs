//! The rows of the start page, and what is similar to an item.

use super::authorization::Caller;
use super::filter::{Filter, types};
use super::listing::{Page, lies_in, part, within};
use super::reply::{answer, not_found};
use super::state::{JellyfinState, View};
use super::wire::{Fields, item, items, type_name};
use crate::catalogue::{Item, ItemKind, ItemNumber};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// How many of the latest are looked at when no number is given.
const LATEST: usize = 20;

/// `GET /UserItems/Resume`: what was left in the middle, newest played first.
pub(crate) async fn resume(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    within(&state, &caller, |view, scope| {
        let (types, filter) = (types(parameters, "includeItemTypes"), Filter::of(parameters));
        let begun = view.marks().all().filter(|(_, state)| !state.position.is_zero());
        let mut found: Vec<(&Item, _)> = begun
            .filter_map(|(number, state)| Some((view.visible(number)?, state.last_played)))
            .filter(|(item, _)| item.kind.is_leaf() && lies_in(view, item, scope) && filter.keeps(view, item))
            .filter(|(item, _)| types.is_empty() || types.contains(&type_name(item.kind)))
            .collect();
        found.sort_by_key(|(item, at)| (Reverse(*at), item.number));
        part(view, parameters, Page::of(parameters), found.into_iter().map(|(item, _)| item).collect())
    })
}

/// `GET /Items/Latest`: newest first, episodes of one series as the series. A bare array.
pub(crate) async fn latest(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let parameters = &caller.parameters;
    within(&state, &caller, |view, scope| {
        let types = types(parameters, "includeItemTypes");
        // Played ones are hidden unless asked for.
        let played = parameters.flag("isPlayed").unwrap_or(false);
        let mut found: Vec<&Item> = view
            .catalogue
            .all()
            .filter(|item| item.kind.is_leaf() && view.may_see(item.library) && lies_in(view, item, scope))
            .filter(|item| types.is_empty() || types.contains(&type_name(item.kind)))
            .filter(|item| view.marks().played(view.catalogue, item) == played)
            .collect();
        found.sort_by_key(|item| (Reverse(item.added), item.number));
        found.truncate(parameters.number("limit").unwrap_or(LATEST));
        let fields = Fields::of(parameters);
        if parameters.flag("groupItems") == Some(false) {
            return answer(items(view, found, &fields));
        }
        answer(grouped(view, &found, &fields))
    })
}

fn grouped(view: &View<'_>, found: &[&Item], fields: &Fields) -> Vec<Value> {
    let series = |item: &Item| view.series(item).filter(|_| item.kind == ItemKind::Episode);
    let mut counts: HashMap<ItemNumber, usize> = HashMap::new();
    for series in found.iter().filter_map(|item| series(item)) {
        *counts.entry(series.number).or_default() += 1;
    }
    let mut rows = Vec::new();
    for found in found {
        let Some(series) = series(found) else {
            rows.push(item(view, found, fields).into());
            continue;
        };
        // The first of a group stands for all of it.
        match counts.remove(&series.number) {
            Some(1) => rows.push(item(view, found, fields).into()),
            Some(count) => {
                let mut row = item(view, series, fields);
                row.put("ChildCount", count);
                rows.push(row.into());
            }
            None => {}
        }
    }
    rows
}

/// `GET /Items/{id}/Similar`: items of the same kind, by genres that they share.
pub(crate) async fn similar(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    let parameters = &caller.parameters;
    state.read(caller.user, |view| {
        let Some(this) = view.item(&id) else { return not_found() };
        let shared = |item: &Item| item.genres.iter().filter(|genre| this.genres.contains(genre)).count();
        let mut found: Vec<(usize, &Item)> = view
            .catalogue
            .all()
            .filter(|item| item.kind == this.kind && item.number != this.number && view.may_see(item.library))
            .map(|item| (shared(item), item))
            .filter(|(score, _)| *score > 0)
            .collect();
        found.sort_by_key(|(score, item)| (Reverse(*score), item.number));
        let found = found.into_iter().map(|(_, item)| item).collect();
        part(view, parameters, Page::of(parameters).always_counted(), found)
    })
}
