//! What the app can do, for the window and for the command line alike.
//!
//! Services write the database and publish [`events::Event`]s; they never name a widget. What outlives one
//! operation lives in [`AppContext`], which is made once and passed down; there is no global state.

pub mod clock;
pub mod core;
pub mod courtesy;
pub mod credentials;
pub mod discovery;
pub mod events;
pub mod gateway;
pub mod images;
pub mod installation;
pub mod paths;
pub mod proxy;
pub mod trust;

mod context;
mod error;

pub use context::{AppContext, PLEX_TV_VARIABLE};
pub use discovery::DiscoveryService;
pub use error::{AddressProblem, FolderProblem, ServiceError, SignInProblem};
pub use proxy::ProxyService;

/// Result of a service's call.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;
