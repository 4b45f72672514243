//! Many answers become few servers. Pure.

use std::net::IpAddr;

use super::answer::Answer;
use crate::models::{MachineId, ServerUrl, SourceKind};

/// Most servers of one search: more than any network has.
pub const MOST_SERVERS: usize = 64;
/// Most servers that one sender can claim to be, so that one stranger does not crowd out everybody else.
pub const MOST_PER_SENDER: usize = 8;
/// Most addresses of one server.
pub const MOST_ADDRESSES: usize = 8;

/// A server that has answered. Nothing of it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// Plex or Jellyfin.
    pub kind: SourceKind,
    /// Who it says it is.
    pub machine_id: MachineId,
    /// Its name, fit to be shown; the sender's address when it has none.
    pub name: String,
    /// Where it may be, each once: what it says itself, then what its packets say.
    pub addresses: Vec<ServerUrl>,
    /// Where its first packet came from.
    pub sender: IpAddr,
}

/// The servers of a search so far.
#[derive(Debug, Default)]
pub(super) struct Gathered(Vec<Discovered>);

impl Gathered {
    /// Takes an answer in; gives the server when something about it is new.
    pub(super) fn take(&mut self, answer: Answer, sender: IpAddr) -> Option<Discovered> {
        let same =
            |known: &&mut Discovered| known.kind == answer.kind && known.machine_id == answer.machine_id;
        if let Some(known) = self.0.iter_mut().find(same) {
            let before = known.addresses.len();
            add(&mut known.addresses, answer.addresses);
            return (known.addresses.len() > before).then(|| known.clone());
        }
        let of_sender = self.0.iter().filter(|known| known.sender == sender).count();
        if self.0.len() >= MOST_SERVERS || of_sender >= MOST_PER_SENDER {
            return None;
        }
        let mut addresses = Vec::new();
        add(&mut addresses, answer.addresses);
        let name = answer.name.unwrap_or_else(|| sender.to_string());
        let new = Discovered { kind: answer.kind, machine_id: answer.machine_id, name, addresses, sender };
        self.0.push(new.clone());
        Some(new)
    }
}

fn add(known: &mut Vec<ServerUrl>, fresh: Vec<ServerUrl>) {
    for address in fresh {
        if known.len() < MOST_ADDRESSES && !known.contains(&address) {
            known.push(address);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn answer(kind: SourceKind, id: &str, addresses: &[&str]) -> Answer {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        Answer { kind, machine_id: MachineId::new(id), name: None, addresses }
    }

    fn sender(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn answers_of_one_server_are_merged_and_only_news_is_told() {
        let mut gathered = Gathered::default();
        let one = |addresses: &[&str]| answer(SourceKind::Jellyfin, "a", addresses);
        let first = gathered.take(one(&["http://192.0.2.1:8096"]), sender(1)).unwrap();
        assert_eq!((first.name.as_str(), first.addresses.len()), ("192.0.2.1", 1));
        assert_eq!(gathered.take(one(&["http://192.0.2.1:8096"]), sender(1)), None);
        let more =
            gathered.take(one(&["http://192.0.2.2:8096", "http://192.0.2.1:8096"]), sender(2)).unwrap();
        assert_eq!((more.addresses.len(), more.sender), (2, sender(1)));
    }

    #[test]
    fn the_same_id_of_another_kind_is_another_server() {
        let mut gathered = Gathered::default();
        assert!(
            gathered.take(answer(SourceKind::Jellyfin, "a", &["http://192.0.2.1:1"]), sender(1)).is_some()
        );
        assert!(gathered.take(answer(SourceKind::Plex, "a", &["http://192.0.2.1:1"]), sender(1)).is_some());
    }

    #[test]
    fn one_sender_does_not_crowd_out_others_and_the_whole_is_bounded() {
        let mut gathered = Gathered::default();
        let mut told = |id: usize, from: u8| {
            let answer = answer(SourceKind::Plex, &format!("id{id}"), &["http://192.0.2.1:1"]);
            gathered.take(answer, sender(from)).is_some()
        };
        assert_eq!((0..1000).filter(|id| told(*id, 1)).count(), MOST_PER_SENDER);
        assert!(told(2000, 2));
        let all = (3..200).flat_map(|from| (0..8).map(move |n| (10_000 + usize::from(from) * 8 + n, from)));
        assert_eq!(all.filter(|(id, from)| told(*id, *from)).count(), MOST_SERVERS - MOST_PER_SENDER - 1);
    }

    #[test]
    fn addresses_of_one_server_are_bounded() {
        let mut gathered = Gathered::default();
        let all: Vec<String> = (0..1000).map(|n| format!("http://h{n}.example")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let found = gathered.take(answer(SourceKind::Plex, "a", &all), sender(1)).unwrap();
        assert_eq!(found.addresses.len(), MOST_ADDRESSES);
        assert_eq!(gathered.take(answer(SourceKind::Plex, "a", &["http://late.example"]), sender(1)), None);
    }
}
