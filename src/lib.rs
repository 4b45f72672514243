//! Reel: films and series from Plex, Jellyfin and folders.
//!
//! Layers, from below: `models`, `net` and `db`, `backends`, `services`, then the app (`ui`) and the
//! command line (`cli`). Imports point down only.

pub mod backends;
pub mod config;
pub mod db;
pub mod logging;
pub mod models;
pub mod net;
pub mod services;
