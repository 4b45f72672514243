//! Collections, playlists, and whole grids of what other pages show the beginning of.
//!
//! - [`CardsPage`]: one grid, of the kinds of [`CardsKind`].
//! - [`CollectionPage`]: a collection with what is said of it and its titles.
//! - [`PlaylistPage`]: a playlist as the list that it is.

mod cards;
mod collection;
mod playlist;
mod row;

pub(in crate::ui) use cards::{CardsInput, CardsKind, CardsOutput, CardsPage};
pub(in crate::ui) use collection::{CollectionInput, CollectionPage};
pub(in crate::ui) use playlist::{PlaylistInput, PlaylistPage};
