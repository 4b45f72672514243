//! What the server tells over its WebSocket (`docs/protocols.md#jellyfin-socket`). Reading is pure.

use std::time::Duration;

use serde_json::Value;

use super::dto::{LiveDto, LiveUserDataDto};
use super::listing::by_id_call;
use super::map::watch_state;
use super::tolerant::{Entries, Maybe, object};
use crate::backends::LiveChange;
use crate::backends::live::{Beat, Heard, LiveProtocol};
use crate::models::RemoteId;
use crate::net::Call;

/// The server forgets who says nothing for this long, unless it names another time.
const FORGETS_AFTER: Duration = Duration::from_mins(1);
/// Bounds of what a server may ask for.
const SHORTEST: Duration = Duration::from_secs(2);

/// The handshake. The device has to be the one that the token was given to.
pub(super) fn call(device_id: &str) -> Call {
    Call::get("/socket").query("deviceId", device_id)
}

/// How a Jellyfin speaks to one of its users.
#[derive(Debug)]
pub(super) struct JellyfinLive {
    user_id: String,
}

impl JellyfinLive {
    pub(super) fn new(user_id: &str) -> Self {
        Self { user_id: plain(user_id) }
    }

    fn user_data(&self, data: &LiveUserDataDto) -> Option<LiveChange> {
        // An administrator may hear of others.
        if data.user_id.text().is_some_and(|user| plain(user) != self.user_id) {
            return None;
        }
        let states = data.user_data_list.0.iter().filter_map(|entry| {
            let entry = entry.as_object()?;
            let id = entry.get("ItemId")?.as_str().filter(|id| !id.is_empty())?;
            let state = object(Value::Object(entry.clone()))?;
            Some((RemoteId::new(plain(id)), watch_state(&state)))
        });
        let states: Vec<_> = states.collect();
        (!states.is_empty()).then_some(LiveChange::UserData(states))
    }
}

impl LiveProtocol for JellyfinLive {
    fn hear(&self, text: &str) -> Heard {
        let Some(message) = serde_json::from_str(text).ok().and_then(object::<LiveDto>) else {
            return Heard::default();
        };
        let data = message.data;
        match message.kind.text() {
            Some("ForceKeepAlive") => Heard { beat_every: pause(&data), ..Heard::default() },
            Some("UserDataChanged") => {
                let change = object::<LiveUserDataDto>(data).and_then(|data| self.user_data(&data));
                Heard { changes: change.into_iter().collect(), ..Heard::default() }
            }
            Some("LibraryChanged") => Heard { changes: library(&data), ..Heard::default() },
            _ => Heard::default(),
        }
    }

