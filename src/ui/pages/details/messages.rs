//! What the page is told, and what it says.

use crate::models::{MediaId, ShelfId, SourceId, UserRating};
use crate::services::ServiceError;
use crate::ui::widgets::PlayTitles;

use super::content::Content;

/// Messages to the page.
#[derive(Debug)]
pub(in crate::ui) enum DetailsInput {
    /// Read everything anew from the database.
    Reload,
    /// How a source stands changed.
    StatusChanged(SourceId),
    /// Play, where it was left or from the start.
    Play { from_start: bool },
    /// Play one episode, or one extra.
    PlayItem(MediaId),
    /// Play the first trailer.
    PlayTrailer,
    /// Mark as watched, or as not watched.
    SetWatched(bool),
    /// Mark one episode, or a season.
    SetItemWatched(MediaId, bool),
    /// Mark as favourite, or not.
    SetFavourite(bool),
    /// Rate it, or take the rating back.
    SetRating(Option<UserRating>),
    /// Another season was chosen, by its place.
    SeasonChosen(u32),
    /// Another version was chosen, by its place.
    VersionChosen(u32),
    /// Show what the files are made of.
    ShowMedia,
    /// Show a page of a public database.
    OpenAddress(String),
}

/// What the user wants.
#[derive(Debug)]
pub(in crate::ui) enum DetailsOutput {
    /// An item played.
    Play { item: MediaId, from_start: bool },
    /// Titles played one after the other.
    PlayTitles(PlayTitles),
    /// The details of another item.
    Open(MediaId),
    /// A person.
    OpenPerson(String),
    /// The titles of a genre.
    OpenGenre(String),
    /// A collection that it is in.
    OpenCollection(ShelfId),
    /// A sentence in a toast.
    Say(String),
}

/// Results of what the page had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum DetailsCommand {
    /// The database was read.
    Read(Box<Result<Content, ServiceError>>),
    /// The server was asked for details.
    Refreshed(Result<(), ServiceError>),
    /// The server was asked what is like the title. No answer is no trouble.
    Completed,
    /// A mark was stored.
    Marked(Result<(), ServiceError>),
    /// A version was chosen.
    Chosen(Result<(), ServiceError>),
}
