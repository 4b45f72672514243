//! A pretended plex.tv: sign-in by PIN, the account, its Home and its servers.
//!
//! Everything is on loopback: the addresses of the servers are their real ones. An account's token is not
//! the token of any server; each server knows the account by its own, as in life.

mod home;
mod resources;
mod routes;
mod server;
mod state;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

pub use server::{PlexTv, PlexTvBuilder};
pub use state::Account;
