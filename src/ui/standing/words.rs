//! Sentences about sources and their connections.

use std::time::Duration;

use chrono::{DateTime, Local, TimeDelta, Utc};
use gettextrs::{gettext, ngettext};

use super::Mark;
use crate::models::{Folder, Source, SourceKind, Tier};
use crate::services::core::connection::{Reach, Retrying, Rule, SourceStatus};
use crate::ui::clock::clock;
use crate::ui::error_text;

/// The whole sentence with the name, for an icon that stands alone.
pub(in crate::ui) fn tooltip(source: &Source, status: &SourceStatus) -> String {
    gettext("{name}: {state}").replace("{name}", &source.name).replace("{state}", &state(source, status))
}

/// How a source stands, without its name.
pub(in crate::ui) fn state(source: &Source, status: &SourceStatus) -> String {
    let mut text = match (Mark::of(source, status), source.kind) {
        (Mark::Off, _) => return gettext("turned off"),
        (mark, SourceKind::Local) => folders(mark, &source.folders),
        (Mark::Connected | Mark::Relay, _) => connected(status),
        (Mark::Unknown, _) => gettext("not checked yet"),
        (Mark::Checking, _) if status.reach == Reach::Suspect => gettext("does not answer, trying again…"),
        (Mark::Checking, _) => gettext("connecting…"),
        (Mark::SignIn, _) => gettext("sign in needed"),
        (Mark::Certificate, _) => gettext("its certificate is not trusted"),
        (Mark::Portal, _) => gettext("this network wants you to sign in first"),
        (Mark::Offline, _) => offline(status),
    };
    if let Some(left) = left(status.limited_until, Utc::now()) {
        let wait = gettext("asks to wait {time}").replace("{time}", &clock(left));
        text = format!("{text} · {wait}");
    } else if let Some(retry) = &status.retry {
        text = format!("{text} · {}", retrying(retry));
    }
    text
}

fn folders(mark: Mark, folders: &[Folder]) -> String {
    let there = folders.iter().filter(|folder| folder.away_since.is_none()).count();
    if mark != Mark::Connected {
        return match folders {
            [_, _, ..] => gettext("none of the folders is there"),
            _ => gettext("the folder is not there"),
        };
    }
    let all = folders.len();
    if all < 2 {
        return gettext("folder on this computer");
    }
    let small = u32::try_from(all).unwrap_or(u32::MAX);
    let text = if there < all {
        ngettext("{n} of {all} folder is there", "{n} of {all} folders are there", small)
    } else {
        ngettext("{all} folder on this computer", "{all} folders on this computer", small)
    };
    text.replace("{n}", &there.to_string()).replace("{all}", &all.to_string())
}

fn connected(status: &SourceStatus) -> String {
    let mut text = match status.tier {
        Some(Tier::Local) => gettext("connected, local network"),
        Some(Tier::Remote) => gettext("connected, over the internet"),
        Some(Tier::Relay) => gettext("connected through a relay, limited quality"),
        None => gettext("connected"),
    };
    if let Some(rtt) = status.rtt {
        text = format!("{text}, {}", duration_ms(rtt));
    }
    text
}

fn offline(status: &SourceStatus) -> String {
    if status.reach != Reach::Offline {
        return gettext("offline");
    }
    let since = gettext("offline since {time}").replace("{time}", &moment(status.since));
    match status.last_error {
        Some(kind) => format!("{since}. {}", error_text::kind_sentence(kind)),
        None => since,
    }
}

/// How near a connection is.
pub(in crate::ui) fn tier(tier: Tier) -> String {
    match tier {
        Tier::Local => gettext("Local network"),
        Tier::Remote => gettext("Internet"),
        Tier::Relay => gettext("Relay"),
    }
}

/// The rule that decided for the connection in use.
pub(in crate::ui) fn rule(rule: Rule) -> String {
    match rule {
        Rule::Pinned => gettext("You chose this connection, and it answers."),
        Rule::OnlyAnswer => gettext("It was the only one that answered."),
        Rule::NearerTier => gettext("It is nearer than the others that answered."),
        Rule::Fastest => gettext("It is the fastest of the nearest."),
        Rule::RelayLastResort => gettext("No direct connection answered, only the relay."),
        Rule::Verdict => gettext("It was chosen a moment ago and still answers."),
    }
}

