//! What is converted: playlists and segments, kept up and ended.

use super::authorization::Caller;
use super::ids::Named;
use super::reply::{done, not_found};
use super::state::JellyfinState;
use crate::media::{Segments, playlist_reply, segment_reply};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use std::sync::Arc;

/// `GET /videos/{id}/master.m3u8`: one variant.
pub(crate) async fn master(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    uri: Uri,
    caller: Caller,
) -> Response {
    if segments(&state, &id).is_none() {
        return not_found();
    }
    note(&state, &caller);
    let bits = caller.parameters.number("VideoBitrate").unwrap_or(1_000_000);
    let query = uri.query().unwrap_or_default();
    playlist_reply(format!(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH={bits},CODECS=\"avc1.64001e,mp4a.40.2\"\nmain.m3u8?{query}\n"
    ))
}

/// `GET /videos/{id}/main.m3u8`.
pub(crate) async fn main(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    uri: Uri,
    caller: Caller,
) -> Response {
    let Some(segments) = segments(&state, &id) else { return not_found() };
    note(&state, &caller);
    let query = uri.query().unwrap_or_default();
    let list = segments.playlist(|name| format!("hls1/main/{name}?{query}")).await;
    list.map_or_else(not_found, playlist_reply)
}

/// `GET /videos/{id}/hls1/main/{segment}`.
pub(crate) async fn segment(
    State(state): State<Arc<JellyfinState>>,
    Path((id, name)): Path<(String, String)>,
    caller: Caller,
) -> Response {
    let Some(segments) = segments(&state, &id) else { return not_found() };
    note(&state, &caller);
    segments.segment(&name).await.map_or_else(not_found, segment_reply)
}

/// `DELETE /Videos/ActiveEncodings`.
pub(crate) async fn end(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    if let Some(session) = caller.parameters.get("playSessionId") {
        state.conversions.ended(session);
    }
    done()
}

/// `POST /Sessions/Playing/Ping`.
pub(crate) async fn ping(State(state): State<Arc<JellyfinState>>, caller: Caller) -> Response {
    if let Some(session) = caller.parameters.get("playSessionId") {
        state.conversions.kept(session);
    }
    done()
}

fn note(state: &JellyfinState, caller: &Caller) {
    state.conversions.asked(caller.parameters.get("PlaySessionId").unwrap_or_default());
}

fn segments(state: &JellyfinState, id: &str) -> Option<Segments> {
    let Some(Named::Item(number)) = state.ids.read(id) else { return None };
    state.catalogue().item(number).filter(|item| item.kind.is_video())?;
    Some(state.videos.segments(number).clone())
}
