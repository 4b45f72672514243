//! What a person chose while something played, to be chosen again for what belongs to it.

use serde::{Deserialize, Serialize};

/// A track, by what is the same in the next episode.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrackChoice {
    /// Its language, in words or as a code: compared, never shown.
    pub language: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Whether it is for foreign parts only.
    #[serde(default)]
    pub forced: bool,
}

/// Subtitles, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubtitleChoice {
    /// None.
    Off,
    /// These.
    Track(TrackChoice),
}

/// What was chosen for a film or a whole series; nothing where nobody chose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlayChoices {
    /// Speed; 1 is normal.
    pub rate: Option<f64>,
    /// Audio track.
    pub audio: Option<TrackChoice>,
    /// Subtitles.
    pub subtitle: Option<SubtitleChoice>,
}
