//! What is written in an audio file or a photo about it.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// Title.
    pub title: Option<String>,
    /// Who plays it.
    pub artist: Option<String>,
    /// Album.
    pub album: Option<String>,
    /// Whose album that is.
    pub album_artist: Option<String>,
    /// Number on its disc.
    pub track: Option<u32>,
    /// Disc.
    pub disc: Option<u32>,
    /// Year.
    pub year: Option<i32>,
    /// Genre.
    pub genre: Option<String>,
    /// When a photo was taken, by the camera's clock.
    pub taken: Option<NaiveDateTime>,
}
