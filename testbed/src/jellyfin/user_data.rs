//! Marks that are set without playing: played, favourite, and any member of the user data.

use super::authorization::Caller;
use super::parameters::date;
use super::reply::{answer, bad_request, length, not_found};
use super::state::JellyfinState;
use super::wire::user_data;
use crate::catalogue::{Catalogue, ItemNumber, WatchState};
use crate::jellyfin::marks::Marks;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::Utc;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The members of a JSON object, named in any case.
#[derive(Debug)]
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// `None` when it is not an object. No body is an empty one.
    pub(crate) fn read(body: &Bytes) -> Option<Self> {
        if body.is_empty() {
            return Some(Self(Map::new()));
        }
        serde_json::from_slice(body).ok().map(Self)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null())
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_i64().map(|number| u64::try_from(number).unwrap_or_default())
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }
}

/// `POST /UserPlayedItems/{id}`.
pub(crate) async fn mark_played(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    let at = caller.parameters.date("datePlayed").unwrap_or_else(Utc::now);
    change(&state, &caller, &id, |catalogue, marks, item| marks.mark_played(catalogue, item, at))
}

/// `DELETE /UserPlayedItems/{id}`.
pub(crate) async fn mark_unplayed(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    change(&state, &caller, &id, |catalogue, marks, item| marks.mark_unplayed(catalogue, item))
}

/// `POST /UserFavoriteItems/{id}`.
pub(crate) async fn mark_favourite(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    change(&state, &caller, &id, |_, marks, item| marks.change(item).favourite = true)
}

/// `DELETE /UserFavoriteItems/{id}`.
pub(crate) async fn unmark_favourite(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    change(&state, &caller, &id, |_, marks, item| marks.change(item).favourite = false)
}

/// `GET /UserItems/{id}/UserData`.
pub(crate) async fn read(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    answer_with(&state, &caller, &id, |_| ())
}

/// `POST /UserItems/{id}/UserData`: members that are not there stay as they are.
pub(crate) async fn write(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Response {
    let Some(members) = Members::read(&body) else { return bad_request() };
    change(&state, &caller, &id, |_, marks, item| apply(marks.change(item), &members))
}

fn apply(state: &mut WatchState, members: &Members) {
    if let Some(ticks) = members.number("PlaybackPositionTicks") {
        state.position = length(ticks);
    }
    if let Some(count) = members.number("PlayCount") {
        state.play_count = u32::try_from(count).unwrap_or(u32::MAX);
    }
    if let Some(favourite) = members.flag("IsFavorite") {
        state.favourite = favourite;
    }
    if let Some(played) = members.flag("Played") {
        state.played = played;
    }
    if let Some(at) = members.text("LastPlayedDate").and_then(date) {
        state.last_played = Some(at);
    }
}

/// Changes the marks of an item that the user may see, tells whoever listens, and answers with what they are then.
fn change(
    state: &JellyfinState,
    caller: &Caller,
    id: &str,
    change: impl FnOnce(&Catalogue, &mut Marks, ItemNumber),
) -> Response {
    answer_with(state, caller, id, |number| {
        state.mark(caller.user, |catalogue, marks| change(catalogue, marks, number));
        state.tell_of(caller.user, number);
    })
}

/// Does something with an item that the user may see, and answers with what its marks are then.
fn answer_with(state: &JellyfinState, caller: &Caller, id: &str, act: impl FnOnce(ItemNumber)) -> Response {
    let Some(number) = state.read(caller.user, |view| view.item(id).map(|item| item.number)) else {
        return not_found();
    };
    act(number);
    let data = state.read(caller.user, |view| view.visible(number).map(|item| user_data(view, item)));
    data.map_or_else(not_found, answer)
}
