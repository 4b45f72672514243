//! What a player engine can do and what it tells, whichever library does the work.

mod error;
mod facts;

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use gtk::gdk;

pub use self::error::{EngineError, EngineErrorKind};
pub use self::facts::{Chapter, EngineInfo, Track, TrackId, Tracks};
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

    /// Goes to exactly this position. Of several in short order only the last one counts.
    fn seek(&self, position: Duration);

    /// Goes to the picture near this position that is shown quickest: while a slider is dragged. Where that
    /// is, [`Engine::position`] tells after [`EngineEvent::SeekDone`]. Of several in short order only the
    /// last one counts, seeks among them.
    fn seek_near(&self, position: Duration);

    /// Shows the next picture of a film that stands still; the others stay as they are.
    fn step_frame(&self);

    /// Where it is; where it is going to while a seek is under way.
    fn position(&self) -> Duration;

    /// Length, once known.
    fn duration(&self) -> Option<Duration>;

    /// What is loaded and can be shown without waiting, around the position. `None` for what is not loaded
    /// ahead, as a file.
    fn buffered(&self) -> Option<Range<Duration>>;

    /// The chapters of the file, in their order.
    fn chapters(&self) -> Vec<Chapter>;

    /// Technical facts of what plays now, as far as they are known: for whoever looks closer.
    fn info(&self) -> EngineInfo;

    /// Sets the volume: 0 is silent, 1 is as recorded, in steps that sound even.
    fn set_volume(&self, volume: f64);

    /// Turns the sound off or on without forgetting the volume.
    fn set_muted(&self, muted: bool);

    /// Sets the speed; 1 is normal, from 0.25 to 4. Voices keep their pitch. The next load is at 1 again.
    fn set_rate(&self, rate: f64);

    /// Lets the sound be heard this many milliseconds later than the picture; earlier when negative. The next
    /// load is at 0 again.
    fn set_audio_delay(&self, milliseconds: i64);

    /// Lets subtitles be seen this many milliseconds later; earlier when negative. The next load is at 0
    /// again.
    fn set_subtitle_delay(&self, milliseconds: i64);

    /// Sets the size of subtitles that are drawn into the picture, where they are text; 1 is normal. Those of
    /// [`Engine::caption`] are as large as whoever shows them likes.
    fn set_subtitle_scale(&self, scale: f64);

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
    /// [`Engine::chapters`] has changed.
    ChaptersChanged,
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
