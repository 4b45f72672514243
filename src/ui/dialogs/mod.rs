//! Dialogs.

mod about;
mod add_source;
mod certificate;
mod folders;
mod preferences;

pub(super) use about::show_about;
pub(super) use add_source::{AddSourceDialog, AddSourceInit, AddSourceOutput, Known};
pub(super) use certificate::{review_certificate, untrusted_certificate};
pub(super) use folders::{FoldersDialog, FoldersOutput};
pub(super) use preferences::{PreferencesDialog, PreferencesInit, PreferencesOutput};
