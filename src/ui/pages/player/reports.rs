//! When a position is told: pure.

use std::time::{Duration, Instant};

use crate::models::PlaybackEvent;

/// How often a position is told while it plays: what a crash may lose of it.
pub const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// The reports of one playback.
#[derive(Debug, Default)]
pub struct Reports {
    started: bool,
    stopped: bool,
    last: Option<Instant>,
}

impl Reports {
    /// The picture moves: the beginning, or after a pause.
    pub fn played(&mut self, now: Instant) -> Option<PlaybackEvent> {
        if self.stopped {
            return None;
        }
        self.last = Some(now);
        let event = if self.started { PlaybackEvent::Playing } else { PlaybackEvent::Started };
        self.started = true;
        Some(event)
    }

    /// It was paused.
    pub fn paused(&mut self) -> Option<PlaybackEvent> {
        self.last = None;
        self.goes_on().then_some(PlaybackEvent::Paused)
    }

    /// A seek has arrived.
    pub fn sought(&mut self, now: Instant, playing: bool) -> Option<PlaybackEvent> {
        if !self.goes_on() {
            return None;
        }
        self.last = playing.then_some(now);
        Some(if playing { PlaybackEvent::Playing } else { PlaybackEvent::Paused })
    }

    /// Time passes.
    pub fn ticked(&mut self, now: Instant) -> Option<PlaybackEvent> {
        let last = self.last.filter(|_| self.goes_on())?;
        if now.saturating_duration_since(last) < REPORT_INTERVAL {
            return None;
        }
        self.last = Some(now);
        Some(PlaybackEvent::Playing)
    }

    /// It is over, however that came.
    pub fn stopped(&mut self) -> Option<PlaybackEvent> {
        let event = self.goes_on().then_some(PlaybackEvent::Stopped);
        self.stopped = true;
        event
    }

    fn goes_on(&self) -> bool {
        self.started && !self.stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_playback_has_one_beginning_and_one_end() {
        let now = Instant::now();
        let later = |seconds| now + Duration::from_secs(seconds);
        let mut reports = Reports::default();
        assert_eq!(reports.paused(), None, "not started");
        assert_eq!(reports.ticked(later(20)), None);
        assert_eq!(reports.played(now), Some(PlaybackEvent::Started));
        assert_eq!(reports.ticked(later(9)), None);
        assert_eq!(reports.ticked(later(10)), Some(PlaybackEvent::Playing));
        assert_eq!(reports.ticked(later(19)), None);
        assert_eq!(reports.paused(), Some(PlaybackEvent::Paused));
        assert_eq!(reports.ticked(later(60)), None, "silent while paused");
        assert_eq!(reports.sought(later(61), false), Some(PlaybackEvent::Paused));
        assert_eq!(reports.played(later(62)), Some(PlaybackEvent::Playing));
        assert_eq!(reports.sought(later(65), true), Some(PlaybackEvent::Playing));
        assert_eq!(reports.ticked(later(74)), None, "a seek counts as a report");
        assert_eq!(reports.stopped(), Some(PlaybackEvent::Stopped));
        assert_eq!(reports.stopped(), None);
        assert_eq!(reports.played(later(80)), None);
    }

    #[test]
    fn what_never_played_never_stopped() {
        assert_eq!(Reports::default().stopped(), None);
    }
}
