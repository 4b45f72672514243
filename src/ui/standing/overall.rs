//! All sources in one icon and one line.

use std::time::Duration;

use chrono::{DateTime, Utc};
use gettextrs::gettext;

use super::{Mark, is_up, left, retrying, tooltip};
use crate::models::{Source, SourceKind};
use crate::net::{NetworkConnectivity, NetworkState};
use crate::services::core::connection::SourceStatus;
use crate::ui::clock::clock;

/// All sources in one icon and one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Overall {
    /// The worst mark of all, with the sentence of its source, when a person has to know.
    pub(in crate::ui) worst: Option<(Mark, String)>,
    /// The line; empty without a server.
    pub(in crate::ui) line: String,
    /// Whether the line counts seconds.
    pub(in crate::ui) counts: bool,
}

impl Overall {
    /// At this moment.
    pub(in crate::ui) fn of(
        sources: &[(Source, SourceStatus)],
        network: NetworkState,
        now: DateTime<Utc>,
    ) -> Self {
        let enabled = || sources.iter().filter(|(source, _)| source.enabled);
        let worst = enabled()
            .map(|(source, status)| (Mark::of(source, status), source, status))
            .filter(|(mark, ..)| mark.is_trouble())
            .max_by_key(|(mark, ..)| *mark)
            .map(|(mark, source, status)| (mark, tooltip(source, status)));
        let servers: Vec<_> = enabled().filter(|(source, _)| source.kind != SourceKind::Local).collect();
        let waits =
            servers.iter().filter_map(|(source, status)| Some((source, left(status.limited_until, now)?)));
        let longest: Option<(&Source, Duration)> = waits.max_by_key(|(_, left)| *left);
        let repeats = servers.iter().find_map(|(source, status)| Some((source, status.retry.as_ref()?)));
        let line = match (longest, repeats) {
            (Some((source, left)), _) => gettext("{name} asks to wait {time}")
                .replace("{name}", &source.name)
                .replace("{time}", &clock(left)),
            (None, Some((source, retry))) => format!("{}: {}", source.name, retrying(retry)),
            (None, None) if servers.is_empty() => String::new(),
            (None, None) => counted(&servers, network),
        };
        Self { worst, line, counts: longest.is_some() }
    }
}

fn counted(servers: &[&(Source, SourceStatus)], network: NetworkState) -> String {
    let marks = servers.iter().map(|(source, status)| Mark::of(source, status));
    if marks.clone().any(|mark| mark == Mark::Portal) {
        return gettext("This network wants you to sign in");
    }
    let online = servers.iter().filter(|(source, status)| is_up(source, status)).count();
    // The way to the internet is missing: worth a word only where no server answers without it.
    if online == 0 && network.connectivity == NetworkConnectivity::Portal {
        return gettext("This network wants you to sign in");
    }
    if online == 0 && !network.available {
        return gettext("No network");
    }
    gettext("{online} of {all} connected")
        .replace("{online}", &online.to_string())
        .replace("{all}", &servers.len().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use chrono::TimeDelta;

    use super::super::tests::{source, status};
    use super::*;
    use crate::net::ErrorKind;
    use crate::services::core::connection::{Reach, Retrying};

    #[test]
    fn the_worst_of_all_is_told_and_what_heals_by_itself_is_not() {
        let (attic, cellar) = (source(), source());
        let of = |one, two| {
            let list = [(attic.clone(), status(&attic, one)), (cellar.clone(), status(&cellar, two))];
            Overall::of(&list, NetworkState::default(), Utc::now())
        };
        assert_eq!(of(Reach::Online, Reach::Checking).worst, None);
        assert_eq!(of(Reach::SignInNeeded, Reach::Offline).worst.unwrap().0, Mark::Offline);
        assert_eq!(of(Reach::Online, Reach::Offline).line, "1 of 2 connected");
        assert_eq!(of(Reach::Online, Reach::CaptivePortal).line, "This network wants you to sign in");
    }

    #[test]
    fn without_a_network_that_is_said_unless_a_server_answers() {
        let attic = source();
        let none = NetworkState { available: false, ..NetworkState::default() };
        let portal = NetworkState { connectivity: NetworkConnectivity::Portal, ..NetworkState::default() };
        let line =
            |reach, network| Overall::of(&[(attic.clone(), status(&attic, reach))], network, Utc::now()).line;
        assert_eq!(line(Reach::Offline, none), "No network");
        assert_eq!(line(Reach::Offline, portal), "This network wants you to sign in");
        assert_eq!(line(Reach::Online, none), "1 of 1 connected");
    }

    #[test]
    fn a_wait_is_counted_down_and_a_repetition_named() {
        let attic = source();
        let mut status = status(&attic, Reach::Online);
        let now = Utc::now();
        status.retry =
            Some(Retrying { attempt: 3, of: Some(4), delay: Duration::ZERO, kind: ErrorKind::Server });
        let overall = Overall::of(&[(attic.clone(), status.clone())], NetworkState::default(), now);
        assert_eq!((overall.line.as_str(), overall.counts), ("Attic: Trying again (3 of 4)…", false));
        status.limited_until = Some(now + TimeDelta::seconds(12));
        let overall = Overall::of(&[(attic, status)], NetworkState::default(), now);
        assert_eq!((overall.line.as_str(), overall.counts), ("Attic asks to wait 0:12", true));
    }
}
