//! The services against real servers and a real database.

mod adding;
mod clocks;
mod connections;
mod deleting;
mod discovery;
mod folders;
mod gateway;
mod incremental;
mod interrupted;
mod killed;
mod live;
mod managing;
mod marking;
mod marks;
mod media;
mod moments;
mod music;
mod outbox;
mod people;
mod pictures;
mod proxies;
mod search;
mod shelves;
mod signed_out;
mod streaming;
mod syncing;
