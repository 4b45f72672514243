//! What a backend answers about shelves.

use crate::models::ListedShelf;

/// A listing of the shelves of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShelfListing {
    /// Those that could be read, in the server's order.
    pub shelves: Vec<ListedShelf>,
    /// Whether there are no others: only then does one that is missing not exist any more.
    pub is_complete: bool,
}

impl ShelfListing {
    /// The complete listing of a backend that has none.
    pub fn none() -> Self {
        Self { shelves: Vec::new(), is_complete: true }
    }
}
