//! The table `items` and what hangs on it: genres and the search index.

pub(super) mod facets;
mod files;
pub(super) mod genre;
pub(super) mod grid;
mod held;
pub(super) mod home;
pub(super) mod listing;
mod live;
pub(super) mod music;
pub(super) mod query;
mod record_row;
mod relations;
pub(super) mod same;
pub(super) mod search;
pub(super) mod words;
mod write;

pub use files::KnownItem;
pub use listing::Listing;
pub use live::Place;
pub use search::SEARCHED;
pub use write::PageOutcome;
pub(super) use write::STALE;
pub(super) use write::json;

use super::Database;

/// Items.
#[derive(Debug)]
pub struct Items<'a>(pub(super) &'a Database);
