//! What is said of a source in the list. Pure.

use gettextrs::{gettext, ngettext};

use super::messages::Activity;
use crate::models::{Source, SourceKind};
use crate::services::core::connection::SourceStatus;
use crate::services::core::library::SourceLibraries;
use crate::ui::standing::{self, Mark};
use crate::ui::{error_text, text};

/// State, type and user, size of the library, last sync and what waits, in sentences.
pub(super) fn describe(
    entry: &SourceLibraries,
    status: &SourceStatus,
    waiting: usize,
    activity: &Activity,
) -> String {
    let source = &entry.source;
    let mut facts = vec![titles(entry)];
    if let Some(at) = source.last_sync {
        facts.push(gettext("last read {time}").replace("{time}", &text::day_and_time(at)));
    }
    let mut lines = vec![state(entry, status, activity), kind_and_user(source), facts.join(" · ")];
    lines.extend(changes(waiting));
    lines.join("\n")
}

/// `16 titles`
pub(super) fn titles(entry: &SourceLibraries) -> String {
    let items: u32 = entry.libraries.iter().map(|library| library.item_count).sum();
    ngettext("{n} title", "{n} titles", items).replace("{n}", &items.to_string())
}

fn changes(waiting: usize) -> Option<String> {
    let small = u32::try_from(waiting).unwrap_or(u32::MAX);
    let text = ngettext("{n} change waits for the server", "{n} changes wait for the server", small);
    (waiting > 0).then(|| text.replace("{n}", &waiting.to_string()))
}

fn kind_and_user(source: &Source) -> String {
    // The first two are names of products.
    let kind = match source.kind {
        SourceKind::Plex => "Plex".to_owned(),
        SourceKind::Jellyfin => "Jellyfin".to_owned(),
        SourceKind::Local => gettext("Folder"),
    };
    match &source.user {
        Some(user) => {
            let signed_in = gettext("signed in as {user}").replace("{user}", &user.name);
            format!("{kind} · {signed_in}")
        }
        None => kind,
    }
}

fn state(entry: &SourceLibraries, status: &SourceStatus, activity: &Activity) -> String {
    let source = &entry.source;
    let mark = Mark::of(source, status);
    if mark == Mark::Off {
        return gettext("Turned off: its library is hidden here, nothing is deleted");
    }
    if let Some(progress) = &activity.syncing {
        let reading = gettext("Reading the library…");
        return match progress.count() {
            Some(count) => format!("{reading} {count}"),
            None => reading,
        };
    }
    if activity.asking {
        return gettext("Asking plex.tv where the server is…");
    }
    // A sync that failed has a reason of its own, unless the source cannot be reached at all.
    if let Some(failure) = activity.failure.filter(|_| !mark.is_trouble()) {
        return error_text::kind_sentence(failure);
    }
    match (source.kind, source.folders.as_slice()) {
        (SourceKind::Local, [folder]) if mark == Mark::Connected => folder.place(),
        _ => text::capital(&standing::state(source, status)),
    }
}

/// What is lost with a source, and what is not.
pub(super) fn removal(entry: &SourceLibraries, waiting: usize) -> String {
    let (here, there) = match entry.source.kind {
        SourceKind::Local => (
            gettext(
                "Its library ({titles}) with your places and marks, and its pictures, are deleted on this computer.",
            ),
            gettext("Nothing is deleted in the folder."),
        ),
        _ => (
            gettext(
                "Its library ({titles}) with your places and marks, its pictures and its sign-in are deleted on this computer.",
            ),
            gettext("Nothing is deleted on the server."),
        ),
    };
    let here = here.replace("{titles}", &titles(entry));
    let small = u32::try_from(waiting).unwrap_or(u32::MAX);
    let lost = ngettext(
        "{n} change that the server does not know yet is lost.",
        "{n} changes that the server does not know yet are lost.",
        small,
    );
    let lost = (waiting > 0).then(|| lost.replace("{n}", &waiting.to_string()));
    [Some(here), lost, Some(there)].into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::SourceUser;
    use crate::services::core::connection::Reach;
    use crate::ui::standing::tests::{source, status};
    use crate::ui::sync_text::Progress;

    fn attic() -> SourceLibraries {
        let user = SourceUser { id: "1".to_owned(), name: "ana".to_owned() };
        SourceLibraries { source: Source { user: Some(user), ..source() }, libraries: Vec::new() }
    }

    #[test]
    fn a_source_is_described_in_sentences() {
        let attic = attic();
        let online = status(&attic.source, Reach::Online);
        let said = describe(&attic, &online, 2, &Activity::default());
        assert_eq!(said, "Connected\nJellyfin · signed in as ana\n0 titles\n2 changes wait for the server");
        let syncing =
            Activity { syncing: Some(Progress { done: 1, ..Progress::default() }), ..Activity::default() };
        assert!(describe(&attic, &online, 0, &syncing).starts_with("Reading the library…\n"));
    }

    #[test]
    fn one_that_is_off_says_that_nothing_is_lost() {
        let mut attic = attic();
        attic.source.enabled = false;
        let busy = Activity {
            syncing: Some(Progress { done: 1, ..Progress::default() }),
            asking: true,
            failure: None,
        };
        let said = describe(&attic, &status(&attic.source, Reach::Offline), 0, &busy);
        assert!(said.starts_with("Turned off: its library is hidden here, nothing is deleted\n"), "{said}");
    }

    #[test]
    fn a_removal_names_what_is_lost_here_and_what_stays_there() {
        let mut attic = attic();
        let said = removal(&attic, 1);
        assert!(
            said.contains("0 titles") && said.contains("1 change that the server does not know yet is lost.")
        );
        assert!(said.ends_with("Nothing is deleted on the server."));
        attic.source.kind = SourceKind::Local;
        let said = removal(&attic, 0);
        assert!(!said.contains("lost") && !said.contains("sign-in"), "{said}");
        assert!(said.ends_with("Nothing is deleted in the folder."));
    }
}
