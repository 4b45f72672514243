//! How a source stands, as people see it: a mark, a sentence, and what can be done about it.
//!
//! Pure, and without a toolkit: made of a source's row and of [`SourceStatus`], for the sidebar, the pages, the
//! banners and the toasts alike, so that all of them say the same.

mod names;
mod notice;
mod overall;
mod words;

use crate::models::{AuthStatus, Source, SourceKind, Tier};
use crate::services::core::connection::{Connectivity, Reach, SourceStatus};

pub(super) use names::title;
pub(super) use notice::{Action, Notice};
pub(super) use overall::Overall;
pub(super) use words::{duration_ms, left, moment, retrying, rule, state, tier, tooltip};

/// What an icon says of a source, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// It answers, or the folder is there.
    Connected,
    /// It was not looked at yet in this run.
    Unknown,
    /// The user has switched it off.
    Off,
    /// It answers through a relay.
    Relay,
    /// It is being tried.
    Checking,
    /// A sign-in is needed.
    SignIn,
    /// Its certificate is not trusted.
    Certificate,
    /// The network wants a sign-in.
    Portal,
    /// It does not answer, or the folder is not there.
    Offline,
}

impl Mark {
    /// What a source deserves.
    pub(super) fn of(source: &Source, status: &SourceStatus) -> Self {
        if !source.enabled {
            return Self::Off;
        }
        if source.auth_status == AuthStatus::SignInNeeded {
            return Self::SignIn;
        }
        match status.reach {
            Reach::Online if status.tier == Some(Tier::Relay) => Self::Relay,
            Reach::Online => Self::Connected,
            Reach::Unknown if source.kind == SourceKind::Local && source.is_online => Self::Connected,
            Reach::Unknown if source.is_online => Self::Unknown,
            Reach::Checking | Reach::Suspect => Self::Checking,
            Reach::Offline | Reach::Unknown => Self::Offline,
            Reach::SignInNeeded => Self::SignIn,
            Reach::CertificateProblem => Self::Certificate,
            Reach::CaptivePortal => Self::Portal,
        }
    }

    /// Name of its icon. What is being tried has a spinner besides.
    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Connected | Self::Unknown => "reel-connected-symbolic",
            Self::Off => "reel-off-symbolic",
            Self::Relay => "reel-relay-symbolic",
            Self::Checking => "content-loading-symbolic",
            Self::SignIn => "reel-key-symbolic",
            Self::Certificate => "channel-insecure-symbolic",
            Self::Portal => "network-wireless-no-route-symbolic",
            Self::Offline => "reel-offline-symbolic",
        }
    }

    /// Class of its colour, which says nothing that the icon does not say.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Connected => "success",
            Self::Unknown | Self::Checking | Self::Off => "dim-label",
            Self::Relay | Self::SignIn | Self::Portal => "warning",
            Self::Certificate | Self::Offline => "error",
        }
    }

    /// Whether a person has to be told of it where there is room for one icon only.
    pub(super) fn is_trouble(self) -> bool {
        self >= Self::SignIn
    }
}

/// Each source with how it stands now.
pub(super) fn paired<'a>(
    connectivity: &Connectivity,
    sources: impl IntoIterator<Item = &'a Source>,
) -> Vec<(Source, SourceStatus)> {
    sources.into_iter().map(|source| (source.clone(), connectivity.status(source.id))).collect()
}

/// Whether a source counts as connected; what was not looked at yet counts as it was.
pub(super) fn is_up(source: &Source, status: &SourceStatus) -> bool {
    match status.reach {
        Reach::Online | Reach::Suspect => source.auth_status == AuthStatus::SignedIn,
        Reach::Unknown | Reach::Checking => source.is_online,
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use chrono::Utc;

    use super::*;
    use crate::models::{ConnectionList, SourceId};
    use crate::services::events::Events;

    /// A Jellyfin named "Attic".
    pub(in crate::ui) fn source() -> Source {
        Source {
            id: SourceId::random(),
            kind: SourceKind::Jellyfin,
            name: "Attic".to_owned(),
            connection_url: None,
            connections: ConnectionList::default(),
            machine_id: None,
            user: None,
            device_id: String::new(),
            folders: Vec::new(),
            auth_status: AuthStatus::SignedIn,
            is_online: true,
            enabled: true,
            last_sync: None,
            position: 0,
        }
    }

    /// How it stands.
    pub(in crate::ui) fn status(source: &Source, reach: Reach) -> SourceStatus {
        let connectivity = Connectivity::new(Events::default());
        connectivity.update(source.id, |status| {
            status.reach = reach;
            status.since = Utc::now();
        });
        connectivity.status(source.id)
    }

    #[test]
    fn every_state_has_its_mark() {
        let attic = source();
        let table = [
            (Reach::Unknown, Mark::Unknown),
            (Reach::Checking, Mark::Checking),
            (Reach::Suspect, Mark::Checking),
            (Reach::Online, Mark::Connected),
            (Reach::Offline, Mark::Offline),
            (Reach::SignInNeeded, Mark::SignIn),
            (Reach::CertificateProblem, Mark::Certificate),
            (Reach::CaptivePortal, Mark::Portal),
        ];
        for (reach, mark) in table {
            assert_eq!(Mark::of(&attic, &status(&attic, reach)), mark, "{reach:?}");
        }
        let mut relayed = status(&attic, Reach::Online);
        relayed.tier = Some(Tier::Relay);
        assert_eq!(Mark::of(&attic, &relayed), Mark::Relay);
    }

    #[test]
    fn a_dead_sign_in_outlives_a_restart_and_every_check() {
        let mut attic = source();
        attic.auth_status = AuthStatus::SignInNeeded;
        for reach in [Reach::Unknown, Reach::Online] {
            assert_eq!(Mark::of(&attic, &status(&attic, reach)), Mark::SignIn);
        }
    }

    #[test]
    fn what_is_switched_off_is_nothing_else() {
        let mut attic = source();
        attic.enabled = false;
        attic.auth_status = AuthStatus::SignInNeeded;
        for reach in [Reach::Unknown, Reach::Online, Reach::Offline] {
            assert_eq!(Mark::of(&attic, &status(&attic, reach)), Mark::Off);
        }
        assert!(!Mark::Off.is_trouble());
    }

    #[test]
    fn before_the_first_look_the_last_known_state_is_shown() {
        let mut attic = source();
        attic.is_online = false;
        assert_eq!(Mark::of(&attic, &status(&attic, Reach::Unknown)), Mark::Offline);
        attic.kind = SourceKind::Local;
        attic.is_online = true;
        assert_eq!(Mark::of(&attic, &status(&attic, Reach::Unknown)), Mark::Connected);
    }
}
