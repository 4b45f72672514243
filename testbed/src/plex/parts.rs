//! The bytes of an item: its file in ranges, and the subtitle beside it.

use super::call::Call;
use super::reply::html_error;
use super::state::PlexState;
use super::{file, images};
use crate::catalogue::ItemKind;
use crate::media::{Container, Language, serve_file, subtitles_srt};
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `/library/parts/{part}/{stamp}/{name}`: the file, whole or a range of it.
pub(crate) async fn part(
    State(state): State<Arc<PlexState>>,
    Path((part, _, _)): Path<(u32, String, String)>,
    method: Method,
    call: Call,
) -> Response {
    let file = file::item_of_part(part).and_then(|number| {
        let catalogue = state.catalogue();
        let item = catalogue.item(number)?;
        let video = match state.videos.of_item(item) {
            first if file::is_second(part) => state.videos.get(first.container.other()),
            first => first,
        };
        Some((item.number, item.kind, video.clone()))
    });
    let Some((number, kind, video)) = file else { return html_error(StatusCode::NOT_FOUND) };
    if kind == ItemKind::Photo {
        return images::whole_photo(&state, number).await;
    }
    serve_file(&method, call.parameters.headers(), &video.path, video.container.content_type()).await
}

/// `/library/streams/{stream}`: a sidecar subtitle; 501 when the stream is inside the file.
pub(crate) async fn sidecar(
    State(state): State<Arc<PlexState>>,
    Path(stream): Path<u32>,
    _: Call,
) -> Response {
    let Some(item) = file::item_of_sidecar(stream) else { return html_error(StatusCode::NOT_IMPLEMENTED) };
    if state.catalogue().item(item).is_none() {
        return html_error(StatusCode::NOT_FOUND);
    }
    let text = subtitles_srt(Container::of(item), Language::English);
    ([(header::CONTENT_TYPE, "application/x-subrip; charset=utf-8")], text).into_response()
}
