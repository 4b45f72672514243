//! The universal transcoder: the decision, the playlists and segments of what is converted, keeping and stopping it.

use super::call::{Call, Parameters};
use super::item::Detail;
use super::reply::{empty, html_error};
use super::state::{PlexState, item_number};
use super::tree::Node;
use crate::catalogue::ItemNumber;
use crate::media::{playlist_reply, segment_reply};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use std::sync::Arc;

/// Conversion is fine, and direct play is, too.
const DIRECT_FINE: u32 = 1000;
/// Conversion is fine.
const CONVERSION_FINE: u32 = 1001;
/// Direct play is not possible.
const NO_DIRECT: u32 = 3000;

/// `/video/:/transcode/universal/decision`.
pub(crate) async fn decision(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let Some((number, media)) = asked(&state, &call) else { return html_error(StatusCode::NOT_FOUND) };
    if call.parameters.plex("X-Plex-Session-Identifier").is_none() || session(&call.parameters).is_none() {
        return html_error(StatusCode::BAD_REQUEST);
    }
    let verdict = Verdict::of(&call.parameters, &media);
    let stream = |stream: &Value| {
        let kind = stream["streamType"].as_u64().unwrap_or_default();
        let word = match (verdict.direct, kind) {
            (true, _) => "directplay",
            (false, 1) if verdict.copies_video => "copy",
            (false, 2) if verdict.copies_audio => "copy",
            (false, 1 | 2) => "transcode",
            _ => "none",
        };
        // Ids are texts here.
        Node::new("Stream")
            .with("id", stream["id"].to_string())
            .with("streamType", kind)
            .with("codec", stream["codec"].clone())
            .with("decision", word)
    };
    let part = &media["Part"][0];
    let streams = part["Stream"].as_array().map(Vec::as_slice).unwrap_or_default();
    let decided = Node::new("Part")
        .with("id", part["id"].to_string())
        .with("selected", true)
        .with("decision", if verdict.direct { "directplay" } else { "transcode" })
        .list("Stream", streams.iter().map(stream).collect());
    let medium = Node::new("Media")
        .with("id", media["id"].to_string())
        .with("selected", true)
        .list("Part", vec![decided]);
    let item =
        Node::new("Video").with("ratingKey", super::state::rating_key(number)).list("Media", vec![medium]);
    let node = Node::new("MediaContainer")
        .with("size", 1)
        .with("generalDecisionCode", if verdict.direct { DIRECT_FINE } else { CONVERSION_FINE })
        .with("directPlayDecisionCode", if verdict.direct { DIRECT_FINE } else { NO_DIRECT })
        .maybe("transcodeDecisionCode", (!verdict.direct).then_some(CONVERSION_FINE))
        .list("Metadata", vec![item]);
    call.form.container(&node)
}

/// `/video/:/transcode/universal/start.m3u8`: one variant, under an address of its own.
pub(crate) async fn start(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let (Some(session), Some((number, _))) = (session(&call.parameters), asked(&state, &call)) else {
        return html_error(StatusCode::BAD_REQUEST);
    };
    state.conversions.asked(session);
    let kilobits = call.parameters.number("maxVideoBitrate").unwrap_or(8000);
    let key = super::state::rating_key(number);
    playlist_reply(format!(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH={},CODECS=\"avc1.64001e,mp4a.40.2\"\nsession/{session}/base/{key}/index.m3u8\n",
        kilobits * 1000
    ))
}

/// `/video/:/transcode/universal/session/{session}/base/{item}/{name}`: the list of segments, or one of them. A session
/// that was stopped is gone.
pub(crate) async fn part(
    State(state): State<Arc<PlexState>>,
    Path((session, key, name)): Path<(String, String, String)>,
    _: Call,
) -> Response {
    let is_running = state.conversions.all().running.contains(&session);
    let Some(number) = item_number(&key).filter(|_| is_running) else {
        return html_error(StatusCode::NOT_FOUND);
    };
    let segments = state.videos.segments(number).clone();
    let reply = if name == "index.m3u8" {
        segments.playlist(str::to_owned).await.map(playlist_reply)
    } else {
        segments.segment(&name).await.map(segment_reply)
    };
    reply.unwrap_or_else(|| html_error(StatusCode::NOT_FOUND))
}

