//! Watched, favourite and position, set without playing (`docs/protocols.md#jellyfin-marks`). Every request is
//! absolute and may be repeated.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::map::ticks;
use crate::models::{PlaybackReport, RemoteId};
use crate::net::{Call, Method, Profile};

/// Stores a position and when it was reached.
pub(super) fn position_call(user_id: &str, item: &RemoteId, report: &PlaybackReport) -> Call {
    let body = json!({ "PlaybackPositionTicks": ticks(report.position), "LastPlayedDate": stamp(report.at) });
    mark(Method::Post, "/UserItems/{}/UserData", user_id, item).json(body)
}

/// Marks as watched or not; on a series or season everything below it.
pub(super) fn watched_call(user_id: &str, item: &RemoteId, watched: bool, at: DateTime<Utc>) -> Call {
    let template = "/UserPlayedItems/{}";
    if watched {
        mark(Method::Post, template, user_id, item).query("datePlayed", stamp(at))
    } else {
        mark(Method::Delete, template, user_id, item)
    }
}

/// Marks as favourite or not.
pub(super) fn favourite_call(user_id: &str, item: &RemoteId, favourite: bool) -> Call {
    let method = if favourite { Method::Post } else { Method::Delete };
    mark(method, "/UserFavoriteItems/{}", user_id, item)
}

/// Asks what the server knows of the user and an item.
pub(super) fn state_call(user_id: &str, item: &RemoteId) -> Call {
    mark(Method::Get, "/UserItems/{}/UserData", user_id, item)
}

fn mark(method: Method, template: &'static str, user_id: &str, item: &RemoteId) -> Call {
    let call = Call::new(method, template).segment(item.as_str()).query("userId", user_id);
    call.profile(Profile::Background)
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::ServerUrl;

    #[test]
    fn a_mark_names_user_item_and_time() {
        let base: ServerUrl = "http://10.0.0.2:8096".parse().unwrap();
        let at = "2025-01-02T03:04:05.678Z".parse().unwrap();
        let item = RemoteId::new("0a1b");
        assert_eq!(
            watched_call("9f0e", &item, true, at).url(&base).as_str(),
            "http://10.0.0.2:8096/UserPlayedItems/0a1b?userId=9f0e&datePlayed=2025-01-02T03%3A04%3A05.678Z"
        );
        assert_eq!(
            watched_call("9f0e", &item, false, at).url(&base).as_str(),
            "http://10.0.0.2:8096/UserPlayedItems/0a1b?userId=9f0e"
        );
    }
}
