//! The pages, a folder each.

pub(super) mod connections;
pub(super) mod details;
pub(super) mod favourites;
pub(super) mod genre;
pub(super) mod home;
pub(super) mod library;
pub(super) mod music;
pub(super) mod person;
pub(super) mod photos;
pub(super) mod player;
pub(super) mod search;
pub(super) mod shelves;
pub(super) mod sources;
