//! How much of a library has to be asked for: all of it, or what changed since the last time. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::backends::LibraryRecord;
use crate::db::SyncRecord;
use crate::models::ItemKind;

/// Every listing is made whole again after this: what was marked as not watched or as no favourite any more shows in
/// no list of changes.
const WHOLE_EVERY: TimeDelta = TimeDelta::days(1);

/// What is remembered of the last sync of a library, as JSON in the database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    /// When it was asked, by the server's clock.
    pub(super) since: Option<DateTime<Utc>>,
    /// The library's revision then.
    pub(super) revision: Option<String>,
    /// How many items of each kind the server said to have then.
    pub(super) totals: BTreeMap<String, u32>,
}

impl Cursor {
    /// What is stored; the default when nothing is, or it cannot be read.
    pub(super) fn of(record: &SyncRecord) -> Self {
        let stored = record.cursor.as_deref();
        stored.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// As JSON.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many items of a kind the server had.
    pub(super) fn total(&self, kind: ItemKind) -> Option<u32> {
        self.totals.get(kind.as_str()).copied()
    }

    /// Remembers how many items of a kind the server has.
    pub(super) fn set_total(&mut self, kind: ItemKind, total: u32) {
        self.totals.insert(kind.as_str().to_owned(), total);
    }
}

/// What a sync of a library does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plan {
    /// Its first listing, from where an earlier run has come to.
    First,
    /// All of it.
    Whole,
    /// What changed since.
    Changes {
        /// By the server's clock.
        since: DateTime<Utc>,
        /// Whether descriptions may have changed, and not only what the user did.
        described: bool,
    },
}

/// Decides for one library of a server.
pub(super) fn plan(stored: &SyncRecord, cursor: &Cursor, record: &LibraryRecord, now: DateTime<Utc>) -> Plan {
    let Some(whole) = stored.last_full else { return Plan::First };
    // A clock that was put back must not make a listing last for years.
    let is_recent = whole <= now && now - whole < WHOLE_EVERY;
    match cursor.since {
        Some(since) if is_recent => {
            let described = cursor.revision.is_none() || cursor.revision != record.revision;
            Plan::Changes { since, described }
        }
        _ => Plan::Whole,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::models::{LibraryKind, RemoteId};

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn record(revision: Option<&str>) -> LibraryRecord {
        let library = LibraryRecord::new(RemoteId::new("1"), LibraryKind::Movies, "Films");
        LibraryRecord { revision: revision.map(str::to_owned), ..library }
    }

    fn planned(last_full: Option<i64>, since: Option<i64>, revisions: [Option<&str>; 2], now: i64) -> Plan {
        let revision = revisions[0].map(str::to_owned);
        let cursor = Cursor { since: since.map(at), revision, ..Cursor::default() };
        let stored = SyncRecord {
            last_full: last_full.map(at),
            cursor: Some(cursor.to_json()),
            ..SyncRecord::default()
        };
        assert_eq!(Cursor::of(&stored), cursor);
        plan(&stored, &cursor, &record(revisions[1]), at(now))
    }

    #[test]
    fn a_library_that_was_never_complete_is_listed_from_where_it_was_left() {
        assert_eq!(planned(None, Some(99), [None, None], 100), Plan::First);
    }

    #[test]
    fn changes_are_asked_for_within_a_day_of_a_whole_listing() {
        let changes = |described| Plan::Changes { since: at(99), described };
        assert_eq!(planned(Some(90), Some(99), [None, None], 100), changes(true));
        assert_eq!(planned(Some(90), Some(99), [Some("1/2"), Some("1/2")], 100), changes(false));
        assert_eq!(planned(Some(90), Some(99), [Some("1/2"), Some("2/2")], 100), changes(true));
        assert_eq!(planned(Some(90), Some(99), [Some("1/2"), None], 100), changes(true));
        assert_eq!(planned(Some(76), Some(99), [None, None], 100), Plan::Whole, "a day");
        assert_eq!(planned(Some(90), None, [None, None], 100), Plan::Whole, "no server's clock");
    }

    #[test]
    fn a_clock_that_jumps_back_brings_a_whole_listing() {
        assert_eq!(planned(Some(9000), Some(99), [None, None], 100), Plan::Whole);
    }

    #[test]
    fn what_cannot_be_read_counts_as_nothing() {
        for cursor in ["", "17", "{\"since\":[]}", "null"] {
            let stored = SyncRecord { cursor: Some(cursor.to_owned()), ..SyncRecord::default() };
            assert_eq!(Cursor::of(&stored), Cursor::default(), "{cursor}");
        }
    }
}