/// `Trying again (2 of 4)…`
pub(in crate::ui) fn retrying(retry: &Retrying) -> String {
    let text = match retry.of {
        Some(of) => gettext("Trying again ({n} of {all})…").replace("{all}", &of.to_string()),
        None => gettext("Trying again ({n})…"),
    };
    text.replace("{n}", &retry.attempt.to_string())
}

/// What is left until a moment, rounded up to seconds; `None` when it is over.
pub(in crate::ui) fn left(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Duration> {
    let left = (until? - now).to_std().ok()?;
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// `3 ms`; never nothing.
pub(in crate::ui) fn duration_ms(time: Duration) -> String {
    gettext("{n} ms").replace("{n}", &time.as_millis().max(1).to_string())
}

/// A moment as people say it: the time, with the date when it was another day.
pub(in crate::ui) fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&Local);
    let today = Local::now().date_naive() == local.date_naive();
    let near = Utc::now().signed_duration_since(at) < TimeDelta::days(1);
    local.format(if today && near { "%H:%M" } else { "%x %H:%M" }).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::tests::{source, status};
    use super::*;
    use crate::models::{FolderId, FolderNumber};
    use crate::net::ErrorKind;

    #[test]
    fn the_sentence_says_where_and_how_fast() {
        let attic = source();
        let mut online = status(&attic, Reach::Online);
        online.tier = Some(Tier::Local);
        online.rtt = Some(Duration::from_micros(3_400));
        assert_eq!(tooltip(&attic, &online), "Attic: connected, local network, 3 ms");
        online.rtt = Some(Duration::from_micros(40));
        assert_eq!(tooltip(&attic, &online), "Attic: connected, local network, 1 ms");
    }

    #[test]
    fn offline_says_since_when_and_why() {
        let attic = source();
        let mut offline = status(&attic, Reach::Offline);
        offline.last_error = Some(ErrorKind::ConnectTimeout);
        let expected = format!("offline since {}. The server did not answer in time.", moment(offline.since));
        assert_eq!(state(&attic, &offline), expected);
    }

    #[test]
    fn folders_are_counted_when_there_are_several() {
        let mut home = Source { kind: SourceKind::Local, ..source() };
        let (online, offline) = (status(&home, Reach::Online), status(&home, Reach::Offline));
        let folder = |id, away_since| Folder {
            id: FolderId(id),
            number: FolderNumber::FIRST,
            path: "/films".into(),
            shown: None,
            kind: None,
            mark: None,
            away_since,
        };
        home.folders = vec![folder(1, None)];
        assert_eq!(state(&home, &online), "folder on this computer");
        assert_eq!(state(&home, &offline), "the folder is not there");
        home.folders.push(folder(2, None));
        assert_eq!(state(&home, &online), "2 folders on this computer");
        home.folders.push(folder(3, Some(Utc::now())));
        assert_eq!(state(&home, &online), "2 of 3 folders are there");
        assert_eq!(state(&home, &offline), "none of the folders is there");
    }

    #[test]
    fn repetitions_and_waits_are_counted() {
        let attic = source();
        let mut online = status(&attic, Reach::Online);
        let step = Retrying { attempt: 2, of: Some(4), delay: Duration::ZERO, kind: ErrorKind::Server };
        online.retry = Some(step);
        assert_eq!(state(&attic, &online), "connected · Trying again (2 of 4)…");
        online.limited_until = Some(Utc::now() + TimeDelta::seconds(75));
        assert_eq!(state(&attic, &online), "connected · asks to wait 1:15");
    }

    #[test]
    fn a_wait_that_is_over_is_not_shown() {
        let now = Utc::now();
        assert_eq!(left(None, now), None);
        assert_eq!(left(Some(now), now), None);
        assert_eq!(left(Some(now - TimeDelta::hours(1)), now), None);
        assert_eq!(left(Some(now + TimeDelta::milliseconds(1_200)), now), Some(Duration::from_secs(2)));
    }
}
