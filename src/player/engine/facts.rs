//! What an engine knows of the film it plays.

use std::fmt;
use std::time::Duration;

/// An engine's name of a track.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TrackId(String);

impl TrackId {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TrackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One audio track or subtitles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// To select it by.
    pub id: TrackId,
    /// Its own title, when it has one.
    pub title: Option<String>,
    /// Its language in words, when known.
    pub language: Option<String>,
}

/// The tracks of what is loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tracks {
    /// Audio tracks in the file's order.
    pub audio: Vec<Track>,
    /// Subtitles: those in the file, then those beside it.
    pub subtitles: Vec<Track>,
    /// The audio track in use.
    pub current_audio: Option<TrackId>,
    /// The subtitles shown.
    pub current_subtitle: Option<TrackId>,
}

/// A part of a film, as the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Where it begins.
    pub start: Duration,
    /// Where it ends, when the file tells.
    pub end: Option<Duration>,
    /// Its title, when it has one.
    pub title: Option<String>,
}

/// Technical facts of what plays. A fact that is not known yet, or not at all, is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EngineInfo {
    /// How the picture is coded, in words.
    pub video_codec: Option<String>,
    /// Width and height of the picture in pixels, as it is coded.
    pub size: Option<(u32, u32)>,
    /// Pictures in a second; `None` too where their distance varies.
    pub frame_rate: Option<f64>,
    /// How the sound is coded, in words.
    pub audio_codec: Option<String>,
    /// Channels of the sound.
    pub channels: Option<u32>,
    /// Samples of the sound in a second.
    pub sample_rate: Option<u32>,
    /// Name of what decodes the picture.
    pub decoder: Option<String>,
    /// Whether that is a part of the graphics hardware.
    pub is_hardware: bool,
    /// Bits in a second of picture and sound together, as the file tells.
    pub bit_rate: Option<u64>,
    /// Pictures that came too late to be shown since this was opened or last sought.
    pub dropped_frames: u64,
}
