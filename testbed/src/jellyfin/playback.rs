//! How an item can be played, its bytes, its subtitles and its segments.

use super::authorization::Caller;
use super::decide::{Asker, Wishes};
use super::ids::{Named, plain, secret};
use super::parameters::Parameters;
use super::reply::{answer, bad_request, not_found, ticks};
use super::sources::{self, second_id, subtitles};
use super::state::JellyfinState;
use super::user_data::Members;
use crate::catalogue::{Item, ItemKind, ItemNumber};
use crate::media::{Container, SampleVideo, serve_file, subtitles_srt, subtitles_vtt};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Beginning and end of the intro of every episode.
const INTRO: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(15));
/// The credits of every episode are this long.
const CREDITS: Duration = Duration::from_secs(5);

/// `POST /Items/{id}/PlaybackInfo`.
pub(crate) async fn info(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Response {
    let Some(body) = Members::read(&body) else { return bad_request() };
    let wanted = body.text("MediaSourceId").or_else(|| caller.parameters.get("mediaSourceId"));
    state.read(caller.user, |view| {
        let Some(item) = view.item(&id).filter(|item| item.kind.is_leaf()) else { return not_found() };
        let mut sources = sources::all(view, item, &caller.token);
        if let Some(wanted) = wanted {
            sources.retain(|source| source["Id"] == plain(wanted));
        }
        if sources.is_empty() {
            return answer(json!({ "MediaSources": [], "ErrorCode": "NoCompatibleStream" }));
        }
        let session = secret();
        let wishes = Wishes::read(&body);
        let asker = Asker { item: &id, device: &caller.device.id, token: &caller.token, session: &session };
        let may_convert = view.state.setup.converts.load(Ordering::Relaxed) && item.kind.is_video();
        for source in &mut sources {
            wishes.decide(source, asker, may_convert);
        }
        answer(json!({ "MediaSources": sources, "PlaySessionId": session }))
    })
}

/// `GET` and `HEAD /Videos/{id}/stream`, also with an extension: needs no token.
pub(crate) async fn stream(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    serve(&state, &id, &method, &headers, &uri).await
}

/// `GET /Videos/{id}/stream.mkv`.
pub(crate) async fn named_stream(
    State(state): State<Arc<JellyfinState>>,
    Path((id, name)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match name.split_once('.') {
        Some(("stream", _)) => serve(&state, &id, &method, &headers, &uri).await,
        _ => not_found(),
    }
}

/// `GET` and `HEAD /Audio/{id}/stream`: tracks only, as the route for videos has videos only.
pub(crate) async fn stream_audio(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    match file(&state, &id) {
        Some((_, sound)) if sound.container == Container::Flac => {
            serve_file(&method, &headers, &sound.path, sound.container.content_type()).await
        }
        _ => not_found(),
    }
}

async fn serve(state: &JellyfinState, id: &str, method: &Method, headers: &HeaderMap, uri: &Uri) -> Response {
    let found = file(state, id).filter(|(_, video)| video.container != Container::Flac);
    let Some((number, mut video)) = found else { return not_found() };
    let wanted = Parameters::of(uri).get("mediaSourceId").map(plain);
    if wanted.is_some_and(|wanted| wanted == second_id(&state.ids, number)) {
        video = state.videos.get(video.container.other()).clone();
    }
    serve_file(method, headers, &video.path, video.container.content_type()).await
}

/// The file of an item that exists, whoever asks.
fn file(state: &JellyfinState, id: &str) -> Option<(ItemNumber, SampleVideo)> {
    let Some(Named::Item(number)) = state.ids.read(id) else { return None };
    let catalogue = state.catalogue();
    let is_played = |item: &&Item| item.kind.is_leaf() && item.kind != ItemKind::Photo;
    let item = catalogue.item(number).filter(is_played)?;
    Some((item.number, state.videos.of_item(item).clone()))
}

/// `GET /Videos/{id}/{source}/Subtitles/{index}/Stream.srt`.
pub(crate) async fn subtitle(
    State(state): State<Arc<JellyfinState>>,
    Path((id, source, index, name)): Path<(String, String, u32, String)>,
) -> Response {
    subtitle_file(&state, &id, &source, index, Duration::ZERO, &name)
}

/// `GET /Videos/{id}/{source}/Subtitles/{index}/{ticks}/Stream.srt`.
pub(crate) async fn subtitle_from(
    State(state): State<Arc<JellyfinState>>,
    Path((id, source, index, start, name)): Path<(String, String, u32, u64, String)>,
) -> Response {
    subtitle_file(&state, &id, &source, index, super::reply::length(start), &name)
}

fn subtitle_file(
    state: &JellyfinState,
    id: &str,
    source: &str,
    index: u32,
    start: Duration,
    name: &str,
) -> Response {
    let Some((number, video)) = file(state, id) else { return not_found() };
    // The source is compared as it is listed, without dashes.
    if source != state.ids.item(number) {
        return not_found();
    }
    let known = subtitles(video.container).iter().find(|(known, ..)| *known == index);
    let Some((_, language, _)) = known else { return not_found() };
    match name.to_ascii_lowercase().as_str() {
        "stream.srt" => {
            let text = subtitles_srt(video.container, *language);
            ([(header::CONTENT_TYPE, "application/x-subrip; charset=utf-8")], text).into_response()
        }
        "stream.vtt" => {
            let text = subtitles_vtt(video.container, *language, start);
            ([(header::CONTENT_TYPE, "text/vtt; charset=utf-8")], text).into_response()
        }
        _ => not_found(),
    }
}

/// `GET /MediaSegments/{id}`: episodes have an intro and credits. The list of types has no comma form.
pub(crate) async fn segments(
    State(state): State<Arc<JellyfinState>>,
    Path(id): Path<String>,
    uri: Uri,
    caller: Caller,
) -> Response {
    let query = uri.query().unwrap_or_default().as_bytes();
    let wanted: Vec<String> = url::form_urlencoded::parse(query)
        .filter(|(name, _)| name.eq_ignore_ascii_case("includeSegmentTypes"))
        .map(|(_, value)| value.into_owned())
        .collect();
    state.read(caller.user, |view| {
        let Some(item) = view.item(&id) else { return not_found() };
        let mut found = Vec::new();
        if item.kind == ItemKind::Episode {
            let end = state.videos.of(item.number).container.length();
            found.push(("Intro", INTRO.0, INTRO.1));
            found.push(("Outro", end.saturating_sub(CREDITS), end));
        }
        found.retain(|(kind, ..)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == kind));
        let id = view.ids().item(item.number);
        let segments: Vec<Value> = found
            .into_iter()
            .map(|(kind, start, end)| {
                json!({
                    "Id": view.ids().name(kind, &id), "ItemId": id, "Type": kind,
                    "StartTicks": ticks(start), "EndTicks": ticks(end),
                })
            })
            .collect();
        let total = segments.len();
        super::reply::page(&segments, total, 0)
    })
}
