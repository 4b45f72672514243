//! Playing one item: the engine and what it tells.
//!
//! [`Engine`] is the small trait the player page drives; [`GstEngine`] is its GStreamer implementation. An
//! engine lives on the main thread, never waits there, and tells what happens through the [`EventHandler`]
//! it was made with. It knows nothing of servers, libraries or positions to be stored: it gets a
//! [`StreamSource`](crate::backends::StreamSource) and plays it.
//!
//! What comes from a server comes through the app's [gateway](crate::services::gateway): nothing here knows a
//! credential, and nothing here writes an address or a file name to the log.

mod decoders;
pub mod engine;
mod gstreamer;

pub use decoders::detect as detect_decoders;
pub use engine::{
    Chapter, Engine, EngineError, EngineErrorKind, EngineEvent, EngineInfo, EngineState, EventHandler, Track,
    TrackId, Tracks,
};
pub use gstreamer::GstEngine;
pub(crate) use gstreamer::{language_in_words, languages};
