//! What is told to a server while something plays.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackEvent {
    /// Playback starts.
    Started,
    /// It goes on; sent every 10 s and after a seek.
    Playing,
    /// It was paused.
    Paused,
    /// It ended or was left.
    Stopped,
}

/// How bytes come from a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlayMethod {
    /// The file as it is.
    #[default]
    Direct,
    /// The picture as it is, in another container; the sound perhaps converted.
    Remux,
    /// The picture is converted.
    Transcode,
}

impl PlayMethod {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Remux => "remux",
            Self::Transcode => "transcode",
        }
    }
}

/// A position for a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaybackReport {
    /// Why.
    pub event: PlaybackEvent,
    /// Where.
    pub position: Duration,
    /// Length of the item, when known.
    pub duration: Option<Duration>,
    /// When it was so, by this machine's clock.
    pub at: DateTime<Utc>,
    /// The version that plays.
    pub version_id: Option<String>,
    /// The server's id of this playback.
    pub play_session_id: Option<String>,
    /// How it comes from the server.
    #[serde(default)]
    pub method: PlayMethod,
}
