//! What the player page is asked and what it tells.

use std::fmt;
use std::time::Duration;

use super::moments::{MomentInput, MomentOutput};
use super::mpris::BusWish;
use super::sound::Sound;
use super::track_choice::TrackPreferences;
use crate::backends::StreamSource;
use crate::models::{PlayChoices, PlaybackEvent, Quality};
use crate::player::{Engine, EngineError, EngineEvent, EventHandler, GstEngine, TrackId};
use crate::services::core::PlayMemory;

/// Something to be played. Its `Debug` names nothing, as messages between components are logged.
#[derive(Clone)]
pub struct PlayRequest {
    /// Title of the film or the series.
    pub title: String,
    /// Second line: year, or season and episode.
    pub subtitle: Option<String>,
    /// Where it comes from.
    pub source: StreamSource,
    /// Where to begin.
    pub start: Duration,
    /// What is shown instead of a picture, when there is only sound.
    pub sound: Option<Sound>,
    /// What lies around it in the list that it is played from.
    pub around: Around,
    /// What is known of it beside its bytes.
    pub memory: PlayMemory,
    /// Which tracks are preferred.
    pub preferences: TrackPreferences,
}

/// Whether a list goes on before and behind what plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// Something comes before it.
    pub previous: bool,
    /// Something comes after it.
    pub next: bool,
}

impl fmt::Debug for PlayRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayRequest").field("start", &self.start).finish_non_exhaustive()
    }
}

/// Makes the page's engine.
pub type EngineFactory = fn(EventHandler) -> Box<dyn Engine>;

/// What the page begins with.
#[derive(Debug, Clone, Copy)]
pub struct PlayerInit {
    /// Volume from 0 to 1.
    pub volume: f64,
    /// Makes the engine.
    pub engine: EngineFactory,
}

impl PlayerInit {
    /// With this volume, and GStreamer for the engine.
    pub fn with_volume(volume: f64) -> Self {
        Self { volume, engine: |events| Box::new(GstEngine::new(events)) }
    }
}

/// What the page is asked.
#[derive(Debug)]
pub enum PlayerInput {
    /// Play this. What was played before is left.
    Open(Box<PlayRequest>),
    /// What lies around it in its list is another now.
    ListChanged(Around),
    /// The machine is about to sleep: pause, which tells the place.
    Suspended,
    /// Leave what is played. Told with [`PlaybackEvent::Stopped`] if it had started.
    Close,
    /// Use this volume; the page does not answer with [`PlayerOutput::VolumeChanged`].
    SetVolume(f64),
    /// Play or pause.
    PlayToggled,
    /// Go to a position.
    SeekChosen(Duration),
    /// Go back or forward from here, in seconds.
    SeekStepped(i64),
    /// Go to so many tenths of it.
    TenthChosen(u8),
    /// Go to shortly before its end.
    EndChosen,
    /// Play at this speed; 1 is normal.
    RateChosen(f64),
    /// So many steps faster, or slower.
    RateStepped(i8),
    /// A person set the volume.
    VolumeChosen(f64),
    /// A person made it louder or quieter by so many steps.
    VolumeStepped(i8),
    /// Sound off or on.
    MuteToggled,
    /// An audio track was chosen.
    AudioChosen(TrackId),
    /// Subtitles were chosen, or none.
    SubtitleChosen(Option<TrackId>),
    /// On to the next audio track.
    AudioStepped,
    /// On to the next subtitles, and to none behind the last.
    SubtitleStepped,
    /// Sound so many steps later, or earlier.
    AudioDelayStepped(i8),
    /// Subtitles so many steps later, or earlier.
    SubtitleDelayStepped(i8),
    /// Subtitles so many steps larger, or smaller.
    SubtitleSizeStepped(i8),
    /// The next picture of a film that stands still.
    FrameStepped,
    /// Technical facts on or off.
    InformationToggled,
    /// Full screen on or off.
    FullscreenToggled,
    /// One step back: out of full screen, else out of the player.
    Escaped,
    /// Back to its beginning, or to what comes before it in its list.
    PreviousChosen,
    /// On to what comes next in its list.
    NextChosen,
    /// Out of the player.
    BackChosen,
    /// A person chose a quality for this playback.
    QualityChosen(Quality),
    /// A person wants a lower quality than the present one, whichever comes next.
    LowerQuality,
    /// The same title from another source, from where it is now.
    Replace(Box<StreamSource>),
    /// There is no other source for it: what plays goes on.
    NotReplaced,
    /// Try again after a failure.
    RetryChosen,
    /// Another version of it, after a failure.
    OtherVersionChosen,
    /// Somebody on the session bus wants something.
    Bus(BusWish),
    /// The pointer moved or a key was pressed.
    Stirred,
    /// The picture was tapped on a touch screen.
    Tapped,
    /// There is a screen reader, or no longer.
    ScreenReaderChanged(bool),
    /// Time passes.
    Ticked,
    /// Something about moments of what plays.
    Moment(MomentInput),
    /// The engine tells something.
    Engine(EngineEvent),
    /// The page came onto the screen.
    Mapped,
    /// The window went into or out of full screen.
    WindowFullscreened(bool),
    /// The window is about to close.
    WindowClosing,
}

/// What the page tells.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayerOutput {
    /// A position worth keeping.
    Position {
        /// Where.
        position: Duration,
        /// Length, when known.
        duration: Option<Duration>,
        /// Why. `Started` comes first and once, `Stopped` last and once.
        event: PlaybackEvent,
    },
    /// It was played to its end. `Stopped` was told before.
    Ended,
    /// The person wants what comes before it in its list. It has stopped.
    PreviousChosen,
    /// The person wants what comes next in its list. It has stopped.
    NextChosen,
    /// The person wants another quality. It plays on, or shows its failure, until the owner answers with
    /// [`PlayerInput::Replace`] or [`PlayerInput::NotReplaced`].
    QualityChosen(Quality),
    /// There is no decoder for it here: the server is to convert it. The owner answers in the same way.
    ConversionNeeded,
    /// Something about moments of what plays.
    Moment(MomentOutput),
    /// It cannot be played; the page says so and offers another try.
    Failed(EngineError),
    /// The person wants another version of what failed. It has stopped.
    OtherVersionChosen,
    /// A person chose speed or tracks: to be kept for what belongs to it.
    Chosen(PlayChoices),
    /// A sentence that the person should see for a moment: part of it does not work.
    Notice(String),
    /// The person wants to leave the player. It has stopped.
    CloseRequested,
    /// The player's window went into or out of full screen.
    FullscreenToggled(bool),
    /// A person set the volume, from 0 to 1.
    VolumeChanged(f64),
    /// A person set the size of subtitles, in per cent.
    SubtitleSizeChanged(u32),
}
