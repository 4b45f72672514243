//! What is inside a file: length, container, streams, chapters, tags; and a picture of it. Photos are asked by their Exif
//! part.
//!
//! `GStreamer` answers (feature `media-probe`); without it nothing is known and everything still works. Every
//! question has a time limit, and the answers are kept on disk (`cache`), because asking is slow.

mod cache;
#[cfg(feature = "media-probe")]
mod codecs;
#[cfg(feature = "media-probe")]
mod cover;
#[cfg(feature = "media-probe")]
mod discover;
mod photo;
mod tags;
#[cfg(feature = "media-probe")]
mod thumbnail;

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::models::{Chapter, MediaStream};

use super::naming::is_image;

pub use cache::{ProbeCache, move_cache, thumbnail_folder};
pub use tags::Tags;

/// What became of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nobody could be asked.
    #[default]
    Unknown,
    /// It is a video.
    Good,
    /// It is none, or a damaged one.
    Broken,
    /// No answer in time: worth asking again later.
    Slow,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MediaFacts {
    /// What became of the question.
    pub outcome: Outcome,
    /// Length.
    pub duration: Option<Duration>,
    /// Container, as `mkv`, when it is not what the file's name says.
    pub container: Option<String>,
    /// Bits per second.
    pub bitrate: Option<u64>,
    /// Streams inside the file.
    pub streams: Vec<MediaStream>,
    /// Chapters.
    pub chapters: Vec<Chapter>,
    /// What the file says of itself.
    #[serde(default)]
    pub tags: Tags,
}

impl MediaFacts {
    fn broken() -> Self {
        Self { outcome: Outcome::Broken, ..Self::default() }
    }
}

/// Looks into a file of this size. Blocks, for 10 s at most.
pub fn facts(path: &Path, size: u64) -> MediaFacts {
    if size == 0 {
        return MediaFacts::broken();
    }
    if path.file_name().is_some_and(is_image) {
        return photo::facts(path);
    }
    #[cfg(feature = "media-probe")]
    let facts = discover::facts(path, size);
    #[cfg(not(feature = "media-probe"))]
    let facts = {
        let _ = path;
        MediaFacts::default()
    };
    facts
}

/// Writes a picture of a video of this length to `target`; `false` when none could be made. Blocks, for 10 s
/// at most.
pub fn thumbnail(video: &Path, duration: Option<Duration>, target: &Path) -> bool {
    #[cfg(feature = "media-probe")]
    let done = thumbnail::write(video, duration, target);
    #[cfg(not(feature = "media-probe"))]
    let done = {
        let _ = (video, duration, target);
        false
    };
    done
}

/// Writes the cover inside of an audio file to `target`; `false` when there is none. Blocks, for 10 s at most.
pub fn cover(audio: &Path, target: &Path) -> bool {
    #[cfg(feature = "media-probe")]
    let done = cover::write(audio, target);
    #[cfg(not(feature = "media-probe"))]
    let done = {
        let _ = (audio, target);
        false
    };
    done
}

#[cfg(all(test, feature = "media-probe"))]
#[path = "tests.rs"]
mod tests;
