//! What a failure means for a change on its way, and which of two changes counts. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::BaseState;
use crate::models::WatchState;
use crate::net::retry::Jitter;
use crate::net::{ErrorClass, ErrorKind, RetryPolicy};

/// When a failed delivery is tried again. Nothing else of this app repeats at the same moment: no jitter.
const REPEATED: RetryPolicy = RetryPolicy { jitter: Jitter::None, ..RetryPolicy::FOREVER };
/// Servers keep whole seconds: a difference below this is our own change.
const ROUNDING: TimeDelta = TimeDelta::seconds(1);
/// Places that are as near as this are the same one.
const SAME_PLACE: Duration = Duration::from_secs(2);
/// No server puts anything off for longer than this; what says so is a wrong clock.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// What becomes of a change that was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Tried again later.
    Wait,
    /// The server says that it does not know the item: a second look decides.
    LookAgain,
    /// The server has no such mark: it stays here, and nothing is left to be told.
    KeepHere,
    /// A person has to decide.
    Stuck,
}

/// What a failure of this kind means for the change.
pub(super) fn fate(kind: ErrorKind) -> Fate {
    match kind {
        ErrorKind::NotFound => Fate::LookAgain,
        ErrorKind::Unsupported => Fate::KeepHere,
        // Not of this change: somebody signs in, the keyring opens, the disk has room again.
        ErrorKind::Unauthorized | ErrorKind::Credentials | ErrorKind::Storage | ErrorKind::Cancelled => {
            Fate::Wait
        }
        kind if kind.may_pass() => Fate::Wait,
        _ => Fate::Stuck,
    }
}

/// Whether the next change would fail in the same way, so that it is not even tried.
pub(super) fn holds_up_all(kind: ErrorKind) -> bool {
    kind.class() == ErrorClass::Network
        || matches!(
            kind,
            ErrorKind::RateLimited | ErrorKind::Unauthorized | ErrorKind::Credentials | ErrorKind::Storage
        )
}

/// How long to wait after a failed delivery: 1, 2, 4 … 60 s by the deliveries that had failed before, and at least
/// as long as the server asks for.
pub(super) fn pause(failed_before: u32, retry_after: Option<Duration>) -> TimeDelta {
    // Counted from 0 here, and of the attempt that comes next there.
    let own = REPEATED.delay_before(failed_before.saturating_add(2), 0.0);
    let longest = retry_after.unwrap_or_default().min(LONGEST_PAUSE).max(own);
    TimeDelta::from_std(longest).unwrap_or(TimeDelta::MAX)
}

/// Whether somebody else has changed the item at the server after `at`, by the server's clock. What is still as it was
/// when we heard of it last was changed by nobody, whatever the server's clock says.
pub(super) fn is_newer(server: &WatchState, base: BaseState, at: DateTime<Utc>) -> bool {
    let unchanged = server.watched == base.watched && is_near(server.position, base.position);
    !unchanged && server.last_played_at.is_some_and(|played| played > at + ROUNDING)
}

/// Whether a mark as watched that may have been delivered before has arrived: some servers count plays, and would count
/// another one.
pub(super) fn has_arrived(server: &WatchState, watched: bool, at: DateTime<Utc>) -> bool {
    let is_so = server.watched == watched && server.position.is_zero();
    is_so && (!watched || server.last_played_at.is_some_and(|played| played + ROUNDING >= at))
}

