//! How late sound and subtitles are, how large subtitles are, and single pictures.

use gettextrs::gettext;

use super::PlayerPage;
use super::messages::PlayerOutput;
use super::state::{Phase, PlayerState};
use super::tracks::OpenTracks;
use super::tracks_menu::delay_in_words;
use crate::player::EngineState;

/// One step of a delay, in milliseconds.
const DELAY_STEP: i64 = 100;
/// Longest delay, in milliseconds: what is further off belongs to another film.
const DELAY_MOST: i64 = 60_000;
/// One step of the size of subtitles, in per cent.
const SIZE_STEP: u32 = 10;
/// Smallest subtitles, in per cent of their usual size.
const SIZE_LEAST: u32 = 50;
/// Largest ones.
const SIZE_MOST: u32 = 200;
/// Their usual size.
pub(super) const SIZE_USUAL: u32 = 100;

/// Milliseconds by which tracks come later than the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Delays {
    audio: i64,
    subtitle: i64,
}

impl PlayerPage {
    /// Sound so many steps later.
    pub(super) fn step_audio_delay(&mut self, steps: i8) {
        self.delays.audio = stepped(self.delays.audio, steps);
        self.engine.set_audio_delay(self.delays.audio);
        self.say(&gettext("Audio Delay: {delay}").replace("{delay}", &delay_in_words(self.delays.audio)));
        self.show_timing();
    }

    /// Subtitles so many steps later.
    pub(super) fn step_subtitle_delay(&mut self, steps: i8) {
        self.delays.subtitle = stepped(self.delays.subtitle, steps);
        self.engine.set_subtitle_delay(self.delays.subtitle);
        let delay = delay_in_words(self.delays.subtitle);
        self.say(&gettext("Subtitle Delay: {delay}").replace("{delay}", &delay));
        self.show_timing();
    }

    /// Subtitles so many steps larger.
    pub(super) fn step_subtitle_size(&mut self, steps: i8) {
        let next = self.subtitle_size.saturating_add_signed(i32::from(steps) * SIZE_STEP.cast_signed());
        self.use_subtitle_size(next);
        let percent = self.subtitle_size.to_string();
        self.say(&gettext("Subtitle Size: {percent} %").replace("{percent}", &percent));
        self.output.emit(PlayerOutput::SubtitleSizeChanged(self.subtitle_size));
    }

    /// Draws subtitles in this size, in per cent.
    pub(super) fn use_subtitle_size(&mut self, percent: u32) {
        self.subtitle_size = percent.clamp(SIZE_LEAST, SIZE_MOST);
        self.engine.set_subtitle_scale(f64::from(self.subtitle_size) / f64::from(SIZE_USUAL));
        self.show_timing();
    }

    /// What is opened is not late.
    pub(super) fn forget_delays(&mut self) {
        self.delays = Delays::default();
        self.show_timing();
    }

    /// The same in another quality: as fast, as late and with the same tracks as before.
    pub(super) fn restore(&mut self) {
        self.tracks = OpenTracks::default();
        let usual = PlayerState::default().rate;
        if (self.state.rate - usual).abs() > f64::EPSILON {
            self.engine.set_rate(self.state.rate);
        }
        if self.delays != Delays::default() {
            self.engine.set_audio_delay(self.delays.audio);
            self.engine.set_subtitle_delay(self.delays.subtitle);
        }
    }

    fn show_timing(&self) {
        self.bar.show_timing((self.delays.audio, self.delays.subtitle), self.subtitle_size);
    }

    /// The caption as it is drawn: as large as its reader likes.
    pub(super) fn sized_caption(&self) -> String {
        let caption = self.engine.caption().unwrap_or_default();
        format!("<span size=\"{}%\">{caption}</span>", self.subtitle_size)
    }

    /// Shows the next picture of a film that stands still; where one plays, nothing.
    pub(super) fn step_frame(&mut self) {
        if self.state.phase == Phase::Active(EngineState::Paused) {
            self.engine.step_frame();
        }
    }
}

fn stepped(delay: i64, steps: i8) -> i64 {
    (delay + i64::from(steps) * DELAY_STEP).clamp(-DELAY_MOST, DELAY_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_go_in_tenths_and_have_an_end() {
        assert_eq!(stepped(0, 1), 100);
        assert_eq!(stepped(100, -2), -100);
        assert_eq!(stepped(DELAY_MOST, 1), DELAY_MOST);
    }
}
