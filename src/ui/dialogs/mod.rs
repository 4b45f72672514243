//! Dialogs.

mod about;
mod add_source;
mod certificate;

pub(super) use about::show_about;
pub(super) use add_source::{AddSourceDialog, AddSourceOutput, Known};
pub(super) use certificate::review_certificate;
