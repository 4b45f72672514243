//! Volume, speed, delays and size: what can change without loading again.

use std::rc::Rc;

use super::opening::loudness;
use super::session::{Phase, Session, State};

/// Speeds that voices can be understood at.
const RATES: std::ops::RangeInclusive<f64> = 0.25..=4.0;
/// Sizes of subtitles that leave some of the picture to be seen.
const SCALES: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// What a person has adjusted. Volume and size stay from one film to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Adjusted {
    /// From 0 to 1, as ears hear it.
    pub(super) volume: f64,
    pub(super) muted: bool,
    pub(super) rate: f64,
    /// Milliseconds.
    pub(super) audio_delay: i64,
    /// Milliseconds.
    pub(super) subtitle_delay: i64,
    pub(super) subtitle_scale: f64,
}

impl Default for Adjusted {
    fn default() -> Self {
        Self { volume: 1.0, muted: false, rate: 1.0, audio_delay: 0, subtitle_delay: 0, subtitle_scale: 1.0 }
    }
}

impl Adjusted {
    /// What stays for the next film.
    pub(super) fn for_next(self) -> Self {
        Self { rate: 1.0, audio_delay: 0, subtitle_delay: 0, ..self }
    }

    /// Whether it plays as fast as it was recorded.
    pub(super) fn is_normal_speed(self) -> bool {
        (self.rate - 1.0).abs() < f64::EPSILON
    }
}

impl State {
    /// Gives everything but the speed, which is part of a seek, to the pipeline.
    pub(super) fn adjust(&self) {
        let Some(pipeline) = &self.pipeline else { return };
        let adjusted = self.adjusted;
        pipeline.set_volume(loudness(adjusted.volume), adjusted.muted);
        pipeline.set_delays(adjusted.audio_delay, adjusted.subtitle_delay);
        pipeline.set_subtitle_scale(adjusted.subtitle_scale);
    }
}

impl Session {
    fn adjust(&self, change: impl FnOnce(&mut Adjusted)) {
        let mut state = self.state_mut();
        change(&mut state.adjusted);
        state.adjust();
    }

    pub(super) fn set_volume(&self, volume: f64) {
        self.adjust(|adjusted| adjusted.volume = volume.clamp(0.0, 1.0));
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.adjust(|adjusted| adjusted.muted = muted);
    }

    pub(super) fn set_audio_delay(&self, milliseconds: i64) {
        self.adjust(|adjusted| adjusted.audio_delay = milliseconds);
    }

    pub(super) fn set_subtitle_delay(&self, milliseconds: i64) {
        self.adjust(|adjusted| adjusted.subtitle_delay = milliseconds);
        self.show_caption();
    }

    pub(super) fn set_subtitle_scale(&self, scale: f64) {
        if SCALES.contains(&scale) {
            self.adjust(|adjusted| adjusted.subtitle_scale = scale);
        }
    }

    /// A seek to where it is going: the speed comes into force with it.
    pub(super) fn set_rate(self: &Rc<Self>, rate: f64) {
        let changes = RATES.contains(&rate) && (self.state().adjusted.rate - rate).abs() > f64::EPSILON;
        if !changes {
            return;
        }
        self.adjust(|adjusted| adjusted.rate = rate);
        if self.state().phase == Phase::Open {
            self.seek(self.position());
        }
    }
}
