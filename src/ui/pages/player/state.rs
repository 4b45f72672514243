//! What the page shows, and the rules for it: pure.

use std::time::{Duration, Instant};

use crate::player::{EngineError, EngineState};

/// How long the controls stay without a movement.
pub const CONTROLS_STAY: Duration = Duration::from_secs(3);
/// One step of the volume keys.
pub const VOLUME_STEP: f64 = 0.05;
/// The speeds that can be chosen, slowest first.
pub const RATES: [f64; 7] = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0];
/// How long somebody waits before the page says so: shorter waits would only flicker.
const WAIT_SHOWN: Duration = Duration::from_millis(600);
/// How long until the wait is put into words.
const WAIT_EXPLAINED: Duration = Duration::from_secs(5);
/// How far before the end a step forward stops, so that it does not end the film.
const BEFORE_END: Duration = Duration::from_secs(2);

/// What goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is open.
    #[default]
    Idle,
    /// It does this.
    Active(EngineState),
    /// It failed.
    Failed(EngineError),
}

impl Phase {
    /// Whether the picture moves or will by itself.
    pub fn is_playing(&self) -> bool {
        matches!(self, Self::Active(EngineState::Playing | EngineState::Buffering(_)))
    }

    /// Whether a person waits for it.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Active(EngineState::Buffering(_)))
    }
}

/// What the controls show.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerState {
    /// What goes on.
    pub phase: Phase,
    /// Where it is.
    pub position: Duration,
    /// Length, once known.
    pub duration: Option<Duration>,
    /// Volume from 0 to 1.
    pub volume: f64,
    /// Whether the sound is off.
    pub muted: bool,
    /// Whether the window fills the screen.
    pub fullscreen: bool,
    /// Speed; 1 is normal.
    pub rate: f64,
    /// How far it is loaded.
    pub buffered: Option<Duration>,
}

impl Default for PlayerState {
    fn default() -> Self {
        Self {
            phase: Phase::Idle,
            position: Duration::ZERO,
            duration: None,
            volume: 0.0,
            muted: false,
            fullscreen: false,
            rate: 1.0,
            buffered: None,
        }
    }
}

impl PlayerState {
    /// Where a step of `seconds` leads.
    pub fn step(&self, seconds: i64) -> Duration {
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            return self.position.saturating_sub(distance);
        }
        let target = self.position.saturating_add(distance);
        match self.duration {
            Some(duration) => target.min(duration.saturating_sub(BEFORE_END)).max(self.position),
            None => target,
        }
    }

    /// Where so many tenths of it lie; nowhere while its length is not known.
    pub fn tenth(&self, tenths: u8) -> Option<Duration> {
        self.duration.map(|duration| duration.mul_f64(f64::from(tenths.min(10)) / 10.0))
    }

    /// Shortly before its end, so that it does not end at once.
    pub fn near_end(&self) -> Option<Duration> {
        self.duration.map(|duration| duration.saturating_sub(BEFORE_END))
    }

    /// The speed so many steps faster, or slower.
    pub fn faster(&self, steps: i8) -> f64 {
        let next = if steps > 0 {
            RATES.iter().find(|rate| **rate > self.rate + 0.01)
        } else {
            RATES.iter().rev().find(|rate| **rate < self.rate - 0.01)
        };
        next.copied().unwrap_or(self.rate)
    }

    /// The volume after so many steps.
    pub fn louder(&self, steps: i8) -> f64 {
        // Whole steps, so that ten up and ten down end where they began.
        let now = (self.volume / VOLUME_STEP).round();
        ((now + f64::from(steps)) * VOLUME_STEP).clamp(0.0, 1.0)
    }

    /// The volume in per cent.
    pub fn volume_percent(&self) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let percent = (self.volume.clamp(0.0, 1.0) * 100.0).round() as u8;
        percent
    }

    /// How long it still goes on, when the length is known.
    pub fn remaining(&self) -> Option<Duration> {
        self.duration.map(|duration| duration.saturating_sub(self.position))
    }

    /// How long it still takes at this speed.
    pub fn lasts(&self) -> Option<Duration> {
        self.remaining().map(|left| left.div_f64(self.rate.max(RATES[0])))
    }

    /// Icon of the volume.
    pub fn volume_icon(&self) -> &'static str {
        match (self.muted, self.volume) {
            (true, _) | (_, ..0.001) => "audio-volume-muted-symbolic",
            (_, ..0.34) => "audio-volume-low-symbolic",
            (_, ..0.67) => "audio-volume-medium-symbolic",
            _ => "audio-volume-high-symbolic",
        }
    }
}

/// What is said while nothing moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// So much is loaded, in per cent.
    Loading(u8),
    /// It takes long.
    Long(u8),
}

/// Since when somebody waits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waiting(Option<Instant>);

impl Waiting {
    /// What is to be said of this phase at `now`; nothing of short waits.
    pub fn said(&mut self, phase: &Phase, now: Instant) -> Option<Wait> {
        let Phase::Active(EngineState::Buffering(percent)) = phase else {
            self.0 = None;
            return None;
        };
        let waited = now.saturating_duration_since(*self.0.get_or_insert(now));
        if waited < WAIT_SHOWN {
            None
        } else if waited < WAIT_EXPLAINED {
            Some(Wait::Loading(*percent))
        } else {
            Some(Wait::Long(*percent))
        }
    }
}

/// When the controls are to be seen.
#[derive(Debug, Clone, Copy)]
pub struct Controls {
    shown: bool,
    stirred: Instant,
}

