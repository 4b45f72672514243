//! What the library page is told, and what it tells.

use std::sync::Arc;

use crate::models::{
    Item, ItemFacets, ItemFilter, ItemSort, Layout, Library, LibraryId, LibraryView, MediaId, Source,
    SourceId,
};
use crate::services::ServiceError;
use crate::services::core::marking::{Mark, Unmark};
use crate::ui::widgets::{PlayTitles, Splice, ViewEvent};

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum LibraryInput {
    /// Read everything anew.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Another order was chosen.
    SortChosen(ItemSort),
    /// The order was turned round, or back.
    Descending(bool),
    /// Another filter was chosen.
    FilterChosen(ItemFilter),
    /// Something was chosen in the dialog of filters.
    FilterEdited,
    /// The filters are to be seen.
    OpenFilters,
    /// The artists of a music library are wanted.
    OpenArtists,
    /// Posters or rows.
    LayoutChosen(Layout),
    /// Another width of posters, in pixels.
    WidthChosen(i32),
    /// Titles are looked at that are not there yet.
    RowsWanted(Vec<MediaId>),
    /// Something was done in the list.
    Done(ViewEvent),
    /// Go to a place of the list.
    JumpTo(u32),
    /// A letter was typed.
    Typed(char),
    /// No letter was typed for a moment.
    TypingEnded(u32),
    /// Begin or end selecting.
    Select(bool),
    /// Begin selecting with a title.
    SelectThis(MediaId),
    /// Select everything.
    SelectAll,
    /// Play what is selected.
    PlaySelected,
    /// Mark what is selected.
    MarkSelected(Mark),
    /// Mark one title.
    MarkOne(MediaId, Mark),
    /// Play a title.
    Play(MediaId),
    /// Open a title.
    Open(MediaId),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum LibraryOutput {
    /// The details of an item.
    Open(MediaId),
    /// An item played.
    Play(MediaId),
    /// Titles played one after the other.
    PlayTitles(PlayTitles),
    /// The artists of a music library.
    OpenArtists(LibraryId),
    /// A sentence in a toast.
    Say(String),
    /// A sentence in a toast, with what takes it back.
    Marked(String, Arc<Unmark>),
    /// The page has its first content.
    Populated,
    /// The library is not there any more.
    Gone,
    /// It never was read to its end.
    Incomplete(LibraryId),
    /// The source is looked at.
    Looking(SourceId),
}

/// A list as it was read.
#[derive(Debug)]
pub(in crate::ui) struct Listed {
    /// Number of the question: answers to earlier ones are thrown away.
    pub(super) question: u32,
    pub(super) library: Library,
    pub(super) source: Source,
    pub(super) view: LibraryView,
    pub(super) ids: Arc<[MediaId]>,
    /// The list that the change begins at.
    pub(super) base: Arc<[MediaId]>,
    pub(super) splices: Vec<Splice>,
    /// Contents of what is on the screen.
    pub(super) rows: Vec<Item>,
}

/// What was read.
#[derive(Debug)]
pub(in crate::ui) enum LibraryCommand {
    /// The list.
    Listed(Box<Result<Listed, ServiceError>>),
    /// Titles that were looked at.
    Rows(Result<Vec<Item>, ServiceError>),
    /// First letters, for the question with this number.
    Letters(u32, Result<Vec<(String, u32)>, ServiceError>),
    /// What can be filtered by.
    Facets(Result<ItemFacets, ServiceError>),
    /// Where a typed beginning is, for the question with this number.
    Found(u32, Result<u32, ServiceError>),
    /// Titles were marked.
    Marked(Mark, Result<Unmark, ServiceError>),
    /// The choices were stored.
    Stored(Result<(), ServiceError>),
}
