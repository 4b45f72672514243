//! What players report: where a playback stands.

use super::authorization::Caller;
use super::reply::{bad_request, done, length};
use super::state::JellyfinState;
use super::user_data::Members;
use crate::catalogue::ItemNumber;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;

/// What happens in a playback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaybackEvent {
    /// It began.
    Started,
    /// It goes on.
    Progress,
    /// It ended.
    Stopped,
}

/// One report of a playback, as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaybackReport {
    /// Name of the user whose token was used.
    pub user: String,
    /// The item; `None` for one that does not exist.
    pub item: Option<ItemNumber>,
    /// What happened.
    pub event: PlaybackEvent,
    /// Where it stands, if the report says so.
    pub position: Option<Duration>,
    /// Whether it is paused.
    pub paused: bool,
    /// `PlaySessionId`.
    pub session: Option<String>,
    /// `PlayMethod`, as it was said.
    pub method: Option<String>,
    /// `DeviceId` of the player.
    pub device: String,
}

/// `POST /Sessions/Playing`.
pub(crate) async fn started(
    State(state): State<Arc<JellyfinState>>,
    caller: Caller,
    body: Bytes,
) -> Response {
    take(&state, &caller, &body, PlaybackEvent::Started)
}

/// `POST /Sessions/Playing/Progress`.
pub(crate) async fn progress(
    State(state): State<Arc<JellyfinState>>,
    caller: Caller,
    body: Bytes,
) -> Response {
    take(&state, &caller, &body, PlaybackEvent::Progress)
}

/// `POST /Sessions/Playing/Stopped`.
pub(crate) async fn stopped(
    State(state): State<Arc<JellyfinState>>,
    caller: Caller,
    body: Bytes,
) -> Response {
    take(&state, &caller, &body, PlaybackEvent::Stopped)
}

fn take(state: &JellyfinState, caller: &Caller, body: &Bytes, event: PlaybackEvent) -> Response {
    let Some(body) = Members::read(body) else { return bad_request() };
    let id = body.text("ItemId").unwrap_or_default();
    let found = state.read(caller.user, |view| view.item(id).map(|item| (item.number, item.duration)));
    let position = body.number("PositionTicks").map(length);
    state.reports().push(PlaybackReport {
        user: state.users().get(caller.user.0).map(|user| user.name.clone()).unwrap_or_default(),
        item: found.map(|(number, _)| number),
        event,
        position,
        paused: body.flag("IsPaused").unwrap_or(false),
        session: body.text("PlaySessionId").map(str::to_owned),
        method: body.text("PlayMethod").map(str::to_owned),
        device: caller.device.id.clone(),
    });
    if let (PlaybackEvent::Stopped, Some(session)) = (event, body.text("PlaySessionId")) {
        state.conversions.stopped(session);
    }
    // A report about something that is gone is taken as well.
    let Some((item, duration)) = found else { return done() };
    let failed = event == PlaybackEvent::Stopped && body.flag("Failed").unwrap_or(false);
    if failed {
        return done();
    }
    let shortest = state.setup.shortest_resumable;
    state.mark(caller.user, |_, marks| match (event, position) {
        (PlaybackEvent::Started, _) => marks.started(item, Utc::now()),
        (PlaybackEvent::Progress, None) => {}
        (PlaybackEvent::Progress | PlaybackEvent::Stopped, Some(position)) => {
            marks.reached(item, position, duration, shortest);
        }
        (PlaybackEvent::Stopped, None) => marks.ended(item, Utc::now()),
    });
    if event == PlaybackEvent::Stopped {
        state.tell_of(caller.user, item);
    }
    done()
}
