//! What a person has set about moments of what plays: what is skipped, what begins by itself, where it goes on.

use gtk::gio::prelude::SettingsExt as _;

use super::pages::player::{SkipRules, Skipping};
use super::settings::Settings;

/// What happens to intros, recaps and the like.
pub(in crate::ui) const SKIP_INTRO: &str = "skip-intro";
/// What happens to credits.
pub(in crate::ui) const SKIP_CREDITS: &str = "skip-credits";
/// Whether what comes next begins by itself.
pub(in crate::ui) const AUTOPLAY_NEXT: &str = "autoplay-next";
/// Whether a title goes on where it was left.
pub(in crate::ui) const RESUME: &str = "resume";

/// The words of what happens to a stretch, in the order of the control.
pub(in crate::ui) const SKIPPING: [&str; 3] = ["ask", "automatically", "never"];
/// The words of where a title goes on, in the order of the control.
pub(in crate::ui) const RESUMING: [&str; 3] = ["always", "ask", "never"];

/// Whether a title goes on where it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum Resuming {
    /// It does.
    #[default]
    Always,
    /// It is asked.
    Ask,
    /// It begins anew.
    Never,
}

impl Settings {
    /// What happens to marked stretches.
    pub(in crate::ui) fn skip_rules(&self) -> SkipRules {
        let skipping = |key| match self.word(key).as_deref() {
            Some("automatically") => Skipping::Automatically,
            Some("never") => Skipping::Never,
            _ => Skipping::Ask,
        };
        SkipRules { intro: skipping(SKIP_INTRO), credits: skipping(SKIP_CREDITS) }
    }

    /// Whether what comes next begins by itself.
    pub(in crate::ui) fn autoplay_next(&self) -> bool {
        self.bindable().is_none_or(|settings| settings.boolean(AUTOPLAY_NEXT))
    }

    /// Whether a title goes on where it was left.
    pub(in crate::ui) fn resuming(&self) -> Resuming {
        match self.word(RESUME).as_deref() {
            Some("ask") => Resuming::Ask,
            Some("never") => Resuming::Never,
            _ => Resuming::Always,
        }
    }

    fn word(&self, key: &str) -> Option<String> {
        self.bindable().map(|settings| settings.string(key).to_string())
    }
}
