//! A pretended Jellyfin, from 10.8 to 12.0 by switch, over one catalogue and the watch states of its users.
//!
//! It follows `docs/protocols.md`: who may ask what, the forms of items, what a query finds, the rules by which a
//! playback leaves a position. Routes of later versions are missing in earlier ones, as they are there.
//!
//! [`server`] starts it and looks into it, [`state`] is what the routes share, [`authorization`] tells who asks.
//! Lists are a [`listing`] (what is asked for) of a [`filter`] in an [`order`]; [`wire`] writes what was found.
//!
//! What users are told while they listen is in [`socket`].
//!
//! What must not come in: the discovery on the local network, which is a matter of [`discovery`](crate::discovery).

mod around;
mod authorization;
mod decide;
mod filter;
mod hls;
mod ids;
mod images;
mod items;
mod listing;
mod marks;
mod music;
mod order;
mod parameters;
mod playback;
mod quick_connect;
mod reply;
mod reports;
mod routes;
mod rows;
mod search;
mod server;
mod shelves;
mod shows;
mod socket;
mod sources;
mod state;
mod system;
mod trickplay;
mod user_data;
mod users;
mod version;
mod views;
mod wire;

pub use reports::{PlaybackEvent, PlaybackReport};
pub use server::{JellyfinServer, JellyfinServerBuilder};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
mod tests;
