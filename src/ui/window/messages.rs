//! What the window's content is told.

use std::sync::Arc;
use std::time::Instant;

use super::moments::{Fetched, Read};
use super::place::Step;
use super::prepared::{Course, Prepared};
use super::quality::{OpenedStream, Wanted};
use crate::models::{Item, LibraryId, MediaId, PlayTarget, Source, SourceId, SourceKind};
use crate::net::CertificateFacts;
use crate::services::core::marking::Unmark;
use crate::services::core::opened::Opened;
use crate::services::events::Event;
use crate::services::{AppContext, ServiceError};
use crate::ui::network_settings::NetworkSettings;
use crate::ui::pages::player::PlayerOutput;
use crate::ui::settings::Settings;
use crate::ui::widgets::{CardOutcome, Nearby, PlayTitles};

/// What the content starts with.
#[derive(Debug, Clone)]
pub(in crate::ui) struct ShellInit {
    pub(in crate::ui) ctx: AppContext,
    pub(in crate::ui) settings: Settings,
    pub(in crate::ui) network_settings: NetworkSettings,
    pub(in crate::ui) window: adw::ApplicationWindow,
    /// What to play at once.
    pub(in crate::ui) play: Option<PlayTarget>,
    /// When the process started.
    pub(in crate::ui) started: Instant,
}

/// A place that the sidebar leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Destination {
    /// Rows over all sources.
    Home,
    /// Favourites over all sources.
    Favourites,
    /// All collections.
    Collections,
    /// All playlists.
    Playlists,
    /// One library.
    Library(LibraryId),
    /// Search over all sources.
    Search,
    /// The list of sources.
    Sources,
}

impl Destination {
    /// The word that is stored between two starts.
    pub(in crate::ui) fn word(self) -> String {
        match self {
            Self::Home => "home".to_owned(),
            Self::Favourites => "favourites".to_owned(),
            Self::Collections => "collections".to_owned(),
            Self::Playlists => "playlists".to_owned(),
            Self::Library(id) => format!("library:{id}"),
            Self::Search => "search".to_owned(),
            Self::Sources => "sources".to_owned(),
        }
    }

    /// The place for a stored word; Home for one that says nothing.
    pub(in crate::ui) fn from_word(word: &str) -> Self {
        match word.split_once(':') {
            Some(("library", id)) => id.parse().map_or(Self::Home, Self::Library),
            _ if word == "favourites" => Self::Favourites,
            _ if word == "collections" => Self::Collections,
            _ if word == "playlists" => Self::Playlists,
            _ if word == "sources" => Self::Sources,
            _ => Self::Home,
        }
    }
}

