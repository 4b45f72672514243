//! The services against real servers and a real database.

mod adding;
mod connections;
mod deleting;
mod discovery;
mod incremental;
mod marks;
mod media;
mod signed_out;
mod syncing;
