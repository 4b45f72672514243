//! From the stored addresses of a source to the candidates of a race.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tracing::trace;

use super::policy::{self, Candidate};
use crate::db::ConnectionStat;
use crate::models::{ConnectionList, ServerConnection, ServerUrl, Tier};
use crate::net::LocalNetwork;

/// The addresses of a list that can be tried, with what is known of them on this network. Each once, and not
/// more than [`policy::MOST_CANDIDATES`], best first.
pub(super) fn candidates(
    list: &ConnectionList,
    stats: &HashMap<ServerUrl, ConnectionStat>,
    network: &LocalNetwork,
    relay_allowed: bool,
) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let mut candidates: Vec<Candidate> = list
        .connections
        .iter()
        .filter(|connection| usable(connection, relay_allowed) && seen.insert(&connection.uri))
        .map(|connection| candidate(connection, stats.get(&connection.uri), network))
        .collect();
    policy::race_order(&mut candidates);
    candidates.truncate(policy::MOST_CANDIDATES);
    candidates
}

/// A stored address with its history on the network around this machine.
pub(super) fn candidate(
    connection: &ServerConnection,
    stat: Option<&ConnectionStat>,
    network: &LocalNetwork,
) -> Candidate {
    let usual = stat.and_then(|stat| from_millis(stat.ewma_ms));
    let mut candidate = Candidate {
        usual,
        failed_last: stat.is_some_and(|stat| stat.last_error.is_some()),
        pinned: connection.pinned,
        outside: network.is_outside(&connection.uri),
        ..Candidate::new(connection.uri.clone(), connection.tier())
    };
    if let Some(usual) = usual {
        candidate.seen_at(usual);
    }
    candidate
}

fn usable(connection: &ServerConnection, relay_allowed: bool) -> bool {
    let reason = if !connection.uri.is_dialable() {
        "stands for no host"
    } else if connection.tier() == Tier::Relay && !relay_allowed {
        "the user wants no relay"
    } else if !connection.may_carry_credentials() {
        "not encrypted or not proven, and not allowed by the user"
    } else {
        return true;
    };
    trace!(uri = %connection.uri, reason, "left out");
    false
}

fn from_millis(ms: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(ms / 1000.0).ok().filter(|usual| !usual.is_zero())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn list(uris: &[&str]) -> ConnectionList {
        let connections =
            uris.iter().map(|uri| ServerConnection::new(uri.parse().unwrap(), Tier::Remote)).collect();
        ConnectionList { connections, last_check: None }
    }

    fn names(list: &ConnectionList) -> Vec<String> {
        candidates(list, &HashMap::new(), &LocalNetwork::default(), true)
            .iter()
            .map(|candidate| candidate.uri.to_string())
            .collect()
    }

    #[test]
    fn unusable_and_repeated_addresses_are_left_out() {
        let list = list(&[
            "https://a.example",
            "https://a.example/",
            "https://0.0.0.0:32400",
            "https://[fe80::1]:1",
        ]);
        assert_eq!(names(&list), ["https://a.example"]);
    }

    #[test]
    fn an_unencrypted_address_needs_the_users_word() {
        let mut list = list(&["http://192.0.2.4:8096", "http://192.0.2.5:8096", "http://127.0.0.1:8096"]);
        list.connections[1].accepted = true;
        assert_eq!(names(&list), ["http://127.0.0.1:8096", "http://192.0.2.5:8096"]);
    }

    #[test]
    fn a_list_of_ten_thousand_is_cut() {
        let uris: Vec<String> = (0..10_000).map(|i| format!("https://h{i}.example")).collect();
        let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
        assert_eq!(names(&list(&uris)).len(), policy::MOST_CANDIDATES);
    }

    #[test]
    fn a_relay_that_the_user_does_not_want_is_left_out() {
        let mut list = list(&["https://a.example", "https://relay.example"]);
        list.connections[1].relay = true;
        let found = candidates(&list, &HashMap::new(), &LocalNetwork::default(), false);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].uri.as_str(), "https://a.example");
    }

    #[test]
    fn history_is_of_this_network() {
        let list = list(&["https://a.example"]);
        let stat =
            ConnectionStat { ewma_ms: 12.0, last_error: Some("Refused".to_owned()), ..Default::default() };
        let stats = HashMap::from([("https://a.example".parse().unwrap(), stat)]);
        let found = candidates(&list, &stats, &LocalNetwork::default(), true);
        assert_eq!(found[0].usual, Some(Duration::from_millis(12)));
        assert!(found[0].failed_last);
    }
}