/// Messages to the window's content.
#[derive(Debug)]
pub(in crate::ui) enum ShellInput {
    /// Show a place.
    Go(Destination),
    /// Search, beginning with this text.
    SearchFor(String),
    /// Show the details of an item.
    OpenItem(MediaId),
    /// Show the artists of a library.
    OpenArtists(LibraryId),
    /// Leave the photo that is looked at.
    LeaveViewer,
    /// Show a person.
    OpenPerson(String),
    /// Show the titles of a genre.
    OpenGenre(String),
    /// A page above the one in front was left.
    Popped,
    /// Show the dialog that adds a source, at a kind's form when one is given.
    AddSource(Option<SourceKind>),
    /// Show the preferences.
    Preferences,
    /// A certificate of a source is no longer trusted.
    Revoked(SourceId),
    /// Show the dialog at a server of this network.
    AddNearby(Box<Nearby>),
    /// Sign in to a source again.
    SignIn(SourceId),
    /// Add another user of a source's server.
    AddUser(SourceId),
    /// Look at the certificate of a source's server.
    Review(SourceId),
    /// Trust a certificate.
    Trust(SourceId, Box<CertificateFacts>),
    /// Show the connections of a source.
    OpenConnections(SourceId),
    /// The list of sources is another.
    SourcesChanged(Vec<Source>),
    /// Look at a source, or at all, now.
    Check(Option<SourceId>),
    /// A source is looked at by the user.
    Looking(SourceId),
    /// The window is looked at, or no longer.
    Focused(bool),
    /// Say what is due of what happened to sources.
    TellIncidents,
    /// Sources were added.
    SourceAdded(Vec<SourceId>),
    /// Sources were signed in to again.
    SignedIn(Vec<SourceId>),
    /// Sync a source now.
    Sync(SourceId),
    /// End the sync of a source.
    StopSync(SourceId),
    /// A library that never was complete comes before everything else.
    ReadLibrary(LibraryId),
    /// Write everything of a source anew, now.
    Rescan(SourceId),
    /// Show the folders of a source.
    OpenFolders(SourceId),
    /// Sync all sources now.
    SyncAll,
    /// Play an item.
    Play {
        /// Which.
        item: MediaId,
        /// Not where it was left.
        from_start: bool,
    },
    /// Play what somebody wants from outside.
    PlayTarget(PlayTarget),
    /// Play these one after the other, from this one on.
    PlayAll {
        /// Which, in their order.
        items: Vec<MediaId>,
        /// The place of the one to begin with.
        first: usize,
    },
    /// Play titles one after the other.
    PlayTitles(PlayTitles),
    /// Play what was prepared, now that somebody has said from where.
    PlayPrepared(Box<Prepared>),
    /// A card was used.
    Card(CardOutcome),
    /// Begin what does not have to be there at once.
    Begin,
    /// The player said something.
    Player(PlayerOutput),
    /// The player was left.
    PlayerLeft,
    /// Say a sentence in a toast.
    Say(String),
    /// Say what a marking has done, with what takes it back.
    Marked(String, Arc<Unmark>),
    /// Read what is shown anew.
    Refresh,
    /// The page in front has its content.
    Populated,
    /// The user closes the window.
    Close,
    /// The player has told everything, and the window is being closed.
    AllTold,
    /// The machine is about to sleep.
    Sleeping,
    /// The machine has waited long enough.
    LetSleep,
    /// The window goes, whatever is still to be stored.
    CloseNow,
    /// The volume was changed.
    StoreVolume(f64),
}

/// Results of what the window's content had done in the background.
#[derive(Debug)]
pub(in crate::ui) enum ShellCommand {
    /// An event came.
    Happened(Event),
    /// A certificate was looked at; nothing when all are trusted.
    Inspected(SourceId, Box<Result<Option<CertificateFacts>, ServiceError>>),
    /// A certificate is trusted, or could not be.
    Trusted(SourceId, Result<(), ServiceError>),
    /// Events were missed.
    Missed,
    /// An item to open was looked up.
    Found(Box<Result<Item, ServiceError>>),
    /// An item can be played, or cannot.
    Prepared(Course, Box<Result<Prepared, ServiceError>>),
    /// Another source of what plays was asked for: what was wanted, and what came of it.
    Restreamed(Wanted, Box<Result<OpenedStream, ServiceError>>),
    /// Moments of what plays were read.
    MomentsRead(Box<Read>),
    /// A small picture of what plays came, or did not.
    PreviewFetched(Box<Fetched>),
    /// A picture of a chapter came, by its place.
    ChapterPicture(MediaId, usize, gtk::gdk::Texture),
    /// A file was looked at.
    Opened(Box<Result<Opened, ServiceError>>),
    /// A place was stored, or could not be.
    Reported(Result<(), ServiceError>),
    /// What could be delivered while the window is being closed was, or had its time.
    Drained(Result<(), ServiceError>),
    /// Memory was given back.
    Rested,
    /// The database was looked through.
    LookedThrough(Result<(), ServiceError>),
    /// Marks were stored, or could not be.
    Marked(Result<(), ServiceError>),
    /// Pages that lay above the first at the last start and are still to be had.
    Returned(Vec<Step>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_survive_a_restart() {
        let id = LibraryId(7);
        for place in
            [Destination::Home, Destination::Favourites, Destination::Library(id), Destination::Sources]
        {
            assert_eq!(Destination::from_word(&place.word()), place);
        }
        assert_eq!(Destination::from_word("library:x"), Destination::Home);
        assert_eq!(Destination::from_word(""), Destination::Home);
    }
}
