//! What changes when a file changes.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Size and time of the last change of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970; negative before.
    pub modified: i64,
}

impl Stamp {
    /// Of this file.
    pub fn of(metadata: &Metadata) -> Self {
        let milliseconds =
            metadata.mtime().saturating_mul(1000).saturating_add(metadata.mtime_nsec() / 1_000_000);
        Self { size: metadata.len(), modified: milliseconds }
    }

    /// As text of hexadecimal digits and a hyphen.
    pub fn tag(self) -> String {
        format!("{:x}-{:x}", self.modified, self.size)
    }

    /// When the file was put there, as far as it is known; never after `now`.
    pub fn added_at(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.modified).map(|at| at.min(now))
    }
}
