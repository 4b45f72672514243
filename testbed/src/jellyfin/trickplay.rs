//! Sheets of small pictures: what an item says of them, and the sheets.

use super::authorization::Caller;
use super::reply::{not_found, server_error};
use super::state::JellyfinState;
use crate::catalogue::Item;
use crate::images::{self, PREVIEW_INTERVAL, PREVIEW_SIZE};
use crate::media::Container;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Pictures beside each other on a sheet, and rows of them.
const GRID: (u32, u32) = (5, 4);

/// The member `Trickplay` of an item: by its version and the width.
pub(crate) fn of_item(item: &Item, version: &str) -> Value {
    if !item.kind.is_video() {
        return json!({});
    }
    let (width, height) = PREVIEW_SIZE;
    json!({ version: { width.to_string(): {
        "Width": width, "Height": height, "TileWidth": GRID.0, "TileHeight": GRID.1,
        "ThumbnailCount": images::previews_in(Container::of(item.number).length()),
        "Interval": PREVIEW_INTERVAL.as_millis(), "Bandwidth": 20_520,
    }}})
}

/// `GET /Videos/{id}/Trickplay/{width}/{number}.jpg`: for users only.
pub(crate) async fn sheet(
    State(state): State<Arc<JellyfinState>>,
    Path((id, width, name)): Path<(String, u32, String)>,
    caller: Caller,
) -> Response {
    let number = name.strip_suffix(".jpg").and_then(|number| number.parse::<u32>().ok());
    let found = state.read(caller.user, |view| {
        let item = view.item(&id).filter(|item| item.kind.is_video() && width == PREVIEW_SIZE.0)?;
        Some((item.number.0, images::previews_in(Container::of(item.number).length())))
    });
    let each = GRID.0 * GRID.1;
    let (Some((seed, count)), Some(number)) = (found, number) else { return not_found() };
    let Some(first) = number.checked_mul(each).filter(|first| *first < count) else { return not_found() };
    let last = count.min(first + each);
    let draw = move || images::preview_sheet(seed, first..last, GRID);
    match tokio::task::spawn_blocking(draw).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        Err(_) => server_error(),
    }
}
