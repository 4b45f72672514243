//! Why an engine cannot play.

use std::fmt;

/// Why something cannot be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineErrorKind {
    /// The file is gone, or the server does not know it.
    NotFound,
    /// Reading it is not allowed: the server refuses the credentials, or the file its permissions.
    Unauthorized,
    /// The server cannot be reached, broke off, or answered nonsense.
    Network,
    /// No decoder; what it would decode, in words.
    DecoderMissing(String),
    /// Damaged, empty, or no video at all.
    Corrupt,
    /// A part of the system that playing needs is not installed; its name.
    PartMissing(String),
    /// The sound device is gone; only told as a part that does not work.
    SoundLost,
    /// Anything else.
    Other,
}

/// A failure of an engine. Its `Debug` shows the kind only, as messages between components are logged.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct EngineError {
    /// What kind of failure.
    pub kind: EngineErrorKind,
    /// The library's own words, for whoever looks closer. May name files: for the screen, not for logs.
    pub detail: String,
}

impl EngineError {
    /// A failure of a kind.
    pub fn new(kind: EngineErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl fmt::Debug for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineError").field("kind", &self.kind).finish_non_exhaustive()
    }
}