    fn beat(&self) -> (Beat, Duration) {
        (Beat::Text(r#"{"MessageType":"KeepAlive"}"#), FORGETS_AFTER / 2)
    }
}

/// Half of the time after which the server forgets.
fn pause(data: &Value) -> Option<Duration> {
    let seconds = data.as_u64().or_else(|| data.as_str()?.parse().ok())?;
    Some((Duration::from_secs(seconds.min(3600)) / 2).max(SHORTEST))
}

/// What became of a library. Ids of folders and of what is not shown are among them.
fn library(data: &Value) -> Vec<LiveChange> {
    let ids = |name: &str| -> Vec<RemoteId> {
        let list = data.get(name).cloned().unwrap_or_default();
        let list: Entries<Maybe<String>> = serde_json::from_value(list).unwrap_or_default();
        list.0.iter().filter_map(|id| id.text().map(|id| RemoteId::new(plain(id)))).collect()
    };
    let mut items = ids("ItemsAdded");
    let (removed, libraries) = (ids("ItemsRemoved"), ids("CollectionFolders"));
    let mut changes = Vec::new();
    if !items.is_empty() && libraries.is_empty() {
        changes.push(LiveChange::Anything);
    }
    items.extend(ids("ItemsUpdated"));
    if !items.is_empty() {
        changes.push(LiveChange::Changed { items, libraries: libraries.clone() });
    }
    if !removed.is_empty() {
        changes.push(LiveChange::Removed(removed));
    }
    if changes.is_empty() {
        changes.extend(libraries.into_iter().map(LiveChange::LibraryRefreshed));
    }
    changes
}

/// Ids come without dashes, and from some places with them. What is no id of that form stays as it is.
fn plain(id: &str) -> String {
    let bare: String = id.chars().filter(|letter| *letter != '-').collect();
    let is_guid = bare.len() == 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_guid { bare.to_ascii_lowercase() } else { id.to_owned() }
}

/// At most [`MOST_IDS`](crate::backends::MOST_IDS) items by their ids.
pub(super) fn items_call(user_id: &str, ids: &[RemoteId]) -> Call {
    let ids: Vec<&str> = ids.iter().map(RemoteId::as_str).collect();
    by_id_call(user_id, &ids.join(","))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn hear(text: &str) -> Heard {
        JellyfinLive::new("9f0e").hear(text)
    }

    #[test]
    fn a_mark_made_elsewhere_is_read() {
        let heard = hear(
            r#"{"MessageType":"UserDataChanged","MessageId":"c0ff","Data":{"UserId":"9f0e","UserDataList":[
                {"ItemId":"0a1b","Key":"54321","Played":true,"PlaybackPositionTicks":0,"PlayCount":2,
                 "IsFavorite":false,"LastPlayedDate":"2025-01-02T03:04:05.0000000Z","Unknown":{"a":1}},
                {"Played":true}, 17, null]}}"#,
        );
        let [LiveChange::UserData(states)] = heard.changes.as_slice() else { unreachable!("{heard:?}") };
        let [(id, state)] = states.as_slice() else { unreachable!("{states:?}") };
        assert_eq!(id.as_str(), "0a1b");
        assert!(state.watched && state.play_count == 2 && state.favourite == Some(false));
        assert_eq!(state.last_played_at, "2025-01-02T03:04:05Z".parse().ok());
    }

    #[test]
    fn what_another_user_did_is_not_ours() {
        let heard = hear(
            r#"{"MessageType":"UserDataChanged","Data":{"UserId":"aaaa","UserDataList":[{"ItemId":"0a1b"}]}}"#,
        );
        assert_eq!(heard, Heard::default());
    }

    #[test]
    fn a_library_that_changed_names_its_items() {
        let heard = hear(
            r#"{"MessageType":"LibraryChanged","Data":{"FoldersAddedTo":["f1"],"FoldersRemovedFrom":[],
                "ItemsAdded":["0A1B0A1B-0a1b-0a1b-0a1b-0a1b0a1b0a1b"],"ItemsRemoved":["b"],"ItemsUpdated":["c"],
                "CollectionFolders":["f137"],"IsEmpty":false}}"#,
        );
        let id = RemoteId::new;
        let items = vec![id("0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b"), id("c")];
        let changed = LiveChange::Changed { items, libraries: vec![id("f137")] };
        assert_eq!(heard.changes, [changed, LiveChange::Removed(vec![id("b")])]);
        let heard = hear(r#"{"MessageType":"LibraryChanged","Data":{"CollectionFolders":["f137"]}}"#);
        assert_eq!(heard.changes, [LiveChange::LibraryRefreshed(id("f137"))]);
    }

    #[test]
    fn the_server_says_how_often_it_wants_a_sign_of_life() {
        let every = |text| hear(text).beat_every;
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(every(r#"{"MessageType":"ForceKeepAlive","Data":60}"#), seconds(30));
        assert_eq!(every(r#"{"MessageType":"ForceKeepAlive","Data":"20"}"#), seconds(10));
        assert_eq!(every(r#"{"MessageType":"ForceKeepAlive","Data":0}"#), Some(SHORTEST));
        assert_eq!(every(r#"{"MessageType":"KeepAlive"}"#), None);
    }

    #[test]
    fn what_is_not_known_means_nothing() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            "no json",
            r#"{"MessageType":17}"#,
            r#"{"MessageType":"LibraryChanged","Data":7}"#,
            r#"{"MessageType":"LibraryChanged","Data":{"ItemsAdded":"x","ItemsRemoved":{}}}"#,
            r#"{"MessageType":"UserDataChanged","Data":{"UserDataList":null}}"#,
            r#"{"MessageType":"HologramChanged","Data":{"ItemsAdded":["a"]}}"#,
        ] {
            assert_eq!(hear(text), Heard::default(), "{text}");
        }
    }
}
