//! What the page shows, and the rules for it: pure.

use std::time::{Duration, Instant};

use crate::player::{EngineError, EngineState};

/// How long the controls stay without a movement.
pub const CONTROLS_STAY: Duration = Duration::from_secs(3);
/// One step of the volume keys.
pub const VOLUME_STEP: f64 = 0.05;
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
#[derive(Debug, Clone, PartialEq, Default)]
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

    /// The volume after so many steps.
    pub fn louder(&self, steps: i8) -> f64 {
        // Whole steps, so that ten up and ten down end where they began.
        let now = (self.volume / VOLUME_STEP).round();
        ((now + f64::from(steps)) * VOLUME_STEP).clamp(0.0, 1.0)
    }

    /// How long it still goes on, when the length is known.
    pub fn remaining(&self) -> Option<Duration> {
        self.duration.map(|duration| duration.saturating_sub(self.position))
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

/// When the controls are to be seen.
#[derive(Debug, Clone, Copy)]
pub struct Controls {
    shown: bool,
    stirred: Instant,
}

/// What keeps controls on the screen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hold {
    /// A menu is open.
    pub menu: bool,
    /// The pointer is over them.
    pub pointer: bool,
    /// It does not play.
    pub still: bool,
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
        if hold.menu || hold.pointer || hold.still {
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
    fn volume_goes_in_whole_steps() {
        let at = |volume| PlayerState { volume, ..PlayerState::default() };
        assert!((at(0.5).louder(1) - 0.55).abs() < 1e-9);
        assert!((at(0.98).louder(3) - 1.0).abs() < 1e-9);
        assert!(at(0.04).louder(-2).abs() < 1e-9);
        assert_eq!(at(0.0).volume_icon(), "audio-volume-muted-symbolic");
        assert_eq!(at(1.0).volume_icon(), "audio-volume-high-symbolic");
    }
}
