//! Failures of backends.

use std::io;
use std::time::Duration;

use crate::net::{ErrorKind, NetError};

/// A backend's call failed. Carries the kind; the text holds no address, title or credential.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{context}: {source}")]
pub struct BackendError {
    /// What was being done, as `list items`.
    context: &'static str,
    /// Why it failed.
    source: NetError,
}

impl BackendError {
    /// A failure of this kind.
    pub fn new(kind: ErrorKind, context: &'static str) -> Self {
        Self { context, source: NetError::new(kind, "") }
    }

    /// Something that this kind of source does not have.
    pub fn unsupported(context: &'static str) -> Self {
        Self { context, source: NetError::new(ErrorKind::Unsupported, "not available on this source") }
    }

    /// A failed file operation.
    pub fn from_io(context: &'static str, error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied => ErrorKind::Forbidden,
            _ => ErrorKind::Storage,
        };
        Self { context, source: NetError::new(kind, error.kind().to_string()) }
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.source.kind
    }

    /// When the server says that it may be tried again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.source.retry_after
    }

    /// The underlying failure.
    pub fn net(&self) -> &NetError {
        &self.source
    }
}

/// Says what was being done when a request failed.
pub(crate) trait While<T> {
    /// Adds what was being done.
    fn context(self, context: &'static str) -> Result<T, BackendError>;
}

impl<T> While<T> for Result<T, NetError> {
    fn context(self, context: &'static str) -> Result<T, BackendError> {
        self.map_err(|source| BackendError { context, source })
    }
}
