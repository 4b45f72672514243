//! Dialogs.

mod about;
mod add_source;

pub(super) use about::show_about;
pub(super) use add_source::{AddSourceDialog, AddSourceOutput, Known};