fn is_near(one: Duration, other: Duration) -> bool {
    one.abs_diff(other) <= SAME_PLACE
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute() {
        let waits: Vec<i64> = (0..9).map(|failed| pause(failed, None).num_seconds()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(u32::MAX, None), TimeDelta::minutes(1));
    }

    #[test]
    fn a_server_may_ask_for_more_but_not_for_less() {
        let asked = |seconds| pause(3, Some(Duration::from_secs(seconds))).num_seconds();
        assert_eq!((asked(0), asked(5), asked(300)), (8, 8, 300));
        assert_eq!(asked(u64::MAX), 24 * 60 * 60);
    }

    #[test]
    fn every_kind_has_its_fate() {
        use ErrorKind as Kind;
        let waits = [
            Kind::Dns,
            Kind::Refused,
            Kind::ReadTimeout,
            Kind::TlsCertificate,
            Kind::CaptivePortal,
            Kind::WrongServer,
            Kind::RateLimited,
            Kind::Server,
            Kind::Unauthorized,
            Kind::Credentials,
            Kind::Offline,
            Kind::Storage,
            Kind::Cancelled,
        ];
        for kind in waits {
            assert_eq!(fate(kind), Fate::Wait, "{kind:?}");
        }
        for kind in [Kind::Forbidden, Kind::Client, Kind::Invalid, Kind::Decode, Kind::TooLarge] {
            assert_eq!(fate(kind), Fate::Stuck, "{kind:?}");
            assert!(!holds_up_all(kind), "{kind:?}");
        }
        assert_eq!(fate(Kind::NotFound), Fate::LookAgain);
        assert_eq!(fate(Kind::Unsupported), Fate::KeepHere);
        // 408 and 425 are time-outs, 429 is its own kind, 400 belongs to the others.
        assert_eq!([408, 425, 429, 400].map(|status| fate(Kind::from_status(status))), {
            [Fate::Wait, Fate::Wait, Fate::Wait, Fate::Stuck]
        });
    }

    #[test]
    fn one_item_that_fails_at_the_server_does_not_hold_up_the_others() {
        assert!(!holds_up_all(ErrorKind::Server) && !holds_up_all(ErrorKind::NotFound));
        assert!(holds_up_all(ErrorKind::Offline) && holds_up_all(ErrorKind::RateLimited));
        assert!(holds_up_all(ErrorKind::Unauthorized));
    }

    fn state(position: u64, last_played: &str) -> WatchState {
        WatchState {
            position: Duration::from_secs(position),
            last_played_at: last_played.parse().ok(),
            ..WatchState::default()
        }
    }

    fn at() -> DateTime<Utc> {
        "2026-01-02T03:04:05.600Z".parse().unwrap()
    }

    #[test]
    fn newer_means_more_than_a_second() {
        let is_newer = |state: &WatchState| is_newer(state, BaseState::default(), at());
        assert!(!is_newer(&state(60, "2026-01-02T03:04:05Z")));
        assert!(!is_newer(&state(60, "2026-01-02T03:04:06Z")));
        assert!(is_newer(&state(60, "2026-01-02T03:04:08Z")));
        assert!(!is_newer(&state(60, "")));
    }

    #[test]
    fn what_nobody_has_changed_is_not_newer_whatever_the_clock_says() {
        let base = BaseState { watched: false, position: Duration::from_mins(10) };
        let later = "2026-01-02T03:04:55Z";
        assert!(!is_newer(&state(600, later), base, at()));
        assert!(!is_newer(&state(601, later), base, at()), "servers round");
        assert!(is_newer(&state(700, later), base, at()));
        let watched = WatchState { watched: true, ..state(600, later) };
        assert!(is_newer(&watched, base, at()));
    }

    #[test]
    fn a_mark_that_has_arrived_is_known_by_its_time() {
        let watched = |time| WatchState { watched: true, ..state(0, time) };
        assert!(has_arrived(&watched("2026-01-02T03:04:05Z"), true, at()));
        assert!(has_arrived(&watched("2026-01-02T04:00:00Z"), true, at()));
        assert!(!has_arrived(&watched("2026-01-01T00:00:00Z"), true, at()), "watched the time before");
        assert!(!has_arrived(&state(0, "2026-01-02T03:04:05Z"), true, at()));
        assert!(has_arrived(&state(0, ""), false, at()));
        assert!(!has_arrived(&state(9, ""), false, at()));
    }
}
