//! Media servers and folders behind one trait.
//!
//! A backend value is made for one operation by `BackendService`, from the source's row, its credentials and
//! the connection to use, and dropped after it. It keeps nothing, knows no database and no other
//! connection: choosing and changing connections is not its business. Wire types stay inside each backend's
//! folder; what leaves it are the types of [`crate::models`].
//!
//! One broken item never loses a page: it is skipped and counted ([`ItemPage::skipped`]).

pub mod jellyfin;
pub mod local;
pub mod plex;

mod auth;
mod delta;
mod error;
mod identify;
mod live;
mod media;
mod picture;
mod shelves;
mod stream;

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::Url;

pub use auth::{AuthProvider, ClientIdentity};
pub use delta::{Delta, DeltaPage, OVERLAP};
pub use error::BackendError;
pub use identify::{Identified, IdentifyError, landing};
pub use live::{LiveChange, LiveStream, MOST_IDS};
pub use media::{MediaAsk, MediaOpened, MediaTarget, open_elsewhere};
pub use picture::{PictureReply, download, is_picture};
pub use shelves::ShelfListing;
pub use stream::{Delivery, NotDirect, StreamAsk, StreamProtocol};

use crate::models::{
    ExtraKind, ImageKey, ImageRequest, ItemKind, ItemRecord, LibraryKind, MachineId, MediaDetails,
    PersonRecord, PersonRef, PlaybackReport, PreviewIndex, RemoteId, ShelfKind, TitleOf, UserRating,
    WatchState,
};
use crate::net::Validators;

/// Result of a backend's call.
pub type Result<T, E = BackendError> = std::result::Result<T, E>;

/// Who a server says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerIdentity {
    /// Its id.
    pub machine_id: MachineId,
    /// Its name, where the request tells it.
    pub name: Option<String>,
    /// Its version.
    pub version: String,
}

/// A library as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryRecord {
    /// What the server calls it.
    pub remote_id: RemoteId,
    /// What it holds.
    pub kind: LibraryKind,
    /// Shown name.
    pub title: String,
    /// Another one whenever items come, go or are described anew; `None` where the server tells none.
    pub revision: Option<String>,
}

impl LibraryRecord {
    /// A library without a revision.
    pub fn new(remote_id: RemoteId, kind: LibraryKind, title: impl Into<String>) -> Self {
        Self { remote_id, kind, title: title.into(), revision: None }
    }
}

/// Which part of a listing is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Position of the first item.
    pub start: u32,
    /// Most items that may come.
    pub limit: u32,
}

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemPage {
    /// The items that could be read.
    pub items: Vec<ItemRecord>,
    /// How many could not be read.
    pub skipped: u32,
    /// Length of the whole listing, when the server told it.
    pub total: Option<u32>,
    /// When it was answered, by the server's clock.
    pub at: Option<DateTime<Utc>>,
}

impl ItemPage {
    /// How many items the server sent, readable or not: what the next page's start is counted from.
    pub fn received(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX).saturating_add(self.skipped)
    }
}

/// An item with its details.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailRecord {
    /// The item itself, more complete than in a listing.
    pub item: ItemRecord,
    /// Versions, streams, chapters, markers, people.
    pub details: MediaDetails,
    /// Trailers and the like, in the server's order; `None` when nothing could be learnt of them.
    pub extras: Option<Vec<ExtraRecord>>,
    /// How the user rates it, where the server keeps that.
    pub rated: Rated,
}

/// What a server says of the user's own rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rated {
    /// Nothing: it keeps none, so that the one here stays.
    #[default]
    NotKept,
    /// This, or that there is none.
    Kept(Option<UserRating>),
}

/// A trailer or the like.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtraRecord {
    /// What it is.
    pub kind: ExtraKind,
    /// The item that plays: of the kind [`ItemKind::Extra`], with the one that it belongs to as its parent.
    pub item: ItemRecord,
}

/// A request that somebody else makes: the player, the image loader. Header values are secrets.
#[derive(Debug, Clone)]
pub struct MediaRequest {
    /// Address without any credential in it.
    pub url: Url,
    /// Headers, credentials among them.
    pub headers: Vec<(&'static str, SecretString)>,
}

/// Where bytes come from.
#[derive(Debug, Clone)]
pub enum Location {
    /// A server.
    Remote(MediaRequest),
    /// A file of this machine.
    File(PathBuf),
}

/// Subtitles beside a video.
#[derive(Debug, Clone)]
pub struct ExternalSubtitle {
    /// The stream's id in [`crate::models::MediaStream::id`].
    pub stream_id: String,
    /// Where they are.
    pub location: Location,
    /// Language, when known.
    pub language: Option<String>,
    /// Text to show.
    pub title: Option<String>,
}

/// What a player needs to play an item.
#[derive(Debug, Clone)]
pub struct StreamSource {
    /// Where the bytes are.
    pub location: Location,
    /// The version that was chosen.
    pub version_id: String,
    /// Container, as `mkv`.
    pub container: Option<String>,
    /// Length, when known.
    pub duration: Option<Duration>,
    /// Subtitles beside the video.
    pub subtitles: Vec<ExternalSubtitle>,
    /// The server's id of this playback, to be named in reports.
    pub play_session_id: Option<String>,
    /// As it is, or converted, and why.
    pub delivery: Delivery,
}

/// What every backend can do.
///
/// # Errors
/// Every call fails with a [`BackendError`] that carries a [`crate::net::ErrorKind`]; a failure says nothing
/// about the data, and nobody deletes anything because of it.
#[async_trait]
pub trait MediaBackend: Send + Sync {
    /// Checks the credentials at the server (`/Users/Me`, `/`), or that the folder is there.
    async fn test_connection(&self) -> Result<()>;

