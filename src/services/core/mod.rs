//! The services that the design names. Each is a set of functions over [`super::AppContext`]: nothing is kept
//! between calls but what lives there.

pub mod auth;
pub mod backend;
pub mod browse;
pub mod connection;
pub mod doctor;
pub mod folders;
pub mod library;
pub mod live;
pub mod marking;
pub(super) mod media;
pub mod monitor;
pub mod opened;
pub mod outbox;
pub mod people;
mod play_memory;
pub mod playback;
pub mod previews;
pub mod search;
pub mod shelves;
pub mod sources;
pub mod streaming;
pub mod surroundings;
pub mod sync;
mod titles;

pub use auth::AuthService;
pub use backend::BackendService;
pub use browse::BrowseService;
pub use connection::ConnectionService;
pub use folders::FolderService;
pub use library::LibraryService;
pub use live::LiveService;
pub use marking::MarkService;
pub use opened::OpenService;
pub use outbox::OutboxService;
pub use play_memory::PlayMemory;
pub use playback::{PlaybackReporter, PlaybackService};
pub use previews::{PreviewPlan, PreviewService};
pub use search::SearchService;
pub use shelves::ShelfService;
pub use sources::SourceService;
pub use sync::SyncService;
pub use titles::Preferred;
