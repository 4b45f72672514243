//! Dialogs.

mod about;
mod add_source;
mod certificate;
mod preferences;

pub(super) use about::show_about;
pub(super) use add_source::{AddSourceDialog, AddSourceInit, AddSourceOutput, Known};
pub(super) use certificate::{review_certificate, untrusted_certificate};
pub(super) use preferences::{PreferencesDialog, PreferencesInit, PreferencesOutput};
