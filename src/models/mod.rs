//! Ids and domain types: what the app talks about, without I/O.
//!
//! Used by every layer. Nothing here knows a protocol, SQL or a widget.

mod decoders;
mod details;
mod folder;
mod ids;
mod images;
mod item;
mod item_query;
mod library;
mod outbox;
mod person;
mod play_choices;
mod play_target;
mod playback;
mod previews;
mod quality;
mod rating;
pub mod segments;
mod shelf;
mod sort_key;
mod source;
mod url;

pub use self::url::{InvalidUrl, ServerUrl};
pub use decoders::{AudioCodec, Container, Decoders, SubtitleCodec, VideoCodec, VideoDecoder};
pub use details::{
    Chapter, Credit, CreditRole, Extra, ExtraKind, Marker, MarkerKind, MediaDetails, MediaStream,
    MediaVersion, StreamKind,
};
pub use folder::{FileMark, Folder, FolderNumber, NewFolder, RootMark, folder_names, is_portal};
pub use ids::{FolderId, InvalidId, LibraryId, MachineId, MediaId, OperationId, RemoteId, ShelfId, SourceId};
pub use images::{Blur, Blurs, Colour, ImageKey, ImageKind, ImageRequest, ImageSize};
pub use item::{ExternalIds, Images, Item, ItemKind, ItemRecord, WatchState};
pub use item_query::{
    ItemFacets, ItemFilter, ItemQuery, ItemScope, ItemSort, Layout, LibraryView, Resolution,
};
pub use library::{Library, LibraryKind};
pub use outbox::OutboxChange;
pub use person::{Person, PersonAbout, PersonRecord, PersonRef, TitleOf};
pub use play_choices::{PlayChoices, SubtitleChoice, TrackChoice};
pub use play_target::PlayTarget;
pub use playback::{PlayMethod, PlaybackEvent, PlaybackReport};
pub use previews::{PreviewArea, PreviewFrame, PreviewIndex, PreviewPlace, PreviewSheets, Previews};
pub use quality::{Quality, RELAY_BITS, UsualQuality, Way};
pub use rating::UserRating;
pub use shelf::{HubTopic, ListedShelf, Shelf, ShelfKind, ShelfMedia, ShelfRecord};
pub use sort_key::sort_key;
pub use source::{
    AuthStatus, ConnectionList, Learnt, NewSource, ServerConnection, Source, SourceKind, SourceUser, Tier,
};
