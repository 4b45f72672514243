//! What the search page is told and tells.

use crate::models::{Item, ItemKind, ItemRecord, MediaId, ShelfId, ShelfKind, SourceId};
use crate::services::ServiceError;
use crate::services::core::search::{Found, FoundElsewhere};

/// One group of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Group {
    /// Titles of a kind.
    Titles(ItemKind),
    /// Collections or playlists.
    Shelves(ShelfKind),
    /// People.
    People,
    /// What the server of a source found besides.
    Elsewhere(SourceId),
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Question {
    /// The best of every group.
    #[default]
    Everything,
    /// All of one group.
    AllOf(Group),
}

/// What a result leads to.
#[derive(Debug, Clone)]
pub(in crate::ui) enum Target {
    /// The page of an item.
    Item(MediaId),
    /// What a server found and is not stored yet.
    Remote(SourceId, Box<ItemRecord>),
    /// The page of a collection or playlist.
    Shelf(ShelfId, ShelfKind),
    /// The page of somebody.
    Person(String),
}

impl Target {
    /// Where something leads that a server found.
    pub(super) fn of_found(found: &FoundElsewhere) -> Self {
        let Item { id, source_id, record, .. } = &found.item;
        if found.is_stored { Self::Item(*id) } else { Self::Remote(*source_id, Box::new(record.clone())) }
    }
}

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum SearchInput {
    /// Letters were typed where nothing else wants them: put them behind the text.
    Begin(String),
    /// The text changed.
    Typed(String),
    /// Something in the library may be another: ask again.
    Reload,
    /// Show all of a group.
    ShowAll(Group),
    /// Show the best of every group again.
    ShowBest,
    /// Go from the entry to the results.
    Enter,
    /// Open the best result.
    OpenFirst,
    /// Open a result.
    Open(Target),
    /// Search for this again.
    Again(String),
    /// Forget what was searched for.
    ForgetRecent,
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum SearchOutput {
    /// The page of an item.
    Open(MediaId),
    /// The page of a collection or playlist.
    OpenShelf(ShelfId, ShelfKind),
    /// The page of somebody.
    OpenPerson(String),
    /// A source read: something of it was opened that is not complete here.
    Sync(SourceId),
    /// A sentence said.
    Say(String),
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum SearchCommand {
    /// The local library answered the question with this number.
    Local(u32, Result<Found, ServiceError>),
    /// The server of a source answered, or did not.
    Elsewhere(u32, SourceId, String, Result<Vec<FoundElsewhere>, ServiceError>),
    /// No server is waited for any more.
    AllAsked(u32),
    /// What a server found is stored, or could not be.
    Stored(SourceId, ItemKind, Result<MediaId, ServiceError>),
}
