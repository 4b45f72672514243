//! Lasting notices above a page, with the one thing that can be done.

use gettextrs::gettext;

use super::Mark;
use crate::models::{Source, SourceId, SourceKind};
use crate::services::core::connection::SourceStatus;

/// What the button of a notice or a toast does: an action of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Action {
    /// Look whether a source answers now.
    Check(SourceId),
    /// Look at all sources.
    CheckAll,
    /// Sign in to a source again.
    SignIn(SourceId),
    /// Decide about a certificate.
    Review(SourceId),
    /// Open the sign-in page of the network.
    NetworkLogin,
}

impl Action {
    /// The name of the action.
    pub(in crate::ui) fn name(self) -> &'static str {
        match self {
            Self::Check(_) => "win.check",
            Self::CheckAll => "win.check-all",
            Self::SignIn(_) => "win.sign-in",
            Self::Review(_) => "win.review-certificate",
            Self::NetworkLogin => "win.network-login",
        }
    }

    /// The source that it is for.
    pub(in crate::ui) fn source(self) -> Option<SourceId> {
        match self {
            Self::Check(id) | Self::SignIn(id) | Self::Review(id) => Some(id),
            Self::CheckAll | Self::NetworkLogin => None,
        }
    }

    /// The word on its button.
    pub(in crate::ui) fn label(self) -> String {
        match self {
            Self::Check(_) | Self::CheckAll => gettext("Retry"),
            Self::SignIn(_) => gettext("Sign In"),
            Self::Review(_) => gettext("Review…"),
            Self::NetworkLogin => gettext("Open Network Login"),
        }
    }
}

/// A sentence, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Notice {
    /// The sentence.
    pub(in crate::ui) text: String,
    /// The button.
    pub(in crate::ui) action: Option<Action>,
}

impl Notice {
    /// What a person has to know of a source while looking at what is stored of it. Nothing while it works or
    /// is being tried.
    pub(in crate::ui) fn of(source: &Source, status: &SourceStatus) -> Option<Self> {
        let (text, action) = match Mark::of(source, status) {
            Mark::Connected | Mark::Unknown | Mark::Off | Mark::Relay | Mark::Checking => return None,
            Mark::SignIn => (
                gettext("{name} asks to sign in again. You are seeing your saved library."),
                Action::SignIn(source.id),
            ),
            Mark::Certificate => (
                gettext("The certificate of {name} is not trusted. You are seeing your saved library."),
                Action::Review(source.id),
            ),
            Mark::Portal => (
                gettext("This network wants you to sign in. You are seeing your saved library."),
                Action::NetworkLogin,
            ),
            Mark::Offline if source.kind == SourceKind::Local => {
                (gettext("{name} is not there. You are seeing your saved library."), Action::Check(source.id))
            }
            Mark::Offline => {
                (gettext("{name} is offline. You are seeing your saved library."), Action::Check(source.id))
            }
        };
        Some(Self { text: text.replace("{name}", &source.name), action: Some(action) })
    }

    /// The notice of a page that shows all sources: only when none of the servers can be reached.
    pub(in crate::ui) fn of_all(sources: &[(Source, SourceStatus)]) -> Option<Self> {
        let servers: Vec<_> =
            sources.iter().filter(|(source, _)| source.kind != SourceKind::Local && source.enabled).collect();
        let notices: Vec<Self> =
            servers.iter().filter_map(|(source, status)| Self::of(source, status)).collect();
        if notices.is_empty() || notices.len() < servers.len() {
            return None;
        }
        let portal = notices.iter().find(|notice| notice.action == Some(Action::NetworkLogin));
        match (portal, notices.as_slice()) {
            (Some(portal), _) => Some(portal.clone()),
            (None, [only]) => Some(only.clone()),
            _ => Some(Self {
                text: gettext("None of your servers can be reached. You are seeing your saved library."),
                action: Some(Action::CheckAll),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{source, status};
    use super::*;
    use crate::services::core::connection::Reach;

    #[test]
    fn a_notice_has_the_name_and_the_remedy() {
        let attic = source();
        let notice = |reach| Notice::of(&attic, &status(&attic, reach));
        for reach in [Reach::Unknown, Reach::Checking, Reach::Suspect, Reach::Online] {
            assert_eq!(notice(reach), None, "{reach:?}");
        }
        let table = [
            (Reach::Offline, "Attic is offline.", Action::Check(attic.id)),
            (Reach::SignInNeeded, "Attic asks to sign in again.", Action::SignIn(attic.id)),
            (Reach::CertificateProblem, "The certificate of Attic", Action::Review(attic.id)),
            (Reach::CaptivePortal, "This network wants", Action::NetworkLogin),
        ];
        for (reach, begin, action) in table {
            let notice = notice(reach);
            assert!(notice.as_ref().is_some_and(|notice| notice.text.starts_with(begin)), "{notice:?}");
            assert_eq!(notice.and_then(|notice| notice.action), Some(action));
        }
    }

    #[test]
    fn a_page_of_all_sources_says_nothing_while_one_server_answers() {
        let (attic, cellar) = (source(), source());
        let pair = |one, two| {
            Notice::of_all(&[(attic.clone(), status(&attic, one)), (cellar.clone(), status(&cellar, two))])
        };
        assert_eq!(pair(Reach::Online, Reach::Offline), None);
        assert_eq!(
            pair(Reach::Offline, Reach::Offline).and_then(|notice| notice.action),
            Some(Action::CheckAll)
        );
        let portal = pair(Reach::Offline, Reach::CaptivePortal);
        assert_eq!(portal.and_then(|notice| notice.action), Some(Action::NetworkLogin));
        assert_eq!(Notice::of_all(&[]), None);
    }
}
