//! The servers of an account as they are offered: in which section, what is said of each, which are taken. Pure.

use gettextrs::gettext;

use crate::backends::plex::tv::PlexServer;
use crate::models::{AuthStatus, MachineId, Source, SourceKind};

/// From so many servers on there is an entry to search them.
pub(super) const MANY: usize = 13;

/// Names are shown up to this length: some are nonsense, and laying out long ones takes time.
const LONGEST_NAME: usize = 120;

/// Whose a server is, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    /// The account's own.
    Yours,
    /// Of somebody in the same Home.
    Home,
    /// Of somebody else.
    Shared,
}

impl Section {
    pub(super) fn title(self) -> String {
        match self {
            Self::Yours => gettext("Your Servers"),
            Self::Home => gettext("In Your Home"),
            Self::Shared => gettext("Shared With You"),
        }
    }
}

/// A server that can be added, or was.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) server: PlexServer,
    pub(super) section: Section,
    /// It is a source of this user already, and needs nothing.
    pub(super) is_added: bool,
    /// It is checked at the beginning.
    pub(super) is_wanted: bool,
}

impl Choice {
    /// Its name, short enough to be shown.
    pub(super) fn name(&self) -> String {
        shorten(&self.server.name)
    }

    /// Whose it is and whether it runs, as far as plex.tv knows.
    pub(super) fn subtitle(&self) -> String {
        if self.is_added {
            // Translators: of a server that is a source already
            return gettext("Added");
        }
        let presence =
            if self.server.presence { gettext("Online") } else { gettext("Offline at the moment") };
        match (self.section, &self.server.source_title) {
            (Section::Shared, Some(owner)) => {
                // Translators: who shares a server, and whether it runs: “Shared by Ana · Online”
                let words = gettext("Shared by {name} · {presence}");
                words.replace("{presence}", &presence).replace("{name}", &shorten(owner))
            }
            _ => presence,
        }
    }

    /// Whether a search finds it, by its name or its owner's.
    pub(super) fn matches(&self, text: &str) -> bool {
        let wanted = text.trim().to_lowercase();
        let owner = self.server.source_title.as_deref().unwrap_or_default();
        wanted.is_empty()
            || self.server.name.to_lowercase().contains(&wanted)
            || owner.to_lowercase().contains(&wanted)
    }
}

/// The servers of an account in the order of their sections. `only` is a server that is to be checked and no
/// other; without it these are the account's own and its Home's, or the only one that there is. Of many none is: nobody
/// looks through them all.
pub(super) fn choices(
    servers: &[PlexServer],
    sources: &[Source],
    account: &str,
    only: Option<&MachineId>,
) -> Vec<Choice> {
    let mut choices: Vec<Choice> = servers
        .iter()
        .map(|server| {
            let section = match (server.owned, server.home) {
                (true, _) => Section::Yours,
                (false, true) => Section::Home,
                (false, false) => Section::Shared,
            };
            let is_added = sources.iter().any(|source| is_source(source, server, account));
            let is_usual = section != Section::Shared && servers.len() < MANY || servers.len() == 1;
            let is_wanted = only.map_or(is_usual, |machine| server.machine_id == *machine);
            Choice { server: server.clone(), section, is_added, is_wanted: is_wanted && !is_added }
        })
        .collect();
    choices.sort_by_key(|choice| choice.section);
    choices
}

/// Whether a source is this server for this account, and signed in: one that is not may be added again.
fn is_source(source: &Source, server: &PlexServer, account: &str) -> bool {
    source.kind == SourceKind::Plex
        && source.machine_id.as_ref() == Some(&server.machine_id)
        && source.user.as_ref().is_some_and(|user| user.id == account)
        && source.auth_status == AuthStatus::SignedIn
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= LONGEST_NAME {
        return text.to_owned();
    }
    text.chars().take(LONGEST_NAME).chain(['…']).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn server(name: &str, owned: bool, home: bool) -> PlexServer {
        PlexServer {
            name: name.to_owned(),
            machine_id: MachineId::new(name),
            owned,
            home,
            source_title: (!owned).then(|| "Ana".to_owned()),
            presence: true,
            public_address_matches: false,
            access_token: "token".into(),
            connections: Vec::new(),
        }
    }

    fn shown(choices: &[Choice]) -> Vec<(&str, Section, bool)> {
        let row = |choice: &'_ Choice| (choice.section, choice.is_wanted);
        choices.iter().map(|choice| (choice.server.name.as_str(), row(choice).0, row(choice).1)).collect()
    }

    #[test]
    fn servers_stand_in_sections_and_those_of_others_are_not_chosen() {
        let servers =
            [server("shared", false, false), server("home", false, true), server("own", true, false)];
        let found = choices(&servers, &[], "ana", None);
        let expected = [
            ("own", Section::Yours, true),
            ("home", Section::Home, true),
            ("shared", Section::Shared, false),
        ];
        assert_eq!(shown(&found), expected);
        assert_eq!(found[2].subtitle(), "Shared by Ana · Online");
        assert_eq!(found[0].subtitle(), "Online");
    }

    #[test]
    fn the_only_server_is_chosen_whoever_it_belongs_to() {
        assert!(choices(&[server("shared", false, false)], &[], "ana", None)[0].is_wanted);
    }

    #[test]
    fn of_many_servers_none_is_chosen_unseen() {
        for (count, expected) in [(MANY - 1, MANY - 1), (MANY, 0)] {
            let servers: Vec<PlexServer> = (0..count).map(|n| server(&n.to_string(), true, false)).collect();
            let found = choices(&servers, &[], "ana", None);
            assert_eq!(found.iter().filter(|choice| choice.is_wanted).count(), expected, "{count}");
        }
    }

    #[test]
    fn for_another_user_only_the_server_in_question_is_chosen() {
        let servers = [server("own", true, false), server("shared", false, false)];
        let found = choices(&servers, &[], "ana", Some(&MachineId::new("shared")));
        assert_eq!(shown(&found), [("own", Section::Yours, false), ("shared", Section::Shared, true)]);
    }

    #[test]
    fn a_search_finds_names_and_owners_in_any_case() {
        let found = choices(&[server("Ümläut", false, false)], &[], "ana", None);
        for (text, expected) in [("", true), ("ÜML", true), (" ana ", true), ("cellar", false)] {
            assert_eq!(found[0].matches(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_without_end_is_cut() {
        let found = choices(&[server(&"ü".repeat(10_000), true, false)], &[], "ana", None);
        assert_eq!(found[0].name().chars().count(), LONGEST_NAME + 1);
    }
}
