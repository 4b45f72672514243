//! The services against real servers and a real database.

mod adding;
mod connections;
mod deleting;
mod discovery;
mod folders;
mod incremental;
mod managing;
mod marks;
mod media;
mod proxies;
mod shelves;
mod signed_out;
mod syncing;
