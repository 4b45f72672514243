//! Files of small pictures (BIF): which parts have one, the file in ranges, and one picture of it.

use super::call::Call;
use super::file;
use super::reply::html_error;
use super::state::PlexState;
use crate::catalogue::Item;
use crate::images::{self, PREVIEW_INTERVAL};
use crate::media::Container;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

const MAGIC: &[u8] = b"\x89BIF\r\n\x1a\n";
/// Bytes before the index.
const HEAD: u32 = 64;
/// Bytes of an entry of the index.
const ENTRY: u32 = 8;

/// What a part of an item says: only videos have one.
pub(crate) fn of_item(item: &Item) -> Option<&'static str> {
    item.kind.is_video().then_some("sd")
}

/// The item of a part that has a file, as its number, and how many pictures are in it.
fn found(state: &PlexState, part: u32) -> Option<(u32, u32)> {
    let catalogue = state.catalogue();
    let item = catalogue.item(file::item_of_part(part)?).filter(|item| of_item(item).is_some())?;
    Some((item.number.0, images::previews_in(Container::of(item.number).length())))
}

/// `/library/parts/{part}/indexes/{kind}`: the file, whole or a range of it.
pub(crate) async fn index(
    State(state): State<Arc<PlexState>>,
    Path((part, kind)): Path<(u32, String)>,
    call: Call,
) -> Response {
    let Some((item, count)) = found(&state, part).filter(|_| kind == "sd") else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let Ok(Some(bytes)) = tokio::task::spawn_blocking(move || write(item, count)).await else {
        return html_error(StatusCode::INTERNAL_SERVER_ERROR);
    };
    ranged(call.parameters.headers(), bytes)
}

/// `/library/parts/{part}/indexes/{kind}/{offset}`: the picture for a moment, in milliseconds.
pub(crate) async fn frame(
    State(state): State<Arc<PlexState>>,
    Path((part, kind, offset)): Path<(u32, String, u64)>,
    _: Call,
) -> Response {
    let number = images::previews_in(Duration::from_millis(offset + 1)).saturating_sub(1);
    match found(&state, part) {
        Some((item, count)) if kind == "sd" && number < count => {
            ([(header::CONTENT_TYPE, "image/jpeg")], images::preview(item, number)).into_response()
        }
        _ => html_error(StatusCode::NOT_FOUND),
    }
}

fn write(item: u32, count: u32) -> Option<Vec<u8>> {
    let pictures: Vec<Vec<u8>> = (0..count).map(|number| images::preview(item, number)).collect();
    let mut bytes = MAGIC.to_vec();
    let step = u32::try_from(PREVIEW_INTERVAL.as_millis()).ok()?;
    for number in [0, count, step] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(usize::try_from(HEAD).ok()?, 0);
    let mut place = HEAD + (count + 1) * ENTRY;
    for (number, picture) in (0_u32..).zip(&pictures) {
        bytes.extend(number.to_le_bytes());
        bytes.extend(place.to_le_bytes());
        place += u32::try_from(picture.len()).ok()?;
    }
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend(place.to_le_bytes());
    bytes.extend(pictures.into_iter().flatten());
    Some(bytes)
}

/// One range of bytes, or all of them.
fn ranged(headers: &HeaderMap, bytes: Vec<u8>) -> Response {
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let Some((first, last)) = asked.and_then(|range| range.split_once('-')) else {
        return ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response();
    };
    let first = first.parse::<usize>().ok().filter(|first| *first < bytes.len());
    let Some(first) = first else { return html_error(StatusCode::RANGE_NOT_SATISFIABLE) };
    let last = last.parse::<usize>().unwrap_or(usize::MAX).min(bytes.len() - 1);
    let Some(part) = bytes.get(first..=last) else { return html_error(StatusCode::RANGE_NOT_SATISFIABLE) };
    let said = format!("bytes {first}-{last}/{}", bytes.len());
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_RANGE, said)];
    (StatusCode::PARTIAL_CONTENT, headers, part.to_vec()).into_response()
}
