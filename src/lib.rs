//! Reel: films and series from Plex, Jellyfin and folders.
//!
//! Layers, from below: [`models`], [`net`] and [`db`], [`backends`], [`services`], then the app ([`ui`]) and the
//! command line ([`cli`]). Imports point down only.

pub mod backends;
pub mod cli;
pub mod config;
pub mod db;
pub mod logging;
pub mod models;
pub mod net;
pub mod services;
pub mod ui;

#[cfg(feature = "ui")]
pub mod player;
#[cfg(feature = "ui")]
pub mod workers;
