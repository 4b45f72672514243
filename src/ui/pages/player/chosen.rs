//! What a person does with the page.

use std::time::{Duration, Instant};

use gettextrs::gettext;
use gtk::prelude::*;

use super::PlayerPage;
use super::messages::PlayerOutput;
use super::speed_menu;
use super::state::{Phase, RATES};

/// How long something chosen is named over the picture.
pub(super) const HINT_STAYS: Duration = Duration::from_millis(1_500);
/// After this much of it *Previous* means its own beginning.
const FROM_BEGINNING: Duration = Duration::from_secs(3);

impl PlayerPage {
    pub(super) fn toggle_play(&mut self) {
        if self.state.phase.is_playing() {
            self.engine.pause();
            self.announce(&gettext("Paused"));
        } else {
            self.engine.play();
            self.announce(&gettext("Playing"));
        }
        self.controls.stir(Instant::now());
    }

    pub(super) fn seek(&mut self, position: Duration) {
        if matches!(self.state.phase, Phase::Active(_)) {
            self.engine.seek(position);
            self.seeks += 1;
            self.read_position();
            self.controls.stir(Instant::now());
        }
    }

    /// Goes where there is something to go to.
    pub(super) fn seek_to(&mut self, position: Option<Duration>) {
        if let Some(position) = position {
            self.seek(position);
        }
    }

    /// Plays at another speed.
    pub(super) fn choose_rate(&mut self, rate: f64) {
        let rate = rate.clamp(RATES[0], RATES[RATES.len() - 1]);
        if (rate - self.state.rate).abs() < f64::EPSILON {
            return;
        }
        self.use_rate(rate);
        self.choices.rate = Some(rate);
        self.remember();
        self.controls.stir(Instant::now());
        self.say(&speed_menu::in_words(rate));
    }

    pub(super) fn use_rate(&mut self, rate: f64) {
        if (rate - self.state.rate).abs() > f64::EPSILON {
            self.state.rate = rate;
            self.engine.set_rate(rate);
        }
    }

    /// Has a screen reader say something.
    pub(super) fn announce(&self, text: &str) {
        let page: &gtk::Widget = self.root.upcast_ref();
        page.announce(text, gtk::AccessibleAnnouncementPriority::Medium);
    }

    /// Says what was chosen, for a moment, over the picture and by a screen reader.
    pub(super) fn say(&mut self, text: &str) {
        self.announce(text);
        self.hint(text.to_owned());
    }

    /// Shows something over the picture for a moment.
    pub(super) fn hint(&mut self, text: String) {
        self.hint = Some((text, Instant::now()));
    }

    /// What is shown for a moment.
    pub(super) fn hint_text(&self) -> &str {
        self.hint.as_ref().map_or("", |(text, _)| text)
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
        self.hint(
            gettext("Volume {percent} %").replace("{percent}", &self.state.volume_percent().to_string()),
        );
        self.output.emit(PlayerOutput::VolumeChanged(self.state.volume));
    }

    pub(super) fn toggle_mute(&mut self) {
        self.state.muted = !self.state.muted;
        self.engine.set_muted(self.state.muted);
        self.say(&if self.state.muted { gettext("Sound Off") } else { gettext("Sound On") });
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

    pub(super) fn choose_other_version(&mut self) {
        self.leave();
        self.output.emit(PlayerOutput::OtherVersionChosen);
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
