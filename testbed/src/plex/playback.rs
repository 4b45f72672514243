//! What a client reports: `/:/timeline`, `/:/scrobble`, `/:/unscrobble`, `/:/progress`, `/:/rate`.

use super::call::Call;
use super::item::milliseconds;
use super::marks::PlaybackState;
use super::reply::{empty, html_error};
use super::state::{PlexState, TimelineReport, item_number};
use super::tree::Node;
use crate::catalogue::ItemNumber;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;

/// The only library there is; every mark names it.
const IDENTIFIER: &str = "com.plexapp.plugins.library";

/// `/:/timeline`: where a playback is. Answers with what the server made of it.
pub(crate) async fn timeline(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let parameters = &call.parameters;
    let item = parameters.get("ratingKey").and_then(item_number);
    let (Some(item), Some(playback), Some(time)) =
        (item, parameters.get("state").and_then(PlaybackState::parse), parameters.number("time"))
    else {
        return html_error(StatusCode::BAD_REQUEST);
    };
    let client = parameters.plex("X-Plex-Client-Identifier").map(str::to_owned);
    if client.is_none() || parameters.get("key").is_none() {
        return html_error(StatusCode::BAD_REQUEST);
    }
    let position = Duration::from_millis(time);
    if let Err(status) = report(&state, &call, item, playback, position, moment(&call)) {
        return html_error(status);
    }
    let word = parameters.get("state").unwrap_or_default();
    state.listeners.playing(item, word, time, client.as_deref().unwrap_or_default());
    state.reports().push(TimelineReport {
        user: call.user.clone(),
        item,
        state: playback,
        position,
        client,
        session: parameters.plex("X-Plex-Session-Identifier").map(str::to_owned),
        offline: parameters.is_set("offline"),
    });
    let now = state.with_marks(&call.user, |marks| marks.state(item));
    let node = Node::new("MediaContainer")
        .with("size", 0)
        .with("playbackState", if now.position.is_zero() && now.played { "completed" } else { "progress" })
        .with("viewCount", now.play_count)
        .with("viewOffset", milliseconds(now.position))
        .with("skipCount", 0);
    call.form.container(&node)
}

/// When a report was made: `updated` of one that was made offline, else now.
fn moment(call: &Call) -> DateTime<Utc> {
    let updated = call.parameters.get("updated").and_then(|updated| updated.parse().ok());
    let updated = updated.filter(|_| call.parameters.is_set("offline"));
    updated.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or_else(Utc::now)
}

fn report(
    state: &PlexState,
    call: &Call,
    item: ItemNumber,
    playback: PlaybackState,
    position: Duration,
    now: DateTime<Utc>,
) -> Result<(), StatusCode> {
    let catalogue = state.catalogue();
    let found = catalogue.item(item).filter(|found| found.kind.is_leaf()).ok_or(StatusCode::NOT_FOUND)?;
    let given = call.parameters.number("duration").map(Duration::from_millis);
    let length = found.duration.or(given);
    state.change_marks(&call.user, |marks| marks.report(item, playback, position, length, now));
    Ok(())
}

/// The item of a mark: 400 when the parameters are wrong, 404 when it is gone.
fn marked(state: &PlexState, call: &Call) -> Result<ItemNumber, StatusCode> {
    if call.parameters.get("identifier") != Some(IDENTIFIER) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let key = call.parameters.get("key").ok_or(StatusCode::BAD_REQUEST)?;
    let number = item_number(key).ok_or(StatusCode::NOT_FOUND)?;
    state.catalogue().item(number).map(|item| item.number).ok_or(StatusCode::NOT_FOUND)
}

/// Answers with nothing, or with the error page. Whoever listens is told of the item.
fn done(state: &PlexState, result: Result<ItemNumber, StatusCode>) -> Response {
    result.map_or_else(html_error, |item| {
        state.tell_of(item);
        empty()
    })
}

/// `/:/scrobble`: watched, with everything below.
pub(crate) async fn scrobble(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let result = marked(&state, &call).inspect(|item| {
        let catalogue = state.catalogue();
        state.change_marks(&call.user, |marks| marks.scrobble(&catalogue, *item, Utc::now()));
    });
    done(&state, result)
}

/// `/:/unscrobble`: not watched, with everything below.
pub(crate) async fn unscrobble(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let result = marked(&state, &call).inspect(|item| {
        let catalogue = state.catalogue();
        state.change_marks(&call.user, |marks| marks.unscrobble(&catalogue, *item));
    });
    done(&state, result)
}

/// `/:/progress`: a position without a playback; 0 does nothing.
pub(crate) async fn progress(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let result = marked(&state, &call).and_then(|item| {
        let time = call.parameters.number("time").ok_or(StatusCode::BAD_REQUEST)?;
        let word = call.parameters.get("state").unwrap_or("stopped");
        let playback = PlaybackState::parse(word).ok_or(StatusCode::BAD_REQUEST)?;
        if time == 0 {
            return Ok(item);
        }
        report(&state, &call, item, playback, Duration::from_millis(time), Utc::now())?;
        Ok(item)
    });
    done(&state, result)
}

/// `/:/rate`: 0 to 10, -1 clears.
pub(crate) async fn rate(State(state): State<Arc<PlexState>>, call: Call) -> Response {
    let result = marked(&state, &call).and_then(|item| {
        let rating = call.parameters.get("rating").and_then(|rating| rating.parse::<f64>().ok());
        let rating = rating.filter(|rating| (-1.0..=10.0).contains(rating)).ok_or(StatusCode::BAD_REQUEST)?;
        state.change_marks(&call.user, |marks| marks.rate(item, rating));
        Ok(item)
    });
    done(&state, result)
}
