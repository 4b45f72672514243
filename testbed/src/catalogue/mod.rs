//! What the pretended servers hold: libraries, items and the watch state of each user.
//!
//! The Jellyfin and the Plex server both serve a [`Catalogue`]; each turns it into its own wire form.
//! Nothing here knows HTTP or a wire format. [`generator`] makes catalogues of any size from a seed,
//! [`demo`] the small good-looking one.

pub mod demo;
mod difference;
pub mod generator;
mod model;
#[cfg(test)]
pub(crate) mod sample;
mod shelf;

pub(crate) use difference::{Difference, Snapshot};
pub use model::*;
pub use shelf::*;
