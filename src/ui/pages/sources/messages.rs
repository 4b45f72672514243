//! What the page is told, and what it says.

use std::collections::HashMap;

use crate::models::SourceId;
use crate::net::ErrorKind;
use crate::services::ServiceError;
use crate::services::core::library::SourceLibraries;
use crate::services::events::Event;
use crate::ui::sync_text::Progress;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum SourcesInput {
    /// Read everything anew.
    Reload,
    /// An event came.
    Happened(Event),
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// The progress of a source is to be shown.
    Progressed(SourceId),
    /// Sync a source.
    Sync(SourceId),
    /// End the sync of a source.
    StopSync(SourceId),
    /// Ask for another name.
    AskName(SourceId),
    /// Rename a source.
    Rename(SourceId, String),
    /// Move a source by so many places: −1 is one up.
    Move(SourceId, isize),
    /// Move a source to where another one is.
    MoveOnto(SourceId, SourceId),
    /// Switch a source on or off.
    Switch(SourceId, bool),
    /// Ask plex.tv where a source's server is.
    RefreshAddresses(SourceId),
    /// Ask whether to remove a source.
    AskRemove(SourceId),
    /// Remove a source.
    Remove(SourceId),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum SourcesOutput {
    /// Another source.
    Add,
    /// A source synced.
    Sync(SourceId),
    /// The sync of a source ended.
    StopSync(SourceId),
    /// A sentence in a toast.
    Say(String),
    /// The page has its first content.
    Populated,
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum SourcesCommand {
    /// The sources with their libraries, and how many changes wait for each.
    Read(Result<(Vec<SourceLibraries>, HashMap<SourceId, usize>), ServiceError>),
    /// plex.tv was asked about a source.
    Refreshed(SourceId, Result<(), ServiceError>),
    /// A source was changed.
    Done(Result<(), ServiceError>),
}

/// What is known of a source besides its row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Activity {
    /// How far it has come, while it is synced.
    pub(super) syncing: Option<Progress>,
    /// Why the last sync failed.
    pub(super) failure: Option<ErrorKind>,
    /// Whether plex.tv is being asked about it.
    pub(super) asking: bool,
}
