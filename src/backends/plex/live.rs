//! What the server tells over its notifications (`docs/protocols.md#plex-notifications`). Reading is pure.
//!
//! There is no message for what somebody watched: items that were played, or that the server touched, are asked for.

use std::time::Duration;

use super::dto::{ActivityNotice, LiveEnvelope, NoticeContainer, PlayingNotice, TimelineEntry};
use crate::backends::LiveChange;
use crate::backends::live::{Beat, Heard, LiveProtocol};
use crate::models::RemoteId;
use crate::net::Call;

/// Signs of life: routers forget connections that are silent for less than a minute.
const BEAT: Duration = Duration::from_secs(25);
/// The only library of items: others are of plug-ins.
const LIBRARY: &str = "com.plexapp.plugins.library";
/// State of an item in a timeline: read to its end.
const READY: i64 = 5;
/// State of an item in a timeline: gone.
const DELETED: i64 = 9;

/// The handshake; some versions know another path only.
pub(super) fn calls() -> [Call; 2] {
    [Call::get("/:/websockets/notifications"), Call::get("/:/websocket/notifications")]
}

/// How a Media Server speaks.
#[derive(Debug)]
pub(super) struct PlexLive;

impl LiveProtocol for PlexLive {
    fn hear(&self, text: &str) -> Heard {
        let Ok(envelope) = serde_json::from_str::<LiveEnvelope>(text) else { return Heard::default() };
        let container = envelope.container;
        let changes = match container.kind.text() {
            Some("timeline") => timeline(&container),
            Some("playing") => playing(&container.playing.0),
            Some("activity") => activities(&container.activities.0),
            _ => Vec::new(),
        };
        Heard { changes, beat_every: None }
    }

    fn beat(&self) -> (Beat, Duration) {
        (Beat::Ping, BEAT)
    }
}

fn timeline(container: &NoticeContainer) -> Vec<LiveChange> {
    let entries = || {
        let ours = |entry: &&TimelineEntry| entry.identifier.text().is_none_or(|name| name == LIBRARY);
        container.timeline.0.iter().filter(ours)
    };
    let ids = |state: i64| -> Vec<RemoteId> {
        let of_state = entries().filter(|entry| entry.state.get() == Some(state));
        of_state.filter_map(|entry| id(entry.item_id.get())).collect()
    };
    let (items, removed) = (ids(READY), ids(DELETED));
    let mut changes = Vec::new();
    if !items.is_empty() {
        let ready = entries().filter(|entry| entry.state.get() == Some(READY));
        let mut libraries: Vec<RemoteId> = ready.filter_map(|entry| id(entry.section_id.get())).collect();
        libraries.sort();
        libraries.dedup();
        changes.push(LiveChange::Changed { items, libraries });
    }
    if !removed.is_empty() {
        changes.push(LiveChange::Removed(removed));
    }
    changes
}

/// Items whose playback paused or ended; while one goes on its place changes all the time.
fn playing(notices: &[PlayingNotice]) -> Vec<LiveChange> {
    let rests = |notice: &&PlayingNotice| matches!(notice.state.text(), Some("stopped" | "paused"));
    let items: Vec<RemoteId> =
        notices.iter().filter(rests).filter_map(|notice| id(notice.rating_key.get())).collect();
    if items.is_empty() { Vec::new() } else { vec![LiveChange::Changed { items, libraries: Vec::new() }] }
}

/// Libraries that the server has finished reading.
fn activities(notices: &[ActivityNotice]) -> Vec<LiveChange> {
    let ended = notices.iter().filter(|notice| notice.event.text() == Some("ended"));
    let of_section = ended.filter(|notice| notice.activity.kind.text() == Some("library.update.section"));
    of_section
        .filter_map(|notice| id(notice.activity.context.section_id.get()))
        .map(LiveChange::LibraryRefreshed)
        .collect()
}

/// `-1` stands for none.
fn id(told: Option<String>) -> Option<RemoteId> {
    told.filter(|id| id != "-1").map(RemoteId::new)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn hear(text: &str) -> Vec<LiveChange> {
        PlexLive.hear(text).changes
    }

    fn changed(items: &[&str], libraries: &[&str]) -> LiveChange {
        let ids = |list: &[&str]| list.iter().map(|id| RemoteId::new(*id)).collect();
        LiveChange::Changed { items: ids(items), libraries: ids(libraries) }
    }

    #[test]
    fn a_playback_that_rests_changes_its_item() {
        let said = |state: &str| {
            hear(&format!(
                r#"{{"NotificationContainer":{{"type":"playing","size":1,"PlaySessionStateNotification":[{{
                "sessionKey":"104","clientIdentifier":"x","guid":"","ratingKey":"1049","url":"",
                "key":"/library/metadata/1049","viewOffset":120000,"playQueueItemID":7,"state":"{state}"}}]}}}}"#
            ))
        };
        assert_eq!(said("stopped"), [changed(&["1049"], &[])]);
        assert_eq!(said("paused"), [changed(&["1049"], &[])]);
        assert_eq!(said("playing"), []);
    }

    #[test]
    fn only_what_is_ready_or_gone_counts_in_a_timeline() {
        let heard = hear(
            r#"{"NotificationContainer":{"type":"timeline","size":4,"TimelineEntry":[
                {"identifier":"com.plexapp.plugins.library","sectionID":"1","itemID":"1049","state":5,"type":1},
                {"identifier":"com.plexapp.plugins.library","sectionID":1,"itemID":1050,"state":"5"},
                {"identifier":"com.plexapp.plugins.library","sectionID":"1","itemID":"1051","state":3},
                {"identifier":"com.plexapp.plugins.library","sectionID":"1","itemID":"1052","state":9},
                {"identifier":"com.plexapp.plugins.music","sectionID":"1","itemID":"1053","state":5},
                {"sectionID":"-1","itemID":"-1","state":5}, "x"]}}"#,
        );
        let gone = LiveChange::Removed(vec![RemoteId::new("1052")]);
        assert_eq!(heard, [changed(&["1049", "1050"], &["1"]), gone]);
    }

    #[test]
    fn a_section_that_was_read_is_told_once_it_is_done() {
        let said = |event: &str, kind: &str| {
            hear(&format!(
                r#"{{"NotificationContainer":{{"type":"activity","ActivityNotification":[{{"event":"{event}",
                "uuid":"u","Activity":{{"type":"{kind}","progress":40,"Context":{{"librarySectionID":"2"}}}}}}]}}}}"#
            ))
        };
        let done = [LiveChange::LibraryRefreshed(RemoteId::new("2"))];
        assert_eq!(said("ended", "library.update.section"), done);
        assert_eq!(said("updated", "library.update.section"), []);
        assert_eq!(said("ended", "media.generate"), []);
    }

    #[test]
    fn what_is_not_known_means_nothing() {
        for text in [
            "",
            "null",
            "{}",
            "[1]",
            r#"{"NotificationContainer":7}"#,
            r#"{"NotificationContainer":{"type":"hologram","size":1}}"#,
            r#"{"NotificationContainer":{"type":"timeline","TimelineEntry":"x"}}"#,
            r#"{"NotificationContainer":{"type":"playing"}}"#,
            r#"{"NotificationContainer":{"type":"activity","ActivityNotification":[{"event":"ended"}]}}"#,
        ] {
            assert_eq!(hear(text), [], "{text}");
        }
    }
}