/// What keeps controls on the screen.
#[expect(clippy::struct_excessive_bools, reason = "reasons that hold side by side")]
#[derive(Debug, Clone, Copy, Default)]
pub struct Hold {
    /// A menu is open.
    pub menu: bool,
    /// The pointer is over them.
    pub pointer: bool,
    /// It does not play.
    pub still: bool,
    /// The keyboard is in them.
    pub focus: bool,
    /// A screen reader reads them.
    pub reader: bool,
}

impl Hold {
    fn any(self) -> bool {
        self.menu || self.pointer || self.still || self.focus || self.reader
    }
}

impl Controls {
    /// Shown from `now` on.
    pub fn new(now: Instant) -> Self {
        Self { shown: true, stirred: now }
    }

    /// Whether they are to be seen.
    pub fn shown(&self) -> bool {
        self.shown
    }

    /// Something moved.
    pub fn stir(&mut self, now: Instant) {
        *self = Self::new(now);
    }

    /// Shows hidden ones, hides shown ones: what a tap does.
    pub fn toggle(&mut self, now: Instant) {
        self.shown = !self.shown;
        self.stirred = now;
    }

    /// Time passes.
    pub fn tick(&mut self, now: Instant, hold: Hold) {
        if hold.any() {
            self.stir(now);
        } else if now.saturating_duration_since(self.stirred) >= CONTROLS_STAY {
            self.shown = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_hide_after_three_quiet_seconds() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut controls = Controls::new(start);
        controls.tick(after(2_999), Hold::default());
        assert!(controls.shown());
        controls.tick(after(3_000), Hold::default());
        assert!(!controls.shown());
        controls.stir(after(4_000));
        assert!(controls.shown());
        for hold in [
            Hold { menu: true, ..Hold::default() },
            Hold { pointer: true, ..Hold::default() },
            Hold { still: true, ..Hold::default() },
            Hold { focus: true, ..Hold::default() },
            Hold { reader: true, ..Hold::default() },
        ] {
            controls.tick(after(60_000), hold);
            assert!(controls.shown(), "{hold:?}");
        }
        controls.tick(after(62_000), Hold::default());
        assert!(controls.shown(), "three seconds count from the end of what held them");
        controls.tick(after(63_000), Hold::default());
        assert!(!controls.shown());
        controls.toggle(after(63_500));
        assert!(controls.shown());
    }

    #[test]
    fn steps_stay_inside() {
        let state = |position, duration: Option<u64>| PlayerState {
            position: Duration::from_secs(position),
            duration: duration.map(Duration::from_secs),
            ..PlayerState::default()
        };
        let seconds = Duration::from_secs;
        assert_eq!(state(4, Some(100)).step(-10), Duration::ZERO);
        assert_eq!(state(40, Some(100)).step(-10), seconds(30));
        assert_eq!(state(40, Some(100)).step(30), seconds(70));
        assert_eq!(state(90, Some(100)).step(30), seconds(98));
        assert_eq!(state(99, Some(100)).step(30), seconds(99), "forward never goes back");
        assert_eq!(state(90, None).step(30), seconds(120));
    }

    #[test]
    fn tenths_and_the_end_lie_inside() {
        let known = PlayerState { duration: Some(Duration::from_secs(100)), ..PlayerState::default() };
        assert_eq!(known.tenth(0), Some(Duration::ZERO));
        assert_eq!(known.tenth(9), Some(Duration::from_secs(90)));
        assert_eq!(known.near_end(), Some(Duration::from_secs(98)));
        assert_eq!(PlayerState::default().tenth(5), None);
        let short = PlayerState { duration: Some(Duration::from_secs(1)), ..PlayerState::default() };
        assert_eq!(short.near_end(), Some(Duration::ZERO));
    }

    #[test]
    fn speed_goes_from_step_to_step() {
        let at = |rate| PlayerState { rate, ..PlayerState::default() };
        assert!((at(1.0).faster(1) - 1.25).abs() < 1e-9);
        assert!((at(1.0).faster(-1) - 0.75).abs() < 1e-9);
        assert!((at(1.1).faster(1) - 1.25).abs() < 1e-9, "a speed of somebody else's is between two steps");
        assert!((at(2.0).faster(1) - 2.0).abs() < 1e-9);
        assert!((at(0.5).faster(-1) - 0.5).abs() < 1e-9);
        let twice = PlayerState {
            duration: Some(Duration::from_secs(100)),
            position: Duration::from_secs(40),
            ..at(2.0)
        };
        assert_eq!(twice.lasts(), Some(Duration::from_secs(30)));
    }

    #[test]
    fn only_long_waits_are_said() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let loading = Phase::Active(EngineState::Buffering(40));
        let mut waiting = Waiting::default();
        assert_eq!(waiting.said(&loading, start), None);
        assert_eq!(waiting.said(&loading, after(599)), None);
        assert_eq!(waiting.said(&loading, after(600)), Some(Wait::Loading(40)));
        assert_eq!(waiting.said(&loading, after(5_000)), Some(Wait::Long(40)));
        assert_eq!(waiting.said(&Phase::Active(EngineState::Playing), after(5_100)), None);
        assert_eq!(waiting.said(&loading, after(5_200)), None, "each wait is counted by itself");
    }

    #[test]
    fn volume_goes_in_whole_steps() {
        let at = |volume| PlayerState { volume, ..PlayerState::default() };
        assert!((at(0.5).louder(1) - 0.55).abs() < 1e-9);
        assert!((at(0.98).louder(3) - 1.0).abs() < 1e-9);
        assert!(at(0.04).louder(-2).abs() < 1e-9);
        assert_eq!(at(0.0).volume_icon(), "audio-volume-muted-symbolic");
        assert_eq!(at(1.0).volume_icon(), "audio-volume-high-symbolic");
    }
}
