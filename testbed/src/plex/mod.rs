//! A pretended Plex Media Server over a [`Catalogue`](crate::catalogue::Catalogue).
//!
//! It answers the routes that Reel calls, with the status codes, access rules, paging and type drift of
//! the real one, in JSON when asked and else in XML: independent clients speak XML. One server may listen on
//! several connections, each with faults of its own.
//!
//! What must not come in: anything of plex.tv (see [`crate::plex_tv`]), and anything that knows Reel.

mod about;
mod around;
pub(crate) mod call;
mod file;
mod hubs;
mod images;
mod item;
mod library;
mod listing;
mod marks;
mod metadata;
mod notifications;
mod page;
mod parts;
mod playback;
mod previews;
pub(crate) mod reply;
mod routes;
mod rows;
mod server;
mod shelves;
mod sorts;
mod state;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
mod transcode;
pub(crate) mod tree;

pub use marks::PlaybackState;
pub use server::{PlexServer, PlexServerBuilder, ServerConnection, ServerListing};
pub use state::{TimelineReport, item_number, rating_key};
