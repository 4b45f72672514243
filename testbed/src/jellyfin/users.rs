//! Signing in with a password, the users, and signing out.

use super::authorization::{Caller, Device, Newcomer};
use super::ids::hash;
use super::parameters::Parameters;
use super::reply::{answer, bad_request, done, not_found, server_error, unauthorized};
use super::state::{JellyfinState, User, UserPlace};
use super::user_data::Members;
use crate::images;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Side of a portrait, in pixels.
const PORTRAIT: u32 = 120;

/// `GET /Users/Public`.
pub(crate) async fn public(State(state): State<Arc<JellyfinState>>) -> Response {
    let users = state.users();
    let users = users.iter().filter(|user| !user.disabled);
    answer(users.map(|user| brief(&state, user)).collect::<Vec<Value>>())
}

/// `POST /Users/AuthenticateByName`.
pub(crate) async fn by_name(
    State(state): State<Arc<JellyfinState>>,
    Newcomer(device): Newcomer,
    body: Bytes,
) -> Response {
    let Some(body) = Members::read(&body) else { return bad_request() };
    let Some(name) = body.text("Username").filter(|name| !name.is_empty()) else { return bad_request() };
    let Some(place) = state.user_named(name) else { return unauthorized() };
    let right =
        state.users().get(place.0).is_some_and(|user| user.password == body.text("Pw").unwrap_or_default());
    if right { session(&state, place, device) } else { unauthorized() }
}

/// A new session of a user who has shown who they are.
pub(crate) fn session(state: &JellyfinState, place: UserPlace, device: Device) -> Response {
    let user = match state.users().get(place.0) {
        Some(user) if user.disabled => return StatusCode::FORBIDDEN.into_response(),
        Some(user) => full(state, user),
        None => return server_error(),
    };
    let info = json!({
        "Id": hash(&["session", &device.id]), "UserId": user.get("Id"), "UserName": user.get("Name"),
        "Client": device.client, "DeviceName": device.name, "DeviceId": device.id,
        "ApplicationVersion": device.version, "ServerId": state.setup.machine_id, "IsActive": true,
    });
    let token = state.issue_token(place, device);
    answer(json!({
        "User": user, "SessionInfo": info, "AccessToken": token, "ServerId": state.setup.machine_id,
    }))
}

/// `GET /Users/Me`.
pub(crate) async fn me(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    let user = state.users().get(caller.user.0).map(|user| full(&state, user));
    user.map_or_else(unauthorized, answer)
}

/// `POST /Sessions/Logout`.
pub(crate) async fn log_out(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    state.tokens().retain(|token| token.secret != caller.token);
    done()
}

/// `GET /UserImage`, for anybody.
pub(crate) async fn image(State(state): State<Arc<JellyfinState>>, uri: axum::http::Uri) -> Response {
    let parameters = Parameters::of(&uri);
    let Some(id) = parameters.get("userId") else { return bad_request() };
    let users = state.users();
    let found = users.iter().zip(1..).find(|(user, _)| user.id == id && has_portrait(&state, user));
    let Some((_, seed)) = found else { return not_found() };
    ([(header::CONTENT_TYPE, "image/png")], images::still("", seed, PORTRAIT, PORTRAIT)).into_response()
}

fn has_portrait(state: &JellyfinState, user: &User) -> bool {
    state.setup.portraits.contains(&user.name)
}

fn brief(state: &JellyfinState, user: &User) -> Value {
    let has_password = !user.password.is_empty();
    let mut brief = json!({
        "Name": user.name, "ServerId": state.setup.machine_id, "Id": user.id, "HasPassword": has_password,
        "HasConfiguredPassword": has_password, "HasConfiguredEasyPassword": false, "EnableAutoLogin": false,
        "LastLoginDate": "2025-01-02T03:04:05.0000000Z",
    });
    if has_portrait(state, user) {
        brief["PrimaryImageTag"] = Value::from(hash(&["portrait", &user.id]));
    }
    brief
}

fn full(state: &JellyfinState, user: &User) -> Value {
    let mut value = brief(state, user);
    let configuration = json!({
        "PlayDefaultAudioTrack": true, "AudioLanguagePreference": "", "SubtitleLanguagePreference": "",
        "SubtitleMode": "Default", "DisplayMissingEpisodes": false, "HidePlayedInLatest": true,
        "RememberAudioSelections": true, "RememberSubtitleSelections": true, "EnableNextEpisodeAutoPlay": true,
        "OrderedViews": [], "LatestItemsExcludes": [], "MyMediaExcludes": [], "GroupedFolders": [],
    });
    let folders: Vec<String> = state
        .catalogue()
        .libraries
        .iter()
        .filter(|library| !user.hidden.contains(&library.number))
        .map(|library| state.ids.library(library.number))
        .collect();
    let policy = json!({
        "IsAdministrator": false, "IsDisabled": user.disabled, "EnableRemoteAccess": true,
        "EnableMediaPlayback": true, "EnableVideoPlaybackTranscoding": true,
        "EnableAudioPlaybackTranscoding": true, "EnablePlaybackRemuxing": true,
        "EnableContentDownloading": true, "EnableAllFolders": user.hidden.is_empty(),
        "EnabledFolders": folders, "RemoteClientBitrateLimit": 0, "MaxActiveSessions": 0,
    });
    value["Configuration"] = configuration;
    value["Policy"] = policy;
    value
}
