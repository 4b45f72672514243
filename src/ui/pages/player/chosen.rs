//! What a person does with the page.

use std::time::{Duration, Instant};

use super::PlayerPage;
use super::messages::PlayerOutput;
use super::state::Phase;

/// After this much of it *Previous* means its own beginning.
const FROM_BEGINNING: Duration = Duration::from_secs(3);

impl PlayerPage {
    pub(super) fn toggle_play(&mut self) {
        if self.state.phase.is_playing() {
            self.engine.pause();
        } else {
            self.engine.play();
        }
        self.controls.stir(Instant::now());
    }

    pub(super) fn seek(&mut self, position: Duration) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.engine.seek(position);
            self.read_position();
            self.controls.stir(Instant::now());
        }
    }

    pub(super) fn use_volume(&mut self, volume: f64) {
        self.state.volume = volume.clamp(0.0, 1.0);
        self.engine.set_volume(self.state.volume);
    }

    /// A volume chosen by a person: heard at once, even if the sound was off.
    pub(super) fn choose_volume(&mut self, volume: f64) {
        self.use_volume(volume);
        if self.state.muted {
            self.toggle_mute();
        }
        self.controls.stir(Instant::now());
        self.output.emit(PlayerOutput::VolumeChanged(self.state.volume));
    }

    pub(super) fn toggle_mute(&mut self) {
        self.state.muted = !self.state.muted;
        self.engine.set_muted(self.state.muted);
        self.controls.stir(Instant::now());
    }

    pub(super) fn toggle_fullscreen(&mut self) {
        if let Some(hold) = &mut self.hold {
            hold.toggle_fullscreen();
        }
    }

    pub(super) fn fullscreened(&mut self, fullscreen: bool) {
        if self.state.fullscreen != fullscreen {
            self.state.fullscreen = fullscreen;
            self.output.emit(PlayerOutput::FullscreenToggled(fullscreen));
        }
    }

    pub(super) fn escape(&mut self) {
        if self.state.fullscreen {
            self.toggle_fullscreen();
        } else {
            self.go_back();
        }
    }

    pub(super) fn go_back(&mut self) {
        self.leave();
        self.output.emit(PlayerOutput::CloseRequested);
    }

    /// Shortly after its beginning to what comes before, else back to its beginning.
    pub(super) fn go_to_previous(&mut self) {
        if self.state.position > FROM_BEGINNING || !self.around().previous {
            return self.seek(Duration::ZERO);
        }
        self.leave();
        self.output.emit(PlayerOutput::PreviousChosen);
    }

    pub(super) fn go_to_next(&mut self) {
        if self.around().next {
            self.leave();
            self.output.emit(PlayerOutput::NextChosen);
        }
    }

    pub(super) fn retry(&mut self) {
        if self.asks_again() {
            return;
        }
        if let Some(mut request) = self.request.clone() {
            request.start = self.state.position;
            self.open(request);
        }
    }
}
