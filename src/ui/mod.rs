//! What a person sees, and the words for it.
//!
//! Pages and dialogs read the database through services and hear of changes through one event bridge; none of
//! them talks to a server itself, and none waits on the main thread. [`error_text`] and
//! `clock` need no toolkit and serve the command line too; everything else is behind the feature `ui`.

pub(crate) mod clock;
pub mod error_text;

#[cfg(feature = "ui")]
mod app;
#[cfg(feature = "ui")]
mod dialogs;
#[cfg(feature = "ui")]
mod memory;
#[cfg(feature = "ui")]
mod moment_settings;
#[cfg(feature = "ui")]
mod network_settings;
#[cfg(feature = "ui")]
mod pages;
#[cfg(feature = "ui")]
mod pictures;
#[cfg(feature = "ui")]
mod quality_settings;
#[cfg(feature = "ui")]
mod quality_text;
#[cfg(feature = "ui")]
mod reading;
#[cfg(feature = "ui")]
mod schema;
#[cfg(feature = "ui")]
mod settings;
#[cfg(feature = "ui")]
mod shelf_text;
#[cfg(feature = "ui")]
mod shortcuts;
#[cfg(feature = "ui")]
mod signals;
#[cfg(feature = "ui")]
mod spoken;
#[cfg(feature = "ui")]
mod stall;
#[cfg(feature = "ui")]
mod standing;
#[cfg(feature = "ui")]
mod sync_text;
#[cfg(feature = "ui")]
mod task;
#[cfg(feature = "ui")]
mod text;
#[cfg(feature = "ui")]
mod widgets;
#[cfg(feature = "ui")]
mod window;

#[cfg(feature = "ui")]
pub use app::run;
