//! What a player engine can do and what it tells, whichever library does the work.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use gtk::gdk;

use crate::backends::StreamSource;

/// Takes an engine's events, on the main thread.
pub type EventHandler = Rc<dyn Fn(EngineEvent)>;

/// Plays one source at a time.
///
/// Every call returns at once; what comes of it is told as an [`EngineEvent`]. Calls that make no sense in
/// the present state (seeking with nothing loaded) do nothing.
pub trait Engine {
    /// Leaves what was loaded and prepares `source` at `start`. It plays as soon as it can, unless
    /// [`Engine::pause`] comes in between.
    fn load(&self, source: &StreamSource, start: Duration);

    /// Plays.
    fn play(&self);

    /// Pauses.
    fn pause(&self);

    /// Goes to a position. Of several in short order only the last one counts.
    fn seek(&self, position: Duration);

    /// Where it is; where it is going to while a seek is under way.
    fn position(&self) -> Duration;

    /// Length, once known.
    fn duration(&self) -> Option<Duration>;

    /// Sets the volume: 0 is silent, 1 is as recorded, in steps that sound even.
    fn set_volume(&self, volume: f64);

    /// Turns the sound off or on without forgetting the volume.
    fn set_muted(&self, muted: bool);

    /// Sets the speed; 1 is normal.
    fn set_rate(&self, rate: f64);

    /// The tracks there are and which are in use.
    fn tracks(&self) -> Tracks;

    /// Changes to another audio track.
    fn select_audio(&self, track: &TrackId);

    /// Shows subtitles, or none.
    fn select_subtitle(&self, track: Option<&TrackId>);

    /// The text to show over the picture now, as Pango markup: of subtitles that lie beside the video. The
    /// picture holds the others.
    fn caption(&self) -> Option<String>;

    /// What shows the picture. It changes with [`EngineEvent::OutputChanged`].
    fn paintable(&self) -> Option<gdk::Paintable>;

    /// Ends playback and lets go of the source.
    fn stop(&self);
}

/// What an engine is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineState {
    /// The picture moves.
    Playing,
    /// Stands still, because it was told to.
    Paused,
    /// Stands still until enough is loaded; how much of that is there, in per cent.
    Buffering(u8),
}

/// What happened in an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineEvent {
    /// It does something else now.
    StateChanged(EngineState),
    /// There is another [`Engine::paintable`].
    OutputChanged,
    /// [`Engine::tracks`] has changed.
    TracksChanged,
    /// [`Engine::duration`] has changed.
    DurationChanged,
    /// A seek has arrived and none is under way.
    SeekDone,
    /// [`Engine::caption`] has changed.
    CaptionChanged,
    /// The end was reached.
    Ended,
    /// Part of it does not work (subtitles, a sound track); it plays on.
    Degraded(EngineError),
    /// It cannot play. The engine has stopped.
    Failed(EngineError),
}

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