/// `/video/:/transcode/universal/ping`.
pub(crate) async fn ping(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let Some(session) = call.parameters.get("session") else { return html_error(StatusCode::BAD_REQUEST) };
    state.conversions.kept(session);
    empty()
}

/// `/video/:/transcode/universal/stop`.
pub(crate) async fn stop(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let Some(session) = call.parameters.get("session") else { return html_error(StatusCode::BAD_REQUEST) };
    state.conversions.ended(session);
    empty()
}

fn session(parameters: &Parameters) -> Option<&str> {
    parameters.get("transcodeSessionId").or_else(|| parameters.get("session"))
}

/// The item and the version that a request names, the version as it is written in details.
fn asked(state: &PlexState, call: &Call) -> Option<(ItemNumber, Value)> {
    let number = item_number(call.parameters.get("path")?.strip_prefix("/library/metadata/")?)?;
    let place = usize::try_from(call.parameters.number("mediaIndex").unwrap_or(0)).ok()?;
    let catalogue = state.catalogue();
    let item = catalogue.item(number).filter(|item| item.kind.is_video())?;
    let written = state.with_marks(&call.user, |marks| {
        state
            .writer(&catalogue, marks, Detail::Full { chapters: false, markers: false, extras: false })
            .item(item)
            .to_json()
    });
    written["Media"].get(place).cloned().map(|media| (number, media))
}

/// What a client's profile says of a version.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    direct: bool,
    copies_video: bool,
    copies_audio: bool,
}

impl Verdict {
    fn of(parameters: &Parameters, media: &Value) -> Self {
        let extra = parameters.plex("X-Plex-Client-Profile-Extra").unwrap_or_default();
        let directives: Vec<Directive<'_>> = extra.split(")+").filter_map(Directive::read).collect();
        let stream = |kind: u64| {
            let streams = media["Part"][0]["Stream"].as_array()?;
            streams.iter().find(|stream| stream["streamType"] == kind)
        };
        let codec = |kind| stream(kind).and_then(|stream| stream["codec"].as_str()).unwrap_or_default();
        let (video, audio) = (codec(1), codec(2));
        let depth = stream(1).and_then(|stream| stream["bitDepth"].as_u64()).unwrap_or(8);
        let plays = directives.iter().any(|one| {
            one.name == "add-direct-play-profile"
                && one.has("container", media["container"].as_str().unwrap_or_default())
                && one.has("videoCodec", video)
                && (audio.is_empty() || one.has("audioCodec", audio))
        });
        let is_too_deep = directives.iter().any(|one| {
            one.name == "add-limitation"
                && one.value("scopeName") == Some(video)
                && one.value("name") == Some("video.bitDepth")
                && one
                    .value("value")
                    .and_then(|value| value.parse().ok())
                    .is_some_and(|most: u64| depth > most)
        });
        let made = directives.iter().find(|one| one.name == "add-transcode-target");
        let limit = parameters.number("maxVideoBitrate").unwrap_or(u64::MAX);
        let is_too_large = media["bitrate"].as_u64().is_some_and(|kilobits| kilobits > limit);
        let copies = parameters.is_set("directStream") && !is_too_large;
        Self {
            direct: parameters.is_set("directPlay") && plays && !is_too_deep && !is_too_large,
            copies_video: copies && !is_too_deep && made.is_some_and(|made| made.has("videoCodec", video)),
            copies_audio: copies && made.is_some_and(|made| made.has("audioCodec", audio)),
        }
    }
}

/// One directive of a profile's additions, as `name(key=value&key=value)`.
#[derive(Debug)]
struct Directive<'a> {
    name: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Directive<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (name, rest) = text.split_once('(')?;
        let pairs = rest.trim_end_matches(')').split('&').filter_map(|pair| pair.split_once('=')).collect();
        Some(Self { name, pairs })
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// Whether a list with commas has a word, or all.
    fn has(&self, name: &str, word: &str) -> bool {
        self.value(name).is_some_and(|list| list == "*" || list.split(',').any(|one| one == word))
    }
}