    /// All libraries that the user may see, in the server's order.
    async fn libraries(&self) -> Result<Vec<LibraryRecord>>;

    /// One page of the items of one kind in a library, in a total order.
    async fn items(&self, library: &LibraryRecord, kind: ItemKind, page: PageRequest) -> Result<ItemPage>;

    /// What changed among the items of one kind in a library. A backend that lists everything in no time answers
    /// [`BackendError::unsupported`].
    async fn changes(
        &self,
        library: &LibraryRecord,
        kind: ItemKind,
        delta: Delta,
        page: PageRequest,
    ) -> Result<DeltaPage>;

    /// One item with its details. `NotFound` when it is gone.
    async fn details(&self, item: &RemoteId) -> Result<DetailRecord>;

    /// How to play an item: as it is where the machine can play it within the quality, else converted by the server.
    /// What is converted is kept up with [`MediaBackend::keep_stream`] and has to be ended with
    /// [`MediaBackend::end_stream`]. `NotFound` without that version, `Unsupported` when there is no way.
    async fn stream(&self, item: &RemoteId, ask: &StreamAsk) -> Result<StreamSource>;

    /// Says of a playback by its session that it goes on, so that what is converted for it is kept.
    async fn keep_stream(&self, _session: &str) -> Result<()> {
        Ok(())
    }

    /// Ends what is converted for a playback. May be repeated.
    async fn end_stream(&self, _session: &str) -> Result<()> {
        Ok(())
    }

    /// Opens media of this server over this backend's connection, with this backend's credentials. A backend of files
    /// answers [`BackendError::unsupported`].
    async fn media(&self, _ask: &MediaAsk) -> Result<MediaOpened> {
        Err(BackendError::unsupported("fetch media"))
    }

    /// How to fetch a picture.
    fn image(&self, request: &ImageRequest) -> Result<Location>;

    /// Fetches a picture. With `known` the server is asked whether that still holds.
    async fn picture(&self, request: &ImageRequest, known: &Validators) -> Result<PictureReply>;

    /// The index of a file of small pictures of a version. A backend without such files answers
    /// [`BackendError::unsupported`].
    async fn preview_index(&self, _file: &ImageKey) -> Result<PreviewIndex> {
        Err(BackendError::unsupported("find previews"))
    }

    /// Tells a position. Absolute, so it may be repeated.
    async fn report_playback(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()>;

    /// Stores a position without playing: what the outbox delivers later. Absolute, may be repeated.
    async fn set_position(&self, item: &RemoteId, report: &PlaybackReport) -> Result<()>;

    /// Marks as watched or not watched; on a series or season everything below it.
    async fn set_watched(&self, item: &RemoteId, watched: bool, at: DateTime<Utc>) -> Result<()>;

    /// Marks as favourite. A backend without favourites answers [`BackendError::unsupported`].
    async fn set_favourite(&self, item: &RemoteId, favourite: bool) -> Result<()>;

    /// Rates an item, or takes the rating back. Absolute, may be repeated. A backend that keeps no ratings answers
    /// [`BackendError::unsupported`].
    async fn set_rating(&self, _item: &RemoteId, _rating: Option<UserRating>) -> Result<()> {
        Err(BackendError::unsupported("rate"))
    }

    /// What the server knows of the user and this item now.
    async fn watch_state(&self, item: &RemoteId) -> Result<WatchState>;

    /// At most [`MOST_IDS`] items by their ids, as a listing has them but for the kind, which only a library tells for
    /// certain. What the server does not have, or does not show to this user, is left out.
    async fn items_by_id(&self, _ids: &[RemoteId]) -> Result<ItemPage> {
        Err(BackendError::unsupported("list items by id"))
    }

    /// Opens the stream of what happens at the server. A backend without one answers [`BackendError::unsupported`].
    async fn live(&self) -> Result<LiveStream> {
        Err(BackendError::unsupported("follow what happens"))
    }

    /// Items that the server finds for a text.
    async fn search(&self, text: &str, limit: u32) -> Result<Vec<ItemRecord>>;

    /// The shelves of one kind that the user may see, in the server's order; hubs with their items. `libraries` are
    /// those of the source.
    async fn shelves(&self, kind: ShelfKind, libraries: &[LibraryRecord]) -> Result<ShelfListing>;

    /// Everything that stands on a collection or playlist, in its order. A backend whose listing tells it answers
    /// [`BackendError::unsupported`].
    async fn shelf_items(&self, kind: ShelfKind, shelf: &RemoteId) -> Result<Vec<RemoteId>>;

    /// What the server tells of a person. A backend that knows names only answers [`BackendError::unsupported`].
    async fn person(&self, person: &PersonRef) -> Result<PersonRecord>;

    /// Films and series that a person has a part in. A backend that knows no more of it than its listings tell
    /// answers [`BackendError::unsupported`].
    async fn titles_of(&self, person: &PersonRef) -> Result<Vec<TitleOf>>;

    /// Items that the server says are like this one, the most alike first. A backend that cannot tell answers
    /// [`BackendError::unsupported`].
    async fn similar(&self, item: &RemoteId) -> Result<Vec<RemoteId>>;
}
